"""Readings and free replies of a transformers checkpoint.

The tokens that all prompts begin with are read once. The rest is sorted by length and read in parts
within a budget of tokens; a part that does not fit into memory is halved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foggen.confidence.labelled import Keyed

from ..batching import common_start, each_part, parts_by_length, release_memory
from ..prompts import Prompts
from .branches import Branches, hidden_states, row_of
from .label import REPLY_LIMIT, Replies, seed_of
from .reading import Reading, raw_reading, reading, text_chance, word_ids, word_shares
from .sampling import Sampling, sampled_tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from transformers import DynamicCache, PreTrainedModel


@dataclass(frozen=True)
class CheckpointReader:
    """Reads a causal language model of transformers.

    half: compute products in bf16, as training does; otherwise in the precision of the weights.
    """

    model: PreTrainedModel
    prompts: Prompts
    half: bool = False

    def read(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        plan = self.prompts.plan
        ends = [sum(map(len, plan.tails[: n + 1])) - 1 for n in range(len(plan.tails))]
        # logits at the head's last token, the first branch's dot, and every branch's last token
        rows = [-1, len(plan.speculation) - 1, *ends]
        heads = [[*self.prompts.before(item), *plan.opening] for item in items]
        spent = sum(map(len, plan.tails))

        def read_row(place: int, logits: NDArray[np.float32]) -> Reading:
            options = len(items[place].question.options)
            tokens = len(heads[place]) + spent
            return reading(plan, logits[0], logits[1], logits[2:], options, temperature, tokens)

        return self._each(heads, plan.tails, rows, read_row)

    def read_raw(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        heads = [self.prompts.raw_question(item) for item in items]

        def read_row(place: int, logits: NDArray[np.float32]) -> Reading:
            options = len(items[place].question.options)
            tokens = len(heads[place])
            return raw_reading(self.prompts.plan, logits[0], options, temperature, tokens)

        return self._each(heads, (), [-1], read_row)

    def chance_of_text(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[float]:
        heads = [self.prompts.raw_open_question(item.question.stem) for item in items]
        tails = [self.prompts.raw_text(item.answer_text) for item in items]
        return [
            text_chance(logits, tail, temperature)
            for head, tail in zip(heads, tails, strict=True)
            for logits in self.logits([head], [tail[:-1]], [-1, *range(len(tail) - 1)])
        ]

    def weigh(
        self, system_prompt: str, texts: Sequence[str], start: str, words: Sequence[str]
    ) -> NDArray[np.float64]:
        contract = self.prompts.raw.with_system_prompt(system_prompt)
        ids = word_ids(self.prompts.scaffold, start, words)
        heads = [self.prompts.asked(contract, text, start) for text in texts]
        return np.array(self._each(heads, (), [-1], lambda _, row: word_shares(row[0], ids)))

    def generate(
        self, items: Sequence[Keyed], temperature: float, count: int, seed: int, *, raw: bool
    ) -> list[Replies]:
        """Replies sampled token by token from the whole vocabulary; each prompt is read once."""
        prompt_of = self.prompts.raw_prompt if raw else self.prompts.question
        prompts = [prompt_of(item) for item in items]
        return self._written(prompts, temperature, count, REPLY_LIMIT, seed)

    def write(
        self, texts: Sequence[str], temperature: float, count: int, limit: int, seed: int
    ) -> list[Replies]:
        prompts = [self.prompts.open_question(text) for text in texts]
        return self._written(prompts, temperature, count, limit, seed)

    def logits(
        self, heads: Sequence[Sequence[int]], tails: Sequence[Sequence[int]], rows: Sequence[int]
    ) -> list[NDArray[np.float32]]:
        """Logits (R, V) for each head, with the tails as its branches.

        rows: the R tokens, counted from the first branch's first one; -1 is the head's last token.
        """
        return self._each(heads, tails, rows, lambda _, logits: logits)

    def _each(
        self,
        heads: Sequence[Sequence[int]],
        tails: Sequence[Sequence[int]],
        rows: Sequence[int],
        use: Callable[[int, NDArray[np.float32]], Any],
    ) -> list[Any]:
        """Call `use` with each head's place and logits, and return the results; logits are not kept."""
        shared, cache = self._read_start(heads)
        results: list[Any] = [None] * len(heads)
        spent = sum(map(len, tails))

        def work(part: list[int]) -> None:
            chosen = [heads[place][shared:] for place in part]
            with self._computing():
                logits = self._forward(shared, repeated(cache, len(part)), chosen, tails, rows)
            for place, row in zip(part, logits, strict=True):
                results[place] = use(place, row)

        lengths = [len(head) - shared + spent for head in heads]
        each_part(parts_by_length(lengths, self.budget), work, release_memory)
        return results

    def _written(
        self,
        prompts: Sequence[Sequence[int]],
        temperature: float,
        count: int,
        limit: int,
        seed: int,
    ) -> list[Replies]:
        shared, cache = self._read_start(prompts)
        plan = Sampling(count, temperature, limit, self.prompts.plan.stop)
        results: list[Any] = [None] * len(prompts)

        def work(part: list[int]) -> None:
            chosen = [prompts[place][shared:] for place in part]
            seeds = [seed_of(seed, place) for place in part]
            start = repeated(cache, len(part))
            with self._computing():
                replies = sampled_tokens(self.model, start, shared, chosen, seeds, plan)
            for number, place in enumerate(part):
                these = replies[number * count : (number + 1) * count]
                results[place] = self._replies(prompts[place], these)

        # Every reply holds keys and values of the whole prompt, so the prompt counts once per reply.
        lengths = [count * (len(prompt) + limit) for prompt in prompts]
        each_part(parts_by_length(lengths, 8 * self.budget), work, release_memory)
        return results

    @property
    def budget(self) -> int:
        """Tokens per forward pass; few on a CPU, so that intermediate values fit into its caches."""
        return 1024 if self.model.device.type == "cpu" else 32_768

    def _forward(
        self,
        shared: int,
        cache: DynamicCache,
        heads: Sequence[Sequence[int]],
        tails: Sequence[Sequence[int]],
        rows: Sequence[int],
    ) -> NDArray[np.float32]:
        """Logits (B, R, V) of heads that follow the `shared` tokens in the cache."""
        import torch

        branches = Branches.of(heads, tails, shared)
        columns = torch.tensor([row for row in rows if row >= 0], dtype=torch.long)
        columns = (branches.width + columns).expand(len(heads), -1)
        places = torch.cat([branches.lengths[:, None] - 1, columns], dim=1)  # (B, R)
        states = hidden_states(self.model, branches.ids, branches.tokens, row_of(shared), cache)
        chosen = states[torch.arange(len(heads))[:, None], places]  # (B, R, D)
        logits: NDArray[np.float32] = self.model.lm_head(chosen).float().cpu().numpy()
        return logits

    def _computing(self) -> Any:
        """The context of every forward pass: its precision, and no gradients."""
        from contextlib import ExitStack

        import torch

        device, stack = self.model.device, ExitStack()
        stack.enter_context(torch.inference_mode())
        stack.enter_context(torch.autocast(device.type, torch.bfloat16, self.half))
        return stack

    def _read_start(self, rows: Sequence[Sequence[int]]) -> tuple[int, DynamicCache]:
        """The number of tokens with which all rows begin, and their keys and values."""
        import torch
        from transformers import DynamicCache

        cache = DynamicCache()
        shared = common_start(rows, min(map(len, rows), default=1) - 1)
        if shared:
            ids = torch.tensor([rows[0][:shared]]).to(self.model.device)
            with self._computing():
                self.model.model(ids, past_key_values=cache, use_cache=True)
        return shared, cache

    def _replies(self, prompt: Sequence[int], replies: Sequence[Sequence[int]]) -> Replies:
        texts = self.prompts.tokenizer.decode_batch(replies, skip_special_tokens=True)
        return Replies(tuple(texts), len(prompt) + sum(map(len, replies)))


def repeated(cache: DynamicCache, rows: int) -> DynamicCache:
    """A copy of a cache of one row, with `rows` rows."""
    from transformers import DynamicCache

    copy = DynamicCache()
    for number, layer in enumerate(cache.layers):
        copy.update(
            layer.keys.expand(rows, -1, -1, -1), layer.values.expand(rows, -1, -1, -1), number
        )
    return copy
