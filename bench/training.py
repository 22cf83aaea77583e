"""Measure the cost of the recipe on this machine: a training step, a label, a round, and the memory.

    python bench/training.py                                  # Gemma-3 270M, Qwen3-0.6B, Gemma-3 1B
    python bench/training.py --shape gemma3-270m --seconds 60
    python bench/training.py --checkpoint FOLDER --data FOLDER  # a real checkpoint and real questions

Checkpoints of random weights are made in the exact shapes; nothing is downloaded. Questions are made up;
their lengths are log-normal with a mean of 240 tokens and a 99th percentile of 637, like those of 6 x 3,000
real exam questions in Qwen's vocabulary. Steps and labels are computed by the product's own code:

    reply     an SFT step of the product: logits of the reply's tokens only
    all       the same step with logits of every token, as in most training loops
    exact     labels in closed form
    sampled   8 replies of 13 tokens, the length of a well-formed reply (a random model does not end them)

Every part is measured in its own process; the parts take turns for `--rounds` rounds. Rates are medians,
memory is the largest value. The seconds of a round are for 300 new and 1,500 replayed rows, two epochs and
1,400 questions to measure. A table for people comes first; the last line on stdout is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from random_checkpoint import NAMES, write_checkpoint
from training_parts import PARTS, measured

SHAPES = ("gemma3-270m", "qwen3-0.6b", "gemma3-1b")
ROWS, EPOCHS, QUESTIONS = 1800, 2, 1400  # in a published round


def main() -> None:
    arguments = parser().parse_args()
    if arguments.part:  # this is one of the measured processes
        print(json.dumps(measured(arguments.part, arguments.checkpoint, arguments.data, arguments)))
        return
    if arguments.checkpoint:
        shapes = {arguments.checkpoint.name: compared(arguments.checkpoint, arguments)}
    else:
        shapes = {shape: of_shape(shape, arguments) for shape in arguments.shape or SHAPES}
    print("\n".join(table(shapes)))
    print(
        json.dumps(
            {
                "benchmark": "training",
                "seconds": arguments.seconds,
                "shapes": shapes,
                "micro_batch": arguments.micro_batch,
                "rounds": arguments.rounds,
                "machine": machine_words(),
            }
        )
    )


def of_shape(shape: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure the parts of one shape, on random weights that are deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-training-", dir=arguments.folder) as name:
        folder = Path(name) / shape
        write_checkpoint(folder, shape)
        return compared(folder, arguments)


def compared(checkpoint: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure rates and memory of every part, their ratios, and the seconds of a round."""
    runs = [
        {part: run(part, checkpoint, arguments) for part in PARTS} for _ in range(arguments.rounds)
    ]
    parts = {
        part: {
            "rate": statistics.median(one[part]["rate"] for one in runs),
            "rates": [one[part]["rate"] for one in runs],
            "memory_bytes": max(one[part]["memory_bytes"] or 0 for one in runs),
        }
        for part in PARTS
    }
    rate = {part: figures["rate"] for part, figures in parts.items()}
    train, measure = EPOCHS * ROWS / rate["reply"], QUESTIONS / rate["exact"]
    return {
        "parts": parts,
        "tokens_per_row": runs[0]["reply"]["tokens_per_row"],
        "reply_to_all": rate["reply"] / rate["all"],
        "exact_to_sampled": rate["exact"] / rate["sampled"],
        "round_seconds": {
            mode: train + measure + ROWS / rate[mode] for mode in ("exact", "sampled")
        },
    }


def run(part: str, checkpoint: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """Measure one part in a new process."""
    command = [
        sys.executable,
        __file__,
        "--part",
        part,
        "--checkpoint",
        str(checkpoint),
        "--seconds",
        str(arguments.seconds),
        "--micro-batch",
        str(arguments.micro_batch),
        "--layout",
        arguments.layout,
    ]
    if arguments.data:
        command += ["--data", str(arguments.data)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{checkpoint.name} {part}: {figures['rate']:.2f} a second", file=sys.stderr)
    return figures


def table(shapes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    lines = [
        "| shape | part | a second | tokens a second | memory, GB |",
        "|---|---|---:|---:|---:|",
    ]
    for name, shape in shapes.items():
        for part, figures in shape["parts"].items():
            unit = "rows" if part in ("reply", "all") else "questions"
            tokens = f"{figures['rate'] * shape['tokens_per_row']:.0f}" if unit == "rows" else "-"
            lines.append(
                f"| {name} | {part} | {figures['rate']:.2f} {unit} | {tokens} | "
                f"{figures['memory_bytes'] / 1e9:.1f} |"
            )
    for name, shape in shapes.items():
        seconds = shape["round_seconds"]
        lines.append(
            f"\n{name}: reply-only logits are {shape['reply_to_all']:.1f} times as fast as all, exact "
            f"labels {shape['exact_to_sampled']:.1f} times as fast as sampled; a published round takes "
            f"{seconds['exact'] / 60:.0f} min with exact labels, {seconds['sampled'] / 60:.0f} min with "
            "sampled ones."
        )
    return lines


def machine_words() -> str:
    from foggen_training.checkpoints import machine

    return machine()


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--shape", action="append", choices=NAMES, help="repeatable")
    options.add_argument(
        "--checkpoint", type=Path, help="a real checkpoint's folder in place of shapes"
    )
    options.add_argument(
        "--data", type=Path, help="folder of {domain}.train.jsonl, for its questions"
    )
    options.add_argument("--layout", default="qwen3", help="chat layout of --checkpoint")
    options.add_argument("--seconds", type=float, default=30.0, help="for each part")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--micro-batch", type=int, default=4096, help="tokens at once")
    options.add_argument(
        "--folder", help="where the checkpoints are made; the system's if not given"
    )
    options.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    return options


if __name__ == "__main__":
    main()
