"""Deep supervision of pretraining: two small readers inside the model, discarded afterwards.

The letter of the answer alone teaches slowly. It is one token per question, and it needs three things: the
tokens of an option know their letter, the options are judged, and the letter of the right one is read. None
of the three lowers the loss alone, and on two cores the letters stayed at chance for a thousand steps. So
the first two are taught directly (Lee et al. 2015, Deeply-Supervised Nets): a linear reader in the middle
of the model predicts the option that a token belongs to, and another one a layer higher predicts at the end
of each option whether it is right. These losses have many tokens per question, and the letter follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import cross_entropy

from .questions import LABELS

if TYPE_CHECKING:
    from .rows import Batch

LETTER_LAYER = 2  # of four or eight layers: after it, a token knows the letter of its option
WEIGHT = 0.3  # weight of both readers' losses; the reply's has 1


class Readers(torch.nn.Module):  # type: ignore[misc]  # torch is not analysed
    """The two linear readers of a model with `hidden` units and `layers` layers."""

    def __init__(self, hidden: int, layers: int) -> None:
        super().__init__()
        self.judging_layer = layers - 1  # the last layer is left for reading the letter
        self.letter = torch.nn.Linear(hidden, len(LABELS) + 1)
        self.judgement = torch.nn.Linear(hidden, 2)

    def loss(self, states: tuple[torch.Tensor, ...], batch: Batch) -> torch.Tensor:
        """The readers' weighted loss. states: output of the embedding and of every layer, (B, T, hidden)."""
        inside = batch.options > 0  # (B, T)
        ends = option_ends(batch.options) & (batch.correct[:, None] > 0)
        letters = self.letter(states[LETTER_LAYER])
        judgements = self.judgement(states[self.judging_layer])
        right = (batch.options == batch.correct[:, None]).long()
        return WEIGHT * (
            masked_mean(letters, batch.options, inside) + masked_mean(judgements, right, ends)
        )


def masked_mean(logits: torch.Tensor, targets: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The mean cross entropy where `mask` holds; 0 if it holds nowhere.

    Nothing is picked out by the mask: shapes that depend on values cannot be recorded in a CUDA graph.
    logits: (B, T, classes); targets and mask: (B, T).
    """
    losses = cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), reduction="none")
    weights = mask.flatten().float()
    return (losses * weights).sum() / weights.sum().clamp(min=1)


def option_ends(options: torch.Tensor) -> torch.Tensor:
    """Mark the last token of every option. options: (B, T), the number of each token's option."""
    following = torch.nn.functional.pad(options[:, 1:], (0, 1))
    return (options > 0) & (following != options)
