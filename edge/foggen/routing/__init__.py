"""Answering a question: the edge model, the rule, and the cloud if it is needed."""
