"""Running the command line where torch, transformers and their kin cannot be imported, as in the base install."""

from __future__ import annotations

import os
from pathlib import Path

BLOCKED = ("torch", "transformers", "safetensors", "peft", "accelerate")
# Python imports it at the start of every process, also of those that the command starts.
SITECUSTOMIZE = f"""
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocked())
"""


def environment(folder: Path) -> dict[str, str]:
    """Variables for a process that cannot import them. folder: an empty one."""
    (folder / "sitecustomize.py").write_text(SITECUSTOMIZE, "utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}
