"""`foggen_export.adapter_files`: an adapter of which something does not fit is refused by name."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")

from foggen.errors import ConfigurationError, ModelFileError
from foggen_export.adapters import Adapted, with_adapter

from .adapters import Weights, edit_config, edit_weights, load
from .test_cli import one_line, run

Damage = Callable[[Path], object]


def renamed(old: str, new: str) -> Damage:
    return lambda folder: edit_weights(
        folder, lambda weights: {name.replace(old, new): weights[name] for name in weights}
    )


def with_config(**changes: Any) -> Damage:
    return lambda folder: edit_config(folder, **changes)


def with_another_layer(folder: Path) -> None:
    def add(weights: Weights) -> Weights:
        last = {name: tensor for name, tensor in weights.items() if "layers.3" in name}
        return weights | {n.replace("layers.3", "layers.9"): t.clone() for n, t in last.items()}

    edit_weights(folder, add)


def without_a_layer(folder: Path) -> None:
    edit_weights(folder, lambda w: {name: w[name] for name in w if "layers.3" not in name})


def one_column_short(folder: Path) -> None:
    def cut(name: str, tensor: Any) -> Any:
        wanted = "layers.2" in name and "lora_A" in name
        return tensor[:, 1:].contiguous() if wanted else tensor

    edit_weights(folder, lambda weights: {name: cut(name, weights[name]) for name in weights})


def not_gathered(folder: Path) -> None:
    """As a sharded trainer writes it that saves what one process holds."""
    edit_weights(folder, lambda weights: {name: weights[name][:0] for name in weights})


MISFITS: dict[str, tuple[Damage, str]] = {
    "another wrapper": (
        renamed("model.model.layers", "model.model.language_model.layers"),
        r"0 of 24 tensors fit; .*model\.language_model\.layers\.0\..*, which has no place",
    ),
    "no wrapper": (renamed("base_model.model.", ""), "0 of 24 tensors fit"),
    "wrapped twice": (
        renamed("base_model.model.", "base_model.model.base_model.model."),
        "0 of 24",
    ),
    "another adapter's name": (
        renamed(".weight", ".mine.weight"),
        r"0 of 24.*lora_.\.mine\.weight",
    ),
    "some modules renamed": (renamed("layers.3.mlp", "layers.3.ffn"), r"22 of 24.*layers\.3\.ffn"),
    "more layers": (with_another_layer, r"24 of 30 tensors fit; .*layers\.9\."),
    "fewer layers": (without_a_layer, r"18 of 24.*layers\.3\..*, which is not in its file"),
    "another width": (one_column_short, r"21 of 24.*which is \(4, \d+\) where the model has \(4, "),
    "another rank": (with_config(r=6), r"0 of 24 tensors fit; .*\(6, "),
    "not gathered": (not_gathered, r"0 of 24.*which is \(0, "),
    "no such targets": (with_config(target_modules=["c_attn"]), r"0 of 24.*c_attn.* not found"),
    "no such pattern": (with_config(target_modules=r".*vision.*q_proj"), r"0 of 24.*vision"),
    "fewer targets": (with_config(target_modules=["q_proj"]), "8 of 24 tensors fit"),
    "more targets": (
        with_config(target_modules=["q_proj", "v_proj", "down_proj", "o_proj"]),
        r"24 of 32.*o_proj.* not in its file",
    ),
    "a saved module that is not there": (
        with_config(modules_to_save=["score"]),
        "score, which the model lacks",
    ),
    "a saved module without its tensor": (
        with_config(modules_to_save=["lm_head"]),
        r"24 of 25.*lm_head",
    ),
}


@pytest.mark.parametrize(("damage", "words"), MISFITS.values(), ids=MISFITS)
def test_case_26_an_adapter_of_which_something_does_not_fit_is_refused(
    tied_checkpoint: tuple[Path, Any], adapter: Path, tmp_path: Path, damage: Damage, words: str
) -> None:
    damage(copytree(adapter, tmp_path / "copy"))
    with pytest.raises(ModelFileError, match=words) as caught:
        Adapted.of(load(tied_checkpoint[0]), tmp_path / "copy")
    assert str(tmp_path / "copy") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("flag", ["--verify", "--no-verify"])
def test_case_26_the_command_refuses_it_and_leaves_no_file(
    tied_checkpoint: tuple[Path, Any], adapter: Path, tmp_path: Path, flag: str
) -> None:
    renamed("model.layers", "model.language_model.layers")(copytree(adapter, tmp_path / "copy"))
    out = tmp_path / "out"
    result = run(tied_checkpoint[0], "--adapter", tmp_path / "copy", "-o", out, "-q", "f32", flag)
    assert result.exit_code == 65
    assert "0 of 24 tensors fit" in one_line(result)
    assert list(out.iterdir()) == []


def scaled(word: str, factor: float) -> Damage:
    return lambda folder: edit_weights(
        folder, lambda w: {name: w[name] * (factor if word in name else 1) for name in w}
    )


@pytest.mark.parametrize(
    "damage",
    [scaled("lora_B", 0), scaled("lora_A", 0), with_config(lora_alpha=0)],
    ids=["B is zero", "A is zero", "scaled to zero"],
)
def test_an_adapter_without_effect_is_refused(
    tied_checkpoint: tuple[Path, Any], adapter: Path, tmp_path: Path, damage: Damage
) -> None:
    damage(copytree(adapter, tmp_path / "copy"))
    with pytest.raises(ModelFileError, match=r"changes no weight.*the base without one"):
        with_adapter(load(tied_checkpoint[0]), tmp_path / "copy")


def one_value_short(folder: Path) -> None:
    def change(weights: Weights) -> Weights:
        next(tensor for name, tensor in weights.items() if "layers.1" in name)[0, 0] = float("nan")
        return weights

    edit_weights(folder, change)


UNUSABLE: dict[str, tuple[Damage, str]] = {
    "not finite": (one_value_short, r"layers\.1\..*not finite"),
    "a feature of a newer peft": (with_config(use_new=True), "use_new.*newer peft"),
    "not mergeable": (with_config(alora_invocation_tokens=[5]), "cannot be merged"),
    "no kind": (with_config(peft_type=None), "cannot be read: peft_type is None"),
    "a broken config": (
        lambda folder: (folder / "adapter_config.json").write_text("{"),
        "cannot be read",
    ),
    "a listed config": (
        lambda folder: (folder / "adapter_config.json").write_text("[]"),
        "not a JSON object",
    ),
    "a cut file": (
        lambda folder: (folder / "adapter_model.safetensors").write_bytes(b"12"),
        "cannot be read",
    ),
}


@pytest.mark.parametrize(("damage", "words"), UNUSABLE.values(), ids=UNUSABLE)
def test_an_adapter_that_cannot_be_used_is_one_line(
    tied_checkpoint: tuple[Path, Any], adapter: Path, tmp_path: Path, damage: Damage, words: str
) -> None:
    damage(copytree(adapter, tmp_path / "copy"))
    with pytest.raises(ModelFileError, match=words) as caught:
        with_adapter(load(tied_checkpoint[0]), tmp_path / "copy")
    assert "\n" not in str(caught.value)


def test_an_adapter_without_its_file_is_not_looked_for_on_a_hub(
    tied_checkpoint: tuple[Path, Any], adapter: Path, tmp_path: Path
) -> None:
    folder = copytree(adapter, tmp_path / "copy")
    (folder / "adapter_model.safetensors").unlink()
    with pytest.raises(ConfigurationError, match=r"has no adapter_model\.safetensors"):
        Adapted.of(load(tied_checkpoint[0]), folder)


def test_what_a_newer_peft_writes_down_as_off_is_no_reason(
    tied_checkpoint: tuple[Path, Any], adapter: Path, tmp_path: Path
) -> None:
    folder = copytree(adapter, tmp_path / "copy")
    edit_config(folder, use_new=False, new_config=None, new_sizes={}, new_size=16)
    assert with_adapter(load(tied_checkpoint[0]), folder)


def test_a_prompt_adapter_is_refused_by_its_kind(
    tied_checkpoint: tuple[Path, Any], tmp_path: Path
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries, about one another
        from peft import PromptTuningConfig, get_peft_model

        plan = PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=4)
        get_peft_model(load(tied_checkpoint[0]), plan).save_pretrained(tmp_path / "adapter")
    with pytest.raises(ModelFileError, match=r"PROMPT_TUNING.*LoRA"):
        Adapted.of(load(tied_checkpoint[0]), tmp_path / "adapter")


def test_what_peft_warns_of_is_passed_on(
    tied_checkpoint: tuple[Path, Any], adapter: Path, tmp_path: Path
) -> None:
    folder = copytree(adapter, tmp_path / "copy")
    edit_config(folder, fan_in_fan_out=True)
    with pytest.warns(UserWarning, match="fan_in_fan_out"):
        Adapted.of(load(tied_checkpoint[0]), folder)
