"""An application that uses every public name with its types; mypy --strict and pyright check it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import assert_never, assert_type

import foggen
from foggen import (
    AskingCloud,
    Assessed,
    Assessment,
    CancelledError,
    CancelToken,
    Cloud,
    CloudRequiredError,
    ConfigurationError,
    DeadlineError,
    Decision,
    FogGenError,
    KeyRefusedError,
    Mode,
    ModelFileError,
    ModelInfo,
    NoQuestionError,
    PullError,
    Question,
    QuestionError,
    Replied,
    Reply,
    Route,
    Router,
    Settings,
    Stage,
    TextStream,
    Timings,
    UsageError,
    decide,
    route_query,
)
from foggen.testing import Scripted, ScriptedEdge, scripted_router
from foggen_cloud import CloudAnswer

QUESTION = "Which one?\nA. this\nB. that"
REMEDIES: dict[type[FogGenError], str] = {
    CancelledError: "ask again",
    CloudRequiredError: "allow the edge",
    ConfigurationError: "correct the settings",
    DeadlineError: "allow more time",
    KeyRefusedError: "check the key",
    ModelFileError: "pull the model again",
    NoQuestionError: "ask something",
    PullError: "try again later",
    QuestionError: "correct the question",
    UsageError: "read the manual",
}


class Teacher:
    """A client of the application's own."""

    def ask(
        self,
        question_text: str,
        labels: Sequence[str],
        options: Sequence[str],
        *,
        deadline_s: float | None = None,
    ) -> CloudAnswer:
        return CloudAnswer(
            label_index=0, text=options[0], model="teacher", latency_ms=1.0, usage={}
        )

    def ask_open(self, question_text: str, *, deadline_s: float | None = None) -> CloudAnswer:
        return CloudAnswer(
            label_index=None, text=question_text, model="teacher", latency_ms=1.0, usage={}
        )

    def close(self) -> None: ...


def described(stage: Stage) -> str:
    match stage:
        case Assessed():
            return f"{stage.confidence} after {stage.decision_ms:.0f} ms"
        case AskingCloud():
            return stage.reason
        case Replied():
            return explained(stage.reply)
        case _:
            assert_never(stage)


def explained(reply: Reply) -> str:
    assert_type(reply.timings_ms, Timings)
    model: ModelInfo | None = reply.model
    match reply.route:
        case Route.EDGE:
            return f"{model.name if model else ''} in {reply.timings_ms.total:.0f} ms"
        case Route.CLOUD:
            return reply.reason


def opened(model: Path, cloud: Cloud) -> Router:
    settings = Settings(model=str(model), tau=0.5, mode=Mode.AUTO)
    return Router.open(model, settings=settings, cloud=cloud, trusted=True, tau="0,75")


def ask(router: Router) -> list[str]:
    lines: list[str] = []
    token = CancelToken()
    try:
        reply = router.ask(
            Question.parse(QUESTION),
            cancel=token,
            deadline_s=5,
            on_stage=lambda stage: lines.append(described(stage)),
        )
        assessment: Assessment = router.assess(QUESTION)
        lines.append(f"{assessment.answer} {reply.as_dict()['label']}")
    except FogGenError as error:
        lines.append(REMEDIES.get(type(error), error.hint))
    return lines


def stream(router: Router) -> tuple[list[str], Reply]:
    stream: TextStream = router.stream_open("Why?", limit=8)
    with stream:
        pieces = list(stream)
    return pieces, stream.reply


async def concurrently(router: Router) -> list[str | None]:
    async with router.sharing(tau=0.25, mode="edge-only") as shared:
        replies = await asyncio.gather(shared.aask(QUESTION), shared.aask_open("Why?"))
        return [reply.text for reply in replies]


def main() -> list[str]:
    cloud: Cloud = Teacher()
    edge = ScriptedEdge(default=Scripted("B", 0.25))
    decision: Decision = decide(0.5, 0.5)
    with scripted_router(edge, cloud=cloud) as router:
        lines = [*ask(router), *stream(router)[0], decision.reason, foggen.__version__]
        lines += [text or "" for text in asyncio.run(concurrently(router))]
    return [*lines, str(route_query("Confidence: 0.75\nFinal answer: B", 0.5))]
