"""All baselines of one model on some questions: each asked of the model, or left out with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from foggen.confidence.labelled import Keyed
from foggen.errors import UsageError

from ..labels.reading import Reader, Reading
from . import automix, baselines
from .baselines import Baseline
from .outcomes import Outcome
from .progress import Ask, in_chunks
from .resampling import Domains


@dataclass(frozen=True)
class Rivals:
    """The baselines of an evaluation, FogGen first. notes: on how they were made, or left out."""

    baselines: Sequence[Baseline] = ()
    notes: Sequence[str] = ()


def all_rivals(
    model: Reader,
    questions: Sequence[Keyed],
    outcomes: Sequence[Outcome],
    base: Sequence[Reading] | None,
    *,
    shots: bool,
    ask: Callable[[str], Ask] = lambda _: in_chunks,
) -> Rivals:
    """FogGen itself and what it must beat, asked of the same model.

    base: readings of the untrained base, asked for the answer alone; its row is left out without
    them. shots: whether AutoMix has to show its format, see `automix.verify`. ask: what asks the
    questions of a measurement, by its name.
    """
    notes: list[str] = []
    edge = baselines.edge_of(outcomes)
    raw = ask("raw")("raw answers", model.read_raw, questions)
    rows = [
        *baselines.foggen(outcomes),
        *_letters(outcomes, questions, base, notes),
        baselines.letter_asked_alone(questions, raw),
        baselines.self_consistency(questions, raw),
        baselines.domain_prior(questions, edge),
        baselines.surface(questions, edge),
        *_automix(model, questions, outcomes, shots, notes, ask("automix")),
    ]
    return Rivals(rows, notes)


def _letters(
    outcomes: Sequence[Outcome],
    questions: Sequence[Keyed],
    base: Sequence[Reading] | None,
    notes: list[str],
) -> list[Baseline]:
    """The two letters that score FogGen's own answers."""
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


def _automix(
    model: Reader,
    questions: Sequence[Keyed],
    outcomes: Sequence[Outcome],
    shots: bool,
    notes: list[str],
    ask: Ask,
) -> list[Baseline]:
    """AutoMix, or why there is none."""
    silent = sum(outcome.answer < 0 for outcome in outcomes)
    if silent:
        notes.append(
            f"{automix.NAME} is left out: {silent:,} of {len(outcomes):,} questions have no answer "
            "to verify"
        )
        return []
    answers = {id(item): one.answer for item, one in zip(questions, outcomes, strict=True)}
    try:
        verified = ask(
            "verification",
            lambda items: automix.verify(
                model, items, [answers[id(i)] for i in items], shots=shots
            ),
            questions,
        )
    except UsageError as exc:
        notes.append(f"{automix.NAME} is left out: {exc.message}")
        return []
    notes.append(automix.NOTE)
    scores = automix.scores(questions, verified, 0)
    return [Baseline(automix.NAME, scores, baselines.edge_of(outcomes), automix.PASSES)]
