"""A recipe: everything that decides how a base model becomes a FogGen checkpoint, in one file.

    foggen-train run foggen-starter -o build/starter-chain

A section of the file is a frozen dataclass here, a key is a field. Defaults are the published cards'
where a card states them, and are argued in the recipe files where it does not. How a file becomes
these objects, and what is said of a wrong one, is `recipe_file.py`'s business.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from foggen.engine.contract import LAYOUTS, PUBLISHED_SYSTEM_PROMPTS, Contract

DOMAINS = ("finance", "science", "coding", "law", "math", "kazakh_culture", "medical")
ROUNDINGS = ("two_hot", "half_down", "half_up", "half_even")
RAW_SYSTEM_PROMPT = (
    "You are a multiple-choice assistant.\nOutput format:\nFinal answer: <OPTION_LETTER>"
)


def _require(condition: bool, problem: str) -> None:
    if not condition:
        raise ValueError(problem)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    _require(value in known, f"{name} is {value!r}; known: {', '.join(known)}")


def _share(name: str, value: float) -> None:
    _require(0 <= value <= 1, f"{name} is {value}; it must be in [0, 1]")


def _positive(name: str, value: float) -> None:
    _require(value > 0, f"{name} is {value}; it must be above 0")


@dataclass(frozen=True)
class ModelPlan:
    """base: a checkpoint's folder, a hub id or the path of a GGUF. chat_layout: "qwen3" or "gemma3".
    system_prompt: what the checkpoint is trained to, the published one if empty. raw_system_prompt:
    what the raw base is asked with, before it can say a confidence."""

    base: str
    chat_layout: str = "qwen3"
    system_prompt: str = ""
    raw_system_prompt: str = RAW_SYSTEM_PROMPT

    def __post_init__(self) -> None:
        _one_of("chat_layout", self.chat_layout, tuple(LAYOUTS))
        _require(bool(self.base), "base is empty; give a folder or a hub id")

    def contract(self, round_name: str = "") -> Contract:
        prompt = self.system_prompt or PUBLISHED_SYSTEM_PROMPTS[self.chat_layout]
        return Contract(self.chat_layout, prompt, round=round_name)

    def raw_contract(self) -> Contract:
        return Contract(self.chat_layout, self.raw_system_prompt)


@dataclass(frozen=True)
class DataPlan:
    """source: "files" (`folder`/{domain}.train.jsonl and .test.jsonl) or "generated" (the starter's
    questions). validation, calibration: questions a domain, of the training side, never trained
    on. test: questions a domain, the whole file if 0. longest: characters of a question and its options
    that a round may have at most, any number if 0; what is measured on is of every length."""

    source: str = "files"
    folder: str = "data"
    domains: tuple[str, ...] = DOMAINS
    validation: int = 100
    calibration: int = 100
    test: int = 0
    longest: int = 0

    def __post_init__(self) -> None:
        _one_of("source", self.source, ("files", "generated"))
        _require(bool(self.domains), "domains is empty; name one or more")
        _require(len(set(self.domains)) == len(self.domains), "domains names one twice")
        _require(self.longest >= 0, f"longest is {self.longest}; it must be 0 or more")
        _positive("validation", self.validation)
        _positive("calibration", self.calibration)
        _require(
            self.test > 0 or self.source == "files", "test is 0; generated questions need a number"
        )


@dataclass(frozen=True)
class LabelPlan:
    """mode: "sampled" (generations, as published) or "exact" (closed form over the buckets).
    temperature: of both. with_model: "transformers" (the master) or "gguf" (the quantized file that
    ships, at `quant`). rounding: success to bucket. answer_target: what is trained as the answer,
    the key ("gold") or the model's own most likely answer ("own"). most_failures: share of replies
    that may be unreadable before the round stops. prior: how many samples the model's own expected
    confidence counts for beside the measured success; 0 is the published recipe. One question's
    success is luck where the model guesses, and a mean of luck and expectation is the better target.
    shuffle: deal the labels out among the rows, evenly over domain, tier and success: a control whose
    AUROC must be one half.
    batch: questions at once."""

    mode: str = "sampled"
    samples: int = 8
    temperature: float = 0.7
    with_model: str = "transformers"
    quant: str = "q8_0"
    rounding: str = "two_hot"
    answer_target: str = "gold"
    most_failures: float = 0.1
    prior: float = 0.0
    shuffle: bool = False
    batch: int = 32

    def __post_init__(self) -> None:
        _one_of("mode", self.mode, ("sampled", "exact"))
        _one_of("with_model", self.with_model, ("transformers", "gguf"))
        _one_of("rounding", self.rounding, ROUNDINGS)
        _one_of("answer_target", self.answer_target, ("gold", "own"))
        _share("most_failures", self.most_failures)
        _require(self.prior >= 0, f"prior is {self.prior}; it must be 0 or more")
        for name in ("samples", "temperature", "batch"):
            _positive(name, getattr(self, name))


@dataclass(frozen=True)
class BufferPlan:
    """Rows. first: of round R0. new, replayed: of every later round, at most: a domain with fewer
    questions shares them out evenly among its rounds. Replayed rows are drawn from all earlier
    rounds' questions and labelled anew. raw: raw-format rows (answer only) for each row, which
    keep the answer as good as it was. unaided: share of the questions that stand without their
    options which are asked without them too, and answered in words."""

    first: int = 1800
    new: int = 300
    replayed: int = 1500
    raw: float = 0.0
    unaided: float = 0.0

    def __post_init__(self) -> None:
        _positive("first", self.first)
        _positive("new", self.new)
        _require(self.replayed >= 0, f"replayed is {self.replayed}; it must be 0 or more")
        _share("raw", self.raw)
        _share("unaided", self.unaided)


@dataclass(frozen=True)
class TuningPlan:
    """LoRA fine-tuning of one round. learning_rate: the peak, reached in `warmup` steps and left
    along a cosine. first_*: of round R0, 0 where it is like the others. batch: rows a step, over all
    processes. micro_batch: tokens at once, padding counted; the gradient is the same, the memory is
    not. longest: tokens; longer rows are left out. processes: above 1 runs under
    `accelerate launch`. train_words: whether the embeddings of the contract's own words are learnt
    too, which a base that never saw them needs."""

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
            _positive(name, getattr(self, name))


@dataclass(frozen=True)
class GatePlan:
    """What a round may lose on the validation set, against the best round so far and beyond luck:
    accuracy_drop in a domain, mean_drop of the domains' mean, auroc_drop of the AUROC. luck: how many
    standard deviations of what changed answers do by chance are not counted as a loss. least_entropy:
    of the buckets said, as a share of its maximum. retries: how often a refused round is done again,
    at half the rate each time, before the chain stops. All of them may change while a chain runs."""

    accuracy_drop: float = 0.02
    mean_drop: float = 0.01
    auroc_drop: float = 0.02
    luck: float = 2.4
    least_entropy: float = 0.3
    retries: int = 1

    def __post_init__(self) -> None:
        for name in ("accuracy_drop", "mean_drop", "auroc_drop", "least_entropy"):
            _share(name, getattr(self, name))
        for name in ("luck", "retries"):
            _require(
                getattr(self, name) >= 0, f"{name} is {getattr(self, name)}; it must be 0 or more"
            )


@dataclass(frozen=True)
class PrimerPlan:
    """What a raw base is taught before R0: rows that ask for the option of a given text (find), then
    rows whose wrong options are those of other questions (match). 0: none. learning_rate: the peak of
    both. longest: characters of a question and its options above which none of its rows is made, 0 for
    no limit beside that of the data."""

    find: int = 0
    match: int = 0
    learning_rate: float = 5e-4
    longest: int = 0

    def __post_init__(self) -> None:
        for name in ("find", "match", "longest"):
            _require(
                getattr(self, name) >= 0, f"{name} is {getattr(self, name)}; it must be 0 or more"
            )
        _positive("learning_rate", self.learning_rate)

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each kind that has any, in the order in which they are learnt."""
        counts = {"find": self.find, "match": self.match}
        return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True)
class DistillPlan:
    """buffer: a sibling's buffer.jsonl, which is then R0's: its questions, its labels. Empty: none.
    rows: the first so many of it, all if 0."""

    buffer: str = ""
    rows: int = 0

    def __post_init__(self) -> None:
        _require(self.rows >= 0, f"rows is {self.rows}; it must be 0 or more")


@dataclass(frozen=True)
class OpenEndedPlan:
    """A round on open-ended tasks in place of the chain. squad, truthfulqa, gsm8k: rows of each, 0
    everywhere for no such round. folder: of {task}.train.jsonl, {task}.test.jsonl,
    truthfulqa.incorrect.jsonl and, if there are any, gsm8k.train.solutions.jsonl. replay_from: the
    chain whose questions are replayed. limit: tokens of a reply. test: questions a task, the whole
    file if 0."""

    squad: int = 0
    truthfulqa: int = 0
    gsm8k: int = 0
    folder: str = "data/open_ended"
    replay_from: str = ""
    limit: int = 256
    test: int = 0

    def __post_init__(self) -> None:
        for name in ("squad", "truthfulqa", "gsm8k", "test"):
            _require(getattr(self, name) >= 0, f"{name} is {getattr(self, name)}; 0 or more")
        _positive("limit", self.limit)

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each task that has any."""
        counts = {name: getattr(self, name) for name in ("squad", "truthfulqa", "gsm8k")}
        return {name: count for name, count in counts.items() if count}


@dataclass(frozen=True)
class Recipe:
    """One model, from base to the last round. passes: how often the domains are gone through, a
    round each, after R0. seed: of every draw in the chain."""

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
        _require(bool(self.name), "name is empty")
        _require(self.passes >= 0, f"passes is {self.passes}; it must be 0 or more")

    @property
    def rounds(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every round's name and domains: R0 has all of them, each later one a single domain."""
        if self.open_ended.rows:
            return (("R15", tuple(self.open_ended.rows)),)
        chain = [self.data.domains, *[(domain,) for domain in self.data.domains * self.passes]]
        return tuple((f"R{number:02d}", domains) for number, domains in enumerate(chain))
