"""Every architecture with random weights: transformers reads the same file, and gives the same logits.

The files are those of `bench/random_model.py`, in f32, so that only the order of additions differs.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foggen.engine.contract import BUCKETS
from foggen.engine.engine import Engine
from foggen.engine.layouts import ARCHITECTURES
from foggen.engine.native import Context
from foggen.engine.plan import TokenPlan
from foggen.engine.readings import read_bucket
from foggen.question.question import Question

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))

from random_model import SHAPES, find_or_write

NANO = {shape.architecture: name for name, shape in SHAPES.items() if name.startswith("nano")}
QUESTIONS = [
    Question.parse(f"{stem}\nA. 4\nB. 5\nC. 6\nD. 7")
    for stem in ("What is 2 + 3?", "Which is a prime above 5?", "Name the first even number here.")
]
ROUNDING = 1e-3  # of the largest logit
NEAR_TIE = 5e-3  # logits; the engine's keys and values are in fp16


@dataclass(frozen=True)
class Both:
    """One file, opened by the engine and by transformers."""

    engine: Engine
    reference: Any

    def rows(self, tokens: list[int], places: list[int]) -> np.ndarray:
        """The logits of transformers after the tokens at some places, (places, V)."""
        import torch

        with torch.inference_mode():
            found = self.reference(torch.tensor([tokens])).logits[0, places]
        return np.asarray(found.numpy())


@pytest.fixture(scope="module", params=ARCHITECTURES)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp(request.param)
    path, _ = find_or_write(NANO[request.param], "f32", folder, threads=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        import torch
        from transformers import AutoModelForCausalLM

        torch.set_num_threads(1)
        reference = AutoModelForCausalLM.from_pretrained(
            folder, gguf_file=path.name, dtype=torch.float32
        )
    with Engine(path, threads=1) as engine:
        yield Both(engine, reference.eval())


def prompt(engine: Engine, question: Question) -> list[int]:
    user = engine.user_tokens(question.text())
    return [*engine.plan.prefix, *user, *engine.plan.opening]


def test_the_logits_are_those_of_transformers(both: Both) -> None:
    context = Context(both.engine.model, context=512, threads=1, exact=True)
    for question in QUESTIONS:
        tokens = prompt(both.engine, question)
        context.cut(0)
        places = [len(tokens) // 2, len(tokens) - 1]
        found, expected = context.decode(tokens, 0, places), both.rows(tokens, places)
        assert np.abs(found - expected).max() <= ROUNDING * np.abs(expected).max()
    context.close()


def test_the_answer_of_the_pass_is_that_of_transformers(both: Both) -> None:
    compared = 0
    for question in QUESTIONS:
        tokens = prompt(both.engine, question)
        plan, found = both.engine.plan, both.engine.assess(question)
        if isinstance(plan, TokenPlan):
            last = len(tokens) - 1
            rows = both.rows([*tokens, *plan.speculation], [last, last + 2])
            reading = read_bucket(rows, plan.first, plan.second)
            assert found.bucket_probabilities == pytest.approx(reading.probabilities, abs=2e-3)
            assert BUCKETS[found.bucket] == BUCKETS[reading.bucket]
            tokens += plan.tails[reading.bucket]
        scores = both.rows(tokens, [len(tokens) - 1])[0][list(plan.labels[:4])]
        if np.diff(np.sort(scores))[-1] > NEAR_TIE:
            compared += 1
            assert found.answer == int(scores.argmax())
        shares = np.exp(scores - scores.max())
        assert found.answer_probabilities == pytest.approx(shares / shares.sum(), abs=2e-3)
    assert compared


def test_each_architecture_has_a_file_here() -> None:
    assert set(NANO) == set(ARCHITECTURES)
