"""Loading: by the file's digest alone, and only what this package can decide by."""

from __future__ import annotations

import os
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import wasmtime

from conftest import digest_of
from modules import FOREVER, TRAP, module
from portcullis_policy import ArgumentError, EngineError, LoadError, Policy
from portcullis_policy import _module as compiled_modules


def refused(file: bytes, **options: Any) -> LoadError:
    """Why a file is not loaded, its digest being the true one."""
    with pytest.raises(LoadError) as caught:
        Policy.load(file, digest_of(file), **options)
    return caught.value


@pytest.mark.parametrize("name", ["acme.bundle", "acme.wasm"])
def test_a_policy_comes_from_a_path_or_from_bytes(policies: Path, name: str) -> None:
    path = policies / name
    digest = digest_of(path.read_bytes())
    for source in (path.read_bytes(), path, str(path)):
        assert Policy.load(source, digest).digest == digest


def test_another_file_is_refused_before_anything_of_it_is_compiled(
    bundle: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("something was interpreted")

    monkeypatch.setattr(compiled_modules, "CompiledModule", never)
    monkeypatch.setattr(wasmtime, "Module", never)
    monkeypatch.setattr(wasmtime, "Instance", never)
    other = digest_of(b"")
    for file in (bundle, module(), b"\0asm", b"x"):
        with pytest.raises(LoadError) as caught:
            Policy.load(file, other)
        assert caught.value.code == "other-digest"
        assert digest_of(file) in str(caught.value)


def test_a_changed_file_is_refused(bundle: bytes) -> None:
    for file in (bundle, module()):
        for at in (0, 20, len(file) // 2, len(file) - 1):
            changed = bytearray(file)
            changed[at] ^= 1
            with pytest.raises(LoadError) as caught:
                Policy.load(bytes(changed), digest_of(file))
            assert caught.value.code == "other-digest"


@pytest.mark.parametrize(
    "digest", ["", "sha256:", "0" * 64, "sha256:" + "0" * 63, "sha256:" + "A" * 64, "sha256:" + "0" * 64 + "\n", "md5:0"]
)
def test_a_digest_has_one_form(bundle: bytes, digest: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        Policy.load(bundle, digest)
    assert (caught.value.code, caught.value.field) == ("malformed-digest", "digest")


@pytest.mark.parametrize("digest", [None, b"sha256:", 7])
def test_a_digest_is_text(bundle: bytes, digest: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        Policy.load(bundle, digest)
    assert (caught.value.code, caught.value.field) == ("wrong-type", "digest")


def test_a_digest_is_required(bundle: bytes) -> None:
    with pytest.raises(TypeError, match="digest"):
        Policy.load(bundle)  # type: ignore[call-arg]


@pytest.mark.parametrize("source", [None, 3, bytearray(b"x"), open])
def test_a_source_is_a_path_or_bytes(source: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        Policy.load(source, digest_of(b""))
    assert (caught.value.code, caught.value.field) == ("wrong-type", "source")


@pytest.mark.parametrize("path", ["there/is/none", ".", "a\0b"])
def test_what_cannot_be_read_is_said(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LoadError) as caught:
        Policy.load(path, digest_of(b""))
    assert caught.value.code == "unreadable"


def test_a_policy_has_no_other_way_to_be_made() -> None:
    with pytest.raises(TypeError, match=r"Policy\.load"):
        Policy()


def test_a_bundle_that_is_none_is_named(bundle: bytes) -> None:
    damaged = bytearray(bundle)
    damaged[len(bundle) // 2] ^= 1
    assert refused(b"").code == "not-a-bundle"
    assert refused(b"account \"prod\" {}\n" * 100).code == "not-a-bundle"
    assert refused(bundle[:-1]).code == "truncated"
    assert refused(bundle[: len(bundle) // 2]).code == "truncated"
    assert refused(bundle + b"\0").code == "too-long"
    assert refused(bytes(damaged)).code == "damaged"
    assert "check sum" in str(refused(bytes(damaged)))


def test_a_module_that_is_none_is_named() -> None:
    assert refused(b"\0asm").code == "malformed-module"
    assert refused(module()[:-1]).code == "malformed-module"
    assert refused(module() + b"\0").code == "malformed-module"


def test_a_module_with_imports_is_refused() -> None:
    error = refused(module(more='(import "env" "read" (func))'))
    assert (error.code, "`env.read`" in str(error)) == ("module-imports", True)


@pytest.mark.parametrize(
    ("abi", "said"), [("0x20000", "2.0"), ("0x10001", "1.1"), ("0", "0.0"), ("-1", "65535.65535"), ("0xffff", "0.65535")]
)
def test_another_interface_is_refused_with_both_versions(abi: str, said: str) -> None:
    # Another major version may lack what this one has.
    error = refused(module(abi=f"i32.const {abi}", fault=""))
    assert error.code == "abi-version"
    assert f"ABI version {said}; this package speaks 1.0" in str(error)


@pytest.mark.parametrize("language", [0, 2, -1])
def test_another_language_is_refused_with_both_versions(language: int) -> None:
    error = refused(module(language=f"i32.const {language}"))
    assert error.code == "language-version"
    assert f"language version {language & 0xFFFFFFFF}; this package knows version 1" in str(error)


@pytest.mark.parametrize("missing", ["abi", "language", "result", "fault", "input", "load", "decide", "decide_json"])
def test_a_module_without_one_of_the_exports_is_no_policy(missing: str) -> None:
    without: dict[str, Any] = {missing: ""}
    error = refused(module(**without))
    assert (error.code, f"`portcullis_{missing}`" in str(error)) == ("not-a-policy", True)


@pytest.mark.parametrize(
    "export",
    [
        '(func (export "portcullis_decide") (param i64) (result i32) i32.const 0)',
        '(func (export "portcullis_decide") (param i32) (result i64) i64.const 0)',
        '(func (export "portcullis_decide") (param i32))',
        '(func (export "portcullis_decide") (param i32 i32) (result i32) i32.const 0)',
        '(global (export "portcullis_decide") i32 (i32.const 0))',
    ],
)
def test_an_export_of_another_type_is_refused(export: str) -> None:
    error = refused(module(more=export, decide=""))
    assert (error.code, "`portcullis_decide`" in str(error)) == ("not-a-policy", True)


def test_a_module_without_a_policy_inside_says_so() -> None:
    decider = resources.files("portcullis_policy").joinpath("decider.wasm").read_bytes()
    assert refused(decider).code == "no-policy"
    # A bundle inside that the module does not take is named as in a file of its own.
    for status, code in [(17, "format-version"), (18, "language-version"), (22, "damaged"), (24, "not-proved")]:
        error = refused(module(b"it says why", load=f"i32.const {status}"))
        assert (error.code, str(error)) == (code, "it says why")


@pytest.mark.parametrize("body", [FOREVER, TRAP])
def test_a_module_that_fails_when_asked_for_its_version_is_no_policy(body: str) -> None:
    assert refused(module(abi=body)).code == "not-a-policy"


@pytest.mark.parametrize("body", ["unreachable", "(loop $again (br $again))"])
def test_a_module_that_fails_when_it_starts_is_not_loaded(body: str) -> None:
    file = module(more=f"(start $begin) (func $begin {body})")
    with pytest.raises(EngineError) as caught:
        Policy.load(file, digest_of(file))
    assert caught.value.code == "instantiation"


@pytest.mark.parametrize("limit", [0, 65_536, 400_000])
def test_memory_that_is_not_enough_is_told_apart(bundle: bytes, limit: int) -> None:
    with pytest.raises(EngineError) as caught:
        Policy.load(bundle, digest_of(bundle), memory_limit=limit)
    assert caught.value.code == "memory"
    assert Policy.load(bundle, digest_of(bundle), memory_limit=16 << 20).digest == digest_of(bundle)


def test_a_file_is_compiled_once_as_long_as_it_is_used(bundle: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    files: list[bytes] = []
    compile_module = wasmtime.Module

    def counted(engine: wasmtime.Engine, file: bytes) -> wasmtime.Module:
        files.append(file)
        return compile_module(engine, file)

    monkeypatch.setattr(wasmtime, "Module", counted)
    file = module(b"once")
    used = [Policy.load(file, digest_of(file)) for _ in range(3)]
    assert (len(used), len(files)) == (3, 1)
    compiled_modules.packaged("decider")
    files.clear()
    for _ in range(3):
        Policy.load(bundle, digest_of(bundle))
    assert files == []


def test_a_package_without_its_decider_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Nowhere:
        @staticmethod
        def files(_: str) -> Path:
            return tmp_path

    monkeypatch.setattr(compiled_modules, "resources", Nowhere)
    with pytest.raises(LoadError) as caught:
        compiled_modules.packaged.__wrapped__("decider")
    assert caught.value.code == "package-incomplete"


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no file without end here")
def test_a_file_larger_than_any_policy_is_not_read_to_its_end() -> None:
    with pytest.raises(LoadError) as caught:
        Policy.load("/dev/zero", digest_of(b""))
    assert caught.value.code == "too-large"
