"""FogGen beside its baselines at one cloud share, and in words who wins.

One threshold holds for all domains, as one tau does in the product: the lowest scores go to the cloud
until its share of the questions, a mean of the domains, is FogGen's. So shares may differ between the
domains, which is all that a domain prior can do. Lift is over random routing of that share in every
domain. AUROC is inside the domains, and its mean.

Every row has a paired interval of its difference to FogGen: the same 2,000 resamples within domains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .baselines import BUCKET, EXPECTED, Baseline
from .progress import progress_bar
from .resampling import DRAWS, Domains, Ranking, interval, mean_auroc, system_accuracy_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RANDOM, ORACLE = "random", "oracle"
OWN = {BUCKET: "FogGen's bucket, which routes,", EXPECTED: "its expected confidence"}
METRICS = (
    ("lift", 100, "{:+z.1f}", " points"),
    ("AUROC", 1, "{:+z.3f}", ""),
)  # name, factor, format, unit


@dataclass(frozen=True)
class Difference:
    """A method minus FogGen, and its 95% interval; fractions. In it, 0 is a tie."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, resampled: Array) -> Difference:
        """Rounded far below what is shown, so that sums in another order are no difference."""
        return cls(*(round(number, 12) for number in (value, *interval(resampled))))

    @property
    def verdict(self) -> int:
        """1 where the method wins against FogGen, -1 where it loses, 0 for a tie."""
        return int(self.low > 0) - int(self.high < 0)


@dataclass(frozen=True)
class Row:
    """One method. Fractions; differences are to FogGen as it routes."""

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
    """share: of the questions that the cloud gets, a mean of the domains. winner: who wins, in words."""

    share: float
    rows: Mapping[str, Row]
    winner: str


@dataclass(frozen=True)
class Values:
    """A method's figures in the questions as they are, and in B resamples: lift and AUROC, (B,)."""

    system: float
    lift: float
    auroc: float
    lifts: Array
    aurocs: Array

    def minus(self, other: Values) -> tuple[Difference, Difference]:
        """The differences of the lifts and of the AUROCs."""
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
    """All baselines between random routing and the oracle; the first is FogGen as it routes.

    cloud: (n,), 1 where the cloud is right.
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
    """A method's figures in any resamples, (3, B): system accuracy, lift and AUROC."""

    def __init__(self, method: Baseline, domains: Domains, cloud: Array, share: float) -> None:
        self.method, self.domains, self.cloud, self.share = method, domains, cloud, share
        self.ranking, self.rankings = Ranking(method.order), domains.rankings(method.scores)

    def __call__(self, counts: Array) -> Array:
        edge, weights = self.method.edge, self.domains.weights
        system = system_accuracy_at(self.share, self.ranking, edge, self.cloud, weights, counts)
        even = self.domains.mean((1 - self.share) * edge + self.share * self.cloud, counts)
        return np.stack([system, system - even, mean_auroc(self.rankings, edge, counts)])


def _resampled(figures: Sequence[_Figures], domains: Domains, draws: int) -> Array:
    """(M, 3, B) All methods in the same resamples."""
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
    """One sentence: FogGen against the best of the others, by lift and by AUROC, also where it loses."""
    rivals = {name: one for name, one in values.items() if name not in (*OWN, ORACLE)}
    parts = [
        f"{title} {_by_metric(values[name], rivals, 0)} and {_by_metric(values[name], rivals, 1)}"
        for name, title in OWN.items()
        if name in values
    ]
    return "; ".join(parts) + "."


def _by_metric(own: Values, rivals: Mapping[str, Values], number: int) -> str:
    """How FogGen fares by one of METRICS. The best rival is who has the highest figure here."""
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
    """The table; lift in points, and behind lift and AUROC the difference to FogGen's bucket."""
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
    if one.value == one.low == one.high == 0:  # FogGen itself, among others
        return "0"
    low, high = _number(factor * one.low, form), _number(factor * one.high, form)
    return f"{_number(factor * one.value, form)} ({low} to {high})"


def _number(value: float, form: str) -> str:
    return "-" if np.isnan(value) else format(value, form)
