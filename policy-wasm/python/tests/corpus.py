"""Decides requests of the common corpus: `corpus.py MODULE DIGEST`.

stdin has requests, each a length (four bytes, little-endian) and the bytes; stdout gets one decision as JSON a line. Where a
request can be said as a mapping, `decide` and `verdict` must agree with that; the exit code is 1 where they do not.
"""

from __future__ import annotations

import dataclasses
import json
import struct
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from portcullis_policy import ArgumentError, Policy
from portcullis_policy._decision import read_decision

#: What is longer is denied for that alone; a mapping has no white space.
_REQUEST_BYTES = 256 << 10


def main() -> int:
    path, digest = sys.argv[1:]
    policy = Policy.load(path, digest)
    differences = 0
    for request in _requests(sys.stdin.buffer):
        answer = policy.decide_json(request)
        sys.stdout.buffer.write(answer + b"\n")
        difference = _difference(policy, request, answer)
        if difference is not None:
            differences += 1
            print(f"{request!r}: {difference}", file=sys.stderr)
    return 1 if differences else 0


def _requests(stream: BinaryIO) -> Iterator[bytes]:
    while header := stream.read(4):
        [length] = struct.unpack("<I", header)
        yield stream.read(length)


def _difference(policy: Policy, request: bytes, answer: bytes) -> str | None:
    said = read_decision(answer)
    try:
        invocation = _mapping(request)
    except (ValueError, RecursionError):
        return None
    try:
        decision, verdict = policy.decide(invocation), policy.verdict(invocation)
    except ArgumentError as error:
        return None if said.reason == "invalid-invocation" else f"{error}, but {said}"
    if (said.outcome, said.reason, said.policy) != (verdict.outcome, verdict.reason, verdict.policy):
        return f"{verdict}, but {said}"
    if dataclasses.replace(decision, message="") != dataclasses.replace(said, message=""):
        return f"{decision}, but {said}"
    return None


def _mapping(request: bytes) -> Any:
    """The same as a mapping, which takes no `float`.

    Raises:
        ValueError: no mapping says the same, such as with fields that repeat or a number that Python would write otherwise.
    """
    if len(request) > _REQUEST_BYTES:
        raise ValueError("the request is too long")
    return json.loads(
        request.decode(),
        object_pairs_hook=_unique,
        parse_int=lambda token: _same(int(token), token),
        parse_float=_refuse,
        parse_constant=_refuse,
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field repeats")
    return fields


def _same(number: int, token: str) -> int:
    if repr(number) != token:
        raise ValueError(f"{token} would be written {number!r}")
    return number


def _refuse(token: str) -> Any:
    raise ValueError(f"no mapping says {token}")


if __name__ == "__main__":
    sys.exit(main())
