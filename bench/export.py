"""Compare the time of an export with llama.cpp's quantizer alone, and measure its peak memory.

    python bench/export.py --shape qwen3-0.6b --quant f16 --quant q8_0 --quant q4_k_m --quant q4_0

A random checkpoint of the shape is made once (bf16, as on the hub). Then three programs run one after
another: our export without verification; the bare calls of `llama_model_quantize` on an F16 file; and
reading the checkpoint's bytes and writing those of the files. The bar is twice the time of the other two
together. Peaks are of anonymous memory, since the system can reclaim mapped files.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from foggen_export.checkpoint import Checkpoint
from foggen_export.quantize import QUANTS, quantize
from latency_memory import FIELDS, Sampler
from random_checkpoint import QWEN, write_checkpoint

BLOCK = 8 << 20  # bytes


def main() -> None:
    arguments = parser().parse_args()
    if arguments.work:  # this is one of the measured processes
        print(json.dumps(measured(arguments)))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        write_checkpoint(folder / "checkpoint", arguments.shape)
        found = {
            work: run(work, folder, arguments.quant) for work in ("export", "quantize", "copy")
        }
    bar = 2 * (found["quantize"]["seconds"] + found["copy"]["seconds"])
    largest = found["export"]["largest_tensor_bytes"]
    print(
        json.dumps(
            {
                "benchmark": "export",
                "shape": arguments.shape,
                "quants": arguments.quant,
                **found,
                "ratio_to_bar": found["export"]["seconds"] / bar,
                "peak_to_bar": found["export"].get("peak_anonymous_bytes", 0)
                / (1.5 * largest + 1e9),
            }
        )
    )


def run(work: str, folder: Path, quants: list[str]) -> dict[str, float]:
    """Run one kind of work in a new process."""
    command = [sys.executable, __file__, "--work", work, "--folder", str(folder)]
    done = subprocess.run(
        [*command, *(part for quant in quants for part in ("-q", quant))],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    print(f"{work}: {found['seconds']:.1f} s", file=sys.stderr)
    return found


def measured(arguments: argparse.Namespace) -> dict[str, float | None]:
    folder, sampler = Path(arguments.folder), Sampler()
    sampler.start()
    started = time.monotonic()
    {"export": do_export, "quantize": do_quantize, "copy": do_copy}[arguments.work](
        folder, arguments.quant
    )
    seconds = time.monotonic() - started
    peaks = {FIELDS[name]: size for name, size in sampler.stop().items()}
    return {"seconds": seconds, **peaks, "largest_tensor_bytes": largest_tensor(folder)}


def do_export(folder: Path, quants: list[str]) -> None:
    from foggen_export.cli import app

    flags = [part for quant in quants for part in ("-q", quant)]
    app(
        [str(folder / "checkpoint"), "-o", str(folder / "ours"), "--no-verify", *flags],
        standalone_mode=False,
    )


def do_quantize(folder: Path, quants: list[str]) -> None:
    """Only the calls of the quantizer, on the F16 file that the export wrote."""
    source = next((folder / "ours").glob("*-f16.gguf"))
    for quant in quants:
        if quant in QUANTS:
            quantize(source, folder / "bare.gguf", quant)


def do_copy(folder: Path, _: list[str]) -> None:
    """Read the checkpoint's bytes once, and write those of every file."""
    for path in (folder / "checkpoint").glob("*.safetensors"):
        with path.open("rb") as file:
            while file.read(BLOCK):
                pass
    for path in (folder / "ours").glob("*.gguf"):
        shutil.copyfile(path, folder / "copy.gguf")
        with (folder / "copy.gguf").open("rb+") as file:
            os.fsync(file.fileno())


def largest_tensor(folder: Path) -> int:
    """The size of the largest tensor in fp32, in bytes."""
    sizes = []
    for tensor in Checkpoint.open(folder / "checkpoint").tensors():
        elements = 1
        for extent in tensor.shape:
            elements *= extent
        sizes.append(4 * elements)
    return max(sizes)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    made.add_argument("--shape", choices=QWEN, default="qwen3-0.6b")
    made.add_argument("-q", "--quant", action="append", default=[])
    made.add_argument("--folder", default=None, help="for the files; about 10 GB for 0.6B")
    made.add_argument("--work", choices=("export", "quantize", "copy"), help=argparse.SUPPRESS)
    return made


if __name__ == "__main__":
    main()
