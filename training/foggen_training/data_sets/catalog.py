"""The data sets that are known by name: which of their files to use, and the domain of each row.

The published cards name `issai/foggen-data` and `issai/KazCulture`; the others are public exam sets. The
meaning of columns is in `layouts.py`, for all sets alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from foggen.errors import UsageError
from foggen.store.references import Reference


@dataclass(frozen=True)
class DataSet:
    """A repository of a hub, and how it is read.

    repo: id of the repository. files: patterns of the files to use; empty means all readable ones. domain:
    domain of every row, "" if rows differ. column: the column that gives a row's domain through `domains`;
    rows with other values are left out. Without domain and column, a row's `domain` or the file's name
    decides. test: word in a file's path that marks the test split; all other splits are trained on.
    divided: split the rows again, since a published split is too small. revision: commit, tag or branch,
    "" for the newest.
    """

    repo: str
    files: tuple[str, ...] = ()
    domain: str = ""
    column: str = ""
    domains: Mapping[str, str] = field(default_factory=dict)
    test: str = "test"
    divided: bool = False
    revision: str = ""

    @property
    def name(self) -> str:
        """The source of its rows, in lower case: the id, or for a known set the id without its owner."""
        owner, _, last = self.repo.lower().partition("/")
        return last if self.repo in KNOWN else f"{owner}-{last}"


def _by_value(**values: str) -> dict[str, str]:
    """{"a b": domain, ...} from domain="a b, c d"."""
    return {name: domain for domain, names in values.items() for name in names.split(", ")}


MMLU_SUBJECTS = _by_value(
    finance="professional_accounting, econometrics, high_school_macroeconomics, "
    "high_school_microeconomics, business_ethics, management, marketing",
    science="astronomy, college_biology, college_chemistry, college_physics, conceptual_physics, "
    "high_school_biology, high_school_chemistry, high_school_physics, electrical_engineering",
    coding="college_computer_science, high_school_computer_science, computer_security, "
    "machine_learning",
    law="professional_law, international_law, jurisprudence",
    math="abstract_algebra, college_mathematics, elementary_mathematics, high_school_mathematics, "
    "high_school_statistics",
    medical="anatomy, clinical_knowledge, college_medicine, professional_medicine, "
    "medical_genetics, nutrition, virology, human_aging",
)
MMLU_PRO_CATEGORIES = _by_value(
    finance="business, economics",
    science="physics, chemistry, biology",
    coding="computer science",
    law="law",
    math="math",
    medical="health",
)

KNOWN = {
    data_set.repo: data_set
    for data_set in (
        DataSet("issai/foggen-data"),
        DataSet("issai/KazCulture", domain="kazakh_culture"),
        # Not auxiliary_train, which repeats other exam sets.
        DataSet(
            "cais/mmlu",
            ("all/dev-*", "all/validation-*", "all/test-*"),
            column="subject",
            domains=MMLU_SUBJECTS,
        ),
        # Its validation set has 70 rows, for prompts with examples.
        DataSet(
            "TIGER-Lab/MMLU-Pro",
            ("data/*",),
            column="category",
            domains=MMLU_PRO_CATEGORIES,
            divided=True,
        ),
        DataSet("allenai/ai2_arc", ("ARC-Challenge/*", "ARC-Easy/*"), domain="science"),
        DataSet("allenai/openbookqa", ("main/*",), domain="science"),
        # Its test set has no keys.
        DataSet(
            "openlifescienceai/medmcqa",
            ("data/train-*", "data/validation-*"),
            domain="medical",
            test="validation",
        ),
        DataSet("qiaojin/PubMedQA", ("pqa_labeled/*",), domain="medical", divided=True),
        DataSet("deepmind/aqua_rat", ("raw/*",), domain="math"),
    )
}


def data_set_of(name: str) -> DataSet:
    """The data set with a given name: "owner/name", or the last part of a known one, both optionally with
    "@revision". Raises UsageError, which lists the known ones.
    """
    plain, _, revision = name.partition("@")
    for data_set in KNOWN.values():
        if plain.lower() in (data_set.repo.lower(), data_set.name):
            return replace(data_set, revision=revision)
    reference = Reference.parse(name)
    if reference is None or reference.file:
        raise UsageError(
            f"unknown data set {name!r}",
            hint=f"give a hub id (owner/name); known: {', '.join(KNOWN)}",
        )
    return DataSet(reference.repo, revision=reference.revision)
