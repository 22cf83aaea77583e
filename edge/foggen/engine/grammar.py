"""Greedy decoding under the contract's GBNF grammar: the one pass's reference, and open questions.

A grammar constrains characters, not tokens, and costs a walk over the vocabulary at every step; the
one pass (`engine.py`) needs neither. It stays as the definition of the right result, and gives the
confidence line of an open-ended answer, which is followed by free text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..question.question import MODEL_LABELS
from .contract import ANSWER_PREFIX, CONFIDENCE_PREFIX, LETTERS_PREFIX, Contract

if TYPE_CHECKING:
    from .engine import Engine


@dataclass(frozen=True)
class Decoded:
    """Text decoded greedily. smallest_lead: the least lead of a chosen token over the next legal
    one, in logits; below 0.1 another order of additions may choose otherwise. ticket: the engine
    holds what was decoded as long as it holds this."""

    text: str
    tokens: tuple[int, ...]
    smallest_lead: float
    stop_reason: str  # "stop" or "length"
    ticket: object = field(default=None, repr=False, compare=False)


def confidence_grammar(contract: Contract) -> str:
    """GBNF of the confidence line alone."""
    buckets = " | ".join(json.dumps(text) for text in contract.bucket_texts)
    return f"root ::= {json.dumps(CONFIDENCE_PREFIX)} ({buckets})"


def reply_grammar(contract: Contract, options: int) -> str:
    """GBNF of a whole reply to a question with that many options."""
    labels = MODEL_LABELS[:options]
    letters = f"[{labels[0]}-{labels[-1]}]"
    if not contract.says_confidence:
        return f"root ::= {json.dumps(LETTERS_PREFIX + ' ')} {letters}"
    answer = json.dumps(ANSWER_PREFIX + " ")
    return f"{confidence_grammar(contract)} {answer} {letters}"


def decode(
    engine: Engine,
    user: Sequence[int],
    grammar: str | None,
    *,
    limit: int,
    after: Decoded | None = None,
    on_text: Callable[[str], object] | None = None,
) -> Decoded:
    """Greedy tokens after a user's tokens and what was already replied, to the end or `limit`.

    Call it under the engine's turn. after: the beginning of the reply; the question is not decoded
    again if the engine still holds it. Without a grammar, control tokens other than the end are
    text of no meaning and are skipped in `text`. on_text: is called with the text so far after every
    token.
    """
    from .native import Grammar

    model, context = engine.model, engine.context
    chooser = Grammar(model, grammar) if grammar else None
    suffix = model.tokenize(engine.contract.layout.suffix, scaffold=True)
    start = len(engine.plan.prefix)
    whole = [*user, *suffix, *(after.tokens if after else ())]
    held = len(whole) - 1 if after and engine.holds(after.ticket) else 0
    context.cut(start + held)
    ticket = engine.new_ticket()
    pending, position = whole[held:], start + held
    out, data = list[int](), bytearray()
    lead, reason = float("inf"), "length"
    while len(out) < limit:
        row = context.decode(pending, position, [len(pending) - 1])[0]
        position += len(pending)
        token, gap = chooser.best(row) if chooser else (int(row.argmax()), float("inf"))
        if model.is_end(token):
            reason = "stop"
            break
        lead = min(lead, gap)
        if chooser:
            chooser.accept(token)
        out.append(token)
        pending = [token]
        data += model.piece(token)
        if on_text is not None:
            on_text(data.decode("utf-8", errors="replace"))
    return Decoded(data.decode("utf-8", errors="replace"), tuple(out), lead, reason, ticket)
