"""Boxes that do not change, looked at one by one, in exact arithmetic where it can be."""

import math
from fractions import Fraction

from . import geo

# Two computed distances that are closer than this could change places by rounding alone.
MARGIN = 1e-9


class Boxes:
    """What an index is made of: the box of each item, and what stands beside it."""

    def __init__(self, low, high=None, payloads=None, values=None):
        self.low = [list(corner) for corner in low]
        self.high = [list(corner) for corner in (low if high is None else high)]
        self.payloads, self.values = payloads, values
        self.dims = len(self.low[0]) if self.low else None

    def every(self, wanted):
        return [n for n, (low, high) in enumerate(zip(self.low, self.high)) if wanted(low, high)]

    def extent(self):
        if not self.low:
            return None, None
        return [min(c) for c in zip(*self.low)], [max(c) for c in zip(*self.high)]

    def touching(self, low, high):
        return self.every(lambda a, b: touch(low, high, a, b))

    def within(self, low, high, reach):
        """At most so far; a reach that is nearly met but not quite is no case."""
        squares = [gap_squared(low, high, a, b) for a, b in zip(self.low, self.high)]
        if math.isinf(reach):
            return list(range(len(squares)))
        limit = Fraction(reach) ** 2
        for square in squares:
            assert square == limit or abs(square - limit) > MARGIN * max(1, limit), (low, reach)
        return [n for n, square in enumerate(squares) if square <= limit]

    def nearest(self, low, high, k, reach):
        squares = [(gap_squared(low, high, a, b), n) for n, (a, b) in enumerate(zip(self.low, self.high))]
        inside = set(self.within(low, high, reach))
        best = sorted(pair for pair in squares if pair[1] in inside)[:k]
        for (one, _), (two, _) in zip(best, best[1:]):
            assert one == two or two - one > MARGIN, (low, one, two)
        return [n for _, n in best], [math.sqrt(square) for square, _ in best]

    def on_globe(self, at, k, reach):
        """Points alone: nearest first along the great circle; beyond a pole is at the pole."""
        assert self.low == self.high
        places = [(point[0], max(-90.0, min(90.0, point[1]))) for point in self.low]
        found = sorted((geo.haversine(at, place), n) for n, place in enumerate(places))
        for metres, _ in found:
            assert abs(metres - reach) > 1e-3, (at, reach)
        for (one, _), (two, _) in zip(found, found[1:]):
            assert two - one > 1e-3, (at, one, two)
        found = [pair for pair in found if pair[0] <= reach][:k]
        return [n for _, n in found], [metres for metres, _ in found]

    def on_ray(self, origin, direction, reach):
        """The items in the order in which a ray enters them, and where."""
        found = []
        for n, (low, high) in enumerate(zip(self.low, self.high)):
            enters = entry(origin, direction, reach, low, high)
            if enters is not None:
                found.append((enters, n))
        found.sort()
        return [n for _, n in found], [float(t) for t, _ in found]

    def in_polygon(self, parts):
        return self.every(lambda low, high: overlaps(parts, low, high))

    def sums(self, low, high):
        values = [self.values[n] for n in self.touching(low, high)]
        nothing = float("nan")
        return len(values), math.fsum(values), min(values, default=nothing), max(values, default=nothing)


def touch(low, high, a, b):
    return all(l <= y and x <= h for l, h, x, y in zip(low, high, a, b))


def gap_squared(low, high, a, b):
    gaps = [max(Fraction(x) - Fraction(h), Fraction(l) - Fraction(y), 0) for l, h, x, y in zip(low, high, a, b)]
    return sum(gap * gap for gap in gaps)


def pairs(one, two, reach, is_same):
    """Pairs of items within a distance; of one index each pair once."""
    found = []
    for a, (low, high) in enumerate(zip(one.low, one.high)):
        found += [(a, b) for b in two.within(low, high, reach) if not is_same or a < b]
    return found


def entry(origin, direction, reach, low, high):
    """Where a ray enters a box: the latest of the entries into its slabs, if it is no exit."""
    near, far = Fraction(0), None if math.isinf(reach) else Fraction(reach)
    for at, step, l, h in zip(origin, direction, low, high):
        at, step, l, h = map(Fraction, (at, step, l, h))
        if step == 0:
            if not l <= at <= h:
                return None
            continue
        first, last = sorted(((l - at) / step, (h - at) / step))
        near = max(near, first)
        far = last if far is None else min(far, last)
    return near if far is None or near <= far else None


def overlaps(parts, low, high):
    """A box and a polygon share a point: a corner of one in the other, or borders that cross."""
    corners = [(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])]
    if any(geo.in_polygon(parts, *corner) for corner in corners):
        return True
    rings = [ring for part in parts for ring in part]
    if any(touch(low, high, point, point) for ring in rings for point in ring):
        return True
    sides = list(zip(corners, corners[1:] + corners[:1]))
    edges = [(a, b) for ring in rings for a, b in zip(ring, ring[1:] + ring[:1])]
    return any(cross(side, edge) for side in sides for edge in edges)


def cross(one, two):
    def turn(a, b, c):
        (ax, ay), (bx, by), (cx, cy) = [(Fraction(p[0]), Fraction(p[1])) for p in (a, b, c)]
        return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

    (a, b), (c, d) = one, two
    # Ends that lie on the other line were found as corners or points before.
    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0
