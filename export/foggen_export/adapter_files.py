"""An adapter's folder: its config and its tensors, and whether they have a place on a given base.

PEFT loads the tensors that it recognises, warns about the rest, and a file whose names have another
prefix leaves the base as it was. So nothing is loaded before every tensor has been matched.
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
    """Turns whatever PEFT raises over an adapter into one line: the message, and PEFT's reason."""
    from safetensors import SafetensorError

    try:
        yield
    except (*RAISED_BY_PEFT, SafetensorError) as exc:
        reason = next(iter(str(exc).splitlines()), type(exc).__name__)
        raise ModelFileError(f"{message}: {reason}", hint=hint) from exc


def read_adapter(adapter: Path) -> tuple[PeftConfig, Weights]:
    """The config and the tensors of a folder.

    Raises ConfigurationError where there is no adapter, ModelFileError for one that cannot be merged.
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
        raise ValueError(f"{CONFIG_FILE} holds no object")
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
    """What the config switches on and PEFT would leave out with a warning.

    A newer PEFT also writes down the features that are off, and numbers and words that only set up
    a feature which something else switches on.
    """
    return sorted(
        name
        for name, value in _stored_config(adapter).items()
        if not hasattr(config, name)
        and (value is True or (value and isinstance(value, dict | list)))
    )


def check_fit(adapter: Path, live: PeftModel, weights: Weights) -> None:
    """Raises ModelFileError unless the tensors of the file and the places on the model are the same.

    live: the model with the adapter's places made and still empty.
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
                f"{adapter} does not fit the model: its modules_to_save name {name}, which is not there",
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
    """For an adapter whose config finds nothing in the model to adapt."""
    first = next(iter(weights), "none, as there are none")
    detail = next(iter(str(reason).splitlines()), "").partition(". ")[0]
    return _misfit(adapter, 0, len(weights), f"{first} ({detail})")


def _refuse_torn_ends(adapter: Path, state: Weights, weights: Weights) -> None:
    """Refuses base weights in the file that would leave a shared matrix with two values.

    PEFT saves an adapted head's own matrix beside its adapter; loaded into a tied base, another
    matrix would replace the embedding as well.
    """
    shared = defaultdict(list)
    for name, tensor in state.items():
        shared[tensor.data_ptr()].append(name)
    for names in shared.values():
        given = [name for name in names if name in weights]
        values = [weights.get(name, state[name]).to(state[name]) for name in names if given]
        if any(not bool((value == values[0]).all()) for value in values[1:]):
            raise ModelFileError(
                f"{adapter} has its own {given[0]}, and the model uses that matrix at both ends",
                hint="give a base whose embedding and head are two matrices",
            )
