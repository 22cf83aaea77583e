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
        if not isinstance(config, dict):
            raise ModelFileError(f"{path} holds no object", hint="save the checkpoint again")
        given = config.get("architectures") or []
        names = [ARCHITECTURES[name] for name in given if name in ARCHITECTURES]
        if not names:
            raise ModelFileError(
                f"{folder}: architecture {given}",
                hint=f"foggen exports {', '.join(ARCHITECTURES)}",
            )
        return cls(folder, config, names[0])

    def number(self, name: str) -> float:
        """A hyperparameter of the config; ModelFileError if it is missing or no number."""
        value = self.config.get(name)
        if not isinstance(value, int | float):
            raise ModelFileError(
                f"{self.folder}/config.json: {name} is {value!r}", hint="save the checkpoint again"
            )
        return value

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
        from safetensors import SafetensorError, safe_open

        for path in self._weight_files():
            try:
                # torch reads bfloat16, numpy does not
                with safe_open(path, framework="pt") as handle:
                    for name in handle.keys():  # noqa: SIM118 - not a dict
                        yield name, handle.get_tensor(name).float().numpy()
            except SafetensorError as exc:
                raise ModelFileError(f"{path}: {exc}", hint="get the file again") from exc

    def _weight_files(self) -> list[Path]:
        """The safetensors files, complete as far as an index names them."""
        files = sorted(self.folder.glob("*.safetensors"))
        index = self.folder / "model.safetensors.index.json"
        named = json.loads(index.read_text("utf-8"))["weight_map"] if index.is_file() else {}
        missing = sorted(set(named.values()) - {path.name for path in files})
        if missing or not files:
            raise ModelFileError(
                f"{self.folder} has no {', '.join(missing) or '.safetensors file'}",
                hint="save the checkpoint again",
            )
        return files
