"""Downloads multiple-choice data sets from a hub as the JSONL files that a chain reads."""
