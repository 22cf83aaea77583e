"""What a checkpoint was trained to: its prompt, its buckets, its output format, its tau.

Different checkpoints were trained with different prompts, so the contract travels inside the GGUF
(`foggen.*` keys). A file without the keys was not trained to a contract and is asked for its letter alone,
unless it names itself a published checkpoint; then it gets the published contract of its architecture.
This module is the one home of the prompts and of the output format. How turns are wrapped is in
`layouts.py`; which token ids these strings become is the plan's business (`plan.py`, `letter_plan.py`); how
text that was not forced is read, `reply_parser.py`'s.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import ModelFileError, UsageError
from .layouts import (
    LAYOUTS,
    TEMPLATE_KEY,
    ChatLayout,
    check_architecture,
    check_layout,
    layout_of,
)
from .reply_parser import ParsedReply, parse

__all__ = [
    "ANSWER_PREFIX",
    "BUCKETS",
    "CONFIDENCE_PREFIX",
    "CONTRACT_VERSION",
    "MOST_ILLEGAL_MASS",
    "Contract",
    "ParsedReply",
    "Segment",
    "parse",
]

CONTRACT_VERSION = 1
BUCKETS = (0.0, 0.25, 0.5, 0.75, 1.0)
DEFAULT_TAU = 0.5  # the published cards' threshold

# Above this share of probability outside the format, the checkpoint does not know the format, and
# what it says of its confidence means nothing.
MOST_ILLEGAL_MASS = 0.5

# The space after the colon belongs to the forced text here, and not below: in Qwen's and Gemma's
# vocabularies the space before a digit is a token of its own, and " A" is one token (ENGINE facts:
# forcing "answer: " makes a sequence that no checkpoint ever saw).
CONFIDENCE_PREFIX = "Confidence: "
ANSWER_PREFIX = "\nFinal answer:"

_RULES = """Rules:
{thinking}- First, assess your confidence in solving this question.
- Then give your answer.
- Output format:
Confidence: <0.0|0.25|0.5|0.75|1.0>
Final answer: <OPTION_LETTER>"""
_PERSONA = "You are a self-aware multiple-choice assistant.\n"

# The cards of issai/foggen (Qwen3) and issai/foggen-gemma3-270m, word for word.
PUBLISHED_SYSTEM_PROMPTS = {
    "qwen3": _PERSONA + _RULES.format(thinking="- Do not output <think> tags.\n"),
    "gemma3": _PERSONA + _RULES.format(thinking=""),
}
# A stock converter writes a checkpoint's name into these keys.
_NAME_KEYS = ("general.name", "general.basename")
PUBLISHED_NAME = "foggen"

# Of a model that was not trained to the contract, and the start of its reply that is forced. As above, the
# label's own space is not: " A" is one token.
LETTERS_SYSTEM_PROMPT = (
    "You answer questions. If a question has options, give the letter of the right one."
)
LETTERS_PREFIX = "Answer:"


@dataclass(frozen=True)
class Segment:
    """A piece of the prompt. Control tokens are recognised in scaffold, never in user text."""

    text: str
    scaffold: bool


@dataclass(frozen=True)
class Contract:
    """The agreement between a checkpoint's training and its use.

    Confidence values and tau are in [0, 1]. `calibration` maps a bucket's text ("0.75") to
    {"n": rows, "accuracy": share correct} and may hold "score", "tau_for_cloud_share", "data",
    "quant". `assumed` is true when the file did not carry a contract of its own. `says_confidence` is
    false for a model that was not trained to one: it answers by its letters alone. `answers_open` is false
    for a model that was trained on questions with options only: it is not asked others.
    """

    chat_layout: str
    system_prompt: str
    tau: float = DEFAULT_TAU
    buckets: tuple[float, ...] = BUCKETS
    round: str = ""
    calibration: Mapping[str, Any] = field(default_factory=dict)
    version: int = CONTRACT_VERSION
    assumed: bool = False
    says_confidence: bool = True
    answers_open: bool = True

    def __post_init__(self) -> None:
        if self.chat_layout not in LAYOUTS:
            raise ModelFileError(
                f"the contract names the chat layout {self.chat_layout!r}",
                hint=f"this version knows {', '.join(LAYOUTS)}",
            )
        if self.buckets != BUCKETS:
            raise ModelFileError(
                f"the contract names the buckets {list(self.buckets)}",
                hint=f"this version reads {list(BUCKETS)}",
            )
        if not (math.isfinite(self.tau) and 0 <= self.tau <= 1):
            raise ModelFileError(f"the contract's tau is {self.tau}", hint="it must be in [0, 1]")

    @property
    def layout(self) -> ChatLayout:
        return LAYOUTS[self.chat_layout]

    @property
    def bucket_texts(self) -> tuple[str, ...]:
        """The buckets as the model writes them: "0.0", "0.25", "0.5", "0.75", "1.0"."""
        return tuple(str(bucket) for bucket in self.buckets)

    def prefix(self) -> Segment:
        """Everything before the user's text: the same for every question, so its KV is kept."""
        return Segment(self.layout.prefix.replace("{system}", self.system_prompt), scaffold=True)

    def segments(self, question: str) -> tuple[Segment, Segment, Segment]:
        """The whole prompt up to where the reply begins, as scaffold, user text, scaffold."""
        return self.prefix(), Segment(question, scaffold=False), Segment(self.layout.suffix, True)

    def prompt(self, question: str) -> str:
        """The prompt as one string, for a training side that tokenizes it whole."""
        return "".join(segment.text for segment in self.segments(question))

    def with_system_prompt(self, system_prompt: str) -> Contract:
        return replace(self, system_prompt=system_prompt)


def reply_text(bucket: float, label: str) -> str:
    """What the model is trained to write: the confidence line, then the answer line."""
    return f"{CONFIDENCE_PREFIX}{bucket}{ANSWER_PREFIX} {label}"


def system_prompt_for(chat_layout: str) -> str:
    """The published system prompt of a layout; one that has no thinking needs no rule about it."""
    return PUBLISHED_SYSTEM_PROMPTS.get(chat_layout, PUBLISHED_SYSTEM_PROMPTS["gemma3"])


def published(chat_layout: str) -> Contract:
    """The contract of the published checkpoints of an architecture ("qwen3" or "gemma3")."""
    return Contract(chat_layout, PUBLISHED_SYSTEM_PROMPTS[chat_layout], assumed=True)


def by_letters(chat_layout: str) -> Contract:
    """What a model is asked that was not trained to a contract. Nothing is kept at its tau."""
    return Contract(
        chat_layout, LETTERS_SYSTEM_PROMPT, tau=1.0, assumed=True, says_confidence=False
    )


def to_metadata(contract: Contract) -> dict[str, Any]:
    """The `foggen.*` keys of a GGUF, by name; `from_metadata` reads them back."""
    return {
        "foggen.contract_version": contract.version,
        "foggen.system_prompt": contract.system_prompt,
        "foggen.chat_layout": contract.chat_layout,
        "foggen.buckets": list(contract.buckets),
        "foggen.tau": contract.tau,
        "foggen.round": contract.round,
        "foggen.calibration": json.dumps(dict(contract.calibration), sort_keys=True),
        "foggen.answers_open": contract.answers_open,
    }


def from_metadata(metadata: Mapping[str, Any], architecture: str, layout: str = "") -> Contract:
    """The contract that a GGUF carries; without one, the published contract if the file names itself a
    published checkpoint, or `by_letters`. layout: in place of the one that the chat template shows.

    Raises ModelFileError for a newer contract, an unknown architecture, a damaged key or a layout that
    cannot be found; UsageError for a layout that is unknown, or given to a file that has its own.
    """
    check_architecture(architecture)
    version = metadata.get("foggen.contract_version")
    if version is None:
        return _without_keys(metadata, architecture, layout)
    if version != CONTRACT_VERSION:
        raise ModelFileError(
            f"the model's contract has version {version}",
            hint=f"this runtime reads version {CONTRACT_VERSION}; upgrade foggen",
        )
    contract = _carried(metadata)
    if layout not in ("", contract.chat_layout):
        raise UsageError(
            f"the model was trained with the chat layout {contract.chat_layout!r}, not {layout!r}",
            hint="leave --layout out",
        )
    return contract


def _without_keys(metadata: Mapping[str, Any], architecture: str, layout: str) -> Contract:
    if layout in ("", architecture) and _is_published(metadata, architecture):
        return published(architecture)
    template = str(metadata.get(TEMPLATE_KEY) or "")
    return by_letters(check_layout(layout) if layout else layout_of(template, architecture))


def _is_published(metadata: Mapping[str, Any], architecture: str) -> bool:
    """Whether a file names itself a FogGen checkpoint, as stock conversions of the published ones do."""
    named = any(PUBLISHED_NAME in str(metadata.get(key, "")).lower() for key in _NAME_KEYS)
    return named and architecture in PUBLISHED_SYSTEM_PROMPTS


def _carried(metadata: Mapping[str, Any]) -> Contract:
    try:
        return Contract(
            chat_layout=str(metadata["foggen.chat_layout"]),
            system_prompt=str(metadata["foggen.system_prompt"]),
            tau=float(metadata["foggen.tau"]),
            buckets=tuple(float(bucket) for bucket in metadata["foggen.buckets"]),
            round=str(metadata.get("foggen.round", "")),
            calibration=_calibration(metadata.get("foggen.calibration") or "{}"),
            answers_open=bool(metadata.get("foggen.answers_open", True)),
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise ModelFileError(
            f"the model's contract is damaged: {exc!r}", hint="export the checkpoint again"
        ) from exc


def _calibration(text: str) -> dict[str, Any]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError(f"the calibration is {text[:40]}")
    return found
