"""Pull a checkpoint from a hub on loopback, as the base install does it: peak memory, wall time, and the bytes.

    python bench/pull.py --shape qwen3-0.6b --tokenizer --python /tmp/base/bin/python
    python bench/pull.py --checkpoint build/gemma-3-270m --python /tmp/base/bin/python
    python bench/pull.py --gguf build/gemma-3-270m-q4_k_m.gguf    # its weights as fp32 safetensors, made once

--python is that of an environment with only the base install; it runs `models pull` and then `ask`, with this
checkout's code. The peak is the largest sum of resident pages of all its processes, anonymous and mapped ones
apart. Then `foggen_export` exports the same folder here, and every tensor is compared byte for byte. One JSON
object goes to stdout.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from math import prod
from pathlib import Path

import gguf
import psutil

from foggen_export.checkpoint import Checkpoint
from foggen_export.contracts import contract_for
from foggen_export.exporting import export
from random_checkpoint import QWEN, write_checkpoint

REPOSITORY = Path(__file__).resolve().parents[1]
SAMPLE_EVERY_S = 0.02
SHARD = "400MB"  # so that the checkpoint has several files
QUESTION = "What is 2 + 2?\nA. 3\nB. 4\nC. 5\nD. 22"
COMMAND = ("-c", "from foggen.cli.main import main; main()")
ROOMS = ("edge", "cloud_client", "export")


@dataclass
class Peaks:
    """The most bytes of resident pages: anonymous ones alone, and with those of mapped files."""

    anonymous: int = 0
    resident: int = 0

    def sample(self, process: psutil.Process) -> None:
        anonymous = resident = 0
        for one in [process, *process.children(recursive=True)]:
            fields = pages(one.pid)
            anonymous += fields.get("RssAnon", 0)
            resident += fields.get("VmRSS", 0)
        self.anonymous = max(self.anonymous, anonymous)
        self.resident = max(self.resident, resident)


def pages(pid: int) -> dict[str, int]:
    """A process's resident pages in bytes, by their names in /proc; empty if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    values = dict(line.split(":", 1) for line in lines)
    return {
        name: int(values[name].split()[0]) * 1024 for name in ("RssAnon", "VmRSS") if name in values
    }


def main() -> None:
    options = parser().parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        scratch = Path(name)
        folder = checkpoint_of(options, scratch)
        found = pulled(folder, options, scratch)
        largest = max(4 * prod(tensor.shape) for tensor in Checkpoint.open(folder).tensors())
        found |= {
            "largest_tensor_bytes": largest,
            "peak_to_bar": found["peak_resident_bytes"] / (1.5 * largest + 1e9),
            **exported(folder, options.quant, scratch),
        }
    print(json.dumps({"benchmark": "pull", "quant": options.quant, **found}))


def checkpoint_of(options: argparse.Namespace, scratch: Path) -> Path:
    """The checkpoint's folder: the given one, a GGUF's weights beside it, or random weights of a shape."""
    if options.checkpoint:
        return Path(options.checkpoint)
    if options.gguf:
        from foggen_training.bases import dequantized

        return dequantized(options.gguf, options.gguf.with_suffix(""))
    folder = scratch / options.shape
    write_checkpoint(folder, options.shape, shard=SHARD)
    if options.tokenizer:
        from tests.edge.nano_model import save_qwen_tokenizer

        save_qwen_tokenizer(folder)
    return folder


def pulled(folder: Path, options: argparse.Namespace, scratch: Path) -> dict[str, object]:
    from tests.edge.loopback_hub import REPO, LoopbackHub

    with LoopbackHub({path.name: path.read_bytes() for path in folder.iterdir()}) as hub:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(str(REPOSITORY / room) for room in ROOMS),
            "FOGGEN_HOME": str(scratch / "home"),
            "HF_HUB_CACHE": str(scratch / "cache"),
            "HF_ENDPOINT": hub.url,
        }
        command = [options.python, *COMMAND, "models", "pull", f"{REPO}:{options.quant}"]
        begun, peaks = time.monotonic(), Peaks()
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as child:
            process = psutil.Process(child.pid)
            while child.poll() is None:
                peaks.sample(process)
                time.sleep(SAMPLE_EVERY_S)
        seconds = time.monotonic() - begun
        if child.returncode:
            raise SystemExit(child.returncode)
    ask = [options.python, *COMMAND, "ask", "--json", "--local-only", "-m", REPO, QUESTION]
    said = subprocess.run(ask, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return {
        "pull_seconds": seconds,
        "peak_resident_bytes": peaks.resident,
        "peak_anonymous_bytes": peaks.anonymous,
        "edge_answer": json.loads(said.stdout)["edge_answer"],
    }


def exported(folder: Path, quant: str, scratch: Path) -> dict[str, object]:
    """The time of the same export here, and whether its tensors are those of the pulled file."""
    checkpoint, begun = Checkpoint.open(folder), time.monotonic()
    made = export(checkpoint, contract_for(checkpoint), quant, scratch / "made.gguf", name="made")
    seconds = time.monotonic() - begun
    (found,) = (scratch / "home").rglob("*.gguf")
    mine, theirs = (gguf.GGUFReader(path).tensors for path in (found, made))
    equal = [
        (one.name, one.tensor_type) == (other.name, other.tensor_type)
        and one.data.tobytes() == other.data.tobytes()
        for one, other in zip(mine, theirs, strict=True)
    ]
    return {"export_seconds": seconds, "tensors": len(equal), "equal_tensors": sum(equal)}


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    source = made.add_mutually_exclusive_group(required=True)
    source.add_argument("--checkpoint", type=Path, help="the folder of one")
    source.add_argument("--gguf", type=Path, help="a GGUF whose weights are made one, beside it")
    source.add_argument(
        "--shape", choices=QWEN, help="random weights in bfloat16, in several files"
    )
    made.add_argument(
        "--tokenizer", action="store_true", help="with the shared folder's Qwen vocabulary"
    )
    made.add_argument("--python", default=sys.executable, help="of the base install")
    made.add_argument("-q", "--quant", default="q8_0")
    made.add_argument("--folder", default=None, help="for the files; about 6 GB for 0.6B")
    return made


if __name__ == "__main__":
    sys.path.insert(0, str(REPOSITORY))  # for tests.edge: the hub, and the vocabulary
    main()
