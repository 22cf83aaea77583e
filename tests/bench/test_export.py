"""The export's benchmarks: from end to end on the smallest shape; what the comparison tells apart."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import gguf
import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

BENCH = Path(__file__).parents[2] / "bench"
sys.path.insert(0, str(BENCH))  # as in `python bench/converter.py`

import converter  # noqa: E402


def test_an_export_is_set_beside_the_quantizer_and_a_copy(tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(BENCH / "export.py"),
        "--shape",
        "nano",
        "--folder",
        str(tmp_path),
    ]
    done = subprocess.run(
        [*command, "-q", "f16", "-q", "q8_0"], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["benchmark"], found["shape"], found["quants"]) == (
        "export",
        "nano",
        ["f16", "q8_0"],
    )
    for work in ("export", "quantize", "copy"):
        assert found[work]["seconds"] > 0
        assert found[work]["largest_tensor_bytes"] == 2048 * 256 * 4
    bar = 2 * (found["quantize"]["seconds"] + found["copy"]["seconds"])
    assert found["ratio_to_bar"] == pytest.approx(found["export"]["seconds"] / bar)
    assert list(tmp_path.iterdir()) == []


def write(path: Path, *, shift: float = 0.0, name: str = "a", score: float = -1.0) -> Path:
    writer = gguf.GGUFWriter(path, "qwen3")
    writer.add_name(name)
    writer.add_context_length(64)
    writer.add_token_scores([0.0, score])
    writer.add_token_types([1, 1])
    writer.add_tensor("w", np.ones((2, 32), np.float32) + shift)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_what_the_comparison_with_the_converter_tells_apart(tmp_path: Path) -> None:
    def compared(**changes: float | str) -> tuple[list[str], list[str]]:
        paths = write(tmp_path / "a.gguf"), write(tmp_path / "b.gguf", **changes)  # type: ignore[arg-type]
        ours, theirs = map(gguf.GGUFReader, paths)
        keys = converter.differing_keys(converter.keys(ours), converter.keys(theirs))
        return converter.differing_tensors(ours, theirs), list(keys)

    assert compared() == ([], [])
    assert compared(name="b") == ([], [])
    assert compared(score=-5.0) == ([], [])
    assert compared(score=5.0) == ([], ["tokenizer.ggml.scores"])
    assert compared(shift=1e-6) == (["w"], [])
