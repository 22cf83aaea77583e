"""What the starter is worth on its own templates and off them: one column for each set of questions.

    foggen-train evaluate starter

The sets are the test questions of its own templates, the known skills in the words of another hand, families of
questions that no training has, and everyday questions (`validation/`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.calibrating import calibration_error
from foggen.confidence.calibration import Calibration
from foggen.confidence.labelled import Keyed
from foggen.confidence.metrics import auroc, lift
from foggen.confidence.stored import embedded
from foggen.engine.contract import Contract

from ..evaluation.calibrated import judged
from ..evaluation.clouds import AT_CHANCE, Cloud
from ..evaluation.outcomes import Outcome
from ..evaluation.resampling import Domains, Interval, interval
from .validation.draw import everyday, other_wordings, unseen_families

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

OWN, WORDINGS, UNSEEN, EVERYDAY = (
    "own templates",
    "other wordings",
    "unseen families",
    "everyday",
)
SURE = 0.75  # an answer at this score or above is said to be sure
ABOVE_CHANCE = 0.10  # a family above it by this much has something to rank


def off_its_templates(most: int) -> dict[str, list[Keyed]]:
    """The sets besides the starter's own templates, by the names of their columns; of each at most `most`
    questions, spread over the whole set."""
    sets = {WORDINGS: other_wordings(), UNSEEN: unseen_families(), EVERYDAY: everyday()}
    return {name: spread(items, most) for name, items in sets.items()}


def spread(items: Sequence[Keyed], most: int) -> list[Keyed]:
    """At most `most` items at equal distances."""
    count = min(most, len(items))
    return [items[place * len(items) // count] for place in range(count)]


@dataclass(frozen=True)
class Column:
    """A set of questions and what became of them. score: (n,), what is compared with tau: P(right), or the
    bucket of a model without one. edge, cloud: (n,), 1 where the answer is right. kept: (n,)."""

    name: str
    questions: Sequence[Keyed]
    score: Array
    edge: Array
    cloud: Array
    kept: NDArray[np.bool_]

    @property
    def chance(self) -> float:
        """The accuracy of a guess."""
        return float(np.mean([1 / len(item.question.options) for item in self.questions]))

    @cached_property
    def lift_interval(self) -> Interval:
        """The 95% interval of the lift, by resampling the questions of each domain."""
        domains = Domains.of([item.domain for item in self.questions])
        drawn = [
            self._lift_of(np.repeat(np.arange(len(column)), column.astype(int)))
            for counts in domains.resamples(500)
            for column in counts.T
        ]
        return interval(np.array(drawn))

    def _lift_of(self, places: NDArray[np.intp]) -> float:
        return lift(~self.kept[places], self.edge[places], self.cloud[places])

    def figures(self) -> dict[str, float]:
        """The figures of the column; shares in [0, 1], nan where there is no case."""
        wrong = self.edge == 0
        low, high = self.lift_interval
        return {
            "questions": len(self.questions),
            "chance": self.chance,
            "edge_accuracy": float(self.edge.mean()),
            "kept": float(self.kept.mean()),
            "kept_right": float(self.edge[self.kept].mean()) if self.kept.any() else float("nan"),
            "wrong_and_kept": float((self.kept & wrong).mean()),
            "wrong_and_sure": float(((self.score >= SURE) & wrong).mean()),
            "auroc": auroc(self.score, self.edge),
            "ece": calibration_error(self.score, self.edge),
            "cloud_share": float((~self.kept).mean()),
            "lift": lift(~self.kept, self.edge, self.cloud),
            "lift_low": low,
            "lift_high": high,
        }

    def families(self) -> dict[str, dict[str, float]]:
        """Accuracy, chance and AUROC of each family, the middle of a question's id."""
        names = np.array([item.id.split("-")[1] for item in self.questions])
        return {name: self._family(names == name) for name in dict.fromkeys(names.tolist())}

    def _family(self, own: NDArray[np.bool_]) -> dict[str, float]:
        options = [
            1 / len(item.question.options)
            for item, is_own in zip(self.questions, own, strict=True)
            if is_own
        ]
        return {
            "accuracy": float(self.edge[own].mean()),
            "chance": float(np.mean(options)),
            "auroc": auroc(self.score[own], self.edge[own]),
        }


def all_columns(
    questions: Sequence[Keyed],
    outcomes: Sequence[Outcome],
    off: Mapping[str, Sequence[Keyed]],
    contract: Contract,
    measure: Callable[[str, Sequence[Keyed]], list[Outcome]],
) -> list[Column]:
    """The columns of a model: its own templates, already asked, and the sets off them.

    off: the sets by name. contract: with its calibration and tau. measure: called with a set's name and
    questions.
    """
    calibration, tau = embedded(contract.calibration), contract.tau
    found = [column(OWN, questions, outcomes, calibration, tau)]
    for name, items in off.items():
        found.append(column(name, items, measure(name, items), calibration, tau))
    return found


def column(
    name: str,
    questions: Sequence[Keyed],
    outcomes: Sequence[Outcome],
    calibration: Calibration | None,
    tau: float,
    cloud: Cloud = AT_CHANCE,
) -> Column:
    """Judge the outcomes of a set as the product does. tau: for the bucket, without a calibration."""
    right = np.array([cloud.is_right(item) for item in questions], dtype=float)
    if calibration is not None:
        found = judged(calibration, questions, outcomes)
        return Column(name, questions, found.p_right, found.edge, right, found.kept)
    said = np.array([one.compared_confidence for one in outcomes])
    edge = np.array([one.edge for one in outcomes], dtype=float)
    return Column(name, questions, np.maximum(said, 0.0), edge, right, said >= tau)


def knowing_families(found: Column) -> str:
    """How well the score ranks where a family is clearly above chance, in a sentence."""
    able = {
        name: row
        for name, row in found.families().items()
        if row["accuracy"] >= row["chance"] + ABOVE_CHANCE
    }
    if not able:
        return f"No family is {100 * ABOVE_CHANCE:.0f} points above chance"
    shown = ", ".join(
        f"{name} {row['accuracy']:.0%} (chance {row['chance']:.0%}, AUROC {row['auroc']:.2f})"
        for name, row in sorted(able.items(), key=lambda pair: -pair[1]["accuracy"])
    )
    return f"{len(able)} of {len(found.families())} families are 10 points above chance: {shown}"


ROWS: Sequence[tuple[str, Callable[[dict[str, float]], str]]] = (
    ("questions", lambda row: f"{row['questions']:,.0f}"),
    ("right, if nothing is sent", lambda row: _percent(row["edge_accuracy"])),
    ("right by guessing", lambda row: _percent(row["chance"])),
    ("kept", lambda row: _percent(row["kept"])),
    ("right of the kept", lambda row: _percent(row["kept_right"])),
    ("wrong and kept, of all", lambda row: _percent(row["wrong_and_kept"])),
    ("wrong at .75 or more, of all", lambda row: _percent(row["wrong_and_sure"])),
    ("AUROC of the score that routes", lambda row: f"{row['auroc']:.3f}"),
    ("calibration error (ECE)", lambda row: f"{row['ece']:.3f}"),
    ("lift over random, points", lambda row: f"{100 * row['lift']:+.1f}"),
    (
        "its 95% interval",
        lambda row: f"{100 * row['lift_low']:+.1f} to {100 * row['lift_high']:+.1f}",
    ),
)


def as_text(columns: Sequence[Column]) -> str:
    """The table of the columns, and how the score ranks in families that the model has some idea of."""
    notes = [f"{knowing_families(one)}." for one in columns if one.name == UNSEEN]
    return "\n\n".join([as_markdown(columns), *notes]) if columns else ""


def as_markdown(columns: Iterable[Column]) -> str:
    """The columns as a Markdown table, a figure in each line."""
    found = {one.name: one.figures() for one in columns}
    lines = [["", *found], ["---", *["---:"] * len(found)]]
    lines += [[title, *(cell(row) for row in found.values())] for title, cell in ROWS]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{share:.1%}"
