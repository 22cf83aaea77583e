"""How a call runs: cancelled from outside, on a thread of its own, and timed."""
