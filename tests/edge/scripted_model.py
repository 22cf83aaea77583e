"""A tiny GGUF whose every word is chosen: the real engine runs it, and its answers are known.

The vocabulary and the contract are the starter's. One layer; the logits after a token depend on that
token alone (a table of pairs), but for one thing: a question with SURE in it makes the confidence
1.0. So a model says, in the exact format, `Confidence: 0.25` and `Final answer: B` to every question.

Left out on purpose is everything else that a model can do. Needs no training library.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import gguf
import numpy as np

from foggen.config import STARTER
from foggen.engine.contract import Contract, by_letters, to_metadata
from foggen.engine.engine import plan_of
from foggen.engine.letter_plan import LetterPlan
from foggen.engine.native import Model
from foggen.engine.plan import TokenPlan
from foggen.question.question import MODEL_LABELS
from foggen.store.known_models import manifest_path, sha256_of
from foggen.store.models import locate

SURE = "#"  # in a question: the confidence is 1.0
DIMENSIONS, HEAD = 64, 32
REST, SURE_SEEN, SURE_KEPT = (
    61,
    62,
    63,
)  # directions of the residual; tokens of the reply have 0..60
SCORE = 12.0  # logits of a chosen token; all others are near 0
BROADCAST = 15.0  # of the mark, averaged over the tokens before: enough up to 800 tokens

CONTRACT = Contract("qwen3", "Say your confidence, then answer.", tau=0.5, round="R9")


@dataclass(frozen=True)
class Script:
    """What the model says. bucket: its confidence. answer: its label. speaks: False gives every
    token the same logit, so that the format is unknown. finite: False gives no numbers at all.
    stops: False repeats the answer for ever. digits: False gives every token the same logit after
    `0.`, so that only a confidence of 1.0 is in the format. layers, context: more make it slow, and
    roomy. letters: the model was not trained to a contract; its answer leads the other letters by `lead`
    logits. template: the chat template of such a model."""

    bucket: float = 0.25
    answer: str = "B"
    speaks: bool = True
    finite: bool = True
    stops: bool = True
    digits: bool = True
    layers: int = 1
    context: int = 4096
    contract: Contract = CONTRACT
    letters: bool = False
    lead: float = 2.0
    template: str = "{{ '<|im_start|>' + message.role }}"


def write_model(path: Path, script: Script) -> Path:
    """The GGUF of a script at `path`, with a manifest beside it."""
    _, starter = locate(STARTER)
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_name(path.stem)
    if script.letters:
        writer.add_chat_template(script.template)
    else:
        for key, value in to_metadata(script.contract).items():
            _add(writer, key, value)
    _add_sizes(writer, script)
    _copy_vocabulary(writer, starter)
    for name, values in _tensors(starter, script).items():
        writer.add_tensor(name, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    manifest = {"file": path.name, "size": path.stat().st_size, "sha256": sha256_of(path)}
    manifest_path(path).write_text(json.dumps(manifest), "utf-8")
    return path


def _add(writer: gguf.GGUFWriter, key: str, value: object) -> None:
    if isinstance(value, str):
        writer.add_string(key, value)
    elif isinstance(value, int):
        writer.add_uint32(key, value)
    elif isinstance(value, float):
        writer.add_float32(key, value)
    else:
        writer.add_array(key, value)


def _add_sizes(writer: gguf.GGUFWriter, script: Script) -> None:
    writer.add_block_count(script.layers)
    writer.add_context_length(script.context)
    writer.add_embedding_length(DIMENSIONS)
    writer.add_feed_forward_length(32)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10_000.0)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)


def _copy_vocabulary(writer: gguf.GGUFWriter, starter: Path) -> None:
    fields = gguf.GGUFReader(starter).fields
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(fields["tokenizer.ggml.tokens"].contents())
    writer.add_token_types(fields["tokenizer.ggml.token_type"].contents())
    writer.add_token_merges(fields["tokenizer.ggml.merges"].contents())
    writer.add_eos_token_id(fields["tokenizer.ggml.eos_token_id"].contents())
    writer.add_add_bos_token(False)


def _tensors(starter: Path, script: Script) -> dict[str, np.ndarray]:
    model = Model(starter)
    contract = by_letters("chatml") if script.letters else script.contract
    plan = plan_of(contract, model)
    pairs = _pairs_of(plan, script) if script.speaks else {}
    places = {
        token: place for place, token in enumerate(dict.fromkeys(first for first, _ in pairs))
    }
    embedding = np.zeros((model.vocabulary_size, DIMENSIONS))
    output = np.zeros_like(embedding)
    for token in range(model.vocabulary_size):
        sure = SURE.encode() in model.piece(token)
        embedding[token, places.get(token, SURE_SEEN if sure else REST)] = 1.0
    model.close()
    scale = np.sqrt(DIMENSIONS)  # what RMS normalisation makes of a single 1
    for (first, second), score in pairs.items():
        output[second, places[first]] = score / scale
    if script.speaks and isinstance(plan, TokenPlan):
        output[plan.first[1], SURE_KEPT] = 8 * SCORE / scale
    if not script.finite:
        output[:] = np.nan
    tensors = {"token_embd.weight": embedding, "output.weight": output}
    tensors["output_norm.weight"] = np.ones(DIMENSIONS)
    for layer in range(script.layers):
        tensors |= _layer(layer)
    return tensors


def _layer(layer: int) -> dict[str, np.ndarray]:
    """Attention that looks at all tokens alike, and a first one that spreads the mark of SURE."""
    value, out = np.zeros((HEAD, DIMENSIONS)), np.zeros((DIMENSIONS, HEAD))
    if layer == 0:
        value[0, SURE_SEEN], out[SURE_KEPT, 0] = 1.0, BROADCAST
    named = {
        "attn_norm": np.ones(DIMENSIONS),
        "attn_q": np.zeros((HEAD, DIMENSIONS)),
        "attn_k": np.zeros((HEAD, DIMENSIONS)),
        "attn_v": value,
        "attn_output": out,
        "attn_q_norm": np.ones(HEAD),
        "attn_k_norm": np.ones(HEAD),
        "ffn_norm": np.ones(DIMENSIONS),
        "ffn_gate": np.zeros((32, DIMENSIONS)),
        "ffn_up": np.zeros((32, DIMENSIONS)),
        "ffn_down": np.zeros((DIMENSIONS, 32)),
    }
    return {f"blk.{layer}.{name}.weight": values for name, values in named.items()}


def _pairs_of(plan: TokenPlan | LetterPlan, script: Script) -> dict[tuple[int, int], float]:
    if isinstance(plan, TokenPlan):
        return _pairs(plan, script)
    chosen = plan.labels[MODEL_LABELS.index(script.answer)]
    scores = {label: SCORE - (label != chosen) * script.lead for label in plan.labels[:4]}
    letters = {(plan.opening[-1], label): score for label, score in scores.items()}
    return letters | {(label, plan.stop): SCORE for label in plan.labels}


def _pairs(plan: TokenPlan, script: Script) -> dict[tuple[int, int], float]:
    """The logit of the second token after the first: those of the format, and the chosen ones."""
    label = plan.labels[MODEL_LABELS.index(script.answer)]
    pairs: dict[tuple[int, int], float] = {}
    for bucket, tail in zip(script.contract.buckets, plan.tails, strict=True):
        score = SCORE if bucket == script.bucket else SCORE / 2
        reply = (*plan.opening, *tail)
        for pair in pairwise(reply[-len(tail) - 4 :]):
            pairs[pair] = max(score, pairs.get(pair, 0.0))
    # After a colon come the confidence's space and the answer's " B": a grammar forbids the label in
    # the one place and allows both in the other.
    pairs[plan.tails[0][-1], label] = 1.5 * SCORE
    pairs[label, plan.stop if script.stops else label] = SCORE
    return {pair: score for pair, score in pairs.items() if script.digits or pair[0] != plan.dot}
