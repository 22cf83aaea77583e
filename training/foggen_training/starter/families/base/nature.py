"""Nature and matter: states, weather, the sun and the moon, plants, hot and cold."""

from __future__ import annotations

from ..drawing import YES_NO, facts, groups, judged, members, pairs
from ..wordings import asked, phrased

STATE = pairs("""
ice: solid; water: liquid; steam: gas; air: gas; milk: liquid; stone: solid; iron: solid; oil: liquid
oxygen: gas; wood: solid; juice: liquid; glass in a window: solid; helium: gas; gold: solid; blood: liquid
""")
BECOMES = pairs("""
water when it freezes: ice; water when it boils: steam; ice when it melts: water; steam when it cools: drops of water
a seed in wet soil: a plant; a caterpillar in the end: a butterfly; a tadpole in the end: a frog
wood when it burns: ash; wet clothes in the sun: dry clothes; grapes dried in the sun: raisins
""")
DEGREES = pairs("""
water freezes at: 0 degrees Celsius; water boils at: 100 degrees Celsius
the body of a healthy person has about: 37 degrees Celsius; a warm room has about: 21 degrees Celsius
a baking oven has about: 180 degrees Celsius
""")
BASICS = pairs("""
the star at the centre of the solar system: the Sun; the planet on which we live: Earth
the natural satellite of the Earth: the Moon; the gas that we need to breathe: oxygen
the planet closest to the Sun: Mercury; the largest planet of the solar system: Jupiter
the red planet: Mars; the planet with the famous rings: Saturn; the largest ocean: the Pacific
the highest mountain on Earth: Everest; the largest animal: the blue whale; the tallest animal: the giraffe
the fastest animal on land: the cheetah; the king of beasts: the lion; the hardest natural stone: diamond
the force that pulls things to the ground: gravity; frozen water: ice; the largest bird: the ostrich
the coldest continent: Antarctica; the largest continent: Asia; the largest country by area: Russia
the part of a plant under the ground: the root; the green stuff in leaves: chlorophyll
the organ that pumps blood: the heart; the largest organ of the human body: the skin
the chemical formula of water: H2O; what bees make: honey; the flash before thunder: lightning
""")
WEATHER = pairs("""
water drops fall from the clouds: rain; white flakes fall in winter: snow; balls of ice fall: hail
moving air: wind; a cloud on the ground: fog; a coloured arc after rain: rainbow
a flash in a storm: lightning; the loud noise in a storm: thunder
""")
WARM = groups("""
hot: fire, boiling water, the Sun, a burning candle, lava, a working oven
cold: ice, snow, a freezer, ice cream, the North Pole, a glacier
""")
SKY = pairs("""
the Sun: star; the Moon: satellite; Earth: planet; Mars: planet; Venus: planet; Jupiter: planet
Sirius: star; Africa: continent; Asia: continent; the Atlantic: ocean; the Pacific: ocean; the Nile: river
the Sahara: desert; the Gobi: desert; Everest: mountain; the Amazon: river; Baikal: lake; Balkhash: lake
Greenland: island; Madagascar: island; Halley: comet
""")
GROWS = pairs("""
apples: on trees; potatoes: under the ground; carrots: under the ground; cherries: on trees
pears: on trees; onions: under the ground; strawberries: on low plants near the ground; seaweed: in the sea
cacti: in the desert; oranges: on trees; beetroots: under the ground
""")
LIVING = groups("""
living: dog, tree, flower, fish, mushroom, bird, grass, child, worm
not living: stone, car, chair, cup, coin, cloud, book, spoon, bottle
""")

ALIVE = {thing: kind for kind, things in LIVING.items() for thing in things}

FAMILIES = (
    facts(
        "science",
        "state_of_matter",
        {**STATE, "the hot matter of the Sun": "plasma"},
        asked(
            "In which state is {x} at its usual temperature?",
            "What state of matter is {x}?",
            "Is {x} a solid, a liquid or a gas?",
            "{x}: solid, liquid or gas?",
            "The state of {x} is: ____",
        )
        + phrased("the state of matter of {x}"),
    ),
    facts(
        "science",
        "becomes",
        BECOMES,
        asked(
            "What becomes of {x}?",
            "What does one get from {x}?",
            "{x} gives ____",
            "What is the result: {x}?",
        )
        + phrased("the result of {x}"),
    ),
    facts(
        "science",
        "degrees",
        DEGREES,
        asked(
            "How many degrees? {x} ...",
            "{x} ____",
            "Complete: {x} ____.",
            "Which temperature is right? {x} ...",
        )
        + phrased("the end of the sentence: {x} ..."),
    ),
    facts(
        "science",
        "basic_science",
        BASICS,
        asked(
            "What do we call {x}?",
            "Which is {x}?",
            "{x}: ____",
            "Which answer is right for {x}?",
        )
        + phrased("{x}", "the name for {x}"),
    ),
    facts(
        "science",
        "weather",
        WEATHER,
        asked(
            "What is the word: {x}?",
            "{x}: what is it?",
            "How do we call it? {x}.",
            "{x} = ____",
        )
        + phrased("the weather word for: {x}"),
    ),
    members(
        "science",
        "hot_or_cold",
        WARM,
        asked(
            "Which of these is {x}?",
            "What is {x}?",
            "Choose something {x}.",
            "____ is {x}.",
            "Which one is very {x}?",
        ),
    ),
    facts(
        "science",
        "what_it_is_in_nature",
        SKY,
        asked(
            "What is {x}?",
            "{x} is a kind of ____.",
            "What do we call {x}: planet, star, river or something else?",
            "What kind of thing is {x}?",
        )
        + phrased("the right word for what {x} is"),
    ),
    facts(
        "science",
        "where_it_grows",
        GROWS,
        asked(
            "Where do {x} grow?",
            "{x} grow ____.",
            "In which place do {x} grow?",
            "Where does one look for {x}?",
        )
        + phrased("the place where {x} grow"),
    ),
    judged(
        "science",
        "is_it_living",
        ALIVE,
        asked(
            "Is {ax} {y}?",
            "Yes or no: {ax} is {y}.",
            "Can one say that {ax} is {y}?",
            "{x}: is it {y}?",
            "Would you call {ax} {y}?",
        ),
        YES_NO,
    ),
)
