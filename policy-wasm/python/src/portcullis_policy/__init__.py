"""Decides by a compiled Portcullis policy who may run which Terraform command on what.

Begin with :meth:`Policy.load`.
"""

from ._decision import Decision, FailedClaim, FailedDimension, Launch, Nearest, Outcome, Reason, Rule, Verdict
from ._errors import ArgumentError, EngineError, LoadError, PortcullisError
from ._invocation import Caller, Invocation, Principal, Token
from ._policy import Policy

__version__ = "0.1.0"

__all__ = [
    "ArgumentError",
    "Caller",
    "Decision",
    "EngineError",
    "FailedClaim",
    "FailedDimension",
    "Invocation",
    "Launch",
    "LoadError",
    "Nearest",
    "Outcome",
    "Policy",
    "PortcullisError",
    "Principal",
    "Reason",
    "Rule",
    "Token",
    "Verdict",
    "__version__",
]
