"""`foggen_export.sources`: a checkpoint from a hub on loopback, and an adapter merged into its base."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")
pytest.importorskip("huggingface_hub")

from ..edge.loopback_hub import COMMIT, REPO, LoopbackHub
from .conftest import PUBLISHED
from .test_gguf_file import source_values, tensors, values

TARGETS = ["q_proj", "up_proj"]


@pytest.fixture
def hub(tied_checkpoint: tuple[Path, Any]) -> Iterator[LoopbackHub]:
    """The checkpoint's repository, with a file that no export needs."""
    files = {path.name: path.read_bytes() for path in tied_checkpoint[0].iterdir()}
    with LoopbackHub({**files, "pytorch_model.bin": b"the same weights again"}) as served:
        yield served


def export(
    url: str, home: Path, *arguments: object, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: huggingface_hub reads its settings once, at import."""
    settings = {"HF_ENDPOINT": url, "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1", **environment}
    command = [sys.executable, "-c", "from foggen_export.cli import main; main()"]
    return subprocess.run(
        [*command, *map(str, arguments)],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("foggen: ")
    return line


# --- the hub ------------------------------------------------------------------------------------


def test_a_hub_id_is_exported_with_its_commit(
    hub: LoopbackHub, tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = export(hub.url, tmp_path / "hf", REPO, "-o", out, "-q", "f32", "--no-verify", *PUBLISHED)
    assert (done.returncode, done.stderr) == (0, "")
    (path,) = map(Path, done.stdout.splitlines())
    assert path.name == f"{REPO.split('/')[1]}-f32.gguf"
    manifest = json.loads(path.with_name(f"{path.name}.manifest.json").read_text("utf-8"))
    assert (manifest["source"], manifest["commit"]) == (REPO, COMMIT)
    source = source_values(tied_checkpoint[0])
    np.testing.assert_array_equal(
        values(tensors(path)["token_embd.weight"]), source["model.embed_tokens.weight"]
    )
    asked = {item.path.rsplit("/", 1)[-1] for item in hub.of_files()}
    assert "model.safetensors" in asked
    assert "pytorch_model.bin" not in asked


def test_a_revision_is_asked_for(hub: LoopbackHub, tmp_path: Path) -> None:
    flags = ["-o", tmp_path / "out", "-q", "f16", "--no-verify", "--revision", "round-3"]
    assert export(hub.url, tmp_path / "hf", REPO, *flags).returncode == 0
    assert any("round-3" in item.path for item in hub.asked)


def test_what_is_in_the_hubs_cache_needs_no_hub(hub: LoopbackHub, tmp_path: Path) -> None:
    flags = ["-o", tmp_path / "out", "-q", "f16", "--no-verify"]
    assert export(hub.url, tmp_path / "hf", REPO, *flags).returncode == 0
    before = len(hub.asked)
    done = export(hub.url, tmp_path / "hf", REPO, *flags, HF_HUB_OFFLINE="1")
    assert (done.returncode, len(hub.asked)) == (0, before)


@pytest.mark.parametrize(
    ("name", "token", "offline"),
    [(REPO, "secret", ""), ("someone/nothing", "", ""), (REPO, "", "1")],
    ids=["denied", "not there", "offline and not in the cache"],
)
def test_what_the_hub_does_not_give_is_one_clear_line(
    hub: LoopbackHub, tmp_path: Path, name: str, token: str, offline: str
) -> None:
    hub.token = token
    done = export(
        hub.url, tmp_path / "hf", name, "-o", tmp_path / "out", "-q", "f16", HF_HUB_OFFLINE=offline
    )
    assert done.returncode == 78
    assert f"{name} cannot be downloaded from the hub" in one_line(done)
    assert "HF_TOKEN" in done.stderr
    assert not (tmp_path / "out").exists()


# --- adapters -----------------------------------------------------------------------------------


def write_adapter(base: Path, folder: Path, **changes: Any) -> dict[str, np.ndarray]:
    """A LoRA adapter of random matrices, and what it adds to each of the base's weights, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import AutoModelForCausalLM

        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        config = LoraConfig(r=4, lora_alpha=12, target_modules=TARGETS, task_type="CAUSAL_LM")
        adapted = get_peft_model(model, config)
        torch.manual_seed(3)
        added = {}
        for name, module in adapted.named_modules():
            if hasattr(module, "lora_A") and "default" in module.lora_A:
                down, up = module.lora_A["default"].weight, module.lora_B["default"].weight
                up.data = torch.randn_like(up) * 0.05
                added[name.removeprefix("base_model.model.") + ".weight"] = (
                    (up @ down * 3).detach().numpy()  # alpha over rank
                )
        adapted.save_pretrained(folder)
    config_file = folder / "adapter_config.json"
    config_file.write_text(json.dumps(json.loads(config_file.read_text("utf-8")) | changes))
    return added


def test_an_adapter_is_merged_into_its_base(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    base, out = tied_checkpoint[0], tmp_path / "out"
    added = write_adapter(base, tmp_path / "adapter")
    done = export(
        "",
        tmp_path / "hf",
        base,
        "--adapter",
        tmp_path / "adapter",
        "-o",
        out,
        "-q",
        "f32",
        *PUBLISHED,
    )
    assert (done.returncode, done.stderr) == (0, "")
    path = Path(done.stdout.splitlines()[0])
    found, source = tensors(path), source_values(base)
    names = {"self_attn.q_proj": "attn_q", "mlp.up_proj": "ffn_up"}
    assert len(added) == 8  # two matrices in each of four layers
    for name, change in added.items():
        _, _, layer, kind = name.removesuffix(".weight").split(".", 3)
        np.testing.assert_allclose(
            values(found[f"blk.{layer}.{names[kind]}.weight"]), source[name] + change, atol=1e-6
        )
    np.testing.assert_array_equal(
        values(found["blk.2.ffn_down.weight"]), source["model.layers.2.mlp.down_proj.weight"]
    )
    manifest = json.loads(path.with_name(f"{path.name}.manifest.json").read_text("utf-8"))
    assert manifest["source"] == f"{base} with {tmp_path / 'adapter'}"
    assert sorted(file.suffix for file in out.iterdir()) == [".gguf", ".json", ".json", ".md"]


def test_an_adapter_comes_from_the_hub_too(
    hub: LoopbackHub, tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    write_adapter(tied_checkpoint[0], tmp_path / "adapter")
    hub.files = {path.name: path.read_bytes() for path in (tmp_path / "adapter").iterdir()}
    done = export(
        hub.url,
        tmp_path / "hf",
        tied_checkpoint[0],
        "--adapter",
        REPO,
        "-o",
        tmp_path / "out",
        "-q",
        "f16",
        "--no-verify",
        *PUBLISHED,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_without_an_adapter_is_said(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    done = export(
        "",
        tmp_path / "hf",
        tied_checkpoint[0],
        "--adapter",
        tmp_path,
        "-o",
        tmp_path / "out",
        "-q",
        "f16",
    )
    assert done.returncode == 78
    assert "has no adapter_config.json" in one_line(done)


def test_an_adapter_of_another_base_is_said(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    write_adapter(tied_checkpoint[0], tmp_path / "adapter", r=6)
    done = export(
        "",
        tmp_path / "hf",
        tied_checkpoint[0],
        "--adapter",
        tmp_path / "adapter",
        "-o",
        tmp_path / "out",
        "-q",
        "f16",
    )
    assert done.returncode == 65
    assert "does not fit" in one_line(done)
    assert list((tmp_path / "out").iterdir()) == []
