"""What a card says of how a model was made, and how sure its figures are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foggen_training.evaluation.card_words import each_way, how_labelled, how_primed, how_tuned
from foggen_training.recipe import (
    DistillPlan,
    LabelPlan,
    ModelPlan,
    PrimerPlan,
    Recipe,
    TuningPlan,
)

PLAIN = Recipe("small", ModelPlan("base"))
SIBLING = DistillPlan("/somewhere/build/foggen-1b/R00/buffer.jsonl")


def test_a_chains_labels_are_said_with_their_rows() -> None:
    assert how_labelled(PLAIN) == (
        "Labels: the share right of 8 replies sampled from the checkpoint itself at temperature 0.7, "
        "two-hot buckets. Rows: 1,800 in R0, then 300 new and 1,500 replayed rows a round, labelled "
        "anew."
    )
    exact = how_labelled(replace(PLAIN, labels=LabelPlan(mode="exact", prior=4, shuffle=True)))
    assert "in closed form over the buckets" in exact
    assert "counted as 4 samples, dealt out among the rows at random, as a control" in exact
    assert "replayed" not in how_labelled(replace(PLAIN, passes=0))


def test_a_distilled_r0_is_never_said_to_be_sampled() -> None:
    alone = how_labelled(replace(PLAIN, passes=0, distill=SIBLING))
    assert alone == (
        "R0 was distilled from a sibling's buffer, `foggen-1b/R00/buffer.jsonl` (all rows): its "
        "questions and its labels."
    )
    chain = how_labelled(replace(PLAIN, distill=replace(SIBLING, rows=900)))
    first, later = chain.split(" Later rounds: ")
    assert "(the first 900 rows)" in first
    assert "sampled" not in first
    assert "300 new and 1,500 replayed" in later
    assert "1,800" not in chain


def test_a_primer_is_said_where_there_was_one() -> None:
    assert how_primed(PrimerPlan()) == ""
    assert how_primed(PrimerPlan(find=1600, match=5000)) == (
        "Before R0 the base learnt to name an option by its letter, the answer alone: 1,600 rows that "
        "ask for the option of a given text and 5,000 rows whose wrong options are other questions' "
        "options, at a peak learning rate of 0.0005. "
    )


def test_the_rate_and_the_epochs_are_said() -> None:
    assert "2 epochs at a peak learning rate of 5e-05 a round, 16 rows a step" in how_tuned(
        TuningPlan()
    )
    own = how_tuned(TuningPlan(epochs=1, first_learning_rate=2e-4))
    assert (
        "1 epoch at a peak learning rate of 5e-05 a round (R0: 1 epoch at a peak learning rate of 0.0002)"
        in own
    )
    assert "(R0: 5 epochs at a peak learning rate of 5e-05)" in how_tuned(
        TuningPlan(first_epochs=5)
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (9.6, 10.6, "known to about half a point each way"),
        (-0.1, 0.1, "known to about a tenth of a point each way"),
        (2.4, 4.3, "known to about one point each way"),
        (0.0, 3.1, "known to about one and a half points each way"),
        (-20.0, 30.0, "known to about 25 points each way"),
        (1.0, 1.0, "the same in every resample"),
    ],
)
def test_an_interval_is_said_in_words(low: float, high: float, words: str) -> None:
    assert each_way(low, high) == words
