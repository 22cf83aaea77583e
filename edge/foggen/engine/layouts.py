"""Chat layouts, and the architectures that run: two tables, and how a file's layout is found.

A layout is how the turns of a chat are wrapped; an architecture is what llama.cpp computes. A family of
models has one architecture and may have several layouts: SmolLM2 is `llama` with `chatml`, Llama 3.2 is
`llama` with `llama3`. A file's own chat template is never rendered, since it is a program from elsewhere; it is
searched for the marks that only one layout has.

To add a layout or an architecture, add a row here and a case to `tests/edge/engine/test_layouts.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import ModelFileError, UsageError


@dataclass(frozen=True)
class ChatLayout:
    """How one family of chat templates wraps a system prompt and one user turn.

    `prefix` ends where the user's text begins and holds `{system}`; `suffix` opens the reply.
    `stop` is the control token that ends the reply. marks: texts that all stand in a template of this
    layout.
    """

    prefix: str
    suffix: str
    stop: str
    marks: tuple[str, ...]


# The first layout whose marks are all in a template is the file's: one that has more marks than another
# stands before it.
LAYOUTS: Mapping[str, ChatLayout] = {
    "qwen3": ChatLayout(  # the template of Qwen3 with enable_thinking=False
        prefix="<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n",
        suffix="<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
        stop="<|im_end|>",
        marks=("<|im_start|>", "<think>"),
    ),
    "chatml": ChatLayout(
        prefix="<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n",
        suffix="<|im_end|>\n<|im_start|>assistant\n",
        stop="<|im_end|>",
        marks=("<|im_start|>",),
    ),
    # No system role: the system text opens the first user turn. <bos> is written here, once, since
    # nothing that tokenizes a prompt adds a token of its own.
    "gemma3": ChatLayout(
        prefix="<bos><start_of_turn>user\n{system}\n\n",
        suffix="<end_of_turn>\n<start_of_turn>model\n",
        stop="<end_of_turn>",
        marks=("<start_of_turn>",),
    ),
    # Llama 3.1 and later also write two dates into the system turn, which no answer needs.
    "llama3": ChatLayout(
        prefix=(
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n{system}<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\n"
        ),
        suffix="<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        stop="<|eot_id|>",
        marks=("<|start_header_id|>", "<|eot_id|>"),
    ),
}

# GGUF's names of the architectures that run, each with the layout of a file that has no chat template; ""
# where the family has several.
ARCHITECTURES: Mapping[str, str] = {
    "qwen3": "qwen3",
    "qwen2": "chatml",
    "gemma3": "gemma3",
    "llama": "",
}

TEMPLATE_KEY = "tokenizer.chat_template"


def check_architecture(architecture: str) -> None:
    """Raises ModelFileError for an architecture that does not run."""
    if architecture not in ARCHITECTURES:
        raise ModelFileError(
            f"the model's architecture is {architecture!r}",
            hint=f"foggen runs {', '.join(ARCHITECTURES)}",
        )


def check_layout(name: str) -> str:
    """The name of a layout; raises UsageError for an unknown one."""
    if name not in LAYOUTS:
        raise UsageError(f"the chat layout is {name!r}", hint=f"known: {', '.join(LAYOUTS)}")
    return name


def layout_of(template: str, architecture: str) -> str:
    """The name of a file's layout, by its template's marks. template: "" if the file has none.

    Raises ModelFileError if no layout is known to be right.
    """
    usual = ARCHITECTURES[architecture]
    if not template and usual:
        return usual
    for name, layout in LAYOUTS.items():
        if template and all(mark in template for mark in layout.marks):
            return name
    problem = "has a chat template of an unknown layout" if template else "has no chat template"
    raise ModelFileError(
        f"the model {problem}", hint=f"name its layout with --layout: {', '.join(LAYOUTS)}"
    )
