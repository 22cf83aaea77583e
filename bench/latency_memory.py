"""Memory of the engine alone: a process that opens a model, answers three questions, and reports.

    python bench/latency_memory.py MODEL.gguf [--new-tokens 80] [--threads N]

It prints one JSON object, all values in bytes: the process's peaks of anonymous pages (private memory) and
of file pages (the mapped model, which the system can reclaim and share), and the anonymous pages of Python
and its libraries before the model was opened. The values are null if the system has no /proc.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from pathlib import Path

from foggen.engine.engine import Engine
from foggen.errors import ConfigurationError
from foggen.store.models import layout_for
from padded_question import padded_question
from random_model import progress

QUESTIONS = 3
SAMPLE_EVERY_S = 0.005
STATUS = Path("/proc/self/status")
FIELDS = {"RssAnon": "peak_anonymous_bytes", "RssFile": "peak_file_bytes"}


def memory_of_engine(model: Path, *, new_tokens: int, threads: int) -> dict[str, float | None]:
    """Measure in a new process; returns its figures, the file's size and their ratio."""
    command = [sys.executable, str(Path(__file__).resolve()), str(model)]
    command += ["--new-tokens", str(new_tokens), "--threads", str(threads)]
    with progress("measuring memory", None):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise ConfigurationError(f"the memory could not be measured: {last}")
    found: dict[str, float | None] = json.loads(done.stdout)
    size, anonymous = model.stat().st_size, found["peak_anonymous_bytes"]
    found["model_bytes"] = size
    found["anonymous_to_model"] = None if anonymous is None else anonymous / size
    return found


class Sampler(threading.Thread):
    """Records the peaks of the process's resident pages."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peaks = resident()
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(SAMPLE_EVERY_S):
            self._sample()

    def stop(self) -> dict[str, int]:
        self._done.set()
        self.join()
        self._sample()
        return self.peaks

    def _sample(self) -> None:
        now = resident()
        self.peaks = {name: max(peak, now.get(name, 0)) for name, peak in self.peaks.items()}


def resident() -> dict[str, int]:
    """The bytes of anonymous and file pages now; empty if the system does not report them."""
    try:
        lines = STATUS.read_text().splitlines()
    except OSError:
        return {}
    values = dict(line.split(":", 1) for line in lines)
    return {name: int(values[name].split()[0]) * 1024 for name in FIELDS if name in values}


def main() -> None:
    parser = argparse.ArgumentParser(description="The engine's memory, as one JSON object.")
    parser.add_argument("model", type=Path)
    parser.add_argument("--new-tokens", type=int, default=80)
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    before = resident()
    sampler = Sampler()
    sampler.start()
    layout = layout_for(options.model)
    with Engine(options.model, threads=options.threads, layout=layout) as engine:
        for number in range(QUESTIONS):
            engine.assess(padded_question(engine, options.new_tokens, number))
        peaks = sampler.stop()
    report = {key: peaks.get(name) for name, key in FIELDS.items()}
    print(json.dumps({**report, "anonymous_before_bytes": before.get("RssAnon")}))


if __name__ == "__main__":
    main()
