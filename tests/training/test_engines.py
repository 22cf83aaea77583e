"""Labels on other engines: Ray's workers and an OpenAI-compatible server give what one process gives."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from typer.testing import CliRunner

from foggen.confidence.labelled import Keyed
from foggen.config import STARTER
from foggen.errors import CloudRequiredError, KeyRefusedError, UsageError
from foggen.store.models import locate
from foggen_training.cli import app
from foggen_training.labels.jobs import LabelJob, in_this_process, label_into
from foggen_training.labels.models import ModelReference
from foggen_training.recipe import LabelPlan, ModelPlan
from foggen_training.scale import served
from foggen_training.scale.executors import ExecutorOptions, chosen
from foggen_training.scale.served import Server
from foggen_training.scale.server_executor import ServerExecutor
from foggen_training.starter.questions import generate, keyed

from .loopback_server import said, serving

ROOT = Path(__file__).parents[2]
MODEL = ModelPlan("base", "qwen3", "Say your confidence, then answer.", "Answer.")
EXACT = LabelPlan(mode="exact", batch=8)
SAMPLED = LabelPlan(mode="sampled", samples=4, batch=4)


def items(number: int) -> list[Keyed]:
    return [keyed(question) for question in islice(generate(5, "test"), number)]


def job(plan: LabelPlan = EXACT) -> LabelJob:
    return LabelJob(ModelReference(str(locate(STARTER)[1]), MODEL, threads=1), plan, raw=False)


# --- Ray -----------------------------------------------------------------------------------------


def test_two_workers_write_the_file_that_one_process_writes(tmp_path: Path) -> None:
    """And a worker that is killed in the middle changes nothing in it."""
    pytest.importorskip("ray")
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    label_into(one, job(), items(48), "s", in_this_process)
    told = python("-m", "tests.training.on_ray", str(two))
    assert "killed [" in told
    assert two.read_bytes() == one.read_bytes()


def python(*arguments: str) -> str:
    """What a Python process prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


# --- a server ------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "PAUSES_S", (0.0, 0.0))


def test_a_servers_replies_become_labels(tmp_path: Path) -> None:
    def reply(body: dict[str, Any], _: int) -> tuple[int, Any]:
        return 200, said(f"Confidence: 0.75\nFinal answer: {'AB'[body['seed'] % 2]}")

    questions = items(6)
    with serving(reply) as (engine, asked):
        labels = label_into(tmp_path / "l.jsonl", job(SAMPLED), questions, "s", engine)
    assert [label.id for label in labels] == [item.id for item in questions]
    assert {label.expected for label in labels} == {0.75}
    assert {label.tokens for label in labels} == {200}
    assert len(asked) == 24
    first = asked[0]
    assert (first["path"], first["key"]) == ("/v1/chat/completions", "Bearer k")
    assert (first["model"], first["temperature"], first["max_tokens"]) == ("name", 0.7, 24)
    assert first["messages"][0] == {"role": "system", "content": MODEL.system_prompt}
    assert len({body["seed"] for body in asked}) == 24
    for item, label in zip(questions, labels, strict=True):
        seeds = [b["seed"] for b in asked if b["messages"][1]["content"] == item.question.text()]
        right = [seed for seed in seeds if seed % 2 == item.answer]
        assert label.success == pytest.approx(len(right) / 4)


def test_what_passes_is_asked_again_and_what_stays_is_one_line(tmp_path: Path) -> None:
    good = said("Confidence: 0.5\nFinal answer: A")
    with serving(lambda _, n: (503, {}) if n % 3 else (200, good)) as (engine, asked):
        few = replace(engine, requests=1)
        label_into(tmp_path / "a.jsonl", job(SAMPLED), items(2), "s", few)
        assert len(asked) == 24
    with (
        serving(lambda _, n: (200, good) if n <= 16 else (500, {})) as (engine, _),
        pytest.raises(CloudRequiredError, match="HTTP 500"),
    ):
        label_into(tmp_path / "b.jsonl", job(SAMPLED), items(8), "s", replace(engine, requests=1))
    assert (tmp_path / "b.jsonl").read_bytes().count(b"\n") == 4  # the batch before is kept


@pytest.mark.parametrize("answer", [b"<html>", {"choices": []}, {"choices": [{}]}, [1]])
def test_what_is_no_reply_is_no_label(tmp_path: Path, answer: Any) -> None:
    with serving(lambda *_: (200, answer)) as (engine, _), pytest.raises(CloudRequiredError):
        label_into(tmp_path / "a.jsonl", job(SAMPLED), items(1), "s", engine)


def test_a_reply_without_text_could_not_be_read(tmp_path: Path) -> None:
    with serving(lambda *_: (200, said(None))) as (engine, _):
        (label,) = label_into(tmp_path / "a.jsonl", job(SAMPLED), items(1), "s", engine)
    assert label.failures == 1


def test_a_refused_key_is_said_at_once(tmp_path: Path) -> None:
    with serving(lambda *_: (401, {})) as (engine, asked), pytest.raises(KeyRefusedError):
        label_into(tmp_path / "a.jsonl", job(SAMPLED), items(1), "s", replace(engine, requests=1))
    assert len(asked) == 1


def test_a_server_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    engine = ServerExecutor(Server("http://127.0.0.1:9/v1", "name"))
    with pytest.raises(CloudRequiredError, match="ConnectError"):
        label_into(tmp_path / "a.jsonl", job(SAMPLED), items(1), "s", engine)


def test_text_has_no_exact_labels(tmp_path: Path) -> None:
    engine = ServerExecutor(Server("http://127.0.0.1:9/v1", "name"))
    with pytest.raises(UsageError, match="gives no probabilities"):
        label_into(tmp_path / "a.jsonl", job(EXACT), items(1), "s", engine)


# --- the flags -----------------------------------------------------------------------------------


def test_the_flags_name_an_engine() -> None:
    pytest.importorskip("ray")
    from foggen_training.scale.ray_executor import RayExecutor

    assert chosen(ExecutorOptions()) is in_this_process
    assert chosen(ExecutorOptions("ray", 3)) == RayExecutor(3)
    url = "http://127.0.0.1:1/v1"
    assert chosen(ExecutorOptions("openai", 2, url, "m")) == ServerExecutor(Server(url, "m"))
    waiting = ExecutorOptions("openai", 2, url, "m", wait_for_server=True)
    assert chosen(waiting, 15) == ServerExecutor(Server(url, "m", wait=True), rounds=15)
    with pytest.raises(UsageError, match="known: local, ray, openai"):
        chosen(ExecutorOptions("spark"))
    with pytest.raises(UsageError, match="--base-url"):
        chosen(ExecutorOptions("openai"))


# --- evaluation ----------------------------------------------------------------------------------


def test_an_evaluation_on_ray_is_that_of_one_process() -> None:
    pytest.importorskip("ray")
    run = "from foggen_training.cli import main; main()"
    flags = ["evaluate", "starter", "--number", "70", "--json", "--engine", "ray"]
    assert json.loads(python("-c", run, *flags))["outcomes"] == evaluated()


def test_an_evaluation_on_a_server_reads_what_it_says() -> None:
    def reply(body: dict[str, Any], _: int) -> tuple[int, Any]:
        assert body["temperature"] == 0
        return 200, said("Confidence: 0.75\nFinal answer: B")

    with serving(reply) as (engine, asked):
        url = engine.server.base_url
        found = evaluated("--engine", "openai", "--base-url", url, "--server-model", "name")
    assert len(asked) == 70
    assert {row["confidence"] for row in found} == {0.75}
    right = [
        int(item.answer == 1) for item in (keyed(q) for q in islice(generate(2026, "test"), 70))
    ]
    assert [row["edge"] for row in found] == right


def evaluated(*flags: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, ["evaluate", "starter", "--number", "70", "--json", *flags])
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["outcomes"]
    return found
