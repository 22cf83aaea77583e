"""A recipe: everything that decides how a base model becomes a FogGen checkpoint, in one file.

    foggen-train run foggen-starter -o build/starter-chain

Each section of the file is a frozen dataclass here, and each key is a field. Defaults come from the
published cards where a card states them; the recipe files give reasons for the others. `recipe_file.py`
reads the files and reports their errors.
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
    """The base model and its prompts.

    base: checkpoint folder, hub id or path of a GGUF. chat_layout: "qwen3" or "gemma3". system_prompt:
    prompt to train with; empty means the published one. raw_system_prompt: prompt for the raw base,
    which cannot state a confidence yet.
    """

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
    """The questions.

    source: "files" (`folder`/{domain}.train.jsonl and .test.jsonl) or "generated" (the starter's
    questions). validation, calibration: questions per domain that are taken from the training file and
    never trained on. test: test questions per domain; 0 means the whole file. longest: most characters
    of a question with its options in training; 0 means no limit. It does not apply to measurements.
    """

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
        _require(len(set(self.domains)) == len(self.domains), "domains names one of them twice")
        _require(self.longest >= 0, f"longest is {self.longest}; it must be 0 or more")
        _positive("validation", self.validation)
        _positive("calibration", self.calibration)
        _require(
            self.test > 0 or self.source == "files", "test is 0; generated questions need a number"
        )


@dataclass(frozen=True)
class LabelPlan:
    """How questions are labelled.

    mode: "sampled" (generations, as published) or "exact" (closed form over the buckets). temperature:
    used in both modes. with_model: "transformers" (the fp32 checkpoint) or "gguf" (the file that ships,
    quantized to `quant`). rounding: how a success rate becomes a bucket. answer_target: the answer to
    train, either the key ("gold") or the model's most likely answer ("own"). most_failures: share of
    unreadable replies above which the round stops. prior: weight, in samples, of the model's own
    expected confidence next to the measured success; 0 as published. On a guessed question the success
    is luck, so its mean with the expectation is a better target. shuffle: shuffle the labels among the
    rows, evenly over domain, tier and success, as a control whose AUROC must be one half. batch:
    questions per batch.
    """

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
    """The number of rows in a buffer.

    first: rows of round R0. new, replayed: most rows of each later round; a domain with too few
    questions divides them evenly among its rounds. Replayed rows are drawn from the questions of all
    earlier rounds and labelled again. raw: raw-format rows (answer only) per row, which keep the answers
    from getting worse. unaided: of the questions that make sense without their options, the share that
    is also asked without them and answered in words.
    """

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
            _positive(name, getattr(self, name))


@dataclass(frozen=True)
class GatePlan:
    """What a round may lose on the validation set, compared with the best round so far.

    accuracy_drop: largest loss of accuracy in one domain. mean_drop: largest loss of the mean over
    domains. auroc_drop: largest loss of AUROC. luck: standard deviations of chance change that do not
    count as a loss. least_entropy: least entropy of the stated buckets, as a share of its maximum.
    retries: how often a refused round is tuned again, at half the previous learning rate, before the
    chain stops. All of them may change while a chain runs.
    """

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
    """Distillation from a sibling model.

    buffer: the sibling's buffer.jsonl, whose questions and labels R0 then uses; empty means none.
    rows: how many of its rows to use, from the first; 0 means all.
    """

    buffer: str = ""
    rows: int = 0

    def __post_init__(self) -> None:
        _require(self.rows >= 0, f"rows is {self.rows}; it must be 0 or more")


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
            _require(
                getattr(self, name) >= 0, f"{name} is {getattr(self, name)}; it must be 0 or more"
            )
        _positive("limit", self.limit)

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each task that has any."""
        counts = {name: getattr(self, name) for name in ("squad", "truthfulqa", "gsm8k")}
        return {name: count for name, count in counts.items() if count}


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
        _require(bool(self.name), "name is empty")
        _require(self.passes >= 0, f"passes is {self.passes}; it must be 0 or more")

    @property
    def rounds(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The name and domains of every round: R0 has all domains, each later round has one."""
        if self.open_ended.rows:
            return (("R15", tuple(self.open_ended.rows)),)
        chain = [self.data.domains, *[(domain,) for domain in self.data.domains * self.passes]]
        return tuple((f"R{number:02d}", domains) for number, domains in enumerate(chain))
