"""The commands that measure a model: publish, evaluate and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foggen.cli.border import reported

from .options import (
    BaseUrlOption,
    CloudModelOption,
    CloudOption,
    EngineOption,
    ExamOption,
    RecordOption,
    ServerModelOption,
    WaitOption,
    WorkersOption,
    tell,
)


def publish(
    chain: Annotated[Path, typer.Argument(help="folder of a chain")],
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="folder of the publication; an existing one is resumed"
        ),
    ],
    name: Annotated[str, typer.Option(help="file name (default: the recipe's name)")] = "",
    title: Annotated[str, typer.Option(help="title shown on the card")] = "",
    about: Annotated[Path | None, typer.Option(help="Markdown file that opens the card")] = None,
    exam: ExamOption = None,
    quant: Annotated[
        list[str] | None,
        typer.Option(
            "-q",
            "--quant",
            help="quantization to write (default: q8_0); repeatable, the card describes the first",
        ),
    ] = None,
    compare: Annotated[
        list[str] | None, typer.Option(help="quantization to measure for comparison; repeatable")
    ] = None,
    most: Annotated[
        int, typer.Option(min=0, help="largest number of test questions per domain; 0 for all")
    ] = 300,
    automix: Annotated[
        bool, typer.Option(help="also measure AutoMix, whose prompts are four times as long")
    ] = True,
    cloud: CloudOption = "",
    cloud_model: CloudModelOption = "",
    record: RecordOption = None,
) -> None:
    """Write the last round that passed as calibrated GGUFs and a checkpoint, with card and plots.

    Measurements are kept in OUTPUT/measured, by question id; a run that was killed resumes from it.
    """
    with reported():
        from ..evaluation.clouds import CloudOptions
        from ..publish import publish as publish_chain
        from ..publish_options import PublishOptions

        options = PublishOptions(
            chain=chain,
            output=output,
            name=name,
            title=title,
            about=about,
            exam=tuple(exam or ()),
            cloud=CloudOptions(cloud, cloud_model, record),
            quants=tuple(quant or ("q8_0",)),
            compared=tuple(compare or ()),
            most=most,
            automix=automix,
        )
        for path in publish_chain(options):
            print(path)


def evaluate(
    model: Annotated[str, typer.Argument(help="'starter', a GGUF file or a checkpoint's folder")],
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="JSONL of questions with answers; repeatable"),
    ] = None,
    number: Annotated[
        int, typer.Option(min=70, help="number of generated questions, if no --data is given")
    ] = 14_000,
    seed: Annotated[int, typer.Option(help="seed of the generated questions")] = 2026,
    tau: Annotated[
        str | None, typer.Option("-t", "--tau", help="threshold (default: the model's own)")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="print the figures as one JSON object")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="folder for tables and plots")
    ] = None,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="also measure the scores that FogGen must beat")
    ] = False,
    base: Annotated[str, typer.Option(help="untrained model, for a row of --baselines")] = "",
    cloud: CloudOption = "",
    cloud_model: CloudModelOption = "",
    record: RecordOption = None,
    engine: EngineOption = "local",
    workers: WorkersOption = 2,
    base_url: BaseUrlOption = "",
    server_model: ServerModelOption = "",
    wait_for_server: WaitOption = False,
) -> None:
    """Print the tables of a model: accuracy, routing, ranking and calibration, by domain."""
    with reported():
        from ..evaluation.clouds import CloudOptions
        from ..evaluation.evaluate_command import EvaluateOptions, run_evaluate
        from ..scale.executors import ExecutorOptions

        run_evaluate(
            EvaluateOptions(
                model=model,
                data=tuple(data or ()),
                number=number,
                seed=seed,
                tau=tau,
                json=json,
                output=output,
                baselines=baselines,
                base=base,
                cloud=CloudOptions(cloud, cloud_model, record),
                engine=ExecutorOptions(
                    engine, workers, base_url, server_model, wait_for_server, tell
                ),
            )
        )


def tables(
    folder: Annotated[Path, typer.Argument(help="the folder `measured` of a publication")],
    data: Annotated[
        list[Path], typer.Option("--data", help="JSONL of the measured questions; repeatable")
    ],
    tau: Annotated[
        str | None, typer.Option("-t", "--tau", help="threshold (default: 0.5, as in contracts)")
    ] = None,
    cloud: CloudOption = "",
) -> None:
    """Print the tables of a publication again, from its kept results and without a model.

    Exit codes: 0 success, 2 usage, 65 a result or a question that cannot be read, 66 no results.
    """
    with reported():
        from ..evaluation.again import TablesOptions, tables_again

        print(tables_again(TablesOptions(folder, tuple(data), tau, cloud)))
