"""Training: the model in the box from nothing, the self-evolving rounds, and their evaluation."""
