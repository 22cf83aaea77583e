"""What a raw base learns before R0: to name an option by its letter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")
pytest.importorskip("accelerate")

from foggen.engine.contract import BUCKETS
from foggen.errors import ConfigurationError
from foggen_training.chain import Chain
from foggen_training.files import read_json
from foggen_training.labels.label import Label
from foggen_training.pools import generated, open_pool, size
from foggen_training.primer import FINDING, Primer, drawn, finding, matching
from foggen_training.recipe import PrimerPlan, Recipe
from foggen_training.round_rows import with_means
from foggen_training.tuning.buffer import BufferRow, load_buffer

from .small_chain import one_thread, recipe, write_base

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def primed(tmp_path_factory: pytest.TempPathFactory) -> Recipe:
    base = write_base(tmp_path_factory.mktemp("primer") / "base", "qwen3")
    return replace(recipe(base, "qwen3"), passes=0, primer=PrimerPlan(16, 24, 1e-3))


def test_a_find_row_asks_for_the_option_that_is_its_answer() -> None:
    random = Random(1)
    for item in generated(3, "round", 30):
        made = finding(item, random)
        assert sorted(made.question.options) == sorted(item.question.options)
        texts = [start.format(made.answer_text) for start in FINDING]
        assert made.question.stem in texts


def test_a_match_row_has_its_answer_among_other_questions_options() -> None:
    items = generated(3, "round", 200, ("law",))
    others = {option for item in items for option in item.question.options}
    make, random = matching(items), Random(1)
    for item in items:
        made = make(item, random)
        assert (made.question.stem, made.answer_text) == (item.question.stem, item.answer_text)
        wrong = set(made.question.options) - {item.answer_text}
        assert wrong
        assert wrong <= others - set(item.question.options)


def test_every_question_is_drawn_as_often_as_any_other() -> None:
    items = generated(3, "round", 10)
    counts = [drawn(items, 25, Random(1)).count(item) for item in items]
    assert sorted(counts) == [2] * 5 + [3] * 5


def test_r0_starts_from_the_primed_base_and_labels_what_it_knows(
    primed: Recipe, tmp_path: Path
) -> None:
    with one_thread():
        (line,) = list(Chain(primed, tmp_path / "chain").run())
    folder = tmp_path / "chain" / "primer"
    assert line["passed"]
    assert read_json(tmp_path / "chain/R00/config.json")["start"] == str(
        folder / "match/checkpoint"
    )
    assert not (folder / "find/checkpoint").exists()  # it is of no use any more
    assert [len(load_buffer(folder / kind / "buffer.jsonl")) for kind in ("find", "match")] == [
        16,
        24,
    ]
    assert read_json(folder / "match/seconds.json")["train"] > 0


def test_a_primer_that_was_killed_goes_on(primed: Recipe, tmp_path: Path) -> None:
    """Killed in its second stage, it does not do the first one again, and ends with the same."""

    class Killed(Exception):
        pass

    def kill(step: str, done: int, _: int) -> None:
        if (step, done) == ("primer match", 2):
            raise Killed

    def primer(folder: Path, progress=lambda *_: None) -> Primer:  # type: ignore[no-untyped-def]
        return Primer(primed, open_pool(primed), Path(primed.model.base), folder, progress)

    with one_thread():
        whole = primer(tmp_path / "whole").run()
        with pytest.raises(Killed):
            primer(tmp_path / "killed", kill).run()
        first = tmp_path / "killed/primer/find/checkpoint"
        assert first.exists()
        steps: list[str] = []
        resumed = primer(tmp_path / "killed", lambda step, *_: steps.append(step)).run()
    assert set(steps) == {"primer match"}
    assert (resumed / "model.safetensors").read_bytes() == (
        whole / "model.safetensors"
    ).read_bytes()
    with one_thread():
        assert primer(tmp_path / "killed").run() == resumed


def test_a_primer_teaches_the_format_and_no_confidence(primed: Recipe, tmp_path: Path) -> None:
    items = open_pool(primed).fresh(0)
    rows = Primer(primed, open_pool(primed), Path(primed.model.base), tmp_path)._rows("match", 400)
    found = [row.success for row in rows if isinstance(row, BufferRow)]
    assert {row.item.id for row in rows} <= {item.id for item in items}
    assert set(found) == set(BUCKETS)
    assert all(60 < found.count(bucket) < 100 for bucket in BUCKETS)


def test_a_primer_makes_no_rows_of_the_longest_questions(primed: Recipe, tmp_path: Path) -> None:
    pool, base = open_pool(primed), Path(primed.model.base)
    sizes = sorted(size(item) for item in pool.trainable())
    middle = sizes[len(sizes) // 2]
    limited = replace(primed, primer=replace(primed.primer, longest=middle))
    asked = {row.item.id for row in Primer(limited, pool, base, tmp_path)._rows("match", 400)}
    assert asked == {item.id for item in pool.trainable() if size(item) <= middle}
    none = replace(primed, primer=replace(primed.primer, longest=sizes[0] - 1))
    with pytest.raises(ConfigurationError, match=r"more than \d+ characters"):
        Primer(none, pool, base, tmp_path)._rows("match", 400)


def test_a_primed_base_expects_the_mean_of_a_questions_domain() -> None:
    items = [keyed for domain in ("law", "math") for keyed in generated(3, "round", 2, (domain,))]
    labels = [
        Label(item.id, success, 0.9, failures, 0, 1)
        for item, success, failures in zip(
            items, (0.0, 0.5, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0), strict=True
        )
    ]
    assert [label.expected for label in with_means(items, labels)] == [0.25, 0.25, 1.0, 1.0]
    assert [label.success for label in with_means(items, labels)] == [0.0, 0.5, 1.0, 0.0]


def test_a_recipe_without_a_primer_starts_from_its_base(primed: Recipe, tmp_path: Path) -> None:
    unprimed = replace(primed, primer=PrimerPlan())
    base = Path(unprimed.model.base)
    assert Primer(unprimed, open_pool(unprimed), base, tmp_path).run() == base
    assert not list(tmp_path.iterdir())
