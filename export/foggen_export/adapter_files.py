"""An adapter's folder: reading its config and tensors, and checking that they fit a base.

PEFT loads the tensors that it recognises and only warns about the rest; a file whose names have another
prefix would leave the base unchanged. So every tensor is matched before anything is loaded.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foggen.errors import ConfigurationError, ModelFileError

from .checkpoint import ADAPTER_FILE as CONFIG_FILE

if TYPE_CHECKING:
    import torch
    from peft import PeftConfig, PeftModel

WEIGHT_FILES = ("adapter_model.safetensors", "adapter_model.bin")
BASE_HINT = "give the base that it was trained on"

RAISED_BY_PEFT = (AttributeError, KeyError, OSError, RuntimeError, TypeError, ValueError)

Weights = dict[str, "torch.Tensor"]


@contextmanager
def refusing(message: str, hint: str) -> Iterator[None]:
    """Turn errors of PEFT into a ModelFileError with this message and the first line of PEFT's reason."""
    from safetensors import SafetensorError

    try:
        yield
    except (*RAISED_BY_PEFT, SafetensorError) as exc:
        reason = next(iter(str(exc).splitlines()), type(exc).__name__)
        raise ModelFileError(f"{message}: {reason}", hint=hint) from exc


def read_adapter(adapter: Path) -> tuple[PeftConfig, Weights]:
    """Read the config and tensors of an adapter.

    Raises ConfigurationError if there is no adapter, ModelFileError if it cannot be merged.
    """
    from peft import PeftConfig
    from peft.utils import load_peft_weights

    if not (adapter / CONFIG_FILE).is_file():
        raise ConfigurationError(
            f"{adapter} has no {CONFIG_FILE}", hint="give an adapter's folder or hub id"
        )
    if not any((adapter / name).is_file() for name in WEIGHT_FILES):
        raise ConfigurationError(
            f"{adapter} has no {WEIGHT_FILES[0]}", hint="save the adapter again"
        )
    with refusing(f"{adapter} cannot be read", "save the adapter again"):
        _check_kind(adapter)
        config = PeftConfig.from_pretrained(str(adapter))
        weights: Weights = load_peft_weights(str(adapter), device="cpu")
    _refuse_what_cannot_be_merged(adapter, config, weights)
    config.inference_mode = True
    return config, weights


def _check_kind(adapter: Path) -> None:
    from peft import PeftType

    kind = _stored_config(adapter).get("peft_type")
    if kind not in [known.value for known in PeftType]:
        raise ValueError(f"peft_type is {kind!r}")


def _stored_config(adapter: Path) -> dict[str, Any]:
    found = json.loads((adapter / CONFIG_FILE).read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{CONFIG_FILE} is not a JSON object")
    return found


def _refuse_what_cannot_be_merged(adapter: Path, config: PeftConfig, weights: Weights) -> None:
    if config.is_prompt_learning:
        raise ModelFileError(
            f"{adapter} is a {config.peft_type.value} adapter, which changes no weights",
            hint="give a LoRA adapter",
        )
    if unknown := _unknown_features(adapter, config):
        raise ModelFileError(
            f"{adapter}/{CONFIG_FILE} uses {', '.join(unknown)}, which the installed peft does not know",
            hint="install a newer peft",
        )
    for name, tensor in weights.items():
        if not bool(tensor.isfinite().all()):
            raise ModelFileError(
                f"{adapter}: tensor {name!r} has values that are not finite",
                hint="train the adapter again",
            )


def _unknown_features(adapter: Path, config: PeftConfig) -> list[str]:
    """Features that the config switches on and the installed PEFT would ignore with a warning.

    A newer PEFT also writes features that are off, and numbers and strings that only configure a feature
    which another key switches on; these are not listed.
    """
    return sorted(
        name
        for name, value in _stored_config(adapter).items()
        if not hasattr(config, name)
        and (value is True or (value and isinstance(value, dict | list)))
    )


def check_fit(adapter: Path, live: PeftModel, weights: Weights) -> None:
    """Raise ModelFileError unless the file has exactly the tensors that the model expects.

    live: the model with a new adapter, before the file's tensors are loaded.
    """
    from peft import get_peft_model_state_dict

    state = live.state_dict()
    places = get_peft_model_state_dict(live, state_dict=state, save_embedding_layers=False)
    wrong = dict(_misfits(weights, {**state, **places}))
    if wrong:
        name, reason = next(iter(wrong.items()))
        raise _misfit(adapter, len(weights) - len(wrong), len(weights), f"{name}, which {reason}")
    lacking = [name for name in places if name not in weights]
    if lacking:
        filled = len(places) - len(lacking)
        raise _misfit(adapter, filled, len(places), f"{lacking[0]}, which is not in its file")
    for name in getattr(live.peft_config["default"], "modules_to_save", None) or ():
        if not any(f"{name}." in place for place in places):
            raise ModelFileError(
                f"{adapter} does not fit the model: its modules_to_save names {name}, which the model lacks",
                hint=BASE_HINT,
            )
    _refuse_torn_ends(adapter, state, weights)


def _misfits(weights: Weights, places: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, tensor in weights.items():
        if name not in places:
            yield name, "has no place in the model"
        elif tensor.shape != places[name].shape:
            yield name, f"is {tuple(tensor.shape)} where the model has {tuple(places[name].shape)}"


def _misfit(adapter: Path, fit: int, total: int, first: str) -> ModelFileError:
    return ModelFileError(
        f"{adapter} does not fit the model: {fit} of {total} tensors fit; the first that does not "
        f"is {first}",
        hint=BASE_HINT,
    )


def no_place(adapter: Path, weights: Weights, reason: object) -> ModelFileError:
    """The error for an adapter whose config matches no layer of the model."""
    first = next(iter(weights), "none, since its file is empty")
    detail = next(iter(str(reason).splitlines()), "").partition(". ")[0]
    return _misfit(adapter, 0, len(weights), f"{first} ({detail})")


def _refuse_torn_ends(adapter: Path, state: Weights, weights: Weights) -> None:
    """Raise ModelFileError if the file has base weights that would give a tied matrix two values.

    PEFT saves the matrix of an adapted head with the adapter; loaded into a tied base, it would replace
    the embedding as well.
    """
    shared = defaultdict(list)
    for name, tensor in state.items():
        shared[tensor.data_ptr()].append(name)
    for names in shared.values():
        given = [name for name in names if name in weights]
        values = [weights.get(name, state[name]).to(state[name]) for name in names if given]
        if any(not bool((value == values[0]).all()) for value in values[1:]):
            raise ModelFileError(
                f"{adapter} has its own {given[0]}, but embedding and head of the model share one matrix",
                hint="give a base with separate embedding and head",
            )
