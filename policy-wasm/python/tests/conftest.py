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
def policies() -> Path:
    """The folder with `acme.bundle` and `acme.wasm`: `fixtures/estates/acme/policy`, compiled by the step of the gate."""
    return Path(os.environ["PORTCULLIS_POLICIES"])


@pytest.fixture(scope="session")
def bundle_path(policies: Path) -> Path:
    return policies / "acme.bundle"


@pytest.fixture(scope="session")
def bundle(bundle_path: Path) -> bytes:
    return bundle_path.read_bytes()


@pytest.fixture(scope="session", params=["acme.bundle", "acme.wasm"])
def policy(policies: Path, request: pytest.FixtureRequest) -> Policy:
    """The policy, by the packaged decider and as a module of its own."""
    path = policies / str(request.param)
    return Policy.load(path, digest_of(path.read_bytes()))


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
