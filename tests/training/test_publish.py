"""From a recipe file to a published model, through the commands a person types."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("peft")
pytest.importorskip("accelerate")
pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

from typer.testing import CliRunner

from foggen import Router
from foggen.confidence.labelled import Keyed
from foggen.confidence.stored import embedded
from foggen.engine.engine import Engine
from foggen_cloud.testing import RawServer, answers
from foggen_training.cli import app
from foggen_training.evaluation.outcomes import Outcome, measure
from foggen_training.files import read_json
from foggen_training.history import RECIPE as RECIPE_FILE
from foggen_training.pools import open_pool
from foggen_training.recipe_file import recipe_from

from .small_chain import RECIPE, one_thread, write_base

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    base = write_base(folder / "base", "qwen3")
    (folder / "recipe.toml").write_text(RECIPE, "utf-8")
    result = run("run", folder / "recipe.toml", "-o", folder / "chain", "--base", base)
    assert result == f"{folder / 'chain'}\n"
    return folder / "chain"


def run(*arguments: object) -> str:
    with one_thread():
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_a_run_leaves_its_history_and_its_plot(chain: Path) -> None:
    lines = json.loads((chain / "history.json").read_text("utf-8"))
    assert [line["round"] for line in lines] == ["R00", "R01", "R02"]
    assert all(line["passed"] for line in lines)
    assert (chain / "history.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_published_is_the_last_round_calibrated_on_its_own_file(
    chain: Path, tmp_path: Path
) -> None:
    exam = tmp_path / "exam.jsonl"
    rows = [
        {
            "id": str(n),
            "domain": "law",
            "question": f"Article {n}?",
            "options": ["a", "b"],
            "answer": "A",
        }
        for n in range(3)
    ]
    exam.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    about = tmp_path / "about.md"
    about.write_text("# A small model\n\nMade here.\n", "utf-8")
    out = tmp_path / "out"
    paths = run(
        "publish",
        chain,
        "-o",
        out,
        "--name",
        "small",
        "--about",
        about,
        "--exam",
        exam,
        "--compare",
        "q4_0",
    )
    gguf, card = map(Path, paths.splitlines())
    assert (gguf, card) == (out / "small-q8_0.gguf", out / "README.md")
    assert {path.name for path in out.iterdir()} == {
        "small-q8_0.gguf",
        "small-q8_0.gguf.manifest.json",
        "README.md",
        "history.png",
        "accuracy.png",
        "reliability.png",
        "p_right.png",
        "checkpoint",
        "measured",
    }
    with Engine(gguf) as engine:
        assert engine.contract.round == "R02"
        assert engine.contract.calibration["quant"] == "q8_0"
        calibrated = sum(row["n"] for row in engine.contract.calibration["buckets"].values())
        assert calibrated == 2 * 12  # of the calibration set; the validation set has 2 * 16
        carried = embedded(engine.contract.calibration)
        assert carried is not None
        assert (carried.rows, carried.model.quant, carried.model.sha256) == (24, "q8_0", "")
    with Router.open(model=gguf, mode="edge-only") as router:
        reply = router.ask("2 + 2 = ?\nA. 3\nB. 4\nC. 5\nD. 6")
    assert (reply.calibrated_on, reply.tau) == (24, 0.5)
    assert reply.p_right is not None
    assert 0 < reply.p_right < 1
    text = card.read_text("utf-8")
    assert text.startswith("---\n")
    front, _, opening = text[4:].partition("---\n")
    assert "pipeline_tag: text-generation" in front
    assert opening.strip().startswith("# A small model\n")
    assert "95%, paired by question" in text
    assert "in the base, which was never taught it, in " in text
    for words in (
        "| R02 | law |",
        "| **Mean** | **40** |",
        "| AutoMix |",
        "| Edge R0 |",
        "3 questions of public exams",
        "| Q4_0 |",
        "the model's expectation counted as 4 samples",
        "1 epoch at a peak learning rate of 0.002 a round (R0: 1 epoch at a peak learning rate of 0.01)",
        "| letter, same pass |",
        "| letter of the base |",
    ):
        assert words in text, words
    assert "distilled" not in text
    chance, published = (
        text.index(f"### A cloud at {name}\n")
        for name in ("chance where nothing can be known", "the published rates everywhere")
    )
    assert text.index("## Measured") < chance < published < text.index("## What it is compared")
    assert text.count(": who wins\n\nFogGen's P(right), which routes, ") == 2
    assert "## What P(right) is worth" in text
    assert "24 questions kept apart for it" in text
    assert text.count("The lift over random routing is ") == 2
    rounds = text[text.index("## The rounds") : text.index("## On and off")]
    assert "| entropy |" in rounds
    assert "lift" not in rounds  # it depends on a cloud, and a chain does not say on which


def test_a_published_model_is_measured_beside_the_cloud_that_is_chosen(
    chain: Path, tmp_path: Path
) -> None:
    keys = {item.question.text(): "ABCD"[item.answer] for item in questions_of(chain)}

    def reply(body: Mapping[str, Any]) -> str:
        return f"Final answer: {keys[body['messages'][1]['content']]}"

    with RawServer(answers(reply)) as server:
        run(
            "publish",
            chain,
            "-o",
            tmp_path,
            "--cloud",
            server.url,
            "--cloud-model",
            "teacher",
            "--record",
            tmp_path / "answers.jsonl",
        )
        assert len(server.requests) == len(keys) == 40
    assert len((tmp_path / "answers.jsonl").read_text("utf-8").splitlines()) == 40
    card = (tmp_path / "README.md").read_text("utf-8")
    assert "### A real cloud\n\nThe cloud is answers of teacher recorded in answers.jsonl" in card
    assert "| **Mean** | **40** | **100.0%** |" in card
    assert "published rates" not in card


def test_a_publication_that_was_killed_asks_nothing_twice(
    chain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the questions themselves; then no question of a kept measurement is asked again,
    and the card is the one of a publication that was not killed."""
    asked: list[str] = []

    def counting(engine: Engine, items: Sequence[Keyed], *rest: Any) -> list[Outcome]:
        asked.extend(item.id for item in items)
        return measure(engine, items, *rest)

    monkeypatch.setattr("foggen_training.publish.measure", counting)
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    run("publish", chain, "-o", whole)
    assert len(asked) == 4 * 40  # its own templates and the three sets off them
    with monkeypatch.context() as patch:
        patch.setattr("foggen_training.publish.all_rivals", _killed)
        with pytest.raises(AssertionError, match="Killed"):  # exit code 70
            run("publish", chain, "-o", killed)
    path = killed / "measured/outcomes.jsonl"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:-3]), "utf-8")
    asked.clear()
    run("publish", chain, "-o", killed)
    assert len(asked) == 3 + 3 * 40
    assert (killed / "README.md").read_text("utf-8") == (whole / "README.md").read_text("utf-8")


def test_the_tables_are_computed_again_from_what_is_kept(chain: Path, tmp_path: Path) -> None:
    out, data = tmp_path / "out", tmp_path / "test.jsonl"
    run("publish", chain, "-o", out, "--no-automix")
    rows = [as_row(item) for item in questions_of(chain)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    kept = tmp_path / "kept"
    kept.mkdir()
    shutil.copy(out / "measured/calibration.json", kept)
    # As they are committed, and not in the questions' order.
    for path in (out / "measured").glob("*.jsonl"):
        head, *lines = path.read_text("utf-8").splitlines(keepends=True)
        packed = gzip.compress("".join([head, *reversed(lines)]).encode())
        (kept / f"{path.name}.gz").write_bytes(packed)
    again = run("tables", kept, "--data", data)
    card = (out / "README.md").read_text("utf-8")
    assert "AutoMix is left out: its verification was not measured" in card
    measured = card[card.index("## Measured") : card.index("## What the rounds changed")]
    figures = [line for line in measured.splitlines() if line.startswith("|")]
    assert len(figures) > 30
    assert set(figures) <= set(again.splitlines())
    assert "Mean edge accuracy is " in again
    (kept / "base.jsonl.gz").unlink()
    (kept / "calibration.json").unlink()
    less = run("tables", kept, "--data", data)
    assert "| letter of the base |" not in less
    assert "| FogGen, P(right) |" not in less


def test_tables_say_what_is_missing(chain: Path, tmp_path: Path) -> None:
    data = tmp_path / "test.jsonl"
    data.write_text(json.dumps(as_row(questions_of(chain)[0])) + "\n", "utf-8")
    command = ["tables", str(tmp_path), "--data", str(data)]
    empty = CliRunner().invoke(app, command)
    assert (empty.exit_code, "has no outcomes.jsonl" in empty.stderr) == (66, True)
    (tmp_path / "outcomes.jsonl").write_text('{"key": ""}\n', "utf-8")
    other = CliRunner().invoke(app, command)
    assert (other.exit_code, "no outcomes of question" in other.stderr) == (65, True)
    for damaged in (b"\x1f\x8bno", gzip.compress(b"1\n2\n"), gzip.compress(b"1\n{}\n")):
        (tmp_path / "outcomes.jsonl").unlink(missing_ok=True)
        (tmp_path / "outcomes.jsonl.gz").write_bytes(damaged)
        broken = CliRunner().invoke(app, command)
        assert (broken.exit_code, "does not hold results" in broken.stderr) == (65, True)


def as_row(item: Keyed) -> dict[str, Any]:
    return {
        "id": item.id,
        "domain": item.domain,
        "tier": item.tier,
        "question": item.question.stem,
        "options": list(item.question.options),
        "answer": item.question.labels[item.answer],
    }


class Killed(Exception):
    pass


def _killed(*_: object, **__: object) -> None:
    raise Killed


def test_what_is_kept_has_no_text_of_a_question(chain: Path, tmp_path: Path) -> None:
    run("publish", chain, "-o", tmp_path, "--most", 3)
    files = list((tmp_path / "measured").iterdir())
    assert {"outcomes.jsonl", "base.jsonl", "raw.jsonl"} <= {path.name for path in files}
    kept = "".join(path.read_text("utf-8") for path in files)
    assert not any(item.question.stem in kept for item in questions_of(chain))
    assert len((tmp_path / "measured/outcomes.jsonl").read_text("utf-8").splitlines()) == 1 + 2 * 3


def test_the_published_checkpoint_is_the_master_in_bfloat16(chain: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file
    from transformers import AutoModelForCausalLM, AutoTokenizer

    printed = run("publish", chain, "-o", tmp_path, "--most", 1, "-q", "q8_0", "-q", "q4_0")
    assert [Path(line).name for line in printed.splitlines()] == [
        "small-q8_0.gguf",
        "small-q4_0.gguf",
        "README.md",
    ]
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "checkpoint")
    assert AutoTokenizer.from_pretrained(tmp_path / "checkpoint").encode("Answer.")
    master = load_file(chain / "R02/checkpoint/model.safetensors")
    weights = model.state_dict()
    assert all(weights[name].equal(one.bfloat16()) for name, one in master.items())
    with Engine(tmp_path / "small-q4_0.gguf") as engine:
        assert engine.contract.calibration["quant"] == "q4_0"


def test_an_unknown_quant_is_a_wrong_flag(chain: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["publish", str(chain), "-o", str(tmp_path), "-q", "q3_x"])
    assert result.exit_code == 2
    assert "q4_k_m" in result.stderr


def questions_of(chain: Path) -> list[Keyed]:
    return open_pool(recipe_from(read_json(chain / RECIPE_FILE), chain)).test()


def test_a_distilled_model_is_a_checkpoint(chain: Path, tmp_path: Path) -> None:
    recipe = chain.parent / "recipe.toml"
    buffer = chain / "R00" / "buffer.jsonl"
    printed = run(
        "distill", recipe, "-o", tmp_path / "d", "--buffer", buffer, "--base", chain.parent / "base"
    )
    assert (Path(printed.strip()) / "config.json").exists()


def test_a_checkpoint_is_evaluated_like_a_gguf_beside_its_base(chain: Path) -> None:
    base = chain.parent / "base"
    found = json.loads(
        run(
            "evaluate",
            chain / "R02" / "checkpoint",
            "--number",
            70,
            "--json",
            "--baselines",
            "--base",
            base,
        )
    )
    assert found["table"]["mean"]["n"] == 70
    assert found["figures"]["format_compliance"] == 1
    row = found["baselines"]["letter of the base"]
    assert row["edge"] == pytest.approx(found["table"]["mean"]["edge"])
    assert any("whose own answers are right in" in note for note in found["notes"])


def test_a_base_without_baselines_is_a_wrong_flag() -> None:
    result = CliRunner().invoke(app, ["evaluate", "starter", "--base", "somewhere"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--baselines" in result.stderr


def test_without_a_buffer_there_is_nothing_to_distil(chain: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["distill", str(chain.parent / "recipe.toml"), "-o", str(tmp_path / "d")]
    )
    assert result.exit_code == 2
    assert "--buffer" in result.stderr


def test_a_full_disk_is_one_line_and_the_labels_stay(
    chain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "buffer.partial")

    monkeypatch.setattr("foggen_training.round.save_buffer", full)
    folder = tmp_path / "chain"
    arguments = ["run", chain.parent / "recipe.toml", "-o", folder, "--base", chain.parent / "base"]
    with one_thread():
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 78
    (line,) = result.stderr.splitlines()
    assert line.startswith("foggen: buffer.partial: No space left on device; make room")
    assert (folder / "R00" / "new.jsonl").read_bytes() == (chain / "R00" / "new.jsonl").read_bytes()
