"""People: professions, rooms, the body, clothes, and what one needs."""

from __future__ import annotations

from ..drawing import facts, keys, pairs
from ..wordings import asked, phrased

WORK = pairs("""
teacher: teaches pupils; doctor: treats sick people; baker: bakes bread; farmer: grows crops
pilot: flies planes; cook: prepares meals; judge: decides cases in court; firefighter: puts out fires
driver: drives a bus; dentist: fills teeth; tailor: makes clothes; writer: writes books
painter: paints pictures; postman: brings letters; barber: cuts hair; vet: treats animals
programmer: writes code; builder: builds houses; fisherman: catches fish; singer: sings songs
accountant: keeps the accounts; pharmacist: sells medicines; shepherd: looks after sheep
""")
PLACE = pairs("""
teacher: at a school; doctor: in a hospital; farmer: on a farm; judge: in a court; cook: in a kitchen
actor: in a theatre; pilot: on a plane; sailor: on a ship; librarian: in a library; miner: in a mine
cashier: in a shop; priest: in a church; scientist: in a laboratory; mechanic: in a garage
""")
ROOM = pairs("""
cook meals: kitchen; sleep: bedroom; take a shower: bathroom; park the car: garage; grow flowers: garden
do office work at home: study; watch TV with the family: living room; store old things under the roof: attic
""")
NEED = pairs("""
it rains: an umbrella; it is dark: a torch; you are thirsty: water; you are tired: sleep; you are hungry: food
you want to send a letter: a stamp
you cross a border: a passport; you drive a car: a driving licence; you cut bread: a knife
you are cold: a warm coat; your tooth aches: a dentist; you want to open a locked door: a key
you pay in a shop: money; you write on a blackboard: chalk; you want to borrow books: a library card
""")
BODY = pairs("""
see: eyes; hear: ears; smell: nose; taste: tongue; walk: legs; think: brain; pump blood: heart
take oxygen from the air into the blood: lungs; bite: teeth; digest food: stomach; clean the blood: kidneys
""")
WORN_ON = pairs("""
a hat: head; gloves: hands; shoes: feet; a scarf: neck; a belt: waist
a watch: wrist; earrings: ears; socks: feet; a cap: head; mittens: hands; a necklace: neck
""")

FAMILIES = (
    facts(
        "law",
        "profession_does",
        WORK,
        asked(
            "What does {ax} do?",
            "What is the work of {ax}?",
            "{Ax} ____.",
            "What does {ax} do at work?",
            "A person who is {ax} ____.",
        )
        + phrased("the job of {ax}"),
    ),
    keys(
        "law",
        "profession_of",
        WORK,
        asked(
            "Who {x}?",
            "Which person {x}?",
            "A person who {x} is a ____.",
            "My uncle {x}. What is he?",
            "What do you call somebody who {x}?",
        )
        + phrased("the profession of a person who {x}"),
    ),
    facts(
        "law",
        "profession_place",
        PLACE,
        asked(
            "Where does {ax} work?",
            "{Ax} works ____.",
            "Where can you find {ax} at work?",
            "The work place of {ax} is ____.",
        )
        + phrased("the place where {ax} works"),
    ),
    facts(
        "law",
        "room_for",
        ROOM,
        asked(
            "In which part of a house do you {x}?",
            "Where at home do people {x}?",
            "We {x} in the ____.",
            "I want to {x}. To which place at home do I go?",
        )
        + phrased("the place at home where you {x}"),
    ),
    facts(
        "medical",
        "need_when",
        NEED,
        asked(
            "What do you need when {x}?",
            "When {x}, what do you need?",
            "If {x}, you need ____.",
            "What is useful if {x}?",
            "{x}. What do you need?",
        ),
    ),
    facts(
        "medical",
        "body_part_for",
        BODY,
        asked(
            "With which part of the body do we {x}?",
            "What do people use to {x}?",
            "We {x} with our ____.",
            "Which organ do we need to {x}?",
            "To {x} the body uses the ____.",
        )
        + phrased("the part of the body to {x} with"),
    ),
    keys(
        "medical",
        "body_part_does",
        BODY,
        asked(
            "What do we do with our {x}?",
            "Why do we need our {x}?",
            "The work of our {x} is to ____.",
            "Our {x}: what for?",
            "Which task do our {x} have in the body?",
        ),
    ),
    facts(
        "medical",
        "worn_on",
        WORN_ON,
        asked(
            "Where do you wear {x}?",
            "On which part of the body does one wear {x}?",
            "One wears {x} on the ____.",
            "{x}: worn on the ____",
            "On what do you put {x}?",
        )
        + phrased("the part of the body for {x}"),
    ),
)
