"""A head and its branches in one row of a forward pass, and the masks that keep branches apart.

A row holds a prompt, the head, and after it several branches side by side. A mask lets a token see the
head and the earlier tokens of its own branch, and positions in every branch continue from the head's end.
So the logits are those of separate sequences, and the head is read only once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..batching import padded

if TYPE_CHECKING:
    import torch
    from transformers import DynamicCache, PreTrainedModel

HEAD, PADDING = 0, -1


@dataclass(frozen=True)
class Tokens:
    """Positions and segments of tokens, both (B, T). A segment is HEAD, PADDING or the number of a
    branch, counted from 1."""

    positions: torch.Tensor
    segments: torch.Tensor

    def after(self, earlier: Tokens) -> Tokens:
        """These tokens preceded by `earlier`, which has the same number of rows or one row."""
        import torch

        rows = len(self.positions)
        return Tokens(
            torch.cat([earlier.positions.expand(rows, -1), self.positions], 1),
            torch.cat([earlier.segments.expand(rows, -1), self.segments], 1),
        )

    def repeated(self, times: int) -> Tokens:
        """Repeat every row `times` times; the copies are adjacent."""
        return Tokens(
            self.positions.repeat_interleave(times, 0), self.segments.repeat_interleave(times, 0)
        )


@dataclass(frozen=True)
class Branches:
    """ids: (B, T), the heads padded on the right, then the branches. tokens: positions and segments of
    the ids. lengths: (B,), lengths of the heads. width: first column of the branches."""

    ids: torch.Tensor
    tokens: Tokens
    lengths: torch.Tensor
    width: int

    @classmethod
    def of(
        cls, heads: Sequence[Sequence[int]], tails: Sequence[Sequence[int]], start: int = 0
    ) -> Branches:
        """Build the rows. tails: the branches, the same for every head. start: position of the heads'
        first token."""
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
    """One row: a head of this length, starting at position 0."""
    import torch

    return Tokens(torch.arange(length)[None], torch.full((1, length), HEAD))


def hidden_states(
    model: PreTrainedModel, ids: torch.Tensor, tokens: Tokens, before: Tokens, cache: DynamicCache
) -> torch.Tensor:
    """The last layer's states (B, T, D) of tokens that follow those in the cache.

    before: positions and segments of the cached tokens.
    """
    states: torch.Tensor = model.model(
        ids.to(model.device),
        attention_mask=masks(model, tokens, tokens.after(before)),
        position_ids=tokens.positions.to(model.device),
        past_key_values=cache,
        use_cache=True,
    ).last_hidden_state
    return states


def masks(model: PreTrainedModel, asking: Tokens, seen: Tokens) -> dict[str, torch.Tensor]:
    """Additive masks (B, 1, Q, K), by the kind of layer.

    A token of `asking` sees a token of `seen` that is not after it, is in the head or in the same
    branch, and is inside the layer's window, if it has one.
    """
    window = getattr(model.config, "sliding_window", None)
    kinds = set(getattr(model.config, "layer_types", None) or ["full_attention"])
    built = {"full_attention": _mask(model, asking, seen, None)}
    if "sliding_attention" in kinds and window:
        built["sliding_attention"] = _mask(model, asking, seen, int(window))
    return built


def _mask(model: PreTrainedModel, asking: Tokens, seen: Tokens, window: int | None) -> torch.Tensor:
    import torch

    asking_segment, seen_segment = asking.segments[:, :, None], seen.segments[:, None, :]
    distance = asking.positions[:, :, None] - seen.positions[:, None, :]
    visible = (seen_segment == asking_segment) | (seen_segment == HEAD)
    visible &= (seen_segment != PADDING) & (distance >= 0)
    if window is not None:
        visible &= distance < window
    # An empty row of the mask would give nan, so padding sees padding.
    visible |= (asking_segment == PADDING) & (seen_segment == PADDING)
    mask = torch.zeros(visible.shape, dtype=model.dtype)
    mask.masked_fill_(~visible, torch.finfo(torch.bfloat16).min)  # finite in either precision
    return mask[:, None].to(model.device)
