"""Readers of what a program hands in. Each checks one type and gives back plain data that nobody else can change.

A reader takes the value and the name of its field, for the error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from ._errors import ArgumentError, wrong_type

T = TypeVar("T")
Reader: TypeAlias = Callable[[object, str], T]

#: How deep an invocation may be nested; the invocation itself is the first level.
_NESTING: Final = 8
#: The largest count that the language has (section 10).
_MOST: Final = 2**63 - 1
#: A number with more digits than any text of an invocation may have characters.
_BEYOND_TEXT: Final = 10**1_024
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def member(field: str, name: str) -> str:
    """The name of what stands under ``name`` in ``field``."""
    if not field:
        return name
    return f"{field}.{name}" if _NAME.fullmatch(name) else f"{field}[{json.dumps(name)}]"


def text(value: object, field: str) -> str:
    """Text that UTF-8 can say: a lone surrogate is no character, and would have to become another one."""
    if not isinstance(value, str):
        raise wrong_type(field, "a `str`", value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as cause:
            message = f"`{field}` has a lone surrogate, which is no character"
            raise ArgumentError("lone-surrogate", field, message) from cause
    return value


def flag(value: object, field: str) -> bool:
    if not isinstance(value, bool):
        raise wrong_type(field, "a `bool`", value)
    return value


def count(value: object, field: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise wrong_type(field, "an `int`", value)
    if not 0 <= value <= _MOST:
        raise ArgumentError("not-a-count", field, f"`{field}` must be from 0 to 2^63 - 1")
    return int(value)


def items_of(value: object, field: str) -> list[object]:
    """A copy of a sequence, which text is not, though Python says so."""
    if isinstance(value, (list, tuple)):
        return list(value)
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes, bytearray, memoryview)):
        raise wrong_type(field, "a list", value)
    return list(value)


def members_of(value: object, field: str) -> dict[str, object]:
    """A copy of a mapping whose keys are text."""
    if not isinstance(value, Mapping):
        raise wrong_type(field, "a mapping", value)
    members = dict(value.items())
    for name in members:
        if not isinstance(name, str):
            raise wrong_type(f"{field}[{name!r}]", "a `str`, as each key", name)
    return members


def list_of(item: Reader[T]) -> Reader[list[T]]:
    """The reader of a list, made from that of its items."""

    def read(value: object, field: str) -> list[T]:
        return [item(each, f"{field}[{index}]") for index, each in enumerate(items_of(value, field))]

    return read


def mapping_of(item: Reader[T]) -> Reader[dict[str, T]]:
    """The reader of a mapping with any names."""

    def read(value: object, field: str) -> dict[str, T]:
        members = members_of(value, field).items()
        return {text(name, member(field, name)): item(each, member(field, name)) for name, each in members}

    return read


def record(required: Mapping[str, Reader[Any]], optional: Mapping[str, Reader[Any]]) -> Reader[dict[str, Any]]:
    """The reader of a mapping with known names."""
    readers = {**required, **optional}

    def read(value: object, field: str) -> dict[str, Any]:
        given = members_of(value, field or "invocation")
        found: dict[str, Any] = {}
        for name, each in given.items():
            reader = readers.get(name)
            if reader is None:
                raise ArgumentError("unknown-field", member(field, name), f"there is no field `{member(field, name)}`")
            found[name] = reader(each, member(field, name))
        for name in required:
            if name not in found:
                raise ArgumentError("missing-field", member(field, name), f"`{member(field, name)}` is missing")
        return found

    return read


def anything(level: int) -> Reader[Any]:
    """The reader of any JSON value, which begins at a level of nesting."""

    def read(value: object, field: str) -> Any:
        if isinstance(value, str):
            return text(value, field)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return _number(value, field)
        if isinstance(value, float):
            raise _inexact(field)
        if level > _NESTING:
            raise ArgumentError("too-deep", field, f"`{field}` is nested deeper than {_NESTING}")
        if isinstance(value, Mapping):
            return mapping_of(anything(level + 1))(value, field)
        if isinstance(value, (list, tuple)):
            return list_of(anything(level + 1))(value, field)
        raise wrong_type(field, "a JSON value", value)

    return read


def _inexact(field: str) -> ArgumentError:
    """Claims are compared by the characters of a number (C6), of which a `float` keeps the value alone."""
    message = f"`{field}` is a `float`, which does not say how it was written; pass it as text, or raw JSON to `decide_json`"
    return ArgumentError("inexact-number", field, message)


def _number(value: int, field: str) -> int:
    if abs(value) >= _BEYOND_TEXT:
        raise ArgumentError("not-a-number", field, f"`{field}` has more than {1_024:,} digits")
    return value
