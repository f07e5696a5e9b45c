"""What a policy answers, and how it is read from what the module wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from ._errors import EngineError

Outcome: TypeAlias = Literal["permit", "deny", "unmet"]
Reason: TypeAlias = Literal[
    "invalid-invocation",
    "unknown-account",
    "malformed-caller",
    "malformed-repository",
    "malformed-ref",
    "malformed-commit",
    "malformed-path",
    "unknown-command",
    "argument-refused",
    "forbidden",
    "permitted",
    "requirements-unmet",
    "no-permit",
]

_DENIALS: Final[tuple[Reason, ...]] = (
    "invalid-invocation",
    "unknown-account",
    "malformed-caller",
    "malformed-repository",
    "malformed-ref",
    "malformed-commit",
    "malformed-path",
    "unknown-command",
    "argument-refused",
    "forbidden",
)
#: The reasons in the order of rule E8, which is that of their numbers, each with the outcome that it means.
_REASONS: Final[tuple[tuple[Reason, Outcome], ...]] = (
    *((reason, "deny") for reason in _DENIALS),
    ("permitted", "permit"),
    ("requirements-unmet", "unmet"),
    ("no-permit", "deny"),
)
_OUTCOMES: Final[tuple[Outcome, ...]] = ("permit", "deny", "unmet")
_MEANING: Final[Mapping[Reason, Outcome]] = dict(_REASONS)

_DECISION_VERSION: Final = 1
_VERDICT_BYTES: Final = 36
_DIGEST_AT: Final = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision without its explanation. True in a condition only where it permits."""

    outcome: Outcome
    reason: Reason
    #: ``sha256:…`` of the account's rules; ``None`` where there is no such account.
    policy: str | None

    def __bool__(self) -> bool:
        return self.outcome == "permit"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that took part in the decision."""

    name: str
    account: str
    effect: Literal["permit", "forbid"]
    #: The file in which it begins, relative to the policy directory.
    file: str
    #: The line on which it begins, from 1.
    line: int


@dataclass(frozen=True, slots=True)
class FailedClaim:
    """A claim of a token, or a part of ``bind``, in which it is not a caller."""

    caller: str
    #: The claim's name, or ``bind.repository``, ``bind.ref`` or ``bind.commit``.
    claim: str
    #: The claim's text as it is matched; of ``bind`` what its text stands for. ``None`` where there is no such thing.
    got: str | None
    #: The caller's text of what would match.
    expected: str


@dataclass(frozen=True, slots=True)
class FailedDimension:
    """A dimension in which a rule did not match."""

    dimension: Literal["caller", "repository", "ref", "path", "command", "arguments"]
    #: What was asked.
    got: str
    #: The rule's text of what would match.
    expected: str
    #: For a caller that is a token: what it lacks to be the nearest of the rule's callers.
    claims: tuple[FailedClaim, ...]


@dataclass(frozen=True, slots=True)
class Nearest:
    """A permit rule that came near."""

    rule: str
    file: str
    line: int
    failed: tuple[FailedDimension, ...]


@dataclass(frozen=True, slots=True)
class Launch:
    """What a runner is to execute."""

    command: str
    effect: Literal["read", "write"]
    runner: str
    #: ``sha256:…`` of the runner's block.
    runner_digest: str
    #: The argument vector; no shell ever sees it.
    argv: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to an invocation. True in a condition only where it permits."""

    outcome: Outcome
    reason: Reason
    #: One sentence for people; no program should read it.
    message: str
    rules: tuple[Rule, ...]
    #: The names of the requirements that are not shown.
    unmet: tuple[str, ...]
    launch: Launch | None
    #: For ``no-permit`` up to three permit rules that came nearest.
    nearest: tuple[Nearest, ...]
    #: ``sha256:…`` of the account's rules; ``None`` where there is no such account.
    policy: str | None
    #: ``sha256:…`` of the bundle's bytes.
    bundle: str | None
    language: int
    engine: str

    def __bool__(self) -> bool:
        return self.outcome == "permit"


def read_decision(answer: bytes) -> Decision:
    """Reads a decision as the module writes it.

    Raises:
        EngineError: the bytes do not have the form, which is a bug.
    """
    try:
        fields: dict[str, Any] = json.loads(answer)
        if fields.pop("version") != _DECISION_VERSION or _MEANING[fields["reason"]] != fields["outcome"]:
            raise _malformed("decision")
        fields["rules"] = tuple(Rule(**rule) for rule in fields["rules"])
        fields["unmet"] = tuple(fields["unmet"])
        fields["launch"] = None if fields["launch"] is None else _launch(**fields["launch"])
        fields["nearest"] = tuple(_nearest(**rule) for rule in fields["nearest"])
        return Decision(**fields)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as cause:
        raise _malformed("decision") from cause


def _launch(argv: list[str], environment: dict[str, str], **rest: Any) -> Launch:
    return Launch(argv=tuple(argv), environment=MappingProxyType(environment), **rest)


def _nearest(failed: list[dict[str, Any]], **rest: Any) -> Nearest:
    return Nearest(failed=tuple(_failed(**dimension) for dimension in failed), **rest)


def _failed(claims: list[dict[str, Any]], **rest: Any) -> FailedDimension:
    return FailedDimension(claims=tuple(FailedClaim(**claim) for claim in claims), **rest)


def read_verdict(answer: bytes) -> Verdict:
    """Reads a verdict in its compact form.

    Raises:
        EngineError: the bytes do not have the form. Memory that nobody wrote must not be a permit.
    """
    if len(answer) != _VERDICT_BYTES or answer[0] >= len(_OUTCOMES) or answer[1] >= len(_REASONS):
        raise _malformed("verdict")
    reason, outcome = _REASONS[answer[1]]
    if _OUTCOMES[answer[0]] != outcome or answer[2] > 1 or answer[3] != 0:
        raise _malformed("verdict")
    return Verdict(outcome, reason, f"sha256:{answer[_DIGEST_AT:].hex()}" if answer[2] else None)


def _malformed(what: str) -> EngineError:
    return EngineError("malformed-result", f"the module's {what} does not have its form")
