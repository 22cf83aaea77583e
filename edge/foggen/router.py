"""The facade: ask the edge model, then perhaps the cloud, and say which it was.

    from foggen import Router
    with Router.open() as router:
        reply = router.ask("2 + 2 = ?\nA. 3\nB. 4")

What a question becomes is the engine's business, where it goes is `routing.decide`'s;
`multiple_choice` and `open_ended` put the two together.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .cloud_side import Cloud, CloudSide
from .config import Settings, load_settings
from .engine import Assessment, Engine
from .errors import FogGenError, NoQuestionError
from .models import ModelInfo, checked
from .multiple_choice import answer_choice
from .open_ended import answer_openly
from .question import Question, clean
from .reply import Reply
from .routing import Mode, parse_mode, parse_tau
from .sides import Sides


class Router:
    """Answers questions; safe to share between threads; a context manager.

    Make one with `Router.open`. Refuses use in a forked child.
    """

    def __init__(
        self, engine: Engine, info: ModelInfo, settings: Settings, cloud: CloudSide
    ) -> None:
        tau = engine.contract.tau if settings.tau is None else settings.tau
        self.engine, self.info, self.settings, self.tau = engine, info, settings, tau
        self._sides = Sides(engine, cloud, settings, info, tau)

    @classmethod
    def open(
        cls, model: str | None = None, tau: float | str | None = None, mode: Mode | str | None = None,
        cloud: Cloud | None = None, **options: Any,
    ) -> Router:  # fmt: skip
        """A router with a loaded model: the one in the box, unless `model` or the settings name one.

        model: "starter" or a GGUF file. tau: in [0, 1], the model's own if not given. mode: see
        `Mode`. cloud: in place of the settings' one. options: further fields of `Settings`.

        Raises ConfigurationError, ModelFileError, UsageError.
        """
        flags = dict(options, model=model, tau=None if tau is None else parse_tau(tau),
                     mode=None if mode is None else parse_mode(mode))  # fmt: skip
        settings = load_settings(flags)
        side = CloudSide.of(settings, cloud)
        name, path, digest = checked(settings.model, settings.home)
        engine = Engine(path, context=settings.context, threads=settings.threads)
        info = ModelInfo(name, digest, engine.contract.round)
        return cls(engine, info, settings, side)

    def __enter__(self) -> Router:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the model and close the cloud's connections."""
        self.engine.close()
        self._sides.cloud.close()

    def cancel(self) -> None:
        """End the edge's part of a call under way in another thread; that call raises."""
        self.engine.cancel()

    def ask(self, question: str | bytes | Question, *, truncate: bool = False) -> Reply:
        """Answer a multiple-choice question.

        truncate: cut a stem that does not fit the context, never an option.

        Raises QuestionError, NoQuestionError; CloudRequiredError or KeyRefusedError where only the
        cloud may answer and does not; DeadlineError if the edge was too slow and nothing else is
        allowed to answer.
        """
        started = time.monotonic()
        asked = question if isinstance(question, Question) else Question.parse(question)
        if truncate:
            asked = self.engine.fitted(asked)
        return _timed(answer_choice(self._sides, asked), started)

    async def aask(self, question: str | bytes | Question, *, truncate: bool = False) -> Reply:
        """`ask` without blocking the event loop; the work is done in a thread."""
        return await asyncio.to_thread(self.ask, question, truncate=truncate)

    def assess(self, question: str | bytes | Question) -> Assessment:
        """The edge model's confidence and answer; no routing, nothing is sent."""
        asked = question if isinstance(question, Question) else Question.parse(question)
        return self.engine.assess(asked, deadline_s=self.settings.edge_deadline_s)

    def ask_open(self, question: str | bytes, *, limit: int = 256) -> Reply:
        """Answer a question without options, in at most `limit` tokens. Raises as `ask` does."""
        started = time.monotonic()
        text, notes = clean(question)
        if not text.strip():
            raise NoQuestionError("no question", hint="the text is empty")
        return _timed(
            replace(answer_openly(self._sides, text.strip(), limit), notes=notes), started
        )

    def batch(self, rows: Iterable[Mapping[str, object]]) -> Iterator[dict[str, Any]]:
        """One result for each row ({"id", "question", "options"?}), in order: the reply's JSON with
        the row's id, or {"id", "error", "exit_code"} for a row that cannot be answered."""
        for row in rows:
            try:
                result = self.ask(Question.from_row(row)).as_dict()
            except FogGenError as error:
                result = {"error": str(error), "exit_code": error.exit_code}
            yield {"id": row.get("id"), **result}


def _timed(reply: Reply, started: float) -> Reply:
    total = 1000 * (time.monotonic() - started)
    return replace(reply, timings_ms=replace(reply.timings_ms, total=total))
