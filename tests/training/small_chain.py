"""A chain that takes seconds: random models of both architectures, real stages, the CPU's one thread.

    python -m tests.training.small_chain BASE FOLDER STEP DONE

runs the chain and stands still for ever at that step of round R01, to be killed there.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import torch

from foggen.engine.contract import BUCKETS, reply_text
from foggen_export.loading import load_tokenizer
from foggen_training.chain import Chain
from foggen_training.checkpoints import load_checkpoint, save_checkpoint
from foggen_training.prompts import Prompts
from foggen_training.recipe import (
    BufferPlan,
    DataPlan,
    GatePlan,
    LabelPlan,
    ModelPlan,
    Recipe,
    TuningPlan,
)
from foggen_training.starter.questions import LABELS, generate
from foggen_training.tuning.gradients import TrainingRow, reply_loss

RATE = 3e-3  # the peak, of all weights of a random model
Pair = tuple[list[int], list[int]]  # tokens of a prompt, of its reply
ARCHITECTURES = ("qwen3", "gemma3")
OPEN_GATE = GatePlan(accuracy_drop=1.0, mean_drop=1.0, auroc_drop=1.0, least_entropy=0.0)

# As a person would write it.
RECIPE = """
name = "small"
passes = 1
[model]
base = "nowhere"
system_prompt = "Say your confidence, then answer."
raw_system_prompt = "Answer."
[data]
source = "generated"
domains = ["math", "law"]
validation = 16
calibration = 12
test = 20
[labels]
mode = "exact"
batch = 16
most_failures = 1.0
prior = 4
[buffer]
first = 64
new = 32
replayed = 32
raw = 0.25
[tuning]
epochs = 1
batch = 8
learning_rate = 2e-3
first_learning_rate = 1e-2
warmup = 2
train_words = true
[gate]
accuracy_drop = 1.0
mean_drop = 1.0
auroc_drop = 1.0
least_entropy = 0.0
"""


def recipe(base: Path, layout: str) -> Recipe:
    return Recipe(
        "small",
        ModelPlan(str(base), layout, "Say your confidence, then answer.", "Answer."),
        passes=1,
        data=DataPlan("generated", domains=("math", "law"), validation=16, calibration=16, test=20),
        labels=LabelPlan(mode="exact", batch=16, most_failures=1.0),
        buffer=BufferPlan(first=64, new=32, replayed=32, raw=0.25),
        tuning=TuningPlan(
            epochs=1,
            batch=8,
            learning_rate=2e-3,
            first_learning_rate=1e-2,
            warmup=2,
            longest=256,
            train_words=True,
        ),
        gate=OPEN_GATE,
    )


def write_base(folder: Path, layout: str) -> Path:
    """A random checkpoint of an architecture, with a tokenizer of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        torch.manual_seed(1)
        (_qwen if layout == "qwen3" else _gemma)(folder)
    return folder


def _texts() -> list[str]:
    questions = generate(5)
    return (
        [
            next(questions).question.text() + "\n" + reply_text(BUCKETS[n % 5], "ABCD"[n % 4])
            for n in range(400)
        ]
        + ["Say your confidence, then answer. Answer. user system model assistant"]
        + [f" {letter}" for letter in LABELS] * 400
    )


def _qwen(folder: Path) -> None:
    from foggen_training.starter.model import new_model
    from foggen_training.starter.tokenizer import save_tokenizer, train_tokenizer

    tokenizer = train_tokenizer(_texts(), 600)
    new_model("nano", tokenizer.get_vocab_size(), seed=1).save_pretrained(folder)
    save_tokenizer(tokenizer, folder)


def _gemma(folder: Path) -> None:
    """With a sliding window shorter than a question, so that both kinds of mask count."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\d| ?[A-Za-z]+|\n|."), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<pad>", "<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>"]
    tokenizer.train_from_iterator(
        _texts(),
        trainers.BpeTrainer(
            vocab_size=600,
            special_tokens=special,
            show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<bos>", eos_token="<eos>", pad_token="<pad>"
    ).save_pretrained(folder)
    config = Gemma3TextConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        sliding_window=24,
        layer_types=["sliding_attention", "full_attention"] * 2,
        max_position_embeddings=1024,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=2,
        query_pre_attn_scalar=16,
    )
    Gemma3ForCausalLM(config).save_pretrained(folder)


def prompts_of(checkpoint: Path, plan: ModelPlan) -> Prompts:
    tokenizer = load_tokenizer(checkpoint)
    return Prompts.of(tokenizer, plan.contract(), plan.raw_contract())


def taught(start: Path, folder: Path, pairs: Sequence[Pair], steps: int) -> Path:
    """A checkpoint whose weights, all of them, have seen pairs of a prompt and its reply."""
    rows = [TrainingRow((*prompt, *reply), len(reply)) for prompt, reply in pairs]
    random = Random(1)
    with one_thread():
        model = load_checkpoint(start).train()
        optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
        for step in range(steps):
            optimizer.param_groups[0]["lr"] = RATE * min(1, (step + 1) / 10) * (1 - step / steps)
            batch = random.sample(rows, 8)
            (reply_loss(model, batch) / sum(row.reply for row in batch)).backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
        save_checkpoint(model, start, folder)
    return folder


@contextmanager
def one_thread() -> Iterator[None]:
    """The same number of threads everywhere, so that sums are added in the same order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def run(base: Path, layout: str, folder: Path, **changes: Any) -> list[dict[str, Any]]:
    with one_thread():
        return list(Chain(replace(recipe(base, layout), **changes), folder).run())


def main(base: Path, folder: Path, step: str, done: int) -> None:
    def progress(name: str, now: int, total: int) -> None:
        print(name, now, flush=True)
        if (folder / "R01").exists() and name == step and now >= done:
            time.sleep(3600)

    with one_thread():
        list(Chain(recipe(base, "qwen3"), folder, progress=progress).run())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
