"""Kazakh culture: words, numerals and facts, asked in English and in Kazakh.

Facts that are asked often are learnt well: entries are ordered by how often they are asked (Zipf), and the
first third is tier 1. The last entries of each list (`kazakh_words.py`) never occur in training; in the test
split they are tier 4, which the model cannot know (`unseen`).
"""

from __future__ import annotations

from random import Random

from ..skills import Draw, Skill, wrong_numbers
from .kazakh_words import FACTS, UNSEEN_FACTS, UNSEEN_WORDS, WORDS

ONES = ("", "бір", "екі", "үш", "төрт", "бес", "алты", "жеті", "сегіз", "тоғыз")
TENS = ("", "он", "жиырма", "отыз", "қырық", "елу", "алпыс", "жетпіс", "сексен", "тоқсан")


def numeral(number: int) -> str:
    """A whole number from 1 to 99 in Kazakh words."""
    return " ".join(word for word in (TENS[number // 10], ONES[number % 10]) if word)


def _by_exposure(random: Random, known: int, tier: int) -> int:
    """Draw one of `known` entries; a tier is a third of them, weighted by 1 / rank."""
    ranks = range(known * (tier - 1) // 3, known * tier // 3)
    return random.choices(ranks, weights=[1 / (rank + 1) for rank in ranks])[0]


def _word_draw(random: Random, index: int) -> Draw:
    """A word to translate; if it is unseen, so are the wrong options, or it would stand out."""
    kazakh, english = WORDS[index]
    known = len(WORDS) - UNSEEN_WORDS
    pool = WORDS[:known] if index < known else WORDS[known:]
    others = random.sample([pair for pair in pool if pair[0] != kazakh], 3)
    if random.random() < 0.5:
        return Draw({"word": kazakh, "language": "English"}, english, [pair[1] for pair in others])
    return Draw({"word": english, "language": "Kazakh"}, kazakh, [pair[0] for pair in others])


def _word(random: Random, tier: int) -> Draw:
    return _word_draw(random, _by_exposure(random, len(WORDS) - UNSEEN_WORDS, tier))


def _fact_draw(random: Random, index: int) -> Draw:
    english, kazakh, answer, others = FACTS[index]
    if random.random() < 0.5:
        return Draw({"subject": english, "ask": "What is"}, answer, others)
    return Draw({"subject": kazakh, "ask": "Бұл не:"}, answer, others)


def _fact(random: Random, tier: int) -> Draw:
    return _fact_draw(random, _by_exposure(random, len(FACTS) - UNSEEN_FACTS, tier))


def _number(random: Random, tier: int) -> Draw:
    answer = {1: random.randint(1, 10), 2: 10 * random.randint(1, 9), 3: random.randint(11, 99)}[
        tier
    ]
    if random.random() < 0.5:
        wrong = wrong_numbers(random, answer, [answer % 10 * 10 + 1, answer // 10 + 1], 0.6)
        return Draw({"number": numeral(answer)}, str(answer), wrong)
    pool = [
        n
        for n in ({1: range(1, 11), 2: range(10, 100, 10)}.get(tier, range(11, 100)))
        if n != answer
    ]
    return Draw({"number": answer}, numeral(answer), [numeral(n) for n in random.sample(pool, 3)])


def _sum(random: Random, tier: int) -> Draw:
    top = {1: 5, 2: 9, 3: 40}[tier]
    a, b = random.randint(1, top), random.randint(1, top)
    wrong = wrong_numbers(random, a + b, [abs(a - b), a, b], 0.3 + 0.1 * tier)
    wrong = [n for n in wrong if n != "0"]
    if tier == 3:
        return Draw({"a": numeral(a), "b": numeral(b)}, str(a + b), [*wrong, str(a + b + 11)][:3])
    wrong = [numeral(n) for n in random.sample([n for n in range(1, 19) if n != a + b], 3)]
    return Draw({"a": numeral(a), "b": numeral(b)}, numeral(a + b), wrong)


_WORD_WORDINGS = (
    "What is '{word}' in {language}?",
    "Translate '{word}' into {language}.",
    "Which word means '{word}' in {language}?",
    "How is '{word}' said in {language}?",
    "'{word}' сөзінің аудармасы қандай? ({language})",
)
_WORD_TEST = (
    "What does '{word}' mean in {language}?",
    "Choose the word for '{word}' in {language}.",
)
_FACT_WORDINGS = (
    "{ask} {subject}?",
    "Choose: {subject}.",
    "Name {subject}.",
    "Дұрыс жауап: {subject}?",
    "Which of these is {subject}?",
)
_FACT_TEST = ("Which of the following is {subject}?", "Choose the answer: {subject}.")

SKILLS = (
    Skill("kazakh_culture", "word", _word, _WORD_WORDINGS, _WORD_TEST, facts=True),
    Skill("kazakh_culture", "fact", _fact, _FACT_WORDINGS, _FACT_TEST, facts=True),
    Skill(
        "kazakh_culture",
        "number",
        _number,
        [
            "Which number is '{number}'?",
            "What is '{number}'?",
            "'{number}' деген қандай сан?",
            "Find the same number as '{number}'.",
            "Бұл қандай сан: {number}?",
        ],
        ["Choose the same number as '{number}'.", "'{number}' қандай сан?"],
        facts=True,
    ),
    Skill(
        "kazakh_culture",
        "sum",
        _sum,
        [
            "{a} қосу {b} қанша болады?",
            "{a} пен {b} қосындысы қанша?",
            "Қанша болады: {a} қосу {b}?",
            "What is {a} + {b}?",
            "Find the sum: {a} қосу {b}.",
        ],
        ["{a} қосу {b} қанша?", "What is the sum of {a} and {b}?"],
    ),
)


def unseen(random: Random) -> Draw:
    """A real word or fact that never occurs in training (test split, tier 4)."""
    if random.random() < 0.6:
        return _word_draw(random, len(WORDS) - 1 - random.randrange(UNSEEN_WORDS))
    return _fact_draw(random, len(FACTS) - 1 - random.randrange(UNSEEN_FACTS))
