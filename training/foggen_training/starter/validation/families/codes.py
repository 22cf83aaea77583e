"""Signs and codes: phone keys, Morse, braille, patterns of file names, crosswords, shelf marks."""

from __future__ import annotations

from fnmatch import fnmatchcase
from random import Random

from ...family import Family
from ...skills import Draw

KEYS = {
    "abc": "2",
    "def": "3",
    "ghi": "4",
    "jkl": "5",
    "mno": "6",
    "pqrs": "7",
    "tuv": "8",
    "wxyz": "9",
}
MORSE = {
    "A": ".-", "B": "-...", "C": "-.-.", "D": "-..", "E": ".", "F": "..-.", "G": "--.", "H": "....",
    "I": "..", "J": ".---", "K": "-.-", "L": ".-..", "M": "--", "N": "-.", "O": "---", "P": ".--.",
    "Q": "--.-", "R": ".-.", "S": "...", "T": "-", "U": "..-", "V": "...-", "W": ".--", "X": "-..-",
    "Y": "-.--", "Z": "--..",
}  # fmt: skip
BRAILLE = {
    "a": "1", "b": "12", "c": "14", "d": "145", "e": "15", "f": "124", "g": "1245", "h": "125", "i":
    "24", "j": "245", "k": "13", "l": "123", "m": "134", "n": "1345", "o": "135", "p": "1234", "q":
    "12345", "r": "1235", "s": "234", "t": "2345", "u": "136", "v": "1236", "w": "2456", "x":
    "1346", "y": "13456", "z": "1356",
}  # fmt: skip
WORDS = (
    "apron", "badge", "basil", "beach", "bench", "bison", "blaze", "brick", "brush", "cabin", "candy",
    "chalk", "chess", "cliff", "cloak", "coral", "crane", "crown", "daisy", "depot", "drill", "eagle",
    "ember", "ferry", "flame", "flute", "frost", "ghost", "glove", "grape", "hinge", "honey", "igloo",
    "ivory", "jelly", "juice", "kayak", "knife", "label", "lemon", "maple", "medal", "mouse", "nurse",
    "olive", "onion", "otter", "paint", "pearl", "piano", "pilot", "plumb", "quilt", "radar", "razor",
    "river", "robin", "scarf", "shelf", "skirt", "snail", "spoon", "stork", "sugar", "tiger", "toast",
    "torch", "tulip", "umbra", "vapor", "viola", "wagon", "whale", "wheat", "yacht", "zebra",
)  # fmt: skip
SHORT = (
    "bat", "bow", "cap", "cub", "dew", "elm", "fig", "fog", "gem", "hut", "ink", "ivy", "jam", "keg",
    "lid", "mud", "nut", "oak", "owl", "paw", "pie", "rug", "rye", "sky", "tub", "urn", "vet", "wax",
    "yak", "zip",
)  # fmt: skip
NAMES = ("report", "photo", "notes", "invoice", "plan", "budget", "letter", "map", "song", "recipe")
ENDINGS = ("txt", "pdf", "jpg", "csv", "zip", "mp3")


def _digits(word: str) -> str:
    return "".join(
        next(key for letters, key in KEYS.items() if letter in letters) for letter in word
    )


def _keypad(random: Random) -> Draw:
    word = random.choice(WORDS + SHORT)
    answer, wrong = _digits(word), set[str]()
    while len(wrong) < 3:
        digits = list(answer)
        digits[random.randrange(len(digits))] = random.choice("23456789")
        digits[random.randrange(len(digits))] = random.choice("23456789")
        wrong |= {"".join(digits)} - {answer}
    return Draw({"word": word.upper()}, answer, sorted(wrong))


def _morse(random: Random) -> Draw:
    word, *wrong = random.sample(SHORT, 4)
    code = " / ".join(MORSE[letter] for letter in word.upper())
    return Draw({"code": code}, word.upper(), [other.upper() for other in wrong])


def _braille(random: Random) -> Draw:
    letter, *wrong = random.sample(sorted(BRAILLE), 4)
    dots = list(BRAILLE[letter])
    text = f"dots {', '.join(dots)}" if len(dots) > 1 else f"dot {dots[0]} alone"
    if random.random() < 0.5:
        return Draw({"what": f"the letter with {text}"}, letter, wrong)
    return Draw({"what": f"the dots of the letter {letter}"}, "-".join(dots), [
        "-".join(BRAILLE[other]) for other in wrong
    ])  # fmt: skip


def _patterns(random: Random) -> Draw:
    name, ending, digit = random.choice(NAMES), random.choice(ENDINGS), random.randrange(10)
    pattern = random.choice(
        [f"*.{ending}", f"{name}*", f"{name[0]}*.{ending}", f"{name}?.{ending}", f"*{digit}.*"]
    )
    files = [f"{stem}{n}.{end}" for stem in NAMES for n in ("", *range(10)) for end in ENDINGS]
    fitting = [file for file in files if fnmatchcase(file, pattern)]
    wrong = [file for file in files if not fnmatchcase(file, pattern)]
    close = [file for file in wrong if file.startswith(name) or file.endswith(ending)]
    return Draw({"pattern": pattern}, random.choice(fitting), random.sample(close, 2) + random.sample(
        sorted(set(wrong) - set(close)), 1
    ))  # fmt: skip


def _crossword(random: Random) -> Draw:
    word = random.choice(WORDS)
    shown = sorted(random.sample(range(5), 2))
    gaps = " ".join(letter.upper() if place in shown else "_" for place, letter in enumerate(word))
    wrong = [other for other in WORDS if any(other[place] != word[place] for place in shown)]
    close = [other for other in wrong if any(other[place] == word[place] for place in shown)]
    chosen = random.sample(close, min(2, len(close)))
    chosen += random.sample([other for other in wrong if other not in chosen], 3 - len(chosen))
    return Draw({"gaps": gaps}, word, chosen)


def _shelf(random: Random) -> Draw:
    number = random.randint(100, 998)
    marks: dict[float, str] = {}
    while len(marks) < 4:
        fraction = str(random.randint(1, 9) * 10 ** random.randint(0, 2) + random.choice([0, 3, 7]))
        mark = f"{number}.{fraction}"
        marks.setdefault(float(mark), mark)
    end = random.choice(["first", "last"])
    ordered = [marks[value] for value in sorted(marks, reverse=end == "last")]
    return Draw({"end": end, "number": number}, ordered[0], ordered[1:])


FAMILIES = (
    Family("coding", "keypad", _keypad, (
        "On a phone's keypad 2 is ABC, 3 is DEF and so on to 9, WXYZ. Which digits spell {word}?",
        "A hotline's number ends in the letters {word}. Which keys do I press?",
        "Write {word} in the digits of a telephone keypad (ABC = 2, DEF = 3, ..., PQRS = 7, TUV = 8, WXYZ = 9).",
        "{word} typed on an old phone, one key for each letter:",
    )),
    Family("coding", "morse", _morse, (
        "Which word is this in Morse code: {code} ?",
        "A ham radio sends {code} (strokes divide the letters). What was sent?",
        "Decode: {code}",
        "Somebody blinks {code} with a torch, short and long. It means",
    )),
    Family("coding", "braille", _braille, (
        "Braille cells count the dots 1 to 3 down the left side and 4 to 6 down the right. Which is {what}?",
        "In braille, {what}:",
        "Find {what} in the braille alphabet.",
        "Lesson for blind readers: what is {what} in braille?",
    )),
    Family("coding", "patterns", _patterns, (
        "Which file does the pattern {pattern} match? (* is any text, ? is one character)",
        "In the shell I type ls {pattern} and see one of these files. Which?",
        "Only one of these names fits {pattern}. Choose it.",
        "The search mask is {pattern}. It finds",
    )),
    Family("coding", "crossword", _crossword, (
        "Crossword, five letters: {gaps}. Which word fits?",
        "Fill the gaps: {gaps}",
        "I have {gaps} in my puzzle. Which of these words goes there?",
        "Hangman so far: {gaps}. The word could be",
    )),
    Family("coding", "shelf", _shelf, (
        "Shelf marks in a library are sorted as decimal numbers. Which of these books stands {end}?",
        "You put back four books of class {number}. Sorted by their decimal marks, which is {end} on the shelf?",
        "Which of these marks of class {number} comes {end} in order?",
        "Library helper: the books go from the lowest decimal number to the highest. Which one is {end}?",
    )),
)  # fmt: skip
