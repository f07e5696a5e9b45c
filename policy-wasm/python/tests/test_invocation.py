"""What is handed in: a wrong shape is an error that names the field, a bad value is a denial."""

from __future__ import annotations

import enum
import json
from collections import UserDict, UserList
from types import MappingProxyType
from typing import Any

import pytest

from portcullis_policy import ArgumentError, Policy
from portcullis_policy._decision import read_decision

TOKEN = {"issuer": "https://token.example.com", "claims": {"sub": "x"}}
PLAN = {"creates": 1, "updates": 0, "replaces": 0, "destroys": 0, "types": ["aws_s3_bucket"]}
EVIDENCE = {
    "commit_on": ["refs/heads/main"],
    "commit_is_tip_of": ["refs/heads/main"],
    "includes_tip_of": ["refs/heads/main"],
    "checks": ["github-actions:unit tests"],
    "approvals": [{"principal": "local:user/ana"}, TOKEN],
    "planned": True,
    "plan": PLAN,
    "no_rollback": True,
    "clock": {"utc": "2026-01-31T12:00:00Z", "zones": {"Europe/Berlin": {"day": "sat", "minute": 780}}},
}

#: Values of every type, and what kind each is.
VALUES: list[tuple[str, Any]] = [
    ("text", "x"),
    ("none", None),
    ("flag", True),
    ("count", 3),
    ("number", 1.5),
    ("bytes", b"x"),
    ("list", []),
    ("mapping", {}),
    ("set", {"x"}),
    ("other", object()),
]
#: Every field: where it is, and the kinds that it takes.
FIELDS: list[tuple[tuple[str | int, ...], str, set[str]]] = [
    (("account",), "account", {"text"}),
    (("caller",), "caller", set()),
    (("caller", "principal"), "caller.principal", {"text"}),
    (("repository",), "repository", {"text"}),
    (("ref",), "ref", {"text"}),
    (("commit",), "commit", {"text"}),
    (("path",), "path", {"text"}),
    (("command",), "command", {"text"}),
    (("arguments",), "arguments", {"list"}),
    (("arguments", 2), "arguments[2]", {"text"}),
    (("evidence",), "evidence", {"mapping"}),
    (("evidence", "commit_on"), "evidence.commit_on", {"list"}),
    (("evidence", "commit_on", 0), "evidence.commit_on[0]", {"text"}),
    (("evidence", "commit_is_tip_of"), "evidence.commit_is_tip_of", {"list"}),
    (("evidence", "commit_is_tip_of", 0), "evidence.commit_is_tip_of[0]", {"text"}),
    (("evidence", "includes_tip_of"), "evidence.includes_tip_of", {"list"}),
    (("evidence", "includes_tip_of", 0), "evidence.includes_tip_of[0]", {"text"}),
    (("evidence", "checks"), "evidence.checks", {"list"}),
    (("evidence", "checks", 0), "evidence.checks[0]", {"text"}),
    (("evidence", "approvals"), "evidence.approvals", {"list"}),
    (("evidence", "approvals", 0), "evidence.approvals[0]", set()),
    (("evidence", "approvals", 0, "principal"), "evidence.approvals[0].principal", {"text"}),
    (("evidence", "approvals", 1, "issuer"), "evidence.approvals[1].issuer", {"text"}),
    (("evidence", "approvals", 1, "claims"), "evidence.approvals[1].claims", {"mapping"}),
    (("evidence", "planned"), "evidence.planned", {"flag"}),
    (("evidence", "plan"), "evidence.plan", set()),
    (("evidence", "plan", "creates"), "evidence.plan.creates", {"count"}),
    (("evidence", "plan", "updates"), "evidence.plan.updates", {"count"}),
    (("evidence", "plan", "replaces"), "evidence.plan.replaces", {"count"}),
    (("evidence", "plan", "destroys"), "evidence.plan.destroys", {"count"}),
    (("evidence", "plan", "types"), "evidence.plan.types", {"list"}),
    (("evidence", "plan", "types", 0), "evidence.plan.types[0]", {"text"}),
    (("evidence", "no_rollback"), "evidence.no_rollback", {"flag"}),
    (("evidence", "clock"), "evidence.clock", {"mapping"}),
    (("evidence", "clock", "utc"), "evidence.clock.utc", {"text"}),
    (("evidence", "clock", "zones"), "evidence.clock.zones", {"mapping"}),
    (("evidence", "clock", "zones", "Europe/Berlin"), 'evidence.clock.zones["Europe/Berlin"]', set()),
    (("evidence", "clock", "zones", "Europe/Berlin", "day"), 'evidence.clock.zones["Europe/Berlin"].day', {"text"}),
    (("evidence", "clock", "zones", "Europe/Berlin", "minute"), 'evidence.clock.zones["Europe/Berlin"].minute', {"count"}),
]


def complete(invocation: dict[str, Any]) -> dict[str, Any]:
    """The invocation with everything that one may have."""
    return {**invocation, "commit": "0" * 40, "arguments": ["-a", "-b", "-c"], "evidence": EVIDENCE}


def changed(value: Any, place: tuple[str | int, ...], new: Any) -> Any:
    """A copy with something else at a place."""
    if not place:
        return new
    copy = value.copy()
    copy[place[0]] = changed(value[place[0]], place[1:], new)
    return copy


def refused(policy: Policy, invocation: Any) -> ArgumentError:
    """Why it is refused, in both ways alike."""
    errors = []
    for ask in (policy.decide, policy.verdict):
        with pytest.raises(ArgumentError) as caught:
            ask(invocation)
        errors.append(caught.value)
    assert errors[0].args == errors[1].args
    return errors[0]


@pytest.mark.parametrize(("place", "field", "right"), FIELDS, ids=[field for _, field, _ in FIELDS])
def test_a_wrong_type_names_its_field(
    policy: Policy, invocation: dict[str, Any], place: tuple[str | int, ...], field: str, right: set[str]
) -> None:
    whole = complete(invocation)
    policy.decide(whole)
    for kind, value in VALUES:
        wrong = changed(whole, place, value)
        if kind in right:
            assert policy.decide(wrong).reason == policy.verdict(wrong).reason
        elif kind == "mapping":
            assert refused(policy, wrong).code in ("missing-field", "wrong-type")
            assert refused(policy, wrong).field.startswith(field)
        else:
            error = refused(policy, wrong)
            assert (error.code, error.field) == ("wrong-type", field)
            assert f"`{field}` must be" in str(error)


@pytest.mark.parametrize("place", [place for place, _, _ in FIELDS if place[-1] != 2 and "claims" not in place])
def test_a_lone_surrogate_is_refused(
    policy: Policy, invocation: dict[str, Any], place: tuple[str | int, ...]
) -> None:
    field = next(field for other, field, _ in FIELDS if other == place)
    whole = complete(invocation)
    for text in ("\ud800", "x\udfff", "\udc80\ud800"):
        error = refused(policy, changed(whole, place, text))
        assert (error.code, error.field) in {("lone-surrogate", field), ("wrong-type", field)}
    takes_text = next("text" in right for other, _, right in FIELDS if other == place)
    assert (error.code == "lone-surrogate") == takes_text


def test_characters_beyond_the_first_plane_are_no_surrogates(policy: Policy, invocation: dict[str, Any]) -> None:
    path = "dev/\U0001f9f1/é"
    asked = {**invocation, "account": "stage", "path": path}
    decision = policy.decide(asked)
    assert decision.reason == policy.verdict(asked).reason == "no-permit"
    assert path in [failed.got for rule in decision.nearest for failed in rule.failed]


@pytest.mark.parametrize("value", [None, "x", b"x", [], 3, object()])
def test_an_invocation_is_a_mapping(policy: Policy, value: Any) -> None:
    assert (refused(policy, value).code, refused(policy, value).field) == ("wrong-type", "invocation")


@pytest.mark.parametrize("name", ["account", "caller", "repository", "ref", "path", "command"])
def test_a_missing_field_is_named(policy: Policy, invocation: dict[str, Any], name: str) -> None:
    del invocation[name]
    assert (refused(policy, invocation).code, refused(policy, invocation).field) == ("missing-field", name)


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (("colour",), "colour"),
        (("a b",), "a b"),
        (("caller", "name"), "caller.name"),
        (("evidence", "signed"), "evidence.signed"),
        (("evidence", "plan", "x y"), 'evidence.plan["x y"]'),
    ],
)
def test_an_unknown_field_is_named(
    policy: Policy, invocation: dict[str, Any], place: tuple[str, ...], field: str
) -> None:
    whole = complete(invocation)
    parent: Any = whole
    for name in place[:-1]:
        parent[name] = dict(parent[name])
        parent = parent[name]
    parent[place[-1]] = "x"
    assert (refused(policy, whole).code, refused(policy, whole).field) == ("unknown-field", field)


def test_names_are_text(policy: Policy, invocation: dict[str, Any]) -> None:
    assert refused(policy, {**invocation, 3: "x"}).field == "invocation[3]"
    claims = {"issuer": "https://token.example.com", "claims": {b"sub": "x"}}
    assert refused(policy, {**invocation, "caller": claims}).field == "caller.claims[b'sub']"


def test_a_caller_is_a_principal_or_a_token(policy: Policy, invocation: dict[str, Any]) -> None:
    for caller, code, field in [
        ({}, "missing-field", "caller.principal"),
        ({"issuer": "https://x"}, "missing-field", "caller.claims"),
        ({"claims": {}}, "missing-field", "caller.issuer"),
        ({**TOKEN, "principal": "x"}, "unknown-field", "caller.principal"),
    ]:
        error = refused(policy, {**invocation, "caller": caller})
        assert (error.code, error.field) == (code, field)


@pytest.mark.parametrize("claim", ["x", "", True, None, 0, -7, 10**30, ["a", 1], {"a": ["b"]}, ("a",)])
def test_a_claim_is_any_json(policy: Policy, invocation: dict[str, Any], claim: Any) -> None:
    asked = {**invocation, "caller": {"issuer": "https://token.example.com", "claims": {"sub": claim, "é b": 1}}}
    decision, verdict = policy.decide(asked), policy.verdict(asked)
    assert (decision.outcome, decision.reason, decision.policy) == (verdict.outcome, verdict.reason, verdict.policy)
    assert decision.reason == "no-permit"


@pytest.mark.parametrize(
    ("claim", "code", "field"),
    [
        (float("nan"), "inexact-number", "caller.claims.sub"),
        (float("inf"), "inexact-number", "caller.claims.sub"),
        (10**2_000, "not-a-number", "caller.claims.sub"),
        ("\ud800", "lone-surrogate", "caller.claims.sub"),
        (b"x", "wrong-type", "caller.claims.sub"),
        ({1, 2}, "wrong-type", "caller.claims.sub"),
        (["x", object()], "wrong-type", "caller.claims.sub[1]"),
        ({"a b": {"c": b""}}, "wrong-type", 'caller.claims.sub["a b"].c'),
        ([[[[[[]]]]]], "too-deep", "caller.claims.sub[0][0][0][0][0]"),
    ],
)
def test_what_json_cannot_say_is_no_claim(
    policy: Policy, invocation: dict[str, Any], claim: Any, code: str, field: str
) -> None:
    asked = {**invocation, "caller": {"issuer": "https://token.example.com", "claims": {"sub": claim}}}
    error = refused(policy, asked)
    assert (error.code, error.field) == (code, field)


@pytest.mark.parametrize("name", ["repository_id", "run_id", "exp", "iat", "nbf", "amr"])
@pytest.mark.parametrize("token", ["4711.0", "1.5", "1e22", "-0.0", "9007199254740993.0", "1E400"])
def test_a_number_that_python_does_not_keep_exactly_is_refused_by_name(
    policy: Policy, invocation: dict[str, Any], name: str, token: str
) -> None:
    # C6: the program compares the characters, so that a neighbour of what was meant would be permitted.
    for claim, inside in ((token, ""), (f'["a", {token}]', "[1]"), (f'{{"b": [{token}]}}', ".b[0]")):
        caller = {"issuer": "https://token.example.com", "claims": json.loads(f'{{"{name}": {claim}}}')}
        field = f"claims.{name}{inside}"
        error = refused(policy, {**invocation, "caller": caller})
        assert (error.code, error.field) == ("inexact-number", f"caller.{field}")
        error = refused(policy, {**invocation, "evidence": {"approvals": [caller]}})
        assert (error.code, error.field) == ("inexact-number", f"evidence.approvals[0].{field}")


@pytest.mark.parametrize("number", [4711, 0, -7, 2**53 - 1, 9007199254740993, -9007199254740993, 2**64])
def test_a_whole_number_arrives_as_it_is(policy: Policy, invocation: dict[str, Any], number: int) -> None:
    caller = {"issuer": "https://token.example.com", "claims": {"repository_id": number, "list": [number]}}
    asked = {**invocation, "caller": caller}
    assert f":{number}," in json.dumps(asked, separators=(",", ":"))
    raw = read_decision(policy.decide_json(json.dumps(asked)).encode())
    assert (policy.decide(asked), policy.verdict(asked).reason) == (raw, raw.reason)


def test_a_claim_that_holds_itself_ends(policy: Policy, invocation: dict[str, Any]) -> None:
    claim: list[Any] = []
    claim.append(claim)
    asked = {**invocation, "caller": {"issuer": "https://token.example.com", "claims": {"sub": claim}}}
    assert refused(policy, asked).code == "too-deep"


@pytest.mark.parametrize("value", [-1, 2**63, 10**2_000])
def test_a_count_has_bounds(policy: Policy, invocation: dict[str, Any], value: int) -> None:
    asked = {**invocation, "evidence": {"plan": {**PLAN, "creates": value}}}
    assert (refused(policy, asked).code, refused(policy, asked).field) == ("not-a-count", "evidence.plan.creates")
    most = {**invocation, "evidence": {"plan": {**PLAN, "creates": 2**63 - 1}}}
    assert policy.decide(most)


def test_other_mappings_sequences_and_texts_are_taken(policy: Policy, invocation: dict[str, Any]) -> None:
    class Command(str, enum.Enum):
        PLAN = "terragrunt-plan"

    asked: Any = UserDict({**invocation, "command": Command.PLAN, "caller": MappingProxyType(invocation["caller"])})
    assert policy.decide(asked)
    assert policy.verdict(asked)
    for arguments in (("-a",), UserList(["-a"])):
        reason = policy.decide({**invocation, "arguments": ["-a"]}).reason
        assert policy.decide({**invocation, "arguments": arguments}).reason == reason
        assert policy.verdict({**invocation, "arguments": arguments}).reason == reason


def test_a_wrong_request_is_named(policy: Policy) -> None:
    wrong: list[tuple[Any, str]] = [
        (None, "wrong-type"),
        ({}, "wrong-type"),
        (bytearray(b"{}"), "wrong-type"),
        ("\ud800", "lone-surrogate"),
    ]
    for request, code in wrong:
        with pytest.raises(ArgumentError) as caught:
            policy.decide_json(request)
        assert (caught.value.code, caught.value.field) == (code, "request")
