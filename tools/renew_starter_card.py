"""Measure the model in the box again, and update its card.

    .venv/bin/python tools/renew_starter_card.py --exam EXAM.jsonl

The shipped file is asked the recipe's 7,000 test questions, with every baseline and both clouds, and the
sections "Measured on questions never seen", "What it is compared with" and "Real exam questions" are
written again by the code of `foggen-train publish`. Figures of the chain (the base, R0, the rounds, other
quantizations) stay as they are, since only the shipped file is in the box. Without --exam the section on
exams stays, too. It takes about 20 minutes on two cores.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from foggen.confidence.labelled import read_questions
from foggen.config import STARTER
from foggen.engine.engine import Engine
from foggen.store.models import locate
from foggen_training.evaluation import plots
from foggen_training.evaluation.card import Card
from foggen_training.evaluation.clouds import CloudOptions, clouds_for
from foggen_training.evaluation.evaluate_command import measured
from foggen_training.evaluation.evaluation import assembled
from foggen_training.evaluation.rivals import all_rivals
from foggen_training.evaluation.untrained import Untrained
from foggen_training.labels.gguf_reader import GgufReader
from foggen_training.pools import open_pool
from foggen_training.recipe_file import read_recipe
from foggen_training.starter.rows import PLAIN

NOTHING = Untrained({}, 0.0, (0.0, 0.0), 0.0, 0, 1.0)  # the base is not in the box


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--exam", type=Path, action="append", default=[], help="JSONL; repeatable")
    options.add_argument("--number", type=int, help="test questions at the most, for a trial")
    arguments = options.parse_args()
    path = locate(STARTER)[1]
    card = path.parent / "README.md"
    renewed = renewed_card(
        card.read_text("utf-8"), sections(path, arguments.exam, arguments.number)
    )
    card.write_text(renewed, "utf-8")
    print(card)


def sections(path: Path, exams: list[Path], number: int | None) -> list[str]:
    """Measure the sections of the card that only need the file; plots are saved next to it."""
    recipe = read_recipe("foggen-starter")
    questions = open_pool(recipe).test()[:number]
    clouds = clouds_for(CloudOptions(), questions)
    with Engine(path) as engine:
        outcomes = measured(engine, questions)
        rivals = all_rivals(GgufReader(engine, PLAIN), questions, outcomes, None, shots=False)
        exam = measured(engine, [item for file in exams for item in read_questions(file)])
        contract = engine.contract
    evaluation = assembled(questions, outcomes, contract.tau, clouds, rivals)
    plots.accuracy_over_share(evaluation, path.parent / "accuracy.png")
    plots.reliability(evaluation.outcomes, path.parent / "reliability.png")
    card = Card(
        opening="",
        recipe=recipe,
        path=path,
        quant="q8_0",
        round=contract.round,
        evaluation=evaluation,
        base=NOTHING,
        first=(),
        lines=(),
        exam=exam,
        quants=(),
    )
    return [text for text in (card.measured(), card.compared(), card.exams()) if text]


def renewed_card(text: str, sections: list[str]) -> str:
    """Replace the card's sections by those with the same headings."""
    for section in sections:
        heading = section.partition("\n")[0]
        old = re.compile(rf"^{re.escape(heading)}$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
        if not old.search(text):
            raise SystemExit(f"the card has no section {heading!r}")
        text = old.sub(lambda _, section=section: section.rstrip() + "\n\n", text)
    return "".join(f"{line.rstrip()}\n" for line in text.rstrip().splitlines())


if __name__ == "__main__":
    main()
