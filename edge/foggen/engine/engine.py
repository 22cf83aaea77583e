"""The edge model: a context that keeps the system prompt, and takes one question after another.

The system prompt's keys and values stay in the context. What is decoded after them is the business of the
pass: `confidence_pass.py` for a model that was trained to the contract, `letter_pass.py` for any other. The
result is that of greedy decoding under the contract's grammar (`grammar.py`), token for token, but for
near-ties. Whether the answer is wanted is the caller's rule (`routing/rule.py`).
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ..calls.cancelling import CancelToken
from ..calls.clock import milliseconds_since
from ..errors import ConfigurationError, ModelFileError, QuestionError
from ..question.question import Question
from . import contract as contracts
from .assessment import NON_FINITE, Assessment
from .confidence_pass import decide, read_answer
from .contract import Contract
from .fitting import with_shorter_stem
from .letter_pass import read_letters
from .letter_plan import LetterPlan, build_letter_plan
from .lifetime import process
from .native import Context, Model
from .open_answers import OpenAnswer, OpenAssessment
from .plan import TokenPlan, build_plan
from .turns import Turns


class Engine:
    """One model in one context, safe to share between threads; a context manager.

    Calls take turns (`turns.py`): a llama.cpp context is one thread's at a time.
    """

    def __init__(
        self,
        path: Path,
        *,
        context: int | None = None,
        threads: int | None = None,
        gpu_layers: int = 0,
        layout: str = "",
    ) -> None:
        """layout: the chat layout of a file that has no contract, in place of its template's."""
        self.model = Model(path, gpu_layers)
        header = self.model.header
        self.contract = contracts.from_metadata(header.metadata, header.architecture, layout)
        self.plan = plan_of(self.contract, self.model)
        self.context = Context(self.model, context=context, threads=threads)
        self._ticket: object = None  # whose question the context holds
        self._check_room()
        self._turns = Turns(self.context)
        # An engine that nobody refers to any more frees what it holds.
        self._close = weakref.finalize(self, _close, self._turns, self.context, self.model)
        self._close.atexit = False
        with self.turn():
            self.context.decode(self.plan.prefix, 0, [])

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def token_plan(self) -> TokenPlan:
        """The plan of a model that says its confidence. Raises ModelFileError for another one."""
        if isinstance(self.plan, TokenPlan):
            return self.plan
        raise ModelFileError(
            f"{self.model.path} was not trained to the contract, and says no confidence",
            hint="use a checkpoint that was trained for FogGen",
        )

    @property
    def busy(self) -> bool:
        """Whether a question is being answered at this moment."""
        return self._turns.busy

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return self._turns.waiting

    def close(self) -> None:
        """Stop the question under way and free the context and the weights. Closing twice is allowed.

        Returns within seconds whatever the model is doing, also from a signal handler.
        """
        self._close()

    def assess(
        self,
        question: Question,
        *,
        wants_answer: Callable[[Assessment], bool] = lambda _: True,
        deadline_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Assessment:
        """Confidence, and the answer if `wants_answer` says so once the confidence is known.

        Raises QuestionError if the question does not fit the context or has more options than the
        model has labels, DeadlineError after `deadline_s` seconds, CancelledError.
        """
        user = self._user_tokens(question)
        with self.turn(deadline_s, cancel):
            started = time.monotonic()
            assessment = self._decide(question, user, started)
            is_open = assessment.answer is None and assessment.problem != NON_FINITE
            if is_open and wants_answer(assessment):
                assessment = read_answer(self, self.token_plan, question, assessment)
            return replace(assessment, edge_ms=milliseconds_since(started))

    def answer(
        self,
        question: Question,
        assessment: Assessment,
        *,
        deadline_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Assessment:
        """The assessment with its answer, decoded now if it was not; cheap right after `assess`."""
        if assessment.answer is not None or assessment.problem == NON_FINITE:
            return assessment
        user = self._user_tokens(question)
        with self.turn(deadline_s, cancel):
            started = time.monotonic()
            if not self.holds(assessment.ticket):  # another question came in between
                again = decide(self, self.token_plan, user, started)
                assessment = replace(again, decision_ms=assessment.decision_ms)
            assessment = read_answer(self, self.token_plan, question, assessment)
            return replace(assessment, edge_ms=assessment.edge_ms + milliseconds_since(started))

    def assess_open(
        self,
        text: str,
        limit: int,
        *,
        wants_answer: Callable[[OpenAssessment], bool] = lambda _: True,
        on_text: Callable[[str], object] | None = None,
        deadline_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> OpenAssessment:
        """`assess` for a question without options. limit: tokens of the answer. on_text: receives
        each piece of the answer, in the thread that decodes."""
        return OpenAnswer(self, text, limit, on_text).assess(wants_answer, deadline_s, cancel)

    def answer_open(
        self,
        text: str,
        limit: int,
        assessment: OpenAssessment,
        *,
        on_text: Callable[[str], object] | None = None,
        deadline_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> OpenAssessment:
        """`answer` for a question without options."""
        return OpenAnswer(self, text, limit, on_text).answer(assessment, deadline_s, cancel)

    def fitted(self, question: Question, reply_tokens: int | None = None) -> Question:
        """The question, its stem cut at the front if it must be to fit; options are never cut.

        reply_tokens: the room for the reply, by default the plan's.
        """
        reply = self.plan.reply_tokens if reply_tokens is None else reply_tokens
        room = self.context.size - len(self.plan.prefix) - reply
        if self._length(question.text()) <= room:
            return question
        shorter = with_shorter_stem(question, self._length, room)
        if not shorter.stem:
            self._user_tokens(question)  # raises: the options alone do not fit
        return shorter

    def _length(self, text: str) -> int:
        return len(self.model.tokenize(text, scaffold=False))

    def _decide(self, question: Question, user: Sequence[int], started: float) -> Assessment:
        if isinstance(self.plan, LetterPlan):
            return read_letters(self, user, len(question.options), started)
        return decide(self, self.plan, user, started)

    def _user_tokens(self, question: Question) -> list[int]:
        if len(question.options) > len(self.plan.labels):
            raise QuestionError(
                f"{len(question.options)} options, and this model has {len(self.plan.labels)} labels",
                hint="ask with fewer options",
            )
        return self.user_tokens(question.text())

    def user_tokens(self, text: str, reply_tokens: int | None = None) -> list[int]:
        """Ids of a user's text, checked against the context before anything is decoded."""
        ids = self.model.tokenize(text, scaffold=False)
        reply = self.plan.reply_tokens if reply_tokens is None else reply_tokens
        total = len(self.plan.prefix) + len(ids) + reply
        if total > self.context.size:
            raise QuestionError(
                f"the question needs {total} tokens and the context has {self.context.size}",
                hint="shorten it, or --truncate cuts its stem and keeps the options",
            )
        return ids

    @contextmanager
    def turn(
        self, deadline_s: float | None = None, cancel: CancelToken | None = None
    ) -> Iterator[None]:
        """The context for one caller; see `Turns.turn` for what it raises."""
        self.context.lifetime.check()
        with self._turns.turn(deadline_s, cancel):
            before, whole = self._ticket, False
            try:
                yield
                whole = True
            finally:  # whoever leaves something else in the context, or a part, makes no ticket
                if not whole or self._ticket is before:
                    self._ticket = None

    def new_ticket(self) -> object:
        """A mark of what the context holds from here on; call it under a turn."""
        self._ticket = object()
        return self._ticket

    def drop_ticket(self) -> None:
        """The context holds more than what the last ticket was made of."""
        self._ticket = None

    def holds(self, ticket: object) -> bool:
        """Whether the context still holds what it held when the ticket was made."""
        return ticket is not None and self._ticket is ticket

    def _check_room(self) -> None:
        """llama.cpp ends the process on a prompt that is longer than its batch."""
        needed = len(self.plan.prefix) + self.plan.reply_tokens
        if needed >= self.context.size:
            raise ConfigurationError(
                f"the context has {self.context.size} tokens, prompt and reply alone take {needed}",
                hint="allow a larger context",
            )


def plan_of(contract: Contract, model: Model) -> TokenPlan | LetterPlan:
    """The token plan of a model's replies. Raises ModelFileError where its vocabulary does not allow one."""

    def tokenize(text: str) -> list[int]:
        return model.tokenize(text, scaffold=True)

    if contract.says_confidence:
        return build_plan(contract, tokenize)
    return build_letter_plan(contract, tokenize, model.beginning)


def _close(turns: Turns, context: Context, model: Model) -> None:
    if not process.is_ours:  # a forked child may have inherited locks that are held
        return
    turns.close()
    context.close()
    model.close()
