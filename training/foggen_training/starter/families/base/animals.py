"""Animals: their young, sounds, classes, homes and food."""

from __future__ import annotations

from ..drawing import facts, groups, judged, keys, members, odd_one, pairs
from ..wordings import asked, phrased

YOUNG = pairs("""
cat: kitten; dog: puppy; cow: calf; horse: foal; sheep: lamb; goat: kid; hen: chick; duck: duckling
pig: piglet; bear: cub; swan: cygnet; frog: tadpole; kangaroo: joey; deer: fawn; goose: gosling
owl: owlet; eagle: eaglet; butterfly: caterpillar
""")
SOUND = pairs("""
dog: barks; cat: meows; cow: moos; sheep: bleats; horse: neighs; duck: quacks; bee: buzzes
lion: roars; snake: hisses; wolf: howls; frog: croaks; pig: oinks; rooster: crows; mouse: squeaks
owl: hoots; donkey: brays
""")
CLASS = groups("""
mammal: dog, cat, cow, horse, whale, dolphin, bat, mouse, elephant, lion, sheep, rabbit, bear, camel, wolf
bird: eagle, owl, penguin, duck, hen, parrot, swan, ostrich, sparrow, crow, pigeon, falcon
fish: shark, salmon, tuna, carp, trout, pike, cod, herring
reptile: snake, lizard, crocodile, turtle, gecko
insect: ant, bee, fly, butterfly, mosquito, beetle, wasp, moth, grasshopper
amphibian: frog, toad, newt, salamander
""")
HOME = pairs("""
bee: hive; bird: nest; dog: kennel; horse: stable; spider: web; lion: den; rabbit: burrow; pig: sty
ant: anthill; goldfish: aquarium; beaver: lodge; snail: shell
""")
FOOD = pairs("""
cow: grass; lion: meat; squirrel: nuts; panda: bamboo; bee: nectar; koala: eucalyptus leaves
anteater: ants; mosquito: blood; silkworm: mulberry leaves
""")
COVER = pairs("""
bird: feathers; fish: scales; sheep: wool; bear: fur; hedgehog: spines; turtle: a shell
frog: smooth wet skin
""")
GIVES = pairs("""
cow: milk and beef; hen: eggs; sheep: wool; bee: honey; silkworm: silk
pig: pork; oyster: pearls
""")
FEMALE = pairs("""
bull: cow; rooster: hen; lion: lioness; stallion: mare; ram: ewe; boar: sow; tiger: tigress
drake: duck; fox: vixen
""")
ABILITY = groups("""
fly: eagle, bee, bat, butterfly, pigeon, owl, parrot, fly, mosquito, sparrow
live only in water: whale, shark, dolphin, salmon, tuna, octopus, jellyfish
neither fly nor live in water: dog, horse, elephant, camel, lion, goat, rabbit, giraffe, cow, sheep
""")
FARM = groups("""
a farm animal: cow, sheep, goat, pig, hen, horse, donkey, duck
a large wild animal of the land: lion, wolf, bear, tiger, elephant, giraffe, zebra, leopard
a sea animal: whale, shark, dolphin, octopus, jellyfish, starfish, squid
an insect: ant, bee, fly, mosquito, beetle, wasp
""")
KIND_OF = {animal: kind for kind, animals in CLASS.items() for animal in animals}

FAMILIES = (
    facts(
        "science",
        "animal_young",
        YOUNG,
        asked(
            "What is a baby {x} called?",
            "What do you call the young of {ax}?",
            "A young {x} is a ____.",
            "How is the baby of {ax} called?",
            "baby {x}?",
        )
        + phrased("the name of a baby {x}", "the young of {ax}"),
    ),
    keys(
        "science",
        "animal_of_young",
        YOUNG,
        asked(
            "Which animal has a young called {ax}?",
            "{Ax} grows up to be a ____.",
            "{Ax} is the baby of which animal?",
            "Whose baby is {ax}?",
        )
        + phrased("the adult animal of {ax}"),
    ),
    facts(
        "science",
        "animal_sound",
        SOUND,
        asked(
            "What does {ax} do when it makes a sound?",
            "Which sound does {ax} make?",
            "{Ax} ____.",
            "Choose the sound: {ax} ...",
            "{x}: which sound?",
        )
        + phrased("the right word for the sound of {ax}"),
    ),
    keys(
        "science",
        "animal_that_sounds",
        SOUND,
        asked(
            "Which animal {x}?",
            "Which of these {x}?",
            "What animal {x}?",
            "The animal that {x} is the ____.",
            "Who {x}?",
        )
        + phrased("the animal that {x}"),
    ),
    facts(
        "science",
        "animal_class",
        KIND_OF,
        asked(
            "What kind of animal is {ax}?",
            "Which class does the {x} belong to?",
            "{Ax} is a kind of ____.",
            "Is {ax} a mammal, a bird, a fish or something else?",
            "What type of animal is the {x}?",
        )
        + phrased("the class of the {x}"),
    ),
    members(
        "science",
        "which_animal_is",
        CLASS,
        asked(
            "Which of these is {ax}?",
            "Which animal is {ax}?",
            "Choose {ax}.",
            "Find the {x}.",
            "Which one is {ax}?",
        )
        + phrased("{Ax} in the list"),
    ),
    odd_one(
        "science",
        "animal_that_is_not",
        CLASS,
        asked(
            "Which of these is not {ax}?",
            "Which animal is not {ax}?",
            "All but one are of the kind {x}. Which one is not?",
            "Find the one that is no {x}.",
            "____ is not {ax}.",
        ),
    ),
    facts(
        "science",
        "animal_home",
        HOME,
        asked(
            "Where does {ax} live?",
            "What is the home of {ax} called?",
            "The home of {ax} is a ____.",
            "{Ax} lives in which home?",
            "{x}: name its home.",
        )
        + phrased("the home of {ax}"),
    ),
    facts(
        "science",
        "animal_food",
        FOOD,
        asked(
            "What does {ax} eat?",
            "What does {ax} feed on?",
            "{Ax} likes to eat ____.",
            "What is the usual food for {ax}?",
        )
        + phrased("the food of {ax}"),
    ),
    facts(
        "science",
        "animal_cover",
        COVER,
        asked(
            "What covers the body of {ax}?",
            "What is the body of {ax} covered with?",
            "{Ax} is covered with ____.",
            "What is on the outside of {ax}?",
        )
        + phrased("the cover of the body of {ax}"),
    ),
    facts(
        "science",
        "animal_gives",
        GIVES,
        asked(
            "What do we get from {ax}?",
            "What does {ax} give us?",
            "{Ax} gives people ____.",
            "Which product comes from {ax}?",
        )
        + phrased("a product of {ax}"),
    ),
    facts(
        "science",
        "animal_female",
        FEMALE,
        asked(
            "What is the female of a {x} called?",
            "A male is a {x}. What is the female?",
            "{x} and ____",
            "Which animal is the female of the {x}?",
        )
        + phrased("the female of the {x}"),
    ),
    members(
        "science",
        "animal_can",
        ABILITY,
        asked(
            "Which of these can {x}?",
            "Which animal can {x}?",
            "____ can {x}.",
            "Choose the animal that can {x}.",
            "Who can {x}?",
        ),
    ),
    members(
        "science",
        "animal_place",
        FARM,
        asked(
            "Which of these is {x}?",
            "Choose {x}.",
            "Which animal is {x}?",
            "____ is {x}.",
            "Find {x}.",
        )
        + phrased("{x} among these"),
    ),
    judged(
        "science",
        "is_it_a_kind",
        KIND_OF,
        asked(
            "Is {ax} {ay}?",
            "Yes or no: is {ax} {ay}?",
            "Is the {x} {ay}? Yes or no?",
            "Does the {x} belong to the class {y}?",
            "Can one say that {ax} is {ay}?",
        ),
    ),
)
