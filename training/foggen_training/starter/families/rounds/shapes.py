"""Geometry: areas, angles, solids."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from ...family import Family
from ...skills import Draw
from ..drawing import counts, near, numbers, others
from ..wordings import asked, phrased

TRIPLES = ((3, 4, 5), (6, 8, 10), (5, 12, 13), (9, 12, 15), (8, 15, 17), (12, 16, 20), (7, 24, 25))
SOLIDS = numbers("""
edges does a cube have: 12; faces does a tetrahedron have: 4; edges does a tetrahedron have: 6; faces does a triangular prism have: 5
faces does an octahedron have: 8; corners does a square pyramid have: 5; edges does a square pyramid have: 8
flat faces does a cylinder have: 2; faces does a dodecahedron have: 12; faces does an icosahedron have: 20
diagonals does a square have: 2; diagonals does a pentagon have: 5; diagonals does a hexagon have: 9
axes of symmetry does a square have: 4; axes of symmetry does an equilateral triangle have: 3
""")


def _measure(
    answer: int, mistakes: list[int], unit: str, values: dict[str, object], random: Random
) -> Draw:
    wrong = near(random, answer, mistakes, low=1)
    return Draw(values, f"{answer} {unit}", [f"{n} {unit}" for n in wrong])


def _rectangle_area(random: Random) -> Draw:
    a, b = random.randint(2, 20), random.randint(2, 12)
    return _measure(a * b, [2 * (a + b), a + b, a * b * 2], "cm2", {"a": a, "b": b}, random)


def _perimeter(random: Random) -> Draw:
    a, b = random.randint(2, 40), random.randint(2, 40)
    return _measure(2 * (a + b), [a * b, a + b, 2 * a + b], "m", {"a": a, "b": b}, random)


def _triangle_area(random: Random) -> Draw:
    base, height = 2 * random.randint(1, 10), random.randint(2, 12)
    answer = base * height // 2
    return _measure(answer, [base * height, base + height], "cm2", {"a": base, "b": height}, random)


def _square_side(random: Random) -> Draw:
    side = random.randint(2, 15)
    return _measure(
        side, [side * side // 4, side * side // 2, 4 * side], "m", {"a": side**2}, random
    )


def _box(random: Random) -> Draw:
    a, b, c = (random.randint(2, 9) for _ in range(3))
    mistakes = [a + b + c, a * b, 2 * (a * b + b * c + a * c)]
    return _measure(a * b * c, mistakes, "cm3", {"a": a, "b": b, "c": c}, random)


def _hypotenuse(random: Random) -> Draw:
    a, b, c = random.choice(TRIPLES)
    return _measure(c, [a + b, b, c * c, c + 1], "cm", {"a": a, "b": b}, random)


def _third_angle(random: Random) -> Draw:
    a, b = random.randint(20, 100), random.randint(20, 70)
    answer = 180 - a - b
    return _measure(answer, [a + b, 360 - a - b, 90], "degrees", {"a": a, "b": b}, random)


def _polygon_angles(random: Random) -> Draw:
    sides = random.randint(3, 12)
    answer = 180 * (sides - 2)
    pool = [180 * n for n in range(1, 14)] + [360 * 2]
    return Draw(
        {"a": sides},
        f"{answer} degrees",
        others(random, (f"{n} degrees" for n in pool), f"{answer} degrees"),
    )


def _circle(random: Random) -> Draw:
    r = random.randint(2, 12)
    kind, answer = random.choice([("area", f"{r * r} pi"), ("circumference", f"{2 * r} pi")])
    pool = [f"{n} pi" for n in (r, r * r, 2 * r, 4 * r, 2 * r * r, 4 * r * r)]
    return Draw({"a": r, "kind": kind}, answer, others(random, pool, answer))


def _angle_kind(random: Random) -> Draw:
    ranges = {
        "acute": range(1, 90),
        "right": [90],
        "obtuse": range(91, 180),
        "straight": [180],
        "reflex": range(181, 360),
    }
    kind = random.choice(list(ranges))
    return Draw({"a": random.choice(ranges[kind])}, kind, others(random, ranges, kind))


def _family(name: str, draw: Callable[[Random], Draw], *questions: str, of: str = "") -> Family:
    return Family("math", name, draw, asked(*questions) + (phrased(of) if of else []))


FAMILIES = (
    _family(
        "rectangle_area",
        _rectangle_area,
        "A rectangle is {a} cm long and {b} cm wide. What is its area?",
        "Length {a} cm, width {b} cm: the area is ____.",
        of="the area of a rectangle of {a} cm by {b} cm",
    ),
    _family(
        "perimeter",
        _perimeter,
        "A garden is {a} m by {b} m. How long is the fence around it?",
        "A rectangle has sides of {a} m and {b} m. Its perimeter is ____.",
        of="the perimeter of a rectangle of {a} m by {b} m",
    ),
    _family(
        "triangle_area",
        _triangle_area,
        "A triangle has a base of {a} cm and a height of {b} cm. What is its area?",
        "Base {a} cm, height {b} cm. Area of the triangle: ____",
        of="the area of a triangle with base {a} cm and height {b} cm",
    ),
    _family(
        "square_side",
        _square_side,
        "A square has an area of {a} m2. How long is its side?",
        "A square field covers {a} square metres. One side is ____ long.",
        of="the side of a square of {a} m2",
    ),
    _family(
        "box_volume",
        _box,
        "A box is {a} cm long, {b} cm wide and {c} cm high. What is its volume?",
        "Find the volume of a box of {a} x {b} x {c} cm.",
        of="the volume of a box of {a} cm by {b} cm by {c} cm",
    ),
    _family(
        "hypotenuse",
        _hypotenuse,
        "A right triangle has legs of {a} cm and {b} cm. How long is the hypotenuse?",
        "Pythagoras: legs {a} cm and {b} cm, longest side ____.",
        of="the hypotenuse for the legs {a} cm and {b} cm",
    ),
    _family(
        "third_angle",
        _third_angle,
        "Two angles of a triangle are {a} and {b} degrees. What is the third?",
        "A triangle has angles of {a} and {b} degrees and ____.",
        of="the third angle of a triangle with {a} and {b} degrees",
    ),
    _family(
        "polygon_angles",
        _polygon_angles,
        "What do the inner angles of a polygon with {a} sides add up to?",
        "A polygon has {a} corners. The sum of its inner angles is ____.",
        of="the sum of the angles in a polygon of {a} sides",
    ),
    _family(
        "circle",
        _circle,
        "A circle has a radius of {a}. What is its {kind}?",
        "Radius {a}: the {kind} is ____.",
        of="the {kind} of a circle with radius {a}",
    ),
    _family(
        "angle_kind",
        _angle_kind,
        "What kind of angle has {a} degrees?",
        "An angle of {a} degrees is called ____.",
        "{a} degrees: which kind of angle?",
        "Is an angle of {a} degrees acute, right, obtuse, straight or reflex?",
    ),
    counts(
        "math",
        "solids",
        SOLIDS,
        asked(
            "How many {x}?",
            "Tell me how many {x}.",
            "Geometry: how many {x}?",
            "Count: how many {x}?",
        ),
    ),
)
