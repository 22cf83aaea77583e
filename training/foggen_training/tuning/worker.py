"""The SFT step of a round: in this process, or in several.

    accelerate launch --num_processes 2 -m foggen_training.tuning.worker FOLDER

It reads order.json and buffer.jsonl from the round's folder and writes adapter/, in one process or many.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from foggen.errors import ConfigurationError, FogGenError
from foggen_export.loading import load_tokenizer

from ..checkpoints import best_device, load_checkpoint
from ..files import read_json, write_json
from ..labels.label import seed_of
from ..prompts import Prompts
from ..recipe import Recipe
from ..recipe_file import recipe_from
from .buffer import Row, load_buffer, training_rows
from .loop import Progress, Tuning, fine_tune, with_adapters

ORDER = "order.json"
STATE = "training.pt"  # a killed run resumes from it
TRAINED = "trained.json"  # how many rows are trained on, and how many are too long


def write_order(
    folder: Path, recipe: Recipe, start: str, round_name: str, learning_rate: float, epochs: int
) -> None:
    """Write the settings of the SFT step into the folder."""
    order = {
        "recipe": asdict(recipe),
        "start": start,
        "round": round_name,
        "learning_rate": learning_rate,
        "epochs": epochs,
    }
    write_json(folder / ORDER, order)


def tune(folder: Path, processes: int, progress: Progress) -> None:
    """Run the SFT step of a folder; more than one process are started by `accelerate launch`."""
    if processes == 1:
        tune_here(folder, progress)
        return
    command = [
        sys.executable,
        "-m",
        "accelerate.commands.launch",
        "--multi_gpu" if _has_gpus() else "--cpu",
        "--num_processes",
        str(processes),
        "--num_machines",
        "1",
        "--mixed_precision",
        "no",
        "--dynamo_backend",
        "no",
        "-m",
        "foggen_training.tuning.worker",
        str(folder),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FogGenError(
            f"fine-tuning in {processes} processes failed ({done.returncode}):\n{done.stderr[-2000:]}",
            hint="set tuning.processes = 1 to run it in one process",
        )


def tune_here(folder: Path, progress: Progress) -> None:
    """The work of one process; the main one writes the adapter."""
    import torch
    from accelerate import Accelerator

    order = read_json(folder / ORDER)
    recipe = recipe_from(order["recipe"], folder / ORDER)
    start = order["start"]
    prompts = Prompts.of(
        load_tokenizer(start), recipe.model.contract(), recipe.model.raw_contract()
    )
    plan = Tuning(
        recipe.labels,
        recipe.buffer,
        recipe.tuning,
        order["learning_rate"],
        order["epochs"],
        f"{recipe.seed}-{order['round']}",
    )
    accelerator = Accelerator(cpu=best_device().type == "cpu")
    torch.manual_seed(seed_of(plan.seed))  # for the adapters' initial values
    new = prompts.words if recipe.tuning.train_words else ()
    model = with_adapters(load_checkpoint(start), plan.tuning, new)
    rows = load_buffer(folder / "buffer.jsonl")
    if accelerator.is_main_process:
        write_json(folder / TRAINED, counted(prompts, rows, plan))
    fine_tune(model, prompts, rows, plan, accelerator, progress, folder / STATE)
    accelerator.wait_for_everyone()
    if accelerator.is_main_process:
        partial = folder / "adapter.partial"
        shutil.rmtree(partial, ignore_errors=True)
        accelerator.unwrap_model(model).save_pretrained(partial)
        partial.rename(folder / "adapter")
        (folder / STATE).unlink(missing_ok=True)


def counted(prompts: Prompts, rows: Sequence[Row], plan: Tuning) -> dict[str, int]:
    """How many rows of a buffer are trained on, and how many are left out as too long.

    Raises ConfigurationError if all are too long.
    """
    alone = replace(plan.buffer, raw=0.0)  # exactly one training row per row
    lengths = [len(row.ids) for row in training_rows(prompts, rows, plan.labels, alone, plan.seed)]
    fitting = sum(length <= plan.tuning.longest for length in lengths)
    if not fitting:
        raise ConfigurationError(
            f"every row has more tokens than tuning.longest, {plan.tuning.longest}; the shortest has "
            f"{min(lengths)}",
            hint="raise tuning.longest",
        )
    return {"trained": fitting, "too_long": len(lengths) - fitting}


def _has_gpus() -> bool:
    import torch

    return bool(torch.cuda.is_available())


if __name__ == "__main__":
    tune_here(Path(sys.argv[1]), lambda *_: None)
