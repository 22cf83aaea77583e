"""A recipe: everything that decides how a base model becomes a FogGen checkpoint, in one file.

    foggen-train run foggen-starter -o build/starter-chain

Each section of the file is a frozen dataclass here, and each key is a field. Defaults come from the
published cards where a card states them; the recipe files give reasons for the others. `recipe_file.py`
reads the files and reports their errors.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .checks import not_negative, require
from .data import DOMAINS, RAW_SYSTEM_PROMPT, BufferPlan, DataPlan, LabelPlan, ModelPlan
from .training import DistillPlan, GatePlan, OpenEndedPlan, PrimerPlan, TuningPlan

__all__ = [
    "DOMAINS",
    "RAW_SYSTEM_PROMPT",
    "BufferPlan",
    "DataPlan",
    "DistillPlan",
    "GatePlan",
    "LabelPlan",
    "ModelPlan",
    "OpenEndedPlan",
    "PrimerPlan",
    "Recipe",
    "TuningPlan",
]


@dataclass(frozen=True)
class Recipe:
    """One model, from its base to the last round.

    passes: how often each domain gets a round after R0. seed: seeds every random draw in the chain.
    """

    name: str
    model: ModelPlan
    seed: int = 1
    passes: int = 2
    data: DataPlan = field(default_factory=DataPlan)
    labels: LabelPlan = field(default_factory=LabelPlan)
    buffer: BufferPlan = field(default_factory=BufferPlan)
    tuning: TuningPlan = field(default_factory=TuningPlan)
    gate: GatePlan = field(default_factory=GatePlan)
    primer: PrimerPlan = field(default_factory=PrimerPlan)
    distill: DistillPlan = field(default_factory=DistillPlan)
    open_ended: OpenEndedPlan = field(default_factory=OpenEndedPlan)

    def __post_init__(self) -> None:
        require(bool(self.name), "name is empty")
        not_negative("passes", self.passes)

    @property
    def rounds(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The name and domains of every round: R0 has all domains, each later round has one."""
        if self.open_ended.rows:
            return (("R15", tuple(self.open_ended.rows)),)
        chain = [self.data.domains, *[(domain,) for domain in self.data.domains * self.passes]]
        return tuple((f"R{number:02d}", domains) for number, domains in enumerate(chain))
