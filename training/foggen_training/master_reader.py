"""Readings of a transformers checkpoint: all branches of a question in one forward pass.

A row holds the prompt and, after it, the five branches side by side. An attention mask lets a branch
see the prompt and itself only, and positions run on from the prompt's end in each, so that the logits
are those of five separate sequences at the price of the prompt and some 40 tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foggen.labelled import Keyed

from .labels import REPLY_LIMIT, Replies, seed_of
from .master import padded
from .prompts import Prompts
from .reading import Reading, plain_reading, reading, text_chance, word_ids, word_shares

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class MasterReader:
    """Reads a causal LM of transformers.

    half: bf16 products, as in training; otherwise the weights' own precision.
    """

    model: PreTrainedModel
    prompts: Prompts
    half: bool = False

    @property
    def batch(self) -> int:
        """Rows of one forward pass. On a CPU few, whose values stay in its caches: 8 rows at a time
        were read 6 times as fast as 128 (2 cores, 3.7M parameters, fp32)."""
        return 8 if self.model.device.type == "cpu" else 64

    def read(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        plan = self.prompts.plan
        ends = [sum(map(len, plan.tails[: n + 1])) - 1 for n in range(len(plan.tails))]
        # read: the prompt's last token, the dot of the first branch, every branch's last
        rows = [-1, len(plan.speculation) - 1, *ends]
        heads = [[*self.prompts.before(item), *plan.opening] for item in items]
        logits = self._logits(heads, plan.tails, rows)
        spent = sum(map(len, plan.tails))
        return [
            reading(
                plan, found[0], found[1], found[2:], len(item.question.options), temperature,
                len(head) + spent,
            )
            for item, head, found in zip(items, heads, logits, strict=True)
        ]  # fmt: skip

    def read_plain(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[Reading]:
        heads = [self.prompts.plain_question(item) for item in items]
        logits = self._logits(heads, (), [-1])
        return [
            plain_reading(
                self.prompts.plan, found[0], len(item.question.options), temperature, len(head)
            )
            for item, head, found in zip(items, heads, logits, strict=True)
        ]

    def chance_of_text(self, items: Sequence[Keyed], temperature: float = 1.0) -> list[float]:
        heads = [self.prompts.plain_open_question(item.question.stem) for item in items]
        tails = [self.prompts.plain_text(item.answer_text) for item in items]
        out = []
        for head, tail in zip(heads, tails, strict=True):
            logits = self._logits([head], [tail[:-1]], [-1, *range(len(tail) - 1)])[0]
            out.append(text_chance(logits, tail, temperature))
        return out

    def weigh(
        self, system_prompt: str, texts: Sequence[str], start: str, words: Sequence[str]
    ) -> NDArray[np.float64]:
        contract = self.prompts.plain.with_system_prompt(system_prompt)
        ids = word_ids(self.prompts.scaffold, start, words)
        heads = [self.prompts.asked(contract, text, start) for text in texts]
        return np.array([word_shares(found[0], ids) for found in self._logits(heads, (), [-1])])

    def generate(
        self, items: Sequence[Keyed], temperature: float, count: int, seed: int, *, plain: bool
    ) -> list[Replies]:
        """Replies by transformers' own `generate`, from all of the vocabulary."""
        make = self.prompts.plain_prompt if plain else self.prompts.question
        prompts = [make(item) for item in items]
        return self._written(prompts, temperature, count, REPLY_LIMIT, seed)

    def write(
        self, texts: Sequence[str], temperature: float, count: int, limit: int, seed: int
    ) -> list[Replies]:
        prompts = [self.prompts.open_question(text) for text in texts]
        return self._written(prompts, temperature, count, limit, seed)

    def _written(
        self,
        prompts: Sequence[Sequence[int]],
        temperature: float,
        count: int,
        limit: int,
        seed: int,
    ) -> list[Replies]:
        out = []
        for start in range(0, len(prompts), self.batch):
            chunk = prompts[start : start + self.batch]
            replies = self._sampled(chunk, temperature, count, limit, seed_of(seed, start))
            for index, prompt in enumerate(chunk):
                out.append(self._replies(prompt, replies[index * count : (index + 1) * count]))
        return out

    def _sampled(
        self,
        prompts: Sequence[Sequence[int]],
        temperature: float,
        count: int,
        limit: int,
        seed: int,
    ) -> list[list[int]]:
        """The new tokens of `count` replies to each prompt, prompt after prompt."""
        import torch

        width = max(map(len, prompts))
        pad = [0] * width
        ids = torch.tensor([[*pad[len(prompt) :], *prompt] for prompt in prompts])
        seen = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
        self.model.eval()
        torch.manual_seed(seed)
        device = self.model.device
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, self.half):
            out = self.model.generate(
                ids.to(device), attention_mask=seen.to(device), num_return_sequences=count,
                max_new_tokens=limit, eos_token_id=self.prompts.plan.stop, pad_token_id=0,
                **_choice(temperature),
            )  # fmt: skip
        found: list[list[int]] = out[:, width:].tolist()
        return found

    def _replies(self, prompt: Sequence[int], replies: Sequence[Sequence[int]]) -> Replies:
        stop = self.prompts.plan.stop
        ended = [list(r)[: list(r).index(stop) + 1] if stop in r else list(r) for r in replies]
        texts = self.prompts.tokenizer.decode_batch(ended, skip_special_tokens=True)
        return Replies(tuple(texts), sum(len(prompt) + len(reply) for reply in ended))

    def _logits(
        self, heads: Sequence[Sequence[int]], tails: Sequence[Sequence[int]], rows: Sequence[int]
    ) -> list[NDArray[np.float32]]:
        """For each head its logits, (rows, V). rows: columns after the head, -1 its last token."""
        order = sorted(range(len(heads)), key=lambda index: len(heads[index]))
        out: list[NDArray[np.float32]] = [np.empty(0, np.float32)] * len(heads)
        self.model.eval()
        for start in range(0, len(order), self.batch):
            chunk = order[start : start + self.batch]
            found = self._forward([heads[index] for index in chunk], tails, rows)
            for index, logits in zip(chunk, found, strict=True):
                out[index] = logits
        return out

    def _forward(
        self, heads: Sequence[Sequence[int]], tails: Sequence[Sequence[int]], rows: Sequence[int]
    ) -> NDArray[np.float32]:
        import torch

        device = self.model.device
        branches = Branches.of(heads, tails)
        hidden_rows = branches.lengths[:, None] - 1  # (B, 1): the heads' last tokens
        columns = torch.tensor([row for row in rows if row >= 0], dtype=torch.long)
        columns = (branches.width + columns).expand(len(heads), -1)
        hidden_rows = torch.cat([hidden_rows, columns], dim=1)  # (B, R)
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, self.half):
            hidden = self.model.model(
                branches.ids.to(device),
                attention_mask=self._masks(branches),
                position_ids=branches.positions.to(device),
                use_cache=False,
            ).last_hidden_state  # (B, T, D)
            chosen = hidden[torch.arange(len(heads))[:, None], hidden_rows.to(device)]  # (B, R, D)
            logits = self.model.lm_head(chosen)  # (B, R, V)
        found: NDArray[np.float32] = logits.float().cpu().numpy()
        return found

    def _masks(self, branches: Branches) -> dict[str, torch.Tensor]:
        """Additive masks by the kind of a layer: full, and within a window where there is one."""
        window = getattr(self.model.config, "sliding_window", None)
        kinds = set(getattr(self.model.config, "layer_types", None) or ["full_attention"])
        device, dtype = self.model.device, self.model.dtype
        masks = {"full_attention": branches.mask(None, device, dtype)}
        if "sliding_attention" in kinds and window:
            masks["sliding_attention"] = branches.mask(int(window), device, dtype)
        return masks


def _choice(temperature: float) -> dict[str, Any]:
    """What `generate` is told of how a token is chosen: greedily, or from all of the vocabulary."""
    if temperature == 0:
        return {"do_sample": False}
    return {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}


@dataclass(frozen=True)
class Branches:
    """Rows of a head, padding and branches: ids, positions (B, T); segments (B, T): 0 of a head, n
    of the n-th branch, -1 of padding; lengths of the heads, (B); width, where branches begin."""

    ids: torch.Tensor
    positions: torch.Tensor
    segments: torch.Tensor
    lengths: torch.Tensor
    width: int

    @classmethod
    def of(cls, heads: Sequence[Sequence[int]], tails: Sequence[Sequence[int]]) -> Branches:
        import torch

        lengths = torch.tensor([len(head) for head in heads])
        spent = sum(map(len, tails))
        width = padded(int(lengths.max()) + spent) - spent
        ids = torch.zeros(len(heads), width, dtype=torch.long)
        for index, head in enumerate(heads):
            ids[index, : len(head)] = torch.tensor(head)
        places = torch.arange(width).expand(len(heads), -1)
        segments = torch.where(places < lengths[:, None], 0, -1)
        flat = torch.tensor([token for tail in tails for token in tail], dtype=torch.long)
        inside = torch.tensor([n for tail in tails for n in range(len(tail))], dtype=torch.long)
        number = torch.tensor(
            [n for n, tail in enumerate(tails, 1) for _ in tail], dtype=torch.long
        )
        rows = len(heads)
        return cls(
            torch.cat([ids, flat.expand(rows, -1)], 1),
            torch.cat([places, lengths[:, None] + inside], 1),
            torch.cat([segments, number.expand(rows, -1)], 1),
            lengths,
            width,
        )

    def mask(self, window: int | None, device: torch.device, dtype: torch.dtype) -> torch.Tensor:
        """(B, 1, T, T), 0 where a token sees another: itself, its branch's past and its head's."""
        import torch

        own, other = self.segments[:, :, None], self.segments[:, None, :]
        seen = ((other == own) | (other == 0)) & (other >= 0)
        distance = self.positions[:, :, None] - self.positions[:, None, :]
        seen &= distance >= 0
        if window is not None:
            seen &= distance < window
        seen |= torch.eye(self.ids.shape[1], dtype=torch.bool)  # padding sees itself: no nan
        mask = torch.zeros(seen.shape, dtype=dtype)
        mask.masked_fill_(~seen, torch.finfo(dtype).min)
        return mask[:, None].to(device)
