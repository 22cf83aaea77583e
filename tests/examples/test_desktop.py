"""The quiz window of `examples/desktop`: its words, its work in the background, and its widgets on a display."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from foggen import AskingCloud, Assessed, ConfigurationError, Mode, Replied, Router, Settings
from foggen.testing import Scripted, ScriptedEdge, scripted_router
from foggen_cloud.testing import RawServer, says, stays_silent

sys.path.insert(0, str(Path(__file__).parents[2] / "examples/desktop"))

from foggen_quiz import words
from foggen_quiz.asking import Asking, Cancelled, Failed, Ready
from foggen_quiz.words import Tone

SURE = "What is 2 + 2?\nA. 3\nB. 4"
UNSURE = "Who knows?\nA. you\nB. I"
LIMIT_S = 30
Opened = Callable[..., Asking]


def router(**settings: Any) -> Router:
    script = {"2 + 2": Scripted("B", 1.0)}
    edge = ScriptedEdge(script, default=Scripted("A", 0.25))
    return scripted_router(edge, settings=Settings(**settings))


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Makes `Asking` on scripted routers; each is closed at the end."""
    made: list[Asking] = []

    def opened(open_router: Callable[[], Router] = router, **settings: Any) -> Asking:
        made.append(Asking((lambda: open_router(**settings)) if settings else open_router))
        return made[-1]

    yield opened
    for asking in made:
        asking.close()


def until(asking: Asking, kind: type) -> list[Any]:
    """The events up to the first of a kind."""
    seen: list[Any] = []
    late = time.monotonic() + LIMIT_S
    while not any(isinstance(event, kind) for event in seen):
        assert time.monotonic() < late, f"no {kind.__name__} in {seen}"
        seen.extend(asking.events())
        time.sleep(0.005)
    return seen


def cloud(url: str) -> dict[str, Any]:
    return {
        "cloud_url": url,
        "cloud_model": "teacher",
        "cloud_key": "k",
        "cloud_deadline_s": LIMIT_S,
    }


def test_a_sure_answer_is_kept_and_says_so(opened: Opened) -> None:
    asking = opened()
    asking.ask(SURE)
    ready, assessed, replied = until(asking, Replied)
    assert ready == Ready(offline=False) and isinstance(assessed, Assessed)
    card = words.of_reply(replied.reply)
    assert (card.tone, card.headline) == (Tone.SURE, "B. 4")
    assert "100% sure" in card.meaning and "Nothing was sent" in card.meaning


def test_the_cloud_s_answer_comes_after_its_stages(opened: Opened) -> None:
    with RawServer(says("Final answer: B")) as server:
        asking = opened(**cloud(server.url))
        asking.ask(UNSURE)
        events = until(asking, Replied)
    assert [type(event) for event in events] == [Ready, Assessed, AskingCloud, Replied]
    said = words.THEN.join(map(words.of_stage, events[1:]))
    assert said.startswith("Thought on this computer") and "asking the cloud" in said
    card = words.of_reply(events[-1].reply)
    assert (card.tone, card.headline) == (Tone.CLOUD, "B. I") and "in the cloud" in card.meaning


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, "none is set up"),
        ({"offline": True}, "set to stay offline"),
        (cloud("http://127.0.0.1:9/v1"), "which did not answer. To change that: "),
        ({"mode": Mode.EDGE_ONLY}, "less than the 50%"),
    ],
)
def test_an_answer_that_is_not_sure_says_why(
    opened: Opened, settings: dict[str, Any], reason: str
) -> None:
    asking = opened(**settings)
    asking.ask(UNSURE)
    card = words.of_reply(until(asking, Replied)[-1].reply)
    assert (card.tone, card.headline) == (Tone.GUESS, "Perhaps A. you")
    assert "25% sure" in card.meaning and reason in card.meaning


def test_staying_offline_sends_nothing(opened: Opened) -> None:
    with RawServer(says("Final answer: B")) as server:
        asking = opened(**cloud(server.url))
        asking.ask(UNSURE, offline=True)
        assert until(asking, Replied)[-1].reply.degraded and server.connections == 0
        asking.ask(UNSURE)
        assert until(asking, Replied)[-1].reply.route == "cloud"


def test_cancelling_ends_the_wait_for_the_cloud_and_the_next_question_is_answered(
    opened: Opened,
) -> None:
    with RawServer(stays_silent) as server:
        asking = opened(**cloud(server.url))
        asking.ask(UNSURE)
        until(asking, AskingCloud)
        asking.cancel()
        assert until(asking, Cancelled)[-1] == Cancelled()
        asking.ask(SURE)
        assert until(asking, Replied)[-1].reply.label == "B"


def test_asking_waits_for_nothing_and_cancels_before_the_model_is_there(opened: Opened) -> None:
    loaded = threading.Event()

    def slowly() -> Router:
        assert loaded.wait(LIMIT_S)
        return router()

    asking = opened(slowly)
    asking.ask(SURE)
    assert list(asking.events()) == []
    asking.cancel()
    loaded.set()
    assert until(asking, Cancelled) == [Ready(offline=False), Cancelled()]


def test_what_goes_wrong_is_an_event_with_its_remedy(opened: Opened) -> None:
    def missing() -> Router:
        raise ConfigurationError("no model file at x.gguf", hint="give a GGUF file")

    (failed,) = until(opened(missing), Failed)
    card = words.of_error(failed.error)
    assert (card.headline, card.meaning) == ("No model file at x.gguf.", "Give a GGUF file.")
    asking = opened()
    asking.ask("Why?")
    assert words.of_error(until(asking, Failed)[-1].error).tone is Tone.ERROR
    assert "ValueError: x" in words.of_error(ValueError("x")).meaning


@pytest.fixture
def root() -> Iterator[Any]:
    """A Tk window on a real display, such as that of `xvfb-run`."""
    tk = pytest.importorskip("tkinter")
    try:
        window = tk.Tk()
    except tk.TclError as error:
        pytest.skip(f"no display: {error}")
    yield window


def turn(window: Any, done: Callable[[], bool]) -> None:
    """Run the event loop until something is so."""
    late = time.monotonic() + LIMIT_S
    while not done():
        assert time.monotonic() < late, window.status.get()
        window.root.update()
        time.sleep(0.005)


def test_the_window_asks_shows_and_cancels(root: Any) -> None:
    from foggen_quiz.window import QuizWindow

    with RawServer(stays_silent) as server:
        window = QuizWindow(root, Asking(lambda: router(**cloud(server.url))), SURE)
        turn(window, lambda: bool(window.status.get() == words.READY))
        assert window.cancel_button.instate(["disabled"])
        window.ask_button.invoke()
        assert window.is_busy and window.ask_button.instate(["disabled"])
        turn(window, lambda: not window.is_busy)
        assert window.headline["text"] == "B. 4" and "answered in" in window.status.get()
        window.question.replace("1.0", "end", UNSURE)
        window.ask_button.invoke()
        turn(window, lambda: "asking the cloud" in window.status.get())
        window.cancel_button.invoke()
        turn(window, lambda: not window.is_busy)
        assert window.headline["text"] == "Cancelled"
        window.offline.set(True)
        window.ask_button.invoke()
        turn(window, lambda: not window.is_busy)
        assert window.headline["text"] == "Perhaps A. you"
        window.close()
    assert not any(thread.name.startswith("foggen-quiz") for thread in threading.enumerate())


def test_settings_that_forbid_the_cloud_are_shown(root: Any) -> None:
    from foggen_quiz.window import QuizWindow

    window = QuizWindow(root, Asking(lambda: router(offline=True)))
    turn(window, lambda: bool(window.status.get() == words.READY))
    assert window.offline.get() and window.stay.instate(["disabled"])
    window.close()
