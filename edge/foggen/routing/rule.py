"""The routing rule, as pure functions: (confidence, tau, mode) -> the answer's source, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from ..errors import UsageError
from ..question.question import TRAINED_OPTIONS


class Mode(StrEnum):
    """What the user allows. `auto` asks the cloud below tau; `dry-run` sends nothing."""

    AUTO = "auto"
    EDGE_ONLY = "edge-only"
    CLOUD_ONLY = "cloud-only"
    DRY_RUN = "dry-run"


class Route(StrEnum):
    EDGE = "edge"
    CLOUD = "cloud"


@dataclass(frozen=True)
class Decision:
    """Where the answer comes from, and the reason in a few words."""

    route: Route
    reason: str


# What is compared with tau.
CONFIDENCE, P_RIGHT, LETTER = "confidence", "P(right)", "letter probability"
KEPT = "{} >= tau"
BELOW = "{} < tau"


def decide(
    confidence: float | None, tau: float, mode: Mode = Mode.AUTO, measure: str = CONFIDENCE
) -> Decision:
    """The rule of the published cards: `confidence < tau` asks the cloud, `== tau` stays.

    Without a confidence, the cloud is asked. `edge-only` and `cloud-only` override the comparison;
    with `edge-only` the reason still records it.
    """
    if mode is Mode.CLOUD_ONLY:
        return Decision(Route.CLOUD, "cloud-only")
    if confidence is not None and confidence >= tau:
        return Decision(Route.EDGE, KEPT.format(measure))
    reason = f"no {CONFIDENCE}" if confidence is None else BELOW.format(measure)
    if mode is Mode.EDGE_ONLY:
        return Decision(Route.EDGE, f"{reason}, edge-only")
    return Decision(Route.CLOUD, reason)


def effective_tau(tau: float, options: int) -> float:
    """Tau for a question with this many options.

    The model was trained on four options. With more, its confidence is not reliable, and only full
    confidence keeps the answer.
    """
    return tau if options <= TRAINED_OPTIONS else 1.0


def parse_tau(value: object) -> float:
    """Parse a threshold in [0, 1], with a point or a decimal comma. Raises UsageError."""
    try:
        tau = float(str(value).strip().replace(",", "."))
    except ValueError:
        tau = math.nan
    if not 0.0 <= tau <= 1.0:
        raise UsageError(f"tau is {value!r}", hint="give a number from 0 to 1, such as 0.5")
    return tau


def parse_mode(value: object) -> Mode:
    """Parse the name of a mode. Raises UsageError."""
    try:
        return Mode(str(value))
    except ValueError:
        raise UsageError(f"mode is {value!r}", hint=f"known: {', '.join(Mode)}") from None
