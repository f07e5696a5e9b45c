"""Decisions: what they say, that all ways to ask agree, and asking from many threads and processes."""

from __future__ import annotations

import dataclasses
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from conftest import digest_of
from portcullis_policy import Decision, Policy


def unpermitted(invocation: dict[str, Any]) -> dict[str, Any]:
    return {**invocation, "ref": "refs/heads/feature/retry", "command": "terragrunt-apply"}


def plain(decision: Decision) -> dict[str, Any]:
    """As the JSON has it, but for the version of the form."""

    def value(of: Any) -> Any:
        if dataclasses.is_dataclass(of):
            return {field.name: value(getattr(of, field.name)) for field in dataclasses.fields(of)}
        if isinstance(of, tuple):
            return [value(item) for item in of]
        return dict(of) if hasattr(of, "items") else of

    fields: dict[str, Any] = value(decision)
    return fields


@pytest.mark.parametrize(
    "change", [{}, {"command": "terragrunt-apply"}, {"account": "x"}, {"ref": "main"}, {"path": "../x"}]
)
def test_all_ways_to_ask_agree(policy: Policy, invocation: dict[str, Any], change: dict[str, str]) -> None:
    asked = {**invocation, **change}
    text = policy.decide_json(json.dumps(asked))
    assert policy.decide_json(json.dumps(asked).encode()) == text.encode()
    decision, verdict = policy.decide(asked), policy.verdict(asked)
    said = json.loads(text)
    assert said.pop("version") == 1
    assert plain(decision) == said
    assert (decision.outcome, decision.reason, decision.policy) == (verdict.outcome, verdict.reason, verdict.policy)


def test_a_permit_says_what_to_launch(policy: Policy, bundle: bytes, invocation: dict[str, Any]) -> None:
    decision = policy.decide(invocation)
    assert (decision.outcome, decision.reason, decision.engine, decision.language) == ("permit", "permitted", "wasm", 1)
    assert [rule.name for rule in decision.rules] == ["plan anything"]
    assert decision.bundle == digest_of(bundle)
    assert decision.launch is not None
    assert decision.launch.argv[:2] == ("terragrunt", "plan")
    assert decision.launch.environment["TF_INPUT"] == "0"


def test_a_denial_says_what_came_nearest(policy: Policy, invocation: dict[str, Any]) -> None:
    decision = policy.decide(unpermitted(invocation))
    assert (decision.outcome, decision.reason, decision.launch) == ("deny", "no-permit", None)
    [first, *_] = decision.nearest
    assert first.rule == "apply reviewed code"
    assert [failed.dimension for failed in first.failed] == ["ref"]


def test_only_a_permit_is_true(policy: Policy, invocation: dict[str, Any]) -> None:
    unmet = {**invocation, "command": "terragrunt-apply"}
    assert policy.decide(unmet).outcome == policy.verdict(unmet).outcome == "unmet"
    for asked, permitted in [(invocation, True), (unpermitted(invocation), False), (unmet, False)]:
        assert bool(policy.decide(asked)) is bool(policy.verdict(asked)) is permitted


def test_nobody_changes_a_decision(policy: Policy, invocation: dict[str, Any]) -> None:
    decision: Any = policy.decide(invocation)
    with pytest.raises(dataclasses.FrozenInstanceError):
        decision.outcome = "deny"
    with pytest.raises(TypeError):
        decision.launch.environment["TF_INPUT"] = "1"


@pytest.mark.parametrize("request_", [b"", b"{", b"null", b"\xff", b"\xef\xbb\xbf{}", b'{"account": "\\ud800"}', b"{}\n{}"])
def test_what_is_no_invocation_is_denied(policy: Policy, request_: bytes) -> None:
    said = json.loads(policy.decide_json(request_))
    assert (said["outcome"], said["reason"]) == ("deny", "invalid-invocation")


def test_huge_input_is_denied_and_takes_no_memory(bundle: bytes, invocation: dict[str, Any]) -> None:
    policy = Policy.load(bundle, digest_of(bundle), memory_limit=16 << 20)
    request = json.dumps(invocation).encode()
    for length in ((256 << 10) + 1, (256 << 10) + 2, 64 << 20):
        said = json.loads(policy.decide_json(request.ljust(length)))
        assert (said["outcome"], said["reason"]) == ("deny", "invalid-invocation")
    assert json.loads(policy.decide_json(request.ljust(256 << 10)))["outcome"] == "permit"
    for field in ("account", "ref", "path", "command"):
        for length in (30_000, 60_000, 1 << 20):
            asked = {**invocation, field: "x" * length}
            decision, verdict = policy.decide(asked), policy.verdict(asked)
            assert (decision.outcome, decision.reason) == (verdict.outcome, verdict.reason)
            assert not decision
    many = {**invocation, "arguments": ["\x01"] * 70_000}
    assert policy.decide(many).reason == policy.verdict(many).reason == "invalid-invocation"


def test_threads_ask_at_the_same_time(bundle: bytes, invocation: dict[str, Any]) -> None:
    policy = Policy.load(bundle, digest_of(bundle))
    questions = [invocation, unpermitted(invocation), {**invocation, "account": "x"}]
    expected = [policy.decide(asked) for asked in questions]
    start = threading.Barrier(8)

    def ask(number: int) -> bool:
        start.wait()
        return all(
            policy.decide(questions[turn % 3]) == expected[turn % 3]
            and policy.verdict(questions[turn % 3]).reason == expected[turn % 3].reason
            for turn in range(number, number + 300)
        )

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(8)))


def test_a_call_within_a_call_has_an_instance_of_its_own(policy: Policy, invocation: dict[str, Any]) -> None:
    # As a signal's handler may ask while a decision is being made.
    taken = policy._take()
    assert policy.decide(invocation)
    policy._idle.append(taken)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_of_a_fork_decides_and_loads(bundle: bytes, invocation: dict[str, Any], tmp_path: Path) -> None:
    policy = Policy.load(bundle, digest_of(bundle))
    assert policy.decide(invocation)
    child = os.fork()
    if child == 0:
        # Whatever happens, the child must not go on with the tests.
        try:
            from modules import module

            other = module(b"child")
            Policy.load(other, digest_of(other))
            again = Policy.load(bundle, digest_of(bundle))
            good = policy.decide(invocation) and again.decide(invocation)
            os._exit(0 if good else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert policy.decide(invocation)
