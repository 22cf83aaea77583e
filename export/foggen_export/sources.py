"""Opening a checkpoint from a folder, from a repository of the hub, or from a base with an adapter."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from foggen.engine.contract import Contract
from foggen.errors import ConfigurationError

from .adapters import Adapted
from .checkpoint import CONTRACT_FILE, Checkpoint
from .gguf_file import placed
from .loading import load_model
from .spoken import Spoken, spoken_by

WANTED = [
    "*.safetensors",
    "*.safetensors.index.json",
    "*.jinja",
    *(
        f"{name}.json"
        for name in (
            "config",
            "generation_config",
            "tokenizer",
            "tokenizer_config",
            "special_tokens_map",
            "added_tokens",
            "vocab",
            "adapter_config",
        )
    ),
    CONTRACT_FILE,
    "merges.txt",
    "README.md",
]


def fetched(source: str, revision: str | None = None) -> Checkpoint:
    """Open the checkpoint of a folder or hub id; only files that an export needs are downloaded.

    Raises ConfigurationError if there is none or it cannot be downloaded.
    """
    folder, commit = folder_of(source, revision)
    return Checkpoint.open(folder, source, commit)


def folder_of(source: str, revision: str | None = None) -> tuple[Path, str]:
    """The folder of a source, and the commit of the hub's repository, "" for a local folder."""
    folder = Path(source)
    if folder.exists() or source.count("/") != 1 or source.startswith((".", "/", "~")):
        return folder, ""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    from huggingface_hub.utils.tqdm import disable_progress_bars

    if not sys.stderr.isatty():
        disable_progress_bars()
    try:
        found = Path(snapshot_download(source, revision=revision, allow_patterns=WANTED))
    except (HfHubHTTPError, LocalEntryNotFoundError, HFValidationError, OSError) as exc:
        reason = next((line for line in str(exc).splitlines() if line.strip()), type(exc).__name__)
        raise ConfigurationError(
            f"{source} cannot be downloaded from the hub: {reason}",
            hint="check the id, HF_TOKEN and HF_ENDPOINT; or give a folder",
        ) from exc
    return found, found.name  # the hub's cache names a snapshot's folder by its commit


@contextmanager
def merged(
    base: Checkpoint, adapter: str, folder: Path, contract: Contract | None = None
) -> Iterator[tuple[Checkpoint, Spoken | None]]:
    """Merge a LoRA adapter into a base, in fp32, in a temporary folder inside `folder`.

    contract: prompts for the live adapter before the merge; its logits are returned with the checkpoint,
    for `parity.merge_parity`. Raises ModelFileError for an adapter of another model.
    """
    placed(base, "f32")  # unknown tensors raise here; loading and saving would drop them silently
    with TemporaryDirectory(prefix=".foggen-merge-", dir=folder) as temporary:
        output = Path(temporary) / base.name
        adapted = Adapted.of(load_model(base.folder), folder_of(adapter)[0])
        live = spoken_by(adapted, base.folder, contract) if contract else None
        adapted.merged().save_pretrained(output)
        del adapted  # free its memory for the next steps
        _copy_the_rest(base.folder, output)
        yield Checkpoint.open(output, f"{base.source} with {adapter}", base.commit), live


def _copy_the_rest(base: Path, output: Path) -> None:
    for path in base.iterdir():  # tokenizer and other files are copied unchanged
        is_weights = path.name.endswith((".safetensors", ".index.json"))
        if path.is_file() and not is_weights and not (output / path.name).exists():
            shutil.copy2(path, output / path.name)
