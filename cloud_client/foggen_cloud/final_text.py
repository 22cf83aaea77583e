"""What a model says to the user in the text that it wrote: no thinking, and nothing beyond its turn.

Servers leave in the text what the model's chat template is made of: sections of thinking in one of
several notations, tokens that end the turn, and after these sometimes an invented next turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# <think>, <reasoning>, <thought>, [THINK], ◁think▷, <seed:think>, <|begin_of_thought|>
THINKING = re.compile(
    r"<(?P<tag>/?)(?:[a-z]{1,12}:)?(?:think(?:ing)?|thoughts?|reasoning)>"
    r"|\[(?P<square>/?)THINK\]"
    r"|◁(?P<triangle>/?)think▷"
    r"|<\|(?P<words>begin|end)_of_thought\|>",
    re.I,
)
# The channels of OpenAI's open models: <|channel|>analysis<|message|>... and at last "final".
CHANNEL = re.compile(r"<\|channel\|>")
FINAL_CHANNEL = re.compile(r"<\|channel\|>\s*final\b[^<\n]{0,40}<\|message\|>")
# Tokens around the result or the whole solution, in LaTeX's notation of a box.
BOXES = {"<|begin_of_box|>": r"\boxed{", "<|end_of_box|>": "}"}
BOXES |= {"<|begin_of_solution|>": "", "<|end_of_solution|>": ""}
TOKEN = (
    r"(?:<[|｜][\w▁:.-]{1,40}[|｜]>"  # <|im_end|>, <|eot_id|>, <｜end▁of▁sentence｜>
    r"|</s>|<(?:eos|bos|EOT|start_of_turn|end_of_turn)>|\[/?INST\])"
)
OPENING = re.compile(rf"\s*(?:(?:{TOKEN}|<s>)\s*(?:(?:assistant|model)\b\s*)?)+")
# A token that is glued to a word or closes a line ends the turn. "The token </s> is ..." quotes it.
ENDING = re.compile(rf"{TOKEN}(?=\s*(?:\Z|\n|{TOKEN}))|(?<=[\w.!?:;)\]}}*>。！])(?:{TOKEN})")


@dataclass(frozen=True)
class FinalText:
    """text: what is left for the user. ended: an end-of-turn token shows that nothing is missing."""

    text: str
    ended: bool


def final_text(text: str, options: Sequence[str] = ()) -> FinalText | None:
    """The final text of a reply, or None if its thinking never ends.

    options: the texts of the question's options. If one of them holds a token of a chat template,
    the question is about such tokens, and none is removed.
    """
    final = strip_thinking(text)
    if final is None:
        return None
    for token, replacement in BOXES.items():
        final = final.replace(token, replacement)
    if any(re.search(TOKEN, option) for option in options):
        return FinalText(final, ended=False)
    opening = OPENING.match(final)
    start = opening.end() if opening else 0
    ending = _ending(final, start)
    own = final[start:ending]
    if not own.strip():  # the text is nothing but such tokens
        return FinalText(final, ended=False)
    return FinalText(own, ended=ending is not None)


def strip_thinking(text: str) -> str | None:
    """Remove the thinking from a text. Returns None if the thinking never ends.

    A closing tag alone ends a thinking that the chat template opened before the text.
    """
    if CHANNEL.search(text):
        starts = [match.end() for match in FINAL_CHANNEL.finditer(text)]
        return text[starts[0] :] if starts else None
    kept: list[str] = []
    thinking, position = False, 0
    for tag in THINKING.finditer(text):
        closing = _closes(tag)
        if closing and not thinking:
            kept.clear()
        elif not closing and not thinking:
            kept.append(text[position : tag.start()])
        thinking, position = not closing, tag.end()
    return None if thinking else "".join(kept) + text[position:]


def _ending(text: str, start: int) -> int | None:
    """Where the token that ends the turn begins, or None."""
    found = ENDING.search(text, start)
    if found is None or "<s>" in text[start:]:  # in HTML, <s> and </s> strike out
        return None
    return found.start()


def _closes(tag: re.Match[str]) -> bool:
    return "/" in (tag["tag"], tag["square"], tag["triangle"]) or tag["words"] == "end"
