"""Reading answers: the probabilities of the labels where the answer is due, many rows at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from .questions import LABELS, GradedQuestion
from .rows import TextRow, collate, plain_row, tokenize

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer
    from transformers import PreTrainedModel

ROWS_AT_ONCE = 128


def next_token_logits(
    model: PreTrainedModel, tokenizer: Tokenizer, prompts: Sequence[str], token_ids: Sequence[int]
) -> NDArray[np.float32]:
    """Logits of `token_ids` after each prompt, shape (rows, token_ids), fp32."""
    import torch

    encoded = [e.ids for e in tokenizer.encode_batch(list(prompts), add_special_tokens=False)]
    order = sorted(range(len(encoded)), key=lambda index: len(encoded[index]))
    out = np.zeros((len(encoded), len(token_ids)), dtype=np.float32)
    model.eval()
    for start in range(0, len(order), ROWS_AT_ONCE):
        chunk = order[start : start + ROWS_AT_ONCE]
        length = max(len(encoded[index]) for index in chunk)
        ids = torch.tensor([encoded[i] + [0] * (length - len(encoded[i])) for i in chunk])  # (B, T)
        last = torch.tensor([len(encoded[index]) - 1 for index in chunk])
        with torch.inference_mode():
            hidden = model.model(
                ids.to(model.device), use_cache=False
            ).last_hidden_state  # (B, T, D)
            logits = model.lm_head(hidden[torch.arange(len(chunk)), last])  # (B, V)
        out[chunk] = logits[:, list(token_ids)].float().cpu().numpy()
    return out


def sequence_log_probabilities(
    model: PreTrainedModel, tokenizer: Tokenizer, rows: Sequence[TextRow], temperature: float
) -> NDArray[np.float64]:
    """Log probability of each row's target, its end included, when sampled at `temperature`."""
    import torch

    tokens = tokenize(tokenizer, rows)
    out = np.zeros(len(rows))
    model.eval()
    for start in range(0, len(rows), ROWS_AT_ONCE):
        batch = collate(tokens[start : start + ROWS_AT_ONCE])
        ids, target = batch.ids.to(model.device), batch.replies.to(model.device)  # (B, T)
        with torch.inference_mode():
            logits = model(ids[:, :-1], use_cache=False).logits.float() / temperature  # (B, T-1, V)
            scores = logits.log_softmax(-1).gather(-1, ids[:, 1:, None])[..., 0]  # (B, T-1)
        out[start : start + len(ids)] = (scores * target[:, 1:]).sum(-1).cpu().numpy()
    return out


def label_ids(tokenizer: Tokenizer) -> list[int]:
    """The ids of " A", " B", ... " J"."""
    ids = [tokenizer.encode(f" {label}", add_special_tokens=False).ids for label in LABELS]
    if any(len(pieces) != 1 for pieces in ids):
        raise ValueError("the tokenizer splits a label; every label must be one token")
    return [pieces[0] for pieces in ids]


def plain_answers(
    model: PreTrainedModel, tokenizer: Tokenizer, questions: Sequence[GradedQuestion]
) -> NDArray[np.float32]:
    """Logits of the labels in the plain format, shape (questions, labels)."""
    rows: list[TextRow] = [plain_row(question) for question in questions]
    prompts = [row.prompt + row.opening for row in rows]
    return next_token_logits(model, tokenizer, prompts, label_ids(tokenizer))


def accuracy_by(
    questions: Sequence[GradedQuestion], logits: NDArray[np.float32], field: str
) -> dict[object, float]:
    """The greedy answers' accuracy per value of a field ("domain", "tier", "skill")."""
    groups: dict[object, list[bool]] = {}
    for question, row in zip(questions, logits, strict=True):
        right = LABELS[int(row[: len(question.question.options)].argmax())] == question.answer
        groups.setdefault(getattr(question, field), []).append(right)
    return {key: float(np.mean(values)) for key, values in groups.items()}
