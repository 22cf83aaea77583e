"""What an application relies on: settings of its own, stages, streams, deadlines, shared models."""

from __future__ import annotations

import asyncio
import logging
import pickle
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import foggen
from foggen import (
    AskingCloud,
    Assessed,
    CancelledError,
    CancelToken,
    CloudRequiredError,
    ConfigurationError,
    DeadlineError,
    FogGenError,
    Mode,
    Replied,
    Router,
    Settings,
)
from foggen.testing import Scripted, ScriptedEdge, scripted_router
from foggen_cloud import CloudAnswer, CloudError

QUESTION = "Which one?\nA. this\nB. that"
UNSURE, SURE = Scripted("A", 0.25), Scripted("B", 0.75)


class Cloud:
    """Answers B, or raises. deadlines: what it was allowed, in seconds."""

    def __init__(self, error: Exception | None = None, text: str = "that") -> None:
        self.error, self.text, self.deadlines, self.closed = error, text, list[float](), False

    def ask(self, *_: object, deadline_s: float | None = None) -> CloudAnswer:
        self.deadlines.append(deadline_s or 0.0)
        if self.error:
            raise self.error
        return CloudAnswer(label_index=1, text=self.text, model="cloud", latency_ms=1.0, usage={})

    def ask_open(self, *_: object, deadline_s: float | None = None) -> CloudAnswer:
        return self.ask(deadline_s=deadline_s)

    def close(self) -> None:
        self.closed = True


# --- settings ------------------------------------------------------------------------------------


def test_given_settings_read_neither_environment_nor_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FOGGEN_TAU", "not a number")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "foggen").mkdir()
    (tmp_path / "foggen/config.toml").write_text("broken = [", "utf-8")
    with Router.open(settings=Settings(tau=0.75, home=tmp_path), mode="edge-only") as router:
        assert (router.tau, router.settings.mode) == (0.75, Mode.EDGE_ONLY)
    with pytest.raises(ConfigurationError):
        Router.open()


def test_a_path_is_a_model_and_an_unknown_option_is_a_mistake(tmp_path: Path) -> None:
    from foggen.config import STARTER
    from foggen.store.models import locate

    _, path = locate(STARTER)
    with Router.open(path, settings=Settings(home=tmp_path)) as router:
        assert router.model is not None
    with pytest.raises(TypeError):
        Router.open(cloud_deadline=3.0)  # type: ignore[call-arg]


def test_cloud_only_loads_no_model(tmp_path: Path) -> None:
    settings = Settings(model=str(tmp_path / "none.gguf"), mode=Mode.CLOUD_ONLY)
    cloud = Cloud()
    with Router.open(settings=settings, cloud=cloud) as router:
        reply = router.ask(QUESTION, truncate=True)
        assert (reply.label, reply.model, reply.sure) == ("B", None, False)
        assert reply.as_dict()["model"] is None
        with pytest.raises(ConfigurationError, match="no edge model"):
            router.assess(QUESTION)
        with pytest.raises(ConfigurationError, match="no model to share"):
            router.sharing(mode="auto")
    assert not cloud.closed  # it was given


# --- stages --------------------------------------------------------------------------------------


def stages_of(edge: ScriptedEdge, cloud: Cloud | None, **options: Any) -> list[type]:
    seen: list[object] = []
    with scripted_router(edge, cloud=cloud, **options) as router:
        reply = router.ask(QUESTION, on_stage=seen.append)
        assert seen[-1] == Replied(reply)
        seen.clear()
        assert asyncio.run(router.aask(QUESTION, on_stage=seen.append)).label == reply.label
    return [type(stage) for stage in seen]


def test_stages_come_in_order() -> None:
    sure, unsure = ScriptedEdge(default=SURE), ScriptedEdge(default=UNSURE)
    assert stages_of(sure, Cloud()) == [Assessed, Replied]
    assert stages_of(unsure, Cloud()) == [Assessed, AskingCloud, Replied]
    assert stages_of(ScriptedEdge(default=UNSURE), None) == [Assessed, Replied]
    only = Settings(mode=Mode.CLOUD_ONLY)
    assert stages_of(ScriptedEdge(), Cloud(), settings=only) == [AskingCloud, Replied]


def test_what_a_stage_says() -> None:
    seen: list[Any] = []
    with scripted_router(ScriptedEdge(default=UNSURE), cloud=Cloud()) as router:
        router.ask(QUESTION, on_stage=seen.append)
    assert (seen[0].confidence, seen[0].label) == (0.25, None)  # the answer was not wanted
    assert seen[1].reason == "confidence < tau"


def test_a_callback_that_raises_ends_the_call() -> None:
    def broken(_: object) -> None:
        raise KeyError("a bug of the application")

    cloud = Cloud()
    with scripted_router(ScriptedEdge(default=UNSURE), cloud=cloud) as router:
        with pytest.raises(KeyError):
            router.ask(QUESTION, on_stage=broken)
        assert cloud.deadlines == []
        assert router.ask(QUESTION).label == "B"


# --- open-ended answers --------------------------------------------------------------------------


def test_pieces_are_the_text() -> None:
    edge = ScriptedEdge(default=Scripted("It scatters blue light", 1.0))
    with scripted_router(edge) as router:
        with router.stream_open("Why is the sky blue?") as stream:
            with pytest.raises(FogGenError, match="not read to its end"):
                _ = stream.reply
            pieces = list(stream)
            assert list(stream) == []
        assert pieces == ["It", " scatters", " blue", " light"]
        assert stream.reply.text == "It scatters blue light"
        given: list[str] = []
        reply = asyncio.run(router.aask_open("Why?", on_text=given.append))
        assert "".join(given) == reply.text


def test_the_clouds_answer_is_one_piece() -> None:
    edge = ScriptedEdge(default=Scripted("no idea", 0.0))
    with scripted_router(edge, cloud=Cloud(text="Rayleigh scattering")) as router:
        assert list(router.stream_open("Why?")) == ["Rayleigh scattering"]


def test_a_piece_that_was_given_is_not_taken_back() -> None:
    edge = ScriptedEdge(default=Scripted("one two three four", 1.0))
    with scripted_router(edge, cloud=Cloud(text="five")) as router:
        whole = router.ask_open("Why?", limit=2)
        assert (whole.text, whole.route) == ("five", "cloud")
        stream = router.stream_open("Why?", limit=2)
        assert list(stream) == ["one", " two"]
        assert (stream.reply.text, stream.reply.route) == ("one two", "edge")
        assert "cut off" in stream.reply.reason


def test_a_stream_raises_where_it_is_read_and_can_be_left() -> None:
    edge = ScriptedEdge(default=Scripted("word " * 50, 1.0, answer_s=600))
    with scripted_router(edge) as router:
        with pytest.raises(FogGenError, match="no question"):
            router.stream_open("  ")
        with router.stream_open("Why?") as stream:
            pass
        with pytest.raises(CancelledError):
            list(stream)


# --- deadlines -----------------------------------------------------------------------------------


def test_one_deadline_holds_for_edge_and_cloud() -> None:
    cloud = Cloud()
    with scripted_router(ScriptedEdge(default=UNSURE), cloud=cloud) as router:
        router.ask(QUESTION)
        router.ask(QUESTION, deadline_s=2.0)
    assert cloud.deadlines[0] == 10.0
    assert 0 < cloud.deadlines[1] < 2.0


def test_an_edge_that_takes_the_whole_deadline_leaves_none_for_the_cloud() -> None:
    slow = Scripted("A", 0.25, decision_s=600)
    cloud = Cloud()
    with scripted_router(ScriptedEdge(default=slow), cloud=cloud) as router:
        with pytest.raises(CloudRequiredError, match="no time left"):
            router.ask(QUESTION, deadline_s=0.01)
        assert cloud.deadlines == []
    with scripted_router(ScriptedEdge(default=slow)) as router, pytest.raises(DeadlineError):
        router.ask(QUESTION, deadline_s=0.01)


# --- why the cloud failed ------------------------------------------------------------------------


def test_the_clouds_error_is_on_the_reply_and_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    error = CloudError("quota", kind="rate_limited", detail="slow down")
    with (
        caplog.at_level(logging.DEBUG, "foggen"),
        scripted_router(ScriptedEdge(default=UNSURE), cloud=Cloud(error)) as router,
    ):
        reply = router.ask(QUESTION)
    assert reply.degraded
    assert reply.cloud_error is error
    assert [r.levelname for r in caplog.records] == ["WARNING", "DEBUG", "DEBUG"]
    assert "slow down" in caplog.text
    assert "Which one" not in caplog.text


def test_no_cloud_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    with (
        caplog.at_level(logging.INFO, "foggen"),
        scripted_router(ScriptedEdge(default=UNSURE)) as router,
    ):
        assert router.ask(QUESTION).cloud_error is None
    assert [record.levelname for record in caplog.records] == ["INFO"]


# --- one model, several routers ------------------------------------------------------------------


def test_two_routers_share_a_model_and_the_last_one_frees_it() -> None:
    edge, cloud = ScriptedEdge(default=Scripted("A", 0.5)), Cloud()
    first = scripted_router(edge, cloud=cloud)
    second = first.sharing(tau=1.0, mode="dry-run")
    assert (first.ask(QUESTION).route, second.ask(QUESTION).route) == ("edge", "cloud")
    first.close()
    assert not edge.closed
    with pytest.raises(FogGenError, match="router was closed"):
        first.ask(QUESTION)
    with pytest.raises(FogGenError, match="router was closed"):
        first.sharing(tau=0.5)
    assert second.ask(QUESTION).edge_answer == "A"
    second.close()
    assert edge.closed
    assert not cloud.closed


def test_a_closed_router_is_not_shared() -> None:
    edge = ScriptedEdge(default=SURE)
    first = scripted_router(edge)
    with first.sharing() as second:
        first.close()
        with pytest.raises(FogGenError, match="router was closed"):
            first.sharing()
        assert second.ask(QUESTION).label == "B"
    assert edge.closed
    with pytest.raises(FogGenError, match="router was closed"):
        second.sharing(tau=1.0)


def test_closing_one_router_ends_its_calls_alone() -> None:
    edge = ScriptedEdge({"slow": Scripted("A", 1.0, decision_s=600)}, Scripted("B", 1.0))
    first = scripted_router(edge)
    raised: list[BaseException] = []
    with first.sharing() as second:
        thread = threading.Thread(target=lambda: raised.append(caught(first, "slow\nA. x\nB. y")))
        thread.start()
        while not edge.asked:
            pass
        first.close()
        thread.join(10)
        assert "this router was closed" in str(raised[0])
        assert second.ask(QUESTION).label == "B"


def caught(router: Router, question: str) -> BaseException:
    with pytest.raises(FogGenError) as error:
        router.ask(question)
    return error.value


# --- event loops ---------------------------------------------------------------------------------


def test_a_batch_and_a_router_in_an_event_loop() -> None:
    async def main() -> list[dict[str, Any]]:
        async with scripted_router(ScriptedEdge(default=SURE)) as router:
            rows = [{"id": 1, "question": QUESTION}, {"id": 2, "question": "no options"}]
            results = [result async for result in router.abatch(rows)]
            assert results[1] == list(router.batch(rows))[1]
        with pytest.raises(FogGenError, match="was closed"):
            async with router:
                pass
        return results

    first, second = asyncio.run(main())
    assert (first["id"], first["label"]) == (1, "B")
    assert (second["id"], second["exit_code"]) == (2, 65)


def test_a_token_ends_an_open_question_in_an_event_loop() -> None:
    async def main() -> None:
        token = CancelToken()
        edge = ScriptedEdge(default=Scripted("x", 1.0, decision_s=600))
        async with scripted_router(edge) as router:
            task = asyncio.create_task(router.aask_open("Why?", cancel=token))
            while not edge.asked:
                await asyncio.sleep(0)
            token.cancel()
            with pytest.raises(CancelledError):
                await task

    asyncio.run(main())


# --- what cannot be done -------------------------------------------------------------------------


@pytest.mark.parametrize("use", [pickle.dumps, lambda router: router.__enter__()])
def test_a_closed_or_travelling_router_is_one_clear_error(use: Callable[[Router], object]) -> None:
    router = scripted_router(ScriptedEdge())
    router.close()
    router.close()
    with pytest.raises(FogGenError) as caught:
        use(router)
    assert caught.value.hint


def test_every_public_name_is_there() -> None:
    for name in foggen.__all__:
        assert getattr(foggen, name) is not None
    assert set(foggen.__all__) >= {"Settings", "Cloud", "TextStream", "ConfigurationError"}
