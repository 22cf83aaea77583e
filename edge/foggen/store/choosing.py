"""Which of a repository's GGUF files is the model: the quantization, all pieces of it, and no other kind."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..errors import ConfigurationError, ModelFileError, PullError
from .download import megabytes
from .hub import HubFile, Listing

# It works for every shape (k-quants do not fit Gemma's rows), has fast kernels on ARM, and leaves the
# confidence calibrated. 4 bits are 1.3 times faster on x86, but must be asked for.
PREFERRED = "q8_0"
# What else is published as a GGUF, by the word in its name. A model may have such a word in its name too, so
# that a file which is asked for by its name is judged by its header (`heads.py`).
OTHER_KINDS = {
    "mmproj": "a projector of images",
    "imatrix": "an importance matrix",
    "lora": "an adapter",
    "adapter": "an adapter",
    "mtp": "a draft head",
}
OTHER_NAMES = {"fp16": "f16", "fp32": "f32"}
_KIND = re.compile(rf"(?:^|[-._])({'|'.join(OTHER_KINDS)})(?=[-._])", re.IGNORECASE)
_QUANT = re.compile(
    r"(?:^|[-._/])(i?q\d\w*|t?q\d\w*|bf16|fp?16|fp?32|mxfp4\w*)(?:$|\.gguf$|/)", re.IGNORECASE
)
_PIECE = re.compile(r"-(\d{5})-of-(\d{5})(?=\.gguf$)", re.IGNORECASE)


@dataclass(frozen=True)
class Choice:
    """A model among a repository's files: one file, or all pieces of one, in order."""

    files: tuple[HubFile, ...]

    @property
    def name(self) -> str:
        """The path of the file, or of what its pieces make."""
        return whole_name(self.files[0].name)

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def quant(self) -> str:
        return quant_of(self.name)


def whole_name(name: str) -> str:
    """The name of a file without the number of its piece."""
    return _PIECE.sub("", name)


def piece_names(name: str) -> list[str]:
    """The names of all pieces of a model, from that of one; a file in one piece has one name."""
    found = _PIECE.search(name)
    if not found:
        return [name]
    numbers = range(1, int(found[2]) + 1)
    return [f"{name[: found.start()]}-{n:05d}-of-{found[2]}{name[found.end() :]}" for n in numbers]


def quant_of(name: str) -> str:
    """The quantization in a file's name, or else in its folder's ("q8_0"), or an empty text."""
    found = [match[1].lower() for match in _QUANT.finditer(whole_name(name))]
    return OTHER_NAMES.get(found[-1], found[-1]) if found else ""


def choose(listing: Listing, file: str, quant: str) -> Choice | None:
    """Choose a model: the named file, the one of this quantization, the only one, or the preferred one.

    file: the name of a file, of one of its pieces, or of a folder. Returns None if the repository has no
    GGUF, but a checkpoint. Raises ModelFileError if it has no model or not all pieces of it, PullError if
    the named file does not exist, ConfigurationError if the choice is ambiguous.
    """
    ggufs = [entry for entry in listing.files if entry.name.lower().endswith(".gguf")]
    if file:
        below = f"{file.rstrip('/')}/"
        ggufs = [
            entry
            for entry in ggufs
            if whole_name(entry.name) == whole_name(file) or entry.name.startswith(below)
        ]
        if not ggufs:
            raise PullError(
                f"{listing.repo} has no file {file} that is a GGUF",
                hint="leave out the file's name",
            )
    choices = _choices(listing, ggufs)
    if file and len(choices) == 1:
        return choices[0]
    models = [choice for choice in choices if not _other_kind(choice.name)]
    if not models:
        if choices and not listing.checkpoint():
            raise _no_model(listing, choices[0])
        return None
    return _one_of(listing, models, quant)


def _choices(listing: Listing, ggufs: list[HubFile]) -> list[Choice]:
    """The files, those that are pieces of one model as one. Raises ModelFileError if a piece is missing."""
    by_name: dict[str, list[HubFile]] = defaultdict(list)
    for entry in sorted(ggufs, key=lambda entry: entry.name):
        by_name[whole_name(entry.name)].append(entry)
    for files in by_name.values():
        names = {entry.name for entry in files}
        if missing := [name for name in piece_names(files[0].name) if name not in names]:
            raise ModelFileError(
                f"{listing.repo} lacks {missing[0]}, a piece of its model",
                hint="pull another file of it, or another repository",
            )
    return [Choice(tuple(files)) for files in by_name.values()]


def _other_kind(name: str) -> str:
    """What a file is by its name, where that is no model, or an empty text."""
    found = _KIND.search(PurePosixPath(name).name)
    return OTHER_KINDS[found[1].lower()] if found else ""


def _no_model(listing: Listing, choice: Choice) -> ModelFileError:
    return ModelFileError(
        f"{listing.repo} has no model: by its name, {choice.name} is {_other_kind(choice.name)}",
        hint=f"if it is a model all the same, pull {listing.repo}/{choice.files[0].name}",
    )


def _one_of(listing: Listing, models: list[Choice], quant: str) -> Choice:
    wanted = quant.lower() or (PREFERRED if len(models) > 1 else "")
    wanted = OTHER_NAMES.get(wanted, wanted)
    fitting = [choice for choice in models if wanted in ("", choice.quant)]
    # "UD-Q4_K_XL" is more than a quantization: some publishers have several files of one.
    fitting = fitting or [choice for choice in models if _ends_with(choice.name, wanted)]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"{choice.name} ({megabytes(choice.size)})" for choice in models)
    number = "no" if not fitting else "more than one"
    raise ConfigurationError(
        f"{listing.repo} has {number} GGUF file of quant {wanted}: {listed}",
        hint=f"choose one with -q, or by its name: {listing.repo}/{models[0].files[0].name}",
    )


def _ends_with(name: str, wanted: str) -> bool:
    return re.search(rf"(?i)(^|[-._/]){re.escape(wanted)}(\.gguf$|/)", name) is not None
