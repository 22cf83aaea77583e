"""A scripted edge model for tests, which needs neither llama.cpp nor a model file.

    from foggen.testing import Scripted, ScriptedEdge, scripted_router

    edge = ScriptedEdge({"2 + 2": Scripted("B", 0.75)}, default=Scripted("A", 0.25))
    with scripted_router(edge) as router:
        assert router.ask("2 + 2 = ?\\nA. 3\\nB. 4").label == "B"

Everything around the model is real: the rule, deadlines, cancellation and the cloud, for which
`foggen_cloud.testing` has a server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from .calls.cancelling import CancelToken
from .calls.clock import milliseconds_since
from .config import Settings
from .engine.assessment import UNKNOWN_FORMAT, Assessment
from .engine.contract import BUCKETS, Contract
from .engine.open_answers import OpenAssessment
from .errors import CancelledError, DeadlineError, FogGenError
from .loaded import LoadedModel
from .question.question import MODEL_LABELS, Question
from .router import Router
from .routing.cloud import Cloud, CloudLink
from .routing.edge import OnText
from .store.models import ModelInfo

__all__ = ["Scripted", "ScriptedEdge", "scripted_router"]


@dataclass(frozen=True)
class Scripted:
    """The model's reply to one question.

    answer: the label (A is the first option), or the text of an open-ended answer. confidence: one
    of the five buckets, or None for a model that does not know the format. decision_s, answer_s:
    seconds that the confidence and the answer take.
    """

    answer: str = "A"
    confidence: float | None = 0.75
    decision_s: float = 0.0
    answer_s: float = 0.0

    def __post_init__(self) -> None:
        if self.confidence is not None and self.confidence not in BUCKETS:
            raise ValueError(f"confidence is {self.confidence}; the buckets are {BUCKETS}")


@dataclass
class ScriptedEdge:
    """A scripted implementation of `foggen.routing.edge.Edge`.

    script: replies by a piece of the question's text; the first piece that matches counts. asked:
    the texts of all questions so far.
    """

    script: Mapping[str, Scripted] = field(default_factory=dict)
    default: Scripted = field(default_factory=Scripted)
    contract: Contract = field(default_factory=lambda: Contract("qwen3", "scripted"))
    asked: list[str] = field(default_factory=list)
    closed: bool = False

    def fitted(self, question: Question) -> Question:
        return question

    def assess(
        self,
        question: Question,
        *,
        wants_answer: Callable[[Assessment], bool] = lambda _: True,
        deadline_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Assessment:
        said, started = self._said(question.text()), time.monotonic()
        self._wait(said.decision_s, deadline_s, cancel)
        joint = tuple(float(bucket == said.confidence) for bucket in BUCKETS)
        assessed = Assessment(
            confidence=said.confidence,
            expected_confidence=said.confidence,
            bucket_probabilities=joint,
            illegal_mass=0.0,
            prompt_tokens=len(question.text()),
            decision_ms=milliseconds_since(started),
            problem=UNKNOWN_FORMAT if said.confidence is None else "",
        )
        if not wants_answer(assessed):
            return replace(assessed, edge_ms=milliseconds_since(started))
        return self.answer(question, assessed, deadline_s=deadline_s, cancel=cancel)

    def answer(
        self,
        question: Question,
        assessment: Assessment,
        *,
        deadline_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> Assessment:
        if assessment.answer is not None:
            return assessment
        said, started = self._match(question.text()), time.monotonic()
        self._wait(said.answer_s, deadline_s, cancel)
        place = MODEL_LABELS.index(said.answer)
        if place >= len(question.options):
            raise ValueError(
                f"the script answers {said.answer}, of {len(question.options)} options"
            )
        chances = tuple(float(n == place) for n in range(len(question.options)))
        spent = assessment.decision_ms + milliseconds_since(started)
        return replace(assessment, answer=place, answer_probabilities=chances, edge_ms=spent)

    def assess_open(
        self,
        text: str,
        limit: int,
        *,
        wants_answer: Callable[[OpenAssessment], bool] = lambda _: True,
        on_text: OnText | None = None,
        deadline_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> OpenAssessment:
        said, started = self._said(text), time.monotonic()
        self._wait(said.decision_s, deadline_s, cancel)
        spent = milliseconds_since(started)
        assessed = OpenAssessment(said.confidence, decision_ms=spent, edge_ms=spent)
        if not wants_answer(assessed):
            return assessed
        return self.answer_open(
            text, limit, assessed, on_text=on_text, deadline_s=deadline_s, cancel=cancel
        )

    def answer_open(
        self,
        text: str,
        limit: int,
        assessment: OpenAssessment,
        *,
        on_text: OnText | None = None,
        deadline_s: float | None = None,
        cancel: CancelToken | None = None,
    ) -> OpenAssessment:
        """The answer, word by word; it is cut off after `limit` words."""
        if assessment.text is not None:
            return assessment
        said, started = self._match(text), time.monotonic()
        words = said.answer.split(" ")
        kept = words[:limit]
        for place, word in enumerate(kept):
            self._wait(said.answer_s / len(kept), deadline_s, cancel)
            if on_text is not None:
                on_text(word if place == 0 else f" {word}")
        return replace(
            assessment,
            text=" ".join(kept),
            cut_off=len(kept) < len(words),
            edge_ms=assessment.decision_ms + milliseconds_since(started),
        )

    def close(self) -> None:
        self.closed = True

    def _said(self, text: str) -> Scripted:
        self.asked.append(text)
        return self._match(text)

    def _match(self, text: str) -> Scripted:
        return next((said for key, said in self.script.items() if key in text), self.default)

    def _wait(self, seconds: float, deadline_s: float | None, cancel: CancelToken | None) -> None:
        """Wait for so many seconds, unless the deadline or the token ends the call first."""
        if self.closed:
            raise FogGenError("this model was closed", hint="open a new Router")
        token, cancelled = cancel or CancelToken(), threading.Event()
        late = deadline_s is not None and deadline_s < seconds
        with token.calling(cancelled.set):
            if cancelled.wait(deadline_s if late else seconds):
                raise CancelledError("the call was cancelled")
        if late:
            raise DeadlineError(f"the edge model needed more than {deadline_s} s")


def scripted_router(
    edge: ScriptedEdge, *, settings: Settings | None = None, cloud: Cloud | None = None
) -> Router:
    """A router with a scripted model. settings: the defaults if not given; neither the environment
    nor a file is read. cloud: as in `Router.open`."""
    settings = settings or Settings()
    info = ModelInfo("scripted", "", edge.contract.round)
    return Router(LoadedModel(edge, info), settings, CloudLink(settings, cloud))
