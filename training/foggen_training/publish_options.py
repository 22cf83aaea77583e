"""The options of `foggen-train publish`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from foggen.errors import UsageError

from .evaluation.clouds import CloudOptions
from .evaluation.quants import QUANTS
from .recipe import Recipe

MOST = 300  # default number of test questions per domain


@dataclass(frozen=True)
class PublishOptions:
    """The options of `publish`. name: file name; empty means the recipe's name. about: Markdown that
    opens the card. quants: quantizations to write; the first is measured in full. compared:
    quantizations to measure only. most: most test questions per domain; 0 means all. automix: also
    measure AutoMix."""

    chain: Path
    output: Path
    name: str = ""
    title: str = ""
    about: Path | None = None
    exam: tuple[Path, ...] = ()
    cloud: CloudOptions = field(default_factory=CloudOptions)
    quants: tuple[str, ...] = ("q8_0",)
    compared: tuple[str, ...] = ()
    most: int = MOST
    automix: bool = True

    def __post_init__(self) -> None:
        for quant in (*self.quants, *self.compared):
            if quant not in QUANTS:
                raise UsageError(
                    f"unknown quantization {quant!r}", hint=f"known: {', '.join(QUANTS)}"
                )

    def named(self, recipe: Recipe) -> PublishOptions:
        """Return the options with a missing name or title taken from the recipe."""
        name = self.name or recipe.name
        title = self.title or name.replace("foggen", "FogGen").replace("-", " ")
        return replace(self, name=name, title=title)

    def opening(self) -> str:
        return self.about.read_text("utf-8").strip() if self.about else f"# {self.title}"
