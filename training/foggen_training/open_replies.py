"""Replies to open-ended questions: parsing them, making buffer rows, computing figures.

A reply in the contract's format states its confidence in the first line, may reason, and ends with the
answer:

    Confidence: 0.75
    48 / 2 = 24 in May, so 48 + 24 = 72.
    Final answer: 72
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foggen.confidence.metrics import auroc, lift
from foggen.engine.contract import ANSWER_PREFIX, CONFIDENCE_PREFIX
from foggen.engine.reply_parser import read_confidence

from .evaluation.clouds import AnswerKey
from .evaluation.judging import Judge, final_part, token_f1
from .open_items import OpenItem
from .tuning.buffer import OpenRow

# The cloud's accuracy on the three tasks is not published; every table states the rate it assumes.
ASSUMED_CLOUD = 0.739


@dataclass(frozen=True)
class OpenReply:
    """A parsed reply. confidence: in [0, 1], None without a confidence line. reasoning: the text
    between confidence and answer, or "". answer: None if there is none."""

    confidence: float | None
    reasoning: str
    answer: str | None

    @property
    def is_readable(self) -> bool:
        """Whether both lines of the format are there."""
        return self.confidence is not None and self.answer is not None


def read_open_reply(text: str) -> OpenReply:
    """Parse a reply strictly; missing parts are None or empty."""
    first, _, rest = text.strip().partition("\n")
    prefix = CONFIDENCE_PREFIX.strip()
    confidence = None
    if first.startswith(prefix):
        confidence = read_confidence(first[len(prefix) :].strip())
    else:
        rest = text
    reasoning, _, answer = rest.partition(ANSWER_PREFIX.strip())
    return OpenReply(confidence, reasoning.strip(), answer.strip() or None)


def open_row(
    item: OpenItem, replies: Sequence[str], judge: Judge, solution: str = ""
) -> OpenRow | None:
    """Make the row of a question from its readable replies; None if there are none.

    A gsm8k row teaches reasoning: that of the first right reply, so that the model reasons as it already
    can, or else the reference `solution`. Questions that were never solved stay, with a success of 0;
    without them nothing would teach the model to be unsure.
    """
    if not replies:
        return None
    right = [reply for reply in replies if judge.is_right(item, reply)]
    success = len(right) / len(replies)
    if item.task != "gsm8k":
        return OpenRow(item, success, item.answers[0])
    traces = [read_open_reply(reply).reasoning for reply in right]
    reasoning = next(filter(None, traces), solution)
    return OpenRow(item, success, item.answers[0], reasoning)


def task_figures(
    items: Sequence[OpenItem], replies: Sequence[str], judge: Judge, tau: float
) -> dict[str, float]:
    """Compute the figures of a task's greedy replies, and of routing by their confidence.

    All are fractions except n. accuracy: of all replies. f1: squad only. readable: replies in the
    format; one without a confidence is routed, as in use. lift: system accuracy minus that of random
    routing, with a cloud that is right at the rate `assumed_cloud`, drawn by the question's id.
    """
    right = np.array([judge.is_right(i, r) for i, r in zip(items, replies, strict=True)], float)
    read = [read_open_reply(reply) for reply in replies]
    scores = np.array([-1.0 if one.confidence is None else one.confidence for one in read])
    routed = (scores < tau).astype(float)
    key = AnswerKey(rates={}, other=ASSUMED_CLOUD)
    cloud = np.array([key.answers_rightly(item.id) for item in items], float)
    figures = {"n": len(items), "accuracy": float(right.mean())}
    if items[0].task == "squad":
        figures["f1"] = mean_f1(items, replies)
    return figures | {
        "readable": float(np.mean([one.is_readable for one in read])),
        "lift": lift(routed, right, cloud),
        "cloud_share": float(routed.mean()),
        "assumed_cloud": ASSUMED_CLOUD,
        "auroc": auroc(scores, right),
    }


def mean_f1(items: Sequence[OpenItem], replies: Sequence[str]) -> float:
    """The mean token F1 of the answers."""
    pairs = zip(items, replies, strict=True)
    return float(np.mean([token_f1(final_part(reply), item.answers) for item, reply in pairs]))
