"""How this copy of FogGen was installed, and the command that adds a package to it.

Every hint that tells a user to install something is made here, so that it names the tool that the user has.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

MAKER = "this program was packed without it; use foggen from PyPI or from a checkout"


@dataclass(frozen=True)
class Installation:
    """The way in which a copy was installed.

    kind: "checkout" (with the .venv of `make setup`), "editable" (a checkout in another environment), "pipx",
    "uv tool", "uv", "pip", or "bundle" (a program that was packed, by PyInstaller for instance).
    checkout: the folder of the first two kinds; otherwise None.
    """

    kind: str
    checkout: Path | None = None

    def add_extra(self, extra: str) -> str:
        """The command that installs an extra, such as "export"."""
        package = f"'foggen[{extra}]'"
        return {
            "checkout": f"make -C '{self.checkout}' setup",
            "editable": f"pip install -e '{self.checkout}[{extra}]'",
            "pipx": f"pipx install --force {package}",
            "uv tool": f"uv tool install {package}",
            "uv": f"uv pip install {package}",
            "bundle": MAKER,
        }.get(self.kind, f"pip install {package}")

    def add(self, requirement: str, *, options: str = "") -> str:
        """The command that installs a requirement, such as "llama-cpp-python==1.2.3".

        options: further options of `pip install`, which uv has under the same names.
        """
        wanted = f"install {options} '{requirement}'" if options else f"install '{requirement}'"
        return {
            "checkout": f"'{self.checkout}/.venv/bin/pip' {wanted}",
            "pipx": f"pipx runpip foggen {wanted}",
            "uv tool": f"uv tool install --reinstall --with '{requirement}' foggen",
            "uv": f"uv pip {wanted}",
            "bundle": MAKER,
        }.get(self.kind, f"pip {wanted}")


def installation() -> Installation:
    """How the running copy was installed."""
    if getattr(sys, "frozen", False):
        return Installation("bundle")
    return found_in(Path(sys.prefix), Path(__file__).parents[2], has_pip=bool(find_spec("pip")))


def requirement(package: str) -> str:
    """What foggen requires of a package, such as "llama-cpp-python==1.2.3"; without metadata, its name."""
    try:
        wanted = metadata.requires("foggen") or []
    except metadata.PackageNotFoundError:  # a bundle without metadata
        wanted = []
    return next((line for line in wanted if line.startswith(package)), package)


def found_in(prefix: Path, checkout: Path, *, has_pip: bool) -> Installation:
    """How a copy was installed.

    prefix: the environment's folder. checkout: the folder that is a checkout if the package runs from one.
    """
    if (checkout / "edge/foggen").is_dir() and (checkout / "pyproject.toml").is_file():
        is_own = prefix.resolve() == (checkout / ".venv").resolve()
        return Installation("checkout" if is_own else "editable", checkout)
    if (prefix / "pipx_metadata.json").is_file():
        return Installation("pipx")
    if (prefix / "uv-receipt.toml").is_file():
        return Installation("uv tool")
    return Installation("pip" if has_pip or not _made_by_uv(prefix) else "uv")


def _made_by_uv(prefix: Path) -> bool:
    """Whether `uv venv` made the environment, which has no pip of its own."""
    try:
        lines = (prefix / "pyvenv.cfg").read_text("utf-8").splitlines()
    except OSError:
        return False
    return any(line.partition("=")[0].strip() == "uv" for line in lines)
