"""Modules that misbehave, by their true digests: an error each time, and never a permit."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from conftest import digest_of
from modules import FOREVER, TRAP, module
from portcullis_policy import EngineError, Policy
from portcullis_policy import _policy as policies

PERMIT = {
    "version": 1,
    "outcome": "permit",
    "reason": "permitted",
    "message": "",
    "rules": [],
    "unmet": [],
    "launch": None,
    "nearest": [],
    "policy": None,
    "bundle": None,
    "language": 1,
    "engine": "wasm",
}
VERDICT = bytes([0, 10, 1, 0]) + bytes(range(32))


def load(**options: Any) -> Policy:
    file = module(**options)
    return Policy.load(file, digest_of(file))


def failure(policy: Policy, invocation: dict[str, Any]) -> str:
    """How all three ways to ask fail."""
    codes = set()
    asked = json.dumps(invocation)
    for ask in (
        lambda: policy.decide(invocation),
        lambda: policy.verdict(invocation),
        lambda: policy.decide_json(asked),
        lambda: policy.decide_json(asked.encode()),
    ):
        with pytest.raises(EngineError) as caught:
            ask()
        codes.add(caught.value.code)
    assert len(codes) == 1
    return codes.pop()


def test_a_module_that_answers_is_believed(invocation: dict[str, Any]) -> None:
    """The other tests are about what differs from this."""
    assert load(answer=json.dumps(PERMIT).encode()).decide(invocation)
    verdict = load(answer=VERDICT).verdict(invocation)
    assert verdict
    assert verdict.policy == "sha256:" + bytes(range(32)).hex()


def test_an_endless_loop_ends(invocation: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "_STEPS", 10_000_000)
    assert failure(load(decide=FOREVER, decide_json=FOREVER), invocation) == "step-limit"


def test_an_endless_loop_ends_within_a_minute(invocation: dict[str, Any]) -> None:
    policy = load(decide_json=FOREVER)
    begun = time.monotonic()
    with pytest.raises(EngineError, match="more steps"):
        policy.decide(invocation)
    assert time.monotonic() - begun < 60


def test_a_bug_is_a_trap(invocation: dict[str, Any]) -> None:
    assert failure(load(decide=TRAP, decide_json=TRAP), invocation) == "trap"
    endless = {"decide": "local.get 0 call $deeper", "decide_json": "local.get 0 call $deeper"}
    deeper = "(func $deeper (param i32) (result i32) local.get 0 call $deeper i32.const 1 i32.add)"
    assert failure(load(more=deeper, **endless), invocation) == "trap"


def test_memory_that_ran_out_is_told_apart(invocation: dict[str, Any]) -> None:
    assert failure(load(decide=TRAP, decide_json=TRAP, fault="i32.const 1"), invocation) == "memory"
    assert failure(load(decide="i32.const 5", decide_json="i32.const 5"), invocation) == "memory"


def test_a_fault_that_traps_too_is_a_trap(invocation: dict[str, Any]) -> None:
    assert failure(load(decide=TRAP, decide_json=TRAP, fault=TRAP), invocation) == "trap"


def test_no_memory_for_the_input_is_told() -> None:
    with pytest.raises(EngineError) as caught:
        load(input="i32.const 0")
    assert caught.value.code == "memory"


@pytest.mark.parametrize("status", [1, 2, 3, 4, 6, 7, 16, 24, 99, -1])
def test_every_other_status_is_an_error(status: int, invocation: dict[str, Any]) -> None:
    body = f"i32.const {status}"
    answers = {"answer": json.dumps(PERMIT).encode(), "decide": body, "decide_json": body}
    assert failure(load(**answers), invocation) == "unexpected-status"


@pytest.mark.parametrize("record", [(8 * 65_536, 1), (0, 8 * 65_536 + 1), (0xFFFF_FFFF, 0xFFFF_FFFF), (0xFFFF_FFFF, 1)])
def test_a_result_outside_memory_is_refused(record: tuple[int, int], invocation: dict[str, Any]) -> None:
    assert failure(load(record=record), invocation) == "malformed-result"


@pytest.mark.parametrize("places", [{"result": "i32.const -1"}, {"result": "i32.const 524281"}, {"input": "i32.const -1"}])
def test_places_outside_memory_are_refused(places: dict[str, str]) -> None:
    with pytest.raises(EngineError) as caught:
        load(**places)
    assert caught.value.code == "malformed-result"


@pytest.mark.parametrize(
    "verdict",
    [
        b"",
        bytes(36),
        VERDICT[:-1],
        VERDICT + b"\0",
        bytes([0, 12]) + VERDICT[2:],
        bytes([1, 10]) + VERDICT[2:],
        bytes([0, 11]) + VERDICT[2:],
        bytes([3, 10]) + VERDICT[2:],
        bytes([0, 13]) + VERDICT[2:],
        bytes([0, 255]) + VERDICT[2:],
        bytes([0, 10, 2, 0]) + VERDICT[4:],
        bytes([0, 10, 1, 1]) + VERDICT[4:],
    ],
)
def test_a_verdict_that_does_not_have_its_form_is_refused(verdict: bytes, invocation: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        load(answer=verdict).verdict(invocation)
    assert caught.value.code == "malformed-result"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b'"permit"',
        b"\xff",
        b"[" * 100_000,
        json.dumps(PERMIT).encode()[:-1],
        json.dumps({**PERMIT, "version": 2}).encode(),
        json.dumps({**PERMIT, "reason": "no-permit"}).encode(),
        json.dumps({**PERMIT, "outcome": "unmet"}).encode(),
        json.dumps({**PERMIT, "outcome": "perhaps"}).encode(),
        json.dumps({**PERMIT, "reason": ["permitted"]}).encode(),
        json.dumps({**PERMIT, "more": 1}).encode(),
        json.dumps({**PERMIT, "rules": [{"name": "x"}]}).encode(),
        json.dumps({**PERMIT, "rules": None}).encode(),
        json.dumps({**PERMIT, "launch": {"argv": []}}).encode(),
        json.dumps({**PERMIT, "nearest": [{"failed": [{}]}]}).encode(),
        *(json.dumps({key: value for key, value in PERMIT.items() if key != name}).encode() for name in PERMIT),
    ],
)
def test_a_decision_that_does_not_have_its_form_is_refused(answer: bytes, invocation: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        load(answer=answer).decide(invocation)
    assert caught.value.code == "malformed-result"


def test_a_decision_that_is_no_text_is_refused() -> None:
    with pytest.raises(EngineError) as caught:
        load(answer=b"\xff").decide_json("{}")
    assert caught.value.code == "malformed-result"


def test_an_instance_that_failed_is_replaced(invocation: dict[str, Any]) -> None:
    # It answers once, and traps from then on: a new instance answers again.
    counter = "(global $calls (mut i32) (i32.const 0))"
    once = "(if (global.get $calls) (then unreachable)) (global.set $calls (i32.const 1)) i32.const 0"
    policy = load(answer=VERDICT, more=counter, decide=once)
    for _ in range(3):
        assert policy.verdict(invocation)
        with pytest.raises(EngineError) as caught:
            policy.verdict(invocation)
        assert caught.value.code == "trap"


def test_a_result_in_memory_that_has_just_grown_is_read(invocation: dict[str, Any]) -> None:
    at = 9 * 65_536
    grow = f"(drop (memory.grow (i32.const 4))) (memory.copy (i32.const {at}) (i32.const 1024) (i32.const 36)) i32.const 0"
    policy = load(answer=VERDICT, record=(at, 36), decide=grow)
    for _ in range(3):
        assert policy.verdict(invocation).reason == "permitted"


def test_memory_stops_at_the_limit() -> None:
    grow = "(if (i32.ne (memory.grow (i32.const 64)) (i32.const -1)) (then unreachable)) i32.const 5"
    file = module(decide=grow, decide_json=grow)
    policy = Policy.load(file, digest_of(file), memory_limit=16 * 65_536)
    with pytest.raises(EngineError) as caught:
        policy.decide_json(b"{}")
    assert caught.value.code == "memory"
