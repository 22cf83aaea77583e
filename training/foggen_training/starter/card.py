"""The card of the model in the box: what it is, how it was made, what was measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..evaluate import as_markdown, buckets_as_markdown, shares_as_markdown
from .build import GGUF_NAME, StarterPlan
from .tokenizer import load_tokenizer

# What is true of the model whatever rounds follow: it opens the card of each of them, too.
ABOUT = """# FogGen starter: the model in the box

A capability-floor model of the FogGen recipe, trained from nothing by this repository. It has Qwen3's
architecture and chat format, reads a multiple-choice question, says first how sure it is and then
answers. It knows graded skills of seven domains (ratios, units, a few lines of code, deadlines,
arithmetic, Kazakh words, doses) and is meant to show the whole path on any machine, not to pass
exams: what it has never seen it should not be sure of. License: Apache-2.0.

Training data: generated only, by seed. No exam, no data set.

## The base

`foggen-train starter --output build/starter` on {machine}. Wall time: {time}.

1. A byte-level BPE tokenizer of {vocabulary} ids (Qwen2's split pattern, digits single), trained on
   generated questions.
2. A Qwen3 model of size `{model_size}` (`training/foggen_training/starter/model.py`), pretrained on
   fresh generated questions: {steps:,} steps of {batch} rows, Muon (embeddings and norms: AdamW), peak
   rate {rate:g}, cosine, seed {seed}. Two linear readers inside the model, thrown away afterwards,
   teach it which option a token stands in and which one is right (`supervision.py`). No question is
   shown twice on purpose; easy tiers are frequent and hard ones rare.

Test questions have tiers 40/20/20/20, the last unknowable: another seed, wordings that training never
drew, and operands that it never drew either, but for tables of few entries (one-digit products,
weekdays), which are learnt by heart like facts.
"""

TEMPLATE = """{about}
## Round R0

{questions:,} fresh questions, {samples} self-samples each at temperature {temperature}, success as a
two-hot bucket, LoRA r={rank} alpha={alpha} on all linear layers, {epochs} epoch, plain answering
replayed, merged into the fp32 weights. Wall time: {times}. Exported to Q8_0 with the contract; the bucket table is refitted
on the quantized file.

File: `{name}`, {parameters:,} parameters, {size_mb:.1f} MB, sha256 `{sha256}`.

## Measured on questions never seen

{test_number:,} generated questions of the test split. The cloud is an answer key that errs at the
published card's cloud accuracy per domain. tau {tau}. Random is random routing at the same share.

{table}

Lift is in points. AUROC is of the expected confidence; "in tier" is its mean inside the tiers of a
domain. The mean is the mean of the domains. With the expected confidence against tau in place of the
bucket: lift {lift_expected:+.1f} at a cloud share of {share_expected:.1f}%.

Answering alone, before round R0 (the same questions, plain format, fp32): {base:.1f}%; after it:
{edge:.1f}%.

    foggen-train evaluate starter --number {test_number}

What each bucket was worth on {calibration_number:,} fresh questions (in the file's metadata):

{buckets}
{exam}"""

EXAM = """
## Real exam questions, none of them trained on

Share below tau {tau}, by domain ({number:,} questions of public exams; this model cannot know them):

{rows}

    foggen-train evaluate starter --data FILE.jsonl ...
"""


def write_card(
    folder: Path, plan: StarterPlan, table: Mapping[str, Mapping[str, float]],
    base: float, show: Mapping[str, Any], exam: Mapping[str, Any] | None,
) -> Path:  # fmt: skip
    """The card beside the GGUF in `folder`. base: mean plain accuracy of the base model, a
    fraction; show: `foggen.models.Description.as_dict`; exam: {"number", "shares"}."""
    mean = table["mean"]
    text = TEMPLATE.format(
        about=write_about(folder, plan).read_text("utf-8"), times=_times(folder),
        parameters=show["parameters"], size_mb=show["size_bytes"] / 1e6, name=GGUF_NAME,
        sha256=show["sha256"], questions=plan.round_zero.questions,
        samples=plan.round_zero.samples, temperature=plan.round_zero.temperature,
        rank=plan.round_zero.rank, alpha=plan.round_zero.alpha, epochs=plan.round_zero.epochs,
        test_number=int(mean["n"]), tau=show["tau"], table=as_markdown(table),
        lift_expected=100 * mean["lift_expected"], share_expected=100 * mean["cloud_share_expected"],
        base=100 * base, edge=100 * mean["edge"], calibration_number=plan.calibration_questions,
        buckets=buckets_as_markdown(show["calibration"]["buckets"]), exam=_exam(exam, show["tau"]),
    )  # fmt: skip
    path = folder / "README.md"
    path.write_text(text, "utf-8")
    return path


def write_about(folder: Path, plan: StarterPlan) -> Path:
    """What the model is and how its base was made, to `folder`/about.md."""
    log = json.loads((folder / "log.json").read_text("utf-8"))
    text = ABOUT.format(
        machine=_machine(log), model_size=plan.size,
        time=_minutes(log["seconds"]["pretraining"]),
        vocabulary=load_tokenizer(folder / "tokenizer").get_vocab_size(),
        steps=plan.pretraining.steps, batch=plan.pretraining.batch,
        rate=plan.pretraining.learning_rate, seed=plan.seed,
    )  # fmt: skip
    path = folder / "about.md"
    path.write_text(text, "utf-8")
    return path


def _times(folder: Path) -> str:
    """Wall time of every stage after the base."""
    seconds = json.loads((folder / "log.json").read_text("utf-8"))["seconds"]
    return ", ".join(
        f"{name} {_minutes(spent)}" for name, spent in seconds.items() if name != "pretraining"
    )


def _machine(log: Mapping[str, Any]) -> str:
    if log["device"] == "cpu":
        return f"{log['threads']} cores of an {log['processor']}, no accelerator"
    return f"{log['device']} with an {log['processor']}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def _exam(exam: Mapping[str, Any] | None, tau: float) -> str:
    if exam is None:
        return ""
    rows = shares_as_markdown(exam["shares"])
    return EXAM.format(tau=tau, number=exam["number"], rows=rows)
