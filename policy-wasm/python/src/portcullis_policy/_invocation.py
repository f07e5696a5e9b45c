"""What is asked: a mapping, checked field by field, and the two forms in which the module takes it.

What has the wrong shape is an error that names the field: a bug of the program that asks. What has the right shape and a
bad value is for the policy to deny.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias, TypedDict

from ._shape import anything, count, flag, list_of, mapping_of, record, text


class Principal(TypedDict):
    """An IAM role, user, root or session of a role, by its ARN; or a local user, ``local:user/NAME``."""

    principal: str


class Token(TypedDict):
    """An OIDC token that was verified before."""

    issuer: str
    claims: Mapping[str, object]


Caller: TypeAlias = "Principal | Token"


class _Required(TypedDict):
    #: The account, by name or by its id of 12 digits.
    account: str
    caller: Caller
    #: The repository, in any form that git takes and that is not ambiguous.
    repository: str
    #: The ref in full, such as ``refs/heads/main``, or a commit id.
    ref: str
    #: The unit: a folder of the repository, ``.`` for its root.
    path: str
    #: The command, by its name in the policy.
    command: str


class Invocation(_Required, total=False):
    """One request. What is not known is left out: ``None`` is an error."""

    commit: str
    arguments: Sequence[str]
    #: What the runtime has proved; never taken from a caller.
    evidence: Mapping[str, object]


#: The invocation is the first level, ``caller`` the second, ``claims`` the third.
_CLAIM_LEVEL: Final = 4

_principal = record({"principal": text}, {})
_token = record({"issuer": text, "claims": mapping_of(anything(_CLAIM_LEVEL))}, {})


def _caller(value: object, field: str) -> dict[str, Any]:
    is_token = isinstance(value, Mapping) and ("issuer" in value or "claims" in value)
    return _token(value, field) if is_token else _principal(value, field)


_count_fields = {name: count for name in ("creates", "updates", "replaces", "destroys")}
_evidence = record(
    {},
    {
        "commit_on": list_of(text),
        "commit_is_tip_of": list_of(text),
        "includes_tip_of": list_of(text),
        "checks": list_of(text),
        "approvals": list_of(_caller),
        "planned": flag,
        "plan": record({**_count_fields, "types": list_of(text)}, {}),
        "no_rollback": flag,
        "clock": record({}, {"utc": text, "zones": mapping_of(record({"day": text, "minute": count}, {}))}),
    },
)
_invocation = record(
    {"account": text, "caller": _caller, "repository": text, "ref": text, "path": text, "command": text},
    {"commit": text, "arguments": list_of(text), "evidence": _evidence},
)

_to_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False, separators=(",", ":")).encode

#: The compact form (docs/wasm-abi.md): kind, flags, eight lengths, the number of arguments.
_HEADER: Final = struct.Struct("<11I")
_PRINCIPAL, _TOKEN = 0, 1
_COMMIT, _EVIDENCE = 1, 2
#: What is larger takes the way of JSON. Up to here, of which no byte takes more than six there, JSON is never over its
#: limit, so that both ways always say the same.
_MOST_BYTES: Final = 40_000
_MOST_ARGUMENTS: Final = 256


class Asked:
    """An invocation whose every field has the right type."""

    __slots__ = ("_fields",)

    def __init__(self, invocation: object) -> None:
        """
        Raises:
            ArgumentError: it does not have the shape of an :class:`Invocation`.
        """
        self._fields = _invocation(invocation, "")

    def to_json(self) -> bytes:
        return _to_json(self._fields).encode()

    def to_compact(self) -> bytes | None:
        """The compact form; ``None`` where it is so large that JSON must say it."""
        fields = self._fields
        caller, commit, evidence = fields["caller"], fields.get("commit"), fields.get("evidence")
        is_token = "principal" not in caller
        parts = [
            fields["account"],
            _to_json(caller) if is_token else caller["principal"],
            fields["repository"],
            fields["ref"],
            commit or "",
            fields["path"],
            fields["command"],
            "" if evidence is None else _to_json(evidence),
        ]
        arguments = fields.get("arguments", [])
        texts = [part.encode() for part in (*parts, *arguments)]
        behind = b"".join(texts)
        if len(behind) > _MOST_BYTES or len(arguments) > _MOST_ARGUMENTS:
            return None
        lengths = [len(part) for part in texts]
        flags = (0 if commit is None else _COMMIT) | (0 if evidence is None else _EVIDENCE)
        kind = _TOKEN if is_token else _PRINCIPAL
        header = _HEADER.pack(kind, flags, *lengths[:8], len(arguments))
        return b"".join((header, struct.pack(f"<{len(arguments)}I", *lengths[8:]), behind))
