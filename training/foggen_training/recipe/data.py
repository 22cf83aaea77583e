"""The sections of a recipe about the model, the questions, their labels and the buffer."""

from __future__ import annotations

from dataclasses import dataclass

from foggen.engine.contract import Contract, system_prompt_for
from foggen.engine.layouts import LAYOUTS

from .checks import not_negative, one_of, positive, require, share

DOMAINS = ("finance", "science", "coding", "law", "math", "kazakh_culture", "medical")
ROUNDINGS = ("two_hot", "half_down", "half_up", "half_even")
RAW_SYSTEM_PROMPT = (
    "You are a multiple-choice assistant.\nOutput format:\nFinal answer: <OPTION_LETTER>"
)


@dataclass(frozen=True)
class ModelPlan:
    """The base model and its prompts.

    base: checkpoint folder, hub id or path of a GGUF. chat_layout: a name in `foggen.engine.layouts`. system_prompt:
    prompt to train with; empty means the published one. raw_system_prompt: prompt for the raw base,
    which cannot state a confidence yet. answers_open: whether it learns to answer questions without options;
    the contract says so.
    """

    base: str
    chat_layout: str = "qwen3"
    system_prompt: str = ""
    raw_system_prompt: str = RAW_SYSTEM_PROMPT
    answers_open: bool = True

    def __post_init__(self) -> None:
        one_of("chat_layout", self.chat_layout, tuple(LAYOUTS))
        require(bool(self.base), "base is empty; give a folder or a hub id")

    def contract(self, round_name: str = "") -> Contract:
        prompt = self.system_prompt or system_prompt_for(self.chat_layout)
        return Contract(self.chat_layout, prompt, round=round_name, answers_open=self.answers_open)

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
        one_of("source", self.source, ("files", "generated"))
        require(bool(self.domains), "domains is empty; name one or more")
        require(len(set(self.domains)) == len(self.domains), "domains names one of them twice")
        not_negative("longest", self.longest)
        positive("validation", self.validation)
        positive("calibration", self.calibration)
        require(
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
        one_of("mode", self.mode, ("sampled", "exact"))
        one_of("with_model", self.with_model, ("transformers", "gguf"))
        one_of("rounding", self.rounding, ROUNDINGS)
        one_of("answer_target", self.answer_target, ("gold", "own"))
        share("most_failures", self.most_failures)
        not_negative("prior", self.prior)
        for name in ("samples", "temperature", "batch"):
            positive(name, getattr(self, name))


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
        positive("first", self.first)
        positive("new", self.new)
        not_negative("replayed", self.replayed)
        share("raw", self.raw)
        share("unaided", self.unaided)
