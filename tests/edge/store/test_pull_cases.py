"""Cases 41, 43, 51, 52 and 53: how people name a model, and what a hub has beside it."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import gguf
import pytest

from foggen.config import STARTER, Settings
from foggen.errors import ConfigurationError, ModelFileError, PullError, UsageError
from foggen.store import exporting
from foggen.store.choosing import quant_of
from foggen.store.models import locate
from foggen.store.pull import pull, repair
from foggen.store.references import Reference
from foggen.store.store import problem

from ..loopback_hub import COMMIT, REPO, Fault, LoopbackHub
from .pieces import box_in_pieces
from .pulling import BOX, FILE, NAME, failed, is_right, left_over, pulled, stored

PROJECTOR, BIG = "mmproj-F16.gguf", b"x" * (1 << 20)


def gguf_head(*keys: tuple[str, str]) -> bytes:
    """The first bytes of a GGUF with these texts, and a megabyte after them."""
    data = b"GGUF" + struct.pack("<IQQ", 3, 0, len(keys))
    for pair in keys:
        name, text = (struct.pack("<Q", len(word)) + word.encode() for word in pair)
        data += name + struct.pack("<I", 8) + text
    return data + BIG


# --- case 43: the forms in which a model is named -------------------------------------------------

MAIN = Reference("o/n")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("o/n", MAIN),
        ("o/n:Q4_K_M", Reference("o/n", quant="Q4_K_M")),
        ("o/n:latest", MAIN),
        ("o/n@v1", Reference("o/n", "v1")),
        ("o/n@v1:Q4_K_M", Reference("o/n", "v1", quant="Q4_K_M")),
        ("o/n@refs/pr/1", Reference("o/n", "refs/pr/1")),
        ("o/n@refs/pr/1/f.gguf", Reference("o/n", "refs/pr/1", "f.gguf")),
        ("o/n/sub/f.GGUF", Reference("o/n", "", "sub/f.GGUF")),
        ("hf.co/o/n", MAIN),
        ("hf.co/o/n:UD-Q4_K_XL", Reference("o/n", quant="UD-Q4_K_XL")),
        ("huggingface.co/o/n/", MAIN),
        ("hf://o/n@v1/f.gguf", Reference("o/n", "v1", "f.gguf")),
        ("https://huggingface.co/o/n", MAIN),
        ("https://hf.co/o/n:Q8_0", Reference("o/n", quant="Q8_0")),
        ("https://HuggingFace.co/o/n/blob/main/f.gguf", Reference("o/n", "main", "f.gguf")),
        (
            "https://huggingface.co/o/n/resolve/refs%2Fpr%2F1/sub/a%20b.gguf?download=true",
            Reference("o/n", "refs/pr/1", "sub/a b.gguf"),
        ),
        ("https://huggingface.co/o/n/resolve/feature%2Fx/f.gguf#l", Reference("o/n", "feature/x", "f.gguf")),
        ("https://huggingface.co/o/n/tree/v1", Reference("o/n", "v1")),
        ("https://huggingface.co/o/n/tree/main/Q4_K_M", Reference("o/n", "main", "Q4_K_M")),
        ("https://huggingface.co/o/n?show_file_info=f.gguf", Reference("o/n", "", "f.gguf")),
        ("folder/f.gguf", None),
        ("./o/n", None),
        ("/o/n", None),
        ("C:\\o\\n.gguf", None),
        ("https://example.org/o/n/resolve/main/f.gguf", None),
        ("https://example.org/?u=huggingface.co/o/n", None),
    ],
)  # fmt: skip
def test_case_43_the_forms_of_a_name(text: str, place: Reference | None) -> None:
    assert Reference.parse(text) == place


@pytest.mark.parametrize("path", ["datasets/o/n", "datasets/o", "o", "o/n/discussions/3", ""])
def test_case_43_other_pages_of_the_hub_are_refused(path: str, settings: Settings) -> None:
    failed(settings, UsageError, "not the page of a model", source=f"https://huggingface.co/{path}")


@pytest.mark.parametrize(
    "source",
    [f"{REPO}:q8_0", f"hf.co/{REPO}", f"https://huggingface.co/{REPO}/blob/main/{FILE}"],
)
def test_case_43_they_are_pulled_from_the_hub(
    hub: LoopbackHub, settings: Settings, source: str
) -> None:
    entry = pulled(settings, source)
    assert (entry.name, entry.text("source")) == (NAME, f"{REPO}@{COMMIT}/{FILE}")


@pytest.mark.parametrize("page", ["blob", "resolve"])
def test_case_43_an_address_of_the_mirror_in_use(
    hub: LoopbackHub, settings: Settings, page: str
) -> None:
    entry = pulled(settings, f"{hub.url}/{REPO}/{page}/v1/{FILE}")
    assert hub.asked[0].path == f"/api/models/{REPO}/revision/v1?blobs=true"
    assert entry.text("source") == f"{REPO}@{COMMIT}/{FILE}"


def test_case_43_a_revision_with_slashes(hub: LoopbackHub, settings: Settings) -> None:
    pulled(settings, f"{REPO}@refs/pr/1")
    assert hub.asked[0].path == f"/api/models/{REPO}/revision/refs%2Fpr%2F1?blobs=true"


def test_case_43_two_quantizations_are_refused(hub: LoopbackHub, settings: Settings) -> None:
    with pytest.raises(UsageError, match="-q q4_0 and :Q8_0"):
        pull(f"{REPO}:Q8_0", settings, quant="q4_0")
    assert is_right(pull(f"{REPO}:Q8_0", settings, quant="q8_0"))


def test_case_43_an_address_of_another_site_that_is_a_page(
    hub: LoopbackHub, settings: Settings
) -> None:
    hub.files["x.gguf"] = b"<!doctype html><html>" + BIG
    for headers in ({}, {"Content-Type": "text/html; charset=utf-8"}):
        hub.head_headers = headers
        failed(settings, ModelFileError, "web page (HTML)", "sign in", source=f"{hub.url}/x.gguf")
    assert hub.of_files() == []


def test_case_43_a_page_in_place_of_the_list_of_files(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "listing_text", "\n<html>sign in</html>")
    failed(settings, PullError, "web page (HTML)", "HF_ENDPOINT")


def test_case_43_a_page_that_comes_with_the_file_itself(
    hub: LoopbackHub, settings: Settings
) -> None:
    """The first bytes were right; then the network wants a new sign-in."""
    hub.headers = {"Content-Type": "text/html"}
    failed(settings, ModelFileError, "web page (HTML)")


def test_case_43_a_git_lfs_pointer_is_named(hub: LoopbackHub, settings: Settings) -> None:
    hub.files["x.gguf"] = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"
    failed(settings, ModelFileError, "Git LFS pointer", "/resolve/", source=f"{hub.url}/x.gguf")


# --- case 41: what is no model, and pieces ---------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [PROJECTOR, "model.mmproj-Q8_0.gguf", "imatrix.gguf", "x-imatrix-q8_0.gguf", "mtp-x-Q8_0.gguf",
     "x-lora-q8_0.gguf", "sub/adapter-f16.gguf"],
)  # fmt: skip
def test_case_41_other_kinds_of_files_are_passed_over(
    hub: LoopbackHub, settings: Settings, other: str
) -> None:
    hub.files[other] = gguf_head()
    pulled(settings)
    hub.files = {other: gguf_head()}
    with pytest.raises(ModelFileError, match="has no model: by its name, "):
        pull(REPO, settings, name="other")


@pytest.mark.parametrize("name", ["loralei-q8_0.gguf", "adapters.gguf", "amtp-q8_0.gguf"])
def test_case_41_words_that_only_begin_alike(
    hub: LoopbackHub, settings: Settings, name: str
) -> None:
    hub.files = {name: BOX}
    pulled(settings)


@pytest.mark.parametrize(
    ("kind", "word"), [("adapter", "adapter"), ("mmproj", "projector"), ("imatrix", "importance")]
)
def test_case_41_a_file_that_is_named_is_judged_by_its_header(
    hub: LoopbackHub, settings: Settings, kind: str, word: str
) -> None:
    hub.files["x-lora.gguf"] = gguf_head(("general.architecture", "llama"), ("general.type", kind))
    failed(settings, ModelFileError, word, "not a model", source=f"{REPO}/x-lora.gguf")
    assert hub.of_files() == []
    hub.files["x-lora.gguf"] = BOX  # merged, and named after how it was trained
    pulled(settings, f"{REPO}/x-lora.gguf")


def test_case_41_pieces_beside_a_projector_are_one_model(
    hub: LoopbackHub, settings: Settings, tmp_path: Path
) -> None:
    pieces = box_in_pieces(tmp_path)
    assert len(pieces) == 3
    hub.files = {PROJECTOR: gguf_head(), **{f"Q8_0/{name}": data for name, data in pieces.items()}}
    entry = pull(f"{REPO}:Q8_0", settings)
    first = f"Q8_0/{next(iter(pieces))}"
    assert (entry.name, entry.text("source")) == (NAME, f"{REPO}@{COMMIT}/{first}")
    assert same_model(entry.path)
    assert left_over(settings) == 0
    assert not problem(entry.path)
    digest = entry.text("sha256")
    entry.path.write_bytes(b"damaged")
    assert repair(entry.name, settings).text("sha256") == digest


def same_model(path: Path) -> bool:
    """Whether a file has the keys and tensors of the model in the box."""
    found, box = gguf.GGUFReader(path), gguf.GGUFReader(locate(STARTER)[1])
    own = [name for name in found.fields if not name.startswith(("GGUF.", "split."))]
    keys = [name for name in box.fields if not name.startswith("GGUF.")]
    assert set(own) == set(keys)
    assert all(found.fields[name].contents() == box.fields[name].contents() for name in keys)
    assert len(found.tensors) == len(box.tensors)
    here = {tensor.name: tensor.data.tobytes() for tensor in found.tensors}
    return here == {tensor.name: tensor.data.tobytes() for tensor in box.tensors}


def test_case_41_m07_what_was_joined_runs(
    hub: LoopbackHub, settings: Settings, tmp_path: Path
) -> None:
    """A child process loads it (m07)."""
    hub.files = box_in_pieces(tmp_path)
    assert same_model(pull(REPO, settings).path)


def test_case_41_one_piece_stands_for_all(
    hub: LoopbackHub, settings: Settings, tmp_path: Path
) -> None:
    pieces = box_in_pieces(tmp_path)
    last = list(pieces)[-1]
    hub.files = dict(pieces)
    by_name = pull(f"{REPO}/{last}", settings)
    by_url = pull(f"{hub.url}/{last}?sig=secret", settings, name="by-url")
    by_path = pull(str(tmp_path / last), settings, name="by-path")
    assert {entry.text("sha256") for entry in (by_name, by_url, by_path)} == {
        by_name.text("sha256")
    }
    assert "secret" not in json.dumps(by_url.manifest)
    by_path.path.unlink()
    repair("by-path", settings)
    assert same_model(by_path.path)


def test_case_41_a_piece_that_lacks(hub: LoopbackHub, settings: Settings, tmp_path: Path) -> None:
    first, second, third = box_in_pieces(tmp_path).items()
    hub.files = dict((first, third))
    failed(settings, ModelFileError, f"lacks {second[0]}")
    assert hub.of_files() == []
    (tmp_path / second[0]).unlink()
    failed(settings, ConfigurationError, second[0], source=str(tmp_path / first[0]))


@pytest.mark.parametrize("wrong", ["order", "twice", "other"])
def test_case_41_pieces_that_do_not_belong_together(
    hub: LoopbackHub, settings: Settings, tmp_path: Path, wrong: str
) -> None:
    (one, first), (two, second), (three, third) = box_in_pieces(tmp_path).items()
    number = b"split.no\x02\x00\x00\x00\x02\x00"
    assert number in third
    hub.files = {
        "order": {one: second, two: first, three: third},
        "twice": {one: first, two: second, three: second},
        "other": {one: first, two: third.replace(number, number[:-2] + b"\1\0"), three: third},
    }[wrong]
    failed(settings, ModelFileError, "get all pieces of one model")
    assert left_over(settings) == 0


def test_case_41_a_damaged_piece(hub: LoopbackHub, settings: Settings, tmp_path: Path) -> None:
    hub.files = box_in_pieces(tmp_path)
    last = list(hub.files)[-1]
    hub.hashes = {last: "0" * 64}
    failed(settings, ModelFileError, f"{last} arrived with sha256")


def test_case_41_an_interrupted_pull_goes_on_with_the_next_piece(
    hub: LoopbackHub, settings: Settings, tmp_path: Path
) -> None:
    hub.files = box_in_pieces(tmp_path)
    hub.faults = [Fault(), Fault(status=503)]
    failed(settings, PullError, "503")
    asked = len(hub.of_files())
    assert asked == 2
    assert same_model(pull(REPO, settings).path)
    first = next(iter(hub.files))
    ranges = [a.headers["range"] for a in hub.of_files()[asked:] if a.path.endswith(first)]
    assert ranges == [f"bytes={len(hub.files[first]) - 1}-"]


# --- case 51: what is of no use is known before it is downloaded ----------------------------------


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("by_url", [True, False])
def test_case_51_the_header_is_judged_first(
    hub: LoopbackHub, settings: Settings, ranges: bool, by_url: bool
) -> None:
    hub.ranges = ranges
    hub.files = {FILE: gguf_head(("general.architecture", "mamba"), ("general.type", "model"))}
    source = f"{hub.url}/{FILE}" if by_url else REPO
    failed(settings, ModelFileError, "architecture is 'mamba'", source=source)
    assert hub.of_files() == []  # a request for all of it has no range, or none that is left off
    assert left_over(settings) == 0


def test_case_51_the_header_of_the_first_piece(hub: LoopbackHub, settings: Settings) -> None:
    head = gguf_head(("general.architecture", "deepseek2"))
    hub.files = {f"x-0000{n}-of-00002.gguf": head for n in (1, 2)}
    failed(settings, ModelFileError, "architecture is 'deepseek2'")
    assert hub.of_files() == []


def test_case_51_what_is_no_gguf(hub: LoopbackHub, settings: Settings) -> None:
    hub.files = {FILE: b"PK\x03\x04" + BIG}
    failed(settings, ModelFileError, "not a GGUF file")
    assert hub.of_files() == []


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('{"architectures": ["LlavaForConditionalGeneration"], "model_type": "llava"}', "'llava'"),
        ('{"architectures": ["Qwen3ForSequenceClassification"]}', "Qwen3ForSequenceClassification"),
        ('{"a": 1}', "names no architecture"),
        ("[1]", "config.json is damaged"),
        ("{", "config.json is damaged"),
    ],
)
def test_case_51_a_checkpoint_s_config_is_judged_first(
    hub: LoopbackHub, settings: Settings, monkeypatch: pytest.MonkeyPatch, config: str, words: str
) -> None:
    monkeypatch.setattr(exporting, "NEEDED", ())
    weights = {f"model-0000{n}-of-00002.safetensors": BIG for n in (1, 2)}
    hub.files = {"tokenizer.json": b"{}", **weights, "config.json": config.encode()}
    failed(settings, ModelFileError, words)
    assert [asked.path.rpartition("/")[2] for asked in hub.of_files()] == ["config.json"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["adapter_model.safetensors", "adapter_config.json", "README.md"], ("an adapter",)),
        (["model.safetensors", "tokenizer.json"], ("no config.json",)),
        (["pytorch_model.bin", "config.json"], ("neither a GGUF nor a safetensors file",)),
    ],
)
def test_case_51_what_is_no_checkpoint_is_not_downloaded(
    hub: LoopbackHub, settings: Settings, names: list[str], words: tuple[str, ...]
) -> None:
    hub.files = dict.fromkeys(names, BIG)
    failed(settings, ModelFileError, *words)
    assert hub.of_files() == []


# --- case 52: the names of quantizations -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "quant"),
    [
        ("qwen3-0_6b-q8_0.gguf", "q8_0"),
        ("qwen3-0_6b-fp16.gguf", "f16"),
        ("x.FP32.gguf", "f32"),
        ("m.i1-Q4_K_M.gguf", "q4_k_m"),
        ("Qwen3-0.6B-UD-Q4_K_XL.gguf", "q4_k_xl"),
        ("Qwen3-0.6B-IQ4_NL.gguf", "iq4_nl"),
        ("Q4_K_M/model.gguf", "q4_k_m"),
        ("Q4_K_M/model-q8_0.gguf", "q8_0"),
        ("BF16/model-BF16-00001-of-00002.gguf", "bf16"),
        ("MODEL-Q8_0.GGUF", "q8_0"),
        ("model.gguf", ""),
        ("q8_0.gguf", "q8_0"),
    ],
)
def test_case_52_the_quantization_in_a_name(name: str, quant: str) -> None:
    assert quant_of(name) == quant


@pytest.mark.parametrize(
    ("names", "quant", "chosen"),
    [
        (["qwen3-q8_0.gguf", "qwen3-fp16.gguf"], "fp16", "qwen3-fp16.gguf"),
        (["qwen3-q8_0.gguf", "qwen3-fp16.gguf"], "F16", "qwen3-fp16.gguf"),
        (["Q8_0/model.gguf", "Q4_K_M/model.gguf"], "q4_k_m", "Q4_K_M/model.gguf"),
        (["Q8_0/model.gguf", "Q4_K_M/model.gguf"], "", "Q8_0/model.gguf"),
        (["a-UD-Q4_K_XL.gguf", "a-Q4_0.gguf"], "Q4_K_XL", "a-UD-Q4_K_XL.gguf"),
        (["a-UD-Q4_K_XL.gguf", "a-Q8_0.gguf"], "UD-Q4_K_XL", "a-UD-Q4_K_XL.gguf"),
    ],
)
def test_case_52_the_choice_by_quantization(
    hub: LoopbackHub, settings: Settings, names: list[str], quant: str, chosen: str
) -> None:
    hub.files = dict.fromkeys(names, BOX)
    assert pull(REPO, settings, quant=quant).text("source").endswith(f"/{chosen}")
    assert stored(settings)


def test_case_52_a_folder_of_a_page_s_address(hub: LoopbackHub, settings: Settings) -> None:
    hub.files = dict.fromkeys(("Q8_0/model.gguf", "Q4_K_M/model.gguf"), BOX)
    entry = pulled(settings, f"https://huggingface.co/{REPO}/tree/main/Q4_K_M")
    assert entry.text("source").endswith("/Q4_K_M/model.gguf")


def test_case_52_two_files_of_one_quantization_are_listed(
    hub: LoopbackHub, settings: Settings
) -> None:
    hub.files = dict.fromkeys(("a-Q4_K_XL.gguf", "a-UD-Q4_K_XL.gguf"), BOX)
    failed(settings, ConfigurationError, "more than one", source=f"{REPO}:Q4_K_XL")
    pulled(settings, f"{REPO}:UD-Q4_K_XL")


# --- case 53: the address of the hub ----------------------------------------------------------------


@pytest.mark.parametrize("address", ["hf-mirror.com", "http://hf-mirror.com", "hf-mirror.com/"])
def test_case_53_an_endpoint_without_https_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    failed(settings, UsageError, "HF_ENDPOINT is", "HF_ENDPOINT=https://hf-mirror.com,")
