"""Readings and free generations of a quantized GGUF through llama.cpp: the model that ships."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import Contract

from ..prompts import RAW_PREFIX
from .label import REPLY_LIMIT, Replies, seed_of
from .reading import Reading, raw_reading, reading, text_chance, word_ids, word_shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from foggen.engine.engine import Engine


@dataclass(frozen=True)
class GgufReader:
    """Reads an engine's model, one question at a time. raw: the contract of the raw format."""

    engine: Engine
    raw: Contract

    def read(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        return [self._read(item, temperature) for item in items]

    def _read(self, item: Keyed, temperature: float) -> Reading:
        engine, plan = self.engine, self.engine.token_plan
        user = engine.user_tokens(engine.fitted(item.question).text())
        with engine.turn(None):
            start = len(plan.prefix)
            engine.context.cut(start)
            tokens = [*user, *plan.opening, *plan.speculation]
            root = start + len(user) + len(plan.opening)
            last = len(tokens) - 1
            first, second = engine.context.decode(
                tokens, start, [last - len(plan.speculation), last]
            )
            labels = [self._after(tail, root) for tail in plan.tails]
            engine.context.cut(start)
        spent = root + sum(map(len, plan.tails))
        options = len(item.question.options)
        return reading(plan, first, second, labels, options, temperature, spent)

    def _after(self, tail: Sequence[int], root: int) -> NDArray[np.float32]:
        """Logits (V,) for the label after one bucket's tail, which starts at position `root`."""
        self.engine.context.cut(root)
        row: NDArray[np.float32] = self.engine.context.decode(tail, root, [len(tail) - 1])[0]
        return row

    def read_raw(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        return [self._read_raw(item, temperature) for item in items]

    def _read_raw(self, item: Keyed, temperature: float) -> Reading:
        tokens = self._prompt(item, self.raw, RAW_PREFIX)
        with self._from_nothing():
            row = self.engine.context.decode(tokens, 0, [len(tokens) - 1])[0]
        options = len(item.question.options)
        return raw_reading(self.engine.plan, row, options, temperature, len(tokens))

    def chance_of_text(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[float]:
        return [self._chance_of_text(item, temperature) for item in items]

    def _chance_of_text(self, item: Keyed, temperature: float) -> float:
        head = self._tokens(self.raw, item.question.stem, RAW_PREFIX)
        whole = self._tokens(self.raw, item.question.stem, f"{RAW_PREFIX} {item.answer_text}")
        tail = [*whole[len(head) :], self.engine.plan.stop]
        with self._from_nothing():
            rows = [self.engine.context.decode(head, 0, [len(head) - 1])[0]]
            for place, token in enumerate(tail[:-1], len(head)):
                rows.append(self.engine.context.decode([token], place, [0])[0])
        return text_chance(rows, tail, temperature)

    def weigh(
        self, system_prompt: str, texts: Sequence[str], start: str, words: Sequence[str]
    ) -> NDArray[np.float64]:
        contract = self.raw.with_system_prompt(system_prompt)
        ids = word_ids(lambda text: self.engine.model.tokenize(text, scaffold=True), start, words)
        return np.array([self._weighed(contract, text, start, ids) for text in texts])

    def _weighed(
        self, contract: Contract, text: str, start: str, ids: Sequence[int]
    ) -> NDArray[np.float64]:
        tokens = self._tokens(contract, text, start)
        with self._from_nothing():
            return word_shares(self.engine.context.decode(tokens, 0, [len(tokens) - 1])[0], ids)

    def generate(
        self, items: Sequence[Keyed], temperature: float, count: int, seed: int, *, raw: bool
    ) -> list[Replies]:
        """Replies sampled token by token from the whole vocabulary; each prompt is decoded once."""
        contract = self.raw if raw else self.engine.contract
        return [
            self._replies(item, contract, temperature, count, seed_of(seed, item.id))
            for item in items
        ]

    def write(
        self, texts: Sequence[str], temperature: float, count: int, limit: int, seed: int
    ) -> list[Replies]:
        contract = self.engine.contract
        return [
            self._written(
                self._tokens(contract, text, ""), temperature, count, limit, seed_of(seed, text)
            )
            for text in texts
        ]

    def _replies(
        self, item: Keyed, contract: Contract, temperature: float, count: int, seed: int
    ) -> Replies:
        return self._written(self._prompt(item, contract), temperature, count, REPLY_LIMIT, seed)

    def _written(
        self, prompt: Sequence[int], temperature: float, count: int, limit: int, seed: int
    ) -> Replies:
        random = np.random.default_rng(seed)
        with self._from_nothing():
            first = self.engine.context.decode(prompt, 0, [len(prompt) - 1])[0]
            replies = [
                self._reply(first, len(prompt), temperature, limit, random) for _ in range(count)
            ]
        texts = [b"".join(map(self.engine.model.piece, reply)) for reply in replies]
        return Replies(
            tuple(text.decode("utf-8", "replace") for text in texts),
            len(prompt) + sum(map(len, replies)),
        )

    def _reply(
        self,
        row: NDArray[np.float32],
        position: int,
        temperature: float,
        limit: int,
        random: np.random.Generator,
    ) -> list[int]:
        context = self.engine.context
        context.cut(position)
        tokens: list[int] = []
        while len(tokens) < min(limit, context.size - position):
            token = drawn(row, temperature, random)
            if self.engine.model.is_end(token):
                break
            tokens.append(token)
            row = context.decode([token], position + len(tokens) - 1, [0])[0]
        return tokens

    def _prompt(self, item: Keyed, contract: Contract, start: str = "") -> list[int]:
        return self._tokens(contract, self.engine.fitted(item.question).text(), start)

    def _tokens(self, contract: Contract, text: str, start: str) -> list[int]:
        model = self.engine.model
        before, user, after = contract.segments(text)
        return [
            *model.tokenize(before.text, scaffold=True),
            *model.tokenize(user.text, scaffold=False),
            *model.tokenize(after.text + start, scaffold=True),
        ]

    @contextmanager
    def _from_nothing(self) -> Iterator[None]:
        """Empty the context, and restore the engine's prefix afterwards."""
        with self.engine.turn(None):
            self.engine.context.cut(0)
            try:
                yield
            finally:
                self.engine.context.cut(0)
                self.engine.context.decode(self.engine.plan.prefix, 0, [])


def drawn(row: NDArray[np.float32], temperature: float, random: np.random.Generator) -> int:
    """Draw a token from logits (V,); at temperature 0, take the best one."""
    if temperature == 0:
        return int(row.argmax())
    scores = row.astype(np.float64) / temperature
    shares = np.exp(scores - scores.max()).cumsum()
    return int(np.searchsorted(shares, random.random() * shares[-1], side="right"))
