"""The public facade: asks the edge model, then the cloud if needed, and reports who answered.

    from foggen import Router
    with Router.open() as router:
        reply = router.ask("2 + 2 = ?\\nA. 3\\nB. 4")

The engine runs the model, `routing/rule.py` decides where the answer comes from, and
`routing/answering.py` has the steps in between.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from .calls.cancelling import CancelToken
from .config import Settings, load_settings
from .engine.assessment import Assessment
from .engine.contract import DEFAULT_TAU
from .errors import CancelledError, ConfigurationError, FogGenError, NoQuestionError
from .loaded import LoadedModel
from .question.question import Question, clean
from .reply import Reply
from .routing.answering import Answering
from .routing.cloud import Cloud, CloudLink
from .routing.edge import Edge, OnText
from .routing.multiple_choice import Choice
from .routing.open_ended import OpenQuestion
from .routing.rule import Mode, parse_mode, parse_tau
from .routing.running import Calls, Options
from .stages import OnStage
from .store.models import ModelInfo, checked
from .streaming import TextStream

StrPath = str | os.PathLike[str]


class Router:
    """Answers questions. It can be shared between threads and event loops.

    Create one with `Router.open`, in a `with` or `async with` block. A router cannot be used in a
    forked child, and cannot be pickled. Every call takes

    cancel: a `CancelToken` that ends the call from outside, whatever it is doing;
    deadline_s: seconds for the whole call, edge and cloud together;
    on_stage: a callback for a user interface, see `foggen.stages`.
    """

    def __init__(self, loaded: LoadedModel | None, settings: Settings, link: CloudLink) -> None:
        """loaded: None if only the cloud is asked."""
        self._loaded = loaded.retain() if loaded else None
        own = loaded.edge.contract.tau if loaded else DEFAULT_TAU
        self.tau = own if settings.tau is None else settings.tau
        self.settings = settings
        self._link = link
        edge, info = (loaded.edge, loaded.info) if loaded else (None, None)
        self._calls = Calls(Answering(edge, info, link, settings, self.tau), link)

    @classmethod
    def open(
        cls,
        model: StrPath | None = None,
        *,
        settings: Settings | None = None,
        tau: float | str | None = None,
        mode: Mode | str | None = None,
        cloud: Cloud | None = None,
        trusted: bool = False,
        cloud_url: str | None = None,
        cloud_model: str | None = None,
        cloud_key: str | None = None,
        cloud_deadline_s: float | None = None,
        edge_deadline_s: float | None = None,
        context: int | None = None,
        threads: int | None = None,
        gpu_layers: int | None = None,
        offline: bool | None = None,
        home: StrPath | None = None,
    ) -> Router:
        """Open a router and load a model: `model`, the one in the settings, or the one in the box.

        Options that are not given come from `settings`, or, without those, from the user's
        environment and config file. An application that wants neither passes
        `settings=Settings(...)`.

        model: "starter", a name in the store, or a GGUF file. tau: in [0, 1]; the model's own if
        not given. mode: see `Mode`; `cloud-only` loads no model. cloud: a client to use in place of
        the settings' one; the router does not close it. trusted: the caller trusts the model file,
        which is then not loaded in a child process first. The other options are fields of
        `Settings`.

        Raises ConfigurationError, ModelFileError, UsageError.
        """
        given = _given(
            model=model,
            tau=tau,
            mode=mode,
            cloud_url=cloud_url,
            cloud_model=cloud_model,
            cloud_key=cloud_key,
            cloud_deadline_s=cloud_deadline_s,
            edge_deadline_s=edge_deadline_s,
            context=context,
            threads=threads,
            gpu_layers=gpu_layers,
            offline=offline,
            home=home,
        )
        settings = load_settings(given) if settings is None else replace(settings, **given)
        link = CloudLink(settings, cloud)
        loaded = None if settings.mode is Mode.CLOUD_ONLY else _load(settings, trusted)
        return cls(loaded, settings, link)

    def sharing(
        self,
        *,
        tau: float | str | None = None,
        mode: Mode | str | None = None,
        cloud: Cloud | None = None,
        edge_deadline_s: float | None = None,
        cloud_deadline_s: float | None = None,
        offline: bool | None = None,
    ) -> Router:
        """Open another router on the same loaded model. Options that are given replace this one's.

        Each router is closed on its own, and the model is freed with the last. `cloud` is as in
        `open`; a client that was passed to this router is not passed on.
        """
        given = _given(
            tau=tau,
            mode=mode,
            edge_deadline_s=edge_deadline_s,
            cloud_deadline_s=cloud_deadline_s,
            offline=offline,
        )
        self._calls.check_open()
        settings = replace(self.settings, **given)
        if self._loaded is None and settings.mode is not Mode.CLOUD_ONLY:
            raise ConfigurationError(
                "this router has no model to share: it is cloud-only", hint="open another router"
            )
        return type(self)(self._loaded, settings, CloudLink(settings, cloud))

    def __enter__(self) -> Router:
        self._calls.check_open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Router:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        import asyncio

        await asyncio.to_thread(self.close)

    def __reduce__(self) -> NoReturn:
        raise ConfigurationError(
            "a Router cannot be pickled or sent to another process", hint="open one in each process"
        )

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

    def close(self) -> None:
        """End the running calls, free the model and close the cloud's connections.

        Returns within seconds, even from a signal handler or while other threads are asking; their
        calls raise an error. A model that another router shares stays loaded. Closing again has no
        effect.
        """
        if self._calls.closed:
            return
        self._calls.closed = True
        if self._loaded is not None:
            self._loaded.release()
        self._calls.close()
        self._link.close()

    def cancel(self) -> None:
        """Cancel every call of this router that is running or waiting; each raises CancelledError.

        To cancel a single call, give it a token: `ask(question, cancel=token)`, then
        `token.cancel()`.
        """
        self._calls.cancel()

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
        return Choice(self.edge.fitted(parsed) if truncate and self._loaded else parsed)


def _load(settings: Settings, trusted: bool) -> LoadedModel:
    from .engine.engine import Engine  # loads llama.cpp, which a cloud-only router does not need

    name, path, digest = checked(settings.model, settings.home, trusted=trusted)
    engine = Engine(
        path, context=settings.context, threads=settings.threads, gpu_layers=settings.gpu_layers
    )
    return LoadedModel(engine, ModelInfo(name, digest, engine.contract.round))


def _given(**options: Any) -> dict[str, Any]:
    """The options that were given, as fields of `Settings`."""
    given = {name: value for name, value in options.items() if value is not None}
    for name, convert in (("tau", parse_tau), ("mode", parse_mode), ("model", os.fspath)):
        if name in given:
            given[name] = convert(given[name])
    if "home" in given:
        given["home"] = Path(given["home"])
    return given


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
