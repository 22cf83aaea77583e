"""How much memory a model takes, from its header alone: its weights, its context's keys and values."""

from __future__ import annotations

from .gguf_header import GgufHeader

KV_BUDGET = 128 << 20  # bytes; decides the context where the caller does not
SMALLEST_CONTEXT = 1024  # tokens


def default_context(header: GgufHeader) -> int:
    """Tokens whose keys and values fit the budget, within what the model was trained to."""
    trained = _number(header, "context_length", SMALLEST_CONTEXT)
    fitting = KV_BUDGET // max(1, _token_bytes(header)) // 256 * 256
    return min(max(SMALLEST_CONTEXT, fitting), max(256, trained))


def memory_needed(header: GgufHeader) -> int:
    """Bytes of the weights, and of keys and values at the default context."""
    return header.size + default_context(header) * _token_bytes(header)


def _token_bytes(header: GgufHeader) -> int:
    """Bytes of one token's keys and values, which llama.cpp keeps in 16 bits."""
    width = _number(header, "attention.key_length", 128)
    width += _number(header, "attention.value_length", width)
    heads, layers = _number(header, "attention.head_count_kv", 1), _number(header, "block_count", 1)
    return 2 * heads * width * layers


def _number(header: GgufHeader, name: str, default: int) -> int:
    value = header.metadata.get(f"{header.architecture}.{name}")
    return value if isinstance(value, int) and value > 0 else default
