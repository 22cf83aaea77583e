"""One question from a program, and what to show of the reply.

python examples/ask.py "2 + 2 = ? A) 3 B) 4"
"""

from __future__ import annotations

import sys

from foggen import FogGenError, Reply, Router


def in_words(reply: Reply) -> str:
    """The answer and, if it is not sure, why; an unsure answer must never look like a sure one."""
    answer = f"{reply.label}. {reply.text}"
    if reply.degraded:  # the cloud was wanted and could not be used
        return f"{answer}  (only a guess: {reply.reason})"
    return answer if reply.sure or reply.route == "cloud" else f"{answer}  (not sure)"


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with Router.open() as router:
            print(in_words(router.ask(sys.argv[1])))
    except FogGenError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
