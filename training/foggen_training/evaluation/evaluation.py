"""An evaluation: all results of a model on some questions, as text and as JSON.

The edge is asked once. Routing figures depend on the cloud, so there is one set for each cloud; the first
set is the one that counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from foggen.confidence.labelled import Keyed
from foggen.question.question import TRAINED_OPTIONS

from . import comparison
from .clouds import AS_PUBLISHED, Cloud
from .comparison import Comparison, compare
from .intervals import mean_intervals, more_figures
from .outcomes import Outcome, beside
from .resampling import Domains, Interval
from .rivals import Rivals
from .tables import as_markdown, below_tau, summarize

ONE_KEY = (
    "no question here is made to be unknowable: a cloud at chance on such ones would be the same"
)
LEAST_SHARE = 0.05  # of the cloud, and of the edge, at which methods can be told apart
MANY_OPTIONS = (
    "{many:,} of {all:,} questions have more than four options, where only a confidence of 1.0 keeps an "
    "answer, as in the product"
)
OWN_SHARE = "FogGen's cloud share, {share:.1%}"
HALF_SHARE = (
    "a cloud share of one half, since FogGen's own, {own:.1%}, leaves next to nothing to choose"
)
BY_LETTERS = "the model was not trained to say a confidence: where one is meant, it is the probability of its letter"
HOW_COMPARED = (
    "all methods have {share}, by one threshold for all domains, so that shares "
    "may differ between the domains, ties at random; lift is over random routing of that share in every "
    "domain; differences are to FogGen's bucket, paired by question, 2,000 draws"
)


@dataclass(frozen=True)
class CloudFigures:
    """The figures with one cloud. title, cloud: its title and description. compared: None without
    baselines."""

    title: str
    cloud: str
    outcomes: Sequence[Outcome]
    table: Mapping[str, Mapping[str, float]]
    intervals: Mapping[str, Interval]
    figures: Mapping[str, float]
    compared: Comparison | None

    @property
    def mean(self) -> Mapping[str, float]:
        return self.table["mean"]

    def as_dict(self) -> dict[str, Any]:
        rows = self.compared.rows if self.compared else {}
        return {
            "cloud": self.cloud,
            "table": self.table,
            "intervals": {key: list(value) for key, value in self.intervals.items()},
            "figures": self.figures,
            "baselines": {name: row.as_dict() for name, row in rows.items()},
            "who_wins": self.compared.winner if self.compared else "",
        }

    def text(self) -> str:
        lines = [
            f"{self.title}: {self.cloud}.",
            "",
            as_markdown(self.table),
            "",
            f"95% intervals of the means: {intervals_as_text(self.intervals)}",
            figures_as_text(self.figures),
        ]
        if self.compared:
            lines += ["", comparison.as_markdown(self.compared), "", self.compared.winner]
        return "\n".join(lines)


@dataclass(frozen=True)
class Evaluation:
    """All results. beside: figures with each cloud; the first ones count. rivals: the baselines, for the
    plots."""

    tau: float
    beside: Sequence[CloudFigures]
    rivals: Rivals
    notes: Sequence[str]

    @property
    def first(self) -> CloudFigures:
        """The figures with the first cloud, which count."""
        return self.beside[0]

    @property
    def outcomes(self) -> Sequence[Outcome]:
        return self.first.outcomes

    def as_dict(self) -> dict[str, Any]:
        """For JSON: figures with the first cloud at the top level, those with other clouds below."""
        return {
            "tau": self.tau,
            **self.first.as_dict(),
            "beside_other_clouds": [figures.as_dict() for figures in self.beside[1:]],
            "below_tau": below_tau(self.outcomes, self.tau),
            "notes": [*self.notes, *self.rivals.notes],
            "outcomes": [asdict(outcome) for outcome in self.outcomes],
        }

    def text(self) -> str:
        shares = below_tau(self.outcomes, self.tau)
        shown = ", ".join(f"{name} {share:.1%}" for name, share in shares.items())
        notes = [f"{note[0].upper()}{note[1:]}." for note in (*self.notes, *self.rivals.notes)]
        tables = [figures.text() for figures in self.beside]
        return "\n\n".join([*tables, "\n".join([f"below tau {self.tau:g}: {shown}", *notes])])


def assembled(
    questions: Sequence[Keyed],
    outcomes: Sequence[Outcome],
    tau: float,
    clouds: Sequence[Cloud],
    rivals: Rivals,
) -> Evaluation:
    """Compute all figures with each cloud; baselines are compared at FogGen's cloud share if it can tell
    them apart, and at one half otherwise."""
    sets = [_figures(cloud, beside(cloud, questions, outcomes), tau, rivals) for cloud in clouds]
    notes = [ONE_KEY] if list(clouds) == [AS_PUBLISHED] else []
    if outcomes and all(outcome.letters and not outcome.buckets for outcome in outcomes):
        notes.append(BY_LETTERS)
    if many := sum(outcome.options > TRAINED_OPTIONS for outcome in outcomes):
        notes.append(MANY_OPTIONS.format(many=many, all=len(outcomes)))
    if rivals.baselines:
        how = HOW_COMPARED.format(share=_share_in_words(sets[0].mean["cloud_share"]))
        rivals = replace(rivals, notes=[how, *rivals.notes])
    return Evaluation(tau, sets, rivals, notes)


def _figures(cloud: Cloud, outcomes: Sequence[Outcome], tau: float, rivals: Rivals) -> CloudFigures:
    table = summarize(outcomes, tau)
    compared = None
    if rivals.baselines:
        right = np.array([outcome.cloud for outcome in outcomes], dtype=float)
        domains = Domains.of([outcome.domain for outcome in outcomes])
        compared = compare(
            domains, rivals.baselines, right, compared_share(table["mean"]["cloud_share"])
        )
    intervals = mean_intervals(outcomes, tau)
    figures = more_figures(outcomes, tau)
    return CloudFigures(cloud.title, cloud.name, outcomes, table, intervals, figures, compared)


def compared_share(own: float) -> float:
    """The cloud share at which methods are compared. own: FogGen's."""
    return own if LEAST_SHARE <= own <= 1 - LEAST_SHARE else 0.5


def _share_in_words(own: float) -> str:
    share = compared_share(own)
    return OWN_SHARE.format(share=share) if share == own else HALF_SHARE.format(own=own)


def intervals_as_text(intervals: Mapping[str, Interval]) -> str:
    return "; ".join(
        f"{name.replace('_', ' ')} {low:.3f} to {high:.3f}"
        for name, (low, high) in intervals.items()
    )


def figures_as_text(figures: Mapping[str, float]) -> str:
    """Names and figures as text; "-" for a figure that does not exist."""
    return ", ".join(
        f"{name} {'-' if math.isnan(value) else format(value, '.3f')}"
        for name, value in figures.items()
    )


def without_nan(value: Any) -> Any:
    """Replace nan, which JSON does not have, by None."""
    if isinstance(value, Mapping):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value
