"""The buffer of a round: its labelled rows, as JSON lines on disk, and the batches made of them.

A row keeps the measured success and not a bucket, since two-hot targets draw the bucket again for every
epoch. It also holds the whole question, so that a sibling can be distilled from a buffer alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from foggen.confidence.labelled import Keyed, converted_lines
from foggen.question.question import Question

from ..labels.label import Label, has_label
from ..open_items import OpenItem
from ..recipe import BufferPlan, LabelPlan, TuningPlan
from .buckets import bucket_of
from .gradients import TrainingRow

if TYPE_CHECKING:
    from ..prompts import Prompts


GROUP = 32  # similar rows of a shuffled buffer, which get labels from the whole range
UNAIDED = "unaided"  # the task of a multiple-choice question that is asked without its options


@dataclass(frozen=True)
class BufferRow:
    """One labelled question. success: in [0, 1]. target: the answer to train, by position. replayed:
    from an earlier round."""

    item: Keyed
    success: float
    target: int
    replayed: bool = False

    def as_dict(self) -> dict[str, object]:
        question = self.item.question
        return {
            "id": self.item.id,
            "domain": self.item.domain,
            "question": question.stem,
            "options": list(question.options),
            "answer": self.item.answer,
            "tier": self.item.tier,
            "stands_alone": self.item.stands_alone,
            "success": self.success,
            "target": self.target,
            "replayed": self.replayed,
        }


@dataclass(frozen=True)
class OpenRow:
    """One labelled open-ended question. answer: the answer to train. reasoning: the text to train
    between confidence and answer; may be empty."""

    item: OpenItem
    success: float
    answer: str
    reasoning: str = ""

    def as_dict(self) -> dict[str, object]:
        return {
            "id": self.item.id,
            "task": self.item.task,
            "context": self.item.context,
            "question": self.item.question,
            "answers": list(self.item.answers),
            "success": self.success,
            "answer": self.answer,
            "reasoning": self.reasoning,
        }


Row = BufferRow | OpenRow


def buffer_rows(
    items: Sequence[Keyed], labels: Sequence[Label], plan: LabelPlan, *, raw: bool, replayed: bool
) -> list[BufferRow]:
    """A row for each question that has a label, including questions that were never solved.

    raw: the labels are those of a raw base, which states no confidence, so there is no prior.
    """
    weight = 0.0 if raw else plan.prior
    gold = plan.answer_target == "gold"
    return [
        BufferRow(
            item,
            shrunk(label, plan.samples, weight),
            item.answer if gold else label.answer,
            replayed,
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
    """The same rows, those without options included, with their successes exchanged at random.

    The exchange is stratified. Rows are sorted by domain, tier and success, and cut into groups;
    successes are sorted and cut into strata; and each group gets one success of every stratum:

        group 1    .0   .25   .75   1.0
        group 2    .0   .5    .5    1.0

    So all groups have nearly the same mean and spread. In a simple shuffle one tier of 6,000 rows got a
    mean that was .01 above the rest, which a model learns; and AUROC, which sees only ranks, was .31.
    """
    random = Random(seed)
    groups = -(-len(rows) // GROUP)
    successes = sorted(row.success for row in rows)
    strata = [successes[start : start + groups] for start in range(0, len(rows), groups)]
    for stratum in strata:
        random.shuffle(stratum)
    dealt: list[float] = []
    for group in range(groups):
        of_group = [stratum[group] for stratum in strata if group < len(stratum)]
        dealt += random.sample(of_group, len(of_group))
    order = sorted(range(len(rows)), key=lambda place: _likeness(rows[place]))
    success_of = dict(zip(order, dealt, strict=True))
    return [replace(row, success=success_of[place]) for place, row in enumerate(rows)]


def _likeness(row: Row) -> tuple[str, int, float]:
    if isinstance(row, OpenRow):
        return (row.item.task, 0, row.success)
    return (row.item.domain, row.item.tier, row.success)


def shrunk(label: Label, samples: int, weight: float) -> float:
    """The success rate, with the model's expected confidence counted as `weight` more samples."""
    return (samples * label.success + weight * label.expected) / (samples + weight)


def save_buffer(rows: Sequence[Row], path: Path) -> None:
    """Write all rows; the file appears as a whole."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row.as_dict(), ensure_ascii=False) + "\n")
    partial.replace(path)


def load_buffer(path: Path) -> list[Row]:
    """The rows of a buffer; QuestionError, with file and line, if the file is not one."""
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
        row["id"],
        row["domain"],
        question,
        int(row["answer"]),
        int(row["tier"]),
        bool(row["stands_alone"]),
    )
    return BufferRow(keyed, float(row["success"]), int(row["target"]), bool(row["replayed"]))


def training_rows(
    prompts: Prompts, rows: Sequence[Row], labels: LabelPlan, buffer: BufferPlan, seed: str
) -> list[TrainingRow]:
    """One epoch: a bucket is drawn for every row, and some rows are followed by one in the raw format."""
    random = Random(seed)
    drawn: list[TrainingRow] = []
    for row in rows:
        bucket = bucket_of(row.success, labels.rounding, random)
        drawn.append(_training_row(*_in_contract(prompts, row, bucket)))
        has_raw = isinstance(row, BufferRow) or row.item.task == UNAIDED
        if has_raw and random.random() < buffer.raw:
            drawn.append(_training_row(*_in_raw(prompts, row)))
    return drawn


def _in_contract(prompts: Prompts, row: Row, bucket: float) -> tuple[list[int], list[int]]:
    """Prompt and reply in the contract's format."""
    if isinstance(row, BufferRow):
        return prompts.question(row.item), prompts.reply(bucket, row.target)
    reply = prompts.open_reply(bucket, row.answer, row.reasoning)
    return prompts.open_question(row.item.text), reply


def _in_raw(prompts: Prompts, row: Row) -> tuple[list[int], list[int]]:
    """Prompt and reply in the raw format, the reply's start forced."""
    if isinstance(row, BufferRow):
        return prompts.raw_question(row.item), prompts.raw_reply(row.item.answer)
    return prompts.raw_open_question(row.item.text), prompts.raw_text(row.answer)


def _training_row(prompt: list[int], reply: list[int]) -> TrainingRow:
    return TrainingRow((*prompt, *reply), len(reply))


def batches(rows: Sequence[TrainingRow], plan: TuningPlan, seed: str) -> list[list[TrainingRow]]:
    """Batches of rows of similar length, in random order; rows beyond `plan.longest` are left out.

    One batch may be smaller, so that no other row is lost.
    """
    random = Random(seed)
    kept = [row for row in rows if len(row.ids) <= plan.longest]
    random.shuffle(kept)
    kept.sort(key=lambda row: len(row.ids) // 32)
    cut = [kept[start : start + plan.batch] for start in range(0, len(kept), plan.batch)]
    random.shuffle(cut)
    return cut


def earlier_questions(buffers: Sequence[Path], count: int, seed: str) -> list[Keyed]:
    """At most `count` questions, drawn by the seed from those that were new in one of these buffers."""
    rows = [row for path in buffers for row in load_buffer(path)]
    known = [row.item for row in rows if isinstance(row, BufferRow) and not row.replayed]
    return Random(seed).sample(known, min(count, len(known)))
