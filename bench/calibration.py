"""Does the promise of a calibration hold? Many calibration sets, each judged on the rows that it left out.

    python bench/calibration.py                                        # simulated passes
    python bench/calibration.py --measured FOLDER --data FILE.jsonl ...  # recorded outcomes of real questions

FOLDER is the folder `measured` of a publication, and the files hold its test questions. Every draw takes
`--rows` questions at random, calibrates on them as `foggen-edge calibrate` does, and judges the result on all
others. A table for people comes first; the last line on stdout is one JSON object:

    above       share of draws whose certified tau keeps more wrong answers than its bound; at most delta
    certified   share of draws in which a tau was certified at all; the others keep nothing
    ece         calibration error of P(right) on the rows left out, the median over the draws
    alarms      share of 200 calibrations with shuffled outcomes that set off the alarm

The rows left out are finite, so an error just below its bound may be measured above it: with recorded outcomes
`above` is a little too high.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from foggen.confidence.alarm import alarms
from foggen.confidence.calibrating import Target, calibrate, calibration_error
from foggen.confidence.calibration import ModelIdentity
from foggen.confidence.fitting import Labelled
from foggen.confidence.labelled import read_questions
from simulated_passes import passes

MODEL = ModelIdentity("", "", "")
SHUFFLES = 200


def main() -> None:
    arguments = parser().parse_args()
    rows, name = rows_of(arguments)
    results = [measured(rows, bound, arguments) for bound in arguments.max_error]
    errors = [left_out_error(rows, arguments, draw) for draw in range(arguments.draws // 10)]
    alarmed = statistics.fmean(shuffled_alarm(rows, arguments, turn) for turn in range(SHUFFLES))
    print(f"{name}: {len(rows):,} rows, {arguments.draws} draws of {arguments.rows}")
    print("| at most wrong | certified | kept, median | above the bound |\n|---:|---:|---:|---:|")
    for one in results:
        print(
            f"| {one['max_error']:.0%} | {one['certified']:.1%} | {one['kept']:.1%} | {one['above']:.1%} |"
        )
    print(
        f"calibration error on the rows left out: {statistics.median(errors):.3f}, the median of "
        f"{len(errors)} draws; alarm in {alarmed:.1%} of {SHUFFLES} shuffles"
    )
    print(
        json.dumps(
            {
                "benchmark": "calibration",
                "rows": name,
                "draws": arguments.draws,
                "size": arguments.rows,
                "delta": arguments.delta,
                "bounds": results,
                "ece": statistics.median(errors),
                "alarms": alarmed,
            }
        )
    )


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--measured", type=Path, help="folder of recorded outcomes")
    made.add_argument("--data", type=Path, nargs="*", default=[], help="their questions")
    made.add_argument("--draws", type=int, default=500)
    made.add_argument("--rows", type=int, default=600, help="questions of a calibration set")
    made.add_argument("--max-error", type=float, nargs="*", default=[0.1, 0.2, 0.3])
    made.add_argument("--delta", type=float, default=0.1)
    made.add_argument("--seed", type=int, default=1)
    return made


def rows_of(arguments: argparse.Namespace) -> tuple[list[Labelled], str]:
    """The rows that calibration sets are drawn from, and what they are."""
    if not arguments.measured:
        return passes(6000, arguments.seed), "simulated"
    # Only recorded outcomes need the training room.
    from foggen_training.evaluation.again import OUTCOMES
    from foggen_training.evaluation.calibrated import labelled_of
    from foggen_training.evaluation.keeping import read_kept

    questions = [item for file in arguments.data for item in read_questions(file)]
    outcomes = read_kept(arguments.measured, OUTCOMES, questions) or []
    return labelled_of(questions, outcomes), str(arguments.measured)


def drawn(
    rows: Sequence[Labelled], arguments: argparse.Namespace, draw: int
) -> tuple[list[Labelled], list[Labelled]]:
    """A calibration set, and the rows that it leaves out."""
    order = np.random.default_rng([arguments.seed, draw]).permutation(len(rows))
    taken, left = order[: arguments.rows], order[arguments.rows :]
    return [rows[place] for place in taken], [rows[place] for place in left]


def measured(
    rows: Sequence[Labelled], bound: float, arguments: argparse.Namespace
) -> dict[str, Any]:
    """How often a certified tau breaks its bound on the rows left out."""
    above, kept_shares = 0, []
    for draw in range(arguments.draws):
        taken, left = drawn(rows, arguments, draw)
        calibration = calibrate(taken, MODEL, Target(None, bound, arguments.delta)).calibration
        kept = [row for row in left if calibration.keeps(row.signals)]
        if calibration.tau > 1 or not kept:
            continue
        kept_shares.append(len(kept) / len(left))
        wrong = sum(not row.right(calibration.prior) for row in kept) / len(kept)
        above += wrong > bound
    return {
        "max_error": bound,
        "certified": len(kept_shares) / arguments.draws,
        "kept": statistics.median(kept_shares) if kept_shares else 0.0,
        "above": above / arguments.draws,
    }


def left_out_error(rows: Sequence[Labelled], arguments: argparse.Namespace, draw: int) -> float:
    """The calibration error of P(right) on the rows left out of a draw."""
    taken, left = drawn(rows, arguments, draw)
    calibration = calibrate(taken, MODEL, Target()).calibration
    p_right = np.array([calibration.p_right(row.signals) for row in left])
    right = np.array([row.right(calibration.prior) for row in left], dtype=float)
    return calibration_error(p_right, right)


def shuffled_alarm(rows: Sequence[Labelled], arguments: argparse.Namespace, turn: int) -> bool:
    """Whether the alarm goes off where the scores say nothing: outcomes dealt out at random."""
    taken, _ = drawn(rows, arguments, turn)
    scores = np.array([row.signals.best for row in taken])
    right = np.array([row.right() for row in taken], dtype=float)
    np.random.default_rng([arguments.seed, turn]).shuffle(right)
    return bool(alarms(scores, right, [row.domain for row in taken]))


if __name__ == "__main__":
    main()
