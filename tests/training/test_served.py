"""What a server serves is checked before the first label, and how it is asked."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from typer.testing import CliRunner

from foggen.confidence.labelled import Keyed
from foggen.config import STARTER
from foggen.engine.gguf_header import read_header
from foggen.errors import CloudRequiredError, ConfigurationError, FogGenError, UsageError
from foggen.store.models import locate
from foggen_training.cli import app
from foggen_training.evaluation.outcomes import MeasureJob
from foggen_training.labels.jobs import LabelJob, cut, in_this_process, label_into
from foggen_training.labels.models import ModelReference
from foggen_training.recipe import LabelPlan, ModelPlan
from foggen_training.scale import served
from foggen_training.scale.served import Server, is_same_checkpoint
from foggen_training.scale.server_executor import Asking, Fields, ServerExecutor
from foggen_training.starter.questions import generate, keyed

from .loopback_server import NAME, listed, names_alone, said, serving
from .small_chain import RECIPE, one_thread, write_base

MODEL = ModelPlan("base", "qwen3", "Say your confidence, then answer.", "Answer.")
SAMPLED = LabelPlan(mode="sampled", samples=2, batch=4)
GOOD = said("Confidence: 0.75\nFinal answer: A")
PLAIN_SERVER = Path(__file__).parents[1] / "edge" / "plain_server.py"
NEEDED = ("uvicorn", "fastapi", "sse_starlette", "starlette_context", "pydantic_settings", "yaml")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served, "PAUSES_S", (0.0, 0.0))
    monkeypatch.setattr(served, "POLL_S", 0.02)


def items(number: int) -> list[Keyed]:
    return [keyed(question) for question in islice(generate(5, "test"), number)]


def job(checkpoint: object) -> LabelJob:
    return LabelJob(ModelReference(str(checkpoint), MODEL), SAMPLED, raw=False)


def label(executor: ServerExecutor, checkpoint: object, number: int = 2) -> list[Any]:
    """The labels of some questions by the checkpoint that a server is to have."""
    batches = cut(items(number), 4, "s")
    return [one for batch in executor(job(checkpoint), batches) for one in batch]


def good(*_: object) -> tuple[int, Any]:
    return 200, GOOD


def told(**entry: Any) -> Any:
    """A list with one model of our name and further keys."""
    return lambda: listed({"id": NAME, **entry})


# --- what is served -------------------------------------------------------------------------------


def refused(
    listing: Any,
    kind: type[FogGenError],
    *words: str,
    rounds: int = 1,
    checkpoint: object = "build/R03/checkpoint",
) -> None:
    """The error comes before anything is asked."""
    with serving(good, listing) as (executor, asked), pytest.raises(kind) as caught:
        label(replace(executor, rounds=rounds), checkpoint)
    assert asked == []
    for word in words:
        assert word in str(caught.value)


def test_another_name_is_refused_with_the_names_that_there_are() -> None:
    refused(lambda: listed({"id": "a"}, {"id": "b"}), ConfigurationError, repr(NAME), "a, b")


@pytest.mark.parametrize("answer", [(404, {}), (200, b"<html>"), (200, {"models": []}), (200, [1])])
def test_an_address_without_a_list_is_refused_with_the_remedy(answer: tuple[int, Any]) -> None:
    refused(lambda: answer, ConfigurationError, "/models", "/v1")


def test_another_checkpoint_is_refused_with_both_places(tmp_path: Path) -> None:
    for name in ("R02", "R03"):
        (tmp_path / name / "checkpoint").mkdir(parents=True)
    stale, wanted = tmp_path / "R02" / "checkpoint", tmp_path / "R03" / "checkpoint"
    refused(
        told(root=str(stale)),
        ConfigurationError,
        str(stale),
        str(wanted),
        "--wait-for-server",
        checkpoint=wanted,
    )
    refused(
        lambda: listed({"id": NAME, "root": str(stale)}),
        ConfigurationError,
        rounds=15,
        checkpoint=wanted,
    )


def test_the_right_checkpoint_is_asked_for_any_number_of_rounds(tmp_path: Path) -> None:
    with serving(good, told(root=str(tmp_path), owned_by="vllm")) as (executor, asked):
        assert len(label(replace(executor, rounds=15), tmp_path)) == 2
    assert len(asked) == 4


def test_a_name_that_is_the_path_of_a_file_tells_the_checkpoint(tmp_path: Path) -> None:
    path, other = tmp_path / "start.gguf", tmp_path / "other.gguf"
    path.touch(), other.touch()
    with serving(good, lambda: listed({"id": str(path)})) as (executor, _):
        named = replace(executor, server=Server(executor.server.base_url, str(path)), rounds=15)
        assert len(label(named, path)) == 2
        with pytest.raises(ConfigurationError, match=r"instead of .*other\.gguf"):
            label(named, other)


def test_more_than_one_round_needs_a_server_that_tells() -> None:
    refused(names_alone, UsageError, "15 rounds", "--wait-for-server", rounds=15)
    with serving(good) as (executor, _):
        assert len(label(executor, "anything")) == 2


@pytest.mark.parametrize(
    ("told", "wanted", "same"),
    [
        ("Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B", True),
        ("Qwen/Qwen3-0.6B", "Qwen/Qwen3-1.7B", False),
        ("Qwen/Qwen3-0.6B", "/c/hub/models--Qwen--Qwen3-0.6B/snapshots/0f", True),
        ("Qwen/Qwen3-0.6B", "/c/hub/models--Qwen--Qwen3-1.7B/snapshots/0f", False),
        ("/in/a/container/R03/checkpoint", "build/chain/R03/checkpoint", True),
        ("/in/a/container/R02/checkpoint", "build/chain/R03/checkpoint", False),
        ("/checkpoint", "build/chain/R03/checkpoint", False),
        ("checkpoint", "build/chain/R03/checkpoint", False),
    ],
)
def test_places_of_one_checkpoint(told: str, wanted: str, same: bool) -> None:
    assert is_same_checkpoint(told, wanted) is same


def test_a_folder_is_the_same_by_another_path_to_it_and_not_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chain in ("one", "two"):
        (tmp_path / chain / "R03" / "checkpoint").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "one")
    monkeypatch.chdir(tmp_path)
    assert is_same_checkpoint(str(tmp_path / "link/R03/checkpoint"), "one/R03/checkpoint")
    assert not is_same_checkpoint(str(tmp_path / "two/R03/checkpoint"), "one/R03/checkpoint")


# --- waiting --------------------------------------------------------------------------------------


def waiting(executor: ServerExecutor, lines: list[str]) -> ServerExecutor:
    server = Server(executor.server.base_url, NAME, wait=True, tell=lines.append)
    return replace(executor, server=server, rounds=15)


def test_the_checkpoint_is_waited_for(tmp_path: Path) -> None:
    """Through an old checkpoint, a server that is away, and one without the model."""
    stale, wanted = tmp_path / "R02", tmp_path / "R03"
    stale.mkdir(), wanted.mkdir()
    seen = iter(
        [
            listed({"id": NAME, "root": str(stale)}),
            (503, {}),
            listed({"id": "other"}),
            listed({"id": NAME, "root": str(wanted)}),
        ]
    )
    lines: list[str] = []
    with serving(good, lambda: next(seen)) as (executor, asked):
        assert len(label(waiting(executor, lines), wanted)) == 2
    assert list(seen) == []
    assert len(asked) == 4
    (line,) = lines
    assert line.startswith("waiting until http://127.0.0.1")
    assert str(wanted) in line


def test_a_server_that_does_not_tell_is_new_once_it_was_away() -> None:
    """The first one is taken on trust, with a line; the same checkpoint is not waited for again."""
    away = (503, {})
    seen: list[tuple[int, Any]] = [names_alone()] * 4
    lines: list[str] = []
    with serving(good, lambda: seen.pop(0)) as (executor, _):
        executor = waiting(executor, lines)
        label(executor, "R00/checkpoint")
        label(executor, "R00/checkpoint")
        assert len(seen) == 2
        assert lines == [
            f"{executor.server.base_url} does not report its checkpoint; assuming R00/checkpoint"
        ]
        seen[:] = [names_alone()] * 3 + [away, names_alone()]
        label(executor, "R01/checkpoint")
    assert seen == []
    assert "waiting until" in lines[1]
    assert lines[2].endswith("assuming R01/checkpoint")
    assert len(lines) == 3


def test_a_refused_key_is_not_waited_for() -> None:
    with serving(good, lambda: (401, {})) as (executor, _), pytest.raises(FogGenError) as caught:
        label(waiting(executor, []), "R00/checkpoint")
    assert "refused the key" in str(caught.value)


# --- the command line -----------------------------------------------------------------------------


def recipe_file(folder: Path) -> Path:
    path = folder / "recipe.toml"
    text = RECIPE.replace('mode = "exact"', 'mode = "sampled"\nsamples = 2')
    for name, smaller in (
        ("first = 64", "first = 16"),
        ("new = 32", "new = 8"),
        ("replayed = 32", "replayed = 8"),
        ("raw = 0.25", "raw = 0.0"),
        ("validation = 16", "validation = 4"),
        ("calibration = 12", "calibration = 4"),
    ):
        assert name in text
        text = text.replace(name, smaller)
    path.write_text(text, "utf-8")
    return path


def run(folder: Path, url: str, *flags: str) -> Any:
    base = folder / "base"
    if not base.exists():
        write_base(base, "qwen3")
    flags = (
        "--base",
        str(base),
        "--engine",
        "openai",
        "--base-url",
        url,
        "--server-model",
        NAME,
        *flags,
    )
    with one_thread():
        return CliRunner().invoke(
            app, ["run", str(recipe_file(folder)), "-o", str(folder / "chain"), *flags]
        )


def test_a_chain_on_a_server_that_does_not_tell_is_a_usage_error(tmp_path: Path) -> None:
    with serving(good) as (executor, asked):
        result = run(tmp_path, executor.server.base_url)
    assert result.exit_code == 2
    assert "does not report which checkpoint it serves" in result.stderr
    assert asked == []


def test_every_round_of_a_chain_is_labelled_by_the_checkpoint_that_it_begins_with(
    tmp_path: Path,
) -> None:
    """The server is started anew, late, with whatever checkpoint is the newest."""
    chain = tmp_path / "chain"
    loaded: list[Path] = [tmp_path / "base"]
    wanted: list[tuple[str, Path]] = []

    def listing() -> tuple[int, Any]:
        entry = {"id": NAME, "root": str(loaded[-1]), "owned_by": "vllm"}
        newest = sorted(chain.glob("R*/checkpoint"))[-1:]
        loaded.extend(path for path in newest if path not in loaded)  # for the next look
        return listed(entry)

    def reply(body: dict[str, Any], _: int) -> tuple[int, Any]:
        rounds = sorted(path.name for path in chain.glob("R*"))
        wanted.append((rounds[-1], loaded[-1]))
        return good()

    with serving(reply, listing) as (executor, _):
        result = run(tmp_path, executor.server.base_url, "--wait-for-server")
    assert result.exit_code == 0, result.output
    assert set(wanted) == {
        ("R00", tmp_path / "base"),
        ("R01", chain / "R00" / "checkpoint"),
        ("R02", chain / "R01" / "checkpoint"),
    }
    waits = [line for line in result.stderr.splitlines() if line.startswith("waiting until")]
    assert [line.rpartition(" ")[2] for line in waits] == [
        str(chain / "R00" / "checkpoint"),
        str(chain / "R01" / "checkpoint"),
    ]


# --- how it is asked ------------------------------------------------------------------------------

FIELDS = {
    "vllm": {"top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0},
    "sglang": {"top_k": -1, "min_p": 0.0, "repetition_penalty": 1.0},
    "llamacpp": {"top_k": 0, "min_p": 0.0, "repeat_penalty": 1.0},
    "openai": {},
}
OPENAI = {"model", "messages", "temperature", "top_p", "max_tokens", "seed"}


@pytest.mark.parametrize("owner", FIELDS)
def test_no_thinking_and_the_whole_distribution(owner: str) -> None:
    with serving(good, told(owned_by=owner)) as (executor, asked):
        label(executor, "base")
    for body in asked:
        extra = {key: value for key, value in body.items() if key not in {*OPENAI, "path", "key"}}
        assert extra == {"chat_template_kwargs": {"enable_thinking": False}, **FIELDS[owner]}


@pytest.mark.parametrize("status", [400, 422])
def test_what_a_server_refuses_of_ours_is_left_out_once_and_for_all(status: int) -> None:
    def strict(body: dict[str, Any], _: int) -> tuple[int, Any]:
        unknown = next((name for name in ("top_k", "chat_template_kwargs") if name in body), None)
        if unknown:
            return status, {"error": {"message": f"Unrecognized request argument: {unknown}"}}
        return good()

    lines: list[str] = []
    with serving(strict, told(owned_by="vllm")) as (executor, asked):
        server = replace(executor.server, tell=lines.append)
        labels = label(replace(executor, server=server, requests=1), "base")
    assert [one.expected for one in labels] == [0.75, 0.75]
    assert len(asked) == 4 + 2
    assert [line.partition(" ")[2] for line in lines] == [
        "refuses top_k; asking without it",
        "refuses chat_template_kwargs; asking without it",
    ]
    assert all(body["min_p"] == 0.0 for body in asked)


def test_a_refusal_of_anything_else_ends_the_round_with_the_servers_words(tmp_path: Path) -> None:
    message = {"error": "the prompt is longer than the context"}
    with (
        serving(lambda *_: (400, message), told(owned_by="vllm")) as (executor, asked),
        pytest.raises(CloudRequiredError, match=r"HTTP 400.*longer than the context"),
    ):
        label_into(tmp_path / "l.jsonl", job("base"), items(1), "s", replace(executor, requests=1))
    assert len(asked) == 1


# --- a server that is not ours --------------------------------------------------------------------


@pytest.fixture(scope="module")
def llama_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of llama-cpp-python's own server with the model in the box, named by its path."""
    if any(find_spec(name) is None for name in NEEDED):
        pytest.skip("llama_cpp.server needs " + ", ".join(NEEDED))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                str(PLAIN_SERVER),
                "--model",
                str(locate(STARTER)[1]),
                "--port",
                str(port),
                "--host",
                "127.0.0.1",
                "--n_ctx",
                "1024",
                "--n_threads",
                "1",
                "--n_threads_batch",
                "1",
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE"},
        )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/v1", process, log)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    expires = time.monotonic() + 120
    while time.monotonic() < expires and process.poll() is None:
        try:
            with opener.open(f"{url}/models", timeout=5) as reply:
                assert json.load(reply)["data"]
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")


def the_box() -> ModelReference:
    path = str(locate(STARTER)[1])
    prompt = str(read_header(Path(path)).metadata["foggen.system_prompt"])
    return ModelReference(path, ModelPlan(path, system_prompt=prompt))


def outcomes(executor: Any, questions: Sequence[Keyed]) -> list[tuple[float, int]]:
    (found,) = executor(MeasureJob(the_box()), cut(questions, len(questions), "s"))
    return [(one.confidence, one.edge) for one in found]


def clear(questions: Sequence[Keyed]) -> list[Keyed]:
    """Those with no near-tie: rounding is not the same in one pass and in token by token."""
    with the_box().open() as model:
        readings = model.read(questions)
    return [
        item
        for item, reading in zip(questions, readings, strict=True)
        if lead(reading.buckets) > 0.05 and lead(reading.labels[reading.bucket]) > 0.05
    ]


def lead(chances: Any) -> float:
    second, first = sorted(chances)[-2:]
    return float(first - second)


def test_a_real_server_says_what_this_process_says(llama_server: str) -> None:
    questions = clear(items(40))
    assert len(questions) > 20
    server = Server(llama_server, str(locate(STARTER)[1]))
    assert outcomes(ServerExecutor(server, rounds=15), questions) == outcomes(
        in_this_process, questions
    )


def test_a_real_server_draws_from_the_whole_distribution(llama_server: str) -> None:
    """Its own default is the best 40 tokens, which then are all that the hottest draws give."""
    import httpx2

    server = Server(llama_server, str(locate(STARTER)[1]))
    with httpx2.Client(timeout=60) as client:
        model = server.serving(client, server.name)
        drawn = {}
        for fields in (Fields(server, model.owner), Fields(server, "unknown")):
            asking = Asking(server, client, fields)
            hot = asking.body(MODEL.contract(), items(1)[0], 1000.0, 0) | {"max_tokens": 1}
            drawn[len(fields.values)] = {asking.ask(hot | {"seed": n})[0] for n in range(100)}
    assert len(drawn[1]) <= 40
    assert len(drawn[4]) > 60


def test_a_real_server_with_another_model_is_refused(llama_server: str, tmp_path: Path) -> None:
    executor = ServerExecutor(Server(llama_server, str(locate(STARTER)[1])))
    with pytest.raises(ConfigurationError, match="instead of"):
        label(executor, tmp_path)
