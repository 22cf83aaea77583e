"""Science facts: elements, planets, inventors, formulas, prefixes, vitamins."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import (
    counts,
    facts,
    groups,
    keys,
    members,
    named,
    numbers,
    ordered,
    others,
    pairs,
    words,
)
from ..wordings import asked, phrased

ELEMENTS = pairs("""
hydrogen: H; helium: He; carbon: C; nitrogen: N; oxygen: O; sodium: Na; magnesium: Mg; aluminium: Al; silicon: Si
phosphorus: P; sulfur: S; chlorine: Cl; potassium: K; calcium: Ca; iron: Fe; copper: Cu; zinc: Zn; silver: Ag
tin: Sn; gold: Au; mercury: Hg; lead: Pb; iodine: I; uranium: U; neon: Ne; fluorine: F; argon: Ar; nickel: Ni
lithium: Li; titanium: Ti; tungsten: W; platinum: Pt; barium: Ba; cobalt: Co; chromium: Cr; manganese: Mn
""")
ATOMIC_NUMBERS = numbers("""
hydrogen: 1; helium: 2; lithium: 3; carbon: 6; nitrogen: 7; oxygen: 8; fluorine: 9; neon: 10; sodium: 11
magnesium: 12; aluminium: 13; silicon: 14; chlorine: 17; calcium: 20; iron: 26; copper: 29; silver: 47; gold: 79
""")
PLANETS = words("Mercury, Venus, Earth, Mars, Jupiter, Saturn, Uranus, Neptune")
ABOUT_PLANETS = pairs("""
is the hottest planet: Venus; is the smallest planet of the solar system: Mercury; has the great red spot: Jupiter
has Titan as its largest moon: Saturn; has Phobos and Deimos as moons: Mars; rotates lying on its side: Uranus
is the farthest planet from the Sun: Neptune; has one large moon and oceans: Earth
""")
INVENTORS = pairs("""
the telephone: Alexander Graham Bell; dynamite: Alfred Nobel; printing with movable letters in Europe: Johannes Gutenberg
the first powered aeroplane: the Wright brothers; the World Wide Web: Tim Berners-Lee; the Morse code: Samuel Morse
the phonograph: Thomas Edison; the diesel engine: Rudolf Diesel; the mercury barometer: Evangelista Torricelli
the electric battery (pile): Alessandro Volta; writing for the blind: Louis Braille; the smallpox vaccine: Edward Jenner
""")
DISCOVERERS = pairs("""
the law of gravitation: Isaac Newton; the theory of relativity: Albert Einstein; penicillin: Alexander Fleming
radium: Marie Curie; evolution by natural selection: Charles Darwin; the periodic table: Dmitri Mendeleev
that the planets go round the Sun: Nicolaus Copernicus; X-rays: Wilhelm Roentgen; laws of heredity with peas: Gregor Mendel
the laws of planetary motion: Johannes Kepler; four moons of Jupiter: Galileo Galilei; buoyancy in a bath: Archimedes
that germs spoil milk and wine: Louis Pasteur; the electron: J. J. Thomson; the bacterium of tuberculosis: Robert Koch
""")
FORMULAS = pairs("""
water: H2O; table salt: NaCl; carbon dioxide: CO2; methane: CH4; ammonia: NH3; sulfuric acid: H2SO4; ozone: O3
hydrochloric acid: HCl; glucose: C6H12O6; lime (calcium carbonate): CaCO3; hydrogen peroxide: H2O2; rust: Fe2O3
nitric acid: HNO3; sodium hydroxide: NaOH; carbon monoxide: CO; ethanol: C2H5OH
""")
PREFIXES = pairs("""
a thousand: kilo; a million: mega; a thousand million: giga; a thousandth: milli; a hundredth: centi; a tenth: deci
a millionth: micro; a thousand-millionth: nano; a hundred: hecto; a million million: tera
""")
ACIDITY = groups("""
an acid: vinegar, lemon juice, stomach juice, cola, hydrochloric acid, battery fluid
a base: soap water, caustic soda, ammonia solution, drain cleaner, lime water
neutral: pure water, a solution of table salt, sugar water
""")
GROUPS_OF = pairs("""
lions: pride; wolves: pack; fish: school; sheep: flock; bees: swarm; cattle: herd; puppies: litter; crows: murder
geese: gaggle; ants: colony; whales: pod
""")
ENERGY = pairs("""
a moving car: kinetic energy; a stone held high: potential energy; food: chemical energy; a hot stove: heat
a stretched spring: elastic energy; a lamp's shine: light; the nucleus of uranium: nuclear energy
""")
STUDIES = pairs("""
living things: biology; stars and planets: astronomy; rocks: geology; the weather: meteorology; plants: botany
animals: zoology; the mind: psychology; matter and its reactions: chemistry; numbers and shapes: mathematics
old cultures by digging: archaeology; insects: entomology; earthquakes: seismology; birds: ornithology; fossils: palaeontology
""")
CHANGES = pairs("""
from solid to liquid: melting; from liquid to gas: evaporation; from gas to liquid: condensation
from liquid to solid: freezing; from solid to gas: sublimation; from gas to solid: deposition
""")
ORGANS = groups("""
digestion: stomach, small intestine, oesophagus, large intestine
breathing: lungs, windpipe, bronchi
circulation: heart, arteries, veins
the nervous system: brain, spinal cord, nerves
excretion of urine: kidneys, bladder, ureter
""")
CELLS = pairs("""
makes energy from food: mitochondrion; holds the DNA of a plant or animal cell: nucleus; makes proteins: ribosome
does photosynthesis: chloroplast; surrounds an animal cell: cell membrane; gives a plant cell a stiff shape: cell wall
""")


def _planet_place(random: Random) -> Draw:
    place = random.randrange(8)
    nth = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")[place]
    return Draw(named(nth), PLANETS[place], others(random, PLANETS, PLANETS[place]))


FAMILIES = (
    facts(
        "science",
        "element_symbol",
        ELEMENTS,
        asked(
            "What is the chemical symbol of {x}?",
            "Which letters stand for {x} in the periodic table?",
            "{x} has the symbol ____.",
        )
        + phrased("the symbol of the element {x}"),
    ),
    keys(
        "science",
        "element_of_symbol",
        ELEMENTS,
        asked(
            "Which element has the symbol {x}?",
            "In chemistry {x} stands for ____.",
            "{x} is the sign of which element?",
            "Chemistry: what is {x}?",
        ),
    ),
    counts(
        "science",
        "atomic_number",
        ATOMIC_NUMBERS,
        asked(
            "What is the atomic number of {x}?",
            "How many protons has an atom of {x}?",
            "{x}: element number ____",
        )
        + phrased("the atomic number of {x}"),
    ),
    Family(
        "science",
        "planet_place",
        _planet_place,
        asked(
            "Which planet is the {x} from the Sun?",
            "The {x} planet, counted from the Sun, is ____.",
            "Counting from the Sun, which planet is the {x} one?",
        )
        + phrased("the {x} planet from the Sun"),
    ),
    ordered(
        "science",
        "planet_after",
        PLANETS,
        1,
        asked(
            "Which planet comes after {x}, going away from the Sun?",
            "Beyond {x} the next planet is ____.",
            "Which planet is the next farther from the Sun than {x}?",
            "From the Sun outward: {x}, then ____",
        ),
        cyclic=False,
    ),
    facts(
        "science",
        "about_planets",
        ABOUT_PLANETS,
        asked(
            "Which planet {x}?",
            "The planet that {x} is ____.",
            "Name the planet that {x}.",
            "It {x}. Which planet is it?",
        ),
    ),
    facts(
        "science",
        "inventor",
        INVENTORS,
        asked(
            "Who invented {x}?",
            "Who is known for the invention of {x}?",
            "{x}: whose invention?",
            "The inventor of {x} is ____.",
        ),
    ),
    facts(
        "science",
        "discoverer",
        DISCOVERERS,
        asked(
            "Who found {x}?",
            "Who is known for {x}?",
            "Which scientist stands for {x}?",
            "{x}: ____",
        ),
    ),
    facts(
        "science",
        "formula",
        FORMULAS,
        asked("What is the formula of {x}?", "Which formula is {x}?", "{x} in chemical signs: ____")
        + phrased("the chemical formula of {x}"),
    ),
    keys(
        "science",
        "substance_of_formula",
        FORMULAS,
        asked(
            "Which substance is {x}?",
            "{x} is the formula of ____.",
            "What is {x} called?",
            "In a bottle is {x}. What is it?",
        ),
    ),
    facts(
        "science",
        "unit_prefix",
        PREFIXES,
        asked(
            "Which prefix of units means {x}?",
            "{x} as a prefix: ____",
            "Which prefix stands for {x}?",
        )
        + phrased("the prefix for {x}"),
    ),
    members(
        "science",
        "acid_or_base",
        ACIDITY,
        asked(
            "Which of these is {x}?",
            "Choose what is {x}.",
            "____ is {x}.",
            "In chemistry, which one is {x}?",
        ),
    ),
    facts(
        "law",
        "group_of_animals",
        GROUPS_OF,
        asked(
            "What is a group of {x} called?",
            "A ____ of {x}",
            "Which word is used for many {x} together?",
        )
        + phrased("the collective noun for {x}"),
    ),
    facts(
        "science",
        "form_of_energy",
        ENERGY,
        asked(
            "Which form of energy is it above all: {x}?",
            "{x}: which energy?",
            "Which energy does one think of with {x}?",
            "{x} is an example of ____.",
        ),
    ),
    facts(
        "science",
        "field_of_study",
        STUDIES,
        asked(
            "Which science studies {x}?",
            "The study of {x} is called ____.",
            "{x}: which field?",
            "What does one study to learn about {x}?",
        ),
    ),
    facts(
        "science",
        "change_of_state",
        CHANGES,
        asked(
            "What is the change {x} called?",
            "{x}: ____",
            "Which word is used for the change {x}?",
            "A substance goes {x}. What is this?",
        ),
    ),
    members(
        "medical",
        "organ_system",
        ORGANS,
        asked(
            "Which organ belongs to {x}?",
            "Which of these serves {x}?",
            "An organ of {x}: ____",
            "Choose the organ for {x}.",
        ),
    ),
    facts(
        "medical",
        "cell_part",
        CELLS,
        asked(
            "Which part of a cell {x}?",
            "In a cell, it {x}. What is it?",
            "Biology: ____ {x}.",
            "Name what {x}.",
        ),
    ),
)
