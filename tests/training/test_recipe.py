"""Recipe files: the shipped ones, what they mean, and one clear line for a wrong one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from foggen.engine.contract import PUBLISHED_SYSTEM_PROMPTS
from foggen.errors import ConfigurationError
from foggen_training.recipe import DOMAINS, DataPlan
from foggen_training.recipe_file import read_recipe, recipe_names

RECIPES = Path(__file__).parents[2] / "training" / "foggen_training" / "recipes"
SHIPPED = {path.stem: path for path in RECIPES.glob("*.toml")}
SMALLEST = 'name = "x"\n[model]\nbase = "folder"\n'


def test_all_five_recipes_are_there() -> None:
    assert set(SHIPPED) == {
        "foggen-gemma3-270m-laptop",
        "foggen-qwen3-0.6b",
        "foggen-gemma3-270m",
        "foggen-gemma3-1b",
        "foggen-starter",
        "foggen-r15-oe",
    }
    assert all(read_recipe(path).name == name for name, path in SHIPPED.items())


@pytest.mark.parametrize(
    ("name", "passes"),
    [
        ("foggen-qwen3-0.6b", 2),
        ("foggen-gemma3-270m", 2),
        ("foggen-gemma3-1b", 2),
        ("foggen-starter", 0),
    ],
)
def test_a_chain_is_r0_and_passes_over_the_seven_domains(name: str, passes: int) -> None:
    rounds = read_recipe(SHIPPED[name]).rounds
    assert [title for title, _ in rounds] == [f"R{n:02d}" for n in range(1 + 7 * passes)]
    assert rounds[0][1] == DOMAINS
    assert [domains for _, domains in rounds[1:]] == [(domain,) for domain in DOMAINS * passes]


def test_the_published_recipe_is_what_its_card_states() -> None:
    recipe = read_recipe(SHIPPED["foggen-qwen3-0.6b"])
    assert (recipe.labels.mode, recipe.labels.samples, recipe.labels.temperature) == (
        "sampled",
        8,
        0.7,
    )
    tuning = recipe.tuning
    assert (tuning.rank, tuning.alpha, tuning.epochs, tuning.learning_rate) == (16, 32, 2, 5e-5)
    assert (recipe.buffer.first, recipe.buffer.new + recipe.buffer.replayed) == (1800, 1800)
    assert recipe.model.contract().system_prompt == PUBLISHED_SYSTEM_PROMPTS["qwen3"]
    assert recipe.labels.prior == 0


def test_the_270m_recipe_takes_its_siblings_buffer() -> None:
    recipe = read_recipe(SHIPPED["foggen-gemma3-270m"])
    assert recipe.distill.buffer.endswith("gemma3-1b/R00/buffer.jsonl")
    assert recipe.model.contract().chat_layout == "gemma3"


def test_the_open_ended_round_has_the_cards_rows() -> None:
    recipe = read_recipe(SHIPPED["foggen-r15-oe"])
    assert recipe.open_ended.rows == {"squad": 133, "truthfulqa": 91, "gsm8k": 152}
    assert sum(recipe.open_ended.rows.values()) == 376
    assert recipe.buffer.replayed == 1500
    assert recipe.rounds == (("R15", ("squad", "truthfulqa", "gsm8k")),)


def test_a_recipe_needs_a_name_and_a_base(tmp_path: Path) -> None:
    file = tmp_path / "recipe.toml"
    file.write_text(SMALLEST, "utf-8")
    assert read_recipe(file).model.base == "folder"


WRONG = {
    "an unknown key": (SMALLEST + "[labels]\nsample = 8\n", 5, "did you mean 'samples'"),
    "an unknown section": (SMALLEST + "[lables]\nsamples = 8\n", 4, "did you mean 'labels'"),
    "a key far from all": (SMALLEST + "[labels]\nzzz = 8\n", 5, "known: mode"),
    "a text for a number": (SMALLEST + '[labels]\nsamples = "8"\n', 5, "a whole number"),
    "a number for a text": ("name = 3\n[model]\nbase = 'x'\n", 1, "a string"),
    "true for a number": (SMALLEST + "[tuning]\nepochs = true\n", 5, "a whole number"),
    "a fraction for a whole number": (SMALLEST + "[tuning]\nepochs = 1.5\n", 5, "a whole number"),
    "a text for a list": (SMALLEST + '[data]\ndomains = "law"\n', 5, "a list of strings"),
    "a value for a section": ('model = "x"\nname = "x"\n', 1, "[model]"),
    "a value out of range": (SMALLEST + "[gate]\nauroc_drop = 2.0\n", 5, "auroc_drop is 2.0"),
    "an unknown choice": (SMALLEST + '[labels]\nrounding = "round"\n', 5, "half_even"),
    "a missing base": ('name = "x"\n[model]\nchat_layout = "qwen3"\n', 2, "'base' is missing"),
    "no domain": (SMALLEST + "[data]\ndomains = []\n", 5, "domains is empty"),
    "a domain twice": (SMALLEST + '[data]\ndomains = ["a", "a"]\n', 5, "twice"),
}


@pytest.mark.parametrize(("text", "line", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_recipe_is_named_by_file_and_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    file = tmp_path / "recipe.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(words)) as caught:
        read_recipe(file)
    assert caught.value.message.startswith(f"{file}:{line}: ")
    assert "\n" not in str(caught.value)


def test_what_is_no_toml_or_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "recipe.toml"
    with pytest.raises(ConfigurationError, match=r"recipe\.toml"):
        read_recipe(file)
    file.write_text("name = \n", "utf-8")
    with pytest.raises(ConfigurationError, match="line 1"):
        read_recipe(file)


# --- names, and recipes by difference --------------------------------------------------------------


def test_a_recipe_of_the_package_has_a_name() -> None:
    assert read_recipe("foggen-gemma3-1b") == read_recipe(SHIPPED["foggen-gemma3-1b"])
    assert recipe_names() == sorted(SHIPPED)


@pytest.mark.parametrize(
    ("name", "remedy"), [("foggen-gemma-1b", "did you mean foggen-gemma3-1b"), ("zzz", "one of")]
)
def test_a_name_that_is_none_gets_the_nearest(name: str, remedy: str) -> None:
    with pytest.raises(ConfigurationError, match="no such recipe") as caught:
        read_recipe(name)
    assert remedy in str(caught.value.hint)


def test_a_recipe_says_what_it_differs_in(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'like = "foggen-qwen3-0.6b"\nname = "mine"\n[data]\nvalidation = 7\n[model]\nbase = "b"\n',
        "utf-8",
    )
    mine, parent = read_recipe(file), read_recipe("foggen-qwen3-0.6b")
    assert (mine.name, mine.model.base, mine.data.validation) == ("mine", "b", 7)
    assert mine.data == DataPlan(**{**vars(parent.data), "validation": 7})
    assert (mine.labels, mine.tuning, mine.gate) == (parent.labels, parent.tuning, parent.gate)


def test_like_means_the_file_beside_it_first(tmp_path: Path) -> None:
    (tmp_path / "foggen-qwen3-0.6b.toml").write_text(SMALLEST + "[data]\ntest = 9\n", "utf-8")
    file = tmp_path / "mine.toml"
    file.write_text('like = "foggen-qwen3-0.6b"\nname = "mine"\n', "utf-8")
    assert (read_recipe(file).name, read_recipe(file).data.test) == ("mine", 9)


def test_recipes_that_are_like_each_other_are_refused(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.toml").write_text(f'like = "{other}"\n', "utf-8")
    with pytest.raises(ConfigurationError, match="like leads back to itself"):
        read_recipe(tmp_path / "a.toml")


def test_what_is_wrong_is_told_of_the_file_that_says_it(tmp_path: Path) -> None:
    parent, child = tmp_path / "parent.toml", tmp_path / "child.toml"
    parent.write_text(SMALLEST + "[labels]\nsamples = 0\n", "utf-8")
    child.write_text('like = "parent"\nname = "c"\n[tuning]\nrank = 4\n', "utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(f"{parent}:5: samples")):
        read_recipe(child)
    child.write_text('like = "parent"\nname = "c"\n[labels]\nsamples = -1\n', "utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(f"{child}:4: samples")):
        read_recipe(child)


@pytest.mark.parametrize("like", ["3", "['a']"])
def test_like_is_a_name(tmp_path: Path, like: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(f"name = 'x'\nlike = {like}\n", "utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(f"{file}:2: like is")):
        read_recipe(file)
