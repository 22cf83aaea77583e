"""Results by question, saved as they are measured, so that a killed measurement can be resumed.

    ask = keep_in(folder, "base.jsonl", key)
    readings = ask("base", model.read_raw, questions)

The first line of a file is a key that identifies the model and the way it was asked; under another key the
file is started over. Then there is one line per question, with its id and the result, but not its text.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from foggen.confidence.labelled import Keyed
from foggen.errors import QuestionError

from ..labels.reading import Reading
from .automix import Verification
from .outcomes import Outcome
from .progress import CHUNK, Ask, progress_bar

KINDS: dict[str, type] = {kind.__name__: kind for kind in (Outcome, Reading, Verification)}


def keep_in(folder: Path, name: str, key: str) -> Ask:
    """Return a function that asks questions in chunks and saves the results in `folder`/`name`."""
    path = folder / name

    def ask(
        title: str, function: Callable[[Sequence[Keyed]], Sequence[Any]], questions: Sequence[Keyed]
    ) -> list[Any]:
        results = _begun(path, key, questions)
        with (
            progress_bar(title, len(questions)) as advance,
            path.open("a", encoding="utf-8") as file,
        ):
            advance(len(results))
            for start in range(len(results), len(questions), CHUNK):
                chunk = questions[start : start + CHUNK]
                part = list(function(chunk))
                lines = [_line(item, one) for item, one in zip(chunk, part, strict=True)]
                file.write("".join(lines))
                file.flush()
                results += part
                advance(len(part))
        return results

    return ask


def read_kept(folder: Path, name: str, questions: Sequence[Keyed]) -> list[Any] | None:
    """The results of a measurement for some questions, in their order; None if the folder has none.

    Raises QuestionError if one of the questions has no result.
    """
    results = all_kept(folder, name)
    if results is None:
        return None
    if missing := [item.id for item in questions if item.id not in results]:
        raise QuestionError(
            f"{folder} has no {name} of question {missing[0]}",
            hint="give the files of questions that were measured, and no others",
        )
    return [results[item.id] for item in questions]


def all_kept(folder: Path, name: str) -> dict[str, Any] | None:
    """All results of a measurement by question id, from `name`.jsonl or `name`.jsonl.gz; None if the folder
    has neither. Raises QuestionError for a file that holds anything else."""
    plain, packed = folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz"
    if not plain.exists() and not packed.exists():
        return None
    try:
        content = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
        rows = [json.loads(line) for line in content.decode("utf-8").splitlines()[1:]]
        return {row["id"]: _result(dict(row)) for row in rows}
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as exc:
        raise QuestionError(
            f"{folder}/{name}.jsonl does not hold results: {exc}", hint="measure it again"
        ) from exc


def key_of(checkpoint: Path, *more: object) -> str:
    """A hash of a model's weights (a GGUF or a folder of safetensors) and of further values."""
    weights = [checkpoint] if checkpoint.is_file() else sorted(checkpoint.glob("*.safetensors"))
    hashed = hashlib.sha256()
    for path in weights:
        with path.open("rb") as file:
            hashed.update(hashlib.file_digest(file, "sha256").digest())
    hashed.update(repr(more).encode())
    return hashed.hexdigest()[:32]


def _begun(path: Path, key: str, questions: Sequence[Keyed]) -> list[Any]:
    """Return a file's results for the first questions, and remove all other lines from the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = json.dumps({"key": key}) + "\n"
    lines = path.read_text("utf-8").splitlines(keepends=True) if path.exists() else []
    if not lines or lines[0] != head:
        lines = [head]
    results = []
    for item, line in zip(questions, lines[1:], strict=False):
        row = _row(line)
        if row.get("id") != item.id:
            break
        results.append(_result(row))
    path.write_text("".join(lines[: 1 + len(results)]), "utf-8")
    return results


def _row(line: str) -> dict[str, Any]:
    """The object of a line; empty for a line that was cut off."""
    if not line.endswith("\n"):
        return {}
    row: dict[str, Any] = json.loads(line)
    return row


def _line(item: Keyed, result: Any) -> str:
    values = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in asdict(result).items()
        if name != "id"
    }
    return json.dumps({"id": item.id, "kind": type(result).__name__, **values}) + "\n"


def _result(row: dict[str, Any]) -> Any:
    kind = KINDS[row.pop("kind")]
    if kind is Outcome:
        row |= {name: tuple(row.get(name, ())) for name in ("buckets", "letters")}
    else:
        del row["id"]
    if kind is Reading:
        row |= {name: np.array(row[name]) for name in ("buckets", "labels")}
    return kind(**row)
