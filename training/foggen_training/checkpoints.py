"""Loading and saving the fp32 checkpoints between rounds, and exporting them.

Merging into bf16 in every round would put an error of 17 to 48% on the accumulated change of 14 rounds
(fp32: 4.5 to 15%), so the weights stay in fp32 and are cast once, at export.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from foggen.engine.machine import has_bfloat16, processor_name, thread_count
from foggen_export.checkpoint import CONTRACT_FILE
from foggen_export.loading import load_model

from .files import read_json, write_json
from .recipe import ModelPlan

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

    from foggen.engine.contract import Contract
    from foggen_export.provenance import Provenance

TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.json",
    "merges.txt",
    "added_tokens.json",
    "tokenizer.model",
    "chat_template.jinja",
    "generation_config.json",
)


def load_checkpoint(checkpoint: str | Path) -> PreTrainedModel:
    """Load a causal LM in fp32 on the best device; raises ConfigurationError if there is none."""
    model = load_model(checkpoint, attn_implementation=attention())
    return model.to(best_device())


def save_checkpoint(
    model: PreTrainedModel, tokenizer_of: str | Path, folder: Path, plan: ModelPlan | None = None
) -> None:
    """Save weights and config with the tokenizer of another checkpoint; the folder appears whole.

    plan: the plan that the weights were trained with; it is saved too, so that `plan_of` finds it.
    """
    from transformers import AutoTokenizer

    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    model.save_pretrained(partial)
    if Path(tokenizer_of).is_dir():  # copied, since loading and saving may change a tokenizer
        for name in TOKENIZER_FILES:
            if (Path(tokenizer_of) / name).exists():
                shutil.copy2(Path(tokenizer_of) / name, partial / name)
    else:
        AutoTokenizer.from_pretrained(tokenizer_of).save_pretrained(partial)
    if plan:
        write_json(partial / CONTRACT_FILE, asdict(plan))
    partial.rename(folder)


def plan_of(folder: Path) -> ModelPlan:
    """The plan that a checkpoint was trained with: the one saved by its chain, or the published one."""
    path = folder / CONTRACT_FILE
    if path.exists():
        return ModelPlan(**(read_json(path) | {"base": str(folder)}))
    kind = str(read_json(folder / "config.json").get("model_type", ""))
    return ModelPlan(str(folder), "gemma3" if kind.startswith("gemma3") else "qwen3")


def attention() -> str:
    """The fastest implementation of attention for training on this machine.

    On a CPU the backward pass of the fused one was slower than that of plain products: 95 against 70 us
    per token of a training step (2 cores, bf16 autocast, rows of about 70 tokens).
    """
    return "eager" if best_device().type == "cpu" else "sdpa"


def best_device() -> torch.device:
    """CUDA, then Apple's MPS, then the CPU."""
    import torch

    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def multiplies_in_half(device: torch.device) -> bool:
    """Whether a device has instructions for bf16 matrix products; a CPU without them is faster in fp32."""
    import torch

    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "mps" or has_bfloat16()


def halve_frozen(model: PreTrainedModel) -> None:
    """Convert the frozen matrices of linear layers to bf16, once.

    Autocast would do so in every pass, with the same result; with a vocabulary of 262k that took a
    twelfth of a step. The embedding stays in fp32, so a tied output matrix becomes a copy.
    """
    import torch

    for module in model.modules():
        if type(module) is torch.nn.Linear and not module.weight.requires_grad:
            half = module.weight.detach().to(torch.bfloat16)
            module.weight = torch.nn.Parameter(half, requires_grad=False)


def machine() -> str:
    """A description of this machine for a card."""
    device = best_device().type
    cores = f"{thread_count()} cores of an {processor_name()}"
    return f"{cores}, no accelerator" if device == "cpu" else f"{device} with {cores}"


def to_gguf(
    checkpoint: str,
    contract: Contract,
    quant: str,
    output: Path,
    title: str,
    provenance: Provenance | None = None,
) -> Path:
    """Export a checkpoint as a GGUF with its contract.

    provenance: licence and base models for the file's metadata.
    """
    from foggen_export.checkpoint import Checkpoint
    from foggen_export.exporting import export

    source = Checkpoint.open(Path(checkpoint))
    return export(source, contract, quant, output, name=title, provenance=provenance)
