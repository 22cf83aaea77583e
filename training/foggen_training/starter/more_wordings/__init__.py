"""More wordings of the skills: for pretraining, and others for the rounds, which the base has not met.

They join a skill's own `wordings` and the `round_wordings`, and have nothing in common with either or with
the `test_wordings`.
"""

from __future__ import annotations

from . import coding, finance, kazakh, law, math, medical, science
from .wordings import Wordings

# By domain and skill.
MORE_WORDINGS: dict[tuple[str, str], Wordings] = {
    (domain, skill): wordings
    for domain, module in {
        "finance": finance,
        "science": science,
        "coding": coding,
        "law": law,
        "math": math,
        "kazakh_culture": kazakh,
        "medical": medical,
    }.items()
    for skill, wordings in module.WORDINGS.items()
}
