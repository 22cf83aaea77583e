"""English: spelling, grammar, synonyms, idioms, prepositions, homophones, numbers of syllables."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import facts, groups, others, pairs, words
from ..wordings import asked, phrased

# The right spelling, then wrong ones.
SPELLING = groups("""
a: necessary, neccessary, necesary, neccesary; b: separate, seperate, separete, sepparate
c: definitely, definately, definitly, defenitely; d: beautiful, beutiful, beautifull, beautyful
e: receive, recieve, receeve, receve; f: believe, beleive, belive, beleeve; g: tomorrow, tommorow, tomorow, tommorrow
h: accommodation, accomodation, acommodation, accomodasion; i: business, buisness, busness, bussiness
j: calendar, calender, calandar, callendar; k: government, goverment, govermant, governement
l: language, langauge, languege, lenguage; m: friend, freind, frend, friand; n: because, becouse, becase, becaus
o: weird, wierd, weerd, weyrd; p: embarrass, embarass, embarras, emberrass; q: rhythm, rythm, rhytm, rithm
r: library, libary, librery, liberary; s: until, untill, untile, untyl; t: address, adress, addres, adres
u: beginning, begining, beggining, biginning; v: occurred, occured, ocurred, occurrd
w: environment, enviroment, envirnment, enviornment; x: knowledge, knowlege, knoledge, knowlidge
y: restaurant, restaraunt, restorant, resturant; z: Wednesday, Wensday, Wednsday, Wedensday
""")
SPELLED = tuple(SPELLING.values())
# A right sentence, then wrong ones.
SENTENCES = tuple(
    words(line)
    for line in """
She goes to school every day, She go to school every day, She going to school every day, She gone to school every day
They have lived here for ten years, They has lived here for ten years, They have live here for ten years, They living here since ten years
He doesn't like tea, He don't like tea, He not likes tea, He doesn't likes tea
I have never been to Paris, I have never be to Paris, I has never been to Paris, I never been have to Paris
There are two books on the table, There is two books on the table, It are two books on the table, There be two books on the table
She is taller than her brother, She is more tall than her brother, She is taller as her brother, She is tallest than her brother
We were at home yesterday, We was at home yesterday, We are at home yesterday, We been at home yesterday
If it rains we will stay at home, If it will rains we stay at home, If it raining we will stay at home, If it rain we will stays at home
I am interested in music, I am interesting in music, I am interested on music, I interested in music am
He can swim well, He can swims well, He can to swim well, He cans swim well
The children are playing outside, The children is playing outside, The childs are playing outside, The children playing are outside
Whose bag is this?, Who's bag is this?, Whom bag is this?, Who bag is this?
It's raining and the dog wants its ball, Its raining and the dog wants its ball, It's raining and the dog wants it's ball, Its raining and the dog wants it's ball
She gave me some good advice, She gave me a good advice, She gave me some good advices, She gave I some good advice
""".strip().splitlines()
)
SYNONYMS = pairs("""
begin: start; happy: glad; smart: clever; rapid: quick; ill: sick; shut: close; gift: present; rich: wealthy
angry: furious; brave: courageous; error: mistake; frightened: scared; difficult: hard; purchase: buy; reply: answer
assist: help; silent: quiet; strange: odd; tired: exhausted; famous: well-known; huge: enormous; vanish: disappear
choose: select; repair: mend; ancient: very old; tiny: very small; wicked: evil; lucky: fortunate; finish: complete
""")
IDIOMS = pairs("""
a piece of cake: something very easy; to break the ice: to make people feel at ease; once in a blue moon: very rarely
to cost an arm and a leg: to be very expensive; under the weather: a little ill; to spill the beans: to tell a secret
to hit the sack: to go to bed; to pull somebody's leg: to tease somebody
to kill two birds with one stone: to reach two aims at once; the ball is in your court: it is your turn to act
to miss the boat: to be too late for a chance; to beat around the bush: to avoid the main point; on cloud nine: extremely happy
to get cold feet: to lose courage; to bite the bullet: to accept something hard; a blessing in disguise: something good that looked bad
when pigs fly: never; to cut corners: to do a thing badly to save effort; to sit on the fence: to avoid a decision
""")
PREPOSITIONS = (
    ("She is good ____ mathematics.", "at"),
    ("I am afraid ____ spiders.", "of"),
    ("We arrived ____ the station at noon.", "at"),
    ("He depends ____ his parents.", "on"),
    ("It depends ____ the weather.", "on"),
    ("I was born ____ 1999.", "in"),
    ("The meeting is ____ Monday.", "on"),
    ("She is married ____ a doctor.", "to"),
    ("Listen ____ me!", "to"),
    ("He is proud ____ his son.", "of"),
    ("The lesson starts ____ nine o'clock.", "at"),
    ("I look forward ____ the holidays.", "to"),
    ("The cake is full ____ cream.", "of"),
    ("My birthday is ____ July.", "in"),
    ("They accused him ____ theft.", "of"),
    ("She insisted ____ paying.", "on"),
    ("I belong ____ a chess club.", "to"),
    ("He succeeded ____ finding it.", "in"),
)
HOMOPHONES = pairs("""
the opposite of war: peace; a part of a cake: piece; the star in the sky by day: sun
a male child: son; an animal with antlers: deer; a word at the head of a letter: dear; powder from ground wheat: flour
a rose or a tulip: flower; seven days: week; not strong: weak; the back of the foot: heel; to make healthy: heal
past tense of 'blow': blew; the colour of the sky: blue; a way for cars: road; past tense of 'ride': rode
""")
PREFIXES = pairs("""
happy: unhappy; possible: impossible; legal: illegal; regular: irregular; visible: invisible; agree: disagree
honest: dishonest; polite: impolite; correct: incorrect; usual: unusual; logical: illogical; patient: impatient
responsible: irresponsible; fair: unfair; connect: disconnect; mature: immature; complete: incomplete
""")
SYLLABLES = {
    1: words("cat, strength, school, bridge, light, world, through, clock"),
    2: words("window, teacher, garden, monkey, silver, paper, happy, winter"),
    3: words("banana, elephant, computer, holiday, animal, Saturday, hospital"),
    4: words("television, information, watermelon, caterpillar, January, calculator"),
    5: words("university, refrigerator, electricity, imagination, examination"),
}
PEOPLE = pairs("""
somebody who bakes bread: baker; somebody who plays the piano: pianist; somebody who writes poems: poet
somebody who studies the stars: astronomer; somebody who eats no meat: vegetarian; somebody who cannot see: blind
somebody who cannot hear: deaf; somebody who always sees the good side: optimist; somebody who always expects the worst: pessimist
somebody who speaks two languages: bilingual; somebody who has no parents any more: orphan; somebody whose wife has died: widower
somebody who collects stamps: philatelist; somebody who loves books: bibliophile; a woman whose husband has died: widow
""")


def _spelling(random: Random) -> Draw:
    right, *wrong = random.choice(SPELLED)
    return Draw({"first": right[0]}, right, others(random, wrong + _slips(right, wrong), right))


def _slips(word: str, known: list[str]) -> list[str]:
    """Two more misspellings: letters swapped, and one doubled."""
    swapped = word[:2] + word[3] + word[2] + word[4:]
    doubled = word[:-2] + word[-2] * 2 + word[-1]
    return [slip for slip in (swapped, doubled) if slip != word and slip not in known]


def _misspelt(random: Random) -> Draw:
    chosen = random.sample(SPELLED, 5)
    return Draw({}, chosen[0][1], [right for right, *_ in chosen[1:]])


def _sentence(random: Random) -> Draw:
    right, *wrong = random.choice(SENTENCES)
    return Draw({}, right, wrong)


def _preposition(random: Random) -> Draw:
    sentence, answer = random.choice(PREPOSITIONS)
    return Draw({"x": sentence}, answer, others(random, ("at", "of", "on", "in", "to"), answer))


def _prefix(random: Random) -> Draw:
    x = random.choice(list(PREFIXES))
    pool = [prefix + x for prefix in ("un", "im", "il", "ir", "in", "dis")]
    return Draw({"x": x}, PREFIXES[x], others(random, pool, PREFIXES[x]))


def _syllables(random: Random) -> Draw:
    count = random.choice(list(SYLLABLES))
    word = random.choice(SYLLABLES[count])
    return Draw({"x": word}, str(count), others(random, "123456", str(count)))


def _article(random: Random) -> Draw:
    an = words(
        "apple, hour, umbrella, honest man, egg, old house, MP, open door, engineer, ice cream"
    )
    a = words(
        "university, book, European city, house, dog, uniform, one-way street, yellow hat, teacher, union"
    )
    plural = words("good weather, fresh air, nice people, blue eyes")
    group, answer = random.choice(
        [(an, "an"), (a, "a"), (an, "an"), (a, "a"), (plural, "no article")]
    )
    return Draw(
        {"x": random.choice(group)},
        answer,
        others(random, ["a", "an", "no article", "the only"], answer),
    )


FAMILIES = (
    Family(
        "law",
        "right_spelling",
        _spelling,
        asked(
            "Which word is spelled correctly?",
            "Choose the correct spelling.",
            "Which spelling is right (a word with {first})?",
            "Only one is without a mistake. Which?",
        ),
    ),
    Family(
        "law",
        "misspelt_word",
        _misspelt,
        asked(
            "Which word is misspelled?",
            "Which of these words has a spelling mistake?",
            "Find the wrongly spelled word.",
            "____ is not spelled correctly.",
        ),
    ),
    Family(
        "law",
        "right_sentence",
        _sentence,
        asked(
            "Which sentence is correct English?",
            "Choose the sentence without a grammar mistake.",
            "Which one is grammatically right?",
            "Find the correct sentence.",
        ),
    ),
    facts(
        "law",
        "synonym",
        SYNONYMS,
        asked(
            "Which word means the same as '{x}'?",
            "What is a synonym of '{x}'?",
            "'{x}' is close in meaning to ____.",
        )
        + phrased("another word for '{x}'"),
    ),
    facts(
        "law",
        "idiom",
        IDIOMS,
        asked(
            "What does the phrase '{x}' mean?",
            "'{x}' means ____.",
            "What do people mean by '{x}'?",
            "The saying '{x}': what is its sense?",
        ),
    ),
    Family(
        "law",
        "preposition",
        _preposition,
        asked(
            "Which preposition fits? {x}",
            "{x} Which word is missing?",
            "Fill in: {x}",
            "Put in the right small word. {x}",
        ),
    ),
    facts(
        "law",
        "homophone",
        HOMOPHONES,
        asked(
            "Which spelling is for '{x}'?",
            "{x}: which word?",
            "Sounds may be equal, spelling is not: {x} is ____.",
            "Write the word for: {x}.",
        ),
    ),
    Family(
        "law",
        "negative_prefix",
        _prefix,
        asked(
            "Which word is the negative of '{x}'?",
            "Not {x}: ____",
            "Which form with a prefix means 'not {x}' or the reverse of it?",
            "Put the right prefix before '{x}'.",
        ),
    ),
    Family(
        "law",
        "syllables",
        _syllables,
        asked(
            "How many syllables has '{x}'?",
            "'{x}' has ____ syllables.",
            "Clap the word '{x}'. How many claps?",
        )
        + phrased("the number of syllables in '{x}'"),
    ),
    Family(
        "law",
        "article",
        _article,
        asked(
            "Which article goes before '{x}'?",
            "____ {x}: a, an, or no article?",
            "Put the right article: ____ {x}",
            "Does one say 'a' or 'an' or nothing before '{x}'?",
        ),
    ),
    facts(
        "law",
        "word_for_person",
        PEOPLE,
        asked(
            "Which word describes {x}?",
            "{x} is called (or is) ____.",
            "One word for {x}?",
            "What is the word for {x}?",
        ),
    ),
)
