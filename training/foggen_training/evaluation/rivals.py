"""All baselines of one model on some questions; those that cannot be measured are left out with a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foggen.confidence.labelled import Keyed
from foggen.errors import UsageError

from ..labels.reading import Reader, Reading
from . import automix, baselines
from .automix import Verification
from .baselines import Baseline
from .calibrated import Calibrated
from .outcomes import Outcome
from .progress import Ask, in_chunks
from .resampling import Domains

if TYPE_CHECKING:
    from .baselines import Array

RAW, AUTOMIX = "raw", "automix"  # names of the measurements
NOT_MEASURED = "its verification was not measured"


@dataclass(frozen=True)
class Rivals:
    """The baselines of an evaluation, FogGen first. notes: how they were made or why they were left out.
    calibrated: what the model's calibration says, None without one."""

    baselines: Sequence[Baseline] = ()
    notes: Sequence[str] = ()
    calibrated: Calibrated | None = None


def all_rivals(
    model: Reader,
    questions: Sequence[Keyed],
    outcomes: Sequence[Outcome],
    base: Sequence[Reading] | None,
    *,
    shots: bool,
    verifies: bool = True,
    calibrated: Calibrated | None = None,
    ask: Callable[[str], Ask] = lambda _: in_chunks,
) -> Rivals:
    """Measure FogGen and all baselines with the same model.

    base: readings of the untrained base, asked for the answer alone; without them its row is left out.
    shots: whether AutoMix shows examples, see `automix.verify`. verifies: False leaves out AutoMix, whose
    prompts are the longest. calibrated: what the model's calibration says of the questions. ask: returns the function that asks the questions of a named measurement.
    """
    raw = ask(RAW)("raw answers", model.read_raw, questions)
    verified: list[Verification] | None = None
    why = NOT_MEASURED
    if verifies:
        verified, why = _verified(model, questions, outcomes, shots, ask(AUTOMIX))
    return rivals_of(
        questions,
        outcomes,
        base=base,
        raw=raw,
        verified=verified,
        why_not=why,
        calibrated=calibrated,
    )


def rivals_of(
    questions: Sequence[Keyed],
    outcomes: Sequence[Outcome],
    *,
    base: Sequence[Reading] | None = None,
    raw: Sequence[Reading] | None = None,
    verified: Sequence[Verification] | None = None,
    why_not: str = NOT_MEASURED,
    calibrated: Calibrated | None = None,
) -> Rivals:
    """Compute the baselines from measurements; rows whose measurement is None are left out with a note.

    base, raw: readings of the untrained base and of the model itself, asked for the answer alone.
    why_not: the reason if `verified` is None.
    """
    notes: list[str] = []
    edge = baselines.edge_of(outcomes)
    rows = [
        *baselines.foggen(outcomes),
        *([calibrated.baseline()] if calibrated else []),
        *_letters(outcomes, questions, base, notes),
        *_asked_alone(questions, raw, notes),
        baselines.domain_prior(questions, edge),
        baselines.surface(questions, edge),
        *_automix(questions, edge, verified, why_not, notes),
    ]
    return Rivals(rows, notes, calibrated)


def _letters(
    outcomes: Sequence[Outcome],
    questions: Sequence[Keyed],
    base: Sequence[Reading] | None,
    notes: list[str],
) -> list[Baseline]:
    """The two baselines that score FogGen's own answers by a letter's probability."""
    rows = []
    if all(outcome.letter >= 0 for outcome in outcomes):
        rows.append(baselines.letter_same_pass(outcomes))
    else:
        notes.append(f'"{baselines.SAME_PASS}" is left out: the replies came without probabilities')
    if base is not None:
        domains = Domains.of([item.domain for item in questions])
        own = domains.mean(baselines.right(questions, base), domains.once)[0]
        rows.append(baselines.letter_of_base(outcomes, base))
        notes.append(
            f'"{baselines.OF_THE_BASE}" scores FogGen\'s answers by the untrained base, whose own '
            f"answers are right in {own:.1%}"
        )
    return rows


def _asked_alone(
    questions: Sequence[Keyed], raw: Sequence[Reading] | None, notes: list[str]
) -> list[Baseline]:
    """The baselines of the model asked for the answer alone."""
    if raw is None:
        notes.append(
            f'"{baselines.ASKED_ALONE}" and self-consistency are left out: the model was not asked for the '
            "answer alone"
        )
        return []
    return [
        baselines.letter_asked_alone(questions, raw),
        baselines.self_consistency(questions, raw),
    ]


def _verified(
    model: Reader, questions: Sequence[Keyed], outcomes: Sequence[Outcome], shots: bool, ask: Ask
) -> tuple[list[Verification] | None, str]:
    """AutoMix's verifications of the model's own answers, or None and the reason."""
    silent = sum(outcome.answer < 0 for outcome in outcomes)
    if silent:
        return None, f"{silent:,} of {len(outcomes):,} questions have no answer to verify"
    answers = {id(item): one.answer for item, one in zip(questions, outcomes, strict=True)}

    def verify(items: Sequence[Keyed]) -> list[Verification]:
        return automix.verify(model, items, [answers[id(item)] for item in items], shots=shots)

    try:
        return ask("verification", verify, questions), ""
    except UsageError as exc:
        return None, exc.message


def _automix(
    questions: Sequence[Keyed],
    edge: Array,
    verified: Sequence[Verification] | None,
    why_not: str,
    notes: list[str],
) -> list[Baseline]:
    """The AutoMix baseline, or a note that says why it is left out."""
    if verified is None:
        notes.append(f"{automix.NAME} is left out: {why_not}")
        return []
    notes.append(automix.NOTE)
    scores = automix.scores(questions, verified, 0)
    return [Baseline(automix.NAME, scores, edge, automix.PASSES)]
