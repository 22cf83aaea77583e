"""Rows of a head and its branches for one forward pass, and who sees whom in them.

A row holds a prompt and, after it, branches side by side. A mask lets a branch see the prompt and
itself only, and positions run on from the prompt's end in each, so that the logits are those of
separate sequences at the price of the prompt and the branches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..batching import padded

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

HEAD, PADDING = 0, -1


@dataclass(frozen=True)
class Tokens:
    """What tokens are, wherever they stand. positions, segments: (B, T); a segment is HEAD, the
    number of a branch from 1, or PADDING."""

    positions: torch.Tensor
    segments: torch.Tensor

    def after(self, other: Tokens) -> Tokens:
        """These tokens with those of `other`, of as many rows or of one, before them."""
        import torch

        rows = len(self.positions)
        return Tokens(
            torch.cat([other.positions.expand(rows, -1), self.positions], 1),
            torch.cat([other.segments.expand(rows, -1), self.segments], 1),
        )

    def repeated(self, times: int) -> Tokens:
        """Every row `times` times, its copies next to each other."""
        return Tokens(
            self.positions.repeat_interleave(times, 0), self.segments.repeat_interleave(times, 0)
        )


@dataclass(frozen=True)
class Branches:
    """ids: (B, T), heads padded on the right, then the branches. tokens: what they are. lengths: (B,)
    of the heads. width: where branches begin."""

    ids: torch.Tensor
    tokens: Tokens
    lengths: torch.Tensor
    width: int

    @classmethod
    def of(
        cls, heads: Sequence[Sequence[int]], tails: Sequence[Sequence[int]], start: int = 0
    ) -> Branches:
        """tails: the branches, the same after every head. start: the position of the heads' first
        token."""
        import torch

        lengths = torch.tensor([len(head) for head in heads])
        spent = sum(map(len, tails))
        width = padded(int(lengths.max()) + spent) - spent
        ids = torch.zeros(len(heads), width, dtype=torch.long)
        for index, head in enumerate(heads):
            ids[index, : len(head)] = torch.tensor(head)
        places = torch.arange(width).expand(len(heads), -1)
        segments = torch.where(places < lengths[:, None], HEAD, PADDING)
        flat = torch.tensor([token for tail in tails for token in tail], dtype=torch.long)
        inside = torch.tensor([n for tail in tails for n in range(len(tail))], dtype=torch.long)
        number = torch.tensor(
            [n for n, tail in enumerate(tails, 1) for _ in tail], dtype=torch.long
        )
        rows = len(heads)
        tokens = Tokens(
            torch.cat([places, lengths[:, None] + inside], 1) + start,
            torch.cat([segments, number.expand(rows, -1)], 1),
        )
        return cls(torch.cat([ids, flat.expand(rows, -1)], 1), tokens, lengths, width)


def row_of(length: int) -> Tokens:
    """One row of a head alone, from position 0 on."""
    import torch

    return Tokens(torch.arange(length)[None], torch.full((1, length), HEAD))


def masks(model: PreTrainedModel, asking: Tokens, seen: Tokens) -> dict[str, torch.Tensor]:
    """Additive masks (B, 1, Q, K) by the kind of a layer: 0 where a token of `asking` sees one of
    `seen`, which is its head's or its branch's, before it or itself, and inside the window of a
    layer that has one."""
    window = getattr(model.config, "sliding_window", None)
    kinds = set(getattr(model.config, "layer_types", None) or ["full_attention"])
    built = {"full_attention": _mask(model, asking, seen, None)}
    if "sliding_attention" in kinds and window:
        built["sliding_attention"] = _mask(model, asking, seen, int(window))
    return built


def _mask(model: PreTrainedModel, asking: Tokens, seen: Tokens, window: int | None) -> torch.Tensor:
    import torch

    own, other = asking.segments[:, :, None], seen.segments[:, None, :]
    distance = asking.positions[:, :, None] - seen.positions[:, None, :]
    visible = ((other == own) | (other == HEAD)) & (other != PADDING) & (distance >= 0)
    if window is not None:
        visible &= distance < window
    visible |= (own == PADDING) & (other == PADDING)  # so that no row of the mask is empty: no nan
    mask = torch.zeros(visible.shape, dtype=model.dtype)
    mask.masked_fill_(~visible, torch.finfo(torch.bfloat16).min)  # finite in either precision
    return mask[:, None].to(model.device)
