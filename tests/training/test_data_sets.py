"""`foggen-train data`: the data sets of a hub on loopback become files that a chain reads."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from foggen.confidence.labelled import read_questions
from foggen.installation import installation
from foggen_training.cli import app
from foggen_training.data_sets.building import Shares, placed, without_repeats
from foggen_training.data_sets.catalog import KNOWN, DataSet, data_set_of
from foggen_training.data_sets.formats import can_be_read, rows_of
from foggen_training.data_sets.layouts import LAYOUTS, NoKey, layout_of, place_of
from foggen_training.data_sets.reading import TEST, TRAIN, Item, domain_of, split_of
from foggen_training.recipe import DOMAINS

from ..edge.loopback_hub import COMMIT, Fault, LoopbackHub

Rows = Sequence[dict[str, Any]]
TEXTS = ("alpha", "beta", "gamma", "delta")


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    with LoopbackHub({}, license="mit") as served:
        monkeypatch.setenv("HF_ENDPOINT", served.url)
        yield served


def run(folder: Path, *arguments: object) -> Any:
    return CliRunner().invoke(app, ["data", *map(str, arguments), "-o", str(folder)])


def done(folder: Path, *arguments: object) -> dict[str, Any]:
    """SOURCES.json of a run that succeeds."""
    result = run(folder, *arguments)
    assert result.exit_code == 0, result.output
    sources: dict[str, Any] = json.loads((folder / "SOURCES.json").read_text("utf-8"))
    assert result.stdout.splitlines() == [str(folder / name) for name in sources["files"]]
    return sources


def questions(folder: Path, name: str) -> list[dict[str, Any]]:
    lines = (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def as_parquet(rows: Rows) -> bytes:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    output = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(list(rows)), output)
    return output.getvalue()


def as_lines(rows: Rows) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_csv(rows: Rows, delimiter: str = ",") -> bytes:
    output = io.StringIO()
    writer = csv.DictWriter(output, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue().encode()


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A question in our own form, whose right option is B."""
    return {
        "id": f"q{number}",
        "question": f"What is number {number}?",
        "options": list(TEXTS),
        "answer": "B",
        "domain": "law",
    } | changes


# --- every known data set, as its own hub repository has it ---------------------------------------


def published() -> dict[str, dict[str, bytes]]:
    """Rows with the columns of the real sets; in each, beta is right."""
    labelled = {"text": list(TEXTS), "label": ["1", "2", "3", "4"]}
    mmlu = [
        {
            "question": f"{word} of {subject}?",
            "subject": subject,
            "choices": list(TEXTS),
            "answer": 1,
        }
        for word in ("Which", "What")
        for subject in ("virology", "sociology")
    ]
    pro = [
        {
            "question_id": n,
            "question": f"Pro {n}?",
            "options": [*TEXTS, *"efghij"],
            "answer": "B",
            "answer_index": 1,
            "cot_content": "",
            "category": category,
            "src": "x",
        }
        for n, category in enumerate(["business", "computer science", "law", "psychology"])
    ]
    medmcqa = {
        "opa": "alpha",
        "opb": "beta",
        "opc": "gamma",
        "opd": "delta",
        "choice_type": "single",
    }
    return {
        "cais/mmlu": {
            "all/test-00000-of-00001.parquet": as_parquet(mmlu[:2]),
            "all/validation-00000-of-00001.parquet": as_parquet(mmlu[2:]),
            "all/auxiliary_train-00000-of-00001.parquet": b"is not taken",
        },
        "TIGER-Lab/MMLU-Pro": {"data/test-00000-of-00001.parquet": as_parquet(pro)},
        "allenai/ai2_arc": {
            f"ARC-{kind}/{split}-00000-of-00001.parquet": as_parquet(
                [
                    {
                        "id": f"{kind}_{split}",
                        "question": f"{kind} in {split}?",
                        "choices": labelled,
                        "answerKey": "2",
                    }
                ]
            )
            for kind in ("Challenge", "Easy")
            for split in ("train", "test")
        },
        "allenai/openbookqa": {
            f"main/{split}-00000-of-00001.parquet": as_parquet(
                [
                    {
                        "id": split,
                        "question_stem": f"An open book in {split} is",
                        "choices": labelled | {"label": list("ABCD")},
                        "answerKey": "B",
                    }
                ]
            )
            for split in ("train", "test")
        },
        "openlifescienceai/medmcqa": {
            f"data/{split}-00000-of-00001.parquet": as_parquet(
                [{"id": split, "question": f"Which drug in {split}?", "cop": key, **medmcqa}]
            )
            for split, key in (("train", 1), ("validation", 1), ("test", -1))
        },
        "qiaojin/PubMedQA": {
            "pqa_labeled/train-00000-of-00001.parquet": as_parquet(
                [
                    {
                        "pubid": n,
                        "question": f"Does {n} help?",
                        "final_decision": "no",
                        "context": {"contexts": [f"AIM {n}.", "RESULTS."], "labels": ["A", "R"]},
                    }
                    for n in range(20)
                ]
            ),
            "pqa_artificial/train-00000-of-00001.parquet": b"is not taken",
        },
        "deepmind/aqua_rat": {
            f"raw/{split}-00000-of-00001.parquet": as_parquet(
                [
                    {
                        "question": f"How many in {split}?",
                        "rationale": "so",
                        "correct": "B",
                        "options": ["A)alpha", "B)beta", "C)gamma", "D)delta", "E)5 ) 6"],
                    }
                ]
            )
            for split in ("train", "test")
        },
        "issai/KazCulture": {
            f"data/{split}.csv": as_csv(
                [
                    {
                        "passage": "...",
                        "question": f"Наурыз {split}?",
                        "a": "alpha",
                        "b": "beta",
                        "c": "gamma",
                        "d": "delta",
                        "answer_label": "B",
                    }
                ]
            )
            for split in ("train", "test")
        },
        "issai/foggen-data": {
            f"{domain}.{split}.jsonl": as_lines(
                [row(0, id=f"{domain}-{split}", domain=domain, question=f"{domain}, {split}?")]
            )
            for domain in DOMAINS
            for split in ("train", "test")
        },
    }


def test_every_known_set_is_read_as_it_is_published(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.data_sets = published()
    assert set(hub.data_sets) == set(KNOWN)
    sources = done(tmp_path, *KNOWN)
    for domain in DOMAINS:
        for split in (TRAIN, TEST):
            items = read_questions(tmp_path / f"{domain}.{split}.jsonl")
            right = {item.answer_text for item in items}
            assert right <= {"beta", "no"}, (domain, split)
            assert {item.domain for item in items} == {domain}
    kept = {entry["id"]: entry["kept"] for entry in sources["sets"]}
    assert kept["cais/mmlu"] == {"medical.test": 1, "medical.train": 1}
    assert kept["allenai/ai2_arc"] == {"science.test": 2, "science.train": 2}
    assert kept["openlifescienceai/medmcqa"] == {"medical.test": 1, "medical.train": 1}
    assert sum(kept["TIGER-Lab/MMLU-Pro"].values()) == 3
    assert sum(kept["qiaojin/PubMedQA"].values()) == 20
    assert set(kept["qiaojin/PubMedQA"]) == {"medical.test", "medical.train"}
    left_out = {entry["id"]: entry["left_out"] for entry in sources["sets"]}
    assert left_out["cais/mmlu"] == {"a subject outside all domains": 2}
    assert left_out["TIGER-Lab/MMLU-Pro"] == {"a category outside all domains": 1}
    assert left_out["issai/foggen-data"] == {}


def test_details_of_the_layouts(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.data_sets = published()
    done(tmp_path, "aqua_rat", "pubmedqa")
    (aqua,) = questions(tmp_path, "math.test")
    assert aqua == {
        "id": "aqua_rat-raw-test-0",
        "domain": "math",
        "question": "How many in test?",
        "options": ["alpha", "beta", "gamma", "delta", "5 ) 6"],
        "answer": "B",
        "source": "aqua_rat",
        "split": "test",
    }
    medical = {item["id"]: item for item in questions(tmp_path, "medical.train")}
    first = medical[min(medical)]
    number = first["id"].removeprefix("pubmedqa-pqa_labeled-train-")
    assert first["question"] == f"AIM {number}.\nRESULTS.\nDoes {number} help?"
    assert (first["options"], first["answer"]) == (["yes", "no", "maybe"], "B")


def test_sources_name_commit_licence_and_hashes(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.data_sets, hub.license = published(), ["cc-by-sa-4.0", "other"]
    sources = done(tmp_path, "ai2_arc")
    (entry,) = sources["sets"]
    assert (entry["id"], entry["commit"]) == ("allenai/ai2_arc", COMMIT)
    assert entry["license"] == "cc-by-sa-4.0, other"
    served = hub.data_sets["allenai/ai2_arc"]
    assert entry["downloaded"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in served.items()
    }
    for name, file in sources["files"].items():
        data = (tmp_path / name).read_bytes()
        assert file == {"questions": data.count(b"\n"), "sha256": hashlib.sha256(data).hexdigest()}
    result = run(tmp_path, "ai2_arc")
    assert "allenai/ai2_arc: 4 of 4 questions, license cc-by-sa-4.0, other" in result.stderr


def test_without_pyarrow_a_parquet_file_names_the_extra(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.data_sets = published()
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    result = run(tmp_path, "mmlu")
    assert result.exit_code == 78
    assert "is a Parquet file" in result.stderr
    assert installation().add_extra("data") in result.stderr
    done(tmp_path / "others", "KazCulture")


# --- downloads ------------------------------------------------------------------------------------


def many(number: int, **changes: Any) -> bytes:
    return as_lines([row(n, **changes) for n in range(number)])


def test_a_download_that_was_cut_goes_on_and_a_whole_one_is_not_repeated(
    hub: LoopbackHub, tmp_path: Path
) -> None:
    data = many(3000)
    hub.data_sets = {"a/b": {"train.jsonl": data, "test.jsonl": many(5, question="Other?")}}
    hub.faults = [Fault(), Fault(stop=100_000), Fault(status=503)]
    result = run(tmp_path, "a/b")
    assert result.exit_code == 69
    assert not list(tmp_path.glob("*.jsonl"))
    hub.asked.clear()
    done(tmp_path, "a/b")
    ranges = [asked.headers.get("range") for asked in hub.of_files() if "train" in asked.path]
    assert ranges == ["bytes=100000-"]
    assert len(questions(tmp_path, "law.train")) == 3000
    hub.asked.clear()
    before = (tmp_path / "law.train.jsonl").read_bytes(), (tmp_path / "SOURCES.json").read_bytes()
    done(tmp_path, "a/b")
    ranges = [asked.headers.get("range") for asked in hub.of_files() if "train" in asked.path]
    assert ranges == [f"bytes={len(data) - 1}-"]
    after = (tmp_path / "law.train.jsonl").read_bytes(), (tmp_path / "SOURCES.json").read_bytes()
    assert after == before


def test_a_file_with_another_sha256_is_refused(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.data_sets = {"a/b": {"test.jsonl": many(5)}}
    hub.hashes = {"test.jsonl": "0" * 64}
    result = run(tmp_path, "a/b")
    assert result.exit_code == 65
    assert "sha256" in result.stderr


def test_a_gated_set_names_the_token(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.data_sets, hub.token, hub.denied = published(), "hf_secret", 403
    result = run(tmp_path, "KazCulture")
    assert result.exit_code == 77
    assert "HF_TOKEN" in result.stderr
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    done(tmp_path, "KazCulture")


def test_offline_nothing_is_asked(
    hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    result = run(tmp_path, "mmlu")
    assert result.exit_code == 69
    assert "HF_HUB_OFFLINE" in result.stderr
    assert hub.asked == []


def test_a_name_that_leaves_the_folder_is_not_taken(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.data_sets = {
        "a/b": {"../../../evil.jsonl": many(2), "/evil.jsonl": many(2), "test.jsonl": many(2)}
    }
    sources = done(tmp_path, "a/b")
    assert list(sources["sets"][0]["downloaded"]) == ["test.jsonl"]
    assert not can_be_read("a/..\\..\\b.jsonl")


def test_a_revision_is_asked_for_and_a_known_set_stays_known(
    hub: LoopbackHub, tmp_path: Path
) -> None:
    hub.data_sets = published()
    done(tmp_path, "mmlu@v1.0")
    assert hub.asked[0].path.startswith("/api/datasets/cais/mmlu/revision/v1.0")
    assert data_set_of("cais/mmlu@abc").column == "subject"
    assert data_set_of("someone/else@abc") == DataSet("someone/else", revision="abc")


# --- what is refused ------------------------------------------------------------------------------


def test_unknown_columns_are_one_line_that_lists_them(hub: LoopbackHub, tmp_path: Path) -> None:
    rows = [{"prompt": "x", "reply": "y", "score": 1}]
    hub.data_sets = {"issai/foggen-data": {"law.test.jsonl": as_lines(rows)}}
    result = run(tmp_path, "foggen-data")
    assert result.exit_code == 65
    (line,) = [text for text in result.stderr.splitlines() if text.startswith("foggen:")]
    assert "law.test.jsonl has unknown columns: prompt, reply, score" in line
    assert "question+choices+answer" in line
    assert "--files" in line
    assert not list(tmp_path.glob("*.jsonl"))


def test_files_leave_out_what_cannot_be_read(hub: LoopbackHub, tmp_path: Path) -> None:
    other = as_lines([{"context": "x", "answers": ["y"]}])
    hub.data_sets = {"a/b": {"mcq/law.test.jsonl": many(3), "open/squad.test.jsonl": other}}
    assert run(tmp_path, "a/b").exit_code == 65
    assert done(tmp_path, "a/b", "--files", "mcq/*")["sets"][0]["rows"] == 3
    result = run(tmp_path, "a/b", "--files", "nothing/*")
    assert result.exit_code == 78
    assert "mcq/law.test.jsonl" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "issai/foggen-data, issai/KazCulture"),
        (("nonsense",), "owner/name"),
        (("a/b", "c/d", "--domain", "law"), "one data set"),
        (("a/b", "--domain", "sports"), "kazakh_culture"),
        (("a/b", "--test-share", "1.5"), "between 0 and 1"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run(tmp_path, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_other_data_in_the_folder_are_not_lost(hub: LoopbackHub, tmp_path: Path) -> None:
    hub.data_sets = {"a/b": {"test.jsonl": many(3)}, "c/d": {"test.jsonl": many(3, question="D?")}}
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "law.train.jsonl").write_text("mine", "utf-8")
    result = run(mine, "a/b")
    assert result.exit_code == 78
    assert "law.train.jsonl" in result.stderr
    assert (mine / "law.train.jsonl").read_text("utf-8") == "mine"
    done(tmp_path / "two", "a/b", "c/d")
    result = run(tmp_path / "two", "a/b")
    assert result.exit_code == 78
    assert "also holds c/d" in result.stderr


# --- which question goes where --------------------------------------------------------------------


def item(number: int, split: str = "", **changes: Any) -> Item:
    given = {
        "id": f"i{number}",
        "domain": "law",
        "question": f"What is {number}?",
        "options": TEXTS,
        "answer": 1,
        "source": "s",
        "split": split,
    }
    return Item(**(given | changes))


def test_published_splits_are_kept_where_there_are_two() -> None:
    items = [item(n, TEST if n < 3 else TRAIN) for n in range(10)]
    assert {key: len(group) for key, group in placed(items, False, Shares()).items()} == {
        ("law", TEST): 3,
        ("law", TRAIN): 7,
    }


@pytest.mark.parametrize("split", ["", TRAIN, TEST])
def test_a_set_with_one_side_is_divided_by_the_share(split: str) -> None:
    items = [item(n, split) for n in range(2000)]
    groups = placed(items, False, Shares(test_share=0.2))
    assert len(groups["law", TEST]) == pytest.approx(400, abs=60)
    assert len(groups["law", TEST]) + len(groups["law", TRAIN]) == 2000
    more = placed(items, False, Shares(test_share=0.3))
    assert set(groups["law", TEST]) < set(more["law", TEST])


def test_a_set_that_says_so_is_divided_whatever_its_splits() -> None:
    items = [item(n, TRAIN if n < 5 else TEST) for n in range(500)]
    groups = placed(items, True, Shares())
    assert len(groups["law", TRAIN]) > 300
    assert len(groups["law", TEST]) > 100


def test_a_file_takes_a_most_of_a_set_and_always_the_same_ones() -> None:
    items = [item(n, TRAIN) for n in range(100)] + [item(n, TEST) for n in range(100, 110)]
    groups = placed(items, False, Shares(most=20))
    assert (len(groups["law", TRAIN]), len(groups["law", TEST])) == (20, 10)
    again = placed(list(reversed(items)), False, Shares(most=20))
    assert set(again["law", TRAIN]) == set(groups["law", TRAIN])
    assert set(groups["law", TRAIN]) != set(items[:20])
    assert len(placed(items, False, Shares(most=0))["law", TRAIN]) == 100


def test_a_training_question_that_is_in_a_test_file_goes() -> None:
    """Whatever its options, its case and its punctuation, and whichever set it is from."""
    first = {("law", TRAIN): [item(1), item(2, options=("x", "y"))]}
    second = {("math", TEST): [item(3, question="WHAT is 2")], ("math", TRAIN): [item(4)]}
    dropped = without_repeats([first, second])
    assert [one.id for one in first["law", TRAIN]] == ["i1"]
    assert len(second["math", TEST]) == 1
    assert dropped == [Counter({"its question is in a test file": 1}), Counter()]


def test_a_question_comes_once_but_another_choice_of_options_is_another_question() -> None:
    first = {
        ("law", TEST): [
            item(1),
            item(2, question="What is 1", options=TEXTS[::-1]),
            item(3, question="What is 1?", options=("p", "q")),
        ]
    }
    second = {("law", TEST): [item(4, question="New?"), item(5, question="What is 1?")]}
    dropped = without_repeats([first, second])
    assert [one.id for one in first["law", TEST]] == ["i1", "i3"]
    assert [one.id for one in second["law", TEST]] == ["i4"]
    assert dropped == [Counter(repeated=1), Counter(repeated=1)]


def test_ids_differ_also_where_the_set_s_own_do_not(hub: LoopbackHub, tmp_path: Path) -> None:
    """A running number in each file, and one that comes twice in a file."""

    def rows(name: str) -> bytes:
        return as_lines(
            [row(1, question=f"First of {name}?"), row(1, question=f"Second of {name}?")]
        )

    hub.data_sets = {
        "a/b": {f"{name}.test.jsonl": rows(name) for name in ("x", "y")},
        "c/b": {"x.test.jsonl": rows("z")},
    }
    done(tmp_path, "a/b", "c/b", "--test-share", "0.99999")
    assert [one["id"] for one in questions(tmp_path, "law.test")] == [
        "a-b-x.test-q1",
        "a-b-x.test-q1-1",
        "a-b-y.test-q1",
        "a-b-y.test-q1-1",
        "c-b-x.test-q1",
        "c-b-x.test-q1-1",
    ]


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("data/test-00000-of-00001.parquet", TEST),
        ("train/law.jsonl", TRAIN),
        ("law.dev.csv", TRAIN),
        ("all/validation-0.parquet", TRAIN),
        ("latest/law.jsonl", ""),
        ("contest.json", ""),
        ("test_sets/train.jsonl", TRAIN),
    ],
)
def test_the_split_is_a_word_of_the_path(name: str, split: str) -> None:
    assert split_of(name) == split
    assert split_of("data/validation-0.parquet", "validation") == TEST


def test_the_domain_of_a_row() -> None:
    anything = DataSet("a/b")
    assert domain_of(anything, {"domain": "Kazakh Culture"}, "x.jsonl") == "kazakh_culture"
    assert domain_of(anything, {}, "mcq/law_test.jsonl") == "law"
    assert domain_of(DataSet("a/b", domain="math"), {"domain": "law"}, "law.jsonl") == "math"
    with pytest.raises(
        Exception, match=r"the domain of flaws\.jsonl is unknown \('sports'\).*--domain"
    ):
        domain_of(anything, {"domain": "sports"}, "flaws.jsonl")


def test_a_given_domain_is_that_of_all_questions(hub: LoopbackHub, tmp_path: Path) -> None:
    rows = [{key: value for key, value in row(n).items() if key != "domain"} for n in range(40)]
    hub.data_sets = {"a/b": {"all.jsonl": as_lines(rows)}}
    assert run(tmp_path, "a/b").exit_code == 65
    sources = done(tmp_path, "a/b", "--domain", "finance", "--test-share", "0.5")
    assert set(sources["files"]) == {"finance.train.jsonl", "finance.test.jsonl"}
    assert sources["test_share"] == 0.5


def test_rows_that_cannot_be_used_are_counted_by_reason(hub: LoopbackHub, tmp_path: Path) -> None:
    rows = [
        row(1),
        row(2, answer=""),
        row(3, answer="Z"),
        row(4, options=["a", "a", "b"], answer="C"),
        row(5, options=["a", ""], answer="A"),
        row(6, question=""),
        row(7, options="a, b"),
        {"id": "8", "question": "Q?", "domain": "law"},
    ]
    hub.data_sets = {"a/b": {"test.jsonl": as_lines(rows)}}
    (entry,) = done(tmp_path, "a/b")["sets"]
    assert entry["left_out"] == {
        "a column is missing": 1,
        "no key": 1,
        "no question, or an empty option": 2,
        "the options are not a list": 1,
        "the key is none of the options": 1,
        "two options are equal": 1,
    }
    assert (entry["rows"], sum(entry["kept"].values())) == (8, 1)


# --- formats and layouts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", as_lines([row(1), row(2)]) + b"\n"),
        ("a.json", json.dumps([row(1), row(2)]).encode()),
        ("a.json", json.dumps({"version": 1, "questions": [row(1), row(2)]}).encode()),
        ("a.json", as_lines([row(1), row(2)])),
        ("a.csv", b"\xef\xbb\xbf" + as_csv([row(1), row(2)])),
        ("a.tsv", as_csv([row(1), row(2)], "\t")),
    ],
)
def test_formats(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    rows = list(rows_of(path, name))
    layout = layout_of(list(rows[0]), name)
    assert [layout.read(one) for one in rows] == [
        (f"What is number {n}?", list(TEXTS), 1) for n in (1, 2)
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", b"{"),
        ("a.json", b"3"),
        ("a.jsonl", b"[1]\n"),
        ("a.csv", b"\xff\xfe"),
        ("a.parquet", b"PAR1"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Exception, match=rf"{name} cannot be read.*--files"):
        list(rows_of(path, name))


@pytest.mark.parametrize(
    ("columns", "row_", "answer"),
    [
        ("question choices answer", {"choices": list(TEXTS), "answer": 3}, 3),
        ("question choices answer", {"choices": list(TEXTS), "answer": "3"}, 3),
        (
            "question choices answer",
            {"choices": dict(zip("ABCD", TEXTS, strict=True)), "answer": "D"},
            3,
        ),
        ("question choices answer", {"choices": repr(list(TEXTS)), "answer": "delta"}, 3),
        ("question options answer", {"options": ["1", "2", "3"], "answer": "1"}, 0),
        (
            "question choices answerKey",
            {
                "choices": [
                    {"text": t, "label": name} for t, name in zip(TEXTS, "1234", strict=True)
                ],
                "answerKey": "4",
            },
            3,
        ),
        (
            "question a b c d answer_label",
            dict(zip("abcd", TEXTS, strict=True)) | {"answer_label": "d"},
            3,
        ),
        (
            "question A B C D answer",
            dict(zip("ABCD", (*TEXTS[:3], ""), strict=True)) | {"answer": "C"},
            2,
        ),
    ],
)
def test_ways_to_write_options_and_keys(columns: str, row_: dict[str, Any], answer: int) -> None:
    layout = layout_of(columns.split(), "x")
    assert layout.read({"question": "Q?"} | row_)[2] == answer


@pytest.mark.parametrize("answer", [None, "", "E", "epsilon", "4"])
def test_a_key_that_is_none_of_the_options_is_no_guess(answer: Any) -> None:
    with pytest.raises(NoKey):
        place_of(answer, TEXTS, ())
    with pytest.raises(NoKey):
        layout_of(["question", "choices", "answer"], "x").read(
            {"question": "Q?", "choices": list(TEXTS), "answer": -1}
        )


def test_no_layout_hides_another() -> None:
    for number, layout in enumerate(LAYOUTS):
        assert layout_of(layout.columns, "x") is layout, number
