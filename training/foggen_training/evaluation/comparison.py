"""Compare FogGen with its baselines at the same cloud share, and say who wins.

There is one threshold for all domains, like the product's tau: the lowest scores go to the cloud until its
share of the questions, averaged over domains, equals FogGen's. So shares may differ between domains, which
is all that a domain prior can use. Lift is measured against random routing of that share in every domain.
AUROC is the mean over the AUROCs within domains.

Every row has an interval for its difference to FogGen, paired by the same 2,000 resamples within domains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .baselines import BUCKET, EXPECTED, P_RIGHT, Baseline
from .progress import progress_bar
from .resampling import DRAWS, Domains, Ranking, interval, mean_auroc, system_accuracy_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RANDOM, ORACLE = "random", "oracle"
# FogGen's scores; the first that there is routes.
OWN = {P_RIGHT: "P(right)", BUCKET: "bucket", EXPECTED: "expected confidence"}
METRICS = (
    ("lift", 100, "{:+z.1f}", " points"),
    ("AUROC", 1, "{:+z.3f}", ""),
)  # name, factor, format, unit


@dataclass(frozen=True)
class Difference:
    """A method minus FogGen, with the 95% interval, as fractions; a tie if the interval contains 0."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, resampled: Array) -> Difference:
        """Round far below what tables show, so that the order of summation makes no difference."""
        return cls(*(round(number, 12) for number in (value, *interval(resampled))))

    @property
    def verdict(self) -> int:
        """1 if the method beats FogGen, -1 if it loses, 0 for a tie."""
        return int(self.low > 0) - int(self.high < 0)


@dataclass(frozen=True)
class Row:
    """The figures of one method, as fractions; differences are to FogGen's bucket."""

    edge: float
    system: float
    lift: float
    auroc: float
    passes: float
    lift_difference: Difference
    auroc_difference: Difference

    def as_dict(self) -> dict[str, object]:
        differences = ("lift_difference", "auroc_difference")
        return {
            **vars(self),
            **{key: list(vars(getattr(self, key)).values()) for key in differences},
        }


@dataclass(frozen=True)
class Comparison:
    """share: cloud share, averaged over domains. winner: a sentence that says who wins."""

    share: float
    rows: Mapping[str, Row]
    winner: str


@dataclass(frozen=True)
class Values:
    """A method's figures on all questions. lifts, aurocs: (B,), the same in B resamples."""

    system: float
    lift: float
    auroc: float
    lifts: Array
    aurocs: Array

    def minus(self, other: Values) -> tuple[Difference, Difference]:
        """The differences in lift and in AUROC."""
        return (
            Difference.of(self.lift - other.lift, self.lifts - other.lifts),
            Difference.of(self.auroc - other.auroc, self.aurocs - other.aurocs),
        )


def compare(
    domains: Domains,
    baselines: Sequence[Baseline],
    cloud: Array,
    share: float,
    draws: int = DRAWS,
) -> Comparison:
    """Compare all baselines with each other, with random routing and with the oracle.

    baselines: the first is FogGen's bucket. cloud: (n,), 1 where the cloud is right.
    """
    own = baselines[0]
    even = Baseline(RANDOM, np.zeros(len(cloud)), own.edge, own.passes)
    oracle = Baseline(ORACLE, own.edge, own.edge, own.passes, routed_by=own.edge - cloud)
    methods = [even, *baselines, oracle]
    figures = [_Figures(method, domains, cloud, share) for method in methods]
    once = np.stack([one(domains.once) for one in figures])  # (M, 3, 1)
    resamples = _resampled(figures, domains, draws)  # (M, 3, B)
    values = {
        method.name: Values(*whole[:, 0], *resampled[1:])
        for method, whole, resampled in zip(methods, once, resamples, strict=True)
    }
    rows = {m.name: _row(m, domains, values[m.name], values[own.name]) for m in methods}
    return Comparison(share, rows, who_wins(values))


class _Figures:
    """Computes a method's figures in given resamples, (3, B): system accuracy, lift and AUROC."""

    def __init__(self, method: Baseline, domains: Domains, cloud: Array, share: float) -> None:
        self.method, self.domains, self.cloud, self.share = method, domains, cloud, share
        self.ranking, self.rankings = Ranking(method.order), domains.rankings(method.scores)

    def __call__(self, counts: Array) -> Array:
        edge, weights = self.method.edge, self.domains.weights
        system = system_accuracy_at(self.share, self.ranking, edge, self.cloud, weights, counts)
        even = self.domains.mean((1 - self.share) * edge + self.share * self.cloud, counts)
        return np.stack([system, system - even, mean_auroc(self.rankings, edge, counts)])


def _resampled(figures: Sequence[_Figures], domains: Domains, draws: int) -> Array:
    """(M, 3, B) The figures of all methods in the same resamples."""
    parts = []
    with progress_bar("comparison", draws) as advance:
        for counts in domains.resamples(draws):
            parts.append(np.stack([one(counts) for one in figures]))
            advance(counts.shape[1])
    return np.concatenate(parts, axis=2)


def _row(method: Baseline, domains: Domains, values: Values, own: Values) -> Row:
    edge = float(domains.mean(method.edge, domains.once)[0])
    lift, auroc = values.minus(own)
    return Row(edge, values.system, values.lift, values.auroc, method.passes, lift, auroc)


def who_wins(values: Mapping[str, Values]) -> str:
    """One sentence that compares FogGen with the best other method by lift and by AUROC."""
    rivals = {name: one for name, one in values.items() if name not in (*OWN, ORACLE)}
    parts: list[str] = []
    for name, title in OWN.items():
        if name not in values:
            continue
        subject = f"its {title}" if parts else f"FogGen's {title}, which routes,"
        lift, ranking = (_by_metric(values[name], rivals, number) for number in (0, 1))
        parts.append(f"{subject} {lift} and {ranking}")
    return "; ".join(parts) + "."


def _by_metric(own: Values, rivals: Mapping[str, Values], number: int) -> str:
    """Describe how FogGen does by METRICS[number], against the rival with the highest figure."""
    metric, factor, form, unit = METRICS[number]
    differences = {name: rival.minus(own)[number] for name, rival in rivals.items()}
    known = {name: one for name, one in differences.items() if not np.isnan(one.value)}
    if not known:
        return f"cannot be compared by {metric}"
    better = {name: one for name, one in known.items() if one.verdict > 0}
    best, one = max((better or known).items(), key=lambda pair: pair[1].value)
    more = f" and {len(better) - 1} more" if len(better) > 1 else ""
    words = {
        1: f'loses to "{best}"{more}',
        0: f'is level with "{best}"',
        -1: f'beats all others ("{best}" comes next)',
    }
    ahead, low, high = (form.format(-factor * value) for value in (one.value, one.high, one.low))
    return f"{words[one.verdict]} by {metric}, {ahead}{unit} (95% {low} to {high})"


def as_markdown(comparison: Comparison) -> str:
    """The table, with lift in points; lift and AUROC are followed by the difference to FogGen's bucket."""
    lines = [
        "| Method | Edge | System | Lift | to FogGen, 95% | AUROC | to FogGen, 95% | Passes |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, row in comparison.rows.items():
        lines.append(
            f"| {name} | {row.edge:.1%} | {row.system:.1%} | {_number(100 * row.lift, '+z.1f')} "
            f"| {_difference(row.lift_difference, 100, '+z.1f')} | {_number(row.auroc, '.3f')} "
            f"| {_difference(row.auroc_difference, 1, '+z.3f')} | {row.passes:g} |"
        )
    return "\n".join(lines)


def _difference(one: Difference, factor: int, form: str) -> str:
    if one.value == one.low == one.high == 0:  # for example FogGen itself
        return "0"
    low, high = _number(factor * one.low, form), _number(factor * one.high, form)
    return f"{_number(factor * one.value, form)} ({low} to {high})"


def _number(value: float, form: str) -> str:
    return "-" if np.isnan(value) else format(value, form)
