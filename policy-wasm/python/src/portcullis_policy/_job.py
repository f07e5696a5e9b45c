"""Deciding in a CI job: the environment and the files that it names. What they mean is in the feedback module."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, Final, Literal

from ._errors import LoadError
from ._feedback import Feedback
from ._policy import Policy

#: A longer file of the event is as if there were none.
_EVENT_BYTES: Final = 4 << 20
_HELP: Final = {
    "unreadable": "name a file that is there",
    "other-digest": "give the digest that `portcullis compile` printed; if it is that one, somebody changed the file",
}
_HELP_OTHERWISE: Final = "name a file that `portcullis compile` of this version wrote"


class Exit(IntEnum):
    """Exit codes of all commands of Portcullis, but for those that a report says."""

    USAGE = 2
    INPUT = 3
    INTERNAL = 70


class JobError(Exception):
    """What ends a job before it has decided."""

    def __init__(self, exit_code: Exit, message: str, help_text: str) -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.help_text = help_text


@dataclass(frozen=True)
class Job:
    """What is asked in a job."""

    #: A policy module or a bundle, and its digest.
    file: str
    digest: str
    #: What is handed to the feedback module as options.
    options: Mapping[str, object]
    output: Literal["human", "json"]
    #: Whether what is unmet ends the job with 4 or with 0.
    unmet: Literal["fail", "pass"]


def decide_in_job(job: Job) -> int:
    """Decides, shows the decision as the CI system draws it, and says the exit code.

    Raises:
        JobError: a file or the environment cannot be read or written.
        EngineError: there is no answer.
    """
    policy = _loaded(job.file, job.digest)
    feedback = Feedback()
    asked = feedback.invocation({"environment": _environment(feedback), "options": job.options, **_event()})
    if "asked" not in asked:
        report = asked["report"]
        say(sys.stderr, report["explanation"] + _lines(report["annotations"]))
        return _ended(report)
    # As it is: numbers in claims keep their characters.
    invocation = str(asked["asked"]["invocation"])
    decision, claims = policy.decide_json(invocation), policy.claims_json(invocation)
    color = job.output == "human" and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    report = feedback.report(
        {"decision": decision, "claims": claims, "asked": asked["asked"], "unmet": job.unmet, "color": color}
    )
    annotations = _lines(report["annotations"])
    if job.output == "json":
        # One document stays one document: workflow commands are read from both streams.
        say(sys.stderr, report["doubt"] + annotations)
        say(sys.stdout, decision + "\n")
    else:
        say(sys.stdout, report["explanation"] + annotations)
    return _ended(report)


def is_text(value: str) -> bool:
    """Whether it came as UTF-8; Python keeps other bytes as lone surrogates."""
    try:
        os.fsencode(value).decode()
    except UnicodeError:
        return False
    return True


def say(stream: Any, text: str) -> None:
    """Writes text as UTF-8, wherever the locale would have it otherwise. A reader that went away is no error.

    Raises:
        JobError: stdout cannot be written. Where stderr cannot be, nobody is left to be told.
    """
    try:
        stream.buffer.write(text.encode(errors="replace"))
        stream.buffer.flush()
    except OSError as error:
        # What Python would write at its end must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if stream is sys.stdout and not isinstance(error, BrokenPipeError):
            message = f"the result cannot be written: {error.strerror}"
            raise JobError(Exit.INTERNAL, message, "free some space, or write somewhere else") from error


#: What stands before the `@` of an address with a scheme, or of one as git knows it besides.
_USER: Final = re.compile(r"(://)[^\s\"`]*@|(?:(?<=^)|(?<=[\s\"`'(]))(?!arn:)[^\s\"`'(]+@(?=[A-Za-z0-9-]+\.[A-Za-z0-9.-]+[:/])")


def visible(text: str) -> str:
    """A message without users of addresses, which may be passwords."""
    return _USER.sub(lambda found: f"{found[1] or ''}[hidden]@", text)


def _loaded(file: str, digest: str) -> Policy:
    try:
        return Policy.load(file, digest)
    except LoadError as error:
        help_text = _HELP.get(error.code, _HELP_OTHERWISE)
        raise JobError(Exit.INPUT, f"`{file}` is not loaded: {error}", help_text) from error


def _environment(feedback: Feedback) -> dict[str, str]:
    """The variables that are needed, and no others."""
    variables = {name: os.environ[name] for name in feedback.variables() if name in os.environ}
    for name, value in variables.items():
        if not is_text(value):
            # The value may be secret.
            raise JobError(Exit.INPUT, f"the variable `{name}` is not UTF-8", "unset it, and pass what it says")
    return variables


def _event() -> dict[str, str]:
    """The file that describes the event. What it says is worth less than a decision: one that cannot be read is none."""
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _EVENT_BYTES:
            return {}
        return {"event": Path(path).read_bytes().decode()}
    except (OSError, ValueError):
        return {}


def _lines(annotations: list[str]) -> str:
    return "".join(f"{line}\n" for line in annotations)


def _ended(report: Mapping[str, Any]) -> int:
    """Appends to the files that the system named."""
    for name, text in report["files"].items():
        path = os.environ.get(name)
        if not path:
            continue
        try:
            with open(path, "ab") as file:
                file.write(text.encode())
        except OSError as error:
            message = f"`{path}`, the file of `{name}`, cannot be written: {error.strerror}"
            raise JobError(Exit.INTERNAL, message, f"unset `{name}`, or name a file that can be written") from error
    exit_code: int = report["exit"]
    return exit_code
