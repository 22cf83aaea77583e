"""Everyday questions of the clock: when to leave, what is open, how long it takes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..common import NAMES
from ..drawing import near, others, verdict, words
from ..wordings import asked

SUBJECTS = words("maths, English, history, sport, music, biology, Kazakh, art")


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24}:{minutes % 60:02d}"


def _clocks(random: Random, answer: int) -> list[str]:
    """Wrong times of the day, some minutes or an hour off."""
    steps = random.sample([-60, 60, -30, 30, 10, -10, 20, -20, 90], 5)
    return [_clock(answer + step) for step in steps]


def _leave(random: Random) -> Draw:
    due, minutes = 30 * random.randint(14, 40), 5 * random.randint(2, 11)
    answer = due - minutes
    values = {"t": _clock(due), "m": minutes, "name": random.choice(NAMES)}
    return Draw(values, _clock(answer), _clocks(random, answer))


def _film(random: Random) -> Draw:
    start, length = 15 * random.randint(56, 84), 5 * random.randint(13, 33)
    values = {"t": _clock(start), "h": f"{length // 60} h {length % 60} min"}
    return Draw(values, _clock(start + length), _clocks(random, start + length))


def _afternoon(random: Random) -> Draw:
    hour = random.randint(1, 11)
    wrong = others(
        random,
        (f"{n}:00" for n in (hour, hour + 10, hour + 11, hour + 6, hour + 14)),
        f"{hour + 12}:00",
    )
    return Draw({"x": f"{hour} pm"}, f"{hour + 12}:00", wrong)


def _to_pm(random: Random) -> Draw:
    hour = random.randint(13, 23)
    pool = [f"{n} pm" for n in (hour - 11, hour - 13, hour - 10) if 0 < n < 12] + [
        f"{hour - 12} am",
        "12 pm",
    ]
    pool += [f"{(hour - 8) % 11 + 1} am"]
    return Draw({"x": f"{hour}:00"}, f"{hour - 12} pm", others(random, pool, f"{hour - 12} pm"))


def _open(random: Random) -> Draw:
    opens, closes, now = random.randint(7, 11), random.randint(16, 21), random.randint(5, 23)
    place = random.choice(["shop", "bank", "library", "post office", "pharmacy"])
    hour = now if now != closes else closes - 1
    values = {"x": place, "a": f"{opens}:00", "b": f"{closes}:00", "t": f"{hour}:30"}
    return verdict(values, opens <= hour < closes)


def _sleep(random: Random) -> Draw:
    bed, hours = random.randint(20, 23), random.randint(6, 10)
    values = {"a": f"{bed}:00", "b": f"{(bed + hours) % 24}:00", "name": random.choice(NAMES)}
    return Draw(
        values,
        f"{hours} hours",
        [f"{n} hours" for n in near(random, hours, [bed - (bed + hours) % 24], low=2)],
    )


def _timetable(random: Random) -> Draw:
    lessons = random.sample(SUBJECTS, 4)
    first = random.randint(8, 10)
    shown = ", ".join(f"{first + n}:00 {lesson}" for n, lesson in enumerate(lessons))
    place = random.randrange(4)
    return Draw(
        {"list": shown, "t": f"{first + place}:00"},
        lessons[place],
        [x for x in lessons if x != lessons[place]],
    )


def _before_lunch(random: Random) -> Draw:
    lessons = random.sample(SUBJECTS, 4)
    place = random.randint(1, 3)
    values = {"list": ", then ".join(lessons), "x": lessons[place]}
    return Draw(values, lessons[place - 1], [x for x in lessons if x != lessons[place - 1]])


def _late(random: Random) -> Draw:
    due, minutes = 30 * random.randint(16, 40), 5 * random.randint(1, 11)
    values = {"t": _clock(due), "m": minutes, "x": random.choice(["train", "bus", "plane"])}
    return Draw(values, _clock(due + minutes), _clocks(random, due + minutes))


def _family(domain: str, name: str, draw: Callable[[Random], Draw], *questions: str) -> Family:
    return Family(domain, name, draw, asked(*questions))


FAMILIES = (
    _family(
        "math",
        "when_to_leave",
        _leave,
        "{name} must be there at {t} and needs {m} minutes. When must {name} leave?",
        "The way takes {m} minutes. I have to arrive at {t}. When do I go?",
        "Arrive at {t}, way of {m} min: leave at ____",
        "School starts at {t}. It is {m} minutes from home. At what time should one go out?",
    ),
    _family(
        "math",
        "end_of_film",
        _film,
        "A film starts at {t} and lasts {h}. When is it over?",
        "The show begins at {t}. Length: {h}. End: ____",
        "We board at {t} and fly {h}. When do we land (same time zone)?",
        "If it starts at {t} and takes {h}, when does it end?",
    ),
    _family(
        "math",
        "afternoon_hour",
        _afternoon,
        "What is {x} on a 24-hour clock?",
        "{x} = ____ (24 hours)",
        "The meeting is at {x}. Which time is that in 24-hour style?",
        "How do I write {x} without am and pm?",
    ),
    _family(
        "math",
        "hour_to_pm",
        _to_pm,
        "What is {x} with am or pm?",
        "{x} is ____ (am/pm)",
        "My watch shows {x}. How would an American say it?",
        "Write {x} in 12-hour style.",
    ),
    _family(
        "law",
        "is_it_open",
        _open,
        "The {x} is open from {a} to {b}. It is {t}. Is it open now?",
        "{x}: {a}-{b}. Time: {t}. Can I go in?",
        "It is {t}, and the {x} works from {a} until {b}. Open?",
        "Opening hours {a} to {b}. Is the {x} open at {t}?",
    ),
    _family(
        "medical",
        "hours_of_sleep",
        _sleep,
        "{name} slept from {a} to {b}. How many hours was that?",
        "Bed at {a}, up at {b}: ____ of sleep",
        "I go to bed at {a} and get up at {b}. How long do I sleep?",
        "A night shift runs from {a} to {b}. How long is it?",
    ),
    _family(
        "law",
        "timetable",
        _timetable,
        "The timetable: {list}. Which lesson is at {t}?",
        "{list}. At {t} we have ____.",
        "What do we learn at {t}? {list}",
        "Look at the plan ({list}). What is on at {t}?",
    ),
    _family(
        "law",
        "lesson_before",
        _before_lunch,
        "Today we have {list}. What comes right before {x}?",
        "First {list}. Which lesson is just before {x}?",
        "The order is {list}. Before {x} there is ____.",
        "We have {list}. After which lesson does {x} start?",
    ),
    _family(
        "math",
        "late_train",
        _late,
        "The {x} should come at {t} and is {m} minutes late. When does it come?",
        "{t} plus a delay of {m} min: ____",
        "A {x} planned for {t} has {m} minutes of delay. New time?",
        "It is due at {t}, but {m} minutes late. At what time is the {x} there?",
    ),
)
