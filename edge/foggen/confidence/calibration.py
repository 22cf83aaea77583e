"""What a model's confidence is worth, measured on labelled questions: a small file, bound to the model.

It holds how a pass becomes the probability that its answer is right, and the tau that this probability is
compared with. It is worth nothing for other weights, another quantization or another prompt, so each is
recorded, and a calibration of another model is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import ConfigurationError
from .maps import ProbabilityMap
from .scores import BUCKET, EXPECTED, FUSED, HEAD, SCORES, Signals, score_of

VERSION = 1
NOT_KEPT = -1.0  # compared with tau where P(right) is not worth knowing


def prompt_hash(prompt: str) -> str:
    """SHA-256 of a prompt without a question, in hexadecimal digits."""
    return hashlib.sha256(prompt.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class ModelIdentity:
    """What a calibration was made of. sha256: of the model's file, "" in a calibration that the file itself
    carries. prompt: SHA-256 of everything before the question, in the contract's layout."""

    sha256: str
    quant: str
    prompt: str

    def is_like(self, model: ModelIdentity) -> bool:
        """Whether quantization and prompt are the same."""
        return (self.quant, self.prompt) == (model.quant, model.prompt)

    def check(self, model: ModelIdentity, name: str) -> None:
        """Raises ConfigurationError if this is the calibration of another model than `name`."""
        for title, mine, its in (
            ("file", self.sha256[:12], model.sha256[:12]),
            ("quantization", self.quant, model.quant),
            ("prompt", self.prompt[:12], model.prompt[:12]),
        ):
            if mine != its:
                raise ConfigurationError(
                    f"the calibration is for another {title} ({mine}) than {name} has ({its})",
                    hint=f"run `foggen-edge calibrate` with {name}",
                )


@dataclass(frozen=True)
class Calibration:
    """How a pass is judged, and by which tau.

    score: what is mapped to P(right). prior: of the letters by place, taken out before the answer is read;
    () for none. weights: of the head, () where the score is not fused. tau: an answer is kept where P(right)
    is at least this; above 1 nothing is kept. floor: an answer whose expected confidence is below it is not
    decoded, and not kept. rows: labelled questions. data: what they were. promise: what holds of tau, see
    `calibrating.py`.
    """

    score: str
    map: ProbabilityMap
    tau: float
    rows: int
    model: ModelIdentity
    prior: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    floor: float = 0.0
    data: str = ""
    promise: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.score not in SCORES:
            raise ValueError(f"unknown score {self.score!r}")
        if self.score == FUSED and len(self.weights) != len(HEAD):
            raise ValueError(f"{len(self.weights)} weights for a head of {len(HEAD)}")
        numbers = (self.tau, self.floor, *self.prior, *self.weights)
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError("a number is not finite")

    def answer(self, signals: Signals) -> int:
        """The position of the best letter, with the prior taken out."""
        return signals.without_prior(self.prior).answer

    def p_right(self, signals: Signals) -> float:
        """The probability that this answer is right, in [0, 1]."""
        adjusted = signals.without_prior(self.prior)
        return self.map(score_of(self.score, adjusted, self.weights))

    def early(self, bucket: float, expected: float) -> float | None:
        """P(right) where it is known before the answer is decoded, None where it takes the letters."""
        if self.score not in (BUCKET, EXPECTED):
            return None
        return self.map(bucket if self.score == BUCKET else expected)

    def may_keep(self, bucket: float, expected: float, tau: float | None = None) -> bool:
        """Whether an answer could still be kept, from what is known before it is decoded. tau: the
        calibration's own if not given."""
        tau = self.tau if tau is None else tau
        if expected < self.floor:
            return False
        early = self.early(bucket, expected)
        return tau <= 1 if early is None else early >= tau

    def compared(self, signals: Signals, p_right: float) -> float:
        """The number that is compared with tau: `p_right`, or NOT_KEPT below the floor."""
        return p_right if signals.expected >= self.floor else NOT_KEPT

    def keeps(self, signals: Signals) -> bool:
        """Whether an answer is kept: the whole rule at once, equal to its two stages."""
        return self.compared(signals, self.p_right(signals)) >= self.tau

    def to_json(self) -> str:
        return json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n"

    def as_dict(self) -> dict[str, Any]:
        """The calibration as a JSON object; `from_dict` reads it back."""
        return {
            "version": VERSION,
            "score": self.score,
            "map": self.map.as_dict(),
            "tau": self.tau,
            "floor": self.floor,
            "prior": list(self.prior),
            "weights": dict(zip(HEAD, self.weights, strict=False)),
            "rows": self.rows,
            "data": self.data,
            "promise": dict(self.promise),
            "model": dict(vars(self.model)),
        }


def from_json(text: str, place: str) -> Calibration:
    """The calibration that `to_json` wrote. place: its file, for the error.

    Raises ConfigurationError for anything else.
    """
    try:
        return from_dict(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError) as exc:
        raise ConfigurationError(
            f"{place} is no calibration: {exc}", hint="remove it, or calibrate again"
        ) from exc


def from_dict(row: Mapping[str, Any]) -> Calibration:
    """The calibration that `as_dict` wrote.

    Raises AttributeError, KeyError, TypeError or ValueError for anything else.
    """
    if row["version"] != VERSION:
        raise ValueError(f"version {row['version']}; this runtime reads version {VERSION}")
    weights = row["weights"]
    return Calibration(
        score=str(row["score"]),
        map=ProbabilityMap.from_dict(row["map"]),
        tau=float(row["tau"]),
        floor=float(row["floor"]),
        prior=tuple(float(one) for one in row["prior"]),
        weights=tuple(float(weights[name]) for name in HEAD) if weights else (),
        rows=int(row["rows"]),
        data=str(row["data"]),
        promise=dict(row["promise"]),
        model=ModelIdentity(**{name: str(value) for name, value in row["model"].items()}),
    )
