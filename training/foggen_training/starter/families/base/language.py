"""Words: opposites, plurals, past tenses, rhymes, kinds of words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import facts, groups, judged, members, named, others, pairs
from ..wordings import asked, phrased

_OPPOSITES = pairs("""
big: small; hot: cold; fast: slow; high: low; up: down; open: closed; full: empty; wet: dry
day: night; first: last; early: late; rich: poor; strong: weak; happy: sad; clean: dirty
love: hate; begin: end; buy: sell; give: take; win: lose; push: pull; come: go; black: white
good: bad; loud: quiet; near: far; above: below; before: after; always: never; more: less
north: south; east: west; summer: winter; war: peace; life: death; question: answer
friend: enemy; asleep: awake; alive: dead; remember: forget; laugh: cry; expensive: cheap
wide: narrow; deep: shallow; long: short; thick: thin; yes: no; front: back; top: bottom
male: female; hello: goodbye; add: subtract; multiply: divide; left: right; true: false
old: new; easy: difficult; safe: dangerous; polite: rude; inside: outside
heavy: light; present: absent; success: failure; most: least; possible: impossible
""")
OPPOSITES = {**_OPPOSITES, **{value: key for key, value in _OPPOSITES.items()}}
PLURALS = pairs("""
cat: cats; dog: dogs; book: books; bus: buses; box: boxes; baby: babies; city: cities
child: children; man: men; woman: women; tooth: teeth; foot: feet; mouse: mice; goose: geese
sheep: sheep; knife: knives; leaf: leaves; wolf: wolves; wife: wives; country: countries
story: stories; watch: watches; dish: dishes; key: keys; boy: boys; toy: toys; glass: glasses
potato: potatoes; tomato: tomatoes; lady: ladies; party: parties; church: churches; half: halves
shelf: shelves; life: lives; day: days; house: houses; family: families; table: tables
""")
PAST = pairs("""
go: went; eat: ate; see: saw; have: had; make: made; take: took; come: came; give: gave
run: ran; write: wrote; read: read; buy: bought; think: thought; bring: brought; teach: taught
catch: caught; speak: spoke; drink: drank; sing: sang; swim: swam; begin: began; know: knew
fly: flew; drive: drove; break: broke; find: found; say: said; tell: told; put: put; cut: cut
sleep: slept; keep: kept; feel: felt; leave: left; meet: met; sit: sat; stand: stood; win: won
play: played; work: worked; walk: walked; study: studied; stop: stopped; like: liked; do: did
""")
COMPARED = pairs("""
big: bigger biggest; small: smaller smallest; good: better best; bad: worse worst; hot: hotter hottest
fast: faster fastest; tall: taller tallest; happy: happier happiest; easy: easier easiest
long: longer longest; short: shorter shortest; heavy: heavier heaviest; cold: colder coldest
old: older oldest; strong: stronger strongest; early: earlier earliest; thin: thinner thinnest
""")
RHYMES = groups("""
cat: hat, bat, rat, mat; dog: fog, log, frog; sun: run, fun, bun; tree: bee, sea, key, knee
cake: lake, snake, bake; house: mouse, blouse; light: night, kite, right; ball: wall, tall, fall
king: ring, sing, wing; star: car, far, jar; boat: goat, coat; moon: spoon, soon, noon
bed: red, head, bread; day: play, way, say; bear: chair, hair, pear; book: cook, look, hook
pen: hen, ten, men; fish: dish, wish; rock: clock, sock, lock; nose: rose, hose
""")
COUPLES = pairs("""
king: queen; father: mother; brother: sister; son: daughter; uncle: aunt; husband: wife
grandfather: grandmother; boy: girl; man: woman; prince: princess; nephew: niece; actor: actress
waiter: waitress; grandson: granddaughter; groom: bride; he: she
""")
KINDS = groups("""
noun: elephant, teacher, river, kitchen, sister, city, bicycle, mountain, window, bread
verb: eat, write, bring, speak, forget, arrive, listen, become, explain, learn, teach, sing
adjective: happy, tall, beautiful, hungry, heavy, angry, small, wide, useful, lazy, expensive
adverb: quickly, slowly, never, often, carefully, loudly, always, easily
pronoun: he, she, they, we, him, them, us
""")
FORMS = pairs("""
I: am; you: are; he: is; she: is; we: are; they: are; it: is; the children: are; my friend: is
Anna and Tom: are; the cat: is; my parents: are
""")


def _misforms(
    table: Mapping[str, str], endings: Callable[[str], list[str]]
) -> Callable[[Random], Draw]:
    def draw(random: Random) -> Draw:
        x = random.choice(list(table))
        return Draw(named(x), table[x], others(random, endings(x), table[x]))

    return draw


def _plural_errors(word: str) -> list[str]:
    short = word[:-1] if word[-1] in "ye" else word
    return [word + "s", word + "es", short + "ies", word + "en", word + "ses", word + "'s"]


def _past_errors(verb: str) -> list[str]:
    short = verb.removesuffix("e")
    return [
        verb + "ed" if short == verb else verb + "d",
        short + "ing",
        verb + "s",
        verb + "en",
        verb + "t",
    ]


def _compared(place: int) -> Callable[[Random], Draw]:
    def draw(random: Random) -> Draw:
        x = random.choice(list(COMPARED))
        forms = COMPARED[x].split()
        pool = [x, f"{x}erer", f"more {forms[0]}", f"most {forms[1]}", *forms]
        return Draw(named(x), forms[place], others(random, pool, forms[place]))

    return draw


def _be(random: Random) -> Draw:
    x = random.choice(list(FORMS))
    return Draw(named(x), FORMS[x], others(random, ["am", "is", "are", "be", "being"], FORMS[x]))


def _rhyme(random: Random) -> Draw:
    group = random.choice(list(RHYMES))
    family = [group, *RHYMES[group]]
    x, answer = random.sample(family, 2)
    pool = [word for key in RHYMES if key != group for word in (key, *RHYMES[key])]
    return Draw(named(x), answer, others(random, pool))


FAMILIES = (
    facts(
        "law",
        "opposite",
        OPPOSITES,
        asked(
            "What is the opposite of {x}?",
            "Which word means the opposite of '{x}'?",
            "The opposite of {x} is ____.",
            "not {x} but ____",
            "{x} is the opposite of what?",
            "opposite: {x} - ____",
        )
        + phrased("the opposite of {x}", "the antonym of '{x}'"),
    ),
    Family(
        "law",
        "plural",
        _misforms(PLURALS, _plural_errors),
        asked(
            "What is the plural of '{x}'?",
            "One {x}, two ____",
            "Which is the plural form of {x}?",
            "How do you write more than one {x}?",
            "I have one {x}. You have three ____.",
        )
        + phrased("the plural of {x}"),
    ),
    Family(
        "law",
        "past_tense",
        _misforms(PAST, _past_errors),
        asked(
            "What is the past tense of '{x}'?",
            "Which is the past form of {x}?",
            "Today I {x}. Yesterday I ____.",
            "The past of {x} is ____.",
            "How do you put '{x}' in the past?",
        )
        + phrased("the past tense of {x}", "the past simple of '{x}'"),
    ),
    Family(
        "law",
        "comparative",
        _compared(0),
        asked(
            "What is the comparative of '{x}'?",
            "One thing is {x}, another one is even ____.",
            "Which form is right: {x}, ____ than before?",
            "This is {x}, but that is ____ than this.",
        )
        + phrased("the comparative of {x}"),
    ),
    Family(
        "law",
        "superlative",
        _compared(1),
        asked(
            "What is the superlative of '{x}'?",
            "Of all it is the ____ ({x}).",
            "Which form is right: {x}, the ____ of all?",
            "Put '{x}' into the gap: this one is the ____ in the world.",
        )
        + phrased("the superlative of {x}"),
    ),
    Family(
        "law",
        "verb_be",
        _be,
        asked(
            "Which form of 'to be' goes with '{x}' in the present tense?",
            "{x} ____ here now. Which word is missing?",
            "{x} ____ at home today.",
            "Right now {x} ____ ready.",
            "Fill in a form of 'be': today {x} ____ late.",
        ),
    ),
    Family(
        "law",
        "rhyme",
        _rhyme,
        asked(
            "Which word rhymes with '{x}'?",
            "What rhymes with {x}?",
            "Find a rhyme for '{x}'.",
            "{x} rhymes with ____.",
            "Which of these sounds like {x} at its end?",
        )
        + phrased("a rhyme for {x}"),
    ),
    facts(
        "law",
        "couple",
        COUPLES,
        asked(
            "{x} and ____",
            "Which word goes with {x} as its female form?",
            "What is the female form of '{x}'?",
            "Male: {x}. Female: ____",
            "If it is a woman or a girl, '{x}' becomes what?",
        )
        + phrased("the female word for {x}"),
    ),
    facts(
        "law",
        "kind_of_word",
        {word: kind for kind, listed in KINDS.items() for word in listed},
        asked(
            "What kind of word is '{x}'?",
            "Which part of speech is '{x}'?",
            "'{x}' is a ____ (part of speech).",
            "Is '{x}' a noun, a verb, an adjective or something else?",
        )
        + phrased("the part of speech of '{x}'"),
    ),
    members(
        "law",
        "word_of_kind",
        KINDS,
        asked(
            "Which of these words is {ax}?",
            "Which word is {ax}?",
            "Choose the {x}.",
            "Find {ax}.",
            "____ is {ax}.",
        )
        + phrased("the {x} in this list"),
    ),
    judged(
        "law",
        "is_it_opposite",
        OPPOSITES,
        asked(
            "Is '{y}' the opposite of '{x}'?",
            "Yes or no: '{x}' and '{y}' are opposites.",
            "Do {x} and {y} mean the opposite of each other?",
            "Are '{x}' and '{y}' opposites?",
            "Is {x} the contrary of {y}?",
        ),
    ),
)
