"""A chain as the shipped recipes have it, but for its size: files, sampled labels, two epochs, a real gate.

R0 and four rounds of a model that knows something: half of the questions show a mark, which stands for a
letter and is taught beforehand; of the others nobody can know the answer. So there is something to be
sure of, and the gate judges.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")
pytest.importorskip("accelerate")

from foggen.confidence.labelled import Keyed, read_questions
from foggen.engine.contract import BUCKETS, parse
from foggen_training.chain import Chain
from foggen_training.gate import judge
from foggen_training.pools import open_pool
from foggen_training.prompts import Prompts
from foggen_training.recipe import GatePlan, Recipe
from foggen_training.recipe_file import read_recipe
from foggen_training.round import Round
from foggen_training.tuning.buffer import BufferRow, load_buffer
from foggen_training.tuning.loop import Tuning, epochs_of_batches
from foggen_training.validation import load_outcomes

from .small_chain import Pair, one_thread, prompts_of, recipe, taught, write_base

pytestmark = pytest.mark.filterwarnings("ignore")
SHIPPED = Path(__file__).parents[2] / "training/foggen_training/recipes/foggen-qwen3-0.6b.toml"
DOMAINS = ("finance", "law", "math", "medical")
ROUNDS = ("R00", "R01", "R02", "R03", "R04")
MARKS = {"red": "A", "blue": "B", "green": "C", "black": "D"}
# Confidences of the base. Half of them are sure, or "1.25" would be read off "0.25" for long.
CLAIMED = (1.0, 1.0, 1.0, 1.0, *BUCKETS[:4])
VALIDATION, FIRST, NEW, REPLAYED = 50, 192, 32, 48


def questions(domain: str, split: str, number: int) -> Iterator[dict[str, object]]:
    """Rows of a file. White and grey marks stand for nothing; grey ones have two options."""
    random = Random(f"{domain} {split}")
    for place in range(number):
        mark = random.choice([*MARKS, "grey", "grey", "white", "white"])
        options = ["w", "x", "y", "z"][: 2 if mark == "grey" else 4]
        answer = MARKS.get(mark) or "ABCD"[random.randrange(len(options))]
        stem = f"{domain} {place}: " + " ".join([mark] * 6)
        yield {
            "id": f"{domain}-{split}-{place}",
            "domain": domain,
            "question": stem,
            "options": options,
            "answer": answer,
        }


def write(path: Path, rows: Iterator[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def is_known(item: Keyed) -> bool:
    return any(mark in item.question.stem for mark in MARKS)


def replies_to_learn(prompts: Prompts, items: Sequence[Keyed]) -> list[Pair]:
    """What an instruction-tuned base brings along: both formats, with confidences that mean nothing."""
    random, pairs = Random(3), []
    for item in items:
        prompt, forced = prompts.raw_prompt(item), prompts.raw_question(item)
        reply = [*forced[len(prompt) :], *prompts.raw_reply(item.answer)]
        pairs.append((prompt, reply))
        confident = prompts.reply(random.choice(CLAIMED), item.answer)
        pairs.append((prompts.question(item), confident))
    return pairs


@dataclass(frozen=True)
class Run:
    """A chain that is over. lines: of its history. steps: (round, step, steps) of the fine-tuning."""

    plan: Recipe
    folder: Path
    lines: list[dict[str, Any]]
    steps: list[tuple[str, int, int]]

    def buffer(self, name: str) -> list[BufferRow]:
        rows = load_buffer(self.folder / name / "buffer.jsonl")
        return [row for row in rows if isinstance(row, BufferRow)]

    def new(self, name: str) -> set[str]:
        return {row.item.id for row in self.buffer(name) if not row.replayed}

    def round(self, number: int, folder: Path) -> Round:
        start = self.folder / ROUNDS[number - 1] / "checkpoint"
        return Round(self.plan, open_pool(self.plan), number, start, folder)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("as-shipped")
    for domain in DOMAINS:
        write(folder / f"{domain}.train.jsonl", questions(domain, "train", 170))
        write(folder / f"{domain}.test.jsonl", questions(domain, "test", 10))
    base = write_base(folder / "random", "qwen3")
    seen = write(folder / "seen.jsonl", (row for d in DOMAINS for row in questions(d, "seen", 60)))
    model = recipe(base, "qwen3").model
    pairs = replies_to_learn(prompts_of(base, model), read_questions(seen))
    base = taught(base, folder / "base", pairs, 200)
    plan = small(read_recipe(SHIPPED), folder, base)
    steps: list[tuple[str, int, int]] = []
    lines: list[dict[str, Any]] = []

    def progress(name: str, done: int, total: int) -> None:
        if name == "train":
            steps.append((ROUNDS[len(lines)], done, total))

    with one_thread():
        for line in Chain(plan, folder / "chain", progress=progress).run():
            lines.append(line)
    return Run(plan, folder / "chain", lines, steps)


def small(shipped: Recipe, folder: Path, base: Path) -> Recipe:
    """The shipped recipe, with fewer questions and a rate for a model of a million parameters."""
    return replace(
        shipped,
        passes=1,
        model=recipe(base, "qwen3").model,
        data=replace(
            shipped.data, folder=str(folder), domains=DOMAINS, validation=VALIDATION, calibration=16
        ),
        buffer=replace(shipped.buffer, first=FIRST, new=NEW, replayed=REPLAYED),
        tuning=replace(shipped.tuning, batch=8, warmup=2, learning_rate=5e-3),
    )


def test_it_is_what_the_shipped_recipe_says(chain: Run) -> None:
    plan = chain.plan
    assert (plan.data.source, plan.labels.mode, plan.labels.samples) == ("files", "sampled", 8)
    assert (plan.labels.rounding, plan.tuning.epochs, plan.gate) == ("two_hot", 2, GatePlan())
    assert [line["round"] for line in chain.lines] == list(ROUNDS)
    assert [line["domains"] for line in chain.lines] == [list(DOMAINS), *([d] for d in DOMAINS)]


def test_every_row_is_accounted_for(chain: Run) -> None:
    for line, asked in zip(chain.lines, (FIRST, *[NEW + REPLAYED] * 4), strict=True):
        rows, buffer = line["rows"], chain.buffer(line["round"])
        assert rows["questions"] == asked
        assert 0 <= rows["unreadable"] <= 0.1
        assert len(buffer) == asked - rows["unlabelled"] == rows["trained"] + rows["too_long"]
        assert sum(row.replayed for row in buffer) <= REPLAYED


def test_rows_are_trained_on_twice(chain: Run) -> None:
    for line in chain.lines:
        totals = [of for name, _, of in chain.steps if name == line["round"]]
        assert len(totals) == totals[0] * len(line["attempts"])
        assert totals[0] == 2 * -(-line["rows"]["trained"] // 8)


def test_labels_are_shares_of_eight_replies_and_the_same_again(chain: Run, tmp_path: Path) -> None:
    shutil.copytree(chain.folder / "R00", tmp_path / "R00")
    again = chain.round(1, tmp_path / "R01")
    again.begin()
    with one_thread():
        again.label()
    for name in ("new.jsonl", "replayed.jsonl", "buffer.jsonl"):
        assert (again.folder / name).read_bytes() == (chain.folder / "R01" / name).read_bytes()
    labels = [json.loads(line) for line in (again.folder / "new.jsonl").open(encoding="utf-8")]
    for label in labels:
        readable = 8 * (1 - label["failures"])
        assert readable * label["success"] == pytest.approx(round(readable * label["success"]))
    assert len({label["success"] for label in labels}) > 4


def test_a_bucket_between_two_is_drawn_anew_at_every_epoch(chain: Run) -> None:
    plan, rows = chain.plan, chain.buffer("R00")
    prompts = prompts_of(Path(plan.model.base), plan.model)
    tuning = Tuning(plan.labels, plan.buffer, plan.tuning, 1.0, 2, f"{plan.seed}-R00")
    batches = epochs_of_batches(prompts, rows, tuning)
    epochs = [
        {
            row.ids[: -row.reply]: bucket_taught(prompts, row.ids[-row.reply :])
            for batch in half
            for row in batch
        }
        for half in (batches[: len(batches) // 2], batches[len(batches) // 2 :])
    ]
    drawn = [[epoch[tuple(prompts.question(row.item))] for epoch in epochs] for row in rows]
    for row, buckets in zip(rows, drawn, strict=True):
        assert all(abs(bucket - row.success) < 0.25 for bucket in buckets)
    between = [
        len(set(buckets)) for row, buckets in zip(rows, drawn, strict=True) if row.success * 4 % 1
    ]
    assert len(between) > 20
    assert 0.25 < np.mean([count == 2 for count in between]) < 0.75  # one half for k/8
    successes = [row.success for row in rows]
    assert np.mean(drawn) == pytest.approx(np.mean(successes), abs=0.03)  # nothing is rounded


def bucket_taught(prompts: Prompts, reply: Sequence[int]) -> float:
    confidence = parse(prompts.tokenizer.decode(list(reply)), "ABCD").confidence
    assert confidence is not None
    return confidence


def test_replay_draws_from_all_earlier_rounds_and_labels_anew(chain: Run) -> None:
    replayed = {row.item.id: row for row in chain.buffer("R04") if row.replayed}
    for name in ROUNDS[:4]:
        assert replayed.keys() & chain.new(name), name
    earlier = [row for name in ROUNDS[:4] for row in chain.buffer(name) if not row.replayed]
    assert replayed.keys() <= {row.item.id for row in earlier}
    assert any(
        replayed[row.item.id].success != row.success for row in earlier if row.item.id in replayed
    )
    news = [chain.new(name) for name in ROUNDS]
    assert sum(map(len, news)) == len(set().union(*news))  # no question is new twice


def test_the_gate_judges_every_round_by_the_best_one_before_it(chain: Run) -> None:
    accuracy = {line["round"]: line["edge"] for line in chain.lines}
    for number, line in enumerate(chain.lines):
        before = ROUNDS[:number]
        best = max(before, key=lambda name: accuracy[name]) if before else "the start"
        attempt = line["attempts"][-1]
        assert (line["passed"], attempt["losses"], attempt["against"]) == (True, [], best)
        assert {c["questions"] for c in attempt["changes"].values()} == {VALIDATION}
        assert set(attempt["changes"]) == set(DOMAINS)
        assert line["entropy"] >= 0.3
    assert any(c["lost"] for line in chain.lines for c in line["attempts"][-1]["changes"].values())


def test_a_round_that_forgot_a_domain_or_its_confidence_would_have_been_refused(chain: Run) -> None:
    last = chain.round(4, chain.folder / "R04")
    outcomes = load_outcomes(chain.folder / "R04" / "outcomes.jsonl")
    reference = last.reference()
    forgot = [replace(one, edge=0) if one.domain == "law" else one for one in outcomes]
    assert judge(forgot, reference, chain.plan.gate)["losses"][0].startswith("law lost ")
    turned = [replace(one, expected=1 - one.expected) for one in outcomes]
    assert "AUROC fell" in judge(turned, reference, chain.plan.gate)["losses"][0]


def test_the_checkpoints_of_the_first_the_best_and_the_last_round_are_kept(chain: Run) -> None:
    best = max(chain.lines, key=lambda line: float(line["edge"]))["round"]
    kept = {path.parent.name for path in chain.folder.glob("R*/checkpoint")}
    assert kept == {"R00", best, "R04"}
    adapters = {path.parent.name for path in chain.folder.glob("R*/adapter")}
    assert adapters == set(ROUNDS)


def test_the_model_ends_sure_of_what_it_knows_and_unsure_of_the_rest(chain: Run) -> None:
    items = open_pool(chain.plan).validation()
    outcomes = load_outcomes(chain.folder / "R04" / "outcomes.jsonl")
    known, unknown = (
        np.mean(
            [
                one.expected
                for one, item in zip(outcomes, items, strict=True)
                if is_known(item) is wanted
            ]
        )
        for wanted in (True, False)
    )
    assert known > unknown + 0.3
    assert chain.lines[-1]["auroc"] > 0.75
