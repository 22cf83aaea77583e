"""Answers of a server that are asked once and kept: against a loopback server, whatever it does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from foggen.confidence.labelled import Keyed
from foggen.errors import (
    CloudRequiredError,
    ConfigurationError,
    FogGenError,
    KeyRefusedError,
    UsageError,
)
from foggen.question.question import Question
from foggen_cloud.testing import RawServer, answers
from foggen_training.cli import app
from foggen_training.evaluation import recording
from foggen_training.evaluation.clouds import CloudOptions, Recorded, clouds_for
from foggen_training.starter.questions import generate, keyed

Body = Mapping[str, Any]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "PAUSES_S", (0.0, 0.0))


def items(number: int) -> list[Keyed]:
    return [
        Keyed(
            f"law-{n}", "law", Question.from_options(f"Which is number {n}?", list("wxyz")), n % 4
        )
        for n in range(number)
    ]


def text_of(body: Body) -> str:
    return str(body["messages"][1]["content"])


def number_of(body: Body) -> int:
    return int(text_of(body).split("number ")[1].split("?")[0])


def right_answer(body: Body) -> str:
    return f"Let me see.\nFinal answer: {'ABCD'[number_of(body) % 4]}"


def asked_of(server: RawServer) -> int:
    return len(server.requests)


def recorded(server: RawServer, path: Path, questions: list[Keyed], model: str = "m") -> Recorded:
    (cloud,) = clouds_for(CloudOptions(server.url, model, path), questions)
    assert isinstance(cloud, Recorded)
    return cloud


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_answer_is_kept_with_who_gave_it_and_how(tmp_path: Path) -> None:
    path, questions = tmp_path / "answers.jsonl", items(20)
    with RawServer(answers(right_answer)) as server:
        cloud = recorded(server, path, questions)
        assert asked_of(server) == 20
    assert [cloud.is_right(item) for item in questions] == [1] * 20
    assert {row["id"]: row["answer"] for row in rows(path)} == {
        item.id: "ABCD"[item.answer] for item in questions
    }
    assert rows(path)[0]["reply"].startswith("Let me see.")
    assert rows(path)[0]["usage"] == {"prompt_tokens": 7, "completion_tokens": 3}
    settings = json.loads((tmp_path / "answers.jsonl.settings.json").read_text("utf-8"))
    assert settings["model"] == "m"
    assert settings["url"] == f"{server.url}/chat/completions"
    assert settings["temperature"] == 0
    assert "Final answer: C" in settings["prompt"]
    assert len(settings["date"]) == len("2026-01-31")
    assert cloud.name == f"answers of m recorded in answers.jsonl on {settings['date']}"


def test_the_key_is_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOGGEN_CLOUD_KEY", "secret-key")
    with RawServer(answers(right_answer)) as server:
        recorded(server, tmp_path / "a.jsonl", items(2))
        assert b"secret-key" in server.requests[0]
    assert all(b"secret" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_second_run_asks_only_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    with RawServer(answers(right_answer)) as server:
        recorded(server, path, items(5))
        recorded(server, path, items(8))
        assert asked_of(server) == 8
        recorded(server, path, items(8))
        assert asked_of(server) == 8
    assert len({row["id"] for row in rows(path)}) == len(rows(path)) == 8


def test_a_line_that_was_cut_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    with RawServer(answers(right_answer)) as server:
        recorded(server, path, items(3))
        path.write_bytes(path.read_bytes()[:-9])
        recorded(server, path, items(3))
        assert asked_of(server) == 4
        path.write_bytes(b'{"id": "law-0", "ans')
        recorded(server, path, items(3))
        assert asked_of(server) == 7
    assert sorted(row["id"] for row in rows(path)) == ["law-0", "law-1", "law-2"]


def test_an_answer_is_in_the_file_before_the_next_question(tmp_path: Path) -> None:
    """When the server falls silent, what it answered is there, and the next run goes on."""
    path = tmp_path / "answers.jsonl"
    with (
        RawServer(
            answers(lambda body: right_answer(body) if number_of(body) < 6 else 503)
        ) as server,
        pytest.raises(CloudRequiredError, match=r"answers are kept in .*answers\.jsonl"),
    ):
        recorded(server, path, items(40))
    kept = {row["id"] for row in rows(path)}
    assert kept == {f"law-{n}" for n in range(6)}
    with RawServer(answers(right_answer)) as server:
        settings = json.loads((tmp_path / "answers.jsonl.settings.json").read_text("utf-8"))
        settings["url"] = f"{server.url}/chat/completions"  # the port of a test's server is new
        (tmp_path / "answers.jsonl.settings.json").write_text(json.dumps(settings), "utf-8")
        recorded(server, path, items(40))
        assert asked_of(server) == 34
    assert len(rows(path)) == 40


def test_several_requests_are_under_way(tmp_path: Path) -> None:
    """Each waits until four are there."""
    four = threading.Barrier(4, timeout=10)

    def reply(body: Body) -> str:
        four.wait()
        return right_answer(body)

    with RawServer(answers(reply)) as server:
        recorded(server, tmp_path / "a.jsonl", items(8))
    assert len(rows(tmp_path / "a.jsonl")) == 8


def test_another_teacher_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    with RawServer(answers(right_answer)) as server:
        recorded(server, path, items(2))
        with pytest.raises(
            ConfigurationError, match="another cloud: model was 'm' and is now 'other'"
        ):
            recorded(server, path, items(3), model="other")
        assert asked_of(server) == 2
        (tmp_path / "answers.jsonl.settings.json").unlink()
        with pytest.raises(ConfigurationError, match="which names their source, is missing"):
            recorded(server, path, items(3))
    assert len(rows(path)) == 2


def test_an_id_that_has_another_text_now_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    other = Keyed("law-0", "law", Question.from_options("Which else?", list("wxyz")), 0)
    with RawServer(answers(right_answer)) as server:
        cloud = recorded(server, path, items(2))
    with pytest.raises(FogGenError, match="to 'law-0' is for another question text"):
        cloud.is_right(other)


def test_a_question_without_an_answer_is_wrong_and_not_asked_again(tmp_path: Path) -> None:
    path, questions = tmp_path / "answers.jsonl", items(4)

    def reply(body: Body) -> str | int:
        number = number_of(body)
        return "I cannot say." if number == 1 else 400 if number == 2 else right_answer(body)

    with RawServer(answers(reply)) as server:
        recorded(server, path, questions)
        cloud = recorded(server, path, questions)
        assert asked_of(server) == 4
    assert [cloud.is_right(item) for item in questions] == [1, 0, 0, 1]
    kept = {row["id"]: row for row in rows(path)}
    assert (kept["law-1"]["answer"], kept["law-1"]["error"]) == (None, "bad_answer")
    assert (kept["law-2"]["answer"], kept["law-2"]["error"]) == (None, "rejected")


def test_what_passes_is_asked_again_and_never_a_wrong_answer(tmp_path: Path) -> None:
    seen: dict[int, int] = {}

    def reply(body: Body) -> str | int:
        number = number_of(body)
        seen[number] = seen.get(number, 0) + 1
        return right_answer(body) if seen[number] > 2 else 429 if seen[number] == 1 else 500

    with RawServer(answers(reply)) as server:
        cloud = recorded(server, tmp_path / "a.jsonl", items(3))
    assert set(seen.values()) == {3}
    assert [cloud.is_right(item) for item in items(3)] == [1, 1, 1]


@pytest.mark.parametrize(("status", "kind"), [(401, KeyRefusedError), (404, CloudRequiredError)])
def test_what_would_fail_for_every_question_ends_the_run_at_once(
    tmp_path: Path, status: int, kind: type[FogGenError]
) -> None:
    with RawServer(answers(lambda _: status)) as server:
        with pytest.raises(kind):
            recorded(server, tmp_path / "a.jsonl", items(200))
        assert asked_of(server) < 50
    assert not rows(tmp_path / "a.jsonl")


# --- the flags -----------------------------------------------------------------------------------


def test_without_a_server_there_is_nothing_to_record() -> None:
    for place in ("", "answers.jsonl"):
        with pytest.raises(UsageError, match="--record"):
            CloudOptions(place, record=Path("a.jsonl"))


def test_offline_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOGGEN_OFFLINE", "1")
    with pytest.raises(ConfigurationError, match="FOGGEN_OFFLINE"):
        clouds_for(CloudOptions("http://127.0.0.1:9/v1", "m"), items(1))


def test_a_key_that_would_travel_unencrypted_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOGGEN_CLOUD_KEY", "secret-key")
    with pytest.raises(ConfigurationError, match="unencrypted"):
        clouds_for(CloudOptions("http://cloud.example/v1", "m"), items(1))


def evaluate(*arguments: object) -> Result:
    fixed = ["evaluate", "starter", "--number", "70", "--json"]
    return CliRunner().invoke(app, [*fixed, *map(str, arguments)])


def key_of(questions: list[Keyed]) -> Callable[[Body], str]:
    keys = {item.question.text(): "ABCD"[item.answer] for item in questions}
    return lambda body: f"Final answer: {keys[text_of(body)]}"


def test_evaluate_records_and_a_recording_takes_the_servers_place(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    questions = [keyed(question) for question in islice(generate(2026, "test"), 70)]
    with RawServer(answers(key_of(questions))) as server:
        flags = ["--cloud", server.url, "--cloud-model", "m", "--record", path]
        live = evaluate(*flags)
        assert live.exit_code == 0, live.output
        again = evaluate(*flags)
        assert asked_of(server) == 70
        other = evaluate(*flags[:3], "other", *flags[4:])
    kept = evaluate("--cloud", path)
    assert live.stdout == again.stdout == kept.stdout
    found = json.loads(live.stdout)
    assert found["table"]["mean"]["cloud_only"] == 1
    assert found["cloud"].startswith("answers of m recorded in answers.jsonl on ")
    assert found["beside_other_clouds"] == []
    assert (other.exit_code, other.stdout) == (78, "")
    (line,) = other.stderr.splitlines()
    assert "another cloud" in line
