"""Which contract is written into a GGUF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from foggen.engine.contract import Contract, from_metadata, published, to_metadata
from foggen.errors import ConfigurationError

from .checkpoint import Checkpoint
from .vocabulary import read_vocabulary

PUBLISHED = "published"


def chosen_contract(
    checkpoint: Checkpoint, given: str | None = None, layout: str = "", adapter: str = ""
) -> Contract:
    """The contract that the caller names, or else `contract_for`. given: "published", which is that of the
    published checkpoints of the architecture, or a JSON file with the keys.

    Raises ConfigurationError for a file that is not one; otherwise as `contract_for`.
    """
    if given == PUBLISHED:
        return published(checkpoint.architecture)
    if given is None:
        return contract_for(checkpoint, layout, adapter)
    return from_metadata(_read(Path(given)), checkpoint.architecture, layout)


def contract_for(checkpoint: Checkpoint, layout: str = "", adapter: str = "") -> Contract:
    """The checkpoint's own contract, or the one that the runtime takes for a file of its name. That of a
    model that was not trained to one says no confidence, and is not written.

    layout: the chat layout in place of the one that the template shows. adapter: the folder or hub id of an
    adapter; it may be the one that is named as a published checkpoint. Raises ModelFileError if no layout is
    known to be right, UsageError if the checkpoint's own is another.
    """
    stored = checkpoint.stored_contract()
    if stored is not None:
        return from_metadata(to_metadata(stored), checkpoint.architecture, layout)
    vocabulary = read_vocabulary(checkpoint.folder, checkpoint.whole("vocab_size"))
    keys = {
        "general.name": f"{checkpoint.name} {Path(adapter).name}",
        "tokenizer.chat_template": vocabulary.chat_template or "",
    }
    return from_metadata(keys, checkpoint.architecture, layout)


def _read(path: Path) -> dict[str, Any]:
    """Read the `foggen.*` keys of a JSON file; without the version they would be ignored."""
    try:
        metadata = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as exc:
        raise ConfigurationError(
            f"{path}: {exc}", hint=f"give a JSON file with foggen.* keys, or {PUBLISHED}"
        ) from exc
    if not isinstance(metadata, dict) or "foggen.contract_version" not in metadata:
        raise ConfigurationError(
            f"{path} has no key foggen.contract_version", hint="give all keys of the contract"
        )
    return metadata
