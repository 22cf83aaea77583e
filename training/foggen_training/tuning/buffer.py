"""The buffer of a round: its labelled rows, on disk as JSON lines, and the batches made of them.

A row keeps the success that was measured, not a bucket: two-hot targets draw the bucket anew at every
epoch. Rows are whole, so that a sibling can be distilled from a buffer without its data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from foggen.labelled import Keyed, converted_lines
from foggen.question import Question

from ..labels.label import Label, has_label
from ..open_items import OpenItem
from ..recipe import BufferPlan, LabelPlan, TuningPlan
from .buckets import bucket_of
from .gradients import TrainingRow

if TYPE_CHECKING:
    from ..prompts import Prompts


HAND = 32  # rows of a shuffled buffer: so many neighbours get labels from all over
UNAIDED = "unaided"  # the task of a multiple-choice question that is asked without its options


@dataclass(frozen=True)
class BufferRow:
    """One labelled question. success: in [0, 1]. target: the answer that is trained, by position.
    replayed: taken up again from an earlier round."""

    item: Keyed
    success: float
    target: int
    replayed: bool = False

    def as_dict(self) -> dict[str, object]:
        question = self.item.question
        return {
            "id": self.item.id, "domain": self.item.domain, "question": question.stem,
            "options": list(question.options), "answer": self.item.answer, "tier": self.item.tier,
            "stands_alone": self.item.stands_alone,
            "success": self.success, "target": self.target, "replayed": self.replayed,
        }  # fmt: skip


@dataclass(frozen=True)
class OpenRow:
    """One labelled open-ended question. answer: what is trained after the confidence; reasoning: what
    is trained before it, "" if nothing."""

    item: OpenItem
    success: float
    answer: str
    reasoning: str = ""

    def as_dict(self) -> dict[str, object]:
        return {
            "id": self.item.id, "task": self.item.task, "context": self.item.context,
            "question": self.item.question, "answers": list(self.item.answers),
            "success": self.success, "answer": self.answer, "reasoning": self.reasoning,
        }  # fmt: skip


Row = BufferRow | OpenRow


def buffer_rows(
    items: Sequence[Keyed], labels: Sequence[Label], plan: LabelPlan, *, plain: bool, replayed: bool
) -> list[BufferRow]:
    """A row for each question that has a label; never-solved ones stay.

    plain: labelled by the raw base, which expected nothing.
    """
    weight = 0.0 if plain else plan.prior
    gold = plan.answer_target == "gold"
    return [
        BufferRow(
            item, shrunk(label, plan.samples, weight), item.answer if gold else label.own, replayed
        )
        for item, label in zip(items, labels, strict=True)
        if has_label(label)
    ]


def unaided_row(item: Keyed, label: Label) -> OpenRow:
    """A question without its options, and its answer in words."""
    answer = item.answer_text
    asked = OpenItem(item.id, UNAIDED, "", item.question.stem, (answer,))
    return OpenRow(asked, label.success, answer)


def shuffled(rows: Sequence[Row], seed: str) -> list[Row]:
    """The same rows, those without options among them, with the successes dealt out anew.

    Dealt evenly: rows of like domain, tier and success get labels of the same mean and spread. By luck
    alone a tier of 6,000 rows got a point more than the rest, which is learnt, and AUROC, which sees
    only ranks, then was .31.
    """
    random = Random(seed)
    successes, hands = sorted(row.success for row in rows), -(-len(rows) // HAND)
    piles = [successes[start : start + hands] for start in range(0, len(rows), hands)]
    for pile in piles:
        random.shuffle(pile)
    dealt: list[float] = []
    for number in range(hands):  # one label of every pile
        hand = [pile[number] for pile in piles if number < len(pile)]
        dealt += random.sample(hand, len(hand))
    order = sorted(range(len(rows)), key=lambda index: _likeness(rows[index]))
    new = dict(zip(order, dealt, strict=True))
    return [replace(row, success=new[index]) for index, row in enumerate(rows)]


def _likeness(row: Row) -> tuple[str, int, float]:
    if isinstance(row, OpenRow):
        return (row.item.task, 0, row.success)
    return (row.item.domain, row.item.tier, row.success)


def shrunk(label: Label, samples: int, weight: float) -> float:
    """The success, with the model's own expectation counted as `weight` more samples."""
    return (samples * label.success + weight * label.expected) / (samples + weight)


def save_buffer(rows: Sequence[Row], path: Path) -> None:
    """Write all rows; the file appears whole."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row.as_dict(), ensure_ascii=False) + "\n")
    partial.replace(path)


def load_buffer(path: Path) -> list[Row]:
    """QuestionError, with file and line, if it is no buffer."""
    rows = converted_lines(path, lambda row, _: _row(row), "give the buffer.jsonl of a round")
    return [row for row, _ in rows]


def _row(row: Mapping[str, Any]) -> Row:
    if "task" in row:
        item = OpenItem(
            row["id"], row["task"], row["context"], row["question"], tuple(row["answers"])
        )
        return OpenRow(item, float(row["success"]), row["answer"], row["reasoning"])
    question = Question.from_options(row["question"], row["options"])
    keyed = Keyed(
        row["id"], row["domain"], question, int(row["answer"]), int(row["tier"]),
        bool(row["stands_alone"]),
    )  # fmt: skip
    return BufferRow(keyed, float(row["success"]), int(row["target"]), bool(row["replayed"]))


def training_rows(
    prompts: Prompts, rows: Sequence[Row], labels: LabelPlan, buffer: BufferPlan, seed: str
) -> list[TrainingRow]:
    """One epoch: every row with a bucket drawn for it, and plain rows between them."""
    random = Random(seed)
    out = []
    for row in rows:
        bucket = bucket_of(row.success, labels.rounding, random)
        if isinstance(row, OpenRow):
            reply = prompts.open_reply(bucket, row.answer, row.reasoning)
            out.append(_training_row(prompts.open_question(row.item.text), reply))
            if row.item.task == UNAIDED and random.random() < buffer.plain:
                question = prompts.plain_open_question(row.item.text)
                out.append(_training_row(question, prompts.plain_text(row.answer)))
            continue
        out.append(_training_row(prompts.question(row.item), prompts.reply(bucket, row.target)))
        if random.random() < buffer.plain:
            out.append(_plain_row(prompts, row))
    return out


def plain_rows(prompts: Prompts, rows: Sequence[Row]) -> list[TrainingRow]:
    """The multiple-choice rows in the plain format alone."""
    return [_plain_row(prompts, row) for row in rows if isinstance(row, BufferRow)]


def _plain_row(prompts: Prompts, row: BufferRow) -> TrainingRow:
    return _training_row(prompts.plain_question(row.item), prompts.plain_reply(row.item.answer))


def _training_row(prompt: list[int], reply: list[int]) -> TrainingRow:
    return TrainingRow((*prompt, *reply), len(reply))


def batches(rows: Sequence[TrainingRow], plan: TuningPlan, seed: str) -> list[list[TrainingRow]]:
    """Batches of rows of like length, in random order; rows beyond `plan.longest` are left out.

    The last batch may be smaller: no row is lost to rounding.
    """
    random = Random(seed)
    kept = [row for row in rows if len(row.ids) <= plan.longest]
    random.shuffle(kept)
    kept.sort(key=lambda row: len(row.ids) // 32)
    out = [kept[start : start + plan.batch] for start in range(0, len(kept), plan.batch)]
    random.shuffle(out)
    return out


def earlier_questions(buffers: Sequence[Path], count: int, seed: str) -> list[Keyed]:
    """Questions that were new in one of these buffers, `count` of them drawn by the seed."""
    rows = [row for path in buffers for row in load_buffer(path)]
    known = [row.item for row in rows if isinstance(row, BufferRow) and not row.replayed]
    return Random(seed).sample(known, min(count, len(known)))
