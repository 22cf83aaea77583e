"""Judging a model by the first bytes of its GGUF, or by its config.json, before the rest is downloaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..engine.gguf_header import read_head
from ..engine.layouts import check_architecture
from ..errors import ModelFileError
from .web import Cut, Remote, check_no_page, get, pieces

HEAD = 64 << 10  # bytes; a GGUF names its architecture in the first few hundred
LFS_POINTER = b"version https://git-lfs"
LANGUAGE_MODELS = ("ForCausalLM", "ForConditionalGeneration")  # how transformers' classes end
OTHER_REPOSITORY = "pull another repository"
# general.type of the GGUFs that are no models.
OTHER_TYPES = {
    "adapter": "an adapter",
    "mmproj": "a projector of images",
    "imatrix": "an importance matrix",
}


def check_head(remote: Remote, stall_s: float) -> None:
    """Raise ModelFileError if the first bytes of a GGUF show that it cannot be used.

    Raises PullError and KeyRefusedError as the download would; a connection that is cut is left to it.
    """
    try:
        head = _first_bytes(remote, stall_s)
    except Cut:
        return
    if head.startswith(LFS_POINTER):
        raise ModelFileError(
            f"{remote.shown} is the Git LFS pointer to a file, not the file",
            hint="give the address with /resolve/ in place of /raw/",
        )
    check_kind(read_head(head, remote.shown))


def check_kind(metadata: dict[str, Any]) -> None:
    """Raise ModelFileError for a GGUF that is no model, or one of an architecture that does not run.

    metadata: the first of its keys.
    """
    kind = OTHER_TYPES.get(str(metadata.get("general.type", "")))
    if kind:
        raise ModelFileError(f"it is {kind}, not a model", hint="pull the model that it belongs to")
    if "general.architecture" in metadata:
        check_architecture(str(metadata["general.architecture"]))


def check_config(path: Path) -> None:
    """Raise ModelFileError for the config.json of a checkpoint that is no language model that runs."""
    try:
        config = dict(json.loads(path.read_text("utf-8-sig")))
        kind = str(config.get("model_type") or "")
        classes = [str(name) for name in config.get("architectures") or ()]
    except (ValueError, TypeError) as exc:
        raise ModelFileError(f"its config.json is damaged: {exc}") from exc
    if config and not (kind or classes):
        raise ModelFileError("its config.json names no architecture", hint=OTHER_REPOSITORY)
    if kind:  # transformers' "gemma3_text" is GGUF's "gemma3"
        check_architecture(kind.removesuffix("_text"))
    if classes and not any(name.endswith(LANGUAGE_MODELS) for name in classes):
        raise ModelFileError(f"it is a {classes[0]}, which writes no text", hint=OTHER_REPOSITORY)


def _first_bytes(remote: Remote, stall_s: float) -> bytes:
    head = b""
    with get(remote, stall_s, {"Range": f"bytes=0-{HEAD - 1}"}) as response:
        for piece in pieces(response, remote, stall_s):  # a server may ignore the range
            head += piece
            if len(head) >= HEAD:
                break
        check_no_page(remote, response, head)
    return head
