"""The client as a whole: what it sends, deadlines, threads, cancelling, closing, memory."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import threading
import time
import tracemalloc
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

import foggen_cloud
from foggen_cloud import CloudAnswer, CloudClient, ConfigError
from foggen_cloud.testing import (
    FakeCloud,
    FakeReply,
    Peer,
    RawServer,
    completion,
    cuts,
    http_reply,
    says,
    sends_gzip_bomb,
)

from .conftest import Ask
from .helpers import (
    LABELS,
    OPTIONS,
    QUESTION,
    WAIT_S,
    error_of,
    fake_client,
    run_python,
    serving,
    settings,
)


def test_importing_the_package_loads_no_http_client_and_no_event_loop() -> None:
    program = """
        import sys, foggen_cloud
        settings = foggen_cloud.CloudSettings(url="http://127.0.0.1:9", model="m", key="k")
        foggen_cloud.CloudClient(settings).close()
        print({"httpx2", "httpcore2", "anyio", "http.client", "ssl", "asyncio"} & set(sys.modules))
    """
    assert run_python(program).stdout == "set()\n"


def test_public_names_exist_and_are_sorted() -> None:
    assert foggen_cloud.__all__ == sorted(foggen_cloud.__all__)
    assert set(foggen_cloud.__all__) == set(foggen_cloud._HOMES)
    assert all(hasattr(foggen_cloud, name) for name in foggen_cloud.__all__)


def test_what_is_sent(ask: Ask) -> None:
    with serving(says("B"), max_tokens=77) as (server, client):
        ask(client)
        head, _, _ = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/chat/completions HTTP/1.1")
    assert b"accept-encoding: identity" in head.lower()


def test_what_is_asked() -> None:
    fake = FakeCloud("B")
    with CloudClient(settings(max_tokens=77), transport=fake) as client:
        client.ask(QUESTION, LABELS, OPTIONS)
        client.ask_open("Open?")
    choice, open_question = fake.requests
    assert choice["model"] == "asked-model"
    assert (choice["temperature"], choice["max_tokens"], choice["stream"]) == (0, 77, False)
    assert "\nFinal answer: C\n" in choice["messages"][0]["content"]
    assert (
        "<" not in choice["messages"][0]["content"]
    )  # case 15: models copy a placeholder's brackets
    assert choice["messages"][1] == {"role": "user", "content": QUESTION}
    assert "Final answer" not in str(open_question)


def test_a_lone_surrogate_can_be_asked() -> None:
    with fake_client("B") as client:
        assert client.ask("\ud800?", LABELS, OPTIONS).label_index == 1


@pytest.mark.parametrize(
    ("labels", "options"), [((), ()), (("A",), ("x", "y")), (("A", "A"), ("x", "y"))]
)
def test_labels_must_fit_the_options(labels: Sequence[str], options: Sequence[str]) -> None:
    with fake_client("B") as client, pytest.raises(ValueError, match="labels"):
        client.ask(QUESTION, labels, options)


def test_latency_is_measured(ask: Ask) -> None:
    with fake_client(FakeReply(body=completion("B"), delay_s=0.1)) as client:
        started = time.monotonic()
        latency_ms = ask(client).latency_ms
        assert 100 <= latency_ms <= 1000 * (time.monotonic() - started)


@pytest.mark.parametrize("deadline_s", [0, -1.5])
def test_no_time_left_sends_nothing(ask: Ask, deadline_s: float) -> None:
    fake = FakeCloud("B")
    with CloudClient(settings(), transport=fake) as client:
        assert error_of(lambda: ask(client, deadline_s=deadline_s)).kind == "timeout"
    assert fake.requests == []


def test_a_deadline_that_is_no_number_is_refused(ask: Ask) -> None:
    with fake_client("B") as client:
        assert isinstance(error_of(lambda: ask(client, deadline_s=float("nan"))), ConfigError)


def test_t17_gzip_bomb(ask: Ask) -> None:
    bomb = sends_gzip_bomb(100)
    with serving(says("B"), bomb) as (_, client):
        ask(client)
        gc.collect()
        tracemalloc.start(1)
        try:
            error = error_of(lambda: ask(client))
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert error.kind == "too_large"
    assert peak_bytes < 5_000_000


def test_connections_are_reused(ask: Ask) -> None:
    with serving(says("B")) as (server, client):
        for _ in range(5):
            ask(client)
        assert server.connections == 1


def test_16_threads_over_one_client() -> None:
    def echo(body: object) -> str:
        return "Final answer: " + "ABCD"[int(str(body).partition("number ")[2][:3]) % 4]

    def one(client: CloudClient, number: int) -> bool:
        answer = client.ask(f"number {number:03}", LABELS, OPTIONS, deadline_s=120)
        return answer.label_index == number % 4

    with fake_client(echo) as client, ThreadPoolExecutor(16) as pool:
        assert all(pool.map(one, [client] * 160, range(160)))
    with serving(says("B")) as (server, client):
        with ThreadPoolExecutor(16) as pool:
            asked = [
                pool.submit(client.ask, QUESTION, LABELS, OPTIONS, deadline_s=120)
                for _ in range(48)
            ]
            assert all(future.result().label_index == 1 for future in asked)
        assert server.connections <= 16


def test_cancelled_asks_leave_a_healthy_pool() -> None:
    def slow_then_sound(peer: Peer) -> None:
        peer.wait(30)

    async def cancel_ten_then_ask_ten(client: CloudClient, server: RawServer) -> list[CloudAnswer]:
        asks = [asyncio.create_task(client.aask(QUESTION, LABELS, OPTIONS)) for _ in range(10)]
        while len(server.requests) < 10:
            await asyncio.sleep(0.01)
        for task in asks:
            task.cancel()
        ended = await asyncio.gather(*asks, return_exceptions=True)
        assert all(isinstance(error, asyncio.CancelledError) for error in ended)
        again = (client.aask(QUESTION, LABELS, OPTIONS) for _ in range(10))
        return await asyncio.gather(*again)

    with serving(*[slow_then_sound] * 10, says("B")) as (server, client):
        answers = asyncio.run(cancel_ten_then_ask_ten(client, server))
    assert [answer.label_index for answer in answers] == [1] * 10


def test_cancelling_before_the_first_step_is_quiet() -> None:
    async def cancel_at_once(client: CloudClient) -> None:
        task = asyncio.create_task(client.aask(QUESTION, LABELS, OPTIONS))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with fake_client("B") as client:
        asyncio.run(cancel_at_once(client))
        assert client.ask(QUESTION, LABELS, OPTIONS).label_index == 1


def test_aask_does_not_block_the_callers_loop() -> None:
    """The cloud answers only once that loop has gone on."""
    asked, went_on = threading.Event(), threading.Event()

    def answer(_: object) -> str | int:
        asked.set()
        return "B" if went_on.wait(WAIT_S) else 503

    async def ask_and_go_on(client: CloudClient) -> CloudAnswer:
        asking = asyncio.create_task(client.aask(QUESTION, LABELS, OPTIONS, deadline_s=60))
        while not asked.is_set():
            await asyncio.sleep(0.001)
        went_on.set()
        return await asking

    with fake_client(answer) as client:
        assert asyncio.run(ask_and_go_on(client)).label_index == 1


def test_closing_ends_what_is_asked(ask: Ask) -> None:
    """Otherwise the deadline would end it, which is another kind of error."""

    def closes_the_client(peer: Peer) -> None:
        client.close()
        peer.wait(2 * WAIT_S)

    with RawServer(closes_the_client) as server:
        client = CloudClient(settings(server.url, deadline_s=WAIT_S))
        error = error_of(lambda: ask(client))
    assert error.kind == "offline"


def test_a_closed_client_says_so(ask: Ask) -> None:
    client = fake_client("B")
    assert ask(client).label_index == 1
    client.close()
    client.close()
    assert "closed" in str(error_of(lambda: ask(client)))


def test_a_forgotten_client_leaves_no_thread() -> None:
    client = fake_client("B")
    client.ask(QUESTION, LABELS, OPTIONS)
    threads = [thread for thread in threading.enumerate() if thread.name == "foggen-cloud"]
    del client
    gc.collect()
    assert not any(thread.is_alive() for thread in threads)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_asks_for_itself() -> None:
    program = """
        import os, warnings
        from foggen_cloud import CloudClient, CloudSettings
        from foggen_cloud.testing import RawServer, says
        warnings.simplefilter("ignore")  # Python 3.12 warns of forks beside threads
        with RawServer(says("B")) as server:
            with CloudClient(CloudSettings(url=server.url, model="m", deadline_s=5)) as client:
                client.ask("?", ["A", "B"], ["x", "y"])
                child = os.fork()
                if child == 0:
                    os._exit(client.ask("?", ["A", "B"], ["x", "y"]).label_index)
                print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    assert run_python(program).stdout == "1\n"


@pytest.mark.skipif(os.name == "nt", reason="signals to oneself differ there")
def test_ctrl_c_ends_the_wait() -> None:
    """While the server is still silent."""
    was_silent = threading.Event()

    def interrupts_and_stays_silent(peer: Peer) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        peer.wait(WAIT_S)
        was_silent.set()

    with serving(interrupts_and_stays_silent) as (_, client):
        with pytest.raises(KeyboardInterrupt):
            client.ask(QUESTION, LABELS, OPTIONS, deadline_s=2 * WAIT_S)
        assert not was_silent.is_set()


@pytest.mark.skipif(os.name == "nt", reason="signals to oneself differ there")
def test_ctrl_c_aborts_the_request() -> None:
    """The server need not go on with an answer that nobody reads, and the client stays usable."""
    ended = threading.Event()

    def waits_for_the_end(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        os.kill(os.getpid(), signal.SIGINT)
        with contextlib.suppress(OSError):
            while True:
                peer.send(b" ")
                peer.wait(0.01)
        ended.set()

    with serving(waits_for_the_end, says("B")) as (_, client):
        with pytest.raises(KeyboardInterrupt):
            client.ask(QUESTION, LABELS, OPTIONS, deadline_s=30)
        assert ended.wait(20), "the connection is still open"
        assert client.ask(QUESTION, LABELS, OPTIONS).label_index == 1


def test_a_scripted_cloud_fails_like_a_real_one(ask: Ask) -> None:
    fake = FakeCloud(OSError("refused"), TimeoutError(), 503, "Final answer: B")
    with CloudClient(settings(), transport=fake) as client:
        kinds = [error_of(lambda: ask(client)).kind for _ in range(3)]
        assert [ask(client).label_index for _ in range(2)] == [1, 1]  # the last step repeats
    assert kinds == ["offline", "timeout", "server"]


def test_a_broken_body_after_a_sound_one_does_not_poison_the_pool(ask: Ask) -> None:
    cut = cuts(http_reply(b'{"choices"')[:-3])
    with (
        RawServer(says("B"), cut, says("C")) as server,
        CloudClient(settings(server.url)) as client,
    ):
        assert ask(client).label_index == 1
        assert error_of(lambda: ask(client)).kind == "bad_response"
        assert ask(client).label_index == 2
