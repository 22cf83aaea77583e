"""Token ids of prompts and replies, as the runtime makes them: scaffold and user text apart.

One object for one checkpoint's tokenizer and contract. What it gives is id for id what
`foggen.engine` feeds to llama.cpp, so that training and use never see different tokens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foggen.contract import ANSWER_PREFIX, CONFIDENCE_PREFIX, Contract, reply_text
from foggen.errors import ModelFileError, QuestionError
from foggen.plan import MODEL_LABELS, TokenPlan, build_plan
from foggen_export.tokens import scaffold_ids, user_ids

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from foggen.labelled import Keyed

PLAIN_PREFIX = ANSWER_PREFIX.lstrip("\n")  # an answer without a confidence begins with it


@dataclass(frozen=True)
class Prompts:
    """The prompts and replies of one checkpoint. plan: of the contract. plain: the contract whose
    replies are the answer alone."""

    tokenizer: Tokenizer
    contract: Contract
    plain: Contract
    plan: TokenPlan
    _scaffolds: dict[str, list[int]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, tokenizer: Tokenizer, contract: Contract, plain: Contract) -> Prompts:
        """Raises ModelFileError for a tokenizer that does not fit the contract."""
        return cls(
            tokenizer, contract, plain,
            build_plan(contract, lambda text: scaffold_ids(tokenizer, text)),
        )  # fmt: skip

    def question(self, item: Keyed) -> list[int]:
        """The prompt up to where the reply begins."""
        return self.asked(self.contract, self._text(item))

    def before(self, item: Keyed) -> list[int]:
        """The prompt up to the end of the user's text; the plan's opening follows it."""
        return self._before(self.contract, self._text(item))

    def plain_prompt(self, item: Keyed) -> list[int]:
        """The prompt of the plain format, up to where its reply begins."""
        return self.asked(self.plain, self._text(item))

    def plain_question(self, item: Keyed) -> list[int]:
        """The prompt of the plain format, with the forced start of its reply."""
        return self.plain_open_question(self._text(item))

    def asked(self, contract: Contract, text: str, start: str = "") -> list[int]:
        """Any contract's prompt of a text, with a forced start of the reply."""
        return [*self._before(contract, text), *self.scaffold(contract.layout.suffix + start)]

    def scaffold(self, text: str) -> list[int]:
        """Ids of text in which control tokens count; kept, since prompts and replies have few."""
        if text not in self._scaffolds:
            self._scaffolds[text] = scaffold_ids(self.tokenizer, text)
        return self._scaffolds[text]

    def reply(self, bucket: float, answer: int) -> list[int]:
        """What is learnt after `question`: both lines and the token that ends a reply."""
        return self._after(self.contract, reply_text(bucket, MODEL_LABELS[answer]))

    def plain_open_question(self, text: str) -> list[int]:
        """The plain format's prompt of a question without options, its reply begun."""
        return self.asked(self.plain, text, PLAIN_PREFIX)

    def plain_text(self, answer: str) -> list[int]:
        """What is learnt after `plain_open_question`."""
        return self._after(self.plain, f" {answer}", PLAIN_PREFIX)

    def open_reply(self, bucket: float, answer: str, reasoning: str = "") -> list[int]:
        """What is learnt after an open question: the confidence line, any reasoning, the answer."""
        between = f"\n{reasoning}" if reasoning else ""
        reply = f"{CONFIDENCE_PREFIX}{bucket}{between}{ANSWER_PREFIX} {answer}"
        return self._after(self.contract, reply)

    def plain_reply(self, answer: int) -> list[int]:
        """What is learnt after `plain_question`."""
        return [self.plan.labels[answer], self.plan.stop]

    @property
    def words(self) -> tuple[int, ...]:
        """Every token of a reply but the labels: what a base may never have seen."""
        replies = [self.reply(bucket, 0) for bucket in self.contract.buckets]
        return tuple(
            sorted({token for reply in replies for token in reply} - set(self.plan.labels))
        )

    def open_question(self, text: str) -> list[int]:
        """The prompt of a question without options."""
        return self.asked(self.contract, text)

    def _text(self, item: Keyed) -> str:
        """QuestionError where the vocabulary has fewer letters than the question has options."""
        options, letters = len(item.question.options), len(self.plan.labels)
        if options > letters:
            raise QuestionError(
                f"{item.id} has {options} options, this model's vocabulary letters for {letters}",
                hint="leave such questions out",
            )
        return item.question.text()

    def _before(self, contract: Contract, text: str) -> list[int]:
        return [
            *self.scaffold(contract.prefix().text),
            *user_ids(self.tokenizer, text),
        ]

    def _after(self, contract: Contract, reply: str, begun: str = "") -> list[int]:
        """Ids of a reply, the part after what is forced of it; a tokenizer may join across that end."""
        before = contract.layout.suffix + begun
        forced = self.scaffold(before)
        whole = self.scaffold(before + reply + contract.layout.stop)
        if whole[: len(forced)] != forced:
            raise ModelFileError("the tokenizer joins the reply to what is before it")
        return whole[len(forced) :]
