"""Row M07, many times: a damaged model loads or is one clear error, and the process goes on."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from foggen.engine.gguf_header import GgufHeader, read_header
from foggen.store.known_models import manifest_path, sha256_of

from ...export.gemma_checkpoint import write_gemma
from ..helpers import python
from ..nano_model import NANO, write_checkpoint

FILES = 150  # of each architecture
LONGEST_S = 500
TENSOR_COUNT, KEY_COUNT = 8, 16  # bytes from the beginning
LYING = (0, 1, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**63 - 1, 2**63, 2**64 - 1)

# The process that must not die: two threads check, and what passes is loaded and asked.
LOAD_ALL = """
    import sys
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path

    from foggen.engine.engine import Engine
    from foggen.errors import FogGenError
    from foggen.store.known_models import check_model
    from foggen.question.question import Question

    home, *files = map(Path, sys.argv[1:])
    question = Question.from_options("What is 2 + 3?", ["4", "5"])

    def checked(path):
        try:
            check_model(path, home)
        except FogGenError as error:
            return error

    def outcome(path, error):
        if error:
            return f"refused {error}"
        try:
            with Engine(path, threads=1) as engine:
                engine.assess(question)
        except FogGenError as error:
            return f"refused {error}"
        return "loaded"

    with ThreadPoolExecutor(2) as pool:
        for path, error in zip(files, pool.map(checked, files)):
            print(path.name, outcome(path, error), flush=True)
    """


def flipped_in_the_header(random: Random, data: bytearray, header: GgufHeader) -> None:
    for _ in range(random.choice((1, 1, 3, 30))):
        data[random.randrange(header.data_offset)] ^= 1 << random.randrange(8)


def flipped_anywhere(random: Random, data: bytearray, _: GgufHeader) -> None:
    for _ in range(random.choice((1, 10, 1000))):
        data[random.randrange(len(data))] = random.randrange(256)


def truncated(random: Random, data: bytearray, _: GgufHeader) -> None:
    del data[random.randrange(len(data)) :]


def wrong_count(random: Random, data: bytearray, header: GgufHeader) -> None:
    """Of tensors, of keys, or of an array's entries."""
    arrays = [start - 8 for start, _ in header.arrays.values()]
    place = random.choice((TENSOR_COUNT, KEY_COUNT, *arrays))
    (count,) = struct.unpack_from("<Q", data, place)
    wrong = random.choice((count + 1, count - 1, 2 * count, *LYING))
    struct.pack_into("<Q", data, place, wrong)


def lying_tensor(random: Random, data: bytearray, header: GgufHeader) -> None:
    """Another offset, extent or type in the table of tensors."""
    tensor = random.choice(header.tensors)
    name = tensor.name.encode()
    begin = data.index(struct.pack("<Q", len(name)) + name) + 8 + len(name)
    extents = 4 + 8 * len(tensor.shape)
    places = {"extent": begin + 4, "offset": begin + extents + 4}
    kind = random.choice(("extent", "offset", "offset", "type"))
    if kind == "type":
        struct.pack_into("<I", data, begin + extents, random.randrange(40))
        return
    near = (tensor.offset + random.choice((-32, 32, 1)), tensor.offset + 4096)
    struct.pack_into("<Q", data, places[kind], random.choice((*near, *LYING)) % 2**64)


def huge_string(random: Random, data: bytearray, header: GgufHeader) -> None:
    """A key's own length lies."""
    name = random.choice(list(header.metadata)).encode()
    place = data.index(struct.pack("<Q", len(name)) + name)
    struct.pack_into("<Q", data, place, random.choice((len(name) + 1, 2**20, *LYING)))


DAMAGES: tuple[Callable[[Random, bytearray, GgufHeader], None], ...] = (
    flipped_in_the_header,
    flipped_anywhere,
    truncated,
    wrong_count,
    lying_tensor,
    huge_string,
)


def damaged(source: Path, folder: Path) -> list[Path]:
    """FILES copies, the damages in turn, each named by what was done to it.

    Who sends a hostile file sends a manifest that fits it, which must not help.
    """
    whole, header, out = source.read_bytes(), read_header(source), []
    folder.mkdir()
    for number in range(FILES):
        damage, data = DAMAGES[number % len(DAMAGES)], bytearray(whole)
        damage(Random(number), data, header)
        out.append(folder / f"{damage.__name__}-{number}.gguf")
        out[-1].write_bytes(data)
        manifest_path(out[-1]).write_text(json.dumps({"sha256": sha256_of(out[-1])}), "utf-8")
    return out


@pytest.fixture(scope="module", params=["qwen3", "gemma3"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound GGUF, to be damaged."""
    from foggen.engine.contract import published
    from foggen_export.checkpoint import Checkpoint
    from foggen_export.exporting import export

    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "qwen3":
        write_checkpoint(folder / "checkpoint", NANO)
    else:
        write_gemma(folder / "checkpoint")
    checkpoint, path = Checkpoint.open(folder / "checkpoint"), folder / "whole.gguf"
    export(checkpoint, published(request.param), "q8_0", folder / "made.gguf", name="n")
    return (folder / "made.gguf").rename(path)


def test_m07_damaged_files_never_end_the_process(model: Path, tmp_path: Path) -> None:
    files = damaged(model, tmp_path / "damaged")
    outcome = python(LOAD_ALL, tmp_path / "home", *files, limit_s=LONGEST_S)
    assert outcome.code == 0, outcome.err[-2000:] + outcome.out[-300:]
    lines = outcome.out.splitlines()
    assert [line.split()[0] for line in lines] == [path.name for path in files]
    for line, path in zip(lines, files, strict=True):
        said = line.split(" ", 2)[1:]
        assert said == ["loaded"] or (said[0] == "refused" and str(path) in said[1]), line
    refused = [line.split("-")[0] for line in lines if " refused " in line]
    assert len(refused) < FILES
    for damage in (truncated, wrong_count, huge_string):
        assert refused.count(damage.__name__) == FILES // len(DAMAGES), damage.__name__


def test_m07_the_undamaged_file_loads(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "whole.gguf"
    shutil.copy(model, path)
    outcome = python(LOAD_ALL, tmp_path / "home", path)
    assert outcome.out == "whole.gguf loaded\n", outcome.err
