"""Things: colours, kinds, tools, materials, tastes."""

from __future__ import annotations

from ..drawing import TRUE_FALSE, facts, groups, judged, keys, members, odd_one, pairs
from ..wordings import asked, phrased

COLOUR = pairs("""
the clear sky at noon: blue; grass: green; snow: white; blood: red; a ripe banana: yellow; coal: black
milk: white; a ripe tomato: red; a lemon: yellow; a carrot: orange; the night sky: black; milk chocolate: brown
the sun in a child's drawing: yellow; a polar bear: white; a crow: black; an elephant: grey
a flamingo: pink; the leaf of a tree in summer: green; a cucumber: green; a fire engine: red
the stop light: red; the go light: green; a ripe orange: orange; an aubergine: purple; sugar: white
""")
MIXED = pairs("""
red and yellow: orange; blue and yellow: green; red and blue: purple; black and white: grey
red and white: pink; yellow and red: orange; yellow and blue: green; white and black: grey
""")
KINDS = groups("""
fruit: apple, banana, pear, cherry, grape, peach, plum, mango, orange, lemon, kiwi, apricot
vegetable: carrot, potato, onion, cabbage, cucumber, beetroot, garlic, spinach, radish
animal: dog, lion, horse, camel, rabbit, cow, wolf, bear, tiger, goat
colour: red, blue, green, yellow, black, white, brown, purple, grey
vehicle: car, bus, truck, train, bicycle, tram, motorcycle
piece of furniture: table, chair, bed, sofa, wardrobe, armchair, bookcase
drink: milk, tea, coffee, juice, lemonade, cocoa
piece of clothing: shirt, jacket, trousers, dress, socks, sweater, skirt, coat
tool: hammer, saw, screwdriver, drill, pliers, wrench
musical instrument: piano, guitar, violin, drum, flute, trumpet, dombra
sport: football, tennis, hockey, basketball, swimming, boxing, volleyball
metal: iron, copper, silver, aluminium, tin, zinc, lead
part of the body: hand, knee, elbow, shoulder, nose, ear, neck, stomach
profession: doctor, teacher, farmer, lawyer, driver, nurse, engineer, baker
country: Kazakhstan, France, Japan, Brazil, Canada, Egypt, Germany, Mexico
flower: tulip, daisy, sunflower, lily, orchid, carnation
school subject: mathematics, history, geography, chemistry, physics, biology
""")
USED_FOR = pairs("""
scissors: cutting paper; a pen: writing; a spoon: eating soup; a needle: sewing; a broom: sweeping the floor
a key: opening a lock; an umbrella: staying dry in the rain; a clock: telling the time; a bed: sleeping
a hammer: driving in nails; a saw: sawing wood; glasses: seeing better; a fridge: keeping food cold
a toothbrush: cleaning teeth; a towel: drying oneself; an old telephone: calling somebody; a cup: drinking tea
a thermometer: measuring temperature; a ruler: measuring length; scales: weighing things; an oven: baking
a comb: combing hair; soap: washing hands; a camera: taking photos; a lamp: giving light; a map: finding the way
a shovel: digging; a ladder: climbing up; a calculator: doing sums; an iron: pressing clothes
""")
MADE_OF = pairs("""
a window pane: glass; a book page: paper; a tyre: rubber; a nail: iron; bread: flour; cheese: milk
a jumper from a sheep: wool; a brick: clay; an omelette: eggs; a snowman: snow
a shoe of cow skin: leather; jeans: cotton; a candle: wax; chips: potatoes; wine: grapes
""")
TASTE = pairs("""
a lemon: sour; sugar: sweet; salt: salty; honey: sweet; vinegar: sour; sea water: salty
hot chilli pepper: hot; dark coffee without sugar: bitter; candy: sweet
""")
KIND_OF = {item: kind for kind, items in KINDS.items() for item in items if item != "orange"}

FAMILIES = (
    facts(
        "science",
        "colour_of",
        COLOUR,
        asked(
            "What colour is {x}?",
            "Which colour is {x}?",
            "The colour of {x} is ____.",
            "{x} is ____ (colour).",
            "What color does {x} have?",
        )
        + phrased("the colour of {x}", "the usual color of {x}"),
    ),
    facts(
        "science",
        "mixed_colour",
        MIXED,
        asked(
            "Which colour do you get if you mix {x}?",
            "What do {x} make when mixed?",
            "Mix {x} paint and you get ____.",
            "{x} mixed: which colour?",
            "If I mix {x}, what colour do I get?",
        )
        + phrased("the colour of a mix of {x}"),
    ),
    members(
        "science",
        "which_is_a",
        KINDS,
        asked(
            "Which of these is {ax}?",
            "Which one is {ax}?",
            "Choose {ax}.",
            "____ is {ax}.",
            "Find {ax} in the list.",
            "Pick {ax}.",
        )
        + phrased("{ax} among these"),
    ),
    facts(
        "science",
        "kind_of",
        KIND_OF,
        asked(
            "What is '{x}'?",
            "To which kind does '{x}' belong?",
            "'{x}' is an example of a ____.",
            "{x} is a kind of what?",
            "What do we call {x} in general?",
        )
        + phrased("the right group for '{x}'"),
    ),
    odd_one(
        "science",
        "which_is_not_a",
        KINDS,
        asked(
            "Which of these is not {ax}?",
            "Which one is no {x}?",
            "All but one are of the kind '{x}'. Which one is not?",
            "____ is not {ax}.",
            "Find the one that is not {ax}.",
        ),
    ),
    odd_one(
        "science",
        "odd_one_out",
        KINDS,
        asked(
            "Which is the odd one out: {list}?",
            "{list}: which word does not belong with the others?",
            "Find the odd one out: {list}.",
            "Which one does not fit: {list}?",
            "One of these is different from the others. Which one? {list}",
            "Choose the word that does not belong: {list}.",
        )
        + phrased("the odd one out in {list}"),
    ),
    judged(
        "science",
        "is_it_a",
        KIND_OF,
        asked(
            "Is '{x}' {ay}?",
            "Yes or no: is {x} {ay}?",
            "Can one call {x} {ay}?",
            "{x}: is it {ay}?",
            "Does '{x}' belong to the kind '{y}'?",
        ),
    ),
    facts(
        "science",
        "used_for",
        USED_FOR,
        asked(
            "What is {x} used for?",
            "What do people use {x} for?",
            "{x}: for ____",
            "We use {x} for ____.",
            "Why does one need {x}?",
        )
        + phrased("the use of {x}"),
    ),
    keys(
        "science",
        "tool_for",
        USED_FOR,
        asked(
            "What does one use for {x}?",
            "Which thing is for {x}?",
            "For {x} we use ____.",
            "I need something for {x}. What should I take?",
            "What is good for {x}?",
        )
        + phrased("the right thing for {x}"),
    ),
    facts(
        "science",
        "made_of",
        MADE_OF,
        asked(
            "What is {x} made of?",
            "What do people make {x} from?",
            "{x}: made of ____",
            "From what is {x} made?",
        )
        + phrased("the material of {x}"),
    ),
    facts(
        "science",
        "taste_of",
        TASTE,
        asked(
            "How does {x} taste?",
            "What taste does {x} have?",
            "{x} tastes ____.",
            "Is {x} sweet, sour, salty, bitter or hot?",
        )
        + phrased("the taste of {x}"),
    ),
    judged(
        "science",
        "true_colour",
        COLOUR,
        asked(
            "True or false: {x} is {y}.",
            "{x} is {y}. True or false?",
            "Is this true or false? The colour of {x} is {y}.",
            "The colour of {x} is {y}. Right or wrong: true or false?",
            "Say true or false: one sees {x} as {y}.",
        ),
        TRUE_FALSE,
    ),
)
