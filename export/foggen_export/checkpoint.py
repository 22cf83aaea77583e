"""A merged checkpoint on disk, as transformers writes it: its config, its tensors one at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foggen.errors import ConfigurationError, ModelFileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

ARCHITECTURES = {"Qwen3ForCausalLM": "qwen3"}  # transformers' class -> GGUF's name


@dataclass(frozen=True)
class Checkpoint:
    """A folder with config.json, safetensors files and a tokenizer."""

    folder: Path
    config: dict[str, Any]
    architecture: str

    @classmethod
    def open(cls, folder: Path) -> Checkpoint:
        """Raises ConfigurationError if it is no checkpoint, ModelFileError for an unknown kind."""
        path = folder / "config.json"
        if not path.is_file():
            raise ConfigurationError(
                f"{folder} has no config.json", hint="give a merged checkpoint's folder"
            )
        try:
            config = json.loads(path.read_text("utf-8"))
        except ValueError as exc:
            raise ModelFileError(f"{path}: {exc}", hint="save the checkpoint again") from exc
        names = [
            ARCHITECTURES[name] for name in config.get("architectures", []) if name in ARCHITECTURES
        ]
        if not names:
            raise ModelFileError(
                f"{folder}: architecture {config.get('architectures')}",
                hint=f"foggen exports {', '.join(ARCHITECTURES)}",
            )
        return cls(folder, config, names[0])

    @property
    def rope_theta(self) -> float:
        """The rotary base, under the name of transformers 5 or the one before."""
        parameters = self.config.get("rope_parameters") or {}
        return float(parameters.get("rope_theta") or self.config.get("rope_theta") or 10_000.0)

    @property
    def tied(self) -> bool:
        return bool(self.config.get("tie_word_embeddings", False))

    def tensors(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        """Names and fp32 values, one tensor in memory at a time."""
        from safetensors import safe_open

        files = sorted(self.folder.glob("*.safetensors"))
        if not files:
            raise ModelFileError(
                f"{self.folder} has no .safetensors file", hint="save the checkpoint again"
            )
        for path in files:
            with safe_open(path, framework="pt") as handle:  # torch reads bfloat16, numpy does not
                for name in handle.keys():  # noqa: SIM118 - not a dict
                    yield name, handle.get_tensor(name).float().numpy()
