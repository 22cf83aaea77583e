"""The model in the box, made from nothing: questions, pretraining, round R0, card."""

import os

# Read when torch loads its OpenMP. The edge's engine asks for passive waiting (`foggen.native`), which
# suits one pass on a busy machine and nearly doubles a training step; this is OpenMP's own default.
os.environ.setdefault("GOMP_SPINCOUNT", "300000")
