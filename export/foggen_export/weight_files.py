"""Which files of a folder hold a checkpoint's weights; two sets of weights are refused, not chosen from."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from foggen.errors import ModelFileError

from .json_files import read_object

SINGLE, INDEX = "model.safetensors", "model.safetensors.index.json"
OTHER_FORMAT = "consolidated"  # the same weights with other names, beside those of transformers
OLD_FILES = "pytorch_model*.bin"
_SHARD = re.compile(r"(?P<set>.+)-(?P<number>\d{5})-of-(?P<total>\d{5})\.safetensors")


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files of a checkpoint: those that its index names, or else all.

    pytorch_model.bin and consolidated.safetensors are left out, as transformers leaves them out. Raises
    ModelFileError if there are none, if one is missing, or if there are two sets.
    """
    present = {path.name for path in folder.glob("*.safetensors")}
    indexed = set(_indexed_tensors(folder).values())
    sets = _sets(present)
    named = indexed or next(iter(sets.values()), present)
    if missing := sorted(named - present):
        raise ModelFileError(
            f"{folder} has no {missing[0]}", hint="get the file, or save the checkpoint again"
        )
    others = sorted(name for name in present - named if name == SINGLE or _SHARD.fullmatch(name))
    if others:
        raise ModelFileError(
            f"{folder} has two sets of weights: {min(named)} and {others[0]}",
            hint="remove the one that was left over",
        )
    used = indexed or {name for name in present if not name.startswith(OTHER_FORMAT)}
    if not used:
        raise _none(folder)
    return [folder / name for name in sorted(used)]


def check_index(folder: Path, found: dict[str, str]) -> None:
    """Raise ModelFileError unless the index agrees with the files. found: tensors, with their files' names."""
    for name, file in _indexed_tensors(folder).items():
        if found.get(name) != file:
            where = f"is in {found[name]}" if name in found else "is in none of the files"
            raise ModelFileError(
                f"{folder}/{INDEX} places {name} in {file}, but it {where}",
                hint="get the files of one checkpoint again",
            )


def _indexed_tensors(folder: Path) -> dict[str, str]:
    path = folder / INDEX
    if not path.is_file():
        return {}
    places = read_object(path).get("weight_map")
    if not isinstance(places, dict) or not all(isinstance(name, str) for name in places.values()):
        raise ModelFileError(f"{path} has no weight_map", hint="save the checkpoint again")
    return places


def _sets(present: set[str]) -> dict[tuple[str, str], set[str]]:
    """The names of all shards of each set, whether they are present or not."""
    sets: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name in sorted(present):
        if found := _SHARD.fullmatch(name):
            numbers = range(1, int(found["total"]) + 1)
            sets[found["set"], found["total"]] = {
                f"{found['set']}-{number:05d}-of-{found['total']}.safetensors" for number in numbers
            }
    return sets


def _none(folder: Path) -> ModelFileError:
    old = sorted(path.name for path in folder.glob(OLD_FILES))
    if old:
        return ModelFileError(
            f"{folder} has no .safetensors file, only {old[0]}",
            hint="load it with transformers, and save it again with save_pretrained",
        )
    return ModelFileError(f"{folder} has no .safetensors file", hint="save the checkpoint again")
