"""Random adapters for the tests, with what they say while they are live."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from foggen.engine.native import Model
from foggen_export.parity import exact_context, last_logits

IDS = list(range(5, 40))  # a prompt of any tokens
LAYERS = ("q_proj", "v_proj", "down_proj")
Weights = dict[str, Any]


def write_adapter(base: Path, folder: Path, **settings: Any) -> np.ndarray:
    """A LoRA adapter in `folder`, every tensor of it random. Returns the live model's last logits.

    settings: of peft's LoraConfig.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, at import and about tied ends
        import torch
        from peft import LoraConfig, get_peft_model

        torch.manual_seed(3)
        given = {"target_modules": list(LAYERS), "r": 4, "lora_alpha": 8, **settings}
        live = get_peft_model(load(base), LoraConfig(task_type="CAUSAL_LM", **given))
        for weights in live.parameters():
            if weights.requires_grad:
                weights.data.add_(torch.randn_like(weights) * 0.15)
        live.save_pretrained(folder)
        return logits(live.eval())


def load(folder: Path) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def logits(model: Any) -> np.ndarray:
    """Of a transformers model, after the prompt."""
    import torch

    with torch.inference_mode():
        return model(torch.tensor([IDS])).logits[0, -1].numpy()


def said_by(gguf: Path) -> np.ndarray:
    """The logits of an exported file, after the prompt."""
    model = Model(gguf)
    with exact_context(model, len(IDS)) as context:
        found = last_logits(context, IDS).copy()
    model.close()
    return found


def difference(found: np.ndarray, expected: np.ndarray) -> float:
    """The largest of any logit, as a share of the largest logit."""
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def edit_weights(folder: Path, change: Callable[[Weights], Weights]) -> None:
    from safetensors.torch import load_file, save_file

    path = folder / "adapter_model.safetensors"
    save_file(change(load_file(path)), path)


def edit_config(folder: Path, **changes: Any) -> None:
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")
