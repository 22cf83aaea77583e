"""Before R0: teach a raw base that a letter stands for an option, with the chain's own questions.

A base that answers at chance may know more than it shows: it never had to name an option by its letter.
Two kinds of rows teach that, in the contract's format:

    find     Which option reads "..."?      the options of a real question
    match    a real question                its answer among other questions' options

The first is copying and the second only needs the topic of the question, so the loss falls on both; on
real distractors a small model learns next to nothing. The confidence of each row is random: the model
learns the format, and nothing about confidence. Each kind is a stage with its own adapter and checkpoint,
which appear whole, so a primer that was killed can be resumed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from foggen.confidence.labelled import Keyed
from foggen.engine.contract import BUCKETS
from foggen.errors import ConfigurationError
from foggen.question.question import Question

from .files import read_seconds, timed
from .pools import QuestionPool, size
from .recipe import Recipe
from .round_rows import Progress
from .tuning.buffer import BufferRow, save_buffer
from .tuning.merge import merge
from .tuning.worker import tune, write_order

FIND, MATCH = "find", "match"
FINDING = ('Which option reads "{}"?', 'Find the option "{}".', "Which of the options is: {}")
FOLDER = "primer"


@dataclass(frozen=True)
class Primer:
    """The primer of a chain. folder: the chain's folder."""

    recipe: Recipe
    pool: QuestionPool
    base: Path
    folder: Path
    progress: Progress = lambda *_: None

    def run(self) -> Path:
        """Return the checkpoint after all stages, or the base if the recipe has none."""
        start = self.base
        for kind, count in self.recipe.primer.rows.items():
            start = self._stage(kind, count, start)
        return start

    def _stage(self, kind: str, count: int, start: Path) -> Path:
        folder = self.folder / FOLDER / kind
        checkpoint = folder / "checkpoint"
        if checkpoint.exists():
            return checkpoint
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "buffer.jsonl").exists():
            save_buffer(self._rows(kind, count), folder / "buffer.jsonl")
        with timed(folder, "train"):
            self._tune(kind, start, folder)
        with timed(folder, "merge"):
            merge(str(start), folder / "adapter", checkpoint, self.recipe.model)
        if start != self.base:  # the checkpoint of the previous stage
            shutil.rmtree(start)
        return checkpoint

    def _tune(self, kind: str, start: Path, folder: Path) -> None:
        if (folder / "adapter").exists():
            return
        rate = self.recipe.primer.learning_rate
        write_order(folder, self.recipe, str(start), f"{FOLDER}-{kind}", rate, 1)
        tune(
            folder,
            self.recipe.tuning.processes,
            lambda step, steps, _: self.progress(f"{FOLDER} {kind}", step + 1, steps),
        )

    def _rows(self, kind: str, count: int) -> list[BufferRow]:
        """Make rows from questions that may be trained on; every call makes the same ones."""
        items = self._items()
        make = {FIND: finding, MATCH: matching(items)}[kind]
        random = Random(f"{FOLDER}-{self.recipe.seed}-{kind}")
        chosen = [make(item, random) for item in drawn(items, count, random)]
        return [BufferRow(item, random.choice(BUCKETS), item.answer) for item in chosen]

    def _items(self) -> list[Keyed]:
        """Return the questions that may be trained on, up to the recipe's length limit if it has one."""
        known, longest = self.pool.trainable(), self.recipe.primer.longest
        items = [item for item in known if not longest or size(item) <= longest]
        if not items:
            raise ConfigurationError(
                f"all {len(known):,} questions have more than {longest} characters",
                hint="raise primer.longest",
            )
        return items


def primer_seconds(folder: Path) -> float:
    """Return the wall time of a chain's primer, or 0 if it had none."""
    stages = (folder / FOLDER).iterdir() if (folder / FOLDER).exists() else ()
    return sum(sum(read_seconds(stage).values()) for stage in stages)


def drawn(items: Sequence[Keyed], count: int, random: Random) -> list[Keyed]:
    """Draw `count` questions, each about equally often."""
    chosen: list[Keyed] = []
    while len(chosen) < count:
        chosen += random.sample(items, min(len(items), count - len(chosen)))
    return chosen


def finding(item: Keyed, random: Random) -> Keyed:
    """Make a question that asks for the letter of one of the item's options."""
    options = random.sample(item.question.options, len(item.question.options))
    answer = random.randrange(len(options))
    stem = random.choice(FINDING).format(options[answer])
    return replace(item, question=Question.from_options(stem, options), answer=answer)


def matching(items: Sequence[Keyed]) -> Callable[[Keyed, Random], Keyed]:
    """Return a function that replaces a question's wrong options by options of other questions.

    They come from the same domain; a domain with few options gives fewer of them.
    """
    options: dict[str, dict[str, None]] = {}
    for item in items:
        options.setdefault(item.domain, {}).update(dict.fromkeys(item.question.options))
    known = {domain: list(texts) for domain, texts in options.items()}

    def make(item: Keyed, random: Random) -> Keyed:
        own, others = item.question.options, known[item.domain]
        sample = random.sample(others, min(len(others), 2 * len(own)))  # may include its own
        mixed = [item.answer_text, *[text for text in sample if text not in own][: len(own) - 1]]
        random.shuffle(mixed)
        question = Question.from_options(item.question.stem, mixed)
        return replace(item, question=question, answer=mixed.index(item.answer_text))

    return make
