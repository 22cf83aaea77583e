"""Science at hand: hardness, mixing water, gears, tides, resistors, maps, weather, a ship's bells."""

from __future__ import annotations

from random import Random

from ...family import Family
from ...skills import Draw
from .parts import clock, listed, near, of_facts, others, with_unit

# Mohs: the hardness of minerals and of what people compare them with.
HARDNESS = {
    "talc": 1.0, "gypsum": 2.0, "a fingernail": 2.5, "calcite": 3.0, "fluorite": 4.0, "apatite": 5.0,
    "window glass": 5.5, "orthoclase": 6.0, "quartz": 7.0, "topaz": 8.0, "corundum": 9.0, "diamond": 10.0,
}  # fmt: skip
COLOURS = ("black", "brown", "red", "orange", "yellow", "green", "blue", "violet", "grey", "white")
WEATHER = {
    "high, thin, wispy clouds of ice": "cirrus",
    "a towering cloud with lightning and hail": "cumulonimbus",
    "a low, grey, even layer like lifted fog": "stratus",
    "white heaps with flat bases on a fair day": "cumulus",
    "a thick dark layer with hours of steady rain": "nimbostratus",
    "a thin high veil that puts a halo around the sun": "cirrostratus",
    "a cloud that lies on the ground": "fog",
    "warm air sliding up over colder air ahead of it": "a warm front",
    "cold air pushing itself under warmer air": "a cold front",
    "a cold front that has caught up with a warm front": "an occluded front",
    "two air masses side by side, neither of which advances": "a stationary front",
    "a line on the map through places of equal air pressure": "an isobar",
    "a line on the map through places of equal temperature": "an isotherm",
    "the instrument that measures the speed of the wind": "an anemometer",
    "the instrument that measures the pressure of the air": "a barometer",
    "the instrument that measures how damp the air is": "a hygrometer",
    "ice crystals on grass after a clear cold night": "hoarfrost",
    "balls of ice that fall from thunderclouds": "hail",
    "drops of water that form on grass in a clear cool night": "dew",
}


def _mohs(random: Random) -> Draw:
    target = random.choice([name for name, hardness in HARDNESS.items() if 3 <= hardness <= 7])
    if random.random() < 0.5:
        kind = "is scratched by"
        right = [name for name in HARDNESS if HARDNESS[name] < HARDNESS[target]]
    else:
        kind = "scratches"
        right = [name for name in HARDNESS if HARDNESS[name] > HARDNESS[target]]
    wrong = [name for name in HARDNESS if name not in (*right, target)]
    values = {"kind": kind, "target": target}
    return Draw(values, random.choice(right), random.sample(wrong, 3))


def _mixing(random: Random) -> Draw:
    parts = random.choice([(1, 1), (1, 2), (2, 1), (1, 3), (3, 1)])
    whole = sum(parts)
    cold = random.randint(4, 30)
    answer = cold + parts[1] * random.randint(3, 12)
    hot = cold + (answer - cold) // parts[1] * whole
    values = {"a": _litres(parts[0]), "cold": cold, "b": _litres(parts[1]), "hot": hot}
    return Draw(
        values, str(answer), near(random, answer, (cold + hot) // 2, cold + hot, hot - cold)
    )


def _litres(count: int) -> str:
    return "1 litre" if count == 1 else f"{count} litres"


def _gears(random: Random) -> Draw:
    count = random.randint(2, 24)
    way = random.choice(["clockwise", "anticlockwise"])
    other = "anticlockwise" if way == "clockwise" else "clockwise"
    answer = way if count % 2 == 1 else other
    return Draw({"n": count, "way": way}, answer, [other if answer == way else way])


def _tides(random: Random) -> Draw:
    start = random.randrange(0, 24 * 60, 5)
    name, length = random.choice([("low", 6 * 60 + 12), ("high", 12 * 60 + 25)])
    answer = clock(start + length)
    slips = [
        clock(start + other)
        for other in (6 * 60, 12 * 60, 24 * 60 - length, length + 60, length - 30)
    ]
    return Draw({"time": clock(start), "next": name}, answer, others(random, slips, answer))


def _resistor(random: Random) -> Draw:
    tens, ones, power = random.randint(1, 9), random.randint(0, 9), random.randint(0, 5)
    bands = listed([COLOURS[tens], COLOURS[ones], COLOURS[power]])
    pairs = [
        (tens, ones, power + 1),
        (tens, ones, max(0, power - 1)),
        (ones, tens, power),
        (tens, (ones + 1) % 10, power),
        (tens % 9 + 1, ones, power),
    ]
    wrong = {str((10 * a + b) * 10**c) for a, b, c in pairs} | {str((tens + ones) * 10**power)}
    answer = str((10 * tens + ones) * 10**power)
    return Draw({"bands": bands}, answer, others(random, sorted(wrong), answer))


def _map(random: Random) -> Draw:
    scale = random.choice([10_000, 20_000, 25_000, 50_000, 100_000])
    length = random.randint(2, 24)
    answer = scale // 100 * length  # metres
    slips = {
        answer * 10,
        answer // 10,
        answer * 2,
        answer // 2,
        scale // 100,
        answer + scale // 100,
    }
    wrong = others(random, [str(slip) for slip in slips], str(answer))
    return Draw({"scale": f"1:{scale}", "cm": length}, str(answer), wrong)


def _bells(random: Random) -> Draw:
    hour, half = random.choice([h for h in range(24) if not 16 <= h < 20]), random.choice([0, 30])
    count = (hour % 4 * 60 + half) // 30 or 8
    wrong = others(random, [str(n) for n in range(1, 9)], str(count))
    return Draw({"time": clock(hour * 60 + half)}, str(count), wrong)


FAMILIES = (
    Family("science", "mohs", _mohs, (
        "Which of these {kind} {target}?",
        "On the scale of hardness, one of these {kind} {target}. Which?",
        "A geologist rubs two things together. What {kind} {target}?",
        "Choose what {kind} {target}; the harder always marks the softer.",
    )),
    Family("science", "mixing", with_unit(_mixing, after=" °C"), (
        "{a} of water at {cold} °C and {b} at {hot} °C are stirred together. What temperature results, if no heat is lost?",
        "I pour {b} of water of {hot} degrees into {a} of {cold} degrees. The mixture has about",
        "Baby's bath: {a} of cold water ({cold} °C) plus {b} of warm water ({hot} °C) gives",
        "Mixing water, {a} with {cold} °C, {b} with {hot} °C. Final temperature?",
    )),
    Family("science", "gears", _gears, (
        "{n} gearwheels stand in a row, each in mesh with the next. The first turns {way}. How does the last turn?",
        "In a chain of {n} cogs cog number 1 goes {way}; cog number {n} goes",
        "Wheel 1 drives wheel 2, that drives wheel 3, and so on. If wheel 1 turns {way}, which way does wheel {n} turn?",
        "Toy with {n} gears in line, neighbours touching. I turn the first {way}. The last one moves",
    )),
    Family("science", "tides", _tides, (
        "From high water to low water it takes 6 h 12 min, to the next high water 12 h 25 min. High water was at {time}. When is the next {next} water?",
        "High tide at {time}. Low tide follows after 6 hours 12 minutes, and high tide again after 12 hours 25 minutes. Next {next} tide:",
        "A fisher notes high water at {time}. When will it be {next} water, counting 6:12 hours from high to low and 12:25 hours from high to high?",
        "Tide table: high at {time}; intervals 6 h 12 (high to low), 12 h 25 (high to high). Give the next {next} tide.",
    )),
    Family("science", "resistor", with_unit(_resistor, after=" ohm"), (
        "A resistor has the colour bands {bands}. Its value is",
        "Bands in order: {bands} (two digits and the number of zeros). How many ohms?",
        "Read the resistor: {bands}.",
        "What resistance do the rings {bands} stand for?",
    )),
    Family("science", "map", with_unit(_map, after=" m"), (
        "On a map of scale {scale} two huts are {cm} cm apart. How far is that in reality?",
        "{cm} cm on the map, scale {scale}. In nature?",
        "I measured {cm} centimetres on our hiking map ({scale}). How long is the straight way outside?",
        "The plan is drawn at {scale}. A line of {cm} cm on it stands for",
    )),
    of_facts("science", "weather", WEATHER, (
        "What do meteorologists call this: {cue}?",
        "Weather quiz. Wanted: {cue}.",
        "{cue} - what is it?",
        "The name for {cue} is",
        "Fill in the word: \"We call it ..., that is, {cue}.\"",
    )),
    Family("science", "bells", _bells, (
        "On a ship one bell is struck half an hour after a watch of four hours began at midnight, two bells at the hour, up to eight at its end. How many bells at {time}?",
        "Ship's bells, one more every half hour, eight at 0, 4, 8 and 12 o'clock and so on. It is {time}. Strikes?",
        "A sailor hears the bell at {time}. Watches last four hours from midnight on, a stroke for every half hour passed. The number of strokes is",
        "At sea. Clock: {time}. The watch changes every four hours from 0:00 with eight bells; each half hour adds one. Bells now:",
    )),
)  # fmt: skip
