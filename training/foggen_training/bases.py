"""The base that a chain starts from: a checkpoint's folder, a hub id, or a GGUF.

    foggen-train run RECIPE -o FOLDER --base google/gemma-3-270m
    foggen-train run RECIPE -o FOLDER --base gemma-3-270m-q4_k_m.gguf

It is resolved once; the rounds only see a folder with a tokenizer and weights that load as fp32.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING

from foggen.engine.gguf_header import read_header
from foggen.errors import ConfigurationError
from foggen_export.loading import load_model
from foggen_export.sources import folder_of

from .files import write_json

if TYPE_CHECKING:
    from transformers import PreTrainedConfig


def base_folder(base: str, folder: Path) -> Path:
    """Return the checkpoint folder of a base.

    base: a folder, a hub id (downloaded into the hub's cache) or the path of a GGUF, whose weights are
    dequantized to fp32 into `folder`/base, once. Raises ConfigurationError if there is no checkpoint.
    """
    if base.endswith(".gguf"):
        return dequantized(Path(base), folder / "base")
    checkpoint, _ = folder_of(base)
    if not (checkpoint / "config.json").exists():
        raise ConfigurationError(
            f"{base} is not a checkpoint: {checkpoint / 'config.json'} is missing",
            hint="give a checkpoint's folder, a hub id such as google/gemma-3-270m, or a .gguf file",
        )
    return checkpoint


def dequantized(path: Path, folder: Path) -> Path:
    """Convert a GGUF into a checkpoint of fp32 weights with its tokenizer; the folder appears whole.

    The weights have the file's quantization error, so training starts from slightly other weights than
    the original ones. Raises ModelFileError if the file is not a GGUF, ConfigurationError if it is
    missing or transformers cannot read its architecture.
    """
    if (folder / "config.json").exists():
        return folder
    if not path.is_file():
        raise ConfigurationError(
            f"{path}: there is no such file", hint="check the path of the base"
        )
    config = _config(path)
    from transformers import AutoTokenizer, GgufConfig

    with _quiet_off_terminal():
        model = load_model(
            path.parent,
            gguf_file=path.name,
            config=config,
            quantization_config=GgufConfig(dequantize=True),
        )
    model.config.__dict__.pop("quantization_config", None)  # the weights are no longer quantized
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    model.save_pretrained(partial)
    AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name).save_pretrained(partial)
    write_json(partial / "dequantized.json", {"file": path.name})
    partial.rename(folder)
    return folder


@contextmanager
def _quiet_off_terminal() -> Iterator[None]:
    """Silence the progress bar of transformers' GGUF reader, which has no switch, unless on a terminal."""
    if sys.stderr.isatty():
        yield
        return
    with redirect_stderr(io.StringIO()):
        yield


def _config(path: Path) -> PreTrainedConfig:
    """Read the configuration of a GGUF's model."""
    header = read_header(path)
    from transformers import AutoConfig

    try:
        config: PreTrainedConfig = AutoConfig.from_pretrained(path.parent, gguf_file=path.name)
    except (ValueError, KeyError) as exc:
        raise ConfigurationError(
            f"{path}: transformers cannot read GGUF files of {header.architecture!r}: {exc}",
            hint="give the model as a checkpoint's folder or a hub id",
        ) from exc
    # transformers assumes the architecture's usual head size and ignores the file's.
    if size := header.metadata.get(f"{header.architecture}.attention.key_length"):
        config.head_dim = size
    return config
