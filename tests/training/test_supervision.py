"""Which token stands in which option, and the readers that pretraining teaches with it."""

from __future__ import annotations

from random import Random

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch

from foggen.question.question import Question
from foggen_training.starter.model import new_model
from foggen_training.starter.pretrain import pretraining_loss
from foggen_training.starter.questions import LABELS, GradedQuestion, generate
from foggen_training.starter.rows import (
    CONTRACT,
    collate,
    match_row,
    open_row,
    options_of_tokens,
    plain_row,
    tokenize,
    verify_row,
)
from foggen_training.starter.supervision import Readers, option_ends
from foggen_training.starter.tokenizer import train_tokenizer

QUESTIONS = [question for question, _ in zip(generate(11, "train"), range(300), strict=False)]


@pytest.fixture(scope="module")
def tokenizer():  # type: ignore[no-untyped-def]
    texts = [row.prompt + row.opening + row.target for row in map(plain_row, QUESTIONS)]
    return train_tokenizer(texts, 700)


def test_every_token_of_an_option_has_its_number(tokenizer) -> None:  # type: ignore[no-untyped-def]
    for question in QUESTIONS:
        (row,) = tokenize(tokenizer, [plain_row(question)])
        for number, text in enumerate(question.question.options, 1):
            inside = [
                token
                for token, option in zip(row.ids, row.options, strict=True)
                if option == number
            ]
            shown = tokenizer.decode(inside, skip_special_tokens=True)
            assert shown.strip() == f"{LABELS[number - 1]}. {text}"
        assert max(row.options) == len(question.question.options)
        assert row.options[-row.reply :] == [0] * row.reply


def test_a_letter_in_a_stem_begins_no_option() -> None:
    tokens = [
        "A",
        ".",
        "Ċ",
        "B",
        ".",
        "x",
        "Ċ",
        "A",
        ".",
        "y",
        "Ċ",
        "A",
        ".",
        CONTRACT.layout.stop,
        "Ċ",
    ]
    assert options_of_tokens(tokens) == [0] * 7 + [1] * 7 + [0]
    assert options_of_tokens(["x", "A", ".", "ĊB", "C", "."]) == [0] * 6


def test_the_right_option_is_told_where_it_can_be_known() -> None:
    random = Random(1)
    for question in QUESTIONS:
        key = LABELS.index(question.answer) + 1
        assert plain_row(question).correct == (key if question.tier < 4 else 0)
        assert match_row(question).correct == key
        assert verify_row(question, random).correct == open_row(question).correct == 0


def test_an_options_end_is_its_last_token() -> None:
    options = torch.tensor([[0, 1, 1, 2, 0, 0], [0, 0, 1, 2, 2, 2]])
    ends = torch.tensor([[0, 0, 1, 1, 0, 0], [0, 0, 1, 0, 0, 1]]).bool()
    assert torch.equal(option_ends(options), ends)


def graded(stem: str, options: list[str], answer: str) -> GradedQuestion:
    return GradedQuestion("q", "math", "s", 1, Question.from_options(stem, options), answer)


def test_the_readers_loss_is_of_options_alone_and_can_be_learnt(tokenizer) -> None:  # type: ignore[no-untyped-def]
    torch.manual_seed(0)
    model = new_model("nano", tokenizer.get_vocab_size(), 0)
    readers = Readers(model.config.hidden_size, model.config.num_hidden_layers)
    rows = [graded("2 + 2?", ["3", "4"], "B"), graded("3 + 3?", ["6", "5"], "A")]
    batch = collate(tokenize(tokenizer, [plain_row(question) for question in rows]))

    def read() -> float:
        states = model(batch.ids[:, :-1], output_hidden_states=True).hidden_states
        return float(readers.loss(states, batch.without_last()).detach())

    first = read()
    optimizer = torch.optim.AdamW([*model.parameters(), *readers.parameters()], lr=3e-3)
    for _ in range(40):
        pretraining_loss(model, readers, batch).backward()
        optimizer.step()
        optimizer.zero_grad()
    assert read() < 0.2 * first


def test_queries_begin_as_their_keys() -> None:
    attention = new_model("nano", 300, 0).model.layers[1].self_attn
    query = attention.q_proj.weight[:32].flatten()
    key = attention.k_proj.weight[:32].flatten()
    assert torch.corrcoef(torch.stack([query, key]))[0, 1] > 0.9
