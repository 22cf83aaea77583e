"""The command `foggen-train data`: downloads data sets as files for a recipe's `data.folder`.

foggen-train data mmlu mmlu-pro ai2_arc openbookqa medmcqa aqua_rat -o data
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from foggen.config import Settings, load_settings
from foggen.errors import UsageError
from foggen.store.download import Watch
from foggen.store.hub import Listing

from ..files import read_json
from ..recipe import DOMAINS
from .building import SOURCES, Placed, Shares, check_folder, placed, without_repeats, write
from .catalog import KNOWN, DataSet, data_set_of
from .fetching import Fetched, chosen, fetched, listed
from .reading import Item, read


@dataclass(frozen=True)
class DataOptions:
    """The command-line options of `data`. files, domain: override the known values of a set."""

    names: tuple[str, ...]
    output: Path
    files: tuple[str, ...] = ()
    domain: str = ""
    shares: Shares = field(default_factory=Shares)

    def data_sets(self) -> list[DataSet]:
        """The sets, without repeats; raises UsageError for invalid options."""
        if not self.names:
            raise UsageError(
                "no data set is given", hint=f"known: {', '.join(KNOWN)}; or any hub id"
            )
        if self.domain and self.domain not in DOMAINS:
            raise UsageError(f"unknown domain {self.domain!r}", hint=f"known: {', '.join(DOMAINS)}")
        if not 0 < self.shares.test_share < 1:
            raise UsageError(
                f"the test share is {self.shares.test_share}", hint="give one between 0 and 1"
            )
        sets = {one.repo: one for one in map(data_set_of, self.names)}.values()
        if len(sets) > 1 and (self.files or self.domain):
            raise UsageError(
                "--files and --domain are for one data set", hint="leave them out, or name one set"
            )
        return [self._changed(one) for one in sets]

    def _changed(self, data_set: DataSet) -> DataSet:
        if self.files:
            data_set = replace(data_set, files=self.files)
        if self.domain:
            data_set = replace(data_set, domain=self.domain, column="")
        return data_set


@dataclass(frozen=True)
class Converted:
    """One set after reading. left_out: number of rows that could not be used, by reason."""

    listing: Listing
    files: list[Fetched]
    items: list[Item]
    left_out: Counter[str]


def run_data(options: DataOptions, watch: Watch) -> list[Path]:
    """Download the sets and write their files; files that are already here are not downloaded again.

    Returns the written files. Raises UsageError, ConfigurationError, PullError, KeyRefusedError, and
    QuestionError if a set's columns are unknown.
    """
    sets = options.data_sets()
    check_folder(options.output, [one.repo for one in sets])
    settings = load_settings()
    converted = [_converted(one, options.output, settings, watch) for one in sets]
    places = [
        placed(found.items, one.divided, options.shares)
        for one, found in zip(sets, converted, strict=True)
    ]
    for found, kept in zip(converted, places, strict=True):
        if beyond := len(found.items) - sum(map(len, kept.values())):
            found.left_out["above the limit per file"] = beyond
    repeats = without_repeats(places)
    record = {
        "test_share": options.shares.test_share,
        "most": options.shares.most,
        "sets": [
            _entry(found, kept, found.left_out + dropped)
            for found, kept, dropped in zip(converted, places, repeats, strict=True)
        ],
    }
    return write(options.output, places, record)


def _converted(data_set: DataSet, folder: Path, settings: Settings, watch: Watch) -> Converted:
    listing = listed(data_set, settings)
    files = list(fetched(listing, chosen(listing, data_set.files), folder, settings, watch))
    left_out: Counter[str] = Counter()
    items: list[Item] = []
    for file in files:
        watch.say(f"reading {data_set.repo}/{file.name}")
        items += read(data_set, file, left_out)
    return Converted(listing, files, items, left_out)


def _entry(found: Converted, kept: Placed, left_out: Counter[str]) -> dict[str, Any]:
    """The entry of a set in SOURCES.json."""
    return {
        "id": found.listing.repo,
        "commit": found.listing.commit,
        "license": found.listing.license or "not stated in the card",
        "downloaded": {file.name: file.sha256 for file in found.files},
        "rows": sum(map(len, kept.values())) + sum(left_out.values()),
        "kept": {
            f"{domain}.{split}": len(items) for (domain, split), items in sorted(kept.items())
        },
        "left_out": dict(sorted(left_out.items())),
    }


def summary(folder: Path) -> Sequence[str]:
    """One line for each set of a folder: questions kept and left out, and the licence."""
    lines = []
    for entry in read_json(folder / SOURCES)["sets"]:
        left_out = "; ".join(f"{number} {reason}" for reason, number in entry["left_out"].items())
        kept = sum(entry["kept"].values())
        lines.append(
            f"{entry['id']}: {kept} of {entry['rows']} questions, license {entry['license']}"
            + (f" (left out: {left_out})" if left_out else "")
        )
    return lines
