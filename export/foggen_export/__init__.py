"""Merged checkpoint -> GGUF with its contract inside -> quantized GGUF.

foggen-export CHECKPOINT -o DIR -q q8_0
"""

from __future__ import annotations
