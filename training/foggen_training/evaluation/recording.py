"""Answers of an OpenAI-compatible server, asked once and saved as they arrive.

    foggen-train evaluate MODEL --data FILE --cloud https://... --cloud-model NAME --record ANSWERS.jsonl

Each line of the file is the answer to one question:

    {"id": "law-1", "answer": "B", "text_hash": "...", "model": "...", "reply": "...",
     "latency_ms": 812.4, "usage": {...}}

`answer` is a label of the question, or null if the server named no option; `error` then says why. The file
ANSWERS.jsonl.settings.json records the server and the settings. A second run asks only the missing
questions, and refuses to mix answers of another server or model. Only replies of the server are saved: a
failed request is repeated after a pause, and if the server stays unavailable the run stops; the same
command resumes it.
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
from foggen.routing.cloud import cloud_settings
from foggen_cloud import CloudClient, CloudError, CloudSettings
from foggen_cloud.request import CHOICE_PROMPT, request_body

from ..files import read_json, write_json
from .progress import progress_bar

REQUESTS = 8  # requests at the same time
PAUSES_S = (0.5, 2.0, 8.0)  # before a request is repeated
LONGEST_S = 60.0  # longest wait that a server may ask for
PASSING = ("offline", "timeout", "rate_limited", "server")
NO_ANSWER = ("bad_answer", "refused", "rejected")  # final for this question only

Row = dict[str, Any]


def settings_of(url: str, model: str) -> CloudSettings:
    """The settings of the server, with what else the user set for the cloud; raises ConfigurationError if they
    are invalid or the network is off."""
    settings = load_settings({"cloud_url": url, "cloud_model": model or None})
    if settings.offline:
        raise ConfigurationError("FOGGEN_OFFLINE is set", hint="unset it to ask a server")
    return cloud_settings(settings)


def teacher_of(path: Path) -> Row | None:
    """The server and settings of a file of answers, and the date of the first; None if not recorded."""
    beside = _settings_path(path)
    return read_json(beside) if beside.exists() else None


def text_hash(question: Question) -> str:
    """A hash of the text that a model sees, to notice if an id now stands for another text."""
    return hashlib.blake2b(question.text().encode(), digest_size=8).hexdigest()


def ask_all(
    settings: CloudSettings, questions: Sequence[Keyed], path: Path | None = None
) -> list[Row]:
    """Ask all questions and return their rows; those already in `path` are not asked again.

    Raises ConfigurationError if the file has answers of another server or model, CloudRequiredError or
    KeyRefusedError if the server does not answer; the answers so far are saved.
    """
    rows = _resumed(path, _teacher(settings)) if path else {}
    missing = [item for item in questions if item.id not in rows]
    with CloudClient(settings) as client:
        _Asking(client, path, rows).ask(missing)
    return [rows[item.id] for item in questions]


def _teacher(settings: CloudSettings) -> Row:
    """Everything that an answer depends on, taken from the request itself; the URL cannot hold a key."""
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
    """Return the rows of a file, and remove an unfinished last line; create the file if it is missing."""
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
            f"{path} is not a recording: {exc!r}", hint="record into another file"
        ) from exc


def _check_teacher(path: Path, teacher: Row) -> None:
    known = teacher_of(path)
    if known is None:
        raise ConfigurationError(
            f"{path} holds answers, but {_settings_path(path).name}, which names their source, is missing",
            hint="record into another file, or use it as it is with --cloud FILE",
        )
    for key, value in teacher.items():
        if known.get(key) != value:
            raise ConfigurationError(
                f"{path} holds answers from another cloud: {key} was {known.get(key)!r} and is now "
                f"{value!r}",
                hint="record into another file",
            )


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


@dataclass
class _Asking:
    """Asks questions in parallel. rows: by id; each answer is saved before the thread asks another."""

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
            finally:  # running requests are still awaited and saved
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
        """Ask the server, and again after a pause if it fails."""
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
        labels = MODEL_LABELS[: len(question.options)]  # the labels in `text`
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
