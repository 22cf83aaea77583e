"""Training: the model in the box from nothing, the self-evolving rounds, and their evaluation."""

import os

# Read when torch loads its OpenMP. The edge's engine asks for passive waiting (`foggen.native`), which
# suits one pass on a busy machine and nearly doubles a training step; this is OpenMP's own default.
os.environ.setdefault("GOMP_SPINCOUNT", "300000")
