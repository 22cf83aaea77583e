"""The closed form and the sampling that it stands for, on the model in the box and on a master."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")

from foggen.confidence.labelled import Keyed
from foggen.config import STARTER
from foggen.engine.engine import Engine
from foggen.engine.plan import build_plan
from foggen.errors import QuestionError
from foggen.question.question import Question
from foggen.store.models import locate
from foggen_export.loading import load_tokenizer
from foggen_training.labels.gguf_reader import GgufReader
from foggen_training.labels.label import label_batch
from foggen_training.labels.models import ModelReference
from foggen_training.prompts import Prompts
from foggen_training.recipe import LabelPlan
from foggen_training.starter.questions import generate, keyed
from foggen_training.starter.rows import PLAIN

from .small_chain import ARCHITECTURES, one_thread, recipe, run, write_base

pytestmark = pytest.mark.filterwarnings("ignore")


def items(number: int) -> list[Keyed]:
    return [keyed(question) for question in islice(generate(9, "test"), number)]


@pytest.fixture(scope="module")
def starter() -> GgufReader:
    return GgufReader(Engine(locate(STARTER)[1]), PLAIN)


def test_sampled_and_exact_agree_on_200_questions(starter: GgufReader) -> None:
    """Within sampling error: over all, and as scattered as so many draws are."""
    samples, questions = 16, items(200)
    sampled = label_batch(starter, questions, LabelPlan(samples=samples), 1, raw=False)
    exact = label_batch(starter, questions, LabelPlan(mode="exact"), 1, raw=False)
    found = np.array([label.success for label in sampled])
    chance = np.array([label.success for label in exact])
    assert np.mean([label.failures for label in sampled]) < 0.02
    spread = np.sqrt(chance * (1 - chance) / samples)
    total = (found - chance).sum() / np.sqrt((spread**2).sum())
    assert abs(total) < 3.5
    open_ones = (chance > 0.1) & (chance < 0.9)
    assert open_ones.sum() > 40
    scatter = np.mean(((found - chance)[open_ones] / spread[open_ones]) ** 2)
    assert 0.7 < scatter < 1.4
    sure = chance > 0.999
    assert found[sure].mean() > 0.995


def test_a_reading_says_what_the_engine_says(starter: GgufReader) -> None:
    questions = items(100)
    readings = starter.read(questions)
    for item, found in zip(questions, readings, strict=True):
        assessed = starter.engine.assess(item.question)
        assert found.buckets == pytest.approx(assessed.bucket_probabilities, abs=0.02)
        assert found.expected == pytest.approx(assessed.expected_confidence, abs=0.02)
    agree = [
        f.answer == starter.engine.assess(i.question).answer
        for i, f in zip(questions, readings, strict=True)
    ]
    assert np.mean(agree) > 0.97  # near-ties among questions that nobody can know


def test_a_reading_leaves_the_engine_as_it_found_it(starter: GgufReader) -> None:
    (item,) = items(1)
    before = starter.engine.assess(item.question)
    starter.read([item])
    starter.read_raw([item])
    starter.generate([item], 0.7, 2, 1, raw=True)
    after = starter.engine.assess(item.question)
    assert after.bucket_probabilities == before.bucket_probabilities
    assert after.answer_probabilities == before.answer_probabilities


@pytest.fixture(scope="module", params=ARCHITECTURES)
def master(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> ModelReference:
    folder = tmp_path_factory.mktemp("master")
    base = write_base(folder / "base", request.param)
    run(base, request.param, folder / "chain", passes=0)
    place = folder / "chain" / "R00" / "checkpoint"
    return ModelReference(str(place), recipe(place, request.param).model, threads=1, half=False)


def test_five_branches_side_by_side_are_five_sequences(master: ModelReference) -> None:
    """Every logit that a reading uses is that of the same tokens in a row of their own."""
    import torch

    with one_thread(), master.open() as reader:
        plan, questions = reader.prompts.plan, items(3)  # type: ignore[attr-defined]
        heads = [[*reader.prompts.before(i), *plan.opening] for i in questions]  # type: ignore[attr-defined]
        rows = [-1, len(plan.speculation) - 1]
        rows += [sum(map(len, plan.tails[: n + 1])) - 1 for n in range(len(plan.tails))]
        found = reader.logits(heads, plan.tails, rows)  # type: ignore[attr-defined]
        for head, logits in zip(heads, found, strict=True):
            alone = [head, [*head, *plan.speculation], *[[*head, *tail] for tail in plan.tails]]
            for sequence, row in zip(alone, logits, strict=True):
                with torch.inference_mode():
                    expected = reader.model(torch.tensor([sequence])).logits[0, -1]  # type: ignore[attr-defined]
                assert torch.allclose(torch.tensor(row), expected, atol=2e-4)


def test_exact_reads_fewer_tokens_than_sampling(master: ModelReference) -> None:
    questions = items(12)
    with one_thread(), master.open() as reader:
        sampled = label_batch(reader, questions, LabelPlan(samples=8), 1, raw=False)
        exact = label_batch(reader, questions, LabelPlan(mode="exact"), 1, raw=False)
    spent, needed = (sum(label.tokens for label in labels) for labels in (sampled, exact))
    assert needed <= 0.65 * spent


def test_training_and_use_have_the_same_tokens(starter: GgufReader, tmp_path: Path) -> None:
    """Also where a question holds what looks like a control token."""
    base = write_base(tmp_path / "base", "qwen3")
    prompts = Prompts.of(load_tokenizer(base), recipe(base, "qwen3").model.contract(), PLAIN)
    assert prompts.plan == build_plan(prompts.contract, prompts.scaffold)
    stop = prompts.plan.stop
    for text in ("What is <|im_end|>?", "<think>2 + 2</think>"):
        ids = prompts.asked(prompts.contract, text)
        assert ids.count(stop) == prompts.asked(prompts.contract, "What?").count(stop)
        assert (
            prompts.tokenizer.token_to_id("<think>") not in ids[: -len(prompts.plan.opening)][5:-8]
        )


def test_more_options_than_letters_in_the_vocabulary_is_told(tmp_path: Path) -> None:
    base = write_base(tmp_path / "base", "qwen3")
    prompts = Prompts.of(load_tokenizer(base), recipe(base, "qwen3").model.contract(), PLAIN)
    few = replace(prompts, plan=replace(prompts.plan, labels=prompts.plan.labels[:4]))
    fits, exceeds = (
        Keyed("law-7", "law", Question.from_options("Which?", list("abcdefghij")[:n]), 0)
        for n in (4, 5)
    )
    assert few.question(fits) == prompts.question(fits)
    for prompt in (few.question, few.before, few.raw_prompt, few.raw_question):
        with pytest.raises(QuestionError, match=r"law-7 has 5 options.*only 4 letters"):
            prompt(exceeds)
