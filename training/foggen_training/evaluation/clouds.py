"""The cloud of an evaluation: an answer key that errs, recorded answers, or a live server.

A cloud here says of each question whether its answer is right. The answer key errs at stated rates,
drawn by a hash of the question's id, so that every model meets the same cloud.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from foggen.config import load_settings
from foggen.errors import CloudRequiredError, QuestionError
from foggen.labelled import Keyed, converted_lines
from foggen.plan import MODEL_LABELS
from foggen_cloud import CloudClient, CloudError, CloudSettings

# Accuracy of Qwen3-30B-A3B-Instruct-2507 per domain, from the published model card.
CARD_ACCURACY = {
    "finance": 0.695, "science": 0.727, "coding": 0.742, "law": 0.707, "math": 0.601,
    "kazakh_culture": 0.958, "medical": 0.740,
}  # fmt: skip
CARD_MEAN = 0.739
FATAL = ("auth", "credit", "model", "config", "tls")  # the next question would fail too


class Cloud(Protocol):
    """Who is asked below tau. `name` says of a table what its cloud was."""

    @property
    def name(self) -> str: ...

    def is_right(self, item: Keyed) -> int:
        """Whether this cloud answers the question rightly, 0 or 1; the same at every call."""
        ...


@dataclass(frozen=True)
class AnswerKey:
    """Answers rightly at a rate per domain; a domain that has none has `other`."""

    rates: Mapping[str, float] = field(default_factory=lambda: CARD_ACCURACY)
    other: float = CARD_MEAN
    name: str = "an answer key that errs at the published card's rate per domain"

    def is_right(self, item: Keyed) -> int:
        return self.answers_rightly(item.id, item.domain)

    def answers_rightly(self, identifier: str, domain: str = "") -> int:
        """The draw of one question, by a hash of its id."""
        digest = hashlib.blake2b(f"cloud|{identifier}".encode(), digest_size=8).digest()
        draw = int.from_bytes(digest, "big") / 2**64
        return int(draw < self.rates.get(domain, self.other))


@dataclass(frozen=True)
class Recorded:
    """Answers from a file: {"id", "answer": label} a line; null is no answer, and wrong."""

    answers: Mapping[str, str | None]
    name: str

    @classmethod
    def read(cls, path: Path) -> Recorded:
        """QuestionError, with file and line, for a row that is not one."""
        rows = converted_lines(
            path, lambda row, _: (str(row["id"]), row["answer"]), "every row needs id and answer"
        )
        return cls(dict(row for row, _ in rows), f"answers recorded in {path.name}")

    def is_right(self, item: Keyed) -> int:
        if item.id not in self.answers:
            raise QuestionError(
                f"the recorded cloud has no answer to {item.id!r}",
                hint="record it, or leave it out",
            )
        said = self.answers[item.id]
        return int(said is not None and item.question.index_of(said) == item.answer)


@dataclass
class Live:
    """An OpenAI-compatible server, asked once a question. No answer is a wrong one, and counted."""

    client: CloudClient
    name: str
    failures: int = 0
    _known: dict[str, int] = field(default_factory=dict)

    def is_right(self, item: Keyed) -> int:
        if item.id not in self._known:
            self._known[item.id] = self._ask(item)
        return self._known[item.id]

    def _ask(self, item: Keyed) -> int:
        question = item.question
        labels = MODEL_LABELS[: len(question.options)]  # those of `text`
        try:
            reply = self.client.ask(question.text(), labels, question.options)
        except CloudError as exc:
            if exc.kind in FATAL:
                raise CloudRequiredError(f"the cloud: {exc}", hint=exc.hint) from exc
            self.failures += 1
            return 0
        return int(reply.label_index == item.answer)


@contextmanager
def open_cloud(place: str, model: str) -> Iterator[Cloud]:
    """The answer key if `place` is empty, a server if it is a URL, else recorded answers."""
    if not place:
        yield AnswerKey()
    elif place.startswith(("http://", "https://")):
        settings = load_settings({"cloud_url": place, "cloud_model": model or None})
        server = CloudSettings(
            settings.cloud_url, settings.cloud_model, settings.cloud_key,
            deadline_s=settings.cloud_deadline_s,
        )  # fmt: skip
        with CloudClient(server) as client:
            yield Live(client, f"{settings.cloud_model} at {place}")
    else:
        yield Recorded.read(Path(place))
