"""A random model of the starter's kind, through the training's tokenizer and the exporter.

It knows nothing, and its numbers are different for every question: what is compared through it
cannot agree by chance. Needs the training libraries.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from random import Random
from typing import Any

from foggen.engine.contract import BUCKETS, Contract, reply_text
from foggen.question.question import MODEL_LABELS

from .helpers import SHARED

CONTRACT = Contract(
    "qwen3",
    "Say your confidence, then answer.",
    tau=0.75,
    round="R2",
    calibration={
        "buckets": {"0.75": {"n": 40, "accuracy": 0.8}, "1.0": {"n": 10, "accuracy": 0.95}},
        "score": "expected_confidence",
    },
)
QWEN_FOLDER = SHARED / "data" / "tokenizers" / "qwen2-bpe"
LAST_SPECIAL = 151_656  # Qwen3's further added tokens, <tool_call> to </think>, are no special ones
# What Qwen3's own template renders for plain messages with enable_thinking=False.
QWEN3_CHAT = (
    "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content }}"
    "{{ '<|im_end|>\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}"
    "{{ '<|im_start|>assistant\\n<think>\\n\\n</think>\\n\\n' }}{% endif %}"
)
NANO, QWEN = "nano", "qwen"


def write_checkpoint(folder: Path, kind: str) -> Any:
    """A random checkpoint in `folder` and its tokenizer as transformers has it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        return _nano(folder) if kind == NANO else _with_qwen_vocabulary(folder)


def write_gguf(folder: Path, kind: str, output: Path, quant: str) -> Path:
    """The checkpoint's GGUF, with CONTRACT in it and a manifest beside it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from foggen_export.checkpoint import Checkpoint
        from foggen_export.exporting import export

        return export(Checkpoint.open(folder), CONTRACT, quant, output, name=kind)


def _nano(folder: Path) -> Any:
    from transformers import AutoTokenizer

    from foggen_training.starter.model import VOCABULARY, new_model
    from foggen_training.starter.questions import generate
    from foggen_training.starter.tokenizer import save_tokenizer, train_tokenizer

    random = Random(5)
    questions = generate(5)
    texts = [
        next(questions).question.text() + "\n" + reply_text(random.choice(BUCKETS), label)
        for label in MODEL_LABELS * 30
    ]
    tokenizer = train_tokenizer([CONTRACT.system_prompt, *texts], VOCABULARY["nano"])
    model = new_model("nano", VOCABULARY["nano"], seed=5)
    for weights in model.parameters():
        if weights.ndim > 1:  # larger norms make attention so sharp that rounding alone decides
            weights.data *= 4  # fresh weights are small, and all answers would be near-ties
    model.save_pretrained(folder)
    save_tokenizer(tokenizer, folder)
    return AutoTokenizer.from_pretrained(folder)


def save_qwen_tokenizer(folder: Path) -> Any:
    """Qwen's real vocabulary with Qwen3's added tokens and chat form, saved into a checkpoint's folder."""
    from tokenizers import AddedToken
    from transformers import Qwen2Tokenizer

    vocabulary = json.loads((QWEN_FOLDER / "vocab.json").read_text("utf-8"))
    lines = (QWEN_FOLDER / "merges.txt").read_text("utf-8").splitlines()
    merges = [tuple(line.split(" ")) for line in lines if line and not line.startswith("#version")]
    tokenizer = Qwen2Tokenizer(vocab=vocabulary, merges=merges)
    added = json.loads((QWEN_FOLDER / "qwen3_added_tokens.json").read_text("utf-8"))
    for text, index in sorted(added.items(), key=lambda item: item[1]):
        special = index <= LAST_SPECIAL
        token = AddedToken(text, special=special, normalized=False)
        tokenizer.add_tokens(token, special_tokens=special)
        assert tokenizer.convert_tokens_to_ids(text) == index
    tokenizer.eos_token = "<|im_end|>"
    tokenizer.chat_template = QWEN3_CHAT
    tokenizer.save_pretrained(folder)
    return tokenizer


def _with_qwen_vocabulary(folder: Path) -> Any:
    """One thin layer under Qwen's real vocabulary."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = save_qwen_tokenizer(folder)
    torch.manual_seed(5)
    config = Qwen3Config(
        vocab_size=151_936,
        hidden_size=32,
        num_hidden_layers=1,
        head_dim=32,
        intermediate_size=32,
        num_attention_heads=1,
        num_key_value_heads=1,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
    )
    Qwen3ForCausalLM(config).save_pretrained(folder)
    return tokenizer
