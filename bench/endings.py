"""Interrupt calls and programs while the model decodes: is anything sent, does anything crash?

    python bench/endings.py [--times 50] [--seed 1] [--python PYTHON]

The model in the box gets a question so long that it decodes for seconds, and a threshold that sends it to
the cloud afterwards: a server on loopback that counts its requests. Each call or program is interrupted at
a random moment while the model decodes:

    threads        `Router.cancel`, or the call's own token, from another thread
    asyncio        the task of `Router.aask` is cancelled
    command line   Ctrl-C (SIGINT) for `foggen-edge ask`
    exit           the program ends while a daemon thread asks again and again

The last line on stdout is one JSON object: benchmark "endings", python, times, and for each way the number
of runs that ended as they should (clean) and of requests that were sent nevertheless (sent). A control
shows that the question is sent if nothing interrupts it. --python runs the programs with another Python.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from foggen_cloud.testing import RawServer, says
from random_model import progress

CONTEXT = 16_384
QUESTION = f"{'word ' * 12_000}which?\nA. one\nB. two"
DECODING_S = (0.1, 0.8)  # when to interrupt; decoding takes far longer
STARTED = "asking"
LIMIT_S = 120

HEAD = f"""
import asyncio, sys, threading, time
from foggen import CancelToken, Router
from foggen.errors import CancelledError

delay_s, url, question = float(sys.argv[1]), sys.argv[2], open(sys.argv[3]).read()
router = Router.open(tau=1.0, context={CONTEXT}, cloud_url=url, cloud_model="scripted")
"""
PROGRAMS = {
    "control": """
print("{started}", router.ask(question).route, flush=True)
""",
    "threads": """
token, outcome = CancelToken(), []
def ask():
    try:
        outcome.append(router.ask(question, cancel=token).route)
    except CancelledError:
        outcome.append("cancelled")
thread = threading.Thread(target=ask)
thread.start()
time.sleep(delay_s)
(token.cancel if delay_s * 1000 % 2 < 1 else router.cancel)()
thread.join()
sys.exit(0 if outcome == ["cancelled"] else 1)
""",
    "asyncio": """
async def main():
    task = asyncio.create_task(router.aask(question))
    await asyncio.sleep(delay_s)
    task.cancel()
    await asyncio.wait([task])
    short = await router.aask("2 + 2 = ? A) 3 B) 4")   # the model is free again
    sys.exit(0 if task.cancelled() and short.label else 1)
asyncio.run(main())
""",
    "exit": """
def ask():
    while True:
        try:
            router.ask(question)
        except CancelledError:
            return
threading.Thread(target=ask, daemon=True).start()
time.sleep(delay_s)
""",
}


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Run every way, as often as requested."""
    random = Random(options.seed)
    ways: dict[str, Callable[[RawServer, Path, float], bool]] = {
        way: _program(options.python, program) for way, program in PROGRAMS.items()
    }
    ways["command line"] = _command_line(options.python)
    found: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as folder, progress("ending", 4 * options.times + 1) as bar:
        file = Path(folder, "question.txt")
        file.write_text(QUESTION, "utf-8")
        for way, once in ways.items():
            times = 1 if way == "control" else options.times
            with RawServer(says("Final answer: A")) as server:
                clean = 0
                for _ in range(times):
                    clean += once(server, file, random.uniform(*DECODING_S))
                    bar.advance(bar.task_ids[0])
                sent = sum(b"word word" in request for request in server.requests)
            found[way] = {"times": times, "clean": clean, "sent": sent}
    return {
        "benchmark": "endings",
        "python": _version(options.python),
        "times": options.times,
        "ways": found,
    }


def _program(python: str, program: str) -> Callable[[RawServer, Path, float], bool]:
    source = HEAD + program.replace("{started}", STARTED)

    def once(server: RawServer, file: Path, delay_s: float) -> bool:
        command = [python, "-c", source, str(delay_s), server.url, str(file)]
        done = subprocess.run(command, capture_output=True, timeout=LIMIT_S, check=False)
        return (done.returncode, done.stderr) == (0, b"")

    return once


def _command_line(python: str) -> Callable[[RawServer, Path, float], bool]:
    """Send Ctrl-C after the process has begun to compute, so not during its imports."""

    def once(server: RawServer, file: Path, delay_s: float) -> bool:
        config = file.parent / "foggen"
        config.mkdir(exist_ok=True)
        (config / "config.toml").write_text(f"context = {CONTEXT}\ntau = 1.0\n", "utf-8")
        program = (
            "import foggen.engine.turns as turns, sys\n"
            "begin = turns.Turns._begin\n"
            "def told(self, call):\n"
            "    begin(self, call)\n"
            f"    print('{STARTED}', file=sys.stderr, flush=True)\n"
            "turns.Turns._begin = told\n"
            "from foggen.cli.main import main\n"
            "main()\n"
        )
        process = subprocess.Popen(
            [python, "-c", program, "ask", "-f", str(file)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ
            | {
                "XDG_CONFIG_HOME": str(file.parent),
                "FOGGEN_CLOUD_URL": server.url,
                "FOGGEN_CLOUD_MODEL": "scripted",
            },
        )
        assert process.stderr is not None
        for _ in range(2):  # the system prompt, then the question
            process.stderr.readline()
        time.sleep(delay_s)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=LIMIT_S)
        return (process.returncode, said) == (130, "foggen: interrupted\n")

    return once


def _version(python: str) -> str:
    program = "import platform; print(platform.python_version())"
    return subprocess.run(
        [python, "-c", program], capture_output=True, text=True, check=True
    ).stdout.strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns 1 if something was sent or did not end as it should."""
    parser = argparse.ArgumentParser(description="Calls and programs that are ended in the middle.")
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--python", default=sys.executable)
    report = run(parser.parse_args(arguments))
    for way, row in report["ways"].items():
        print(f"{way:<14}{row['clean']:>4} of {row['times']} clean, {row['sent']} requests sent")
    print(json.dumps(report))
    ways = report["ways"]
    ended = [row for way, row in ways.items() if way != "control"]
    whole = all(row["clean"] == row["times"] and row["sent"] == 0 for row in ended)
    return int(not (whole and ways["control"]["sent"] == 1))


if __name__ == "__main__":
    raise SystemExit(main())
