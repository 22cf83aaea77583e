"""Check over many questions that the one pass gives the same reply as greedy decoding under the grammar.

    python bench/parity.py [--model starter] [--number 1000] [--data FILE.jsonl ...]

Each question is answered by the one pass and, token by token, under the contract's GBNF grammar. Half of
`--number` are generated questions of the test split, and the rest is drawn evenly from the files; without
files all are generated. A difference is a near-tie if two legal tokens were less than 0.1 logit apart in the
grammar's path (batches of another shape add in another order). Any other difference is a mismatch; it is
printed, and the exit code is 1. The last line on stdout is one JSON document:
{"benchmark": "parity", "model", "questions", "equal", "near_ties", "mismatches"}.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from foggen.confidence.labelled import read_questions
from foggen.config import load_settings
from foggen.engine.contract import LETTERS_PREFIX, reply_text
from foggen.engine.engine import Engine
from foggen.engine.grammar import decode, reply_grammar
from foggen.engine.plan import MODEL_LABELS
from foggen.errors import FogGenError
from foggen.question.question import Question
from foggen.store.models import checked
from foggen_training.pools import generated

NEAR_TIE = 0.1  # logits
REPLY_TOKENS = 64


def one_pass(engine: Engine, question: Question) -> str:
    """The reply of the one pass, as text."""
    found = engine.assess(question)
    assert found.answer is not None
    if not engine.contract.says_confidence:
        return f"{LETTERS_PREFIX} {MODEL_LABELS[found.answer]}"
    return reply_text(engine.contract.buckets[found.bucket], MODEL_LABELS[found.answer])


def under_grammar(engine: Engine, question: Question) -> tuple[str, float]:
    """The reply decoded token by token, and the smallest lead of a chosen token, in logits."""
    grammar = reply_grammar(engine.contract, len(question.options))
    with engine.turn(None):
        user = engine.user_tokens(question.text(), reply_tokens=REPLY_TOKENS)
        decoded = decode(engine, user, grammar, limit=REPLY_TOKENS)
    return decoded.text, decoded.smallest_lead


def chosen_questions(number: int, data: Sequence[Path]) -> list[Question]:
    """Generated questions, and the same number from each file."""
    made = number - number // 2 if data else number
    questions = [item.question for item in generated(77, "test", made)]
    for index, path in enumerate(data):
        rows = read_questions(path)
        share = (number - made) * (index + 1) // len(data) - (number - made) * index // len(data)
        questions += [row.question for row in rows[:: max(1, len(rows) // max(1, share))][:share]]
    return questions


def compare(engine: Engine, questions: Sequence[Question]) -> dict[str, int]:
    """Count equal, near-tied and mismatched replies, and print the differences."""
    counts = {"equal": 0, "near_ties": 0, "mismatches": 0}
    console = Console(stderr=True)
    for question in track(questions, console=console, disable=not console.is_terminal):
        fitted = engine.fitted(question, reply_tokens=REPLY_TOKENS)
        ours, (theirs, lead) = one_pass(engine, fitted), under_grammar(engine, fitted)
        kind = "equal" if ours == theirs else "near_ties" if lead < NEAR_TIE else "mismatches"
        counts[kind] += 1
        if kind != "equal":
            print(f"{kind}: lead {lead:.3f}: {ours!r} / {theirs!r}: {question.stem[:60]!r}")
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="starter")
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--data", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    try:
        _, path, _ = checked(options.model, load_settings().home)
        questions = chosen_questions(options.number, options.data)
        with Engine(path) as engine:
            counts = compare(engine, questions)
    except FogGenError as error:
        print(f"parity: {error}", file=sys.stderr)
        return error.exit_code
    print(
        json.dumps(
            {"benchmark": "parity", "model": path.name, "questions": len(questions), **counts}
        )
    )
    return 1 if counts["mismatches"] else 0


if __name__ == "__main__":
    sys.exit(main())
