"""A checkpoint's config as GGUF keys, and the shift of an architecture's norms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gguf

from foggen.errors import ModelFileError

if TYPE_CHECKING:
    from .checkpoint import Checkpoint

# Gemma's norms multiply by 1 + weight; llama.cpp's multiply by the weight.
NORM_SHIFT = {"qwen3": 0.0, "gemma3": 1.0}
USUAL_PATTERN = 6  # by default llama.cpp uses full attention in every sixth layer
USUAL_YARN = {
    "attention_factor": None,
    "beta_fast": 32,
    "beta_slow": 1,
    "mscale": None,
    "mscale_all_dim": None,
    "truncate": True,
}
LARGEST_GEMMA = 62  # layers of Gemma-3 27B, which llama.cpp scales attention for in another way
SCALINGS = {"linear": gguf.RopeScalingType.LINEAR, "yarn": gguf.RopeScalingType.YARN}


def add_hyperparameters(writer: gguf.GGUFWriter, checkpoint: Checkpoint) -> None:
    """Add all keys except vocabulary and types; raises ModelFileError for settings that llama.cpp cannot
    reproduce."""
    whole = checkpoint.whole
    writer.add_block_count(whole("num_hidden_layers"))
    writer.add_context_length(whole("max_position_embeddings"))
    writer.add_embedding_length(whole("hidden_size"))
    writer.add_feed_forward_length(whole("intermediate_size"))
    writer.add_head_count(whole("num_attention_heads"))
    writer.add_head_count_kv(whole("num_key_value_heads"))
    writer.add_key_length(whole("head_dim"))
    writer.add_value_length(whole("head_dim"))
    writer.add_layer_norm_rms_eps(checkpoint.number("rms_norm_eps"))
    _add_rope(writer, checkpoint)
    if checkpoint.architecture == "gemma3":
        _add_gemma(writer, checkpoint)


def _add_rope(writer: gguf.GGUFWriter, checkpoint: Checkpoint) -> None:
    """Add rotary bases and scaling, from the keys of transformers 5 or 4."""
    parameters = checkpoint.config.get("rope_parameters") or {}
    full = parameters.get("full_attention") or parameters
    full = full or checkpoint.config.get("rope_scaling") or {}
    base = full.get("rope_theta") or checkpoint.config.get("rope_theta") or 10_000.0
    writer.add_rope_freq_base(float(base))
    sliding = parameters.get("sliding_attention") or {}
    local = sliding.get("rope_theta") or checkpoint.config.get("rope_local_base_freq")
    if local is not None:
        writer.add_rope_freq_base_swa(float(local))
    _add_scaling(writer, checkpoint, full)


def _add_scaling(writer: gguf.GGUFWriter, checkpoint: Checkpoint, full: dict[str, Any]) -> None:
    kind = full.get("rope_type") or full.get("type") or "default"
    if kind == "default":
        return
    if kind not in SCALINGS or "factor" not in full:
        raise ModelFileError(
            f"{checkpoint.folder}: unknown rope scaling {kind!r}",
            hint=f"foggen exports default, {', '.join(SCALINGS)}",
        )
    writer.add_rope_scaling_type(SCALINGS[kind])
    writer.add_rope_scaling_factor(float(full["factor"]))
    if kind == "yarn":
        _refuse_other_yarns(checkpoint, full)
        before = full.get("original_max_position_embeddings")
        writer.add_rope_scaling_orig_ctx_len(
            int(before or checkpoint.whole("max_position_embeddings"))
        )


def _refuse_other_yarns(checkpoint: Checkpoint, scaling: dict[str, Any]) -> None:
    """Raise ModelFileError for a setting of YaRN that differs from the values of llama.cpp."""
    for name, usual in USUAL_YARN.items():
        if scaling.get(name) not in (None, usual):
            raise ModelFileError(
                f"{checkpoint.folder}: the rope scaling's {name} is {scaling[name]!r}",
                hint=f"foggen exports YaRN with {name} {usual!r}"
                if usual is not None
                else f"foggen exports YaRN without {name}",
            )


def _add_gemma(writer: gguf.GGUFWriter, checkpoint: Checkpoint) -> None:
    _refuse_what_llama_cpp_leaves_out(checkpoint)
    if cap := checkpoint.config.get("final_logit_softcapping"):
        writer.add_final_logit_softcapping(float(cap))
    writer.add_sliding_window(checkpoint.whole("sliding_window"))
    sliding = _sliding(checkpoint)
    if sliding != _every(USUAL_PATTERN, len(sliding)):
        writer.add_sliding_window_pattern(sliding)


def _sliding(checkpoint: Checkpoint) -> list[bool]:
    """Which layers have a sliding window: listed one by one, or all but every n-th (transformers 4)."""
    kinds = checkpoint.config.get("layer_types")
    if kinds:
        return [kind == "sliding_attention" for kind in kinds]
    step = checkpoint.config.get("sliding_window_pattern") or USUAL_PATTERN
    return _every(int(step), checkpoint.whole("num_hidden_layers"))


def _attention_scale(checkpoint: Checkpoint) -> int:
    """What llama.cpp divides by: the root of a head's size, or of the hidden size's share in the largest."""
    if checkpoint.whole("num_hidden_layers") == LARGEST_GEMMA:
        return checkpoint.whole("hidden_size") // checkpoint.whole("num_attention_heads")
    return checkpoint.whole("head_dim")


def _every(step: int, layers: int) -> list[bool]:
    return [number % step != step - 1 for number in range(layers)]


def _refuse_what_llama_cpp_leaves_out(checkpoint: Checkpoint) -> None:
    """Raise ModelFileError for settings that llama.cpp's Gemma-3 ignores; the file would answer
    differently."""
    config = checkpoint.config
    usual = {
        "attn_logit_softcapping": None,
        "use_bidirectional_attention": None,
        "query_pre_attn_scalar": _attention_scale(checkpoint),
    }
    for name, value in usual.items():
        if config.get(name, value) not in (value, False):
            raise ModelFileError(
                f"{checkpoint.folder}: {name} is {config[name]!r}",
                hint=f"llama.cpp runs Gemma-3 only with {name} {value!r}",
            )
