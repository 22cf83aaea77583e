#!/usr/bin/env python3
"""Build the pinned llama-cpp-python as a wheel in which each library is once.

    tools/build_llama_cpp.py               for all processors of this kind (portable); prints the wheel's path
    tools/build_llama_cpp.py --native      for this machine's processor alone
    tools/build_llama_cpp.py --install     and install it, unless that kind is installed

A portable build holds ggml's back end for the processor once for each family of processors; the best one that
runs is loaded (`foggen.engine.native.back_ends`). A wheel that an earlier run left is used again unless this
file or the pin has changed. Needs pip, the package index and a C++ compiler (GCC 11 or newer, or clang).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from importlib import metadata
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
CONSTRAINTS = REPOSITORY / "constraints.txt"
LIBRARY = re.compile(r"\.(so|dylib|dll)(\.[0-9.]+)?$")

# Families that are not built, because a neighbour runs on their processors. No kernel of llama.cpp uses VBMI, and
# only models in bfloat16 gain from BF16. AMX kernels crash on some machines (ggml-org/llama.cpp issue 20824);
# SME needs compilers that few systems have.
LEFT_OUT = (
    *("sse42", "ivybridge", "piledriver", "cannonlake", "cooperlake", "icelake", "zen4"),
    *("sapphirerapids", "armv9.2_1", "armv9.2_2", "apple_m4"),
)
PORTABLE_MACHINES = ("x86_64", "AMD64", "aarch64", "arm64")

# Libraries without version numbers need no links, which a wheel would turn into copies; and all of them go into
# the package's folder, not into a folder `lib` beside it.
ONCE = {
    "CMAKE_PLATFORM_NO_VERSIONED_SONAME": "ON",
    "CMAKE_INSTALL_LIBDIR": "llama_cpp/lib",
    "CMAKE_INSTALL_BINDIR": "llama_cpp/lib",
    "CMAKE_INSTALL_INCLUDEDIR": "llama_cpp/include",
    "LLAVA_BUILD": "OFF",  # pictures
}
COMPILERS = """llama.cpp is built from source and needs a C++ compiler:
  Debian, Ubuntu: sudo apt-get install g++     Fedora: sudo dnf install gcc-c++
  macOS: xcode-select --install                Windows: Visual Studio Build Tools (C++)"""
FOR_COMPILING = "llama_cpp/include/**;llama_cpp/lib/cmake/**;llama_cpp/lib/pkgconfig/**"
SETTINGS = """
set(LLAMA_BUILD_COMMON OFF) # helpers of llama.cpp's own programs
if(APPLE)
    set(CMAKE_INSTALL_RPATH "@loader_path")
else()
    set(CMAKE_INSTALL_RPATH "$ORIGIN") # back ends, too, find the libraries beside them
endif()
"""
WITHOUT_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the pinned llama-cpp-python as a wheel.")
    parser.add_argument("--native", action="store_true", help="for this processor alone")
    parser.add_argument("--install", action="store_true", help="install it for this interpreter")
    arguments = parser.parse_args()
    if arguments.install and installed_kind() == wanted_kind(native=arguments.native):
        return
    wheel = wheel_of(native=arguments.native)
    print(wheel)
    if arguments.install:
        pip("install", "--force-reinstall", "--no-deps", "--no-cache-dir", str(wheel))


def wheel_of(*, native: bool = False) -> Path:
    """The wheel of an earlier run, or a new one. Exits with one line if it cannot be built."""
    output = REPOSITORY / "build" / "llama-cpp" / ("native" if native else "portable")
    return kept_wheel(output) or build(output, native=native)


def pinned_version() -> str:
    (version,) = re.findall(r"^llama-cpp-python==(\S+)$", CONSTRAINTS.read_text("utf-8"), re.M)
    return str(version)


def installed_kind() -> str:
    """What this interpreter has: "portable", "native", or "none" of the pinned version."""
    try:
        files = metadata.distribution("llama-cpp-python").files or []
        version = metadata.version("llama-cpp-python")
    except metadata.PackageNotFoundError:
        return "none"
    return kind_of([file.name for file in files]) if version == pinned_version() else "none"


def wanted_kind(*, native: bool) -> str:
    """ggml knows the families of some machines only; a build for others has one back end."""
    return "portable" if not native and platform.machine() in PORTABLE_MACHINES else "native"


def kind_of(names: list[str]) -> str:
    """The kind of a build by the names of its libraries; "none" where there is no processor's back end."""
    processors = [name for name in names if "ggml-cpu" in name]
    if not processors:
        return "none"
    return "portable" if any("ggml-cpu-" in name for name in processors) else "native"


def kept_wheel(output: Path) -> Path | None:
    """The wheel that an earlier run left, unless what it was made from has changed."""
    wheels = list(output.glob(f"llama_cpp_python-{pinned_version()}-*.whl"))
    newest = max(path.stat().st_mtime for path in (Path(__file__), CONSTRAINTS))
    return next((wheel for wheel in wheels if wheel.stat().st_mtime > newest), None)


def build(output: Path, *, native: bool) -> Path:
    """Build the wheel. Exits with one line if something fails; the build's own output goes to stderr."""
    need_compiler()
    kind = wanted_kind(native=native)
    print(f"building llama.cpp ({kind}), about 7 minutes on two cores", file=sys.stderr)
    output.mkdir(parents=True, exist_ok=True)
    for old in output.glob("llama_cpp_python-*.whl"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="llama-cpp-") as name:
        folder = Path(name)
        source = fetch(folder)
        leave_out_families(source)
        flags = cmake_flags(folder, native=native)
        pip(
            *("wheel", "--no-deps", "--no-cache-dir", "--verbose", "-w", str(output)),
            *("-C", f"wheel.exclude={FOR_COMPILING}", str(source)),
            CMAKE_ARGS=" ".join([os.environ.get("CMAKE_ARGS", ""), *flags]).strip(),
        )
    (wheel,) = output.glob("llama_cpp_python-*.whl")
    if found := faults(wheel, native=native):
        wheel.unlink()
        sys.exit(f"build_llama_cpp: {'; '.join(found)}")
    return wheel


def need_compiler() -> None:
    names = (os.environ.get("CXX", "c++"), "g++", "clang++")
    if os.name != "nt" and not any(
        shutil.which(name) for name in names
    ):  # cmake finds Windows' own
        sys.exit(f"build_llama_cpp: {COMPILERS}")


def fetch(folder: Path) -> Path:
    """Download and unpack the source; its folder."""
    requirement = f"llama-cpp-python=={pinned_version()}"
    pip("download", "--no-deps", "--no-binary", "llama-cpp-python", "-d", str(folder), requirement)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    (source,) = (path for path in folder.iterdir() if path.is_dir())
    return source


def leave_out_families(source: Path) -> None:
    """Take the families of LEFT_OUT out of ggml's list, for which it has no option."""
    path = source / "vendor/llama.cpp/ggml/src/CMakeLists.txt"
    text = path.read_text("utf-8")
    for family in LEFT_OUT:
        text, count = re.subn(rf"(?m)^ *ggml_add_cpu_backend_variant\({family}[ )].*\n", "", text)
        if count != 1:
            sys.exit(f"build_llama_cpp: ggml's list of processors has {family} {count} times")
    path.write_text(text, "utf-8")


def cmake_flags(folder: Path, *, native: bool) -> list[str]:
    options = dict(ONCE)
    settings = folder / "settings.cmake"
    settings.write_text(SETTINGS, "utf-8")
    options["CMAKE_PROJECT_llama_cpp_INCLUDE"] = settings.as_posix()
    if not native:
        options["GGML_NATIVE"] = "OFF"
        if wanted_kind(native=native) == "portable":
            options |= {"GGML_BACKEND_DL": "ON", "GGML_CPU_ALL_VARIANTS": "ON"}
    elif has_amx():
        options |= {f"CMAKE_{language}_FLAGS": f"'{WITHOUT_AMX}'" for language in ("C", "CXX")}
    return [f"-D{name}={value}" for name, value in options.items()]


def has_amx() -> bool:
    try:
        return "amx_int8" in Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return False


def pip(*arguments: str, **variables: str) -> None:
    environment = {**os.environ, **variables, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment.pop(
        "SOURCE_DATE_EPOCH", None
    )  # a native build would silently be for old processors
    command = [sys.executable, "-m", "pip", *arguments]
    if code := subprocess.run(command, stdout=sys.stderr, env=environment, check=False).returncode:
        sys.exit(f"build_llama_cpp: pip {arguments[0]} failed with {code}")


def faults(wheel: Path, *, native: bool) -> list[str]:
    """What is wrong with a built wheel: a library that is in it twice, or is missing."""
    seen: dict[str, str] = {}
    found = []
    with zipfile.ZipFile(wheel) as archive:
        for name in (name for name in archive.namelist() if LIBRARY.search(name)):
            digest = hashlib.sha256(archive.read(name)).hexdigest()
            if digest in seen:
                found.append(f"{name} is {seen[digest]} again")
            seen[digest] = name
    names = [Path(name).name for name in seen.values()]
    for wanted in ("llama", "ggml", "ggml-base"):
        if not any(re.fullmatch(rf"(lib)?{wanted}\.(so|dylib|dll)", name) for name in names):
            found.append(f"{wanted} is missing")
    if (kind := kind_of(names)) != (wanted := wanted_kind(native=native)):
        found.append(f"the build is {kind}, not {wanted}")
    return found


if __name__ == "__main__":
    main()
