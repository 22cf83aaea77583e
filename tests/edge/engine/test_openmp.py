"""`foggen.engine.openmp`: threads sleep while they wait, and nothing is written into the host's environment."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from foggen import Router
from foggen.config import STARTER
from foggen.engine import cores, machine, native, openmp
from foggen.engine.native import context
from foggen.errors import ModelFileError
from foggen.store.models import locate

from ..helpers import QUESTION, python

COUNT = """
    import os, resource, sys
    before = dict(os.environ)
    first, threads, keep, question = sys.argv[1:]
    if first:
        __import__(first)
    from foggen import Router
    from foggen.engine import openmp
    if keep == "spin":
        openmp.kind_of = lambda _: "none"
    def switches():
        return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw
    with Router.open(mode="edge-only", threads=int(threads)) as router:
        router.ask(question)
        begun = switches()
        for _ in range(5):
            router.ask(question)
        print(switches() - begun)
    print(dict(os.environ) == before)
    """

two_threads = pytest.mark.skipif(
    len(cores.usable_processors()) < 2 or native.openmp_kind() != "gnu",
    reason="needs two processors and GNU OpenMP",
)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the names of ELF dependencies")
def test_the_kind_is_that_of_the_library_which_the_build_is_linked_with() -> None:
    """The tests that need GNU OpenMP are skipped by it."""
    library = native.processor_library()
    assert library is not None
    assert (native.openmp_kind() == "gnu") == (b"libgomp" in library.read_bytes())


@two_threads
@pytest.mark.parametrize("first", ["", "llama_cpp", "torch", "foggen_training"])
def test_threads_sleep_whatever_was_imported_first(first: str) -> None:
    """Each wait that sleeps is a voluntary context switch; a thread that spins makes none."""
    if first == "torch":
        pytest.importorskip("torch")
    sleeping = python(COUNT, first, 2, "sleep", QUESTION)
    assert sleeping.code == 0, sleeping.err
    count, environment = sleeping.out.split()
    assert environment == "True", "the environment is the host's own"
    assert int(count) > 500, "five answers have some thousand meetings of threads"


@two_threads
def test_without_the_sleeping_threads_they_spin() -> None:
    """What the test above would see if the module did nothing."""
    outcome = python(COUNT, "llama_cpp", 2, "spin", QUESTION)
    sleeping = python(COUNT, "llama_cpp", 2, "sleep", QUESTION)
    assert int(outcome.out.split()[0]) < int(sleeping.out.split()[0]) / 2


@two_threads
def test_the_sleeping_threads_end_with_their_model() -> None:
    def sleeping() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "foggen-openmp"]

    before = sleeping()
    with Router.open(mode="edge-only", threads=2):
        (added,) = set(sleeping()) - set(before)
    added.join(60)
    assert not added.is_alive()


def test_a_small_model_gets_one_thread() -> None:
    assert machine.threads_for(4 << 20) == 1
    assert machine.threads_for(400 << 20) == machine.thread_count()


@pytest.mark.parametrize(
    ("files", "left"),
    [
        ({"pids.max": "max", "pids.current": "7"}, float("inf")),
        ({"pids.max": "100", "pids.current": "7"}, 93),
        ({"pids/pids.max": "100", "pids/pids.current": "40"}, 60),
        ({}, float("inf")),
    ],
)
def test_threads_that_the_container_allows(
    files: dict[str, str], left: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text + "\n", "utf-8")
    monkeypatch.setattr(machine, "_CGROUP", tmp_path)
    assert machine.threads_left() == left


@two_threads
def test_no_thread_is_kept_where_few_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenMP ends the process if it cannot start a thread."""
    for left, kept in ((4, 0), (400, 1)):
        monkeypatch.setattr(openmp, "threads_left", lambda left=left: left)
        before = threading.active_count()
        threads = openmp.SleepingThreads(native.processor_library(), 2)
        assert threading.active_count() - before == kept
        threads.close()


@two_threads
def test_a_context_that_cannot_be_made_leaves_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ModelFileError("no context can be made")

    model = native.Model(locate(STARTER)[1])
    before = set(threading.enumerate())  # other tests' models may be open
    monkeypatch.setattr(context, "_new_context", refuse)
    with pytest.raises(ModelFileError):
        native.Context(model, threads=2)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()
    model.close()
