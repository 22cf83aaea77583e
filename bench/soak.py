"""Soak test: ten thousand questions from four threads while many things go wrong.

    python bench/soak.py [--asks 10000] [--threads 4] [--seed 1]

The model in the box answers sums, in threads and in event loops; open questions, which it was not trained on, it
leaves to the cloud.
Meanwhile calls are cancelled at random moments, the edge has deadlines that it cannot meet, the cloud
answers, fails, hangs and recovers, and the router is closed while callers use it and opened again. The
cloud is a script in this process; no request leaves the machine.

Every outcome is checked against the model's answer to the same question alone. Allowed are the edge's
answer, sure; the cloud's answer; the edge's answer, marked degraded; and an error of this package with a
cause (a cancelled call, a deadline, a closed router). Anything else is counted as wrong and printed. The
exit code is 1 if an outcome was wrong, if no call ended for a minute, or if memory in use grew by more than
5% after the first thousand asks. Memory in use is allocated and not freed (glibc's mallinfo2; elsewhere the
anonymous pages). The anonymous pages are reported as well; they grow for a while, since the allocator keeps
fragments of freed memory and a model is opened a hundred times.

The last line on stdout is one JSON object: benchmark "soak", asks, threads, seed, seconds, outcomes, wrong,
reopened, in_use_mb and anonymous_mb (the minimum of each thousand, since two routers are open during a
change), growth (of in_use_mb: the largest value from the third on, relative to the second).
"""

from __future__ import annotations

import argparse
import asyncio
import faulthandler
import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, PriorityQueue
from random import Random
from typing import Any

from foggen import CancelToken, FogGenError, Question, Reply, Router
from foggen.errors import CancelledError, CloudRequiredError, DeadlineError
from foggen_cloud import CloudClient, CloudSettings
from foggen_cloud.testing import FakeCloud, FakeReply, completion
from heap import floors, heap_in_use
from latency_memory import resident
from random_model import progress

HANG_S = 60
REOPEN_EVERY = 100  # asks
SAMPLE_EVERY = 50
MOST_GROWTH = 1.05
CANCELLED = 0.2  # share of the calls
IN_A_LOOP = 0.1
OPEN_ENDED = 0.05
DEADLINES_S = (60.0, 60.0, 60.0, 0.02)
LATEST_CANCEL_S = 0.03


@dataclass(frozen=True)
class Sum:
    """A question, and the model's answer to it alone."""

    question: Question
    label: str | None
    confidence: float | None


class FlappingCloud:
    """A scripted server that changes its behaviour every few requests, and a real client for it."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._mood, self._left = "well", 0
        self._fake = FakeCloud(self._step)
        settings = CloudSettings("http://127.0.0.1:9/v1", "scripted")
        self.client = CloudClient(settings, transport=self._fake)

    def _step(self, request: Any) -> Any:
        self._fake.requests.clear()  # the fake stores them all, which would look like a leak
        self._fake.headers.clear()
        if self._left == 0:
            self._mood = self._random.choice(
                ("well", "well", "down", "failing", "slow", "babbling")
            )
            self._left = self._random.randrange(1, 12)
        self._left -= 1
        return {
            "well": "Final answer: A",
            "down": OSError(),
            "failing": 503,
            "slow": FakeReply(body=completion("Final answer: A"), delay_s=0.4),
            "babbling": "I cannot tell.",
        }[self._mood]


@dataclass
class Soak:
    """The state that the threads share."""

    options: argparse.Namespace
    sums: Sequence[Sum]
    cloud: FlappingCloud
    router: Router
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    in_use: list[tuple[int, float]] = field(default_factory=list)
    anonymous: list[tuple[int, float]] = field(default_factory=list)
    reopened: int = 0
    done: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    cancels: PriorityQueue[tuple[float, int, CancelToken]] = field(default_factory=PriorityQueue)
    finished: threading.Event = field(default_factory=threading.Event)

    def worker(self, number: int, bar: Any) -> None:
        random = Random(self.options.seed * 1000 + number)
        while True:
            with self.lock:
                if self.done >= self.options.asks:
                    return
                self.done += 1
                place = self.done
            self._housekeeping(place)
            outcome = self._one(random, place)
            with self.lock:
                self.outcomes[outcome] += 1
            faulthandler.dump_traceback_later(HANG_S, exit=True)
            bar.advance(bar.task_ids[0])

    def canceller(self) -> None:
        """Cancel each token at its moment."""
        while not self.finished.is_set():
            try:
                moment, _, token = self.cancels.get(timeout=0.05)
            except Empty:
                continue
            time.sleep(max(0.0, moment - time.monotonic()))
            token.cancel()

    def reopener(self) -> None:
        """Open a new router every REOPEN_EVERY asks, and close the old one while callers use it."""
        random = Random(self.options.seed)
        while not self.finished.is_set():
            if self.done < (self.reopened + 1) * REOPEN_EVERY:
                time.sleep(0.01)
                continue
            deadline_s = random.choice(DEADLINES_S)
            old = self.router
            self.router = Router.open(cloud=self.cloud.client, edge_deadline_s=deadline_s)
            old.close()
            self.reopened += 1

    def _housekeeping(self, place: int) -> None:
        if place % SAMPLE_EVERY == 0:
            anonymous = resident().get("RssAnon", 0)
            self.anonymous.append((place, round(anonymous / 1e6, 1)))
            self.in_use.append((place, round((heap_in_use() or anonymous) / 1e6, 1)))

    def _one(self, random: Random, place: int) -> str:
        sum_, token, router = random.choice(self.sums), CancelToken(), self.router
        cancelled = random.random() < CANCELLED
        if cancelled:
            moment = time.monotonic() + random.uniform(0, LATEST_CANCEL_S)
            self.cancels.put((moment, place, token))
        openly = random.random() < OPEN_ENDED
        try:
            reply = self._asked(router, sum_, token, openly, random.random() < IN_A_LOOP)
        except CancelledError:
            return "cancelled" if cancelled else self._is_wrong(place, "cancelled unasked")
        except DeadlineError:
            short = router.settings.edge_deadline_s < max(DEADLINES_S)
            return "too slow" if short else self._is_wrong(place, "a deadline that was not given")
        except FogGenError as error:
            closed = "closed" in str(error) and router is not self.router
            return "closed" if closed else self._error(place, error, router, openly)
        except Exception as error:
            return self._is_wrong(place, repr(error))
        return self._judged(place, reply, sum_, openly)

    def _asked(
        self, router: Router, sum_: Sum, token: CancelToken, openly: bool, in_a_loop: bool
    ) -> Reply:
        if openly:
            return router.ask_open(sum_.question.stem, limit=4, cancel=token)
        if in_a_loop:
            return asyncio.run(router.aask(sum_.question, cancel=token))
        return router.ask(sum_.question, cancel=token)

    def _error(self, place: int, error: FogGenError, router: Router, openly: bool) -> str:
        """Judge an error; if the edge was too slow or only answers questions with options, and the cloud
        failed, nobody could answer."""
        unable = router.settings.edge_deadline_s < max(DEADLINES_S)
        unable |= openly and not router.edge.contract.answers_open
        if unable and isinstance(error, CloudRequiredError):
            return "nobody answered"
        return self._is_wrong(place, repr(error))

    def _judged(self, place: int, reply: Reply, sum_: Sum, openly: bool) -> str:
        if reply.route == "cloud":
            right = openly or reply.label == sum_.question.labels[0]
            return "cloud" if right else self._is_wrong(place, f"the cloud's {reply.label}")
        if openly:
            return "degraded" if reply.degraded else "sure"
        said = (reply.label, reply.confidence)
        if said != (sum_.label, sum_.confidence) or reply.sure is reply.degraded:
            return self._is_wrong(place, f"{said} and not {(sum_.label, sum_.confidence)}")
        return "degraded" if reply.degraded else "sure"

    def _is_wrong(self, place: int, what: str) -> str:
        self.wrong.append(f"ask {place}: {what}")
        return "wrong"


def sums(router: Router, count: int, seed: int) -> list[Sum]:
    """Sums with four options, and the model's answer to each alone."""
    random, found = Random(seed), []
    for _ in range(count):
        a, b = random.randrange(2, 40), random.randrange(2, 40)
        options = [str(a + b + step) for step in random.sample((-2, -1, 0, 1, 2, 10), 4)]
        question = Question.from_options(f"What is {a} + {b}?", options)
        alone = router.assess(question)
        label = None if alone.answer is None else question.labels[alone.answer]
        found.append(Sum(question, label, alone.confidence))
    return found


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Run the soak test; the module's docstring describes the report."""
    cloud = FlappingCloud(options.seed)
    router = Router.open(cloud=cloud.client)
    soak = Soak(options, sums(router, 200, options.seed), cloud, router)
    started = time.monotonic()
    helpers = [threading.Thread(target=work) for work in (soak.canceller, soak.reopener)]
    for helper in helpers:
        helper.start()
    with progress("asking", options.asks) as bar:
        workers = [
            threading.Thread(target=soak.worker, args=(number, bar))
            for number in range(options.threads)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    faulthandler.cancel_dump_traceback_later()
    soak.finished.set()
    for helper in helpers:
        helper.join()
    soak.router.close()
    cloud.client.close()
    memory = floors(soak.in_use)
    return {
        "benchmark": "soak",
        **{name: getattr(options, name) for name in ("asks", "threads", "seed")},
        "seconds": round(time.monotonic() - started, 1),
        "outcomes": dict(sorted(soak.outcomes.items())),
        "wrong": soak.wrong[:20],
        "reopened": soak.reopened,
        "in_use_mb": memory,
        "anonymous_mb": floors(soak.anonymous),
        "growth": round(max(memory[2:]) / memory[1], 3) if len(memory) > 2 and memory[1] else None,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run and print; returns 1 if something failed."""
    parser = argparse.ArgumentParser(description="Many questions, and everything going wrong.")
    parser.add_argument("--asks", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    report = run(parser.parse_args(arguments))
    for outcome, count in report["outcomes"].items():
        print(f"{outcome:<16}{count:>7}")
    print(f"{report['asks']} asks in {report['seconds']} s, {report['reopened']} times reopened")
    print(f"memory in use, the least of each thousand, MB: {report['in_use_mb']}")
    print(f"anonymous pages, the least of each thousand, MB: {report['anonymous_mb']}")
    for line in report["wrong"]:
        print(f"WRONG {line}")
    print(json.dumps(report))
    grown = report["growth"] is not None and report["growth"] > MOST_GROWTH
    return int(bool(report["wrong"]) or grown)


if __name__ == "__main__":
    raise SystemExit(main())
