"""The command line of `portcullis-decide`."""

from __future__ import annotations

import argparse
import re
import sys
import traceback
from collections.abc import Sequence
from typing import Final, NoReturn

from . import __version__
from ._job import Exit, Job, JobError, decide_in_job, is_text, say, visible

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_USAGE: Final = (
    "portcullis-decide POLICY --digest DIGEST --account ACCOUNT --path PATH --command COMMAND [OPTION…] [-- ARGUMENT…]"
)
_DESCRIPTION: Final = """\
Would the gate permit the deployment that this CI job is about to trigger?

POLICY is what `portcullis compile` wrote, DIGEST what it printed. What is not given is taken from the environment of GitHub
Actions, GitLab CI, CircleCI, Jenkins, Buildkite, AWS CodeBuild, Bitbucket Pipelines, Azure Pipelines or Atlantis. It is
feedback: tokens are not verified."""
_EPILOG: Final = "Exit codes: 0 permit, 1 deny, 2 usage, 3 input invalid or unreadable, 4 unmet or cannot tell, 70 internal."

_SYSTEMS: Final = [
    "github",
    "gitlab",
    "circleci",
    "jenkins",
    "buildkite",
    "codebuild",
    "bitbucket",
    "azure",
    "atlantis",
]
#: Flags that are handed to the feedback module: the name there, the placeholder, the help, the choices.
_PASSED: Final[dict[str, tuple[str, str, str, list[str] | None]]] = {
    "account": ("account", "ACCOUNT", "the account, by name or id", None),
    "path": ("path", "PATH", "the unit: a folder of the repository, `.` for its root", None),
    "command": ("command", "COMMAND", "the command, by its name in the policy", None),
    "caller": ("principal", "ARN", "who asks: an IAM role, user or session", None),
    "repository": ("repository", "REPOSITORY", "the repository, as git would be given it", None),
    "ref": ("ref", "REF", "the ref in full, such as `refs/heads/main`, or a commit id", None),
    "commit": ("commit", "COMMIT", "the commit that the ref names", None),
    "ci-system": (
        "system",
        "SYSTEM",
        f"{', '.join(_SYSTEMS)}: where it looks like several",
        _SYSTEMS,
    ),
    "github-environment": (
        "environment",
        "NAME",
        "the GitHub environment of the deploying job, for the predicted token",
        None,
    ),
    "github-subject": (
        "subject",
        "FORMAT",
        "names or ids: how GitHub writes the repository in `sub`",
        ["names", "ids"],
    ),
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _usage(message)

    def print_help(self, file: object = None) -> None:
        say(sys.stdout, self.format_help())


class _Once(argparse.Action):
    """Keeps a value, and refuses a second one: it is open which of them was meant."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        option_string: str | None = None,
    ) -> None:
        if getattr(namespace, self.dest, None) is not None:
            raise _usage(f"`{option_string}` is given more than once")
        setattr(namespace, self.dest, values)


def main() -> int:
    """What the console script runs. Gives the exit code, whatever happens."""
    try:
        job = _job(sys.argv[1:])
        return 0 if job is None else decide_in_job(job)
    except JobError as error:
        say(sys.stderr, f"error: {visible(str(error))}\nhelp: {error.help_text}\n")
        return error.exit_code
    except Exception:
        say(sys.stderr, f"error: {visible(traceback.format_exc())}help: please report it\n")
        return Exit.INTERNAL


def _job(words: list[str]) -> Job | None:
    """What is asked; none where that is only who answers."""
    if not all(is_text(word) for word in words):
        raise _usage("an argument is not UTF-8")
    end = words.index("--") if "--" in words else len(words)
    flags, positionals = _parser().parse_known_args(words[:end])
    if flags.version:
        say(sys.stdout, f"portcullis-decide {__version__}\n")
        return None
    for word in positionals:
        if word.startswith("-") and word != "-":
            # What stands behind `=` may be a secret.
            raise _usage(f"there is no option `{word.partition('=')[0]}`")
    if len(positionals) != 1:
        raise _usage("more than one POLICY is named" if positionals else "no POLICY is named")
    if flags.digest is None:
        raise _usage("no `--digest` is given")
    if not _DIGEST.fullmatch(flags.digest):
        raise _usage("`--digest` is not `sha256:` and 64 lower-case hexadecimal digits")
    values = {name: getattr(flags, name) for name, *_ in _PASSED.values()}
    options: dict[str, object] = {name: value for name, value in values.items() if value is not None}
    options["claim"] = flags.claim or []
    options["arguments"] = words[end + 1 :]
    return Job(positionals[0], flags.digest, options, flags.format or "human", flags.unmet or "fail")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        usage=_USAGE,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    digest = "SHA-256 of POLICY, as `sha256:…`; any other file is refused"
    parser.add_argument("--digest", action=_Once, metavar="DIGEST", help=digest)
    for flag, (name, placeholder, meaning, choices) in _PASSED.items():
        parser.add_argument(f"--{flag}", action=_Once, dest=name, metavar=placeholder, help=meaning, choices=choices)
    claim = "a claim of the predicted token; without =VALUE one that it does not have; as often as needed"
    parser.add_argument("--claim", action="append", metavar="NAME[=VALUE]", help=claim)
    unmet = "fail or pass: whether unmet requirements fail the job [default: fail]"
    parser.add_argument("--unmet", action=_Once, metavar="HOW", help=unmet, choices=["fail", "pass"])
    output = "human or json [default: human]"
    parser.add_argument("--format", action=_Once, metavar="FORMAT", help=output, choices=["human", "json"])
    parser.add_argument("--version", action="store_true", help="show program's version number and exit")
    return parser


def _usage(message: str) -> JobError:
    return JobError(Exit.USAGE, message, "`portcullis-decide --help` says more")
