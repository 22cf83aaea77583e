"""A random Gemma-3 checkpoint with a tokenizer of Gemma's kind: BPE over ▁ with byte fallback."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from foggen.engine.contract import BUCKETS, reply_text
from foggen.question.question import MODEL_LABELS

SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"]
MATCHED = ["\n\n", "▁▁", "▁▁▁▁", "<table>"]  # added tokens that are no control tokens
UNUSED_ROWS = 26  # of the embedding, beyond the vocabulary, as Gemma's has
USUAL = None
# What Gemma's own template renders: no system role, its text opens the first user turn.
GEMMA_CHAT = (
    "{{ bos_token }}{% set first = messages[0].content + '\n\n' if messages[0].role == 'system' "
    "else '' %}{% for message in messages if message.role != 'system' %}"
    "{{ '<start_of_turn>' + ('model' if message.role == 'assistant' else 'user') + '\n' }}"
    "{{ first if loop.first else '' }}{{ message.content | trim }}{{ '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}"
)


def write_seeing_gemma(folder: Path) -> None:
    """The same with eyes, saved as Gemma-3 of 4B is: a config inside a config, which leaves out what is
    usual, tensors with prefixes, and rotary scaling."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        import torch
        from transformers import Gemma3Config, Gemma3ForConditionalGeneration

        tokenizer = _tokenizer()
        tokenizer.save_pretrained(folder)
        text = {
            "vocab_size": len(tokenizer) + UNUSED_ROWS,
            "hidden_size": 64,
            "intermediate_size": 128,
            "num_hidden_layers": 7,
            "sliding_window": 16,
            "rope_scaling": {"factor": 8.0, "rope_type": "linear"},
        }
        eyes = {
            "hidden_size": 32,
            "intermediate_size": 64,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "image_size": 28,
            "patch_size": 14,
        }
        config = Gemma3Config(text_config=dict(text), vision_config=eyes, mm_tokens_per_image=4)
        torch.manual_seed(7)
        model = Gemma3ForConditionalGeneration(config)
        for name, weights in model.named_parameters():
            weights.data = torch.randn_like(weights) * (0.2 if "norm" in name else 0.15)
        model.save_pretrained(folder)
    stored = json.loads((folder / "config.json").read_text("utf-8"))
    stored["text_config"] = {**text, "model_type": "gemma3_text"}
    (folder / "config.json").write_text(json.dumps(stored), "utf-8")


def write_gemma(folder: Path, *, layers: list[str] | None = USUAL, tied: bool = True) -> Any:
    """A checkpoint in `folder`, and its tokenizer as transformers has it. layers: their kinds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        import torch
        from transformers import Gemma3ForCausalLM, Gemma3TextConfig

        tokenizer = _tokenizer()
        tokenizer.save_pretrained(folder)
        config = Gemma3TextConfig(
            vocab_size=len(tokenizer) + UNUSED_ROWS,
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=7 if layers is None else len(layers),
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=32,
            query_pre_attn_scalar=32,
            sliding_window=16,
            layer_types=layers,
            max_position_embeddings=1024,
            tie_word_embeddings=tied,
            pad_token_id=0,
            eos_token_id=1,
            bos_token_id=2,
        )
        torch.manual_seed(7)
        model = Gemma3ForCausalLM(config)
        for name, weights in model.named_parameters():
            # fresh weights are small, and all answers would be near-ties; norms are added to one
            weights.data = torch.randn_like(weights) * (0.2 if "norm" in name else 0.15)
        model.save_pretrained(folder)
        return tokenizer


def _tokenizer() -> Any:
    from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    merges = _merges()
    pieces = dict.fromkeys(character for pair in merges for part in pair for character in part)
    pieces |= dict.fromkeys("".join(pair) for pair in merges)
    names = [*SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), *MATCHED, *pieces]
    vocabulary = {name: number for number, name in enumerate(dict.fromkeys(names))}
    tokenizer = Tokenizer(
        models.BPE(vocabulary, merges, byte_fallback=True, unk_token="<unk>", fuse_unk=True)
    )
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    tokenizer.add_special_tokens([AddedToken(name, special=True) for name in SPECIAL])
    tokenizer.add_tokens([AddedToken(name, normalized=False) for name in MATCHED])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<bos>",
        eos_token="<eos>",
        pad_token="<pad>",
        unk_token="<unk>",
        chat_template=GEMMA_CHAT,
    )


def _merges() -> list[tuple[str, str]]:
    """Learnt from words with the space before them; digits stay single, as Gemma's do."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

    learner = Tokenizer(models.BPE())
    learner.normalizer = normalizers.Replace(" ", "▁")
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split("▁", "merged_with_next"),
            pre_tokenizers.Split(Regex(r"\d|\n"), "isolated"),
            pre_tokenizers.Split(Regex(r"▁(?=$)"), "isolated"),
        ]
    )
    learner.train_from_iterator(_texts(), trainers.BpeTrainer(vocab_size=900, show_progress=False))
    found = json.loads(learner.to_str())["model"]["merges"]
    return [("▁", "▁"), ("▁▁", "▁▁"), *(tuple(pair) for pair in found)]


def _texts() -> Iterator[str]:
    from foggen.engine.contract import published
    from foggen_training.starter.questions import generate

    for number, question in zip(range(600), generate(9), strict=False):
        label = MODEL_LABELS[number % 26]
        yield question.question.text() + "\n" + reply_text(BUCKETS[number % 5], label)
        yield published("gemma3").system_prompt + "\nuser\nmodel\n"
