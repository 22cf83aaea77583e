"""One reader for questions, rows, keyed rows and settings: by the mark, else UTF-8, else an error (cases 31 and 34)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from foggen import ConfigurationError, FogGenError, NoQuestionError, Question, QuestionError
from foggen.cli.rows import read_rows
from foggen.confidence.labelled import read_questions
from foggen.config import load_settings
from foggen.text_files import read_text

TEXT = "Қай қала?\r\nA. Алматы\r\nB. Париж 😀\r\n"
ROW = json.dumps(
    {"id": "1", "question": "Қай қала?", "options": ["Алматы", "b"], "answer": "B"},
    ensure_ascii=False,
)
MARKED = ("utf-8-sig", "utf-16", "utf-32")  # Python writes a mark with each of these
BIG_ENDIAN = {"utf-16-be": b"\xfe\xff", "utf-32-be": b"\x00\x00\xfe\xff"}


def written(path: Path, text: str, encoding: str) -> Path:
    path.write_bytes(BIG_ENDIAN.get(encoding, b"") + text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", *MARKED, *BIG_ENDIAN])
def test_case_31_and_34_a_mark_says_how_a_file_is_read(tmp_path: Path, encoding: str) -> None:
    assert read_text(written(tmp_path / "a.txt", TEXT, encoding)) == TEXT
    parsed = Question.parse((tmp_path / "a.txt").read_bytes())
    assert parsed.options == ("Алматы", "Париж 😀")
    assert "invalid_utf8_replaced" not in parsed.notes
    rows = written(tmp_path / "a.jsonl", f"{ROW}\n", encoding)
    assert read_questions(rows)[0].answer_text == "b"
    assert read_rows(rows)[0].problem == ""
    settings = written(tmp_path / "config.toml", "model = 'қала'\r\ntau = 0.25\r\n", encoding)
    assert load_settings(environment={}, file=settings).model == "қала"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("Привет\nмир".encode("cp1251"), "is not UTF-8: byte 0xcf in line 1"),
        (b"fine\ncaf\xe9", "is not UTF-8: byte 0xe9 in line 2"),
        ("A. x\nB. y".encode("utf-16-le"), "zero bytes, like UTF-16 without a byte order mark"),
        (b"\xff\xfea", "is not UTF-16-LE: byte 0x61 in line 1"),
        (b"\xff\xfe", "contains only the byte order mark of UTF-16-LE"),
    ],
)
def test_case_31_what_is_no_text_is_named_and_never_guessed(
    tmp_path: Path, data: bytes, told: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    for read in (read_text, read_questions, read_rows):
        with pytest.raises(QuestionError) as caught:
            read(path)
        assert told in caught.value.message
        assert caught.value.hint == "save it as UTF-8"
    with pytest.raises(ConfigurationError) as wrong:
        load_settings(environment={}, file=path)
    assert told in wrong.value.message


def test_what_is_not_there_or_too_large_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(NoQuestionError, match=r"no file .*none\.txt"):
        read_text(tmp_path / "none.txt")
    with pytest.raises(QuestionError, match="cannot be read"):
        read_text(tmp_path)
    (tmp_path / "a.txt").write_text("12345", "utf-8")
    assert read_text(tmp_path / "a.txt", 5) == "12345"
    with pytest.raises(QuestionError, match="larger than 4 bytes"):
        read_text(tmp_path / "a.txt", 4)


def test_bytes_of_a_pipe_are_read_with_a_note(tmp_path: Path) -> None:
    """I14: what comes through a pipe is not refused for a byte."""
    parsed = Question.parse(b"What? \xff\nA. x\nB. y")
    assert "invalid_utf8_replaced" in parsed.notes
    with pytest.raises(FogGenError):
        Question.parse("nothing".encode("utf-16"))
