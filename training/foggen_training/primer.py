"""Before R0: a raw base learns that a letter stands for an option, from the chain's own questions.

A base that answers at chance may know more than it can say: it has never had to name an option by its
letter. Two kinds of row teach that, in the contract's format:

    find     Which option reads "..."?      the options of a real question
    match    a real question                its answer among other questions' options

The first is copying, the second only needs to know what a question is about; both have a loss that
falls, where real distractors give a small model next to none. The confidence of a row is drawn at random,
so that the format is learnt and nothing about confidence is. Each kind is a stage with an adapter and a
checkpoint of its own, which appear whole, so that a primer that was killed goes on.
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
    """The primer of a chain's base. folder: of the chain."""

    recipe: Recipe
    pool: QuestionPool
    base: Path
    folder: Path
    progress: Progress = lambda *_: None

    def run(self) -> Path:
        """The checkpoint after all stages; the base where the recipe has none."""
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
        if start != self.base:  # the stage before it
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
        """Rows of questions that may be trained on, the same at every call."""
        items = self._items()
        make = {FIND: finding, MATCH: matching(items)}[kind]
        random = Random(f"{FOLDER}-{self.recipe.seed}-{kind}")
        chosen = [make(item, random) for item in drawn(items, count, random)]
        return [BufferRow(item, random.choice(BUCKETS), item.answer) for item in chosen]

    def _items(self) -> list[Keyed]:
        """What may be trained on, without the long questions where the recipe has a limit."""
        known, longest = self.pool.trainable(), self.recipe.primer.longest
        items = [item for item in known if not longest or size(item) <= longest]
        if not items:
            raise ConfigurationError(
                f"each of the {len(known):,} questions has more than {longest} characters",
                hint="raise primer.longest",
            )
        return items


def primer_seconds(folder: Path) -> float:
    """The wall time of the primer of a chain's folder; 0 where there was none."""
    stages = (folder / FOLDER).iterdir() if (folder / FOLDER).exists() else ()
    return sum(sum(read_seconds(stage).values()) for stage in stages)


def drawn(items: Sequence[Keyed], count: int, random: Random) -> list[Keyed]:
    """`count` questions, each as often as any other."""
    chosen: list[Keyed] = []
    while len(chosen) < count:
        chosen += random.sample(items, min(len(items), count - len(chosen)))
    return chosen


def finding(item: Keyed, random: Random) -> Keyed:
    """The question for the letter of one of an item's options."""
    options = random.sample(item.question.options, len(item.question.options))
    answer = random.randrange(len(options))
    stem = random.choice(FINDING).format(options[answer])
    return replace(item, question=Question.from_options(stem, options), answer=answer)


def matching(items: Sequence[Keyed]) -> Callable[[Keyed, Random], Keyed]:
    """The maker of questions whose wrong options are those of other questions of their domain; a
    domain with few options gives fewer of them."""
    options: dict[str, dict[str, None]] = {}
    for item in items:
        options.setdefault(item.domain, {}).update(dict.fromkeys(item.question.options))
    known = {domain: list(texts) for domain, texts in options.items()}

    def make(item: Keyed, random: Random) -> Keyed:
        own, others = item.question.options, known[item.domain]
        sample = random.sample(others, min(len(others), 2 * len(own)))  # some of them its own
        mixed = [item.answer_text, *[text for text in sample if text not in own][: len(own) - 1]]
        random.shuffle(mixed)
        question = Question.from_options(item.question.stem, mixed)
        return replace(item, question=question, answer=mixed.index(item.answer_text))

    return make
