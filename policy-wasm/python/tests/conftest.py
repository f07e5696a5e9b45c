"""What the tests share: the sample estate as a bundle, and an invocation that it permits."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from portcullis_policy import Policy


def digest_of(file: bytes) -> str:
    """As `portcullis compile` prints it."""
    return f"sha256:{hashlib.sha256(file).hexdigest()}"


@pytest.fixture(scope="session")
def bundle_path() -> Path:
    """The bundle of `fixtures/estates/acme/policy`, which the step of the gate compiles."""
    return Path(os.environ["PORTCULLIS_BUNDLE"])


@pytest.fixture(scope="session")
def bundle(bundle_path: Path) -> bytes:
    return bundle_path.read_bytes()


@pytest.fixture(scope="session")
def policy(bundle: bytes) -> Policy:
    return Policy.load(bundle, digest_of(bundle))


@pytest.fixture
def invocation() -> dict[str, Any]:
    """An invocation that is permitted."""
    return {
        "account": "dev",
        "caller": {"principal": "arn:aws:sts::111111111111:assumed-role/ci-main/run-17"},
        "repository": "git@github.com:acme/infrastructure-live.git",
        "ref": "refs/heads/main",
        "path": "dev/eu-west-1/app",
        "command": "terragrunt-plan",
    }
