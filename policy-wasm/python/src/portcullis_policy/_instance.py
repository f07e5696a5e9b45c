"""One instance of a module: its memory, its calls, and how they end.

This is the one file that knows wasmtime's own declarations of its C interface. ``wasmtime.Func`` asks for the function's
type at every call and converts by it, which takes longer than a decision. Here types are compared once, when a module is
compiled, and ``wasmtime_func_call``, which the C interface documents, is called with what it needs. The range of versions
in pyproject.toml is there for this file.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

import wasmtime
from wasmtime import _ffi as ffi

from ._errors import EngineError, LoadError

_DONE: Final = 0
_ALREADY_LOADED: Final = 2
_MEMORY: Final = 5
_NOT_A_BUNDLE: Final = 16
#: Why a module does not load a bundle, by status.
_REFUSALS: Final = {
    _NOT_A_BUNDLE: "not-a-bundle",
    17: "format-version",
    18: "language-version",
    19: "truncated",
    20: "too-long",
    21: "too-large",
    22: "damaged",
    23: "malformed-bundle",
    24: "not-proved",
}
#: Address and length of a result.
_RECORD: Final = struct.Struct("<II")
_UNSIGNED: Final = 0xFFFF_FFFF

#: Calls a function of a module with a length; gives its answer.
Call: TypeAlias = Callable[[int], int]
#: What an instance exports, by name.
Exports: TypeAlias = Mapping[str, object]


class Limits(NamedTuple):
    """What one instance may take."""

    #: Bytes of memory.
    memory: int
    #: Steps of WebAssembly in one call.
    steps: int


class Instance:
    """Answers one call at a time. After an error it must not be used again."""

    def __init__(self, module: wasmtime.Module, engine: wasmtime.Engine, limits: Limits) -> None:
        """
        Args:
            module: one whose exports have the types that they should have.
            engine: the one that it was compiled with; it counts steps, and moves no memory.
            limits: what it may take.

        Raises:
            EngineError: it cannot be instantiated.
        """
        self._store = limited_store(engine, limits)
        self._steps = limits.steps
        self._exports = instantiate(self._store, module)
        self.decide = self.function("portcullis_decide")
        self.decide_json = self.function("portcullis_decide_json")
        self.claims = self.function("portcullis_claims")
        self._load = self.function("portcullis_load")
        self._input = self.function("portcullis_input")
        self._memory = self._view()
        self._record: int = _function(self._exports, "portcullis_result")(self._store) & _UNSIGNED
        if self._record + _RECORD.size > len(self._memory):
            raise _outside()
        #: The input area: its address and how much room there is.
        self._address = self._room = 0

    def function(self, name: str) -> Call:
        """A function that takes a length and gives a number."""
        fault = _function(self._exports, "portcullis_fault")
        return _direct(self._store, _function(self._exports, name), fault, self._steps)

    def load(self, bundle: bytes) -> None:
        """Loads a bundle. The input area is gone then.

        Raises:
            LoadError: the module refuses it; it says why.
            EngineError: the call failed.
        """
        self.reserve(len(bundle))
        self._write(bundle)
        status = self._load(len(bundle))
        self._room = 0
        self._expect_accepted(status)
        _expect_done(status)

    def expect_policy(self) -> None:
        """Sees to it that a policy is in the module, which then refuses another one.

        Raises:
            LoadError: there is none, as in the decider itself.
            EngineError: the call failed.
        """
        status = self._load(0)
        if status == _ALREADY_LOADED:
            return
        if status != _NOT_A_BUNDLE:
            self._expect_accepted(status)
        raise LoadError("no-policy", "there is no policy in the module: it decides by a bundle only")

    def reserve(self, length: int) -> None:
        """Sees to it that the input area has room for ``length`` bytes."""
        address = self._input(length) & _UNSIGNED
        if address == 0:
            raise EngineError("memory", f"there is no memory for {length:,} bytes of input")
        self._memory = self._view()
        if address + length > len(self._memory):
            raise _outside()
        self._address, self._room = address, length

    def ask(self, call: Call, request: bytes) -> bytes:
        """The answer to one request.

        Args:
            call: what answers, such as :attr:`decide`.
            request: no longer than what was reserved.

        Raises:
            EngineError: the call failed.
        """
        self._write(request)
        _expect_done(call(len(request)))
        return self._result()

    def tell(self, name: str) -> bytes:
        """The answer of a function that is asked nothing."""
        _expect_done(_function(self._exports, name)(self._store))
        return self._result()

    def _expect_accepted(self, status: int) -> None:
        if status in _REFUSALS:
            raise LoadError(_REFUSALS[status], self._result().decode(errors="replace"))

    def _write(self, data: bytes) -> None:
        if len(data) > self._room:
            raise EngineError("unexpected-status", f"{len(data):,} bytes have no room in the input area")
        self._memory[self._address : self._address + len(data)] = data

    def _result(self) -> bytes:
        address, length = _RECORD.unpack_from(self._memory, self._record)
        end: int = address + length
        if end > len(self._memory):
            # Memory grew, in place: the view still shows the beginning.
            self._memory = self._view()
            if end > len(self._memory):
                raise _outside()
        return self._memory[address:end].tobytes()

    def _view(self) -> memoryview:
        memory = self._exports["memory"]
        if not isinstance(memory, wasmtime.Memory):
            raise EngineError("instantiation", "the module's `memory` is none")
        return memoryview(memory.get_buffer_ptr(self._store)).cast("B")


def limited_store(engine: wasmtime.Engine, limits: Limits) -> wasmtime.Store:
    """A store for one instance."""
    store = wasmtime.Store(engine)
    store.set_limits(memory_size=limits.memory, instances=1, memories=1)
    store.set_fuel(limits.steps)
    return store


def instantiate(store: wasmtime.Store, module: wasmtime.Module) -> Exports:
    """The exports of a new instance.

    Raises:
        EngineError: it cannot be instantiated.
    """
    try:
        return wasmtime.Instance(store, module, []).exports(store)
    except (wasmtime.WasmtimeError, wasmtime.Trap) as cause:
        raise EngineError("instantiation", f"the module cannot be instantiated: {cause}") from cause


def _function(exports: Exports, name: str) -> wasmtime.Func:
    function = exports[name]
    if not isinstance(function, wasmtime.Func):
        raise EngineError("instantiation", f"the module's `{name}` is no function")
    return function


def _direct(store: wasmtime.Store, function: wasmtime.Func, fault: wasmtime.Func, steps: int) -> Call:
    """A function from a number to a number, without asking for its type at each call."""
    argument, result = (ffi.wasmtime_val_t * 1)(), (ffi.wasmtime_val_t * 1)()
    argument[0].kind = ffi.WASMTIME_I32
    given, answered = argument[0].of, result[0].of
    trap = ctypes.POINTER(ffi.wasm_trap_t)()
    context, address, trap_address = store._context(), ctypes.byref(function._func), ctypes.byref(trap)
    run, set_fuel = ffi.wasmtime_func_call, store.set_fuel

    def call(length: int) -> int:
        set_fuel(steps)
        given.i32 = length
        error = run(context, address, argument, 1, result, 1, trap_address)
        if error:
            raise _failed(wasmtime.WasmtimeError._from_ptr(error), store, fault)
        if trap:
            raise _failed(wasmtime.Trap._from_ptr(trap), store, fault)
        number: int = answered.i32
        return number

    return call


def _failed(cause: wasmtime.Trap | wasmtime.WasmtimeError, store: wasmtime.Store, fault: wasmtime.Func) -> EngineError:
    error = _named(cause, store, fault)
    error.__cause__ = cause
    return error


def _named(cause: wasmtime.Trap | wasmtime.WasmtimeError, store: wasmtime.Store, fault: wasmtime.Func) -> EngineError:
    if isinstance(cause, wasmtime.Trap) and cause.trap_code == wasmtime.TrapCode.OUT_OF_FUEL:
        return EngineError("step-limit", "the module takes more steps than one call may")
    try:
        # The one call that answers after a trap.
        ran_out = fault(store) == 1
    except (wasmtime.WasmtimeError, wasmtime.Trap):
        ran_out = False
    if ran_out:
        return EngineError("memory", "the module ran out of memory")
    return EngineError("trap", "the module failed, which is a bug: please report it")


def _expect_done(status: int) -> None:
    if status == _MEMORY:
        raise EngineError("memory", "the module has no memory left")
    if status != _DONE:
        raise EngineError("unexpected-status", f"the module ends with status {status}")


def _outside() -> EngineError:
    return EngineError("malformed-result", "what the module points at lies outside its memory")
