"""What the starter is measured on outside its own templates: sets that no training reads.

Three sets, each the same on every machine (`draw.py`): kinds of questions that the starter never met
(`families/`), skills that it knows in the words of another hand (`wordings.py`), and everyday questions
(`everyday.jsonl`). They were written without sight of the training's wordings and families, and were frozen
before training: a test holds the hash of each set. Whoever changes a set must train again before quoting figures.
"""
