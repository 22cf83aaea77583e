"""foggen-edge: ask a small model on this machine, and the cloud only when it is not sure."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from .border import reported
from .options import (
    CloudOption,
    DryOption,
    JsonOption,
    LayoutOption,
    LocalOption,
    ModelOption,
    ScoreOption,
    StrictOption,
    TauOption,
    TruncateOption,
    VerboseOption,
)
from .version import version_option

# Without rich markup and completion, `--help` does not need to import them.
app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Models on this machine.")
app.add_typer(models, name="models")

MODES = {"--local-only": "edge-only", "--cloud-only": "cloud-only", "--dry-run": "dry-run"}


@app.callback()
def edge(version: Annotated[bool, version_option("foggen-edge")] = False) -> None:
    """Ask a small model on this machine, and the cloud only when it is not sure."""


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(help="the question with its options; '-' reads stdin")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("-f", "--file", help="read the question from a file")
    ] = None,
    model: ModelOption = None,
    tau: TauOption = None,
    json: JsonOption = False,
    local_only: LocalOption = False,
    cloud_only: CloudOption = False,
    dry_run: DryOption = False,
    strict: StrictOption = False,
    truncate: TruncateOption = False,
    score: ScoreOption = None,
    layout: LayoutOption = None,
    open_ended: Annotated[bool, typer.Option("--open", help="the question has no options")] = False,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="largest number of tokens of an --open answer (default: 256)"),
    ] = None,
    verbose: VerboseOption = False,
) -> None:
    """Answer one multiple-choice question.

    Exit codes: 0 success, 2 usage, 65 invalid question or file, 66 no input, 69 the cloud was required
    but unavailable, 75 too slow, or unsure or degraded with --strict, 77 the key was refused, 78
    configuration, 130 interrupted.
    """
    with reported():
        from .ask import AskOptions, run_ask

        run_ask(
            AskOptions(
                question=question,
                file=file,
                model=model,
                tau=tau,
                json=json,
                mode=_mode(local_only, cloud_only, dry_run),
                strict=strict,
                score=score,
                layout=layout,
                truncate=truncate,
                open_ended=open_ended,
                limit=limit,
                verbose=verbose,
            )
        )


@app.command()
def batch(
    source: Annotated[
        Path,
        typer.Argument(metavar="IN.jsonl", help="a file of questions, or '-' for lines from stdin"),
    ],
    output: Annotated[
        Path,
        typer.Argument(
            metavar="OUT.jsonl",
            help="results, one per line; an existing file is resumed, '-' is stdout",
        ),
    ],
    model: ModelOption = None,
    tau: TauOption = None,
    local_only: LocalOption = False,
    cloud_only: CloudOption = False,
    dry_run: DryOption = False,
    strict: StrictOption = False,
    score: ScoreOption = None,
    layout: LayoutOption = None,
) -> None:
    """Answer every question of IN.jsonl and write the results to OUT.jsonl.

    A line of IN.jsonl is {"id", "question", "options"}, or a row of a published data set such as
    MMLU or ARC. A JSON array, a .csv or .tsv table, or a text of several questions (an exam, Aiken,
    GIFT) is read as well. Results are matched to rows by id and content.
    If rows were added, moved or corrected, another run asks only those without a good
    result. Errors are asked again, and so are degraded answers if a cloud may be asked. A pipe gets
    each result as soon as it is known. With '- -', each line of stdin is answered before the next is
    read, so that another program can ask one question after the other.

    Exit codes: 0 ok, 2 usage, or OUT.jsonl is not a file of results, 65 a row failed, 75 an answer
    is unsure or degraded with --strict, 78 configuration or no disk space, 130 interrupted.
    """
    with reported():
        from .batch import BatchOptions, run_batch

        run_batch(
            BatchOptions(
                source=source,
                output=output,
                model=model,
                tau=tau,
                mode=_mode(local_only, cloud_only, dry_run),
                strict=strict,
                score=score,
                layout=layout,
            )
        )


@models.command("show")
def models_show(
    model: Annotated[
        str, typer.Argument(help="'starter', a name of 'models list', or a GGUF file")
    ] = "starter",
    layout: LayoutOption = None,
    json: JsonOption = False,
) -> None:
    """Show a model's contract, calibration, size and hash."""
    with reported():
        from .models import run_show

        run_show(model, json, layout or "")


@models.command("pull")
def models_pull(
    source: Annotated[
        str,
        typer.Argument(
            help="OWNER/NAME on a hub, an https URL or a local path; with --repair, a name"
        ),
    ],
    quant: Annotated[
        str,
        typer.Option(
            "-q", "--quant", help="quantization to pull or to export, such as q8_0 or q4_k_m"
        ),
    ] = "",
    name: Annotated[
        str, typer.Option("--name", help="name in the store (default: taken from the source)")
    ] = "",
    sha256: Annotated[str, typer.Option("--sha256", help="SHA-256 that the file must have")] = "",
    layout: LayoutOption = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="download a damaged model of the store again")
    ] = False,
) -> None:
    """Pull a model into the store; it is checked before it appears there. Run again to resume.

    OWNER/NAME may be followed by @REVISION and /FILE.gguf. Honours HF_ENDPOINT, HF_TOKEN and
    HF_HUB_OFFLINE. Exit codes: 0 ok, 2 usage, 65 damaged or not a model that can be run, 69 not
    found or unreachable, 77 access denied, 78 configuration or no disk space, 130 interrupted.
    """
    with reported():
        from .pull import PullOptions, run_pull

        run_pull(
            PullOptions(
                source=source,
                quant=quant,
                name=name,
                sha256=sha256,
                layout=layout or "",
                repair=repair,
            )
        )


@models.command("list")
def models_list(json: JsonOption = False) -> None:
    """List the models on this machine: name, quantization, size, round, hash and source."""
    with reported():
        from .models import run_list

        run_list(json)


@models.command("verify")
def models_verify(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME]...", help="models to verify (default: all)"),
    ] = None,
) -> None:
    """Compare models with their manifests; exits with 65 if a file has changed."""
    with reported():
        from .models import run_verify

        run_verify(names or [])


@models.command("rm")
def models_remove(names: Annotated[list[str], typer.Argument(metavar="NAME...")]) -> None:
    """Remove models and their partial downloads."""
    with reported():
        from .models import run_remove

        run_remove(names)


@app.command()
def calibrate(
    source: Annotated[
        Path, typer.Argument(metavar="LABELLED.jsonl", help="questions with options and answer")
    ],
    model: ModelOption = None,
    cloud_share: Annotated[
        float | None,
        typer.Option(min=0.0, max=1.0, help="tau sends this share of the questions to the cloud"),
    ] = None,
    max_error: Annotated[
        float | None,
        typer.Option(help="tau keeps as many answers as it can with at most this share wrong"),
    ] = None,
    delta: Annotated[
        float, typer.Option(help="chance that the bound of --max-error does not hold")
    ] = 0.1,
    score: Annotated[
        str, typer.Option(help="bucket, expected, letters or fused (default: the best)")
    ] = "",
    plot: Annotated[
        Path | None, typer.Option(help="also save the report as a PNG file; needs matplotlib")
    ] = None,
    layout: LayoutOption = None,
    json: JsonOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="print the report, keep nothing")
    ] = False,
) -> None:
    """Measure on labelled questions how often the model's answers are right, and choose tau.

    From then on the model's answers carry the probability that they are right, and tau is compared
    with it. Without --cloud-share and --max-error, answers that are likelier right than wrong are kept.
    The calibration is kept under FOGGEN_HOME, for this very model file. Exit codes: 0 ok, 2 usage, 65
    invalid or too few questions, 66 no input, 78 configuration, 130 interrupted.
    """
    with reported():
        from .calibrate import CalibrateOptions, run_calibrate

        run_calibrate(
            CalibrateOptions(
                source=source,
                model=model,
                cloud_share=cloud_share,
                max_error=max_error,
                delta=delta,
                score=score,
                layout=layout,
                json=json,
                dry_run=dry_run,
                plot=plot,
            )
        )


@app.command()
def doctor(
    model: ModelOption = None, layout: LayoutOption = None, json: JsonOption = False
) -> None:
    """Check this machine, the model and the cloud settings; each problem has a remedy."""
    with reported():
        from .doctor import run_doctor

        run_doctor(model, json, layout)


def _mode(local_only: bool, cloud_only: bool, dry_run: bool) -> str | None:
    """The mode of the flags, of which at most one may be given."""
    given = {"--local-only": local_only, "--cloud-only": cloud_only, "--dry-run": dry_run}
    chosen = [flag for flag, is_given in given.items() if is_given]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} cannot be combined", hint="give only one")
    return MODES[chosen[0]] if chosen else None


def main() -> None:
    """Run the console script."""
    # If llama.cpp aborts this process, it should not start a debugger.
    os.environ.setdefault("GGML_NO_BACKTRACE", "1")
    app()
