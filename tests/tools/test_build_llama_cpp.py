"""`tools/build_llama_cpp.py`: what is built, what is kept, and what a wheel must hold."""

from __future__ import annotations

import importlib.util
import os
import zipfile
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "build_llama_cpp.py"
LIBRARIES = ("libllama.so", "libggml.so", "libggml-base.so")
LIST = "vendor/llama.cpp/ggml/src/CMakeLists.txt"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_llama_cpp", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel_with(folder: Path, *names: str, content: bytes = b"") -> Path:
    path = folder / "llama_cpp_python-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(f"llama_cpp/lib/{name}", content or name.encode())
    return path


def test_the_version_is_the_one_that_foggen_asks_for(tool: ModuleType) -> None:
    assert f"llama-cpp-python=={tool.pinned_version()}" in (metadata.requires("foggen") or [])


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["libggml-cpu-haswell.so", "libggml-cpu-x64.so"], "portable"),
        (["ggml-cpu-haswell.dll"], "portable"),
        (["libggml-cpu.so"], "native"),
        (["libggml-cpu.dylib"], "native"),
        (["libllama.so"], "none"),
    ],
)
def test_the_kind_of_a_build(tool: ModuleType, names: list[str], kind: str) -> None:
    assert tool.kind_of(names) == kind


def test_a_whole_wheel_has_no_fault(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool.platform, "machine", lambda: "x86_64")
    native = wheel_with(tmp_path, *LIBRARIES, "libggml-cpu.so")
    assert tool.faults(native, native=True) == []
    assert tool.faults(native, native=False) == ["the build is native, not portable"]
    portable = wheel_with(tmp_path, *LIBRARIES, "libggml-cpu-x64.so", "libggml-cpu-haswell.so")
    assert tool.faults(portable, native=False) == []


def test_a_library_that_is_there_twice_is_a_fault(tool: ModuleType, tmp_path: Path) -> None:
    """A wheel holds no links: what were links are copies."""
    wheel = wheel_with(tmp_path, "libllama.so", "libllama.so.0", content=b"same")
    assert "llama_cpp/lib/libllama.so.0 is llama_cpp/lib/libllama.so again" in tool.faults(
        wheel, native=True
    )


def test_a_library_that_is_missing_is_a_fault(tool: ModuleType, tmp_path: Path) -> None:
    wheel = wheel_with(tmp_path, "libllama.so", "libggml.so", "libggml-cpu.so")
    assert tool.faults(wheel, native=True) == ["ggml-base is missing"]


def source_with(folder: Path, families: list[str]) -> Path:
    path = folder / LIST
    path.parent.mkdir(parents=True)
    path.write_text(
        "".join(f"    ggml_add_cpu_backend_variant({name} SSE42)\n" for name in families), "utf-8"
    )
    return path


def test_the_families_are_left_out_of_the_list(tool: ModuleType, tmp_path: Path) -> None:
    path = source_with(tmp_path, ["haswell", *tool.LEFT_OUT, "alderlake"])
    tool.leave_out_families(tmp_path)
    assert [line.split("(")[1].split()[0] for line in path.read_text("utf-8").splitlines()] == [
        "haswell",
        "alderlake",
    ]


def test_another_list_ends_in_one_line(tool: ModuleType, tmp_path: Path) -> None:
    source_with(tmp_path, ["haswell"])
    with pytest.raises(SystemExit, match=r"^build_llama_cpp: ggml's list of processors"):
        tool.leave_out_families(tmp_path)


def test_a_wheel_is_kept_until_the_pin_changes(tool: ModuleType, tmp_path: Path) -> None:
    assert tool.kept_wheel(tmp_path) is None
    wheel = tmp_path / f"llama_cpp_python-{tool.pinned_version()}-py3-none-any.whl"
    wheel.touch()
    assert tool.kept_wheel(tmp_path) == wheel
    os.utime(wheel, (1, 1))
    assert tool.kept_wheel(tmp_path) is None


def test_without_a_compiler_the_remedy_is_said(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool.shutil, "which", lambda _: None)
    monkeypatch.setattr(tool.os, "name", "posix")
    with pytest.raises(SystemExit, match=r"apt-get install g\+\+"):
        tool.need_compiler()


def test_each_library_is_installed_once(tool: ModuleType) -> None:
    """In this environment, if it was set up with the tool."""
    files = metadata.distribution("llama-cpp-python").files or []
    if tool.installed_kind() == "none" or any(str(file).startswith("lib/") for file in files):
        pytest.skip("llama-cpp-python was built otherwise")
    libraries = [file for file in files if tool.LIBRARY.search(file.name)]
    assert len({file.hash.value for file in libraries if file.hash}) == len(libraries) >= 4
