"""The package itself: its version, its types, and the example of its page."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import metadata, resources
from pathlib import Path

from conftest import digest_of
import portcullis_policy

HERE = Path(__file__).resolve().parent.parent


def test_the_version_is_that_of_the_workspace() -> None:
    manifest = (HERE.parent.parent / "Cargo.toml").read_text(encoding="utf-8")
    [version] = re.findall(r'(?ms)^\[workspace\.package\]\nversion = "([^"]+)"', manifest)
    assert portcullis_policy.__version__ == metadata.version("portcullis-policy") == version


def test_the_wheel_is_what_is_tested() -> None:
    installed = resources.files(portcullis_policy)
    assert "site-packages" in str(installed)
    for name in ("py.typed", "decider.wasm", "feedback.wasm"):
        assert installed.joinpath(name).is_file()


def test_what_is_exported_exists() -> None:
    assert sorted(portcullis_policy.__all__) == portcullis_policy.__all__
    assert all(hasattr(portcullis_policy, name) for name in portcullis_policy.__all__)


def test_the_example_of_the_page_does_what_it_says(bundle_path: Path, tmp_path: Path) -> None:
    page = (HERE / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"(?ms)^```python\n(.*?)^```", page)
    [printed] = re.findall(r"(?ms)^```text\n(.*?)^```", page)
    assert len(example.splitlines()) == 8
    (tmp_path / "acme.bundle").write_bytes(bundle_path.read_bytes())
    environment = {**os.environ, "POLICY_DIGEST": digest_of(bundle_path.read_bytes())}
    run = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (run.stdout, run.stderr, run.returncode) == (printed, "", 0)
