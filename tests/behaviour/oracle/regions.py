"""Which boxes a region shares a point with, in the most obvious way: one box after the other."""

import math
from fractions import Fraction

from . import geo
from .boxes import MARGIN, gap_squared, overlaps

# How often the piece of a segment that is searched is cut by a third.
ROUNDS = 90


def inside(region, low, high):
    return SHAPES[region["shape"]](region, low, high)


def ball(region, low, high):
    square = gap_squared(region["centre"], region["centre"], low, high)
    return square <= Fraction(region["radius"]) ** 2


def tapered(start, end, radii, low, high):
    """Within a radius, which grows evenly, of a place on a segment: the gap is convex, so that thirds find it."""

    def gap(place):
        total = 0.0
        for a, b, l, h in zip(start, end, low, high):
            x = a + place * (b - a)
            total += max(l - x, x - h, 0) ** 2
        return math.sqrt(total) - (radii[0] + place * (radii[1] - radii[0]))

    a, b = 0.0, 1.0
    for _ in range(ROUNDS):
        one, two = a + (b - a) / 3, b - (b - a) / 3
        a, b = (a, two) if gap(one) <= gap(two) else (one, b)
    least = min(gap(0.0), gap(1.0), gap((a + b) / 2))
    assert abs(least) > 1e-7, (start, end, low, high)
    return least < 0


def capsule(region, low, high):
    return tapered(region["from"], region["to"], [region["radius"]] * 2, low, high)


def cone(region, low, high):
    apex, along, length = region["apex"], region["direction"], region["length"]
    norm = math.sqrt(sum(x * x for x in along))
    end = [a + x / norm * length for a, x in zip(apex, along)]
    return tapered(apex, end, (0.0, length * math.sin(region["half_angle_rad"])), low, high)


def reaches(normal, offset, low, high):
    most = sum(Fraction(n) * Fraction(h if n > 0 else l) for n, l, h in zip(normal, low, high))
    return most >= Fraction(offset)


def half_space(region, low, high):
    return reaches(region["normal"], region["offset"], low, high)


def convex(region, low, high):
    return overlaps([[geo.hull([tuple(p) for p in region["points"]])[:-1]]], low, high)


def frustum(region, low, high):
    """Whatever no single plane rules out."""
    return all(reaches(plane[:3], plane[3], low, high) for plane in region["planes"])


def view_projection(region, low, high):
    """Points alone: mapped, and compared with the depth that they come to."""
    assert low == high
    point = [Fraction(x) for x in low] + [1]
    x, y, z, w = [sum(Fraction(m) * p for m, p in zip(row, point)) for row in region["matrix"]]
    return -w <= x <= w and -w <= y <= w and (0 if region["depth_from_zero"] else -w) <= z <= w


def polygon(region, low, high):
    return overlaps(region["polygon"], low, high)


SHAPES = {
    "ball": ball,
    "capsule": capsule,
    "cone": cone,
    "half_space": half_space,
    "convex": convex,
    "frustum": frustum,
    "view_projection": view_projection,
    "polygon": polygon,
}


def meets(origin, direction, reach, corners):
    """Where a ray meets a triangle; one that nearly grazes its border is no case."""
    exact = lambda row: [Fraction(x) for x in row]
    origin, direction = exact(origin), exact(direction)
    corners = [exact(corner) for corner in corners]
    t = in_space(origin, direction, corners) if len(origin) == 3 else in_plane(origin, direction, corners)
    return None if t is None or t < 0 or (reach is not None and t > Fraction(reach)) else t


def is_in(shares):
    assert all(abs(share) > MARGIN for share in shares), shares
    return all(share > 0 for share in shares)


def determinant(rows):
    if len(rows) == 2:
        return rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]
    (a, b, c), one, two = rows
    minor = lambda p, q: one[p] * two[q] - one[q] * two[p]
    return a * minor(1, 2) - b * minor(0, 2) + c * minor(0, 1)


def solve(columns, right):
    """Cramer's rule; none if the columns depend on each other."""
    rows = list(zip(*columns))
    whole = determinant(rows)
    if whole == 0:
        return None
    with_right = lambda n: [row[:n] + (right[at],) + row[n + 1 :] for at, row in enumerate(rows)]
    return [determinant(with_right(n)) / whole for n in range(len(columns))]


def minus(a, b):
    return tuple(x - y for x, y in zip(a, b))


def in_space(origin, direction, corners):
    a, b, c = corners
    found = solve([minus(b, a), minus(c, a), tuple(-x for x in direction)], minus(origin, a))
    if found is None:
        return None
    u, v, t = found
    return t if is_in((u, v, 1 - u - v)) else None


def in_plane(origin, direction, corners):
    a, b, c = corners
    u, v = solve([minus(b, a), minus(c, a)], minus(origin, a))
    if is_in((u, v, 1 - u - v)):
        return Fraction(0)
    times = []
    for one, two in ((a, b), (b, c), (c, a)):
        found = solve([direction, minus(one, two)], minus(one, origin))
        if found is not None and is_in((found[1], 1 - found[1])) and found[0] >= 0:
            times.append(found[0])
    return min(times, default=None)


def first_triangle(triangles, origin, direction, reach):
    found = [(meets(origin, direction, reach, corners), n) for n, corners in enumerate(triangles)]
    found = sorted(pair for pair in found if pair[0] is not None)
    for (one, _), (two, _) in zip(found, found[1:2]):
        assert one == two or two - one > MARGIN, (origin, direction)
    return (found[0][1], float(found[0][0])) if found else (None, None)
