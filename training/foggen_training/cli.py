"""foggen-train: make a model that knows what it knows, and measure it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foggen.cli.border import reported
from foggen.cli.version import version_option

WIDTH = 120  # characters of a table that goes into a file or a pipe

RecipeArgument = Annotated[
    str,
    typer.Argument(help="name of a shipped recipe (see `foggen-train recipes`), or a TOML file"),
]
BaseOption = Annotated[
    str, typer.Option(help="checkpoint folder, hub id or GGUF to use instead of the recipe's base")
]
DataOption = Annotated[str, typer.Option(help="folder to use instead of the recipe's data")]
OpenEndedOption = Annotated[
    str, typer.Option(help="folder to use instead of the recipe's open-ended tasks")
]
EngineOption = Annotated[str, typer.Option(help="where the model runs: local, ray or openai")]
WorkersOption = Annotated[int, typer.Option(min=1, help="number of Ray workers, one CPU core each")]
BaseUrlOption = Annotated[
    str, typer.Option(help="URL of an OpenAI-compatible server, up to and including /v1")
]
ServerModelOption = Annotated[str, typer.Option(help="name of the model on that server")]
WaitOption = Annotated[bool, typer.Option(help="wait until the server serves the right checkpoint")]
ExamOption = Annotated[
    list[Path] | None, typer.Option(help="JSONL of real questions for the card; repeatable")
]

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

CloudOption = Annotated[
    str,
    typer.Option(
        help="URL of a server, or a file of recorded answers (default: a simulated cloud)"
    ),
]
CloudModelOption = Annotated[str, typer.Option(help="name of the cloud's model on that server")]
RecordOption = Annotated[
    Path | None,
    typer.Option(help="file for the cloud's answers; an existing one is resumed"),
]


@app.callback()
def train(version: Annotated[bool, version_option("foggen-train")] = False) -> None:
    """Make a model that knows what it knows, and measure it."""


@app.command()
def starter(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="folder of the run; an existing one is resumed")
    ],
    recipe: Annotated[
        str, typer.Option(help="recipe of the rounds: a name or a TOML file")
    ] = "foggen-starter",
    size: Annotated[str, typer.Option(help="size of the model: nano, small or mid")] = "small",
    steps: Annotated[int, typer.Option(min=1, help="number of pretraining steps")] = 6000,
    seed: Annotated[int, typer.Option(help="seed of the weights and of the questions")] = 1,
    exam: ExamOption = None,
) -> None:
    """Make the model in the box from nothing: base, rounds, GGUF, card and plots.

    Takes about two hours on two cores. A run that was killed resumes where it stopped.
    """
    with reported():
        from .starter.command import StarterOptions, run_starter

        options = StarterOptions(output, recipe, size, steps, seed, tuple(exam or ()))
        for path in run_starter(options):
            print(path)


@app.command()
def run(
    recipe: RecipeArgument,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="folder of the chain; an existing one is resumed")
    ],
    base: BaseOption = "",
    data: DataOption = "",
    open_ended: OpenEndedOption = "",
    rounds: Annotated[
        int | None, typer.Option(min=1, help="stop after this many rounds, counting R0")
    ] = None,
    engine: EngineOption = "local",
    workers: WorkersOption = 2,
    base_url: BaseUrlOption = "",
    server_model: ServerModelOption = "",
    wait_for_server: WaitOption = False,
) -> None:
    """Run the self-evolving rounds of a recipe; a run that was killed resumes where it stopped.

    Exit codes: 0 success, 2 usage, 65 invalid row in the data, 66 data not found, 76 the gate refused a
    round, 78 configuration or no disk space, 130 interrupted.
    """
    with reported():
        from .run_command import run_chain
        from .scale.executors import ExecutorOptions

        options = ExecutorOptions(engine, workers, base_url, server_model, wait_for_server, _tell)
        print(run_chain(recipe, output, base, data, open_ended, options, rounds))


@app.command()
def plan(
    recipe: RecipeArgument,
    base: BaseOption = "",
    data: DataOption = "",
    open_ended: OpenEndedOption = "",
    json: Annotated[bool, typer.Option("--json", help="print the plan as one JSON object")] = False,
) -> None:
    """Print what a recipe would do with the data: questions, rows, tokens, memory and time.

    The base is loaded and timed for about ten seconds. Exit codes: 0 success, 65 invalid row in the data,
    66 data not found, 78 configuration.
    """
    with reported():
        from .plan_command import show_plan

        show_plan(recipe, base, data, open_ended, json=json)


@app.command()
def recipes(
    name: Annotated[str, typer.Argument(help="recipe to print (default: list all names)")] = "",
) -> None:
    """List the shipped recipes, or print one of them with its comments."""
    with reported():
        from .recipe_file import recipe_names, recipe_path

        print(recipe_path(name).read_text("utf-8").rstrip() if name else "\n".join(recipe_names()))


@app.command()
def accept(
    folder: Annotated[Path, typer.Argument(help="folder of a chain")],
    name: Annotated[str, typer.Argument(metavar="ROUND", help="the refused round")],
) -> None:
    """Accept a round that the gate refused, so that its chain can go on from there."""
    with reported():
        from .chain import accept as accept_round

        print(accept_round(folder, name))


@app.command()
def distill(
    recipe: RecipeArgument,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="folder of the result; an existing one is resumed"),
    ],
    buffer: Annotated[
        str, typer.Option(help="sibling's buffer.jsonl to use instead of the recipe's")
    ] = "",
    base: BaseOption = "",
    data: DataOption = "",
) -> None:
    """Teach the format to a model that cannot state a confidence, with a sibling's buffer."""
    with reported():
        from .run_command import run_distillation

        print(run_distillation(recipe, output, buffer, base, data))


@app.command()
def status(folder: Annotated[Path, typer.Argument(help="folder of a chain")]) -> None:
    """Print the table of a chain's rounds so far."""
    with reported():
        from rich.console import Console

        from .run_command import chain_status

        console = Console()
        if not console.is_terminal:
            console.width = WIDTH
        console.print(chain_status(folder))


@app.command()
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
        from .evaluation.clouds import CloudOptions
        from .publish import PublishOptions
        from .publish import publish as publish_chain

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


@app.command()
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
        from .evaluation.clouds import CloudOptions
        from .evaluation.evaluate_command import EvaluateOptions, run_evaluate
        from .scale.executors import ExecutorOptions

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
                    engine, workers, base_url, server_model, wait_for_server, _tell
                ),
            )
        )


@app.command()
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
        from .evaluation.again import TablesOptions, tables_again

        print(tables_again(TablesOptions(folder, tuple(data), tau, cloud)))


@app.command()
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

        from .data_sets.building import Shares
        from .data_sets.command import DataOptions, run_data, summary

        options = DataOptions(
            tuple(names or ()), output, tuple(files or ()), domain, Shares(test_share, most)
        )
        with watching() as watch:
            written = run_data(options, watch)
            for line in summary(output):
                watch.say(line)
        for path in written:
            print(path)


@app.command()
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

        from .starter.questions import generate
        from .starter.skills import SPLITS

        if split not in SPLITS:
            raise UsageError(f"unknown split {split!r}", hint=f"known: {', '.join(SPLITS)}")
        for question in islice(generate(seed, split), number):
            print(json.dumps(question.row(split), ensure_ascii=False))


def _tell(line: str) -> None:
    typer.echo(line, err=True)


def main() -> None:
    """The console script."""
    app()
