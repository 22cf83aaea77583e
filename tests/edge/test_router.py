"""`foggen.router`: modes, a cloud that answers or fails in every way, deadlines, processes."""

from __future__ import annotations

import asyncio
import json
import math
import textwrap
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, get_args

import pytest

from foggen import Mode, Question, Reply, Route, Router
from foggen.engine.contract import BUCKETS
from foggen.engine.engine import Engine
from foggen.engine.open_answers import CONFIDENCE_TOKENS
from foggen.errors import (
    CloudRequiredError,
    ConfigurationError,
    DeadlineError,
    FogGenError,
    KeyRefusedError,
    ModelFileError,
    NoQuestionError,
    QuestionError,
    UsageError,
)
from foggen_cloud import CloudAnswer, CloudError, Kind
from foggen_cloud.testing import FakeReply, completion

from .conftest import Opened, Scripted
from .helpers import (
    JSON_KEYS,
    OPTIONS,
    QUESTION,
    SURE_QUESTION,
    FailingCloud,
    held,
    python,
    saying,
)

KINDS: tuple[Kind, ...] = get_args(Kind)
NO_CLOUD = "no cloud configured"


def one_of(reply: Reply, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(reply, name) for name in names)


# --- auto -----------------------------------------------------------------------------------------


def test_a_sure_answer_stays_on_the_edge_and_nothing_is_sent(opened: Opened) -> None:
    fake, cloud = saying("A")
    reply = opened(cloud=cloud).ask(SURE_QUESTION)
    assert one_of(reply, "label", "text", "route", "confidence") == ("B", "5", "edge", 1.0)
    assert one_of(reply, "degraded", "reason") == (False, "confidence >= tau")
    assert one_of(reply, "edge_answer", "cloud", "tau") == ("B", None, 0.5)
    assert fake.requests == []


def test_an_unsure_answer_is_the_cloud_s(opened: Opened) -> None:
    fake, cloud = saying("Final answer: D")
    reply = opened(cloud=cloud).ask(QUESTION)
    assert one_of(reply, "label", "text", "route", "confidence") == ("D", "7", "cloud", 0.25)
    assert one_of(reply, "degraded", "reason") == (False, "confidence < tau")
    assert reply.edge_answer is None, "the edge stops decoding once the cloud is to be asked"
    assert reply.cloud is not None
    assert reply.cloud["model"] == "fake-model"
    assert reply.cloud["usage"]["completion_tokens"] == 3
    assert reply.timings_ms.cloud > 0
    (request,) = fake.requests
    assert "What is 2 + 3?\nA. 4\nB. 5" in json.dumps(request).replace("\\n", "\n")


def test_the_cloud_sees_model_labels_and_the_user_gets_his_own(opened: Opened) -> None:
    fake, cloud = saying("B")
    reply = opened(cloud=cloud).ask("Қайсысы дұрыс?\nА) бір\nӘ) екі\nБ) үш")
    assert (reply.label, reply.text) == ("Ә", "екі")
    assert "A. бір" in fake.requests[0]["messages"][-1]["content"]


@pytest.mark.parametrize("bucket", BUCKETS)
def test_m08_a_confidence_equal_to_tau_is_kept(opened: Opened, bucket: float) -> None:
    fake, cloud = saying("A")
    router = opened({"bucket": bucket}, tau=bucket, cloud=cloud)
    assert router.ask(QUESTION).route is Route.EDGE
    assert fake.requests == []


@pytest.mark.parametrize("bucket", BUCKETS[:-1])
def test_m08_just_above_is_routed(opened: Opened, bucket: float) -> None:
    _, cloud = saying("A")
    router = opened({"bucket": bucket}, tau=math.nextafter(bucket, 1), cloud=cloud)
    assert router.ask(QUESTION).route is Route.CLOUD


@pytest.mark.parametrize(
    ("tau", "route"), [(0, "edge"), (0.25, "edge"), ("0,5", "cloud"), (1, "cloud")]
)
def test_m08_tau_of_the_caller_wins_over_the_model_s(opened: Opened, tau: Any, route: str) -> None:
    _, cloud = saying("A")
    reply = opened(tau=tau, cloud=cloud).ask(QUESTION)
    assert reply.route == route
    assert reply.tau == float(str(tau).replace(",", "."))


@pytest.mark.parametrize("tau", ["nan", float("nan"), 1.01, -0.1, "high"])
def test_m08_no_tau(tau: Any) -> None:
    with pytest.raises(UsageError, match="tau"):
        Router.open(tau=tau)


def test_i05_more_options_than_trained_need_full_confidence(opened: Opened) -> None:
    fake, cloud = saying("E")
    router = opened({"bucket": 0.75}, cloud=cloud)
    lines = "\n".join(f"{label}. {number}" for number, label in enumerate("ABCDE"))
    reply = router.ask(f"Which?\n{lines}")
    assert one_of(reply, "tau", "route", "label") == (1.0, "cloud", "E")
    assert "out_of_training" in reply.notes
    assert len(fake.requests) == 1
    assert router.ask(f"Which #?\n{lines}").route is Route.EDGE
    assert router.ask(QUESTION).tau == 0.5


def test_m01_without_a_confidence_the_cloud_is_asked_even_at_tau_0(opened: Opened) -> None:
    _, cloud = saying("C")
    reply = opened({"speaks": False}, tau=0, cloud=cloud).ask(QUESTION)
    assert one_of(reply, "route", "label", "confidence") == ("cloud", "C", None)
    assert reply.reason.startswith("no confidence")


def test_m01_without_a_confidence_and_a_cloud_the_answer_is_degraded(opened: Opened) -> None:
    reply = opened({"speaks": False}, tau=0).ask(QUESTION)
    assert one_of(reply, "route", "degraded", "confidence") == ("edge", True, None)
    assert reply.label in "ABCD"
    assert reply.reason.startswith("no confidence")
    assert reply.reason.count("unknown_format") == 1
    assert NO_CLOUD in reply.reason


@pytest.mark.parametrize("mode", ["auto", "edge-only"])
def test_m07_a_model_without_numbers_gives_an_error_and_never_a_label(
    opened: Opened, mode: str
) -> None:
    with pytest.raises((CloudRequiredError, ModelFileError), match=r"non_finite|not finite"):
        opened({"finite": False}, mode=mode).ask(QUESTION)


def test_m07_a_model_without_numbers_leaves_it_to_the_cloud(opened: Opened) -> None:
    _, cloud = saying("C")
    reply = opened({"finite": False}, cloud=cloud).ask(QUESTION)
    assert one_of(reply, "route", "label", "degraded") == ("cloud", "C", False)


# --- degraded -------------------------------------------------------------------------------------


def test_no_cloud_leaves_the_edge_s_answer_degraded(opened: Opened) -> None:
    reply = opened().ask(QUESTION)
    assert one_of(reply, "label", "route", "degraded", "edge_answer") == ("B", "edge", True, "B")
    assert reply.reason == f"confidence < tau, {NO_CLOUD}"
    assert "FOGGEN_CLOUD_URL" in reply.hint


@pytest.mark.parametrize("kind", KINDS)
def test_every_failure_of_the_cloud_leaves_the_edge_s_answer_degraded(
    opened: Opened, kind: Kind
) -> None:
    cloud = FailingCloud(kind)
    reply = opened(cloud=cloud).ask(QUESTION)
    assert one_of(reply, "label", "text", "route", "degraded") == ("B", "5", "edge", True)
    assert reply.reason == f"confidence < tau, cloud: {kind}"
    own_name = "cloud_deadline_s (FOGGEN_CLOUD_DEADLINE_S)"
    assert reply.hint == CloudError("", kind=kind).hint_naming(own_name) != ""
    assert reply.cloud is None
    assert cloud.asked == 1
    assert reply.confidence == 0.25, "unsure, and the cloud failed, never looks like sure"


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (OSError(), "offline"),
        (TimeoutError(), "timeout"),
        (401, "auth"),
        (402, "credit"),
        (404, "model"),
        (429, "rate_limited"),
        (503, "server"),
        ("no idea", "bad_answer"),
        (FakeReply(200, completion(None)), "bad_response"),
        (FakeReply(200, "text"), "bad_response"),
    ],
)
def test_failures_through_the_real_client(opened: Opened, step: Any, kind: str) -> None:
    _, cloud = saying(step)
    reply = opened(cloud=cloud).ask(QUESTION)
    assert one_of(reply, "label", "degraded") == ("B", True)
    assert reply.reason == f"confidence < tau, cloud: {kind}"


@pytest.mark.parametrize("ask", [Router.ask, Router.ask_open], ids=["choice", "open"])
def test_a_degraded_reply_tells_the_time_that_the_cloud_took(
    opened: Opened, ask: Callable[..., Reply]
) -> None:
    for fails in (FakeReply(503, {}, delay_s=0.05), FakeReply(body=completion(" "), delay_s=0.05)):
        _, cloud = saying(fails)
        reply = ask(opened(cloud=cloud), QUESTION)
        assert one_of(reply, "route", "degraded") == ("edge", True)
        assert reply.timings_ms.cloud >= 50
        assert reply.timings_ms.total >= reply.timings_ms.cloud


class Busying(FailingCloud):
    """A cloud that fails, and meanwhile another thread has begun to ask the same model."""

    def __init__(self) -> None:
        super().__init__("server")
        self.stack = ExitStack()
        self.engine: Engine | None = None

    def ask_open(self, question_text: str, *, deadline_s: float | None = None) -> CloudAnswer:
        assert self.engine is not None
        self.stack.enter_context(held(self.engine, 20.0))
        return super().ask_open(question_text)


@pytest.mark.parametrize("ask", [Router.ask, Router.ask_open], ids=["choice", "open"])
def test_m09_the_deadline_counts_also_for_the_answer_after_the_cloud_failed(
    opened: Opened, ask: Callable[..., Reply]
) -> None:
    cloud = Busying()
    router = opened(cloud=cloud, edge_deadline_s=1.0)
    cloud.engine = router.edge
    with cloud.stack, pytest.raises(DeadlineError, match=r"busy for 1\.0 s"):
        ask(router, QUESTION)


def test_the_cloud_s_deadline_is_the_settings(opened: Opened) -> None:
    """Within the default of 10 s, this cloud would have answered."""
    _, cloud = saying(FakeReply(body=completion("A"), delay_s=5))
    reply = opened(cloud=cloud, cloud_deadline_s=0.2).ask(QUESTION)
    assert reply.reason.endswith("cloud: timeout")
    assert reply.timings_ms.cloud > 100


def test_offline_asks_no_cloud_whatever_is_configured(opened: Opened) -> None:
    fake, cloud = saying("A")
    settings = {"cloud_url": "http://127.0.0.1:9/v1", "cloud_model": "m", "offline": True}
    reply = opened(**settings).ask(QUESTION)
    assert reply.reason == "confidence < tau, offline"
    assert "FOGGEN_OFFLINE" in reply.hint
    reply = opened(cloud=cloud, offline=True).ask(QUESTION)
    assert one_of(reply, "degraded", "label") == (True, "B")
    assert fake.requests == []


# --- the other modes --------------------------------------------------------------------------------


def test_edge_only_keeps_what_it_is_not_sure_of(opened: Opened) -> None:
    fake, cloud = saying("A")
    reply = opened(mode="edge-only", cloud=cloud).ask(QUESTION)
    assert one_of(reply, "label", "route", "degraded") == ("B", "edge", False)
    assert reply.reason == "confidence < tau, edge-only"
    assert fake.requests == []


def test_dry_run_decides_and_sends_nothing(opened: Opened) -> None:
    fake, cloud = saying("A")
    router = opened(mode=Mode.DRY_RUN, cloud=cloud)
    reply = router.ask(QUESTION)
    assert one_of(reply, "route", "label", "edge_answer") == ("cloud", "B", "B")
    assert reply.reason == "confidence < tau, dry run: nothing was sent"
    assert router.ask(SURE_QUESTION).route is Route.EDGE
    assert fake.requests == []


def test_cloud_only_does_not_ask_the_edge(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the edge was asked")

    monkeypatch.setattr(Engine, "assess", fail)
    _, cloud = saying("C")
    reply = opened(mode="cloud-only", cloud=cloud).ask(SURE_QUESTION)
    assert one_of(reply, "label", "route", "confidence") == ("C", "cloud", None)
    assert one_of(reply, "reason", "edge_answer", "degraded") == ("cloud-only", None, False)


@pytest.mark.parametrize("kind", KINDS)
def test_cloud_only_without_its_answer_is_an_error(opened: Opened, kind: Kind) -> None:
    with pytest.raises(FogGenError) as caught:
        opened(mode="cloud-only", cloud=FailingCloud(kind)).ask(QUESTION)
    expected = KeyRefusedError if kind == "auth" else CloudRequiredError
    assert type(caught.value) is expected
    assert caught.value.exit_code == (77 if kind == "auth" else 69)
    assert caught.value.hint


def test_cloud_only_without_a_cloud_is_an_error(opened: Opened) -> None:
    with pytest.raises(CloudRequiredError, match=f"{NO_CLOUD}.*FOGGEN_CLOUD_URL"):
        opened(mode="cloud-only").ask(QUESTION)


@pytest.mark.parametrize("mode", ["fast", "", "EDGE"])
def test_an_unknown_mode_names_the_known_ones(mode: str) -> None:
    with pytest.raises(UsageError, match="edge-only"):
        Router.open(mode=mode)


def test_a_wrong_cloud_url_is_a_configuration_error(scripted: Scripted) -> None:
    with pytest.raises(ConfigurationError, match="url"):
        Router.open(str(scripted()), cloud_url="ftp://host", cloud_model="m")


# --- M09: the deadline ------------------------------------------------------------------------------


LONG = f"{'word ' * 3000}which?\nA. 4\nB. 5"


@pytest.mark.parametrize("mode", ["auto", "edge-only", "dry-run"])
def test_m09_too_slow_without_a_cloud_is_an_error(mode: str) -> None:
    with Router.open(mode=mode, edge_deadline_s=0.001) as router:
        with pytest.raises(DeadlineError, match=r"0\.001 s") as caught:
            router.ask(LONG)
        assert caught.value.exit_code == 75
        assert caught.value.hint


def test_m09_too_slow_asks_the_cloud_where_there_is_one() -> None:
    _, cloud = saying("B")
    with Router.open(cloud=cloud, edge_deadline_s=0.001) as router:
        reply = router.ask(LONG)
        assert one_of(reply, "route", "label", "reason") == ("cloud", "B", "edge deadline")
        assert one_of(reply, "confidence", "degraded") == (None, False)


def test_m09_too_slow_and_the_cloud_fails() -> None:
    with (
        Router.open(cloud=FailingCloud("offline"), edge_deadline_s=0.001) as router,
        pytest.raises(CloudRequiredError, match="offline"),
    ):
        router.ask(LONG)


# --- M05: open questions ----------------------------------------------------------------------------


def test_m05_an_open_answer(opened: Opened) -> None:
    reply = opened({"bucket": 0.75}).ask_open("What is the capital of France?")
    assert one_of(reply, "label", "text", "route") == (None, "B", "edge")
    assert one_of(reply, "confidence", "degraded", "reason") == (0.75, False, "confidence >= tau")


def test_m05_an_unsure_open_answer_is_the_cloud_s(opened: Opened) -> None:
    fake, cloud = saying("Paris")
    reply = opened(cloud=cloud).ask_open("What is the capital of France?")
    assert one_of(reply, "text", "route", "edge_answer") == ("Paris", "cloud", None)
    assert "capital of France" in json.dumps(fake.requests[0])


def test_m05_an_answer_cut_off_at_the_limit_is_routed(opened: Opened) -> None:
    _, cloud = saying("Paris")
    reply = opened({"bucket": 1.0, "stops": False}, cloud=cloud).ask_open("What?", limit=20)
    assert one_of(reply, "text", "route", "confidence") == ("Paris", "cloud", 1.0)
    assert reply.reason == "answer cut off at the limit"


def test_m05_cut_off_without_a_cloud_is_degraded(opened: Opened) -> None:
    router = opened({"bucket": 1.0, "stops": False})
    reply = router.ask_open("What?", limit=20)
    assert one_of(reply, "route", "degraded") == ("edge", True)
    assert reply.reason == f"answer cut off at the limit, {NO_CLOUD}"
    assert reply.text is not None
    assert 10 <= reply.text.count("B") <= 20
    only = opened({"bucket": 1.0, "stops": False}, mode="edge-only").ask_open("What?", limit=20)
    assert one_of(only, "route", "degraded") == ("edge", False)


def test_m05_an_unsure_answer_without_a_cloud_is_decoded_after_all(opened: Opened) -> None:
    reply = opened().ask_open("What?", limit=20)
    assert one_of(reply, "text", "route", "degraded") == ("B", "edge", True)
    assert reply.reason == f"confidence < tau, {NO_CLOUD}"


def test_m05_modes_of_open_questions(opened: Opened) -> None:
    fake, cloud = saying("Paris")
    dry = opened(mode="dry-run", cloud=cloud).ask_open("What?")
    assert one_of(dry, "route", "text") == ("cloud", "B")
    assert fake.requests == []
    assert opened(mode="cloud-only", cloud=cloud).ask_open("What?").text == "Paris"
    with pytest.raises(CloudRequiredError):
        opened(mode="cloud-only", cloud=FailingCloud("server")).ask_open("What?")
    with pytest.raises(NoQuestionError):
        opened().ask_open(" \n")


def test_m05_the_longest_answer_that_fits_is_decoded_to_its_end(opened: Opened) -> None:
    router = opened({"bucket": 1.0, "stops": False}, context=256)
    engine = router.edge
    taken = [*engine.plan.prefix, *engine.model.tokenize("What?", scaffold=False)]
    room = engine.context.size - len(taken) - len(engine.plan.opening) - CONFIDENCE_TOKENS
    reply = router.ask_open("What?", limit=room)
    assert reply.text is not None
    assert reply.text.count("B") > room / 2
    with pytest.raises(QuestionError, match=f"{engine.context.size + 1} tokens"):
        router.ask_open("What?", limit=room + 1)


def test_m05_a_limit_that_does_not_fit_is_said(opened: Opened) -> None:
    with pytest.raises(QuestionError, match="tokens and the context has"):
        opened().ask_open("What?", limit=100_000)


# --- the rest of the facade -------------------------------------------------------------------------


def test_the_json_has_the_keys_of_the_schema(opened: Opened) -> None:
    fields = opened().ask(QUESTION).as_dict()
    assert set(fields) == JSON_KEYS
    assert set(fields["timings_ms"]) == {"decision", "edge", "cloud", "total"}
    assert set(fields["model"]) == {"name", "sha256", "round"}
    assert fields["model"]["round"] == "R9"
    assert json.loads(json.dumps(fields)) == fields


def test_times_add_up(opened: Opened) -> None:
    _, cloud = saying(FakeReply(body=completion("A"), delay_s=0.05))
    times = opened(cloud=cloud).ask(QUESTION).timings_ms
    assert 0 < times.decision <= times.edge
    assert times.cloud >= 50
    assert times.total >= times.edge + times.cloud - 1


def test_ask_takes_text_bytes_and_questions(opened: Opened) -> None:
    router = opened()
    question = Question.from_options("What is 2 + 3?", OPTIONS)
    labels = {router.ask(asked).label for asked in (QUESTION, QUESTION.encode(), question)}
    assert labels == {"B"}
    with pytest.raises(QuestionError):
        router.ask("no options here?")
    with pytest.raises(NoQuestionError):
        router.ask("")


def test_truncate_cuts_the_stem_only_when_asked_to(opened: Opened) -> None:
    router = opened(context=256)
    with pytest.raises(QuestionError, match="--truncate"):
        router.ask(LONG)
    reply = router.ask(LONG, truncate=True)
    assert "stem_truncated" in reply.notes
    assert reply.label == "B"


def test_assess_decides_nothing(opened: Opened) -> None:
    fake, cloud = saying("A")
    found = opened(cloud=cloud).assess(QUESTION)
    assert (found.confidence, found.answer) == (0.25, 1)
    assert fake.requests == []


def test_aask_does_not_block_the_loop(opened: Opened) -> None:
    """The cloud answers only once the loop has gone on."""
    asked, went_on = threading.Event(), threading.Event()

    def answer(_: object) -> str | int:
        asked.set()
        return "D" if went_on.wait(20) else 503

    _, cloud = saying(answer)
    router = opened(cloud=cloud, cloud_deadline_s=60)

    async def ask_and_go_on() -> Reply:
        asking = asyncio.create_task(router.aask(QUESTION))
        while not asked.is_set():
            await asyncio.sleep(0.001)
        went_on.set()
        return await asking

    reply = asyncio.run(ask_and_go_on())
    assert one_of(reply, "label", "route") == ("D", "cloud")


def test_i20_batch_gives_each_row_its_own_result(opened: Opened) -> None:
    rows: list[dict[str, object]] = [
        {"id": "a", "question": "What # is 2 + 3?", "options": list(OPTIONS)},
        {"id": 2, "question": "What?", "options": ["one"]},
        {"question": QUESTION},
        {"id": "d", "question": 7},
    ]
    results = list(opened().batch(rows))
    assert [result["id"] for result in results] == ["a", 2, None, "d"]
    assert [result.get("label") for result in results] == ["B", None, "B", None]
    assert [result.get("exit_code") for result in results] == [None, 65, None, 65]
    assert "only one option" in results[1]["error"]


def test_m11_one_router_for_eight_threads(opened: Opened) -> None:
    _, cloud = saying("D")
    router = opened(cloud=cloud)
    questions = [SURE_QUESTION if number % 3 else QUESTION for number in range(48)]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(router.ask, questions))
    expected = [("edge", "B") if "#" in question else ("cloud", "D") for question in questions]
    assert [one_of(reply, "route", "label") for reply in replies] == expected


def test_a_degraded_answer_is_right_also_among_others(opened: Opened) -> None:
    """While the cloud is failing for one question, other threads use the model."""
    router = opened(cloud=FailingCloud("server"))
    questions = [SURE_QUESTION if number % 2 else QUESTION for number in range(32)]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(router.ask, questions))
    for question, reply in zip(questions, replies, strict=True):
        sure = question is SURE_QUESTION
        assert one_of(reply, "label", "confidence", "degraded") == (
            ("B", 1.0, False) if sure else ("B", 0.25, True)
        )


def test_a_closed_router_tells_an_event_loop_too(scripted: Scripted) -> None:
    with Router.open(str(scripted())) as router:
        assert asyncio.run(router.aask(QUESTION)).label == "B"
    for _ in range(2):
        with pytest.raises(FogGenError, match="closed"):
            asyncio.run(asyncio.wait_for(router.aask(QUESTION), 60))


def test_a_router_is_closed_with_its_block(scripted: Scripted) -> None:
    with Router.open(str(scripted())) as router:
        router.ask(QUESTION)
    with pytest.raises(FogGenError, match="closed"):
        router.ask(QUESTION)
    router.close()


@pytest.mark.parametrize("given", [CloudAnswer(None, "?", "m", 1.0, {}), "B"], ids=repr)
def test_a_cloud_that_breaks_its_promise_gives_no_letter(opened: Opened, given: Any) -> None:
    class Wordless(FailingCloud):
        def ask_open(self, question_text: str, *, deadline_s: float | None = None) -> Any:
            time.sleep(0.05)
            return given

    reply = opened(cloud=Wordless("server")).ask(QUESTION)
    assert one_of(reply, "label", "degraded", "route") == ("B", True, "edge")
    assert "unreadable" in reply.reason
    assert reply.timings_ms.cloud >= 50, "the time is told although nothing came of it"


# --- M12: processes -----------------------------------------------------------------------------------

FORK = """
    import os, sys
    from foggen import FogGenError, Router

    question, = sys.argv[2:]
    with Router.open(sys.argv[1]) as router:
        first = router.ask(question)
        child = os.fork()
        if child == 0:
            for work in (router.ask, router.assess, router.ask_open):
                try:
                    work(question)
                except FogGenError as error:
                    print(error, flush=True)
            router.close()
            try:
                Router.open(sys.argv[1])
            except FogGenError as error:
                print(error, flush=True)
            sys.exit(7)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), router.ask(question).label == first.label)
    """

FORK_FIRST = """
    import os, sys
    import foggen.engine.native
    from foggen import Router

    child = os.fork()
    with Router.open(sys.argv[1]) as router:
        print(router.ask(sys.argv[2]).label, flush=True)
    if child:
        os.waitpid(child, 0)
    """

SPAWN = """
    import multiprocessing, sys
    from foggen import Router

    def label(arguments):
        path, question = arguments
        with Router.open(path) as router:
            return router.ask(question).label

    if __name__ == "__main__":
        with Router.open(sys.argv[1]) as router:
            router.ask(sys.argv[2])
            with multiprocessing.get_context("spawn").Pool(2) as pool:
                print(*pool.map(label, [tuple(sys.argv[1:])] * 4))
    """


@pytest.mark.skipif("not hasattr(__import__('os'), 'fork')")
def test_m12_a_forked_child_is_told(scripted: Scripted) -> None:
    """A model of its own would hang the child: OpenMP's threads are not there after a fork."""
    outcome = python(FORK, scripted(), QUESTION)
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert len(lines) == 5, outcome.err
    assert all("before the process forked" in line and "spawn" in line for line in lines[:4])
    assert lines[4] == "7 True"
    assert outcome.err == ""


@pytest.mark.skipif("not hasattr(__import__('os'), 'fork')")
def test_m12_forked_before_anything_was_opened(scripted: Scripted) -> None:
    outcome = python(FORK_FIRST, scripted(), QUESTION)
    assert (outcome.code, outcome.out.count("B")) == (0, 2), outcome.err


def test_m12_spawned_processes_have_their_own(
    scripted: Scripted, tmp_path_factory: pytest.TempPathFactory
) -> None:
    program = tmp_path_factory.mktemp("spawn") / "program.py"
    program.write_text(textwrap.dedent(SPAWN), "utf-8")
    outcome = python(program, scripted(), QUESTION)
    assert (outcome.code, outcome.out.split()) == (0, ["B"] * 4), outcome.err
