"""From a success rate to one of the five buckets.

The default draws one of the two neighbouring buckets, the nearer one more often, so that the mean of the
buckets equals the mean of the success rates. `half_even` is the `round` of Python and numpy, which turns the
most frequent result at chance into 0.0 and at p = .75 into 1.0; it is here for comparison.
"""

from __future__ import annotations

import math
from random import Random

from foggen.engine.contract import BUCKETS

TOLERANCE = 1e-9  # rounding errors must not move a success of 3/8 to another bucket


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
