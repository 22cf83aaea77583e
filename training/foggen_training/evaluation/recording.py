"""Answers of an OpenAI-compatible server, asked once and kept as they come.

    foggen-train evaluate MODEL --data FILE --cloud https://... --cloud-model NAME --record ANSWERS.jsonl

A line of the file is one question's answer:

    {"id": "law-1", "answer": "B", "text_hash": "...", "model": "...", "reply": "...",
     "latency_ms": 812.4, "usage": {...}}

`answer` is a label of the question, or null where the server answered and named no option; `error` then
says why. Beside it, ANSWERS.jsonl.settings.json says who was asked and how. A second run asks what is
missing, and refuses another teacher. Only what the server answered is kept: one that fails is asked again
after a pause, and one that stays away ends the run, which the same command goes on with.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foggen.confidence.labelled import Keyed
from foggen.config import load_settings
from foggen.errors import CloudRequiredError, ConfigurationError, FogGenError, KeyRefusedError
from foggen.question.question import MODEL_LABELS, Question
from foggen_cloud import CloudClient, CloudError, CloudSettings
from foggen_cloud.request import CHOICE_PROMPT, request_body

from ..files import read_json, write_json
from .progress import progress_bar

REQUESTS = 8  # under way at once
PAUSES_S = (0.5, 2.0, 8.0)  # before a request is sent again
LONGEST_S = 60.0  # that a server may ask to wait
PASSING = ("offline", "timeout", "rate_limited", "server")
NO_ANSWER = ("bad_answer", "refused", "rejected")  # of this question; the next may have one

Row = dict[str, Any]


def settings_of(url: str, model: str) -> CloudSettings:
    """The server to ask, with the user's key and deadline. ConfigurationError if it cannot be."""
    settings = load_settings({"cloud_url": url, "cloud_model": model or None})
    if settings.offline:
        raise ConfigurationError("FOGGEN_OFFLINE is set", hint="unset it to ask a server")
    try:
        return CloudSettings(
            settings.cloud_url,
            settings.cloud_model,
            settings.cloud_key,
            deadline_s=settings.cloud_deadline_s,
        )
    except CloudError as exc:
        raise ConfigurationError(exc.args[0], hint=exc.hint) from exc


def teacher_of(path: Path) -> Row | None:
    """Who gave the answers of a file, with the date of the first; None if nobody wrote it down."""
    beside = _settings_path(path)
    return read_json(beside) if beside.exists() else None


def text_hash(question: Question) -> str:
    """A name of what a model sees of a question, so that an id is not taken for another text."""
    return hashlib.blake2b(question.text().encode(), digest_size=8).hexdigest()


def ask_all(
    settings: CloudSettings, questions: Sequence[Keyed], path: Path | None = None
) -> list[Row]:
    """The rows of all questions; those that `path` holds are not asked again.

    Raises ConfigurationError if the file is of another teacher, CloudRequiredError or
    KeyRefusedError if the server does not answer: what it answered so far is kept.
    """
    rows = _resumed(path, _teacher(settings)) if path else {}
    missing = [item for item in questions if item.id not in rows]
    with CloudClient(settings) as client:
        _Asking(client, path, rows).ask(missing)
    return [rows[item.id] for item in questions]


def _teacher(settings: CloudSettings) -> Row:
    """What an answer depends on, as the request itself says it. The URL cannot hold a key."""
    body = json.loads(request_body(settings, CHOICE_PROMPT, ""))
    return {
        "url": settings.endpoint,
        "model": body["model"],
        "temperature": body["temperature"],
        "max_tokens": body["max_tokens"],
        "prompt": body["messages"][0]["content"],
    }


def _settings_path(path: Path) -> Path:
    return path.with_name(path.name + ".settings.json")


def _resumed(path: Path, teacher: Row) -> dict[str, Row]:
    """The rows of a file, which is begun if it is not there. A line that was cut is removed."""
    if not path.exists() or not path.stat().st_size:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(_settings_path(path), {**teacher, "date": _today()})
        path.touch()
        return {}
    _check_teacher(path, teacher)
    whole = path.read_bytes().rpartition(b"\n")[0]
    lines = whole.split(b"\n") if whole else []
    with path.open("r+b") as file:
        file.truncate(len(whole) + 1 if whole else 0)
    try:
        return {row["id"]: row for row in map(json.loads, lines)}
    except (ValueError, LookupError, TypeError) as exc:
        raise ConfigurationError(
            f"{path} is no recording: {exc!r}", hint="record into another file"
        ) from exc


def _check_teacher(path: Path, teacher: Row) -> None:
    known = teacher_of(path)
    if known is None:
        raise ConfigurationError(
            f"{path} holds answers, and nothing beside it says whose",
            hint="record into another file, or take it as it is: --cloud FILE",
        )
    for key, value in teacher.items():
        if known.get(key) != value:
            raise ConfigurationError(
                f"{path} holds answers of another teacher: {key} was {known.get(key)!r}, "
                f"is {value!r}",
                hint="record into another file",
            )


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


@dataclass
class _Asking:
    """Questions on their way. rows: by id; an answer is in the file before the next question."""

    client: CloudClient
    path: Path | None
    rows: dict[str, Row]
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopping: threading.Event = field(default_factory=threading.Event)

    def ask(self, items: Sequence[Keyed]) -> None:
        with (
            progress_bar("asking the cloud", len(items)) as advance,
            ThreadPoolExecutor(REQUESTS) as pool,
        ):
            futures = [pool.submit(self._ask_and_keep, item) for item in items]
            try:
                for future in as_completed(futures):
                    future.result()
                    advance(1)
            finally:  # what is under way is still waited for, and kept
                self.stopping.set()
                for future in futures:
                    future.cancel()

    def _ask_and_keep(self, item: Keyed) -> None:
        row = {"id": item.id, **self._answer(item), "text_hash": text_hash(item.question)}
        with self.lock:
            self.rows[item.id] = row
            if self.path:
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _answer(self, item: Keyed) -> Row:
        """What the server answers; where it fails, it is asked again after a pause."""
        pauses = iter(PAUSES_S)
        while True:
            try:
                return self._asked(item.question)
            except CloudError as exc:
                pause_s = next(pauses, None)
                if exc.kind not in PASSING or pause_s is None:
                    raise self._stopped(exc) from exc
                if self.stopping.wait(max(pause_s, min(exc.retry_after_s or 0.0, LONGEST_S))):
                    raise self._stopped(exc) from exc

    def _asked(self, question: Question) -> Row:
        labels = MODEL_LABELS[: len(question.options)]  # those of `text`
        try:
            reply = self.client.ask(question.text(), labels, question.options)
        except CloudError as exc:
            if exc.kind in NO_ANSWER:
                return {"answer": None, "error": exc.kind}
            raise
        return {
            "answer": question.labels[reply.label_index or 0],
            "model": reply.model,
            "reply": reply.text,
            "latency_ms": round(reply.latency_ms, 1),
            "usage": dict(reply.usage),
        }

    def _stopped(self, exc: CloudError) -> FogGenError:
        kind = KeyRefusedError if exc.kind == "auth" else CloudRequiredError
        kept = f"; {len(self.rows):,} answers are kept in {self.path}" if self.path else ""
        return kind(f"the cloud stopped answering: {exc.args[0]}{kept}", hint=exc.hint)
