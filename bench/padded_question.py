"""Four-option questions of an exact length in tokens, a different one for every round.

The length counts the tokens that the engine decodes for the question: the user's text and the opening of the
reply (the end of the turn, the assistant's header, the forced `Confidence: `).
"""

from __future__ import annotations

from foggen.engine.engine import Engine
from foggen.errors import UsageError
from foggen.question.question import Question
from random_vocabulary import WORDS

OPTIONS = 4


def padded_question(engine: Engine, new_tokens: int, number: int) -> Question:
    """A question of exactly `new_tokens` tokens; neighbouring numbers differ from the first token on.

    Raises UsageError if the shortest question is longer, or the context is too small.
    """
    first = number * (OPTIONS + 1)
    stem, options = _words(first, 1), _words(first + 1, OPTIONS)
    _refuse_length(engine, new_tokens, _question(stem, options))
    while missing := new_tokens - new_token_count(engine, _question(stem, options)):
        stem += _padding(engine, new_tokens, missing, stem, options)
    return _question(stem, options)


def new_token_count(engine: Engine, question: Question) -> int:
    return len(engine.user_tokens(question.text())) + len(engine.plan.opening)


def _padding(
    engine: Engine, new_tokens: int, missing: int, stem: list[str], options: list[str]
) -> list[str]:
    """Words that bring the question closer to its length, but not beyond it."""
    count = max(1, missing // 2)  # a word is one token, in some vocabularies two
    for shift in range(len(WORDS)):
        words = _words(len(stem) + shift, count)
        if new_token_count(engine, _question([*stem, *words], options)) <= new_tokens:
            return words
        count = 1
    raise UsageError(f"--new-tokens {new_tokens}", hint="this vocabulary cannot make that length")


def _words(first: int, count: int) -> list[str]:
    return [WORDS[(first + index) % len(WORDS)] for index in range(count)]


def _question(stem: list[str], options: list[str]) -> Question:
    return Question.from_options(" ".join(stem), options)


def _refuse_length(engine: Engine, new_tokens: int, shortest: Question) -> None:
    plan = engine.plan
    least = new_token_count(engine, shortest) + 1  # the padding adds at least one word
    most = engine.context.size - len(plan.prefix) - plan.reply_tokens + len(plan.opening)
    if not least <= new_tokens <= most:
        raise UsageError(f"--new-tokens {new_tokens}", hint=f"take {least} to {most}")
