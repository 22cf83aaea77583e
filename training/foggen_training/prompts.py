"""Token ids of prompts and replies: scaffold and user text are tokenized separately, as in the runtime.

The ids are exactly those that `foggen.engine` feeds to llama.cpp, so training and use see the same tokens.
There are two formats: the contract's, and the raw one, which asks a raw base for the answer alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foggen.engine.contract import ANSWER_PREFIX, CONFIDENCE_PREFIX, Contract, reply_text
from foggen.engine.plan import TokenPlan, build_plan
from foggen.errors import ModelFileError, QuestionError
from foggen.question.question import MODEL_LABELS
from foggen_export.tokens import scaffold_ids, user_ids

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from foggen.confidence.labelled import Keyed

RAW_PREFIX = ANSWER_PREFIX.lstrip("\n")  # a raw reply starts with it


@dataclass(frozen=True)
class Prompts:
    """The prompts and replies of one checkpoint. raw: contract of the raw format. plan: token plan of
    the contract's format."""

    tokenizer: Tokenizer
    contract: Contract
    raw: Contract
    plan: TokenPlan
    _scaffolds: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, tokenizer: Tokenizer, contract: Contract, raw: Contract) -> Prompts:
        """Raise ModelFileError if the tokenizer does not fit the contract."""
        return cls(
            tokenizer,
            contract,
            raw,
            build_plan(contract, lambda text: scaffold_ids(tokenizer, text)),
        )

    def question(self, item: Keyed) -> list[int]:
        """The prompt, up to where the reply begins."""
        return self.asked(self.contract, self._text(item))

    def before(self, item: Keyed) -> list[int]:
        """The prompt, up to the end of the user's text; the plan's opening follows."""
        return self._before(self.contract, self._text(item))

    def raw_prompt(self, item: Keyed) -> list[int]:
        """The raw format's prompt, up to where the reply begins."""
        return self.asked(self.raw, self._text(item))

    def raw_question(self, item: Keyed) -> list[int]:
        """The raw format's prompt and the forced start of its reply."""
        return self.raw_open_question(self._text(item))

    def asked(self, contract: Contract, text: str, start: str = "") -> list[int]:
        """A contract's prompt for any text, and a forced start of the reply."""
        return [*self._before(contract, text), *self.scaffold(contract.layout.suffix + start)]

    def scaffold(self, text: str) -> list[int]:
        """Ids of a text in which control tokens are recognized; cached, since few texts occur."""
        if text not in self._scaffolds:
            self._scaffolds[text] = scaffold_ids(self.tokenizer, text)
        return self._scaffolds[text]

    def reply(self, bucket: float, answer: int) -> list[int]:
        """The reply to learn after `question`: both lines and the stop token."""
        return self._after(self.contract, reply_text(bucket, MODEL_LABELS[answer]))

    def raw_open_question(self, text: str) -> list[int]:
        """The raw format's prompt for a question without options, and the forced start of its reply."""
        return self.asked(self.raw, text, RAW_PREFIX)

    def raw_text(self, answer: str) -> list[int]:
        """The reply to learn after `raw_open_question`."""
        return self._after(self.raw, f" {answer}", RAW_PREFIX)

    def open_reply(self, bucket: float, answer: str, reasoning: str = "") -> list[int]:
        """The reply to learn after `open_question`: confidence line, reasoning if any, answer."""
        between = f"\n{reasoning}" if reasoning else ""
        reply = f"{CONFIDENCE_PREFIX}{bucket}{between}{ANSWER_PREFIX} {answer}"
        return self._after(self.contract, reply)

    def raw_reply(self, answer: int) -> list[int]:
        """The reply to learn after `raw_question`."""
        return [self.plan.labels[answer], self.plan.stop]

    @property
    def words(self) -> tuple[int, ...]:
        """All tokens of replies except the labels; a base may never have seen them."""
        replies = [self.reply(bucket, 0) for bucket in self.contract.buckets]
        return tuple(
            sorted({token for reply in replies for token in reply} - set(self.plan.labels))
        )

    def open_question(self, text: str) -> list[int]:
        """The prompt for a question without options, up to where the reply begins."""
        return self.asked(self.contract, text)

    def _text(self, item: Keyed) -> str:
        """The question as the model sees it; raises QuestionError if it has more options than the
        vocabulary has letters."""
        options, letters = len(item.question.options), len(self.plan.labels)
        if options > letters:
            raise QuestionError(
                f"{item.id} has {options} options, but this model's vocabulary has only {letters} letters",
                hint="leave such questions out",
            )
        return item.question.text()

    def _before(self, contract: Contract, text: str) -> list[int]:
        return [
            *self.scaffold(contract.prefix().text),
            *user_ids(self.tokenizer, text),
        ]

    def _after(self, contract: Contract, reply: str, begun: str = "") -> list[int]:
        """Ids of a reply after its forced start `begun`; raises ModelFileError if the tokenizer merges
        across the border."""
        before = contract.layout.suffix + begun
        forced = self.scaffold(before)
        whole = self.scaffold(before + reply + contract.layout.stop)
        if whole[: len(forced)] != forced:
            raise ModelFileError("the tokenizer merges the reply with the text before it")
        return whole[len(forced) :]
