"""Open-ended answers: the confidence line under the grammar, then free text."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..calls.cancelling import CancelToken
from ..calls.clock import milliseconds_since
from .contract import ANSWER_PREFIX
from .grammar import Decoded, confidence_grammar, decode
from .reply_parser import read_confidence

if TYPE_CHECKING:
    from .engine import Engine

CONFIDENCE_TOKENS = 32  # far more than the line needs in any tokenization
PREFIX = ANSWER_PREFIX.strip()  # a model may begin its answer with it


@dataclass(frozen=True)
class OpenAssessment:
    """What the edge model says of a question without options.

    confidence: in [0, 1], None if the model said none. text: None until decoded. cut_off: it ends
    where its limit was. Times are in milliseconds of wall time. line: the confidence line, after which
    the answer is decoded.
    """

    confidence: float | None
    text: str | None = None
    cut_off: bool = False
    decision_ms: float = 0.0
    edge_ms: float = 0.0
    line: Decoded | None = field(default=None, repr=False, compare=False)


@dataclass
class OpenAnswer:
    """One open-ended question in the middle of being answered.

    limit: tokens of the answer. on_text: is called with each piece of it, which together are the text.
    """

    engine: Engine
    question: str
    limit: int
    on_text: Callable[[str], object] | None = None

    def assess(
        self,
        wants_answer: Callable[[OpenAssessment], bool],
        deadline_s: float | None,
        cancel: CancelToken | None,
    ) -> OpenAssessment:
        user = self._tokens()
        with self.engine.turn(deadline_s, cancel):
            started = time.monotonic()
            found = self._confidence(user, started)
            if wants_answer(found):
                found = self._with_text(user, found)
            return replace(found, edge_ms=milliseconds_since(started))

    def _confidence(self, user: list[int], started: float) -> OpenAssessment:
        """The confidence line, decoded; nothing for a model that says no confidence."""
        contract = self.engine.contract
        if not contract.says_confidence:
            return OpenAssessment(None)
        grammar = confidence_grammar(contract)
        line = decode(self.engine, user, grammar, limit=CONFIDENCE_TOKENS)
        confidence = read_confidence(line.text.partition(":")[2].strip())
        return OpenAssessment(confidence, decision_ms=milliseconds_since(started), line=line)

    def answer(
        self, found: OpenAssessment, deadline_s: float | None, cancel: CancelToken | None
    ) -> OpenAssessment:
        if found.text is not None:
            return found
        user = self._tokens()
        with self.engine.turn(deadline_s, cancel):
            started = time.monotonic()
            finished = self._with_text(user, found)
            return replace(finished, edge_ms=found.edge_ms + milliseconds_since(started))

    def _tokens(self) -> list[int]:
        reply = self.limit + len(self.engine.plan.opening) + CONFIDENCE_TOKENS
        return self.engine.user_tokens(self.question, reply_tokens=reply)

    def _with_text(self, user: list[int], found: OpenAssessment) -> OpenAssessment:
        pieces = Pieces(self.on_text)
        decoded = decode(
            self.engine, user, None, limit=self.limit, after=found.line, on_text=pieces.so_far
        )
        return replace(
            found, text=pieces.end(decoded.text), cut_off=decoded.stop_reason == "length"
        )


class Pieces:
    """Cuts a growing text into the pieces of an answer, without the prefix and the space around it.

    What may still turn out to be the prefix, the space at the end, or a part of a character, is held
    back until more of the text is there.
    """

    def __init__(self, on_text: Callable[[str], object] | None) -> None:
        self._on_text, self._given = on_text, 0

    def so_far(self, text: str) -> None:
        """What was decoded by now. A character that is not whole stands in it as U+FFFD."""
        if self._on_text is not None and not PREFIX.startswith(text.strip()):
            self._give(answer_of(text.rstrip("\ufffd")))

    def end(self, text: str) -> str:
        """The answer in the whole text; its last piece is given."""
        answer = answer_of(text)
        if self._on_text is not None:
            self._give(answer)
        return answer

    def _give(self, answer: str) -> None:
        if self._on_text is not None and len(answer) > self._given:
            self._on_text(answer[self._given :])
            self._given = len(answer)


def answer_of(text: str) -> str:
    """The answer in what a model wrote after its confidence."""
    return text.strip().removeprefix(PREFIX).strip()
