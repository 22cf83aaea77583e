"""The commands that make questions: download data sets, or generate them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foggen.cli.border import reported


def data(
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="folder for the files, a recipe's data.folder"),
    ],
    names: Annotated[
        list[str] | None, typer.Argument(help="data sets: hub ids, or the last part of a known id")
    ] = None,
    files: Annotated[
        list[str] | None,
        typer.Option(help="pattern of the files to take, such as 'main/*.jsonl'; repeatable"),
    ] = None,
    domain: Annotated[str, typer.Option(help="domain of all questions of the data set")] = "",
    test_share: Annotated[
        float, typer.Option(help="share of test questions if a set has no usable split")
    ] = 0.3,
    most: Annotated[
        int,
        typer.Option(min=0, help="largest number of questions per data set and file; 0 for all"),
    ] = 5000,
) -> None:
    """Download exam questions from a hub, as {domain}.train.jsonl and {domain}.test.jsonl.

    Known are issai/foggen-data, issai/KazCulture, cais/mmlu, TIGER-Lab/MMLU-Pro, allenai/ai2_arc,
    allenai/openbookqa, openlifescienceai/medmcqa, qiaojin/PubMedQA and deepmind/aqua_rat. SOURCES.json
    in the folder says where each question comes from, with licences and sha256.
    """
    with reported():
        from foggen.cli.pull import watching

        from ..data_sets.building import Shares
        from ..data_sets.command import DataOptions, run_data, summary

        options = DataOptions(
            tuple(names or ()), output, tuple(files or ()), domain, Shares(test_share, most)
        )
        with watching() as watch:
            written = run_data(options, watch)
            for line in summary(output):
                watch.say(line)
        for path in written:
            print(path)


def questions(
    number: Annotated[int, typer.Option(min=1, help="number of questions")] = 1000,
    seed: Annotated[int, typer.Option(help="seed of the generator")] = 1,
    split: Annotated[str, typer.Option(help="train, round or test")] = "train",
) -> None:
    """Print generated questions as JSON lines."""
    with reported():
        import json
        from itertools import islice

        from foggen.errors import UsageError

        from ..starter.questions import generate
        from ..starter.skills import SPLITS

        if split not in SPLITS:
            raise UsageError(f"unknown split {split!r}", hint=f"known: {', '.join(SPLITS)}")
        for question in islice(generate(seed, split), number):
            print(json.dumps(question.row(split), ensure_ascii=False))
