"""Asking a router: questions with options and without, one or many, with and without an event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from .calls.cancelling import CancelToken
from .config import Settings
from .engine.assessment import Assessment
from .engine.contract import DEFAULT_TAU
from .errors import CancelledError, ConfigurationError, FogGenError, NoQuestionError
from .loaded import LoadedModel
from .question.question import Question, clean
from .reply import Reply
from .routing.answering import Answering
from .routing.cloud import CloudLink
from .routing.edge import Edge, OnText
from .routing.multiple_choice import Choice
from .routing.open_ended import OpenQuestion
from .routing.running import Calls, Options
from .stages import OnStage
from .store.models import ModelInfo
from .streaming import TextStream


class Asking:
    """The calls of a `Router`, which adds how it is opened, shared and closed."""

    def __init__(self, loaded: LoadedModel | None, settings: Settings, link: CloudLink) -> None:
        """loaded: None if only the cloud is asked."""
        self._loaded = loaded.retain() if loaded else None
        own = loaded.edge.contract.tau if loaded else DEFAULT_TAU
        self._calibration = loaded.calibration if loaded and not settings.score else None
        usual = own if self._calibration is None else self._calibration.tau
        self.tau = usual if settings.tau is None else settings.tau
        self.settings = settings
        self._link = link
        edge, info = (loaded.edge, loaded.info) if loaded else (None, None)
        self._calls = Calls(Answering(edge, info, link, settings, own), link)

    @property
    def edge(self) -> Edge:
        """The loaded model. Raises ConfigurationError if only the cloud is asked."""
        if self._loaded is None:
            raise ConfigurationError(
                "this router has no edge model: it is cloud-only", hint="open one in another mode"
            )
        return self._loaded.edge

    @property
    def model(self) -> ModelInfo | None:
        """The loaded model's name, hash and round, or None if only the cloud is asked."""
        return self._loaded.info if self._loaded else None

    # --- questions with options -------------------------------------------------------------------

    def ask(
        self,
        question: str | bytes | Question,
        *,
        truncate: bool = False,
        cancel: CancelToken | None = None,
        deadline_s: float | None = None,
        on_stage: OnStage | None = None,
    ) -> Reply:
        """Answer a multiple-choice question.

        truncate: cut a stem that does not fit the context; options are never cut.

        Raises QuestionError, NoQuestionError; CloudRequiredError or KeyRefusedError if only the
        cloud may answer and does not; DeadlineError if there was too little time and nothing else
        can answer; CancelledError.
        """
        options = Options(cancel, deadline_s, on_stage)
        return self._calls.answer(lambda: self._choice(question, truncate), options)

    async def aask(
        self,
        question: str | bytes | Question,
        *,
        truncate: bool = False,
        cancel: CancelToken | None = None,
        deadline_s: float | None = None,
        on_stage: OnStage | None = None,
    ) -> Reply:
        """Like `ask`, without blocking the event loop. Cancelling the task cancels the call.

        The model runs in a thread of the router; waiting for the cloud needs none.
        """
        options = Options(cancel, deadline_s, on_stage)
        return await self._calls.aanswer(lambda: self._choice(question, truncate), options)

    def assess(
        self, question: str | bytes | Question, *, cancel: CancelToken | None = None
    ) -> Assessment:
        """The edge model's confidence and answer, without routing. Nothing is sent."""
        with self._calls.call(Options(cancel)) as call:
            return self.edge.assess(
                _parsed(question),
                wants_answer=lambda _: True,
                deadline_s=self.settings.edge_deadline_s,
                cancel=call.token,
            )

    def batch(
        self, rows: Iterable[Mapping[str, object]], *, cancel: CancelToken | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield one result for each row ({"id", "question", "options"?}), in order: the reply's
        JSON object with the row's id, or {"id", "error", "exit_code"} for a row that cannot be
        answered. Raises CancelledError."""
        for row in rows:
            with _row_result(row) as result:
                result |= self.ask(Question.from_row(row), cancel=cancel).as_dict()
            yield result

    async def abatch(
        self, rows: Iterable[Mapping[str, object]], *, cancel: CancelToken | None = None
    ) -> AsyncIterator[dict[str, Any]]:
        """Like `batch`, without blocking the event loop."""
        for row in rows:
            with _row_result(row) as result:
                result |= (await self.aask(Question.from_row(row), cancel=cancel)).as_dict()
            yield result

    # --- open-ended questions ---------------------------------------------------------------------

    def ask_open(
        self,
        question: str | bytes,
        *,
        limit: int = 256,
        cancel: CancelToken | None = None,
        deadline_s: float | None = None,
        on_stage: OnStage | None = None,
        on_text: OnText | None = None,
    ) -> Reply:
        """Answer a question without options, in at most `limit` tokens. Raises as `ask` does.

        on_text: called in this thread with each piece of the answer as it is decoded. Joined, the
        pieces are the reply's text. They cannot be taken back, so an answer that the limit cuts off
        is then kept, where otherwise the cloud would be asked.
        """
        options = Options(cancel, deadline_s, on_stage)
        return self._calls.answer(lambda: _open(question, limit, on_text), options)

    async def aask_open(
        self,
        question: str | bytes,
        *,
        limit: int = 256,
        cancel: CancelToken | None = None,
        deadline_s: float | None = None,
        on_stage: OnStage | None = None,
        on_text: OnText | None = None,
    ) -> Reply:
        """Like `ask_open`, without blocking the event loop, in which `on_text` is called."""
        import asyncio

        loop = asyncio.get_running_loop()
        give = on_text and (lambda piece: loop.call_soon_threadsafe(on_text, piece))
        options = Options(cancel, deadline_s, on_stage)
        return await self._calls.aanswer(lambda: _open(question, limit, give), options)

    def stream_open(
        self,
        question: str | bytes,
        *,
        limit: int = 256,
        cancel: CancelToken | None = None,
        deadline_s: float | None = None,
    ) -> TextStream:
        """Answer a question without options, as an iterator of text pieces; see `TextStream`."""
        self._calls.check_open()
        _open(question, limit, None)  # an empty question raises here, not while iterating

        def answer(on_text: OnText, token: CancelToken) -> Reply:
            return self.ask_open(
                question, limit=limit, cancel=token, deadline_s=deadline_s, on_text=on_text
            )

        return TextStream(answer, cancel or CancelToken())

    def _choice(self, question: str | bytes | Question, truncate: bool) -> Choice:
        parsed = _parsed(question)
        if truncate and self._loaded:
            parsed = self.edge.fitted(parsed)
        says = self._loaded.edge.contract.says_confidence if self._loaded else True
        return Choice(parsed, self._calibration, says_confidence=says)


def _parsed(question: str | bytes | Question) -> Question:
    return question if isinstance(question, Question) else Question.parse(question)


def _open(question: str | bytes, limit: int, on_text: OnText | None) -> OpenQuestion:
    text, notes = clean(question)
    if not text.strip():
        raise NoQuestionError("no question", hint="the text is empty")
    return OpenQuestion(text.strip(), limit, notes, on_text)


@contextmanager
def _row_result(row: Mapping[str, object]) -> Iterator[dict[str, Any]]:
    """The result of a row of a batch. It holds the row's error if the row cannot be answered."""
    result: dict[str, Any] = {"id": row.get("id")}
    try:
        yield result
    except CancelledError:
        raise
    except FogGenError as error:
        result |= {"error": str(error), "exit_code": error.exit_code}
