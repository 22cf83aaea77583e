"""Law: Latin terms, contracts, courts, crimes, rights of inventors, and short cases with a rule."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import NAMES
from ..drawing import facts, groups, members, near, others, pairs, verdict
from ..wordings import asked

LATIN = pairs("""
habeas corpus: a detained person must be brought before a court; pro bono: work done free of charge; mens rea: a guilty mind
actus reus: the guilty act; stare decisis: courts follow earlier decisions; bona fide: in good faith; de facto: in fact
de jure: by law; ex parte: with only one side present; in absentia: while the person is absent; subpoena: an order to appear in court
pro rata: in proportion; res judicata: a matter already decided; amicus curiae: a friend of the court; prima facie: at first sight
caveat emptor: let the buyer beware; ultra vires: beyond one's powers; quid pro quo: something for something
alibi: proof of having been elsewhere; per se: by itself; affidavit: a written statement under oath
pacta sunt servanda: agreements must be kept; force majeure (French): an event beyond control
""")
CONTRACT = pairs("""
the proposal that opens a contract: offer; the agreement to a proposal: acceptance; what each side gives for the promise: consideration
the failure to keep a contract: breach; money paid for a loss: damages; an order to stop doing something: injunction
an order to do exactly what was promised: specific performance; the ending of a contract: termination
a contract that has no effect from the start: void contract; the passing of contract rights to another: assignment
a promise to answer for another's debt: guarantee; a duty not to tell secrets: confidentiality clause
a sum fixed in advance for a breach: penalty clause; wrong facts that lead one into a contract: misrepresentation
threats that force one into a contract: duress
""")
CRIMES = pairs("""
taking another's property secretly: theft; taking property by force: robbery; entering a building to steal: burglary
setting a house on fire on purpose: arson; lying under oath: perjury; making false money: counterfeiting
giving money to an official for a favour: bribery; killing a person on purpose: murder; taking a person for ransom: kidnapping
telling lies in print that harm a name: libel; threatening to reveal a secret for money: blackmail; signing in another's name: forgery
hiding where criminal money comes from: money laundering; keeping for oneself the money one was trusted with: embezzlement
betraying one's country: treason
""")
PROTECTION = pairs("""
a new machine: patent; a novel: copyright; a brand name: trademark; a song: copyright
a chemical process that is new: patent; a film: copyright; a secret recipe that nobody may learn: trade secret
""")
BRANCHES = pairs("""
makes laws: the legislature; applies laws and governs: the executive; decides disputes by law: the judiciary
""")
CASES = groups("""
a matter of criminal law: murder, robbery, arson, kidnapping, burglary, drug smuggling
a matter of family law: divorce, custody of a child, adoption, alimony
a matter of labour law: unfair dismissal, unpaid wages, a strike, overtime work
a matter of tax law: income tax, value added tax, customs duty
a matter of property law: ownership of land, a lease of a flat, a mortgage, a right of way
""")
DOCUMENTS = pairs("""
to leave property after death: will; to let another act for you: power of attorney; to rent a flat: lease
to agree on property before a wedding: prenuptial agreement; to employ a person: employment contract
to prove who owns land: title deed; to allow police to search a house: search warrant; to travel abroad: passport
to prove that one was born: birth certificate; to show that money was received: receipt
""")
ORGANS = pairs("""
settles disputes between states in The Hague: International Court of Justice; keeps peace between nations, with 193 members: United Nations
defends human rights complaints in Strasbourg: European Court of Human Rights; sets rules of world trade: World Trade Organization
looks after health in the world: World Health Organization; lends to states in trouble with payments: International Monetary Fund
hunts criminals across borders by sharing data: Interpol; protects world heritage sites: UNESCO
helps children in need: UNICEF; controls the peaceful use of atomic energy: International Atomic Energy Agency
""")


def _sentence(random: Random) -> Draw:
    first, second = random.randint(2, 12), random.randint(2, 12)
    together = random.random() < 0.5
    answer = max(first, second) if together else first + second
    how = "served at the same time (concurrently)" if together else "served one after the other"
    wrong = near(
        random,
        answer,
        [first + second, max(first, second), min(first, second), abs(first - second)],
        low=1,
    )
    return Draw(
        {"a": first, "b": second, "how": how}, f"{answer} years", [f"{n} years" for n in wrong]
    )


def _shares(random: Random) -> Draw:
    children = random.choice([2, 3, 4, 5])
    each = 1000 * random.randint(1, 20)
    total = 2 * each * children
    wrong = near(random, each, [2 * each, total // (children + 1), total // 2], low=1, step=500)
    values = {"total": f"${total}", "n": children, "name": random.choice(NAMES)}
    return Draw(values, f"${each}", [f"${n}" for n in wrong])


def _liable(random: Random) -> Draw:
    part = random.choice([10, 20, 25, 30, 40, 50])
    loss = 200 * random.randint(2, 50)
    answer = loss * (100 - part) // 100
    wrong = near(random, answer, [loss * part // 100, loss, loss - part], low=1, step=20)
    values = {"loss": f"${loss}", "part": part, "name": random.choice(NAMES)}
    return Draw(values, f"${answer}", [f"${n}" for n in wrong])


def _speed_rule(random: Random) -> Draw:
    limit, grace = random.choice([50, 60, 80, 110]), random.choice([5, 10])
    speed = limit + random.randint(-10, 25)
    return verdict({"limit": limit, "grace": grace, "speed": speed}, speed > limit + grace)


def _notice(random: Random) -> Draw:
    years = random.randint(0, 20)
    steps = [(2, 1), (5, 2), (10, 3), (99, 6)]
    answer = next(months for top, months in steps if years < top)
    unit = {1: "1 month", 2: "2 months", 3: "3 months", 6: "6 months"}
    pool = [*unit.values(), "4 months", "12 months"]
    return Draw({"n": years}, unit[answer], others(random, pool, unit[answer]))


def _family(name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family("law", name, draw, asked(*questions))


def _facts(name: str, table: dict[str, str], *questions: str) -> Family:
    return facts("law", name, table, asked(*questions))


FAMILIES = (
    _facts(
        "legal_latin",
        LATIN,
        "What does '{x}' mean in law?",
        "In a court, '{x}' means ____.",
        "The legal term '{x}': what is it?",
        "A lawyer says '{x}'. What is meant?",
    ),
    _facts(
        "contract_term",
        CONTRACT,
        "In contract law, what is {x} called?",
        "Which term means {x}?",
        "{x}: ____ (law of contracts)",
        "What do lawyers call {x}?",
    ),
    _facts(
        "crime",
        CRIMES,
        "Which crime is {x}?",
        "{x} is called ____.",
        "What is the name of the crime: {x}?",
        "Somebody is charged with {x}. What is the charge?",
    ),
    _facts(
        "protection",
        PROTECTION,
        "Which right protects {x}?",
        "{x} is protected by a ____.",
        "What should one get to protect {x}?",
        "Which kind of intellectual property is it: {x}?",
    ),
    _facts(
        "branch_of_state",
        BRANCHES | {"informs people and is called the fourth power": "the press"},
        "Which power of the state {x}?",
        "Who {x}?",
        "____ {x}.",
        "In a state, which branch {x}?",
    ),
    members(
        "law",
        "field_of_law",
        CASES,
        asked("Which of these is {x}?", "Choose {x}.", "____ is {x}.", "Which case is {x}?"),
    ),
    _facts(
        "document",
        DOCUMENTS,
        "Which document does one need {x}?",
        "{x} one needs a ____.",
        "What paper serves {x}?",
        "Which document is made {x}?",
    ),
    _facts(
        "world_organisation",
        ORGANS,
        "Which organisation {x}?",
        "____ {x}.",
        "Which body {x}?",
        "Name what {x}.",
    ),
    _family(
        "prison_terms",
        _sentence,
        "Sentences of {a} years and {b} years are {how}. How long is it in total?",
        "{a} years and {b} years, {how}: ____",
        "A judge gives {a} and {b} years, {how}. When is the prisoner free?",
        "How long are terms of {a} and {b} years, {how}?",
    ),
    _family(
        "inheritance",
        _shares,
        "By law the widow gets half and {n} children share the rest equally. {name} leaves {total}. What does each child get?",
        "{total}, one half for the spouse, the other half for {n} children in equal parts: ____ for a child",
        "Half goes to the wife, the rest equally to {n} children. Of {total}, how much is one child's part?",
        "An estate of {total}: half to the husband, half to {n} children together. What is the share of a child?",
    ),
    _family(
        "shared_fault",
        _liable,
        "{name} has a loss of {loss} and is {part}% at fault. How much can {name} recover, if own fault is taken off?",
        "Loss {loss}, own fault {part}%: recover ____",
        "The court cuts damages of {loss} by {part}% for the victim's own fault. What is paid?",
        "Damages are {loss}, less {part} percent for {name}'s part in it. How much remains?",
    ),
    _family(
        "speed_rule",
        _speed_rule,
        "The limit is {limit} km/h, and a fine is due only if one is more than {grace} km/h over it. Is a driver at {speed} fined?",
        "Limit {limit}, tolerance {grace}. At {speed} km/h, is there a fine?",
        "More than {grace} over {limit} km/h is fined. I drove {speed}. Must I pay?",
        "Rule: fine if speed is above {limit} plus {grace}. Speed: {speed}. Fine?",
    ),
    _family(
        "notice_period",
        _notice,
        "Notice is 1 month for less than 2 years of work, 2 months for less than 5, 3 months for less than 10, else 6 months. Somebody worked {n} years. What is the notice?",
        "Under 2 years: 1 month, under 5: 2, under 10: 3, otherwise 6 months. How long is the notice after {n} years?",
        "Years of work: {n}. Periods: below 2 years 1 month, below 5 years 2 months, below 10 years 3 months, from 10 years 6 months. Which applies?",
        "The notice grows with the years (1 month below 2 years, 2 below 5, 3 below 10, 6 from 10). {n} years give ____.",
    ),
)
