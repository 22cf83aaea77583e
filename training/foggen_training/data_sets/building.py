"""Builds the files of all domains from the questions of several data sets, without repeats.

    FOLDER/{domain}.train.jsonl  FOLDER/{domain}.test.jsonl   one question per line
    FOLDER/SOURCES.json          the sets with commits and licences, sha256 of all files, counts
    FOLDER/downloads/            the original files of the sets

The result depends only on the sets' files and the options, so the same commits give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foggen.errors import ConfigurationError
from foggen.store.known_models import sha256_of

from ..files import read_json, write_json
from .reading import TEST, TRAIN, Item

SOURCES = "SOURCES.json"
Placed = dict[tuple[str, str], list[Item]]  # (domain, split) -> questions


@dataclass(frozen=True)
class Shares:
    """test_share: share of test questions in a set that is split again. most: most questions of a set in
    one file, chosen by a hash of the id; 0 means all."""

    test_share: float = 0.3
    most: int = 5000


def placed(items: Iterable[Item], divided: bool, shares: Shares) -> Placed:
    """Sort one set's questions by domain and split.

    divided: ignore the official splits; they are also ignored if one of the two is missing.
    """
    items = list(items)
    anew = divided or {item.split for item in items} != {TRAIN, TEST}
    out: Placed = defaultdict(list)
    for item in items:
        split = TEST if chance(item.id) < shares.test_share else TRAIN
        out[item.domain, split if anew else item.split].append(item)
    if shares.most:
        for key, group in out.items():
            kept = {
                item.id
                for item in sorted(group, key=lambda i: chance(f"most-{i.id}"))[: shares.most]
            }
            out[key] = [item for item in group if item.id in kept]
    return out


def chance(text: str) -> float:
    """A number in [0, 1) made from a text, always the same."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64


def without_repeats(sets: Sequence[Placed]) -> list[Counter[str]]:
    """Drop repeated questions in place; returns the number dropped from each set, by reason.

    A training question is dropped if a test question has the same stem, whatever the options. Within a
    split, questions with the same stem and options are repeats, and the first set keeps its question.
    """
    dropped = [Counter[str]() for _ in sets]
    seen: set[str] = set()
    stems: set[str] = set()
    for split in (TEST, TRAIN):
        for places, counts in zip(sets, dropped, strict=True):
            for key in [key for key in places if key[1] == split]:
                kept = []
                for item in places[key]:
                    stem = letters(item.question)
                    whole = "|".join((stem, *sorted(map(letters, item.options))))
                    if split == TRAIN and stem in stems:
                        counts["its question is in a test file"] += 1
                    elif whole in seen:
                        counts["repeated"] += 1
                    else:
                        kept.append(item)
                        seen.add(whole)
                        if split == TEST:
                            stems.add(stem)
                places[key] = kept
    return dropped


def letters(text: str) -> str:
    """Normalize a text for comparison: only letters and digits, lower case, one Unicode form."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def check_folder(folder: Path, repos: Sequence[str]) -> None:
    """Raise ConfigurationError if writing would overwrite or remove other data."""
    if not folder.exists():
        return
    known = read_json(folder / SOURCES)["sets"] if (folder / SOURCES).exists() else []
    there = sorted(path.name for path in folder.glob("*.*.jsonl"))
    if there and not known:
        raise ConfigurationError(
            f"{folder} holds {there[0]}, which this command did not write",
            hint="give another folder",
        )
    if missing := [entry["id"] for entry in known if entry["id"] not in repos]:
        raise ConfigurationError(
            f"{folder} also holds {', '.join(missing)}",
            hint="name all sets, or give another folder",
        )


def write(folder: Path, sets: Sequence[Placed], record: Mapping[str, Any]) -> list[Path]:
    """Write the files and SOURCES.json; remove files of an earlier run that have no questions now."""
    rows: dict[str, list[str]] = defaultdict(list)
    for places in sets:
        for (domain, split), items in sorted(places.items()):
            rows[f"{domain}.{split}.jsonl"] += [
                json.dumps(item.row(split), ensure_ascii=False) for item in items
            ]
    rows = {name: lines for name, lines in sorted(rows.items()) if lines}
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.*.jsonl"):
        if path.name not in rows:
            path.unlink()
    written = {}
    for name, lines in rows.items():
        partial = folder / f"{name}.partial"
        partial.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        partial.replace(folder / name)
        written[name] = {"questions": len(lines), "sha256": sha256_of(folder / name)}
    write_json(folder / SOURCES, {"files": written, **record})
    return [folder / name for name in written]
