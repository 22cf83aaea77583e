"""Everyday questions of school, manners, signs and sayings; true or false; a little Kazakh."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...domains.kazakh import numeral
from ...family import Family
from ...skills import Draw
from ..common import NAMES
from ..drawing import TRUE_FALSE, facts, groups, members, near, pairs, verdict
from ..wordings import asked

TRUE = """
The sun rises in the east; Water boils at 100 degrees Celsius at sea level; A spider has eight legs; Paris is in France
A week has seven days; Ice floats on water; Whales are mammals; The heart pumps blood; Plants need light; Bees make honey
The Earth goes round the Sun; A triangle has three sides; February is the shortest month; Iron is a metal; Penguins are birds
Sound needs something to travel through; Kazakhstan is larger than France; The Moon goes round the Earth; Fish breathe with gills
Ten is half of twenty; An hour has sixty minutes; Cows eat grass; Astana is a city in Kazakhstan; Sharks are fish
"""
FALSE = """
The sun rises in the west; Water boils at 50 degrees Celsius at sea level; A spider has six legs; Paris is in Italy; A week has eight days
Iron nails float on water; Whales are fish; The stomach pumps blood; Plants need no light; Spiders make honey; The Sun goes round the Earth
A triangle has four sides; March is the shortest month; Wood is a metal; Penguins are fish; Humans can breathe under water without help
Kazakhstan is smaller than Belgium; The Earth goes round the Moon; Dogs breathe with gills; Ten is half of thirty; An hour has ninety minutes
Cows eat meat; Almaty is a city in Japan; Sharks are birds
"""
QUESTION_WORDS = pairs("""
a place: where; a time: when; a person: who; a reason: why; a number of things: how many; a way of doing: how; an owner: whose
a thing: what; an amount of money: how much
""")
POLITE = pairs("""
somebody gives you a present: Thank you; you step on somebody's foot: I am sorry; you leave in the evening: Good night
you meet somebody in the morning: Good morning; somebody has a birthday: Happy birthday; somebody starts to eat: Enjoy your meal
somebody thanks you: You are welcome; somebody goes on a trip: Have a good journey; somebody sneezes: Bless you
somebody has an exam soon: Good luck; it is the first of January: Happy New Year
""")
SUBJECTS = pairs("""
fractions: mathematics; cells and plants: biology; acids: chemistry; old kings and wars: history; rivers and capitals: geography
running and jumping: sport; forces and light: physics; songs and notes: music; painting: art; programs: computer science
poems and novels: literature
""")
EMERGENCY = pairs("""
the fire service: 101; the police: 102; an ambulance: 103; the gas service: 104
""")
SIGNS = pairs("""
a red octagon with four letters: stop; a red circle with a white bar: no entry; a white P on blue: parking; a red cross on white: first aid
three arrows in a triangle: recycling; a skull with bones: poison; a lit cigarette crossed out: no smoking; a flame in a triangle: easily catches fire
a snowflake on a button: cooling; a wheelchair: for disabled people; a crossed-out telephone: no calls
""")
SAYINGS = pairs("""
Better late than ...: never; An apple a day keeps the doctor ...: away; Practice makes ...: perfect; Time is ...: money; All's well that ends ...: well
Actions speak louder than ...: words; The early bird catches the ...: worm; Where there is smoke there is ...: fire; Look before you ...: leap
Two heads are better than ...: one; Many hands make light ...: work; Out of sight, out of ...: mind; Honesty is the best ...: policy
""")
SITUATIONS = pairs("""
you want to borrow a novel: to the library; you want to see old things from the past: to the museum; your car has no petrol: to the filling station
you want to fly to Paris: to the airport; you want to take a train: to the railway station; you want to send a parcel: to the post office
you need a haircut: to the hairdresser; you want to see a play: to the theatre; you want to see lions in the city: to the zoo
you want to swim in winter: to the indoor pool; you want to report a theft: to the police; you need a new filling in a tooth: to the dentist
""")
DRESS = groups("""
cold: a warm coat, woollen gloves, a fur hat, thick boots, a scarf
hot: sandals, a T-shirt, shorts, sunglasses, a sun hat
rainy: a raincoat, rubber boots, an umbrella
""")


def _statement(random: Random) -> Draw:
    right = random.random() < 0.5
    said = [
        x.strip() for x in (TRUE if right else FALSE).replace("\n", ";").split(";") if x.strip()
    ]
    return verdict({"x": random.choice(said)}, right, TRUE_FALSE)


def _kazakh_cafe(random: Random) -> Draw:
    tea, bread = 50 * random.randint(2, 10), 50 * random.randint(2, 8)
    wrong = near(random, tea + bread, [abs(tea - bread), tea, bread], low=1, step=50)
    return Draw({"a": tea, "b": bread}, f"{tea + bread} теңге", [f"{n} теңге" for n in wrong])


def _kazakh_clock(random: Random) -> Draw:
    hour = random.randint(1, 12)
    wrong = near(random, hour, low=1)
    return Draw({"x": numeral(hour)}, f"{hour}:00", [f"{int(n)}:00" for n in wrong])


def _sentence_kind(random: Random) -> Draw:
    name = random.choice(NAMES)
    place = random.choice(["at home", "at school", "in the park", "in town"])
    kinds = {
        "a question": (
            f"Is {name} {place}?",
            f"Where does {name} live?",
            f"Who saw {name} {place}?",
        ),
        "a request": (f"Please call {name}.", f"Come {place}, please.", f"Please help {name}."),
        "a statement": (f"{name} is {place}.", f"I saw {name} {place}.", f"{name} likes tea."),
        "a greeting": (f"Hello, {name}!", f"Good morning, {name}!", f"Hi, {name}!"),
    }
    kind = random.choice(list(kinds))
    wrong = [random.choice(kinds[other]) for other in kinds if other != kind]
    return Draw({"x": kind}, random.choice(kinds[kind]), wrong)


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


def _facts(domain: str, name: str, table: dict[str, str], *questions: str) -> Family:
    return facts(domain, name, table, asked(*questions))


FAMILIES = (
    _family(
        "science",
        "plain_statement",
        _statement,
        "True or false: {x}.",
        "{x}. True or false?",
        "Is the sentence true or false? {x}.",
        "{x}: true/false",
    ),
    _facts(
        "law",
        "question_word",
        QUESTION_WORDS,
        "Which question word asks for {x}?",
        "To ask for {x}, one says ____.",
        "I want to know {x}. With which word do I ask?",
        "{x}: which question word?",
    ),
    _family(
        "law",
        "sentence_kind",
        _sentence_kind,
        "Which of these is {x}?",
        "Find {x}.",
        "____ is {x}.",
        "Choose the sentence that is {x}.",
    ),
    _facts(
        "kazakh_culture",
        "polite_words",
        POLITE,
        "What do you say when {x}?",
        "When {x}, say: ____",
        "{x}. What is polite?",
        "Which words fit if {x}?",
    ),
    _facts(
        "science",
        "school_subject",
        SUBJECTS,
        "In which subject does one learn about {x}?",
        "{x} belong to ____ at school.",
        "Which lesson is about {x}?",
        "At school, {x}: which subject?",
    ),
    _facts(
        "law",
        "emergency_number",
        EMERGENCY,
        "Which number does one call in Kazakhstan for {x}?",
        "{x} in Kazakhstan: call ____.",
        "I am in Almaty and need {x}. Which number?",
        "What is the phone number of {x} in Kazakhstan?",
    ),
    _facts(
        "law",
        "meaning_of_sign",
        SIGNS,
        "What does this sign mean: {x}?",
        "A sign shows {x}. It means: ____",
        "I see {x}. What does it say?",
        "The meaning of {x}?",
    ),
    _facts(
        "law",
        "saying",
        SAYINGS,
        "Complete the saying: {x}",
        "{x} Which word is missing?",
        "How does it go on? {x}",
        "Finish it: {x}",
    ),
    _facts(
        "kazakh_culture",
        "where_to_go",
        SITUATIONS,
        "Where do you go if {x}?",
        "{x}. Where do you go?",
        "If {x}, you go ____.",
        "Which place is right when {x}?",
    ),
    members(
        "science",
        "dress_for_weather",
        DRESS,
        asked(
            "It is {x} outside. What is good to take?",
            "For {x} weather one needs ____.",
            "What does one wear or take when it is {x}?",
            "Choose the right thing for a {x} day.",
        ),
    ),
    _family(
        "kazakh_culture",
        "kazakh_cafe",
        _kazakh_cafe,
        "Шай {a} теңге, нан {b} теңге. Барлығы қанша?",
        "{a} теңге және {b} теңге бірге: ____",
        "Дүкеннен {a} және {b} теңгеге зат алдым. Қанша төледім?",
        "Шәйнек шай {a} теңге, бауырсақ {b} теңге тұрады. Екеуі қанша?",
    ),
    _family(
        "kazakh_culture",
        "kazakh_clock",
        _kazakh_clock,
        "Сағат {x}. Цифрмен қалай?",
        "What time is it when one says 'сағат {x}'?",
        "'Сағат {x}' is ____.",
        "Қазір сағат {x}. Бұл қай уақыт?",
    ),
)
