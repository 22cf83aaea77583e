"""An SFT step within a budget: whatever is shared, cut or halved, the gradient is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")
pytest.importorskip("accelerate")

import torch
from accelerate import Accelerator

from foggen.errors import FogGenError
from foggen_export.loading import load_tokenizer
from foggen_training.checkpoints import load_checkpoint
from foggen_training.labels.label import Label
from foggen_training.pools import generated
from foggen_training.prompts import Prompts
from foggen_training.recipe import BufferPlan, LabelPlan, TuningPlan
from foggen_training.tuning import gradients
from foggen_training.tuning.buffer import buffer_rows, training_rows
from foggen_training.tuning.gradients import TrainingRow, add_gradients, micro_batches, reply_loss
from foggen_training.tuning.loop import Tuning, fine_tune, with_adapters

from .small_chain import ARCHITECTURES, one_thread, recipe, write_base

pytestmark = pytest.mark.filterwarnings("ignore")
LABELS = LabelPlan(mode="exact")


@pytest.fixture(scope="module", params=ARCHITECTURES)
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_base(tmp_path_factory.mktemp("gradients") / request.param, request.param)


@pytest.fixture
def model(base: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """With adapters, in fp32, so that what is equal can be seen to be."""
    for module in ("gradients", "loop"):
        monkeypatch.setattr(f"foggen_training.tuning.{module}.multiplies_in_half", lambda _: False)
    torch.manual_seed(3)
    adapted = with_adapters(load_checkpoint(base), TuningPlan(), ())
    for name, parameter in adapted.named_parameters():
        if "lora_B" in name:  # zero at the start, which would hide the gradient of lora_A
            torch.nn.init.normal_(parameter, std=0.1)
    return adapted.train()


@pytest.fixture
def rows(base: Path) -> list[TrainingRow]:
    plan = recipe(base, base.name).model
    prompts = Prompts.of(load_tokenizer(base), plan.contract(), plan.raw_contract())
    items = generated(5, "round", 7, ("math", "law"))
    labels = [Label(item.id, 0.6, 0.5, 0.0, item.answer, 0) for item in items]
    buffer = buffer_rows(items, labels, LABELS, raw=True, replayed=False)
    return training_rows(prompts, buffer, LABELS, BufferPlan(), "x")


def gradient(model: Any, work: Callable[[], object]) -> dict[str, torch.Tensor]:
    model.zero_grad(set_to_none=True)
    work()
    learnt = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    assert any(float(grad.abs().max()) > 0 for grad in learnt.values())
    return learnt


def one_by_one(model: Any, rows: Sequence[TrainingRow]) -> None:
    """What the step must equal: every row in a pass of its own, with the logits of all its tokens."""
    total = sum(row.reply for row in rows)
    for row in rows:
        ids = torch.tensor([row.ids])
        labels = ids.clone()
        labels[0, : len(row.ids) - row.reply] = -100
        (model(input_ids=ids, labels=labels).loss * row.reply / total).backward()


def assert_equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    assert one.keys() == other.keys()
    largest = max(float(grad.abs().max()) for grad in other.values())
    for name, grad in one.items():
        assert torch.allclose(grad, other[name], rtol=1e-3, atol=1e-5 * largest), name


@pytest.mark.parametrize("budget", [10_000, 300, 1])
def test_the_gradient_is_that_of_every_row_on_its_own(
    model: Any, rows: list[TrainingRow], budget: int
) -> None:
    expected = gradient(model, lambda: one_by_one(model, rows))
    total = sum(row.reply for row in rows)
    base = model.get_base_model()
    assert_equal(gradient(model, lambda: add_gradients(base, rows, total, budget)), expected)


def test_micro_batches_hold_every_row_once_within_the_budget(rows: list[TrainingRow]) -> None:
    parts = micro_batches(rows, 300)
    assert 1 < len(parts) < len(rows)
    assert sorted(row.ids for part in parts for row in part) == sorted(row.ids for row in rows)
    for part in parts:
        assert len(part) == 1 or sum(len(row.ids) for row in part) <= 300 + len(part) * 100


def test_only_the_replys_logits_are_computed(model: Any, rows: list[TrainingRow]) -> None:
    shapes: list[tuple[int, ...]] = []
    base = model.get_base_model()
    hook = base.lm_head.register_forward_hook(lambda *args: shapes.append(tuple(args[2].shape)))
    reply_loss(base, rows)
    hook.remove()
    assert [shape[0] for shape in shapes] == [sum(row.reply for row in rows)]


def test_the_shared_start_is_read_once(model: Any, rows: list[TrainingRow]) -> None:
    """The system prompt goes through the model in one row, not in one for each."""
    tokens: list[int] = []
    base = model.get_base_model()
    hook = base.model.embed_tokens.register_forward_hook(
        lambda *args: tokens.append(args[1][0].numel())
    )
    reply_loss(base, rows)
    hook.remove()
    shared = gradients.shared_length(rows)
    assert shared > 5
    assert tokens[0] == shared
    assert tokens[1] <= len(rows) * gradients.padded(max(len(row.ids) for row in rows) - shared - 1)


class Full:
    """A device that holds so many rows: more in one pass run out of memory, after part of the work."""

    def __init__(self, most: int) -> None:
        self.most, self.real, self.failed = most, gradients.reply_loss, 0

    def __call__(self, model: Any, rows: Sequence[TrainingRow]) -> torch.Tensor:
        if len(rows) > self.most:
            self.failed += 1
            raise torch.OutOfMemoryError("out of memory")
        return self.real(model, rows)


def test_what_does_not_fit_is_halved_with_the_same_gradient(
    model: Any, rows: list[TrainingRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    total, base = sum(row.reply for row in rows), model.get_base_model()
    expected = gradient(model, lambda: add_gradients(base, rows, total, 10_000))
    device = Full(3)
    monkeypatch.setattr(gradients, "reply_loss", device)
    budgets: list[int] = []
    halved = gradient(model, lambda: budgets.append(add_gradients(base, rows, total, 1500)[1]))
    assert_equal(halved, expected)
    assert device.failed > 0
    assert budgets[0] < 1500  # and later batches begin with what fits


def test_a_row_that_does_not_fit_is_told(
    model: Any, rows: list[TrainingRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradients, "reply_loss", Full(0))
    with pytest.raises(FogGenError, match="does not fit into memory"):
        add_gradients(model.get_base_model(), rows, 1, 4096)


def test_another_error_is_not_taken_for_a_lack_of_memory(
    model: Any, rows: list[TrainingRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*_: object) -> torch.Tensor:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(gradients, "reply_loss", wrong)
    with pytest.raises(RuntimeError, match="shapes"):
        add_gradients(model.get_base_model(), rows, 1, 4096)


# --- a run that was killed -------------------------------------------------------------------------


class Killed(Exception):
    pass


def adapters_after_30_steps(
    base: Path, state: Path, *, killed_at: int | None = None
) -> dict[str, torch.Tensor]:
    plan = recipe(base, base.name).model
    prompts = Prompts.of(load_tokenizer(base), plan.contract(), plan.raw_contract())
    items = generated(6, "round", 60, ("math", "law"))
    labels = [Label(item.id, Random(item.id).random(), 0.5, 0.0, item.answer, 0) for item in items]
    buffer = buffer_rows(items, labels, LABELS, raw=True, replayed=False)
    tuning = Tuning(LABELS, BufferPlan(), TuningPlan(batch=4, warmup=3), 1e-3, 2, "seed")

    def progress(step: int, steps: int, _: float) -> None:
        assert steps == 30
        if step == killed_at:
            raise Killed

    with one_thread():
        torch.manual_seed(3)
        model = with_adapters(load_checkpoint(base), tuning.tuning, ())
        fine_tune(model, prompts, buffer, tuning, Accelerator(cpu=True), progress, state)
    return {name: p.detach() for name, p in model.named_parameters() if p.requires_grad}


def test_a_killed_run_learns_what_an_unbroken_one_does(base: Path, tmp_path: Path) -> None:
    if base.name != "qwen3":
        pytest.skip("the state has nothing to do with the architecture")
    expected = adapters_after_30_steps(base, tmp_path / "whole.pt")
    with pytest.raises(Killed):
        adapters_after_30_steps(base, tmp_path / "state.pt", killed_at=25)
    assert torch.load(tmp_path / "state.pt", weights_only=True)["step"] == 20
    resumed = adapters_after_30_steps(base, tmp_path / "state.pt")
    assert all(torch.equal(resumed[name], expected[name]) for name in expected)
