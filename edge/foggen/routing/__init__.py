"""The way of a question: the edge model's answer, the rule, and perhaps the cloud's."""
