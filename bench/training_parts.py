"""The parts of `training.py`; each is measured in its own process."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from foggen.confidence.labelled import Keyed, read_questions
from foggen.question.question import Question
from foggen_training.recipe import DOMAINS, ModelPlan, Recipe, TuningPlan
from foggen_training.speed import longest_part, peak_memory, rate, sample_rows, step
from random_vocabulary import WORDS

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

    from foggen_training.labels.label import Labeller
    from foggen_training.tuning.gradients import TrainingRow

TRAINING, LABELLING = ("reply", "all"), ("exact", "sampled")
PARTS = (*TRAINING, *LABELLING)
COUNT = 256  # questions per measurement
MEAN, SIGMA = 240, 0.465  # mean in tokens; standard deviation of the logarithm
REPLIES, REPLY_TOKENS, TEMPERATURE = 8, 13, 0.7
OVERHEAD = 95  # tokens of a prompt without the question's stem


def measured(
    part: str, checkpoint: Path, data: Path | None, options: argparse.Namespace
) -> dict[str, Any]:
    """Measure one part: {"rate": rows or questions per second, "memory_bytes", "tokens_per_row"}."""
    tuning = TuningPlan(micro_batch=options.micro_batch)
    recipe = Recipe("bench", ModelPlan(str(checkpoint), options.layout), tuning=tuning)
    items = real_questions(data) if data else made_up_questions()
    if part in TRAINING:
        rows = sample_rows(checkpoint, recipe, items)
        speed = training_rate(part, checkpoint, recipe, rows, options.seconds)
        tokens = sum(len(row.ids) for row in rows) / len(rows)
    else:
        speed, tokens = labelling_rate(part, checkpoint, recipe, items, options.seconds), 0.0
    return {"rate": speed, "memory_bytes": peak_memory(), "tokens_per_row": tokens}


def training_rate(
    part: str, checkpoint: Path, recipe: Recipe, rows: Sequence[TrainingRow], seconds: float
) -> float:
    """Rows per second; a micro-batch of the longest rows comes first, since it takes the most memory."""
    from foggen_training.checkpoints import load_checkpoint
    from foggen_training.tuning.buffer import batches
    from foggen_training.tuning.loop import with_adapters

    model = with_adapters(load_checkpoint(checkpoint), recipe.tuning, ()).train().get_base_model()
    work = step if part == "reply" else step_on_all
    work(model, longest_part(rows, recipe.tuning.micro_batch), recipe)
    ordered = [row for batch in batches(rows, recipe.tuning, "bench") for row in batch]
    return rate(lambda chosen: work(model, chosen, recipe), ordered, seconds, recipe.tuning.batch)


def step_on_all(model: PreTrainedModel, rows: Sequence[TrainingRow], recipe: Recipe) -> None:
    """The product's step, except that the logits of every token are computed."""
    from foggen_training.tuning.gradients import micro_batches

    total = sum(row.reply for row in rows)
    for part in micro_batches(rows, recipe.tuning.micro_batch):
        (loss_on_all(model, part) / total).backward()


def loss_on_all(model: PreTrainedModel, rows: Sequence[TrainingRow]) -> torch.Tensor:
    """`reply_loss` with the head applied to all hidden states; the loss is the same."""
    import torch
    from torch.nn.functional import cross_entropy

    from foggen_training.checkpoints import multiplies_in_half
    from foggen_training.tuning.gradients import after_start, collate, shared_length

    device, shared = model.device, shared_length(rows)
    batch = collate(rows, shared)
    with torch.autocast(device.type, torch.bfloat16, multiplies_in_half(device)):
        start = torch.tensor([rows[0].ids[:shared]], device=device)
        more = after_start(model, start, len(rows))
        hidden = model.model(batch.ids.to(device), **more).last_hidden_state
        logits = model.lm_head(hidden).float()  # (B, T, V)
    chosen = logits[batch.rows.to(device), batch.columns.to(device)]
    return cross_entropy(chosen, batch.targets.to(device), reduction="sum")


def labelling_rate(
    part: str, checkpoint: Path, recipe: Recipe, items: Sequence[Keyed], seconds: float
) -> float:
    """Questions per second."""
    from foggen_training.labels.models import ModelReference

    with ModelReference(str(checkpoint), recipe.model).open() as model:
        work = model.read if part == "exact" else sampler(model)
        return rate(work, items, seconds, recipe.labels.batch)


def sampler(model: Labeller) -> Any:
    """Sample replies of the usual length; a model of random weights does not end them."""

    def sample(items: Sequence[Keyed]) -> None:
        texts = [item.question.text() for item in items]
        model.write(texts, TEMPERATURE, REPLIES, REPLY_TOKENS, 0)

    return sample


def made_up_questions() -> list[Keyed]:
    """Questions with four options, of the lengths of real ones."""
    random = Random(1)
    middle = math.log(MEAN) - SIGMA**2 / 2
    return [
        _question(number, random.lognormvariate(middle, SIGMA), random) for number in range(COUNT)
    ]


def _question(number: int, tokens: float, random: Random) -> Keyed:
    words = random.choices(WORDS, k=max(5, round(tokens) - OVERHEAD))
    options = random.sample(WORDS, 4)
    return Keyed(str(number), "math", Question.from_options(" ".join(words), options), 0)


def real_questions(folder: Path) -> list[Keyed]:
    """A random sample of the folder's questions, over all domains that it has."""
    files = [folder / f"{domain}.train.jsonl" for domain in DOMAINS]
    items = [item for path in files if path.exists() for item in read_questions(path)]
    return Random(1).sample(items, min(COUNT, len(items)))
