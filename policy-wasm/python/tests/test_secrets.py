"""What `fixtures/secrets` puts wherever this package takes text comes back from nothing that it answers, raises or prints."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import digest_of
from portcullis_policy import Policy, PortcullisError
from portcullis_policy._feedback import Feedback

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "secrets"
PROGRAM = Path(sys.executable).with_name("portcullis-decide")
CALLER = "arn:aws:sts::111111111111:assumed-role/ci-main/run-3"
QUESTION: dict[str, Any] = {
    "account": "dev",
    "caller": {"principal": CALLER},
    "repository": "github.com/acme/infrastructure-live",
    "ref": "refs/heads/main",
    "path": "dev/eu-west-1/data/orders",
    "command": "migrate-database",
}


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_bytes())


ADDRESSES, REMOTES, PLACES, ARGUMENTS = map(fixture, ("addresses", "remotes", "places", "arguments"))


def asked(pointer: str, text: str) -> dict[str, Any]:
    """The question with a text at a JSON pointer; lists and objects on the way are made."""
    value: Any = text
    for part in reversed(pointer.split("/")[1:]):
        if part == "0":
            value = [value]
        elif part == "issuer":
            value = {"issuer": value, "claims": {"sub": "a"}}
        else:
            value = {part: value}
    return {**QUESTION, **value}


def questions() -> list[dict[str, Any]]:
    made = [asked(place, address) for address in ADDRESSES for place in PLACES]
    made += [asked("/repository", text) for text in REMOTES]
    return made + [{**QUESTION, "arguments": given} for given in ARGUMENTS]


def shown(answer: str) -> str:
    """A decision without what must hold what was asked: ``launch.argv``, and ``got`` of paths and arguments."""
    decision = json.loads(answer)
    if decision["launch"]:
        del decision["launch"]["argv"]
    for rule in decision["nearest"]:
        for failed in rule["failed"]:
            if failed["dimension"] in ("path", "arguments"):
                del failed["got"]
    return json.dumps(decision)


def absent(text: str, about: object) -> None:
    assert "SECRET" not in text, f"{about}\n{text}"


def test_no_decision_repeats_a_secret(policy: Policy) -> None:
    assert len(questions()) > 200
    for question in questions():
        answer = policy.decide_json(json.dumps(question))
        absent(shown(answer), question)
        decision = policy.decide(question)
        assert decision.message == json.loads(answer)["message"]
        absent(repr(policy.verdict(question)), question)


def test_no_error_about_what_was_handed_in_repeats_a_secret(policy: Policy, bundle: bytes) -> None:
    attempts: list[Callable[[Any], Any]] = [
        lambda text: policy.decide({**QUESTION, "repository": [text]}),
        lambda text: policy.decide({**QUESTION, "evidence": {"planned": text}}),
        lambda text: policy.decide({**QUESTION, "repository": text + "\ud800"}),
        lambda text: policy.decide(text),
        lambda text: Policy.load(bundle, text),
    ]
    for attempt in attempts:
        for text in ADDRESSES:
            with pytest.raises(PortcullisError) as caught:
                attempt(text)
            absent(f"{caught.value} {caught.value!r}", text)


def test_no_report_of_a_job_repeats_a_secret(policy: Policy) -> None:
    feedback = Feedback()
    options = {"account": "dev", "path": QUESTION["path"], "command": QUESTION["command"], "principal": CALLER}
    circle = {"CIRCLECI": "true", "CIRCLE_BRANCH": "main"}
    plain = {**circle, "CIRCLE_REPOSITORY_URL": "https://github.com/acme/infrastructure-live"}
    jobs: list[dict[str, Any]] = [
        {"environment": {**circle, "CIRCLE_REPOSITORY_URL": text}, "options": options} for text in [*ADDRESSES, *REMOTES]
    ]
    jobs += [{"environment": plain, "options": {**options, "arguments": given}} for given in ARGUMENTS]
    for job in jobs:
        answer = feedback.invocation(job)
        if "asked" not in answer:
            absent(json.dumps(answer), job)
            continue
        decision = policy.decide_json(str(answer["asked"]["invocation"]))
        report = feedback.report({"decision": decision, "asked": answer["asked"]})
        report["outputs"]["decision"] = shown(report["outputs"]["decision"])
        absent(json.dumps({**report, "files": {}}), job)


def test_the_program_repeats_no_secret(bundle_path: Path) -> None:
    def run(words: list[str]) -> None:
        environment = {"CIRCLECI": "true", "CIRCLE_BRANCH": "main"}
        done = subprocess.run([PROGRAM, *words], env=environment, capture_output=True, check=False)
        absent((done.stdout + done.stderr).decode(), words)

    digest = digest_of(bundle_path.read_bytes())
    file = [str(bundle_path), "--digest", digest]
    unit = ["--account", "dev", "--path", QUESTION["path"], "--caller", CALLER]
    command, repository = ["--command", "migrate-database"], ["--repository", QUESTION["repository"]]
    address = ADDRESSES[0]
    names = ["account", "path", "command", "caller", "repository", "ref", "commit", "ci-system", "unmet", "format", "other"]
    for name in names:
        run([*file, *unit, *command, f"--{name}", address])
        run([*file, f"--{name}={address}"])
    for name in names[:3]:
        run([*file, *repository, f"--{name}", address])
    run([address, "--digest", digest, *unit])
    run([*file, address])
    run([*file, f"--{address}"])
    for text in [*ADDRESSES, *REMOTES]:
        run([*file, *unit, *command, "--repository", text])
    for given in ARGUMENTS:
        run([*file, *unit, *command, *repository, "--", *given])
