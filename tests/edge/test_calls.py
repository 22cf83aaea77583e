"""Calls that end: cancelled, too slow, closed, at the end of the process; in threads, in event loops."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from foggen import CancelToken, FogGenError, Question, Router
from foggen.engine.engine import Engine
from foggen.errors import CancelledError, ConfigurationError, DeadlineError
from foggen_cloud import CloudAnswer
from foggen_cloud.testing import FakeReply, completion

from .conftest import Opened, Scripted
from .helpers import QUESTION, SURE_QUESTION, FailingCloud, held, python, saying

# Decoding it takes seconds in a model of many layers.
SLOW = f"{'7' * 12_000} which?\nA. one\nB. two"
SLOW_MODEL: dict[str, Any] = {"layers": 24, "context": 16_384}
WAIT_S = 60.0  # far more than anything here takes


@pytest.fixture
def slow(opened: Opened) -> Callable[..., Router]:
    """`slow(**settings)` is a router that needs seconds for SLOW, and is unsure."""
    return lambda **settings: opened(SLOW_MODEL, context=16_384, **settings)


@contextmanager
def asking(work: Callable[[], object]) -> Iterator[list[object]]:
    """`work()` in a thread, which has ended afterwards; the list then holds what came of it."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    yield outcome
    thread.join(WAIT_S)
    assert not thread.is_alive()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def is_decoding(router: Router) -> bool:
    return router.edge.busy


# --- cancelling --------------------------------------------------------------------------------------


def test_a1_a_cancelled_call_raises_and_sends_nothing(slow: Callable[..., Router]) -> None:
    fake, cloud = saying("A")
    router = slow(cloud=cloud)
    for end in (router.cancel, None):
        token = CancelToken()
        with asking(lambda token=token: router.ask(SLOW, cancel=token)) as outcome:
            wait_until(lambda: is_decoding(router))
            (end or token.cancel)()
        assert isinstance(outcome[0], CancelledError)
        assert outcome[0].exit_code == 130
    assert fake.requests == []
    assert router.ask(QUESTION).route == "cloud"


@pytest.mark.parametrize("work", ["ask", "assess", "ask_open"])
def test_a1_every_call_can_be_cancelled_before_it_begins(opened: Opened, work: str) -> None:
    fake, cloud = saying("A")
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        getattr(opened(cloud=cloud), work)(QUESTION, cancel=token)
    with pytest.raises(CancelledError):
        list(opened(cloud=cloud).batch([{"question": QUESTION}], cancel=token))
    assert fake.requests == []


def test_b4_a_token_ends_its_own_call_and_no_other(slow: Callable[..., Router]) -> None:
    """One is decoded and one waits for the model: each is ended by its own token alone."""
    router = slow(mode="edge-only")
    running, waiting = CancelToken(), CancelToken()
    with asking(lambda: router.ask(SLOW, cancel=running)) as first:
        wait_until(lambda: is_decoding(router))
        with asking(lambda: router.ask(SLOW, cancel=waiting)) as second:
            waiting.cancel()
        assert isinstance(second[0], CancelledError)
        assert first == []
        running.cancel()
    assert isinstance(first[0], CancelledError)
    assert router.ask(QUESTION, cancel=CancelToken()).label == "B"


def test_a_request_to_the_cloud_is_aborted(opened: Opened) -> None:
    fake, cloud = saying(FakeReply(body=completion("A"), delay_s=WAIT_S))
    router, token = opened(cloud=cloud), CancelToken()
    with asking(lambda: router.ask(QUESTION, cancel=token)) as outcome:
        wait_until(lambda: len(fake.requests) == 1)
        token.cancel()
    assert isinstance(outcome[0], CancelledError)


def test_a_client_that_blocks_does_not_hold_a_cancelled_call(opened: Opened) -> None:
    asked, done = threading.Event(), threading.Event()

    class Blocking(FailingCloud):
        def ask_open(self, question_text: str, *, deadline_s: float | None = None) -> CloudAnswer:
            asked.set()
            done.wait(WAIT_S)
            raise ConnectionError

    router, token = opened(cloud=Blocking("server")), CancelToken()
    with asking(lambda: router.ask(QUESTION, cancel=token)) as outcome:
        asked.wait(WAIT_S)
        token.cancel()
    done.set()
    assert isinstance(outcome[0], CancelledError)


def test_b3_cancelling_aask_frees_the_model(slow: Callable[..., Router]) -> None:
    fake, cloud = saying("A")
    router = slow(cloud=cloud)

    async def cancelled_then_next() -> str | None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(router.aask(SLOW), 0.2)
        assert fake.requests == []
        return (await router.aask(SURE_QUESTION)).label

    assert asyncio.run(cancelled_then_next()) == "B"


def test_b3_a_cancelled_aask_that_waits_for_the_cloud(opened: Opened) -> None:
    fake, cloud = saying(FakeReply(body=completion("A"), delay_s=WAIT_S))
    router = opened(cloud=cloud)

    async def work(end: str) -> BaseException | None:
        before, token = len(fake.requests), CancelToken()
        task = asyncio.create_task(router.aask(QUESTION, cancel=token))
        while len(fake.requests) == before:
            await asyncio.sleep(0.001)
        {"task": task.cancel, "token": token.cancel, "router": router.cancel}[end]()
        await asyncio.wait([task])
        return None if task.cancelled() else task.exception()

    assert asyncio.run(work("task")) is None
    assert isinstance(asyncio.run(work("token")), CancelledError)
    assert isinstance(asyncio.run(work("router")), CancelledError)


def test_b3_waiting_aasks_take_no_thread_of_the_application(slow: Callable[..., Router]) -> None:
    router = slow(mode="edge-only")

    async def others_go_on() -> set[str]:
        tasks = [asyncio.create_task(router.aask(SLOW)) for _ in range(40)]
        await asyncio.sleep(0)
        name = await asyncio.to_thread(lambda: threading.current_thread().name)
        router.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        return {name, *(type(error).__name__ for error in ended)}

    assert asyncio.run(others_go_on()) == {"asyncio_0", "CancelledError"}


# --- the deadline --------------------------------------------------------------------------------------


def test_a9_an_open_question_that_takes_too_long_is_the_cloud_s(
    slow: Callable[..., Router],
) -> None:
    _, cloud = saying("Paris")
    reply = slow(cloud=cloud, edge_deadline_s=0.05).ask_open(SLOW)
    assert (reply.text, reply.route, reply.reason) == ("Paris", "cloud", "edge deadline")
    assert reply.timings_ms.edge >= 50, "the time that the edge took is told"
    with pytest.raises(DeadlineError):
        slow(edge_deadline_s=0.05).ask_open(SLOW)


def test_a_deadline_ends_its_own_call_and_not_the_next(slow: Callable[..., Router]) -> None:
    engine = slow().edge
    question = Question.parse(SLOW)
    for _ in range(5):
        with pytest.raises(DeadlineError, match=r"more than 0\.02 s"):
            engine.assess(question, deadline_s=0.02)
        assert engine.assess(Question.parse(QUESTION), deadline_s=WAIT_S).answer == 1


def test_a_later_deadline_does_not_delay_an_earlier_one(slow: Callable[..., Router]) -> None:
    engine = slow().edge
    engine.assess(Question.parse(QUESTION), deadline_s=WAIT_S)
    with pytest.raises(DeadlineError):
        engine.assess(Question.parse(SLOW), deadline_s=0.02)


def test_a_deadline_may_be_as_far_away_as_one_likes(opened: Opened) -> None:
    engine, question = opened().edge, Question.parse(QUESTION)
    with ThreadPoolExecutor(1) as pool:
        with held(engine):
            waiting = pool.submit(engine.assess, question, deadline_s=1e300)
            wait_until(lambda: engine.waiting == 1)
        assert waiting.result().answer == 1


def test_callers_come_in_their_order(opened: Opened) -> None:
    engine = opened().edge
    order: list[int] = []

    def work(number: int) -> None:
        with engine.turn():
            order.append(number)

    with ThreadPoolExecutor(8) as pool, held(engine):
        for number in range(8):
            pool.submit(work, number)
            wait_until(lambda number=number: engine.waiting == number + 1)
    assert order == list(range(8))


# --- closing ---------------------------------------------------------------------------------------------


def test_close_ends_what_is_asked(slow: Callable[..., Router]) -> None:
    router = slow(mode="edge-only")
    with asking(lambda: router.ask(SLOW)) as running:
        wait_until(lambda: is_decoding(router))
        with asking(lambda: router.ask(QUESTION)) as waiting:
            wait_until(lambda: router.edge.waiting == 1)
            router.close()
            router.close()
    for outcome in (running, waiting):
        assert isinstance(outcome[0], FogGenError)
        assert "closed" in str(outcome[0])


class SilentCloud:
    """A client whose server never answers."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def submit(self, *_: object, **__: object) -> Future[CloudAnswer]:
        self.asked.set()
        return Future()

    def close(self) -> None:
        pass


@pytest.mark.parametrize("is_async", [False, True])
def test_a_call_that_waits_for_the_cloud_is_told_that_the_router_was_closed(
    scripted: Scripted, is_async: bool
) -> None:
    """It was not cancelled by its caller, who would otherwise look for a cancelled token."""
    cloud = SilentCloud()
    router = Router.open(str(scripted()), cloud=cloud, cloud_deadline_s=60)
    ask = (lambda: asyncio.run(router.aask(QUESTION))) if is_async else lambda: router.ask(QUESTION)
    with asking(ask) as outcome:
        assert cloud.asked.wait(WAIT_S)
        router.close()
    assert not isinstance(outcome[0], CancelledError)
    assert "this router was closed" in str(outcome[0])


def test_a_call_that_was_cancelled_before_the_router_is_closed_was_cancelled(
    scripted: Scripted,
) -> None:
    cloud = SilentCloud()
    router = Router.open(str(scripted()), cloud=cloud, cloud_deadline_s=60)
    with asking(lambda: router.ask(QUESTION)) as outcome:
        assert cloud.asked.wait(WAIT_S)
        router.cancel()
        router.close()
    assert isinstance(outcome[0], CancelledError)


def test_a_closed_model_is_never_used(opened: Opened) -> None:
    engine = opened().edge
    engine.close()
    for use in (
        lambda: engine.context.decode([1], 0, [0]),
        lambda: engine.context.cut(0),
        lambda: engine.model.tokenize("word", scaffold=False),
        lambda: engine.model.piece(5),
        lambda: engine.model.is_end(5),
        lambda: engine.assess(Question.parse(QUESTION)),
    ):
        with pytest.raises(FogGenError, match="closed"):
            use()


def test_a_context_keeps_its_model_until_it_is_freed(opened: Opened) -> None:
    engine = opened().edge
    engine.model.close()
    assert engine.context.decode([5], len(engine.plan.prefix), [0]).shape[0] == 1
    engine.close()


def test_an_engine_that_nobody_refers_to_ends_its_thread(scripted: Scripted) -> None:
    before = set(threading.enumerate())
    engine = Engine(scripted())
    (watchdog,) = set(threading.enumerate()) - before
    del engine
    gc.collect()
    watchdog.join(WAIT_S)
    assert not watchdog.is_alive()


def test_b14_a_client_that_was_given_is_not_closed(scripted: Scripted) -> None:
    _, cloud = saying("D")
    for _ in range(2):
        with Router.open(str(scripted()), cloud=cloud) as router:
            assert router.ask(QUESTION).route == "cloud"


def test_a_client_of_the_settings_is_closed_with_its_router(scripted: Scripted) -> None:
    settings = {"cloud_url": "http://127.0.0.1:9/v1", "cloud_model": "m"}
    with Router.open(str(scripted()), **settings) as router:
        client = router._link.client
        assert client is not None
    with pytest.raises(Exception, match="closed"):
        client.ask_open("What?")


@pytest.mark.parametrize("when", ["asked", "waiting"])
def test_b5_close_in_a_signal_handler(scripted: Scripted, when: str) -> None:
    outcome = python(SIGNAL, scripted(**SLOW_MODEL), SLOW, when)
    assert (outcome.code, outcome.out.split()) == (3, ["closed", "left"]), outcome.err


SIGNAL = """
    import os, signal, sys, threading, time
    from foggen import FogGenError, Router

    path, question, when = sys.argv[1:]
    router = Router.open(path, context=16384, mode="edge-only")

    def leave(*_):
        router.close()
        router.close()
        print("closed", flush=True)
        sys.exit(3)

    signal.signal(signal.SIGTERM, leave)
    if when == "waiting":
        def hold():
            try:
                router.ask(question)
            except FogGenError:
                pass
        threading.Thread(target=hold, daemon=True).start()
        while not router.edge.busy:
            time.sleep(0.001)
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    try:
        while True:
            router.ask(question)
    finally:
        print("left", flush=True)
    """


# --- threads that cannot be started -------------------------------------------------------------------


REFUSED = """
    import sys, threading
    from foggen import FogGenError, Router
    from foggen_cloud import CloudAnswer

    class Own:
        def ask(self, *_, **__):
            return CloudAnswer(0, "A", "own", 1.0, {})
        ask_open = ask
        def close(self): ...

    path, question = sys.argv[1:]
    router = Router.open(path, mode="edge-only")
    unsure = Router.open(path, cloud=Own())
    def refuse(self):
        raise RuntimeError("can't start new thread")
    start, threading.Thread.start = threading.Thread.start, refuse
    print(router.ask(question).label)
    print(unsure.ask(question).reason)
    try:
        Router.open(path)
    except FogGenError as error:
        print(type(error).__name__, error)
    threading.Thread.start = start
    print(router.ask(question).label, unsure.ask(question).route)
    router.close()
    unsure.close()
    """


def test_a6_threads_that_cannot_be_started_lock_nothing(scripted: Scripted) -> None:
    """Nor does a question that the edge answers need a thread of its own."""
    outcome = python(REFUSED, scripted(), QUESTION)
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert lines[:2] == ["B", "confidence < tau, cloud: failed"]
    assert lines[2].startswith(ConfigurationError.__name__)
    assert lines[3] == "B cloud"


# --- the end of the process -----------------------------------------------------------------------------

EXIT = """
    import sys, threading, time
    from foggen import CancelToken, Router
    from foggen.errors import CancelledError

    path, question, what = sys.argv[1:]
    router = Router.open(path, context=16384, mode="edge-only")

    def ask():
        while True:
            try:
                router.ask(question)
            except CancelledError:
                return

    def load():
        while True:
            try:
                Router.open(path).close()
            except CancelledError:
                return

    for _ in range(2):
        threading.Thread(target=load if what == "load" else ask, daemon=True).start()
    time.sleep(float(what) if what != "load" else 0.1)
    """


@pytest.mark.parametrize("question", [SLOW, QUESTION], ids=["slow", "quick"])
@pytest.mark.parametrize("what", ["0.05", "0.3", "load"])
def test_a2_the_process_ends_while_a_daemon_thread_decodes(
    scripted: Scripted, question: str, what: str
) -> None:
    outcome = python(EXIT, scripted(**SLOW_MODEL), question, what)
    assert (outcome.code, outcome.err) == (0, "")


AT_EXIT = """
    import atexit, sys
    from foggen import FogGenError, Router

    path, question = sys.argv[1:]
    routers = []

    def late():
        try:
            print(routers[0].ask(question).label)
        except FogGenError as error:
            print(error)

    atexit.register(late)    # runs after the library's own hook
    routers.append(Router.open(path))
    atexit.register(late)    # runs before it
    """


def test_a2_an_exit_hook_that_asks(scripted: Scripted) -> None:
    outcome = python(AT_EXIT, scripted(), QUESTION)
    assert (outcome.code, outcome.out.splitlines()) == (0, ["B", "the program is ending"])
    assert outcome.err == ""


# --- a cloud's client that does what it likes ---------------------------------------------------------


class Own(FailingCloud):
    """A client of the application's own, which gives back what it is told to, or raises it."""

    def __init__(self, gives: object) -> None:
        super().__init__("server")
        self.gives = gives

    def ask(
        self, question_text: str, labels: Sequence[str], options: Sequence[str], **_: Any
    ) -> Any:
        return self._given()

    def ask_open(self, question_text: str, **_: Any) -> Any:
        return self._given()

    def _given(self) -> Any:
        if isinstance(self.gives, BaseException):
            raise self.gives
        return self.gives


def says(label_index: Any, text: Any = "text", usage: Any = ()) -> CloudAnswer:
    return CloudAnswer(label_index, text, "own", 1.0, usage)


@pytest.mark.parametrize(
    "gives",
    [
        ConnectionError("refused"),
        TimeoutError(),
        KeyError("x"),
        asyncio.CancelledError(),
        None,
        "A",
        says(4),
        says(-1),
        says(True),
        says(1.0),
        says("B"),
        says(None),
        says(0, usage=7),
    ],
    ids=repr,
)
def test_a7_the_edge_s_answer_survives_whatever_the_client_does(
    opened: Opened, gives: object
) -> None:
    reply = opened(cloud=Own(gives)).ask(QUESTION)
    assert (reply.label, reply.route, reply.degraded, reply.sure) == ("B", "edge", True, False)
    assert reply.reason.startswith("confidence < tau, cloud: ")
    assert reply.hint


@pytest.mark.parametrize(
    "gives", [ConnectionError(), None, says(None, ""), says(None, 7)], ids=repr
)
def test_a7_also_of_an_open_question(opened: Opened, gives: object) -> None:
    reply = opened(cloud=Own(gives)).ask_open("What?", limit=5)
    assert (reply.text, reply.degraded) == ("B", True)


def test_a7_an_error_of_the_client_s_is_told_where_it_was_required(opened: Opened) -> None:
    with pytest.raises(FogGenError, match=r"ConnectionError: refused") as caught:
        opened(mode="cloud-only", cloud=Own(ConnectionError("refused"))).ask(QUESTION)
    assert isinstance(caught.value.__cause__, ConnectionError)


# --- sure ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["auto", "edge-only", "dry-run", "cloud-only"])
def test_sure_is_the_confidence_at_tau_or_above_in_every_mode(opened: Opened, mode: str) -> None:
    _, cloud = saying("A")
    router = opened({"bucket": 0.5}, mode=mode, cloud=cloud)
    assert router.ask(SURE_QUESTION).sure is (mode != "cloud-only")
    assert router.ask(QUESTION).sure is (mode != "cloud-only"), "equal to tau"
    unsure = opened({"bucket": 0.25}, mode=mode, cloud=cloud).ask(QUESTION)
    assert unsure.sure is unsure.as_dict()["sure"] is False
    assert unsure.doubtful is (mode in ("edge-only", "dry-run"))
    lines = "\n".join(f"{label}. {number}" for number, label in enumerate("ABCDE"))
    five = opened({"bucket": 0.75}, mode="edge-only").ask(f"Which?\n{lines}")
    assert (five.confidence, five.tau, five.sure) == (0.75, 1.0, False), "the effective tau"


def test_no_confidence_is_never_sure(opened: Opened) -> None:
    assert opened({"speaks": False}, tau=0, mode="edge-only").ask(QUESTION).sure is False
