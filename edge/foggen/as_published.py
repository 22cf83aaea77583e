"""The published cards' `route_query`, for text that a FogGen model wrote elsewhere.

    from foggen import route_query
    action, confidence, answer = route_query(tokenizer.decode(...), tau=0.5)

A `Router` needs none of this: it reads the confidence and the answer from the pass itself.
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

# Of Qwen's and Gemma's chat templates, if the reply was decoded with its special tokens.
_CONTROL_TOKEN = re.compile(r"<\|\w+\|>|<(?:start|end)_of_turn>|<(?:bos|eos|pad)>")


def route_query(
    model_output: str, tau: float = DEFAULT_TAU
) -> tuple[Action, float | None, str | None]:
    """Whether a model's written reply is kept: (action, confidence, answer).

    action is "keep_local" if the confidence is at least tau and an answer could be read, otherwise
    "route_to_cloud". confidence is in [0, 1], or None if none could be read. answer is the option's
    letter in upper case, or None. Raises UsageError unless tau is in [0, 1].

    The call and the result are those of `route_query` on the card of issai/foggen. It differs where
    the card's function goes wrong:

    - Without a readable answer the query goes to the cloud. The card's keeps it, with answer None.
    - Letters up to Z are read, not only A to D, and small ones too. A letter must stand by itself:
      "Apple" and "A or B" are no answer, where the card's reads A.
    - "Confidence: 0.75." is read as 0.75, and "75%" as 0.75. The card's raises ValueError on the
      first and takes the second for 75.
    - A confidence above 1, such as 100, is none at all, so the query goes to the cloud. The card's
      keeps it.
    - What stands between <think> and </think> is ignored, and if the reply states a confidence or an
      answer several times the last one counts. The card's takes the first, also inside thinking.
      A reply whose thinking never ends goes to the cloud.
    - "Confidence:", "=", Markdown's asterisks and any capitals are understood.
    """
    threshold = parse_tau(tau)
    reply = parse(_CONTROL_TOKEN.sub("\n", model_output), ascii_uppercase)
    if reply.confidence is None:
        return "route_to_cloud", None, None
    if reply.answer is None:
        return "route_to_cloud", reply.confidence, None
    action: Action = "keep_local" if reply.confidence >= threshold else "route_to_cloud"
    return action, reply.confidence, ascii_uppercase[reply.answer]
