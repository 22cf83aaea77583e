"""`foggen.engine.layouts`: a layout is found by the marks of a template that is never rendered."""

from __future__ import annotations

import pytest

from foggen.engine.layouts import ARCHITECTURES, LAYOUTS, check_layout, layout_of
from foggen.errors import ModelFileError, UsageError

# The beginnings of real templates, and the layout of each.
TEMPLATES = {
    "Qwen3": (
        "{%- if tools %}{{- '<|im_start|>system\\n' }}{%- endif %}{{- '<|im_start|>assistant\\n' }}"
        "{%- if enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}",
        "qwen3",
    ),
    "Qwen2.5": ("{{- '<|im_start|>' + message.role + '\\n' + message.content }}", "chatml"),
    "SmolLM2": ("{{'<|im_start|>' + message['role'] + '\\n' + message['content']}}", "chatml"),
    "Gemma 3": ("{{ bos_token }}{{ '<start_of_turn>' + role + '\\n' }}", "gemma3"),
    "Llama 3.2": (
        '{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}{{- "<|eot_id|>" }}',
        "llama3",
    ),
}


@pytest.mark.parametrize(("template", "layout"), TEMPLATES.values(), ids=TEMPLATES)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_template_s_marks_name_its_layout(template: str, layout: str, architecture: str) -> None:
    assert layout_of(template, architecture) == layout


@pytest.mark.parametrize("name", LAYOUTS)
def test_each_layout_is_found_by_its_own_text(name: str) -> None:
    """The marks of a row are in what the row writes, and no earlier row takes it for its own."""
    layout = LAYOUTS[name]
    assert layout_of(layout.prefix + layout.suffix, "llama") == name
    assert layout.prefix.count("{system}") == 1
    assert layout.stop in layout.prefix + layout.suffix


def test_a_template_is_searched_and_never_rendered() -> None:
    trap = "{{ 1 / 0 }}{% include '/etc/passwd' %}<|im_start|>{% broken"
    assert layout_of(trap, "qwen2") == "chatml"


@pytest.mark.parametrize(
    ("architecture", "layout"), [("qwen3", "qwen3"), ("qwen2", "chatml"), ("gemma3", "gemma3")]
)
def test_a_base_without_a_template_has_its_family_s_layout(architecture: str, layout: str) -> None:
    assert layout_of("", architecture) == layout


@pytest.mark.parametrize(
    ("template", "words"),
    [("", "no chat template"), ("{{ '[INST] ' + content + ' [/INST]' }}", "unknown layout")],
)
def test_m07_a_layout_that_cannot_be_found_is_asked_for(template: str, words: str) -> None:
    with pytest.raises(ModelFileError, match=rf"{words}.*--layout: qwen3, chatml") as caught:
        layout_of(template, "llama")
    assert "\n" not in str(caught.value)


def test_an_unknown_template_is_not_given_the_family_s_layout() -> None:
    with pytest.raises(ModelFileError, match="unknown layout"):
        layout_of("{{ '[INST]' }}", "qwen2")


def test_an_unknown_name_lists_those_that_are_known() -> None:
    with pytest.raises(UsageError, match=r"'alpaca'.*chatml, gemma3, llama3"):
        check_layout("alpaca")
    assert check_layout("chatml") == "chatml"
