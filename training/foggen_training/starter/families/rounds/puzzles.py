"""Word puzzles: anagrams, reversed words, vowels, the order of a dictionary, ciphers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import ALPHABET
from ..drawing import facts, near, others, pairs, words
from ..wordings import asked, phrased

WORDS = words("""
planet, garden, window, silver, market, pencil, castle, bridge, rocket, winter, orange, jungle, forest, basket,
dragon, pocket, guitar, island, tunnel, ladder, button, bottle, kitten, summer, rabbit, mirror, letter, yellow,
copper, cotton, desert, danger, doctor, engine, family, finger, hammer, helmet, monkey, museum, number, office,
people, picnic, salmon, school, secret, spider, stream, ticket, travel, turtle, valley, violin
""")
WITHOUT_Y = tuple(w for w in WORDS if "y" not in w)  # y is a vowel only at times
DOUBLED = tuple(w for w in WORDS if any(a == b for a, b in pairwise(w)))
PALINDROMES = words(
    "level, radar, civic, kayak, madam, refer, noon, rotor, deed, stats, solos, tenet"
)
COMPOUNDS = pairs("""
rain: bow; sun: flower; tooth: brush; butter: fly; home: sick; earth: quake; grass: hopper; news: paper
pan: cake; time: table; straw: berry; ear: ring; finger: nail; whirl: pool
""")


def _shuffled(random: Random, word: str) -> str:
    while (mixed := "".join(random.sample(word, len(word)))) == word:
        pass
    return mixed


def _mixed(random: Random, word: str, count: int = 9) -> Iterable[str]:
    """Other orders of a word's letters."""
    return [_shuffled(random, word) for _ in range(count)]


def _anagram(random: Random) -> Draw:
    word = random.choice(WORDS)
    pool = [w for w in WORDS if sorted(w) != sorted(word)]
    close = sorted(pool, key=lambda w: -len(set(w) & set(word)))[:12]
    return Draw({"x": _shuffled(random, word)}, word, others(random, close))


def _reversed(random: Random) -> Draw:
    word = random.choice([w for w in WORDS if w[::-1] != w])
    return Draw({"x": word}, word[::-1], others(random, _mixed(random, word), word[::-1]))


def _vowels(random: Random) -> Draw:
    word = " ".join(random.sample(WITHOUT_Y, random.choice([1, 1, 2])))
    count = sum(letter in "aeiou" for letter in word)
    return Draw({"x": word}, str(count), near(random, count, [len(word) - count, len(word)]))


def _consonants(random: Random) -> Draw:
    word = random.choice(WITHOUT_Y)
    count = sum(letter not in "aeiou" for letter in word)
    return Draw({"x": word}, str(count), near(random, count, [len(word) - count, len(word)]))


def _dictionary(random: Random) -> Draw:
    chosen = sorted(random.sample(WORDS, random.randint(4, 6)))
    where, answer = random.choice([("first", chosen[0]), ("last", chosen[-1])])
    wrong = others(random, chosen, answer)
    return Draw({"x": where, "list": ", ".join(random.sample(chosen, len(chosen)))}, answer, wrong)


def _double_letter(random: Random) -> Draw:
    plain = [w for w in WORDS if w not in DOUBLED]
    return Draw({}, random.choice(DOUBLED), others(random, plain))


def _palindrome(random: Random) -> Draw:
    return Draw({}, random.choice(PALINDROMES), others(random, WORDS))


def _letter_number(random: Random) -> Draw:
    place = random.randint(1, 26)
    return Draw({"x": place}, ALPHABET[place - 1], others(random, ALPHABET, ALPHABET[place - 1]))


def _shifted(word: str, step: int) -> str:
    return "".join(ALPHABET[(ALPHABET.index(letter) + step) % 26] for letter in word.upper())


def _cipher(random: Random) -> Draw:
    word, step = random.choice(WORDS)[:4], random.choice([1, 1, 2])
    answer = _shifted(word, step)
    pool = [_shifted(word, n) for n in (-1, 3, -2, 4)] + [answer[::-1], word.upper()]
    unit = "letter" if step == 1 else "letters"
    return Draw({"x": word.upper(), "n": f"{step} {unit}"}, answer, others(random, pool, answer))


def _without(random: Random) -> Draw:
    word = random.choice(WORDS)
    letter = random.choice(word)
    answer = word.replace(letter, "")
    pool = [*(word.replace(other, "") for other in dict.fromkeys(word)), word[1:], word[:-1], word]
    return Draw({"x": word, "letter": letter}, answer, others(random, pool, answer))


def _shared(random: Random) -> Draw:
    word = random.choice(WORDS)
    missing = others(random, [x for x in "abcdefghijklmnoprstuvw" if x not in word])
    return Draw({"x": word}, random.choice(word), missing)


def _initials(random: Random) -> Draw:
    chosen = random.sample(WORDS, random.randint(3, 4))
    answer = "".join(word[0] for word in chosen).upper()
    pool = [answer[::-1], "".join(word[-1] for word in chosen).upper()]
    pool += [answer[:-1] + random.choice(ALPHABET), random.choice(ALPHABET) + answer[1:]]
    pool += ["".join(word[1] for word in chosen).upper()]
    return Draw({"x": " ".join(chosen)}, answer, others(random, pool, answer))


FAMILIES = (
    Family(
        "coding",
        "anagram",
        _anagram,
        asked(
            "Which word can you make from the letters {x}?",
            "Unscramble: {x}.",
            "The letters {x} are mixed up. Which word is it?",
            "{x} is an anagram of ____.",
        ),
    ),
    Family(
        "coding",
        "reversed_word",
        _reversed,
        asked(
            "How is '{x}' written backwards?",
            "Reverse the word {x}.",
            "Read from right to left, '{x}' is ____.",
            "Which is '{x}' from back to front?",
        ),
    ),
    Family(
        "coding",
        "vowel_count",
        _vowels,
        asked(
            "How many vowels are in '{x}'?",
            "Count the vowels (a, e, i, o, u): {x}.",
            "'{x}' has ____ vowels.",
        )
        + phrased("the number of vowels in '{x}'"),
    ),
    Family(
        "coding",
        "consonant_count",
        _consonants,
        asked(
            "How many consonants are in '{x}'?",
            "Count the letters of '{x}' that are not vowels.",
            "'{x}' has ____ consonants.",
        ),
    ),
    Family(
        "coding",
        "dictionary_order",
        _dictionary,
        asked(
            "Which word comes {x} in a dictionary: {list}?",
            "Put in alphabetical order: {list}. Which is {x}?",
            "In alphabetical order, which is {x} of {list}?",
            "{list}: {x} by the alphabet is ____",
        ),
    ),
    Family(
        "coding",
        "double_letter",
        _double_letter,
        asked(
            "Which of these words has a double letter?",
            "Choose the word with two equal letters side by side.",
            "In which word does a letter stand twice in a row?",
            "____ has a double letter.",
        ),
    ),
    Family(
        "coding",
        "palindrome",
        _palindrome,
        asked(
            "Which of these is a palindrome?",
            "Which word reads the same forwards and backwards?",
            "Find the palindrome.",
            "____ is the same from both ends.",
        ),
    ),
    facts(
        "law",
        "compound_word",
        COMPOUNDS,
        asked(
            "Which word makes a longer word after '{x}'?",
            "{x} + ____ = one word",
            "Complete the compound word: {x}...",
            "What can you put behind '{x}' to get a new word?",
        ),
    ),
    Family(
        "coding",
        "letter_by_number",
        _letter_number,
        asked(
            "Which letter has number {x} in the alphabet?",
            "A is 1. Which letter is {x}?",
            "Letter number {x} of the English alphabet is ____.",
            "If A=1 and B=2, what is {x}?",
        ),
    ),
    Family(
        "coding",
        "caesar_cipher",
        _cipher,
        asked(
            "Each letter is moved {n} forward in the alphabet. What does {x} become?",
            "Encrypt {x} by a shift of {n}.",
            "Caesar cipher, shift {n}: {x} -> ____",
            "Replace each letter of {x} by the one {n} later. What do you get?",
        ),
    ),
    Family(
        "coding",
        "word_without_letter",
        _without,
        asked(
            "Remove every {letter} from '{x}'. What is left?",
            "What is '{x}' without the letter {letter}?",
            "'{x}' minus all {letter}: ____",
            "Strike out each {letter} in {x}. Which letters remain?",
        ),
    ),
    Family(
        "coding",
        "letter_in_word",
        _shared,
        asked(
            "Which of these letters is in the word '{x}'?",
            "Which letter occurs in '{x}'?",
            "'{x}' contains the letter ____.",
            "Find a letter of {x}.",
        ),
    ),
    Family(
        "coding",
        "initials",
        _initials,
        asked(
            "What do the first letters of '{x}' give?",
            "Take the first letter of each word: {x}.",
            "The initials of '{x}' are ____.",
            "Which abbreviation do the words {x} make?",
        ),
    ),
)
