"""`foggen-edge doctor`: prints one line for each check, with a remedy for each problem."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass

from ..config import Settings, is_out_of_reach, load_settings, user_config_file
from ..engine import cores, machine
from ..errors import ConfigurationError, FogGenError
from ..installation import installation, requirement
from ..question.question import clean
from ..routing.cloud import cloud_settings
from ..store.models import describe, locate
from .border import show, show_json
from .models import calibrated

CPU_FEATURES = {  # what a build for this kind of machine should use
    "x86_64": ("AVX2", "FMA", "F16C"),
    "AMD64": ("AVX2", "FMA", "F16C"),
    "aarch64": ("NEON", "DOTPROD"),
    "arm64": ("NEON", "DOTPROD"),
}


@dataclass(frozen=True)
class Finding:
    """The outcome of one check. state: "ok", "note" or "problem". remedy: "" if there is none."""

    check: str
    state: str
    found: str
    remedy: str = ""


def run_doctor(model: str | None, as_json: bool, layout: str | None = None) -> None:
    """Print the findings. Exits with 78 if one of them is a problem."""
    findings = examine(model, layout)
    if as_json:
        show_json({"findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            remedy = f"\n{'':<19}remedy: {finding.remedy}" if finding.remedy else ""
            show(clean(f"{finding.state:<8} {finding.check:<9} {finding.found}{remedy}")[0])
    if any(finding.state == "problem" for finding in findings):
        raise SystemExit(ConfigurationError.exit_code)


def examine(model: str | None, layout: str | None = None) -> list[Finding]:
    """Run all checks. An error becomes a problem, and its hint the remedy."""
    settings = load_settings({"model": model, "layout": layout})
    checks: list[tuple[str, Callable[[], Finding]]] = [
        ("memory", lambda: _memory(settings)),
        ("model", lambda: _model(settings)),
        ("home", lambda: _home(settings)),
        ("cloud", lambda: _cloud(settings)),
    ]
    library = _guarded("llama.cpp", _llama_cpp)
    if library.state != "problem":  # or it would be the problem of each of them
        checks = [
            ("processor", _processor),
            ("threads", lambda: _threads(settings)),
            ("gpu", lambda: _gpu(settings)),
            *checks,
        ]
    return [library, *(_guarded(name, check) for name, check in checks)]


def _guarded(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except FogGenError as error:
        return Finding(name, "problem", error.message, error.hint)
    except (OSError, ImportError) as error:
        return Finding(name, "problem", f"{type(error).__name__}: {error}", _rebuild())


def _rebuild() -> str:
    """The command that builds the library again; it must not load what it repairs."""
    options = "--force-reinstall --no-cache-dir --no-deps"
    command = installation().add(requirement("llama-cpp-python"), options=options)
    return f"rebuild llama-cpp-python on this machine: {command}"


def _llama_cpp() -> Finding:
    """Whether the installed version has the calls that are used; importing `native` looks at them."""
    from ..engine import native

    found = f"{machine.llama_cpp_version()}, {native.build_kind()} build"
    pinned = native.pinned().partition("==")[2]
    if pinned and not machine.llama_cpp_version().endswith(f" {pinned}"):
        return Finding(
            "llama.cpp",
            "note",
            f"{found}; it has the calls that are used, but {pinned} was tested",
            f"{installation().add(native.pinned())} if answers are wrong",
        )
    return Finding("llama.cpp", "ok", found)


def _processor() -> Finding:
    from ..engine import native

    info = native.system_info()
    used = [part.split("=")[0].strip() for part in info.split("|") if part.strip().endswith("= 1")]
    words = " ".join(used).replace("CPU :", "").split()
    missing = [name for name in CPU_FEATURES.get(platform.machine(), ()) if name not in words]
    found = f"{machine.processor_name()}; the build uses {' '.join(words) or 'no extensions'}"
    if missing and native.build_kind().startswith("portable"):
        slower = f"not {' '.join(missing)}, which this processor lacks: answers are slower"
        return Finding("processor", "note", f"{found}; {slower}")
    if missing:
        unset = " (unset SOURCE_DATE_EPOCH first)" if os.environ.get("SOURCE_DATE_EPOCH") else ""
        return Finding(
            "processor", "note", f"{found}; not {' '.join(missing)}", f"{_rebuild()}{unset}"
        )
    return Finding("processor", "ok", found)


def _threads(settings: Settings) -> Finding:
    best, usable = machine.thread_count(), len(cores.usable_processors())
    chosen = settings.threads or _threads_of_the_model(settings)
    found = f"{chosen} of {usable} processors"
    big = cores.big_cores(cores.usable_processors())
    if not big.is_tested and not settings.threads:
        return Finding(
            "threads",
            "note",
            f"{found}; {big.count} big cores by {big.source}, which is untested on this system",
            f"set 'threads' if this machine does not have {big.count} fast cores",
        )
    if chosen > best:
        return Finding(
            "threads", "note", found, f"more than {best} threads are slower: unset 'threads'"
        )
    if chosen > 1:
        return _waiting(found)
    return Finding("threads", "ok", f"{found}; a single thread does not wait")


def _threads_of_the_model(settings: Settings) -> int:
    try:
        return machine.threads_for(locate(settings.model, settings.home)[1].stat().st_size)
    except (OSError, FogGenError):  # the check of the model reports what is wrong
        return machine.thread_count()


def _waiting(found: str) -> Finding:
    """How the threads wait for each other, which decides how fast they are on a busy machine."""
    from ..engine import native

    kind = native.openmp_kind()
    if kind == "gnu":
        return Finding("threads", "ok", f"{found}; threads sleep while they wait (GNU OpenMP)")
    what = "llama.cpp's own threads" if kind == "none" else "LLVM's OpenMP"
    return Finding(
        "threads",
        "note",
        f"{found}; threads spin while they wait ({what})",
        "answers may be much slower while other programs are busy; if so, set threads = 1",
    )


def _gpu(settings: Settings) -> Finding:
    """Whether a GPU is used. The settings' GPU must be supported by the build."""
    from ..engine import native

    native.check_gpu(settings.gpu_layers)
    devices = ", ".join(native.accelerators())
    if settings.gpu_layers:
        return Finding(
            "gpu", "note", f"{settings.gpu_layers} layers on {devices}, which is untested here"
        )
    unused = f"; the build could use {devices}" if devices else ""
    return Finding("gpu", "ok", f"not used: the model runs on the processor{unused}")


def _memory(settings: Settings) -> Finding:
    available = machine.memory_available()
    if available is None:
        return Finding("memory", "note", "free memory is not known on this system")
    try:
        need = 2 * locate(settings.model, settings.home)[1].stat().st_size + (256 << 20)
    except (OSError, FogGenError):
        return Finding(
            "memory", "note", f"{available >> 20} MB free; the model's need is not known"
        )
    found = f"{available >> 20} MB free; the model needs at most {need >> 20} MB"
    if available < need:
        return Finding(
            "memory",
            "problem",
            found,
            "close programs, raise the container's limit, or use a smaller model",
        )
    return Finding("memory", "ok", found)


def _model(settings: Settings) -> Finding:
    found = describe(settings.model, settings.home, settings.layout)
    said = "its own contract" if not found.contract.assumed else "the published contract (assumed)"
    if not found.contract.says_confidence:
        said = "no contract: it answers by its letters"
    text = (
        f"{found.path.name}, {found.header.size / 1e6:.1f} MB, sha256 {found.sha256[:12]}, {said}"
    )
    if said := calibrated(found, settings.home):
        text += f", calibrated {said}"
    return Finding("model", "ok", text)


def _home(settings: Settings) -> Finding:
    remedy = "set FOGGEN_HOME to a folder that you can write to"
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found = f"{settings.home}: {error.strerror}; {_config_file()}"
        return Finding("home", "note", found, remedy)
    if not os.access(settings.home, os.W_OK):
        return Finding("home", "note", f"{settings.home} is read-only; {_config_file()}", remedy)
    return Finding("home", "ok", f"{settings.home}; {_config_file()}")


def _config_file() -> str:
    """Where the user's config file is looked for."""
    path = user_config_file()
    if path is None:
        return "no config file, as this user has no home folder"
    if is_out_of_reach(path):
        return f"no config file, as this user may not look for {path}"
    return f"config file {path}{'' if path.exists() else ' (there is none)'}"


def _cloud(settings: Settings) -> Finding:
    if settings.offline:
        return Finding(
            "cloud",
            "note",
            "offline (FOGGEN_OFFLINE, or the config file): unsure answers are degraded",
        )
    if not settings.cloud_url:
        return Finding(
            "cloud",
            "note",
            "not configured: unsure answers are degraded",
            "set FOGGEN_CLOUD_URL, FOGGEN_CLOUD_MODEL and FOGGEN_CLOUD_KEY",
        )
    cloud = cloud_settings(settings)
    key = "with a key" if settings.cloud_key else "without a key"
    if settings.cloud_headers:
        key += f", extra headers {', '.join(settings.cloud_headers)}"
    return Finding(
        "cloud", "ok", f"{cloud.endpoint}, model {settings.cloud_model}, {key} (not contacted)"
    )
