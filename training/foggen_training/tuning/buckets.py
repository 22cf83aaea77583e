"""From a success rate to one of the five buckets.

The default draws between the two neighbouring buckets in proportion, so that buckets are right on
average and nothing is rounded. `half_even` is Python's and numpy's own `round`: it calls the modal
result of a chance item 0.0 and that of a p=.75 item 1.0, and is here to be compared with, not used.
"""

from __future__ import annotations

import math
from random import Random

from foggen.contract import BUCKETS

TOLERANCE = 1e-9  # a success of 3/8 must lie between two buckets whatever the last bit says


def bucket_of(success: float, rounding: str, random: Random) -> float:
    """The bucket of a success in [0, 1]; only "two_hot" draws from `random`."""
    place = success * (len(BUCKETS) - 1)
    if rounding == "two_hot":
        lower = min(int(place + TOLERANCE), len(BUCKETS) - 1)
        return BUCKETS[lower + (random.random() < place - lower - TOLERANCE)]
    rounded = {
        "half_down": lambda: math.ceil(place - 0.5 - TOLERANCE),
        "half_up": lambda: math.floor(place + 0.5 + TOLERANCE),
        "half_even": lambda: round(place),
    }[rounding]()
    return BUCKETS[rounded]
