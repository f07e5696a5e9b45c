"""What a CI job asks and shows (docs/ci-feedback.md), by the packaged feedback module."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ._errors import EngineError
from ._instance import Limits
from ._module import packaged

#: Its input may have 8 MiB, of which it makes trees.
_LIMITS: Final = Limits(memory=512 << 20, steps=50_000_000_000)
_VERSION: Final = 1


class Feedback:
    """From a job's environment to an invocation, from a decision to what the job shows. Pure: texts in, texts out."""

    def __init__(self) -> None:
        self._instance = packaged("feedback").instance(_LIMITS)

    def variables(self) -> list[str]:
        """The names of the environment variables to hand over."""
        names: list[str] = _read(self._instance.tell("portcullis_variables"))
        return names

    def invocation(self, job: Mapping[str, object]) -> dict[str, Any]:
        """From ``environment``, ``options`` and perhaps ``event`` to ``asked``, or to ``problems`` and ``report``."""
        return self._answer("portcullis_invocation", job)

    def report(self, decided: Mapping[str, object]) -> dict[str, Any]:
        """From ``decision``, ``asked`` and how to show it to the report."""
        report: dict[str, Any] = self._answer("portcullis_report", decided)["report"]
        return report

    def _answer(self, name: str, question: Mapping[str, object]) -> dict[str, Any]:
        request = json.dumps({"version": _VERSION, **question}, ensure_ascii=False).encode()
        self._instance.reserve(len(request))
        answer: dict[str, Any] = _read(self._instance.ask(self._instance.function(name), request))
        return answer


def _read(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError as cause:
        raise EngineError("malformed-result", "the feedback module's answer is no JSON") from cause
