"""Modules that look like policies and are none: written for one test each, and loaded by their true digests."""

from __future__ import annotations

from wasmtime import wat2wasm

#: Where an answer lies, and behind it room for the longest invocation.
_ANSWER = 1_024
_INPUT = 65_536
_PAGES = 8
_RECORD = 16

_SIGNATURES = {
    "abi": "(result i32)",
    "language": "(result i32)",
    "result": "(result i32)",
    "fault": "(result i32)",
    "input": "(param i32) (result i32)",
    "load": "(param i32) (result i32)",
    "decide": "(param i32) (result i32)",
    "decide_json": "(param i32) (result i32)",
    "claims": "(param i32) (result i32)",
}
_BODIES = {
    "abi": "i32.const 0x10000",
    "language": "i32.const 1",
    "result": f"i32.const {_RECORD}",
    "fault": "i32.const 0",
    "input": f"i32.const {_INPUT}",
    "load": "i32.const 2",
    "decide": "i32.const 0",
    "decide_json": "i32.const 0",
    "claims": "i32.const 0",
}
FOREVER = "(loop $again (br $again)) i32.const 0"
TRAP = "unreachable"


def module(answer: bytes = b"", *, more: str = "", record: tuple[int, int] | None = None, **bodies: str) -> bytes:
    """A module with the exports of a policy.

    Args:
        answer: what the result record points at.
        more: whatever else is to stand in the module, in front.
        record: address and length in the result record, where they are to be others.
        bodies: bodies of functions, by name without `portcullis_`; an empty one leaves the function out.
    """
    functions = [
        f'(func (export "portcullis_{name}") {_SIGNATURES[name]} {body})'
        for name, body in {**_BODIES, **bodies}.items()
        if body
    ]
    address, length = record or (_ANSWER, len(answer))
    words = address.to_bytes(4, "little") + length.to_bytes(4, "little")
    data = [f'(data (i32.const {at}) "{_escaped(value)}")' for at, value in ((_RECORD, words), (_ANSWER, answer))]
    return bytes(wat2wasm("\n".join(["(module", more, f'(memory (export "memory") {_PAGES})', *functions, *data, ")"])))


def _escaped(value: bytes) -> str:
    return "".join(f"\\{byte:02x}" for byte in value)
