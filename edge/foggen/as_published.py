"""`route_query` of the published model cards, for text that a FogGen model wrote elsewhere.

    from foggen import route_query
    action, confidence, answer = route_query(tokenizer.decode(...), tau=0.5)

A `Router` does not need it: it reads the confidence and the answer from the model's own pass.
"""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import Literal

from .engine.contract import DEFAULT_TAU
from .engine.reply_parser import parse
from .routing.rule import parse_tau

__all__ = ["route_query"]

Action = Literal["keep_local", "route_to_cloud"]

# Special tokens of Qwen's and Gemma's chat templates, which a decoded reply may contain.
_CONTROL_TOKEN = re.compile(r"<\|\w+\|>|<(?:start|end)_of_turn>|<(?:bos|eos|pad)>")


def route_query(
    model_output: str, tau: float = DEFAULT_TAU
) -> tuple[Action, float | None, str | None]:
    """Decide whether to keep a model's written reply. Returns (action, confidence, answer).

    action is "keep_local" if the confidence is at least tau and an answer could be read, otherwise
    "route_to_cloud". confidence is in [0, 1], or None if none could be read. answer is the option's
    letter in upper case, or None. Raises UsageError unless tau is in [0, 1].

    The signature and the result are those of `route_query` on the card of issai/foggen. The
    behaviour differs where the card's function goes wrong:

    - Without a readable answer the query goes to the cloud. The card keeps it, with answer None.
    - Letters up to Z are read, not only A to D, in upper or lower case. A letter must stand alone:
      "Apple" and "A or B" are not answers, but the card reads A from both.
    - "Confidence: 0.75." is read as 0.75, and "75%" as 0.75. The card raises ValueError on the first
      and reads the second as 75.
    - A confidence above 1, such as 100, is ignored, so the query goes to the cloud. The card keeps it.
    - Text between <think> and </think> is ignored. If the reply states several confidences or answers,
      the last one counts. The card takes the first, even inside the thinking. A reply whose thinking
      never ends goes to the cloud.
    - "Confidence:", "=", Markdown's asterisks and any capitalization are understood.
    """
    threshold = parse_tau(tau)
    reply = parse(_CONTROL_TOKEN.sub("\n", model_output), ascii_uppercase)
    if reply.confidence is None:
        return "route_to_cloud", None, None
    if reply.answer is None:
        return "route_to_cloud", reply.confidence, None
    action: Action = "keep_local" if reply.confidence >= threshold else "route_to_cloud"
    return action, reply.confidence, ascii_uppercase[reply.answer]
