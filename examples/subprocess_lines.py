"""FogGen from a program in any language: `foggen-edge batch - -` as a child that answers line by line.

    python examples/subprocess_lines.py "2 + 2 = ? A) 3 B) 4" "What day comes after Monday? A) Sunday B) Tuesday"

The model is loaded once. The program writes one JSON object a line and reads one line back before it writes
the next; a line that is no question is answered with an "error", and the child goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

COMMAND = ("foggen-edge", "batch", "-", "-")


class FogGenProcess:
    """A child process that answers questions. Use it in a `with` block; leaving it ends the child."""

    def __init__(self, *options: str) -> None:
        """options: further options of the command, such as "--local-only"."""
        self._child = subprocess.Popen(
            [*COMMAND, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a log file in a real program: it says what went wrong
            encoding="utf-8",
        )

    def ask(self, number: int, question: str) -> dict[str, Any]:
        """The answer to one question, as a JSON object with the same number as its id."""
        assert self._child.stdin and self._child.stdout
        line = json.dumps({"id": number, "question": question})
        self._child.stdin.write(f"{line}\n")
        self._child.stdin.flush()
        answer = self._child.stdout.readline()
        if not answer:
            raise RuntimeError(f"foggen-edge ended with exit code {self._child.wait()}")
        found: dict[str, Any] = json.loads(answer)
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._child.__exit__(
            kind, error, traceback
        )  # closes its stdin, at which it ends, and waits


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    with FogGenProcess() as foggen:
        for number, question in enumerate(sys.argv[1:], 1):
            answer = foggen.ask(number, question)
            print(answer["id"], answer.get("error") or f"{answer['label']}. {answer['text']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
