"""Distances, polygons and hulls by textbook formulas, none of them taken from the engine."""

import math
from fractions import Fraction

RADIUS_M = 6_371_008.8  # IUGG R1
WGS84_A = 6_378_137.0
WGS84_F = 1 / 298.257223563


def haversine(a, b):
    """Great circle on the mean sphere, by the plain haversine formula."""
    lat1, lat2 = math.radians(a[1]), math.radians(b[1])
    dlat, dlon = lat2 - lat1, math.radians((b[0] - a[0] + 540.0) % 360.0 - 180.0)
    h = math.sin(dlat / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def rhumb(a, b):
    """Line of constant bearing: the difference of the isometric latitudes (Mercator)."""
    lat1, lat2 = math.radians(a[1]), math.radians(b[1])
    dlon = math.radians((b[0] - a[0] + 540.0) % 360.0 - 180.0)
    if lat1 == lat2:
        stretch = math.cos(lat1)
    elif abs(a[1]) == 90 or abs(b[1]) == 90:
        stretch = 0.0
    else:
        dpsi = math.asinh(math.tan(lat2)) - math.asinh(math.tan(lat1))
        stretch = (lat2 - lat1) / dpsi
    return RADIUS_M * math.hypot(lat2 - lat1, stretch * dlon)


def geodesic(a, b):
    """Shortest way on the ellipsoid: longitudes on the auxiliary sphere by fixed point, and both
    integrals of the geodesic by quadrature instead of a series (Karney 2013, equations 7 and 8)."""
    if (a[0], a[1]) == (b[0], b[1]):
        return 0.0
    f = WGS84_F
    minor = WGS84_A * (1 - f)
    u1 = math.atan((1 - f) * math.tan(math.radians(a[1])))
    u2 = math.atan((1 - f) * math.tan(math.radians(b[1])))
    target = math.radians((b[0] - a[0] + 540.0) % 360.0 - 180.0)
    sign, target = math.copysign(1.0, target), abs(target)
    omega = target
    for _ in range(200):
        sin_sigma = math.hypot(
            math.cos(u2) * math.sin(omega),
            math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(omega),
        )
        cos_sigma = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(omega)
        alpha1 = math.atan2(
            math.cos(u2) * math.sin(omega),
            math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(omega),
        )
        sin0 = math.sin(alpha1) * math.cos(u1)
        cos0 = math.sqrt(max(0.0, 1 - sin0 * sin0))
        k2 = (f * (2 - f) / (1 - f) ** 2) * cos0 * cos0
        sigma1 = math.atan2(math.sin(u1), math.cos(alpha1) * math.cos(u1))
        sigma2 = sigma1 + math.atan2(sin_sigma, cos_sigma)

        def third(s):
            return (2 - f) / (1 + (1 - f) * math.sqrt(1 + k2 * math.sin(s) ** 2))

        following = target + f * sin0 * integral(third, sigma1, sigma2)
        if abs(following - omega) < 1e-15:
            break
        omega = following
    else:
        raise ValueError(f"no geodesic from {a} to {b} after so many rounds (sign {sign})")
    return minor * integral(lambda s: math.sqrt(1 + k2 * math.sin(s) ** 2), sigma1, sigma2)


def integral(f, start, end, steps=400):
    """Simpson's rule; the integrands here are smooth, so it is exact to the last digits."""
    h = (end - start) / steps
    inner = math.fsum((4 if i % 2 else 2) * f(start + i * h) for i in range(1, steps))
    return (f(start) + f(end) + inner) * h / 3


def with_height(ground, dz):
    return math.hypot(ground, dz)


def ground_distance(space, a, b):
    if space == "geographic":
        return haversine(a, b)
    return math.hypot(a[0] - b[0], a[1] - b[1])


def solid_distance(space, a, b):
    return with_height(ground_distance(space, a, b), a[2] - b[2])


def by_metric(space, metric, a, b):
    if metric == "euclidean":
        flat = math.hypot(a[0] - b[0], a[1] - b[1])
        return flat if space == "geographic" else math.hypot(flat, a[2] - b[2])
    ground = {"haversine": haversine, "geodesic": geodesic, "rhumb": rhumb}[metric](a, b)
    return with_height(ground, a[2] - b[2])


def in_lon(low, high, lon):
    """Whether a longitude is in a closed span that may cross the antimeridian; -180 is 180."""
    names = {lon, -lon} if abs(lon) == 180 else {lon}
    if low > high:
        return any(n >= low or n <= high for n in names)
    return any(low <= n <= high for n in names)


def in_box(space, low, high, p):
    if not low[1] <= p[1] <= high[1]:
        return False
    if space == "geographic":
        return in_lon(low[0], high[0], p[0])
    return low[0] <= p[0] <= high[0]


def around_box(space, center, width, height):
    """The box of a width and a height around a point; on the globe it wraps, and ends at poles."""
    low, high = center[1] - height / 2, center[1] + height / 2
    west, east = center[0] - width / 2, center[0] + width / 2
    if space == "geographic":
        low, high = max(low, -90.0), min(high, 90.0)
        if width >= 360:
            west, east = -180.0, 180.0
        else:
            west = west + 360 if west < -180 else west
            east = east - 360 if east > 180 else east
    return (west, low), (east, high)


def in_polygon(parts, x, y):
    """Inside of any part or on any border, in exact arithmetic."""
    point = (Fraction(x), Fraction(y))
    for rings in parts:
        sides = [side_of([(Fraction(px), Fraction(py)) for px, py in ring], point) for ring in rings]
        if "border" in sides:
            return True
        if sides[0] == "in" and "in" not in sides[1:]:
            return True
    return False


def side_of(ring, p):
    inside = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1]):
        turn = (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax)
        on_box = min(ax, bx) <= p[0] <= max(ax, bx) and min(ay, by) <= p[1] <= max(ay, by)
        if turn == 0 and on_box:
            return "border"
        if (ay > p[1]) != (by > p[1]):
            crossing = ax + (p[1] - ay) / (by - ay) * (bx - ax)
            inside ^= p[0] < crossing
    return "in" if inside else "out"


def hull(points):
    """A closed ring against the clock from the leftmost lowest corner: gift wrapping, exact."""
    points = sorted(set(points))
    if len(points) < 3:
        return points
    exact = {p: (Fraction(p[0]), Fraction(p[1])) for p in points}

    def turn(a, b, c):
        (ax, ay), (bx, by), (cx, cy) = exact[a], exact[b], exact[c]
        return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

    if all(turn(points[0], points[1], p) == 0 for p in points):
        return [points[0], points[-1]]
    ring, at = [], points[0]
    while not ring or at != ring[0]:
        ring.append(at)
        best = next(p for p in points if p != at)
        for p in points:
            side = turn(at, best, p)
            far = (exact[p][0] - exact[at][0]) ** 2 + (exact[p][1] - exact[at][1]) ** 2
            near = (exact[best][0] - exact[at][0]) ** 2 + (exact[best][1] - exact[at][1]) ** 2
            if p != at and (side < 0 or (side == 0 and far > near)):
                best = p
        at = best
    return ring + [ring[0]]


def between(space, a, b, share):
    """The place at a share of the way; longitudes go the short way round."""
    dx = b[0] - a[0]
    if space == "geographic" and abs(dx) > 180:
        dx -= math.copysign(360, dx)
    x = a[0] + dx * share
    if space == "geographic":
        x = x - 360 if x > 180 else x + 360 if x < -180 else x
    return (x, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)
