"""Compiled modules: one for each file in a process, and only of versions that this package speaks."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final
from weakref import WeakValueDictionary

import wasmtime

from ._errors import EngineError, LoadError
from ._instance import Exports, Instance, Limits, instantiate, limited_store

#: The interface (docs/wasm-abi.md) and the language that this package knows.
_ABI: Final = (1, 0)
_LANGUAGE: Final = 1
#: How a WebAssembly file begins.
_MAGIC: Final = b"\0asm"
_PAGE: Final = 65_536

#: The functions of a module: how many numbers each takes. All give one.
_FUNCTIONS: Final = {
    "portcullis_abi": 0,
    "portcullis_language": 0,
    "portcullis_result": 0,
    "portcullis_fault": 0,
    "portcullis_input": 1,
    "portcullis_load": 1,
    "portcullis_decide": 1,
    "portcullis_decide_json": 1,
    "portcullis_claims": 1,
}
#: To ask for versions alone.
_PROBE: Final = Limits(memory=4 << 30, steps=1_000_000)


def is_module(file: bytes) -> bool:
    return file.startswith(_MAGIC)


class CompiledModule:
    """A module that this package can talk to."""

    def __init__(self, file: bytes) -> None:
        """
        Raises:
            LoadError: it is no module of ours, or of another version.
        """
        try:
            self._module = wasmtime.Module(_engine(), file)
        except wasmtime.WasmtimeError as cause:
            raise LoadError("malformed-module", f"the file is not a WebAssembly module: {cause}") from cause
        for imported in self._module.imports:
            name = f"{imported.module}.{imported.name}"
            raise LoadError("module-imports", f"the module imports `{name}`; a policy imports nothing")
        types = {export.name: export.type for export in self._module.exports}
        # Before all else: another version may have other exports.
        self._compare_versions(types)
        for name, parameters in _FUNCTIONS.items():
            _compare_type(name, types.get(name), parameters)
        memory = types.get("memory")
        if not isinstance(memory, wasmtime.MemoryType):
            raise _not_a_policy("memory")
        self._least_memory: int = memory.limits.min * _PAGE

    def instance(self, limits: Limits) -> Instance:
        """
        Raises:
            EngineError: it cannot be instantiated; ``memory`` where it begins with more than it may have.
        """
        if self._least_memory > limits.memory:
            raise EngineError("memory", f"the module needs {self._least_memory:,} bytes; {limits.memory:,} are allowed")
        return Instance(self._module, _engine(), limits)

    def _compare_versions(self, types: Mapping[str, object]) -> None:
        for name in ("portcullis_abi", "portcullis_language"):
            _compare_type(name, types.get(name), 0)
        store = limited_store(_engine(), _PROBE)
        exports = instantiate(store, self._module)
        abi = _number(store, exports, "portcullis_abi")
        major, minor = abi >> 16, abi & 0xFFFF
        if major != _ABI[0] or minor > _ABI[1]:
            message = f"the module has ABI version {major}.{minor}; this package speaks {_ABI[0]}.{_ABI[1]}"
            raise LoadError("abi-version", message)
        language = _number(store, exports, "portcullis_language")
        if language != _LANGUAGE:
            message = f"the module has language version {language}; this package knows version {_LANGUAGE}"
            raise LoadError("language-version", message)


def _number(store: wasmtime.Store, exports: Exports, name: str) -> int:
    function = exports[name]
    if not isinstance(function, wasmtime.Func):
        raise _not_a_policy(name)
    try:
        number: int = function(store)
    except (wasmtime.WasmtimeError, wasmtime.Trap) as cause:
        raise LoadError("not-a-policy", f"the module is not a policy: its `{name}` fails: {cause}") from cause
    return number & 0xFFFF_FFFF


def _compare_type(name: str, found: object, parameters: int) -> None:
    number = wasmtime.ValType.i32()
    if not isinstance(found, wasmtime.FuncType) or found.params != [number] * parameters or found.results != [number]:
        raise _not_a_policy(name)


def _not_a_policy(missing: str) -> LoadError:
    return LoadError("not-a-policy", f"the module is not a policy: it does not export `{missing}` as one does")


@cache
def _engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    # Counted, not measured: no clock, and no thread that would have to tick.
    config.consume_fuel = True
    # A process that forks has no pool of threads in its child; waiting for it would be for ever.
    config.parallel_compilation = False
    # Views of memory stay good when it grows.
    config.memory_may_move = False
    config.wasm_memory64 = False
    config.wasm_threads = False
    return wasmtime.Engine(config)


#: By the digest of the file, as long as a policy uses it.
_compiled: Final[WeakValueDictionary[str, CompiledModule]] = WeakValueDictionary()
_compiling = threading.Lock()


def _forget_lock() -> None:
    """In the child of a fork nobody is left who would release it."""
    global _compiling
    _compiling = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_lock)


def compiled(file: bytes, digest: str) -> CompiledModule:
    """The module of a file with this digest, compiled unless it is there.

    Raises:
        LoadError: it is no module of ours, or of another version.
    """
    with _compiling:
        module = _compiled.get(digest)
        if module is None:
            module = _compiled[digest] = CompiledModule(file)
        return module


@cache
def packaged(name: str) -> CompiledModule:
    """A module of this package: ``decider`` or ``feedback``.

    Raises:
        LoadError: ``package-incomplete``.
    """
    try:
        file = resources.files(__package__).joinpath(f"{name}.wasm").read_bytes()
    except OSError as cause:
        raise LoadError("package-incomplete", f"the packaged module `{name}` cannot be read: {cause}") from cause
    return CompiledModule(file)
