"""Health: first aid, blood groups, burnt skin, fears, what a lack leads to."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from .parts import listed, near, of_facts, with_unit

# What to do, then three things not to do.
FIRST_AID = {
    "a small burn": ("cool it under running water", "rub butter on it", "prick the blisters", "cover it with cotton wool"),
    "a nosebleed": ("lean forward and pinch the soft part of the nose", "lean the head far back", "lie flat on the back", "blow the nose hard again and again"),
    "a bee's sting still in the skin": ("scrape or pull it out quickly", "leave it in for a day", "cut the skin around it", "wait for it to fall out"),
    "somebody unconscious who breathes normally": ("put them in the recovery position", "seat them upright on a chair", "pour water into their mouth", "slap them until they wake"),
    "somebody who neither responds nor breathes": ("call for help and begin chest compressions", "wait an hour", "give them something to drink", "put a cushion under the head and leave"),
    "an adult who chokes and cannot cough": ("give firm blows between the shoulder blades", "offer a glass of water", "lay them flat and wait", "feed them dry bread"),
    "heavy bleeding from an arm": ("press a clean cloth firmly on the wound", "let the arm hang down", "rinse it for half an hour", "sprinkle flour on it"),
    "frostbitten fingers, back in a warm hut": ("warm them in lukewarm water", "rub them with snow", "hold them over a flame", "beat them against a wall"),
    "a splash of acid in the eye": ("rinse the eye with plenty of water", "rub the eye", "cover it dry and wait", "drip lemon juice into it"),
    "a sprained ankle": ("rest it, cool it and raise it", "keep running on it", "massage it hard at once", "soak it in a hot bath"),
    "somebody in a seizure": ("move hard things away and protect the head", "hold arms and legs down by force", "push a spoon between the teeth", "give them water"),
    "heatstroke": ("bring them into the shade and cool the body", "wrap them in blankets", "have them run to sweat", "give them schnapps"),
    "a tick in the skin": ("pull it out with fine tweezers close to the skin", "drown it in oil", "burn it with a match", "squash it with the fingers"),
    "a knife stuck in a wound": ("leave it in and pad around it", "pull it out at once", "turn it to see how deep it is", "push it further in"),
    "somebody who feels faint": ("lay them down and raise the legs", "keep them standing upright", "give them a heavy meal", "have them climb stairs"),
    "swallowed bleach": ("call the poison centre at once", "make them vomit", "wait until it hurts", "give them vinegar"),
    "somebody still touching a live cable": ("switch the current off first", "pull them away with bare hands", "pour water over the cable", "take them by the hand"),
    "hypothermia": ("take off wet clothes and wrap in dry blankets", "give brandy", "rub the arms and legs hard", "put them into a very hot bath"),
    "a suspected heart attack": ("call the emergency number at once", "wait until the next morning", "test it with a brisk walk", "go to bed with a hot drink"),
    "a suspected broken neck": ("keep the person still until help comes", "help the person to sit up", "carry the person to a car", "turn the head from side to side"),
}  # fmt: skip
GROUPS = ("O-", "O+", "A-", "A+", "B-", "B+", "AB-", "AB+")
# The rule of nines, in percent of an adult's skin.
NINES = {
    "the head and neck": 9, "the whole right arm": 9, "the whole left arm": 9, "the front of the trunk": 18,
    "the back of the trunk": 18, "the whole right leg": 18, "the whole left leg": 18,
}  # fmt: skip
FEARS = {
    "arachnophobia": "spiders", "acrophobia": "heights", "claustrophobia": "narrow closed spaces",
    "agoraphobia": "open or crowded places", "ailurophobia": "cats", "cynophobia": "dogs",
    "ornithophobia": "birds", "pyrophobia": "fire", "nyctophobia": "the dark", "mysophobia": "dirt and germs",
    "trypanophobia": "injections", "haemophobia": "blood", "astraphobia": "thunder and lightning",
    "ophidiophobia": "snakes", "entomophobia": "insects", "glossophobia": "speaking in public",
    "xenophobia": "strangers", "musophobia": "mice", "dentophobia": "dentists", "aviophobia": "flying",
    "thalassophobia": "the deep sea", "coulrophobia": "clowns", "gephyrophobia": "bridges",
}  # fmt: skip
LACKS = {
    "vitamin C": "scurvy", "vitamin D in childhood": "rickets", "vitamin A": "night blindness",
    "vitamin B1": "beriberi", "niacin": "pellagra", "iodine": "goitre", "iron": "anaemia",
    "vitamin K": "blood that clots badly", "protein in small children": "kwashiorkor",
    "insulin": "diabetes", "fluoride": "tooth decay", "fibre in food": "constipation", "melanin": "albinism",
    "lactase": "trouble with milk", "dopamine in the brain": "Parkinson's disease",
}  # fmt: skip


def _first_aid(random: Random) -> Draw:
    case = random.choice(list(FIRST_AID))
    answer, *wrong = FIRST_AID[case]
    return Draw({"case": case}, answer, wrong)


def _gives(donor: str, receiver: str) -> bool:
    """Whether red cells of the donor have no antigen that the receiver lacks."""
    antigens = set(donor) - set("O-")
    return antigens <= set(receiver)


def _blood(random: Random) -> Draw:
    while True:
        group, giving = random.choice(GROUPS), random.random() < 0.5
        rest = [other for other in GROUPS if other != group]
        right = [
            other for other in rest if (_gives(other, group) if giving else _gives(group, other))
        ]
        wrong = [other for other in rest if other not in right]
        if right and len(wrong) >= 3:
            role = "can give red cells to" if giving else "can receive red cells from"
            return Draw(
                {"role": role, "group": group}, random.choice(right), random.sample(wrong, 3)
            )


def _burns(random: Random) -> Draw:
    parts = random.sample(list(NINES), random.randint(1, 4))
    answer = sum(NINES[part] for part in parts)
    slips = answer + 9, answer - 9, 9 * len(parts), 10 * len(parts)
    return Draw({"parts": listed(parts)}, str(answer), near(random, answer, *slips, step=9))


FAMILIES = (
    Family("medical", "first_aid", _first_aid, (
        "First aid for {case}: what is right?",
        "It is about {case}. What do you do first?",
        "The teacher of the first-aid course names {case}. Which answer does she want to hear?",
        "{case}! What helps?",
        "Choose the proper first aid. The case: {case}.",
    )),
    Family("medical", "blood", _blood, (
        "Which blood group {role} {group}?",
        "Transfusion of red cells: who {role} {group} without danger?",
        "By the ABO and rhesus rules, a person of which group {role} a person of group {group}?",
        "Nurse's exam: name the group that {role} {group}.",
    )),
    Family("medical", "burns", with_unit(_burns, after="%"), (
        "By the rule of nines, what share of an adult's skin is burnt if {parts} are burnt?",
        "Adult with burns of {parts}. Burnt surface, by the rule of nines?",
        "Rule of nines. Burnt: {parts}. The burnt area is",
        "Emergency room: {parts} burnt in a grown-up. How much of the body surface is that (a head is 9%, a leg 18%)?",
    )),
    of_facts("medical", "fears", FEARS, (
        "What is somebody with {cue} afraid of?",
        "{cue} is the fear of",
        "My aunt has {cue}. What frightens her?",
        "Explain the word {cue}: a strong fear of ...",
        "In a quiz on psychology: {cue}?",
    )),
    of_facts("medical", "lacks", LACKS, (
        "What does a lack of {cue} typically lead to?",
        "Too little {cue}: which trouble follows?",
        "A patient is short of {cue}. You expect to find",
        "Deficiency of {cue} causes",
        "Doctor, what can I get if I don't have enough {cue}?",
    )),
)  # fmt: skip
