"""The cloud of an evaluation: an answer key with errors, recorded answers, or a server.

Here a cloud only says of each question whether it answers correctly. An answer key errs at given rates,
drawn by a hash of the question's id, so every model meets the same cloud. It is not a model: it is right at
the same rate on questions that nobody could answer. A fifth of the starter's generated questions are of
this kind (tier 4; in 78% of them the key was drawn at random, the others are far arithmetic and held-out
facts), and they are most of what the starter routes. So the first cloud, whose figures count, is at chance
on these questions; the second has the published rates everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from foggen.confidence.labelled import Keyed, converted_lines
from foggen.errors import QuestionError, UsageError

from .recording import ask_all, settings_of, teacher_of, text_hash

# Accuracy of Qwen3-30B-A3B-Instruct-2507 per domain, from the published model card.
CARD_ACCURACY = {
    "finance": 0.695,
    "science": 0.727,
    "coding": 0.742,
    "law": 0.707,
    "math": 0.601,
    "kazakh_culture": 0.958,
    "medical": 0.740,
}
CARD_MEAN = 0.739
UNKNOWABLE_TIER = 4  # a tier of the starter's generated questions


class Cloud(Protocol):
    """What is asked below tau. `title` and `name` describe it in tables."""

    @property
    def title(self) -> str: ...

    @property
    def name(self) -> str: ...

    def is_right(self, item: Keyed) -> int:
        """Whether this cloud answers the question correctly, 0 or 1; the same at every call."""
        ...


@dataclass(frozen=True)
class AnswerKey:
    """A cloud that is right at a rate per domain, and at the rate `other` in domains without one.

    guesses_unknowable: on tier 4 it guesses, and is right one time in the number of options.
    """

    rates: Mapping[str, float] = field(default_factory=lambda: CARD_ACCURACY)
    other: float = CARD_MEAN
    guesses_unknowable: bool = False

    @property
    def title(self) -> str:
        if self.guesses_unknowable:
            return "A cloud at chance where nothing can be known"
        return "A cloud at the published rates everywhere"

    @property
    def name(self) -> str:
        published = "an answer key that errs at the published card's rate per domain"
        if not self.guesses_unknowable:
            return published
        return f"{published}, and is at chance on tier 4, the questions made to be unknowable"

    def is_right(self, item: Keyed) -> int:
        if self.guesses_unknowable and item.tier == UNKNOWABLE_TIER:
            return int(_draw(item.id) < 1 / len(item.question.options))
        return self.answers_rightly(item.id, item.domain)

    def answers_rightly(self, identifier: str, domain: str = "") -> int:
        """Whether a question is answered correctly, 0 or 1, drawn by a hash of its id."""
        return int(_draw(identifier) < self.rates.get(domain, self.other))


AT_CHANCE = AnswerKey(guesses_unknowable=True)
AS_PUBLISHED = AnswerKey()


def _draw(identifier: str) -> float:
    """A number in [0, 1) made from an id, the same on every machine."""
    digest = hashlib.blake2b(f"cloud|{identifier}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


@dataclass(frozen=True)
class RecordedAnswer:
    """label: as in the question; None means no answer, which counts as wrong. text_hash: hash of the
    question that was asked, "" if unknown."""

    label: str | None
    text_hash: str = ""


@dataclass(frozen=True)
class Recorded:
    """A cloud of recorded answers, from `recording.py` or from any file of the same format."""

    answers: Mapping[str, RecordedAnswer]
    name: str
    title: str = "A real cloud"

    @classmethod
    def read(cls, path: Path) -> Recorded:
        """Read answers from a file; each line is {"id", "answer": label or null}, with further keys as in
        `recording.py`. Raises QuestionError with file and line for an invalid row."""
        rows = converted_lines(path, _answer, "every row needs id and answer")
        return cls(dict(row for row, _ in rows), _origin(path))

    def is_right(self, item: Keyed) -> int:
        """Whether the recorded answer is correct; raises QuestionError if the question, or this text of
        it, was not asked."""
        if item.id not in self.answers:
            raise QuestionError(
                f"the recorded cloud has no answer to {item.id!r}",
                hint="record the answer, or leave the question out",
            )
        answer = self.answers[item.id]
        if answer.text_hash and answer.text_hash != text_hash(item.question):
            raise QuestionError(
                f"the recorded answer to {item.id!r} is for another question text",
                hint="record into another file",
            )
        given = answer.label
        return int(given is not None and item.question.index_of(given) == item.answer)


def _answer(row: Mapping[str, object], _: str) -> tuple[str, RecordedAnswer]:
    label = None if row["answer"] is None else str(row["answer"])
    return str(row["id"]), RecordedAnswer(label, str(row.get("text_hash", "")))


def _origin(path: Path) -> str:
    teacher = teacher_of(path)
    if teacher is None:
        return f"answers recorded in {path.name}"
    return f"answers of {teacher['model']} recorded in {path.name} on {teacher['date']}"


@dataclass(frozen=True)
class CloudOptions:
    """The command-line options of a cloud. place: "" (the answer key), a file of recorded answers, or
    the URL of a server. model: name of the model on the server. record: file for its answers."""

    place: str = ""
    model: str = ""
    record: Path | None = None

    def __post_init__(self) -> None:
        if self.record and not self.is_server:
            raise UsageError(
                "--record saves the answers of a server, but --cloud names none",
                hint="give --cloud https://... --cloud-model NAME",
            )

    @property
    def is_server(self) -> bool:
        return self.place.startswith(("http://", "https://"))


def clouds_for(options: CloudOptions, questions: Sequence[Keyed]) -> tuple[Cloud, ...]:
    """The clouds of an evaluation; the figures with the first one count.

    A server is asked here, except for recorded questions; raises CloudRequiredError or KeyRefusedError
    if it does not answer.
    """
    if options.is_server:
        return (_asked(options, questions),)
    if options.place:
        return (Recorded.read(Path(options.place)),)
    if any(item.tier == UNKNOWABLE_TIER for item in questions):
        return (AT_CHANCE, AS_PUBLISHED)
    return (AS_PUBLISHED,)


def _asked(options: CloudOptions, questions: Sequence[Keyed]) -> Recorded:
    settings = settings_of(options.place, options.model)
    rows = ask_all(settings, questions, options.record)
    if options.record:
        return Recorded.read(options.record)
    name = f"{settings.model} at {settings.endpoint}, asked for this table"
    return Recorded(dict(_answer(row, "") for row in rows), name)
