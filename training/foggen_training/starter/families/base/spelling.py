"""Letters of words, the alphabet, and numbers in words."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import ALPHABET, ordinal, spell
from ..drawing import counts, facts, near, others
from ..drawing import words as listed
from ..wordings import asked, phrased

SPELLED = listed("""
cat, dog, sun, moon, house, tree, water, book, apple, table, school, mother, father, horse, river,
bread, milk, window, garden, flower, friend, summer, winter, yellow, green, orange, banana, teacher,
pencil, paper, kitchen, mountain, egg, sky, fish, bird, king, queen, city, street, music, train
""")
LETTER_COUNTS = {word: len(word) for word in SPELLED}


def _next_letter(step: int) -> Callable[[Random], Draw]:
    def draw(random: Random) -> Draw:
        place = random.randrange(1, 25)
        close = ALPHABET[max(0, place - 4) : place + 5]
        answer = ALPHABET[place + step]
        return Draw({"x": ALPHABET[place]}, answer, others(random, close, answer, ALPHABET[place]))

    return draw


def _word_to_number(random: Random) -> Draw:
    answer = random.choice([random.randint(0, 20), random.randint(21, 99)])
    swapped = int(str(answer)[::-1])
    wrong = near(random, answer, [swapped, answer + 10, answer % 10 * 10, 10 + answer % 10])
    return Draw({"x": spell(answer)}, str(answer), wrong)


def _number_to_word(random: Random) -> Draw:
    answer = random.choice([random.randint(0, 20), random.randint(21, 99)])
    wrong = near(random, answer, [int(str(answer)[::-1]), 10 + answer % 10])
    return Draw({"x": answer}, spell(answer), [spell(int(n)) for n in wrong])


def _letter_at(random: Random) -> Draw:
    word = random.choice([word for word in SPELLED if len(set(word)) >= 4])
    place = random.choice([0, 0, 1, 2, len(word) - 1, len(word) - 1])
    where = "last" if place == len(word) - 1 else ("first", "second", "third")[place]
    wrong = others(random, word, word[place])
    return Draw({"x": word, "where": where}, word[place], wrong)


FAMILIES = (
    counts(
        "coding",
        "letters_of_word",
        LETTER_COUNTS,
        asked(
            "How many letters are in the word '{x}'?",
            "How many letters does '{x}' have?",
            "The word '{x}' has ____ letters.",
            "Count the letters of '{x}'.",
            "How long is the word '{x}'?",
        )
        + phrased("the number of letters in '{x}'"),
    ),
    Family(
        "coding",
        "letter_at",
        _letter_at,
        asked(
            "What is the {where} letter of '{x}'?",
            "Which letter is the {where} in the word '{x}'?",
            "The {where} letter of '{x}' is ____.",
            "Which letter comes {where} in '{x}'?",
        )
        + phrased("the {where} letter of the word '{x}'"),
    ),
    Family(
        "coding",
        "letter_after",
        _next_letter(1),
        asked(
            "What letter comes after {x}?",
            "Which letter follows {x} in the alphabet?",
            "After {x} comes ____.",
            "In the alphabet, what is after {x}?",
        )
        + phrased("the letter after {x}", "the next letter after {x}"),
    ),
    Family(
        "coding",
        "letter_before",
        _next_letter(-1),
        asked(
            "What letter comes before {x}?",
            "Which letter is right before {x} in the alphabet?",
            "In the alphabet, what is before {x}?",
            "Just before {x} comes the letter ____.",
        )
        + phrased("the letter before {x}"),
    ),
    Family(
        "math",
        "word_to_number",
        _word_to_number,
        asked(
            "Which number is '{x}'?",
            "How do you write {x} in figures?",
            "{x} = ____",
            "Write {x} as a number.",
        )
        + phrased("{x} in figures"),
    ),
    Family(
        "math",
        "number_to_word",
        _number_to_word,
        asked(
            "How do you say {x} in words?",
            "Which word is the number {x}?",
            "The number {x} in words is ____.",
            "Write {x} in words.",
            "How is {x} spelled?",
        )
        + phrased("{x} in words"),
    ),
    facts(
        "math",
        "ordinal_number",
        {
            spelled: ordinal(n)
            for n, spelled in enumerate(
                listed(
                    "first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, "
                    "eleventh, twelfth, thirteenth, fourteenth, fifteenth, sixteenth, seventeenth, "
                    "eighteenth, nineteenth, twentieth"
                ),
                start=1,
            )
        },
        asked(
            "How do you write '{x}' with a figure?",
            "'{x}' is the same as ____.",
            "Which is the short form of '{x}'?",
            "{x} in figures?",
        ),
    ),
)
