"""What this package raises. Whatever is raised, nothing was permitted."""

from __future__ import annotations


class PortcullisError(Exception):
    """The one ancestor.

    ``code`` is stable, for programs; the text is for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ArgumentError(PortcullisError):
    """Something was handed in that this package does not take.

    ``field`` says what, such as ``caller.principal`` or ``arguments[2]``. Codes: ``wrong-type``, ``missing-field``,
    ``unknown-field``, ``lone-surrogate``, ``not-a-count``, ``not-a-number``, ``inexact-number``, ``too-deep``,
    ``malformed-digest``.
    """

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(code, message)
        self.field = field


class LoadError(PortcullisError):
    """A file that is not loaded.

    Codes: ``unreadable``, ``other-digest``; for a module ``malformed-module``, ``module-imports``, ``abi-version``,
    ``language-version``, ``not-a-policy``, ``no-policy``; for a bundle ``not-a-bundle``, ``format-version``,
    ``language-version``, ``truncated``, ``too-long``, ``too-large``, ``damaged``, ``malformed-bundle``, ``not-proved``;
    for this package ``package-incomplete``.
    """


class EngineError(PortcullisError):
    """The module gave no answer. The next call gets a fresh instance.

    Codes: ``memory``, ``step-limit``, ``trap``, ``instantiation``, ``unexpected-status``, ``malformed-result``.
    """


def wrong_type(field: str, expected: str, value: object) -> ArgumentError:
    """``field`` is of a wrong type."""
    found = "None" if value is None else f"of the type `{type(value).__name__}`"
    return ArgumentError("wrong-type", field, f"`{field}` must be {expected}, not {found}")
