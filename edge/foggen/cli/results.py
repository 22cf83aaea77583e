"""The results of `batch`: reading them, matching them with rows, and replacing older ones.

A result is a line `{"question_sha256": ..., "id": ..., ...}` with a reply, or with an error and its
exit code. The hash identifies the question, even if it has moved within the source.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .border import CONTROLS
from .rows import Key, Row, name_of


@dataclass(frozen=True, eq=False)
class Result:
    """One line of results, and what decides whether it is good enough.

    sha256: the hash of the question; empty in an older form of results, which did not record it.
    """

    line: bytes
    name: str | None
    sha256: str
    failed: bool
    degraded: bool
    unsure: bool
    is_dry: bool

    @property
    def key(self) -> Key:
        return self.name, self.sha256

    @classmethod
    def of(cls, value: Mapping[str, Any], line: bytes = b"") -> Result:
        """The result in a JSON object. line: the line of the file that it was read from, if any."""
        return cls(
            line=line or _line(value),
            name=name_of(value["id"]),
            sha256=str(value.get("question_sha256", "")),
            failed="error" in value,
            degraded=value.get("degraded") is True,
            unsure=value.get("sure", True) is False and value.get("cloud") is None,
            is_dry=value.get("dry_run") is True,
        )

    @classmethod
    def parse(cls, line: bytes) -> Result | None:
        """The result in a line of a file, or None if the line holds anything else."""
        # Not `text_files.decoded`, which accepts UTF-16 too: results are appended in UTF-8.
        try:
            value = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return None
        if not isinstance(value, dict) or "id" not in value:
            return None
        has_hash = isinstance(value.get("question_sha256"), str)
        is_error = isinstance(value.get("error"), str) and "exit_code" in value
        is_reply = "schema" in value and "route" in value
        return cls.of(value, line) if has_hash or is_error or is_reply else None


def _line(value: Mapping[str, Any]) -> bytes:
    """A JSON object as one line. Control characters and lone surrogates are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    text = CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return f"{text}\n".encode("utf-8", "backslashreplace")


def matched(
    rows: Sequence[Row], results: Iterable[Result], is_enough: Callable[[Result], bool]
) -> list[Result | None]:
    """For each row, the result that answers it, or None if the row must be asked.

    For a row with an id, the last result counts. Rows without an id that ask the same question need
    one result each.
    """
    found: dict[Key, list[Result]] = defaultdict(list)
    for result in results:
        if result.name is not None:
            found[result.key].clear()
        found[result.key].append(result)
    enough = {key: list(filter(is_enough, some)) for key, some in found.items()}
    return [enough[row.key].pop(0) if enough.get(row.key) else None for row in rows]


def without_replaced(
    rows: Sequence[Row],
    results: Sequence[Result],
    latest: Sequence[Result],
    is_enough: Callable[[Result], bool],
) -> list[Result]:
    """The results without those that newer ones replace. A newer one takes the place of the older.

    latest: the result of each row. A result is replaced if it has the id of a row or, without an
    id, if it has a row's question and is not good enough. Results that belong to no row are kept,
    except for errors without an id, since whoever corrects such a row could not get rid of its
    error otherwise.
    """
    names = {row.name for row in rows if row.name is not None}
    keys, used = {row.key for row in rows}, set(latest)
    places = {result: place for place, result in enumerate(results)}
    replaced: dict[str | Key, list[Result]] = defaultdict(list)
    newest: dict[str | Key, list[Result]] = defaultdict(list)
    for result in results:
        of_row: str | Key = result.name or result.key
        if result in used:
            newest[of_row].append(result)
        elif _is_replaced(result, names, keys, is_enough):
            replaced[of_row].append(result)
    for same_row, older in replaced.items():
        for old, new in zip(older, newest[same_row][-len(older) :], strict=False):
            places[new] = min(places[new], places[old])
    gone = {result for older in replaced.values() for result in older}
    return sorted((result for result in results if result not in gone), key=places.__getitem__)


def _is_replaced(
    result: Result, names: set[str], keys: set[Key], is_enough: Callable[[Result], bool]
) -> bool:
    if result.name is None:
        return result.failed or (result.key in keys and not is_enough(result))
    return result.name in names
