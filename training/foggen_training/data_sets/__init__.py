"""Multiple-choice data sets of a hub as the JSONL files that a chain reads."""
