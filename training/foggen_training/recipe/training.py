"""The sections of a recipe about training: tuning, the gate, the primer, distillation and the open-ended round."""

from __future__ import annotations

from dataclasses import dataclass

from .checks import not_negative, positive, share


@dataclass(frozen=True)
class TuningPlan:
    """LoRA fine-tuning of one round.

    learning_rate: peak, reached after `warmup` steps and followed by a cosine decay. first_*: values for
    R0; 0 means as in later rounds. batch: rows per step, over all processes. micro_batch: padded tokens
    per forward pass; it changes the memory, not the gradient. longest: rows with more tokens are left
    out. processes: more than 1 runs under `accelerate launch`. train_words: also train the embeddings of
    the contract's own words, for a base that never saw them.
    """

    rank: int = 16
    alpha: int = 32
    epochs: int = 2
    batch: int = 16
    micro_batch: int = 4096
    learning_rate: float = 5e-5
    first_learning_rate: float = 0.0
    first_epochs: int = 0
    warmup: int = 10
    weight_decay: float = 0.0
    longest: int = 1024
    processes: int = 1
    train_words: bool = False

    def __post_init__(self) -> None:
        for name in (
            "rank",
            "alpha",
            "epochs",
            "batch",
            "micro_batch",
            "learning_rate",
            "longest",
            "processes",
        ):
            positive(name, getattr(self, name))


@dataclass(frozen=True)
class GatePlan:
    """What a round may lose on the validation set, compared with the best round so far.

    accuracy_drop: largest loss of accuracy in one domain. mean_drop: largest loss of the mean over
    domains. auroc_drop: largest loss of AUROC. ece_rise: largest rise of the
    expected confidence's calibration error; 1 means any. luck: standard deviations of chance change that do not
    count as a loss. least_entropy: least entropy of the stated buckets, as a share of its maximum.
    retries: how often a refused round is tuned again, at half the previous learning rate, before the
    chain stops. All of them may change while a chain runs.
    """

    accuracy_drop: float = 0.02
    mean_drop: float = 0.01
    auroc_drop: float = 0.02
    ece_rise: float = 1.0
    luck: float = 2.4
    least_entropy: float = 0.3
    retries: int = 1

    def __post_init__(self) -> None:
        for name in ("accuracy_drop", "mean_drop", "auroc_drop", "ece_rise", "least_entropy"):
            share(name, getattr(self, name))
        for name in ("luck", "retries"):
            not_negative(name, getattr(self, name))


@dataclass(frozen=True)
class PrimerPlan:
    """What a raw base is taught before R0.

    find: rows that ask which option has a given text. match: rows whose wrong options come from other
    questions. learning_rate: peak of both stages. longest: most characters of a question with its
    options; 0 means no limit other than that of `[data]`.
    """

    find: int = 0
    match: int = 0
    learning_rate: float = 5e-4
    longest: int = 0

    def __post_init__(self) -> None:
        for name in ("find", "match", "longest"):
            not_negative(name, getattr(self, name))
        positive("learning_rate", self.learning_rate)

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each kind that has any, in the order in which they are learnt."""
        counts = {"find": self.find, "match": self.match}
        return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True)
class DistillPlan:
    """Distillation from a sibling model.

    buffer: the sibling's buffer.jsonl, whose questions and labels R0 then uses; empty means none.
    rows: how many of its rows to use, from the first; 0 means all.
    """

    buffer: str = ""
    rows: int = 0

    def __post_init__(self) -> None:
        not_negative("rows", self.rows)


@dataclass(frozen=True)
class OpenEndedPlan:
    """A round on open-ended tasks instead of the chain.

    squad, truthfulqa, gsm8k: rows of each task; if all are 0 there is no such round. folder: holds
    {task}.train.jsonl, {task}.test.jsonl, truthfulqa.incorrect.jsonl and, optionally,
    gsm8k.train.solutions.jsonl. replay_from: folder of the chain whose questions are replayed. limit:
    most tokens of a reply. test: test questions per task; 0 means the whole file.
    """

    squad: int = 0
    truthfulqa: int = 0
    gsm8k: int = 0
    folder: str = "data/open_ended"
    replay_from: str = ""
    limit: int = 256
    test: int = 0

    def __post_init__(self) -> None:
        for name in ("squad", "truthfulqa", "gsm8k", "test"):
            not_negative(name, getattr(self, name))
        positive("limit", self.limit)

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each task that has any."""
        counts = {name: getattr(self, name) for name in ("squad", "truthfulqa", "gsm8k")}
        return {name: count for name, count in counts.items() if count}
