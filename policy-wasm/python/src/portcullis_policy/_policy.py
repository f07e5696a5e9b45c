"""A policy: a file that was compared with its digest, and instances that decide by it."""

from __future__ import annotations

import hashlib
import os
import re
from collections import deque
from collections.abc import Mapping
from typing import Final, overload

from ._decision import Decision, Verdict, read_decision, read_verdict
from ._errors import ArgumentError, EngineError, LoadError, wrong_type
from ._instance import Instance, Limits
from ._invocation import Asked
from ._module import CompiledModule, compiled, is_module, packaged
from ._shape import text

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
#: The largest bundle, and room for the decider around it.
_FILE_BYTES: Final = (512 + 8) << 20
#: One byte more than an invocation may have: what is longer is refused all the same.
_REQUEST_BYTES: Final = (256 << 10) + 1
#: What a decision may take beside the policy itself. Far more than any that was measured.
_MEMORY: Final = 256 << 20
_STEPS: Final = 5_000_000_000
#: The first decision hashes the bundle.
_STEPS_PER_BYTE: Final = 256
#: Instances that are kept for the next decision.
_IDLE: Final = 8


class Policy:
    """Decides invocations by a compiled policy.

    Any thread may ask at any time. Each decision has an instance of its own, which is kept for the next one, so that there
    are as many as decisions at the same time, each with a copy of the policy. A child of a fork may go on asking.

    Example:
        >>> policy = Policy.load("prod.wasm", digest=os.environ["POLICY_DIGEST"])  # doctest: +SKIP
        >>> if policy.decide(invocation):  # doctest: +SKIP
        ...     run()
    """

    __slots__ = ("_bundle", "_digest", "_idle", "_limits", "_module")

    _digest: str
    _module: CompiledModule
    #: For the packaged decider; a policy module has its own inside.
    _bundle: bytes | None
    _limits: Limits
    #: Instances that wait for the next decision. Taking one and putting it back needs no lock.
    _idle: deque[Instance]

    def __init__(self) -> None:
        raise TypeError("call `Policy.load`")

    @classmethod
    def load(cls, source: str | os.PathLike[str] | bytes, digest: str, *, memory_limit: int | None = None) -> Policy:
        """Loads a policy module (``.wasm``) or a bundle, which the packaged decider decides by.

        Args:
            source: the path of the file, or what is in it.
            digest: ``sha256:…`` of the file, from where nobody can change it together with the file. Of any other file
                not one byte is interpreted.
            memory_limit: how many bytes of memory one instance may have; what the file has and 256 MiB if left out.

        Raises:
            ArgumentError: what was handed in has a wrong type or form.
            LoadError: the file has another digest, is no policy, or is one of another version.
            EngineError: the module failed, or has not enough memory.
        """
        expected = _expected(digest)
        file = _read(source)
        found = f"sha256:{hashlib.sha256(file).hexdigest()}"
        if found != expected:
            raise LoadError("other-digest", f"the file has the digest {found}, not {expected}")
        policy = cls.__new__(cls)
        policy._digest = found
        policy._module, policy._bundle = (compiled(file, found), None) if is_module(file) else (packaged("decider"), file)
        memory = len(file) + _MEMORY if memory_limit is None else memory_limit
        policy._limits = Limits(memory, _STEPS + _STEPS_PER_BYTE * len(file))
        policy._idle = deque(maxlen=_IDLE)
        # What the module does not take is told now, not at the first decision.
        policy._idle.append(policy._instance())
        return policy

    @property
    def digest(self) -> str:
        """``sha256:…`` of the file."""
        return self._digest

    def decide(self, invocation: Mapping[str, object]) -> Decision:
        """Decides, with everything there is to say about it.

        Args:
            invocation: what an :class:`Invocation` has.

        Raises:
            ArgumentError: it does not have that shape; ``field`` says where.
            EngineError: there is no answer.
        """
        return read_decision(self._decide_json(Asked(invocation).to_json()))

    def verdict(self, invocation: Mapping[str, object]) -> Verdict:
        """Decides, in less time: outcome, reason and the digest of the rules, always those of :meth:`decide`.

        Raises:
            ArgumentError: as :meth:`decide`.
            EngineError: as :meth:`decide`.
        """
        asked = Asked(invocation)
        request = asked.to_compact()
        if request is None:
            decision = read_decision(self._decide_json(asked.to_json()))
            return Verdict(decision.outcome, decision.reason, decision.policy)
        instance = self._take()
        answer = instance.ask(instance.decide, request)
        self._idle.append(instance)
        return read_verdict(answer)

    @overload
    def decide_json(self, request: bytes) -> bytes: ...

    @overload
    def decide_json(self, request: str) -> str: ...

    def decide_json(self, request: bytes | str) -> bytes | str:
        """Decides an invocation as JSON; the answer is the decision as JSON, as ``portcullis decide`` writes it.

        Whatever the request says is answered: what is no invocation is denied.

        Raises:
            ArgumentError: ``request`` is neither ``bytes`` nor a ``str`` of whole characters.
            EngineError: there is no answer.
        """
        if isinstance(request, bytes):
            return self._decide_json(request)
        if not isinstance(request, str):
            raise wrong_type("request", "`bytes` or a `str`", request)
        answer = self._decide_json(text(request, "request").encode())
        try:
            return answer.decode()
        except UnicodeDecodeError as cause:
            raise EngineError("malformed-result", "the module's decision is not UTF-8") from cause

    def claims_json(self, request: str) -> str:
        """Which claims of an invocation's token the rules look at, as JSON: for feedback in CI jobs, which know some only.

        Raises:
            EngineError: the request is no invocation, or there is no answer.
        """
        instance = self._take()
        answer = instance.ask(instance.claims, text(request, "request").encode())
        self._idle.append(instance)
        return answer.decode()

    def _decide_json(self, request: bytes) -> bytes:
        if len(request) > _REQUEST_BYTES:
            request = request[:_REQUEST_BYTES]
        instance = self._take()
        answer = instance.ask(instance.decide_json, request)
        # Only one that answered is kept: after an error the next decision has a new one.
        self._idle.append(instance)
        return answer

    def _take(self) -> Instance:
        try:
            return self._idle.pop()
        except IndexError:
            return self._instance()

    def _instance(self) -> Instance:
        instance = self._module.instance(self._limits)
        if self._bundle is None:
            instance.expect_policy()
        else:
            instance.load(self._bundle)
        instance.reserve(_REQUEST_BYTES)
        return instance


def _expected(digest: str) -> str:
    if not isinstance(digest, str):
        raise wrong_type("digest", "a `str`", digest)
    if not _DIGEST.fullmatch(digest):
        message = "`digest` must be `sha256:` and 64 lower-case hexadecimal digits"
        raise ArgumentError("malformed-digest", "digest", message)
    return digest


def _read(source: str | os.PathLike[str] | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    if not isinstance(source, (str, os.PathLike)):
        raise wrong_type("source", "a path or `bytes`", source)
    try:
        with open(source, "rb") as file:
            content = file.read(_FILE_BYTES + 1)
    except (OSError, ValueError) as cause:
        raise LoadError("unreadable", f"`{os.fspath(source)}` cannot be read: {cause}") from cause
    if len(content) > _FILE_BYTES:
        raise LoadError("too-large", f"`{os.fspath(source)}` is larger than any policy may be")
    return content
