"""What a calibration is worth, in words and as an object: measured on rows that it was not fitted on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .calibrating import Report
from .metrics import auroc, share_interval


def as_dict(report: Report) -> dict[str, Any]:
    """The report as a JSON object; shares are of one."""
    calibration, kept = report.calibration, report.kept
    certificate = report.certificate
    return {
        "score": calibration.score,
        "map": calibration.map.as_dict(),
        "letter_prior": list(calibration.prior),
        "tau": calibration.tau,
        "rows": calibration.rows,
        "measured_on": len(report.right),
        "right": float(report.right.mean()),
        "auroc": _number(auroc(report.p_right, report.right)),
        "calibration_error": report.error,
        "kept": float(kept.mean()),
        "kept_right": float(report.right[kept].mean()) if kept.any() else None,
        "certificate": None if certificate is None else certificate.as_dict(),
        "rows_needed": None if certificate is None else rows_needed(report),
        "alarms": [vars(alarm) for alarm in report.alarms],
    }


def as_text(report: Report, name: str) -> str:
    """The report in a few lines for people."""
    calibration, kept = report.calibration, report.kept
    lines = [
        f"{name}: {calibration.rows:,} questions, right in {_share(report.right)}",
        f"P(right) from the score {calibration.score!r} by a map of the kind {calibration.map.kind!r}"
        + (", letters without their prior" if calibration.prior else ""),
        f"on {len(report.right):,} questions that it was not fitted on: AUROC "
        f"{_plain(auroc(report.p_right, report.right))}, calibration error {report.error:.3f}",
    ]
    if kept.any():
        lines.append(
            f"tau {calibration.tau:.3f} keeps {kept.mean():.1%} of the answers, right in "
            f"{_share(report.right[kept])}"
        )
    lines += _promise(report)
    lines += [f"warning: {alarm.text()}" for alarm in report.alarms]
    return "\n".join(lines)


def rows_needed(report: Report) -> int | None:
    """Labelled questions with which the bound would probably be certified; None if no number would do."""
    certificate = report.certificate
    if certificate is None or certificate.holds or certificate.needed is None:
        return None
    return 2 * certificate.needed  # one half of them fits, and the other tests


def _promise(report: Report) -> list[str]:
    certificate = report.certificate
    if certificate is None:
        return []
    bound = f"{certificate.max_error:g} of the kept answers wrong, with confidence {1 - certificate.delta:g}"
    if certificate.holds:
        return [
            f"certified: at most {bound} ({certificate.wrong} of {certificate.kept} in the test half)"
        ]
    needed = rows_needed(report)
    remedy = (
        f"about {needed:,} labelled questions would be needed"
        if needed
        else "the model is not right often enough for any number of questions"
    )
    return [f"not certified: at most {bound}; everything goes to the cloud; {remedy}"]


def _share(right: Any) -> str:
    """A share right with its 95% interval."""
    low, high = share_interval(right)
    return f"{float(np.mean(right)):.1%} ({low:.1%} to {high:.1%})"


def _plain(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.3f}"


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
