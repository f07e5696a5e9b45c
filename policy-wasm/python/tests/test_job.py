"""In a CI job: the cases of `fixtures/ci`, and the program `portcullis-decide` as it is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from conftest import digest_of
from portcullis_policy import __version__
from portcullis_policy._feedback import Feedback

CASES = Path(__file__).resolve().parents[3] / "fixtures" / "ci"
PROGRAM = Path(sys.executable).with_name("portcullis-decide")

CALLER = ["--caller", "arn:aws:sts::111111111111:assumed-role/ci-main/run-17"]
UNIT = ["--account", "dev", "--path", "dev/eu-west-1/app"]
PLAN = [*UNIT, *CALLER, "--command", "terragrunt-plan"]
APPLY = [*UNIT, *CALLER, "--command", "terragrunt-apply"]
ABSENT = [*UNIT, *CALLER, "--command", "absent"]
CIRCLE = {
    "CIRCLECI": "true",
    "CIRCLE_REPOSITORY_URL": "git@github.com:acme/infrastructure-live.git",
    "CIRCLE_BRANCH": "main",
}
GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "acme/infrastructure-live",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_REF_TYPE": "branch",
    "GITHUB_SHA": "0123456789abcdef0123456789abcdef01234567",
}


class Ended(NamedTuple):
    code: int
    out: str
    error: str


def run(words: list[Any], environment: dict[Any, Any] | None = None) -> Ended:
    """The program in an environment of its own."""
    given = CIRCLE if environment is None else environment
    done = subprocess.run([PROGRAM, *words], env=given, capture_output=True, check=False)
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


class Decided:
    """The program with a policy."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.digest = digest_of(file.read_bytes())

    def __call__(self, words: list[Any], environment: dict[Any, Any] | None = None) -> Ended:
        return run([self.file, "--digest", self.digest, *words], environment)


@pytest.fixture(scope="module")
def decided(policies: Path) -> Decided:
    return Decided(policies / "acme.wasm")


@pytest.fixture(scope="module")
def feedback() -> Feedback:
    return Feedback()


@pytest.mark.parametrize("name", sorted(case.name for case in CASES.iterdir() if case.is_dir()))
def test_every_case_is_as_expected(feedback: Feedback, name: str) -> None:
    def read(file: str) -> Any:
        path = CASES / name / file
        return json.loads(path.read_bytes()) if path.is_file() else None

    expected = read("expected.json")
    job = {"environment": read("environment.json"), "options": read("options.json")}
    event = CASES / name / "event.json"
    if event.is_file():
        job["event"] = event.read_text(encoding="utf-8")
    answer = feedback.invocation(job)
    assert not [absent for absent in expected.get("absent", []) if absent in json.dumps(answer)]
    if "problems" in expected:
        assert [problem["kind"] for problem in answer["problems"]] == [each["kind"] for each in expected["problems"]]
        assert answer["report"]["exit"] == expected["exit"]
        return
    asked = answer["asked"]
    found = {"system": asked["system"], "caller": asked["caller"], "invocation": json.loads(asked["invocation"])}
    assert found == expected["asked"]
    decision = CASES / name / "decision.json"
    if decision.is_file():
        given = {"decision": decision.read_text(encoding="utf-8"), "asked": asked, **(read("view.json") or {})}
        claims = CASES / name / "claims.json"
        if claims.is_file():
            given["claims"] = claims.read_text(encoding="utf-8")
        report = feedback.report(given)
        compare(report, expected["report"])


def compare(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """What a case expects of a report."""
    assert found["exit"] == expected["exit"]
    assert found["doubt"] == expected.get("doubt", "")
    assert found["annotations"] == expected.get("annotations", found["annotations"])
    assert len(found["annotations"]) == expected.get("annotations_count", len(found["annotations"]))
    assert list(found["files"]) == expected.get("files", list(found["files"]))
    assert found["outputs"] == {**found["outputs"], **expected.get("outputs", {})}
    assert not [part for part in expected.get("explanation_contains", []) if part not in found["explanation"]]


def test_a_permit_a_denial_and_what_is_unmet_have_their_codes(decided: Decided, policies: Path) -> None:
    permit = decided(PLAN)
    assert (permit.code, permit.error) == (0, "")
    assert permit.out.startswith("permit: the rule `plan anything` permits it\n")
    assert "asked by CircleCI" in permit.out
    assert Decided(policies / "acme.bundle")(PLAN) == permit
    denied = decided(ABSENT)
    assert (denied.code, denied.out[:6]) == (1, "deny: ")
    assert decided(APPLY).code == decided([*APPLY, "--unmet", "fail"]).code == 4
    assert decided([*APPLY, "--unmet", "pass"]).code == 0
    # Behind `--` everything is an argument of the command.
    assert decided([*PLAN, "--", "--digest"]).code == 1


def test_json_is_one_document(decided: Decided) -> None:
    permit = decided([*PLAN, "--format", "json"], GITHUB)
    assert (permit.code, json.loads(permit.out)["outcome"]) == (0, "permit")
    denied = decided([*ABSENT, "--format", "json"], GITHUB)
    assert (denied.code, json.loads(denied.out)["reason"]) == (1, "unknown-command")
    assert denied.error.startswith("::error ")


def test_files_of_outputs_and_of_the_summary_are_appended_to(decided: Decided, tmp_path: Path) -> None:
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    outputs.write_text("before=1\n", encoding="utf-8")
    github = {**GITHUB, "GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
    assert decided(PLAN, github).code == 0
    assert outputs.read_text(encoding="utf-8").startswith("before=1\noutcome<<portcullis_outcome\npermit\n")
    assert summary.read_text(encoding="utf-8").startswith("### portcullis: permit\n")
    refused = decided(PLAN, {**github, "GITHUB_REF_TYPE": "tag"})
    assert (refused.code, refused.out, refused.error[:7]) == (3, "", "error: ")
    assert "### portcullis: not asked\n" in summary.read_text(encoding="utf-8")
    unwritable = decided(PLAN, {**GITHUB, "GITHUB_OUTPUT": str(tmp_path)})
    assert unwritable.code == 70
    assert "the file of `GITHUB_OUTPUT`, cannot be written" in unwritable.error


def test_what_is_typed_wrong_ends_with_2(decided: Decided) -> None:
    digest = ["--digest", decided.digest]
    wrong: list[tuple[list[str], str]] = [
        ([], "no POLICY"),
        (["a", "b", *digest], "more than one POLICY"),
        (["a"], "no `--digest`"),
        (["a", "--digest", "sha256:0"], "64 lower-case"),
        (["a", *digest, *digest], "more than once"),
        (["a", *digest, "--format", "yaml"], "json"),
        (["a", *digest, "--unmet", "maybe"], "pass"),
        (["a", *digest, "--acc", "dev"], "`--acc`"),
        (["a", *digest, "--account"], "--account"),
    ]
    for words, message in wrong:
        ended = run(words)
        assert (ended.code, ended.out) == (2, ""), words
        assert message in ended.error
        assert ended.error.startswith("error: ")
        assert "\nhelp: " in ended.error
    missing = decided([*UNIT, *CALLER])
    assert missing.code == 2
    assert "the command is missing" in missing.error


def test_what_cannot_be_read_ends_with_3(decided: Decided, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"account {}")
    absent = tmp_path / "absent.wasm"
    for file, message in [(absent, "cannot be read"), (other, "has the digest"), (tmp_path, "cannot be read")]:
        ended = run([file, "--digest", decided.digest, *PLAN])
        assert (ended.code, ended.out) == (3, "")
        assert message in ended.error
    assert Decided(other)(PLAN).code == 3
    assert decided(PLAN, {}).code == 3


@pytest.mark.skipif(os.name != "posix", reason="arguments are bytes on POSIX only")
def test_text_that_is_not_utf_8_is_refused(decided: Decided) -> None:
    others = {name: value for name, value in CIRCLE.items() if name != "CIRCLE_BRANCH"}
    variable = decided(PLAN, {**others, b"CIRCLE_BRANCH": b"ma\xffin"})
    assert (variable.code, "`CIRCLE_BRANCH` is not UTF-8" in variable.error) == (3, True)
    assert decided([*PLAN, "--", b"\xff"]).code == 2


def test_a_locale_without_characters_changes_nothing(decided: Decided) -> None:
    words = [*UNIT, *CALLER, "--command", "pl\u00e4n"]
    for encoding in ("ascii", "utf-8"):
        ended = decided(words, {**CIRCLE, "PYTHONIOENCODING": encoding})
        assert (ended.code, "pl\u00e4n" in ended.out) == (1, True)
        assert "\u2026" in run(["--help"], {"PYTHONIOENCODING": encoding}).out


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise there")
def test_a_reader_that_goes_away_is_no_error(decided: Decided) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words: list[str | Path] = [PROGRAM, decided.file, "--digest", decided.digest, *PLAN]
    done = subprocess.run(words, env=CIRCLE, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="a full device is Linux's own")
def test_a_result_that_cannot_be_written_ends_with_70_and_says_so(decided: Decided, tmp_path: Path) -> None:
    ask: list[str | Path] = [PROGRAM, decided.file, "--digest", decided.digest, *PLAN]
    commands: list[list[str | Path]] = [ask, [*ask, "--format", "json"], [PROGRAM, "--help"], [PROGRAM, "--version"]]
    for words in commands:
        with open("/dev/full", "wb") as full:
            done = subprocess.run(words, env=CIRCLE, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 70
        assert done.stderr.decode().startswith("error: the result cannot be written: ")
        assert done.stderr.count(b"\n") == 2
    out = tmp_path / "out"
    # The runtime makes files in memory, which the limit is for too: it must be above them.
    out.touch()
    os.truncate(out, (64 << 20) - 100)
    script = ["bash", "--norc", "-c", 'ulimit -f 65536; exec "$@" >> "$0"', out, *ask, "--format", "json"]
    done = subprocess.run(script, env=CIRCLE, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, b"the result cannot be written" in done.stderr) == (70, True)


def test_help_and_version_are_said() -> None:
    assert run(["--version"]) == (0, f"portcullis-decide {__version__}\n", "")
    assert "Would the gate permit" in run(["--help"]).out
