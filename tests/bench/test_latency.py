"""The latency benchmark from end to end on the smallest shape, and the model that it writes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from foggen.engine.engine import Engine
from foggen.engine.gguf_header import read_header
from foggen.errors import UsageError
from foggen.question.question import Question

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))  # as in `python bench/latency.py`

import latency  # noqa: E402
from latency_report import Target, targets  # noqa: E402
from latency_ways import Cost, Way, chat_completion, kept_answer, measure  # noqa: E402
from padded_question import new_token_count, padded_question  # noqa: E402
from random_model import SHAPES, find_or_write  # noqa: E402
from random_vocabulary import WORDS, folder_vocabulary, synthetic_vocabulary  # noqa: E402

WAYS = {"prefill", "decision", "kept", "chat_completion"}
NANO = ("--shape", "nano", "--quant", "q8_0", "--runs", "2", "--no-transformers")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def first(cache: Path) -> dict[str, Any]:
    return _report(_latency(*NANO, "--cache", str(cache)))


@pytest.fixture(scope="module")
def engine(cache: Path, first: dict[str, Any]) -> Iterator[Engine]:
    with Engine(cache / first["model"]["file"], threads=1) as opened:
        yield opened


def test_last_line_has_the_documented_keys(first: dict[str, Any]) -> None:
    assert first["benchmark"] == "latency"
    assert first["schema"] == 1
    assert (first["rounds"], first["warm_up_rounds"]) == (2, 2)
    assert set(first["tokens"]) == {"prefix", "new", "user", "opening", "speculative", "reply"}
    assert set(first["ways"]) == WAYS
    assert first["left_out"] == {"transformers": "--no-transformers"}
    assert first["targets"] is None
    assert first["machine"]["threads"] >= 1
    assert "=" in first["machine"]["features"]


def test_every_way_has_its_times_and_ratios(first: dict[str, Any]) -> None:
    for way in first["ways"].values():
        assert way["rounds"] == len(way["milliseconds"]) == 2
        assert 0 < way["p50_ms"] <= way["p95_ms"]
        assert way["to_prefill"] > 0
    assert first["ways"]["prefill"]["to_prefill"] == 1
    assert first["ways"]["kept"]["to_kept"] == 1


def test_ways_decode_the_tokens_that_the_report_counts(first: dict[str, Any]) -> None:
    tokens, ways = first["tokens"], first["ways"]
    assert tokens["user"] + tokens["opening"] == tokens["new"] == 80
    assert {ways[name]["new_tokens"] for name in ("prefill", "decision", "kept")} == {80}
    assert ways["decision"]["further_tokens"] == tokens["speculative"] == 2
    assert 7 <= ways["kept"]["further_tokens"] <= 9  # the longest tail; a wrong guess and its tail
    assert ways["chat_completion"]["new_tokens"] == 80 - 4  # `Conf idence : ␣` is generated there
    assert ways["chat_completion"]["further_tokens"] >= tokens["reply"] - 1


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell")
def test_memory_has_anonymous_and_file_pages_apart(first: dict[str, Any]) -> None:
    memory = first["memory"]
    assert memory["model_bytes"] == first["model"]["bytes"]
    assert memory["peak_file_bytes"] > memory["model_bytes"]
    assert 0 < memory["anonymous_before_bytes"] < memory["peak_anonymous_bytes"]
    ratio = memory["peak_anonymous_bytes"] / memory["model_bytes"]
    assert memory["anonymous_to_model"] == pytest.approx(ratio)


def test_second_run_takes_the_file_of_the_first(cache: Path, first: dict[str, Any]) -> None:
    path = cache / first["model"]["file"]
    before = path.stat().st_mtime_ns
    options = ("--new-tokens", "60", "--threads", "1", "--no-load")
    again = _report(_latency(*NANO, *options, "--cache", str(cache)))
    assert (first["model"]["reused"], again["model"]["reused"]) == (False, True)
    assert path.stat().st_mtime_ns == before
    assert [entry.name for entry in cache.iterdir()] == [path.name]  # and nothing half-written
    assert (again["tokens"]["new"], again["machine"]["threads"]) == (60, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--quant", "q1"), "q1"),
        (("--runs", "0"), "--runs"),
        (("--shape", "nano", "--seed", "-1"), "--seed -1"),
        (("--shape", "nano", "--new-tokens", "5"), "--new-tokens 5"),
        (("--shape", "nano", "--tokenizer", "absent"), "--tokenizer absent"),
    ],
)
def test_unusable_option_is_one_line_and_exit_code_2(
    cache: Path, arguments: Sequence[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert latency.main(["--cache", str(cache), *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert words in err


def test_a_real_model_that_says_no_confidence_is_one_pass(tmp_path: Path) -> None:
    path, _ = find_or_write("nano-llama", "q8_0", tmp_path, threads=1)
    options = ("--runs", "1", "--threads", "1", "--no-load", "--no-transformers")
    report = _report(_latency("--model", str(path), *options))
    assert set(report["ways"]) == {"prefill", "kept", "chat_completion"}
    assert "no confidence" in report["left_out"]["decision"]
    assert (report["tokens"]["new"], report["tokens"]["speculative"]) == (80, 0)
    kept = report["ways"]["kept"]
    assert (kept["new_tokens"], kept["further_tokens"]) == (80, 0)
    assert report["ways"]["chat_completion"]["further_tokens"] >= 3  # `Answer: A`
    model = report["model"]
    assert (model["shape"], model["quant"], model["seed"]) == (path.stem, "q8_0", None)
    assert (model["file"], report["targets"]) == (path.name, None)


def test_bad_shape_leaves_the_process_with_2() -> None:
    done = _latency("--shape", "qwen3-900b")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "qwen3-900b" in done.stderr


@pytest.mark.parametrize("quant", ["q4_k_m", "q4_0", "q8_0"])
def test_file_has_the_tensors_of_the_table(tmp_path: Path, quant: str) -> None:
    path, _ = find_or_write("nano", quant, tmp_path, threads=1)
    header = read_header(path)
    # GGUF writes a shape with the row's length first.
    found = {tensor.name: tensor.shape[::-1] for tensor in header.tensors}
    assert found == dict(SHAPES["nano"].tensors())
    assert header.metadata["qwen3.attention.head_count_kv"] == SHAPES["nano"].kv_heads


def test_full_size_shape_is_that_of_qwen3_0_6b() -> None:
    shapes = dict(SHAPES["qwen3-0.6b"].tensors())
    assert len(shapes) == 310  # the published checkpoint's 311, less the tied output
    assert sum(rows * (columns or [1])[0] for rows, *columns in shapes.values()) == 596_049_920


def test_seed_decides_the_weights(tmp_path: Path) -> None:
    paths = [
        find_or_write("nano", "q8_0", tmp_path / name, seed=seed, threads=1)[0]
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert paths[0].read_bytes() == paths[1].read_bytes() != paths[2].read_bytes()


@pytest.mark.parametrize("new_tokens", [45, 80, 81, 133, 700])
def test_question_has_exactly_the_new_tokens(engine: Engine, new_tokens: int) -> None:
    questions = [padded_question(engine, new_tokens, number) for number in range(9)]
    assert {new_token_count(engine, question) for question in questions} == {new_tokens}
    assert engine.assess(questions[0]).prompt_tokens == len(engine.plan.prefix) + new_tokens + 2


def test_neighbouring_questions_share_no_first_token(engine: Engine) -> None:
    rounds = [padded_question(engine, 80, number).text() for number in range(40)]
    starts = [engine.user_tokens(text)[0] for text in rounds]
    assert all(one != next_one for one, next_one in pairwise(starts))


def test_length_beyond_the_context_is_refused(engine: Engine) -> None:
    with pytest.raises(UsageError, match="--new-tokens 5000"):
        padded_question(engine, 5000, 0)


def test_reply_has_the_tokens_of_qwens_vocabulary(engine: Engine) -> None:
    plan = engine.plan
    pieces = [engine.model.piece(token) for token in plan.opening[-4:] + plan.tails[3]]
    assert pieces == [
        b"Conf",
        b"idence",
        b":",
        b" ",
        b"0",
        b".",
        b"7",
        b"5",
        b"\n",
        b"Final",
        b" answer",
        b":",
    ]


def test_chat_completion_decodes_only_what_is_new(engine: Engine) -> None:
    with chat_completion(engine) as ask:
        for number in range(3):
            cost = ask(padded_question(engine, 80, number))
            assert cost.new == 76
            assert cost.further <= 33


def test_rounds_are_interleaved_and_warm_ups_not_counted(engine: Engine) -> None:
    asked: list[str] = []
    kept = kept_answer(engine)

    def counted(name: str, rounds: int) -> Way:
        def answer(question: Question) -> Cost:
            asked.append(name)
            return kept(question)

        return Way(answer, rounds)

    ways = {"often": counted("often", 3), "seldom": counted("seldom", 1)}
    measure(ways, [padded_question(engine, 80, number) for number in range(5)])
    assert asked == ["often", "seldom"] * 3 + ["often"] * 2
    assert [len(way.milliseconds) for way in ways.values()] == [3, 1]


def test_targets_name_their_direction() -> None:
    ways = {
        "decision": {"to_prefill": 1.25},
        "kept": {"to_prefill": 1.46},
        "chat_completion": {"to_kept": 1.6},
    }
    assert [target.met for target in targets(ways, {"anonymous_to_model": 1.3})] == [
        True,
        False,
        True,
        False,
    ]
    assert len(targets(ways, {"anonymous_to_model": None})) == 3
    assert not Target("at least", 1.59, 1.6, least=True).met


def test_synthetic_vocabulary_has_the_exact_size_and_no_token_twice() -> None:
    vocabulary = synthetic_vocabulary(2048)
    assert len(set(vocabulary.tokens)) == len(vocabulary.types) == 2048
    with pytest.raises(UsageError, match="vocabulary of 300"):
        synthetic_vocabulary(300)


def test_tokenizer_folder_gives_the_model_its_vocabulary(tmp_path: Path) -> None:
    _write_tokenizer(tmp_path / "own")
    path, _ = find_or_write("nano", "q8_0", tmp_path, tokenizer=tmp_path / "own", threads=1)
    assert "-own-" in path.name
    with Engine(path, threads=1) as engine:
        assert new_token_count(engine, padded_question(engine, 80, 0)) == 80


def test_tokenizer_folder_without_special_tokens_is_refused(tmp_path: Path) -> None:
    _write_tokenizer(tmp_path)
    (tmp_path / "added_tokens.json").write_text('{"<|im_end|>": 2000}')
    with pytest.raises(UsageError, match="<think>"):
        folder_vocabulary(tmp_path, 2048)
    _write_tokenizer(tmp_path)
    with pytest.raises(UsageError, match="100 rows"):
        folder_vocabulary(tmp_path, 100)


def test_words_are_told_apart() -> None:
    assert len(set(WORDS)) == len(WORDS)


def _write_tokenizer(folder: Path) -> None:
    """A folder as a tokenizer's repository has it, from the made-up vocabulary."""
    vocabulary = synthetic_vocabulary(1500)
    ids = {token: row for row, token in enumerate(vocabulary.tokens)}
    folder.mkdir(exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(dict(list(ids.items())[:-5])), "utf-8")
    (folder / "added_tokens.json").write_text(json.dumps(dict(list(ids.items())[-5:])), "utf-8")
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *vocabulary.merges]), "utf-8")


def _latency(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "bench" / "latency.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)


def _report(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report
