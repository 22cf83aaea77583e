"""An open-ended question on its way (`answering.py`): the confidence line under the grammar, then free text."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..calls.cancelling import CancelToken
from ..calls.clock import milliseconds_since
from ..engine.contract import ANSWER_PREFIX
from ..engine.grammar import Decoded, confidence_grammar, decode
from ..engine.reply_parser import read_confidence
from .answering import Found, Start
from .cloud import CloudFailed, CloudLink

if TYPE_CHECKING:
    from foggen_cloud import CloudAnswer

    from ..engine.engine import Engine

CONFIDENCE_TOKENS = 32  # far more than the line needs in any tokenization


@dataclass(frozen=True)
class OpenQuestion:
    """A question without options, to be answered in at most `limit` tokens."""

    text: str
    limit: int
    notes: tuple[str, ...] = ()
    options: int = 0

    def assess(
        self,
        engine: Engine,
        wants_answer: Callable[[float | None], bool],
        deadline_s: float,
        cancel: CancelToken,
    ) -> Found:
        user = self._tokens(engine)
        with engine.turn(deadline_s, cancel):
            started = time.monotonic()
            line = decode(
                engine, user, confidence_grammar(engine.contract), limit=CONFIDENCE_TOKENS
            )
            confidence = read_confidence(line.text.partition(":")[2].strip())
            decision_ms = milliseconds_since(started)
            found = Found(confidence, None, None, None, "", False, decision_ms, decision_ms, line)
            if wants_answer(confidence):
                found = self._with_text(engine, user, found, line)
            return replace(found, edge_ms=milliseconds_since(started))

    def finish(self, engine: Engine, found: Found, deadline_s: float, cancel: CancelToken) -> Found:
        if found.text is not None:
            return found
        line = found.assessment
        assert isinstance(line, Decoded)
        user = self._tokens(engine)
        with engine.turn(deadline_s, cancel):
            started = time.monotonic()
            finished = self._with_text(engine, user, found, line)
            return replace(finished, edge_ms=found.edge_ms + milliseconds_since(started))

    def start(self, link: CloudLink) -> Start:
        return link.answer_openly(self.text)

    def chosen(self, answer: CloudAnswer) -> tuple[None, str]:
        if not isinstance(answer.text, str) or not answer.text.strip():
            raise CloudFailed("cloud: unreadable", "the cloud's answer is empty")
        return None, answer.text

    def _tokens(self, engine: Engine) -> list[int]:
        reply = self.limit + len(engine.plan.opening) + CONFIDENCE_TOKENS
        return engine.user_tokens(self.text, reply_tokens=reply)

    def _with_text(self, engine: Engine, user: list[int], found: Found, line: Decoded) -> Found:
        """What was found, with the text that follows the confidence line."""
        answer = decode(engine, user, None, limit=self.limit, after=line)
        text = answer.text.strip().removeprefix(ANSWER_PREFIX.strip()).strip()
        return replace(found, text=text, cut_off=answer.stop_reason == "length")
