"""What quantization costs: how far a file's answers are from those of the lossless weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.metrics import auroc, bucket_table, expected_calibration_error
from foggen.engine.assessment import Assessment
from foggen.engine.contract import BUCKETS
from foggen.engine.engine import Engine
from foggen.engine.native import MAX_OUTPUTS

from .parity import NEAR_TIE, prompts_of
from .prompts import QUESTIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foggen.confidence.labelled import Keyed


@dataclass(frozen=True)
class Agreement:
    """How well a file agrees with the lossless weights. best_token: share of positions with the same
    best next token, without near-ties. divergence: mean KL in nats, from the lossless weights to this
    file. buckets, answers: shares of questions with the same bucket, with the same answer."""

    best_token: float
    divergence: float
    buckets: float
    answers: float


@dataclass(frozen=True)
class Figures:
    """A file's figures on labelled questions: fractions, as means over domains. calibration: bucket ->
    {n, accuracy}."""

    questions: int
    accuracy: float
    auroc: float
    ece: float
    cloud_share: float
    calibration: dict[str, dict[str, float]]


def agreement(floats: Engine, quantized: Engine) -> Agreement:
    """Compare both engines on the built-in questions."""
    same, divergences = [], []
    for prompt in prompts_of(floats.model, floats.contract, QUESTIONS):
        rows = compared_places(len(prompt))
        expected, found = (_logits(engine, prompt, rows) for engine in (floats, quantized))
        clear = np.sort(expected)[:, -1] - np.sort(expected)[:, -2] >= NEAR_TIE
        same += list((expected.argmax(1) == found.argmax(1))[clear])
        divergences += list(_divergence(expected, found))
    pairs = list(zip(_said(floats), _said(quantized), strict=True))
    return Agreement(
        float(np.mean(same)),
        float(np.mean(divergences)),
        float(np.mean([a.bucket == b.bucket for a, b in pairs])),
        float(np.mean([a.answer == b.answer for a, b in pairs])),
    )


def figures(engine: Engine, labelled: Sequence[Keyed]) -> Figures:
    """Ask an engine the labelled questions, and compute the figures."""
    said = [engine.assess(engine.fitted(item.question)) for item in labelled]
    right = np.array([a.answer == item.answer for a, item in zip(said, labelled, strict=True)])
    confidence = np.array([-1.0 if a.confidence is None else a.confidence for a in said])
    expected = np.array([a.expected_confidence or 0.0 for a in said])
    domains = np.array([item.domain for item in labelled])
    groups = [domains == name for name in dict.fromkeys(domains.tolist())]
    return Figures(
        len(said),
        float(np.mean([right[g].mean() for g in groups])),
        float(np.nanmean([auroc(expected[g], right[g]) for g in groups])),
        float(
            np.mean(
                [expected_calibration_error(np.maximum(confidence[g], 0), right[g]) for g in groups]
            )
        ),
        float(np.mean([(confidence[g] < engine.contract.tau).mean() for g in groups])),
        bucket_table(confidence, right, BUCKETS),
    )


def _said(engine: Engine) -> list[Assessment]:
    return [engine.assess(question) for question in QUESTIONS]


def compared_places(length: int) -> list[int]:
    """Evenly spread positions of a prompt including the last one, at most as many as one call outputs."""
    step = max(1, length // MAX_OUTPUTS)
    return sorted(range(length - 1, -1, -step)[:MAX_OUTPUTS])


def _logits(engine: Engine, prompt: Sequence[int], rows: Sequence[int]) -> NDArray[np.float64]:
    with engine.turn(None):
        engine.context.cut(0)
        found = engine.context.decode(prompt, 0, rows).astype(np.float64)
        engine.context.cut(0)
        engine.context.decode(engine.plan.prefix, 0, [])
    return found


def _divergence(expected: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
    """KL divergence of each row, in nats."""
    p, q = (_log_shares(rows) for rows in (expected, found))
    out: NDArray[np.float64] = (np.exp(p) * (p - q)).sum(1)
    return out


def _log_shares(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = rows - rows.max(1, keepdims=True)
    out: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    return out
