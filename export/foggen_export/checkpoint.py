"""A merged checkpoint on disk, as transformers writes it: its config and its tensors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foggen.engine.contract import Contract, published
from foggen.errors import ConfigurationError, ModelFileError

from .json_files import read_object
from .text_part import TEXT_CONFIG, text_config, text_name
from .weight_files import check_index, weight_files

if TYPE_CHECKING:
    import torch

ARCHITECTURES = {  # GGUF's names
    "Qwen3ForCausalLM": "qwen3",
    "Gemma3ForCausalLM": "gemma3",
    "Gemma3ForConditionalGeneration": "gemma3",
}
EMBEDDING, HEAD = "model.embed_tokens.weight", "lm_head.weight"
ADAPTER_FILE = "adapter_config.json"
CONTRACT_FILE = "foggen.json"  # the plan that the weights were trained with
ROWS = 4096  # rows of a matrix that are compared at a time
FLOATS = {"F32": "f32", "F16": "f16", "BF16": "bf16"}  # safetensors' names -> ours


@dataclass(frozen=True)
class TensorInfo:
    """A tensor in a file. name: as a model of text alone has it. kind: "f32", "f16" or "bf16". own_name:
    in the file, if it is another."""

    name: str
    shape: tuple[int, ...]
    kind: str
    path: Path
    own_name: str = ""

    @property
    def stored(self) -> str:
        """The name in the file."""
        return self.own_name or self.name

    def values(self) -> torch.Tensor:
        """Read the values as they are stored."""
        from safetensors import safe_open

        with safe_open(self.path, framework="pt") as handle:
            found: torch.Tensor = handle.get_tensor(self.stored)
            return found

    def equals(self, other: TensorInfo) -> bool:
        """Whether two matrices have the same values; compared some rows at a time."""
        import torch
        from safetensors import safe_open

        if self.shape != other.shape:
            return False
        with safe_open(self.path, "pt") as mine, safe_open(other.path, "pt") as theirs:
            here, there = mine.get_slice(self.stored), theirs.get_slice(other.stored)
            starts = range(0, self.shape[0], ROWS)
            return all(
                torch.equal(here[start : start + ROWS].float(), there[start : start + ROWS].float())
                for start in starts
            )


@dataclass(frozen=True)
class Checkpoint:
    """A folder with config.json, safetensors files and a tokenizer. source: the folder or hub id that
    was given. commit: commit of the hub's repository, "" for a folder."""

    folder: Path
    config: dict[str, Any]
    architecture: str
    source: str = ""
    commit: str = ""

    @classmethod
    def open(cls, folder: Path, source: str = "", commit: str = "") -> Checkpoint:
        """Open a checkpoint; raises ConfigurationError if it is none, ModelFileError if its kind is
        unknown."""
        path = folder / "config.json"
        if not path.is_file():
            raise ConfigurationError(
                f"{folder} has no config.json", hint="give a merged checkpoint's folder or a hub id"
            )
        if (folder / ADAPTER_FILE).is_file():  # transformers would load the adapter as well
            raise ModelFileError(
                f"{folder} holds an adapter as well as weights",
                hint="move the adapter to its own folder, and give that with --adapter",
            )
        config = read_object(path)
        given = config.get("architectures") or []
        names = [ARCHITECTURES[name] for name in given if name in ARCHITECTURES]
        if not names:
            raise ModelFileError(
                f"{folder}: unknown architecture {given}",
                hint=f"foggen exports {', '.join(ARCHITECTURES)}",
            )
        config = text_config(config) if TEXT_CONFIG in config else config
        return cls(folder, config, names[0], source or str(folder), commit)

    def number(self, name: str) -> float:
        """A hyperparameter of the config; raises ModelFileError if it is missing or not a number."""
        value = self.config.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ModelFileError(
                f"{self.folder}/config.json: {name} is {value!r}", hint="save the checkpoint again"
            )
        return value

    def whole(self, name: str) -> int:
        return int(self.number(name))

    @property
    def tied(self) -> bool:
        """Whether the config ties the head to the embedding; Gemma's does by default."""
        return bool(self.config.get("tie_word_embeddings", self.architecture == "gemma3"))

    @property
    def name(self) -> str:
        """A short name for files: that of the folder or of the hub's repository."""
        return (
            self.source.rstrip("/").rsplit("/", 1)[-1]
            if self.commit
            else self.folder.resolve().name
        )

    def contract(self) -> Contract:
        """The contract that the checkpoint was trained with if it is stored, or the published one."""
        path = self.folder / CONTRACT_FILE
        if not path.is_file():
            return published(self.architecture)
        plan = read_object(path)
        try:
            return Contract(str(plan["chat_layout"]), str(plan["system_prompt"]))
        except KeyError as exc:
            raise ModelFileError(f"{path} has no {exc}", hint="save the checkpoint again") from exc

    def tensors(self) -> Iterator[TensorInfo]:
        """Yield every tensor that goes into a GGUF, without reading its values.

        A head that differs from the embedding is included even if the config says that they are tied;
        transformers ties two matrices only if they are equal. Raises ModelFileError for a damaged file,
        and at the end if the embedding or the head is missing.
        """
        stored = {tensor.name: tensor for tensor in self._stored()}
        both = EMBEDDING in stored and HEAD in stored
        if both and self.tied and stored[HEAD].equals(stored[EMBEDDING]):
            del stored[HEAD]
        yield from stored.values()
        for name in (EMBEDDING,) if self.tied else (EMBEDDING, HEAD):
            if name not in stored:  # transformers would initialise it at random
                raise ModelFileError(
                    f"{self.folder} has no {name}, but tie_word_embeddings is {str(self.tied).lower()}",
                    hint="save all weights again, with the config that belongs to them",
                )

    def _stored(self) -> Iterator[TensorInfo]:
        """The tensors of the text model, whatever their files' names for them. Raises ModelFileError for
        a damaged file, for a tensor in two files, and for an index that says otherwise."""
        files: dict[str, str] = {}
        for path in weight_files(self.folder):
            for own_name, shape, kind in self._in_file(path):
                if own_name in files:
                    raise ModelFileError(
                        f"{self.folder} has {own_name} in {files[own_name]} and in {path.name}",
                        hint="remove the files that were left over from another checkpoint",
                    )
                files[own_name] = path.name
                if name := text_name(own_name):
                    yield TensorInfo(name, shape, self._float(kind, own_name), path, own_name)
        check_index(self.folder, files)

    def _in_file(self, path: Path) -> Iterator[tuple[str, tuple[int, ...], str]]:
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="pt") as handle:
                for name in handle.keys():  # noqa: SIM118 - not a dict
                    part = handle.get_slice(name)
                    yield name, tuple(part.get_shape()), part.get_dtype()
        except SafetensorError as exc:
            raise ModelFileError(f"{path}: {exc}", hint="get the file again") from exc

    def _float(self, kind: str, name: str) -> str:
        if kind not in FLOATS:
            raise ModelFileError(
                f"{self.folder}: tensor {name!r} is {kind}",
                hint=f"export needs {', '.join(FLOATS)}; give the unquantized checkpoint",
            )
        return FLOATS[kind]
