"""Deep supervision of pretraining: two small readers inside the model, thrown away with it done.

An answer's letter alone teaches slowly: it is one token a question, and it is right only when three
things are: every option's tokens know their letter, the options are judged, and the right one's
letter is read. Neither pays without the others, and on two cores the letters stayed at chance for a
thousand steps. So the first two are taught directly (Lee et al. 2015, Deeply-Supervised Nets): a
linear reader half way up names the option that a token stands in, and one a layer higher says at
each option's end whether it is the right one. Both are as dense as the text; the letter follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import cross_entropy

from .questions import LABELS

if TYPE_CHECKING:
    from .rows import Batch

LETTER_LAYER = 2  # of the four or six: its output must know the letter of the option around it
WEIGHT = 0.3  # of both readers' losses beside the reply's 1


class Readers(torch.nn.Module):  # type: ignore[misc]  # torch is not analysed
    """The two linear readers of a model with `hidden` units and `layers` layers."""

    def __init__(self, hidden: int, layers: int) -> None:
        super().__init__()
        self.judging_layer = layers - 1  # the last layer is left to fetch the letter
        self.letter = torch.nn.Linear(hidden, len(LABELS) + 1)
        self.judgement = torch.nn.Linear(hidden, 2)

    def loss(self, states: tuple[torch.Tensor, ...], batch: Batch) -> torch.Tensor:
        """The readers' weighted loss. states: the embedding's and every layer's, (B, T, hidden)."""
        inside = batch.options > 0  # (B, T)
        letters = self.letter(states[LETTER_LAYER][inside])
        ends = option_ends(batch.options) & (batch.correct[:, None] > 0)
        judgements = self.judgement(states[self.judging_layer][ends])
        right = (batch.options == batch.correct[:, None])[ends].long()
        letter_loss = cross_entropy(letters.float(), batch.options[inside])
        return WEIGHT * (letter_loss + cross_entropy(judgements.float(), right))


def option_ends(options: torch.Tensor) -> torch.Tensor:
    """The last token of every option; options: (B, T), the number of the option around each token."""
    following = torch.nn.functional.pad(options[:, 1:], (0, 1))
    return (options > 0) & (following != options)
