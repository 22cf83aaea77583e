"""`foggen.engine.memory`: the context that fits the budget, and the memory that a model is said to need."""

from __future__ import annotations

from pathlib import Path

import pytest

from foggen.config import STARTER
from foggen.engine.gguf_header import read_header
from foggen.engine.memory import default_context, memory_needed
from foggen.engine.native import Context, Model
from foggen.store.models import locate

from ..conftest import Scripted
from ..helpers import python

TOKEN_BYTES = 2 * 1 * (32 + 32)  # of a scripted model's layer: one head, in 16 bits
BUDGET = 128 << 20


@pytest.mark.parametrize(
    ("layers", "trained", "expected"),
    [
        (1, 4096, 4096),  # all that the model was trained to
        (256, 65_536, 4096),  # all that 128 MiB hold
        (250, 65_536, 4096),  # in whole steps of 256
        (2048, 65_536, 1024),  # no fewer, whatever they take
        (2048, 512, 512),  # but never more than the model was trained to
        (1, 100, 256),
    ],
)
def test_the_context_that_fits(
    scripted_header: Path, layers: int, trained: int, expected: int
) -> None:
    header = read_header(scripted_header)
    header.metadata.update({"qwen3.block_count": layers, "qwen3.context_length": trained})
    assert default_context(header) == expected
    assert memory_needed(header) == header.size + expected * layers * TOKEN_BYTES
    if expected > 1024 and expected < trained:
        assert expected * layers * TOKEN_BYTES <= BUDGET < (expected + 256) * layers * TOKEN_BYTES


@pytest.fixture
def scripted_header(scripted: Scripted) -> Path:
    return scripted()


NO_CONTEXT = """
    import resource, sys
    from pathlib import Path
    from foggen.errors import ModelFileError
    from foggen.engine.native import Context, Model

    def is_mapped():
        return sys.argv[1] in Path("/proc/self/maps").read_text()

    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    model = Model(Path(sys.argv[1]))
    try:
        Context(model, context=1 << 30)
    except ModelFileError as error:
        print(error.message)
    print(is_mapped())
    model.close()
    print(is_mapped())
    """


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc")
def test_a_context_for_which_there_is_no_memory_is_an_error_and_keeps_no_model(
    scripted: Scripted,
) -> None:
    outcome = python(NO_CONTEXT, scripted())
    assert outcome.code == 0, outcome.err
    message, before, after = outcome.out.splitlines()
    assert "no context can be made" in message
    assert (before, after) == ("True", "False")


def test_a_context_has_the_default_size_unless_another_is_given() -> None:
    _, box = locate(STARTER)
    model = Model(box)
    try:
        for given, size in ((None, default_context(model.header)), (512, 512)):
            context = Context(model, context=given)
            assert context.size == size
            context.close()
    finally:
        model.close()
