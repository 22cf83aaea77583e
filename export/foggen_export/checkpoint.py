"""A merged checkpoint on disk, as transformers writes it: its config and its tensors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foggen.engine.contract import Contract
from foggen.errors import ConfigurationError, ModelFileError

from .json_files import read_object
from .safetensors_file import FLOATS, TensorInfo, read_table
from .text_part import TEXT_CONFIG, text_config, text_name
from .weight_files import check_index, weight_files

ARCHITECTURES = {  # GGUF's names
    "Qwen3ForCausalLM": "qwen3",
    "Gemma3ForCausalLM": "gemma3",
    "Gemma3ForConditionalGeneration": "gemma3",
}
EMBEDDING, HEAD = "model.embed_tokens.weight", "lm_head.weight"
ADAPTER_FILE = "adapter_config.json"
CONTRACT_FILE = "foggen.json"  # the plan that the weights were trained with


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

    def stored_contract(self) -> Contract | None:
        """The contract that the checkpoint was trained with, if its folder has it; a chain's has."""
        path = self.folder / CONTRACT_FILE
        if not path.is_file():
            return None
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
            for entry in read_table(path):
                if entry.name in files:
                    raise ModelFileError(
                        f"{self.folder} has {entry.name} in {files[entry.name]} and in {path.name}",
                        hint="remove the files that were left over from another checkpoint",
                    )
                files[entry.name] = path.name
                if name := text_name(entry.name):
                    kind = self._float(entry.dtype, entry.name)
                    yield TensorInfo(name, entry.shape, kind, path, entry.offset, entry.name)
        check_index(self.folder, files)

    def _float(self, kind: str, name: str) -> str:
        if kind not in FLOATS:
            raise ModelFileError(
                f"{self.folder}: tensor {name!r} is {kind}",
                hint=f"export needs {', '.join(FLOATS)}; give the unquantized checkpoint",
            )
        return FLOATS[kind]
