"""The model in the box: graded questions, a small model trained from nothing, its first round."""
