"""The packed index once more: regions of any shape, what is near nothing, estimates, masks, triangles."""

import math

from ..book import Book
from ..boxes import Boxes, gap_squared
from ..regions import first_triangle, inside
from .packed import LAYOUTS, given, scattered, text


def shapes(dims):
    """A region of each kind that an index of so many axes can be asked for."""
    cut = lambda numbers: numbers[:dims]
    yield {"shape": "ball", "centre": cut([40, 52.5, 47, 50]), "radius": 30.25}
    yield {"shape": "ball", "centre": cut([23.25, 61.75, 40, 33]), "radius": 0}
    yield {"shape": "capsule", "from": cut([10, 20, 60, 40]), "to": cut([85, 60, 25, 55]), "radius": 12.3}
    yield {"shape": "cone", "apex": cut([5, 5, 10, 20]), "direction": cut([3, 2, 1, 1]), "half_angle_rad": 0.45, "length": 80}
    yield {"shape": "half_space", "normal": cut([1, -0.5, 2, 0.25]), "offset": 40}
    # Points within the hull, and on its border, add nothing.
    yield {"shape": "convex", "points": [[10, 15], [90, 30], [35, 85], [40, 40], [50, 22.5]]}
    yield {"shape": "convex", "points": [[0, 0], [100, 0], [60, 100]]}
    yield {"shape": "polygon", "polygon": [[[[10, 10], [60, 20], [70, 80], [5, 60]], [[20, 30], [50, 35], [40, 60]]], [[[80, 80], [99, 80], [90, 99]]]]}
    if dims == 3:
        planes = [[1, 0, 0, 15], [-1, 0, 1, -30], [0, 1, 0, 5], [0, -2, 1, -120], [0, 0, 1, 12], [-1, -1, -1, -220]]
        yield {"shape": "frustum", "planes": planes}


def found_in(boxes, region):
    return boxes.every(lambda low, high: inside(region, low, high))


def ask(case, boxes, region, name=None, ids=None):
    ids = found_in(boxes, region) if ids is None else ids
    named = {"index": name} if name else {}
    case.step("index_region", {**named, "region": region}, {"ids": [ids], "counts": [len(ids)], "any": [bool(ids)]})
    return ids


def regions():
    book = Book("index_regions", "Regions of any shape, against each box looked at.")
    for dims in (2, 3, 4):
        boxes = Boxes(*scattered(dims, 250, 3))
        found = [(region, found_in(boxes, region)) for region in shapes(dims)]
        assert sum(0 < len(ids) < 250 for _, ids in found) >= len(found) - 1, found
        for layout in LAYOUTS if dims < 4 else ("fast",):
            case = book.case(f"index regions: every shape, {dims} axes, {layout}")
            case.step("index_build", given(boxes, layout=layout))
            for region, ids in found:
                ask(case, boxes, region, ids=ids)
    boxes = Boxes(scattered(3, 250, 3)[0])
    case = book.case("index regions: what a camera sees")
    case.step("index_build", {"dims": 3, "min": boxes.low})
    for from_zero in (True, False):
        matrix = [[2, 0, 1, -120], [0, 2, 1, -120], [0, 0, 2, -60], [0, 0, 1, 0]]
        assert ask(case, boxes, {"shape": "view_projection", "matrix": matrix, "depth_from_zero": from_zero})
    case = book.case("index regions: one region, asked of nothing and far from all")
    case.step("index_build", {"dims": 2, "min": [], "as": "none"})
    case.step("index_build", {"dims": 2, "min": [(0, 0)], "as": "one"})
    far = {"shape": "ball", "centre": [9, 9], "radius": 1}
    ask(case, Boxes([]), far, "none")
    ask(case, Boxes([(0, 0)]), far, "one")
    case = book.case("index regions: of other axes")
    case.step("index_build", {"dims": 2, "min": [(0, 0)], "as": "flat"})
    case.step("index_build", {"dims": 3, "min": [(0, 0, 0)], "as": "solid"})
    solid = {"shape": "ball", "centre": [0, 0, 0], "radius": 1}
    case.fail("index_region", {"index": "flat", "region": solid}, "INVALID_ARGUMENT", "2", "3", "axes")
    case.fail("index_region", {"index": "solid", "region": {"shape": "half_space", "normal": [1, 1], "offset": 0}}, "INVALID_ARGUMENT", "2", "3", "axes")
    planes = [[1, 0, 0, 0]] * 6
    case.fail("index_region", {"index": "flat", "region": {"shape": "frustum", "planes": planes}}, "INVALID_ARGUMENT", "2", "3", "axes")
    case = book.case("index regions: what is none")
    case.step("index_build", {"dims": 2, "min": [(0, 0)]})
    for region, status, words in (
        ({"shape": "ball", "centre": [0, 0], "radius": -1}, "INVALID_ARGUMENT", ("ball", "-1")),
        ({"shape": "ball", "centre": ["NaN", 0], "radius": 1}, "INVALID_ARGUMENT", ("ball", "NaN")),
        ({"shape": "capsule", "from": [0, 0], "to": [0, "Infinity"], "radius": 1}, "INVALID_ARGUMENT", ("capsule", "inf")),
        ({"shape": "cone", "apex": [0, 0], "direction": [0, 0], "half_angle_rad": 0.5, "length": 1}, "INVALID_ARGUMENT", ("cone", "direction")),
        ({"shape": "cone", "apex": [0, 0], "direction": [1, 0], "half_angle_rad": 2, "length": 1}, "OUT_OF_RANGE", ("half_angle", "2")),
        ({"shape": "half_space", "normal": [1, "NaN"], "offset": 0}, "INVALID_ARGUMENT", ("half-space", "NaN")),
        ({"shape": "convex", "points": []}, "INVALID_ARGUMENT", ("convex", "no point")),
        ({"shape": "convex", "points": [[0, "NaN"]]}, "INVALID_ARGUMENT", ("convex", "NaN")),
        ({"shape": "polygon", "polygon": [[[[0, 0], [1, 1]]]]}, "INVALID_ARGUMENT", ()),
    ):
        case.fail("index_region", {"region": region}, status, *words)
    yield book


def alone(one, two, reach):
    return [n for n, (low, high) in enumerate(zip(one.low, one.high)) if not two.within(low, high, reach)]


def closest(one, two):
    """The closest pair, if it is the only one that is so close."""
    is_same = one is two
    found = sorted(
        (gap_squared(low, high, a, b), n, m)
        for n, (low, high) in enumerate(zip(one.low, one.high))
        for m, (a, b) in enumerate(zip(two.low, two.high))
        if not is_same or n < m
    )
    if not found:
        return {"pair": None, "distance": None}
    assert len(found) == 1 or found[0][0] < found[1][0], found[:2]
    return {"pair": list(found[0][1:]), "distance": math.sqrt(found[0][0])}


def components(boxes, reach):
    """The least id that is reached, by spreading until nothing changes."""
    labels = list(range(len(boxes.low)))
    near = [boxes.within(low, high, reach) for low, high in zip(boxes.low, boxes.high)]
    while True:
        spread = [min(labels[m] for m in [n, *near[n]]) for n in range(len(labels))]
        if spread == labels:
            return labels
        labels = spread


def nearness():
    book = Book("index_nearness", "What is near nothing, the closest pair, what hangs together, and estimates of counts.")
    for dims in (2, 3, 4):
        one = Boxes(*scattered(dims, 70, 5))
        two = Boxes(*scattered(dims, 35, 9))
        # Corners apart from each other by more and more, so that one pair is the closest.
        rare = Boxes([[17 * n + n * n / 8 + k for k in range(dims)] for n in range(9)])
        other = Boxes([[23 * n + n * n / 16 - 3 + k for k in range(dims)] for n in range(8)])
        case = book.case(f"index nearness: {dims} axes")
        for boxes, name in ((one, "one"), (two, "two"), (rare, "rare"), (other, "other")):
            case.step("index_build", given(boxes, **{"as": name}))
        reaches = (0.0, 4.3, 30.0) if dims == 2 else (0.0, 15.7, 60.0)
        for reach in reaches:
            ids = alone(one, two, reach)
            case.step("index_anti_join", {"index": "one", "other": "two", "max_distance": reach}, {"ids": [ids]})
            case.step("index_components", {"index": "one", "max_distance": reach}, {"labels": components(one, reach)})
        case.step("index_closest_pair", {"index": "rare"}, closest(rare, rare))
        case.step("index_closest_pair", {"index": "rare", "other": "other"}, closest(rare, other))
        case.step("index_closest_pair", {"index": "other", "other": "rare"}, closest(other, rare))
        low = [[0] * dims, [20] * dims, [-9] * dims]
        high = [[200] * dims, [55] * dims, [-1] * dims]
        counts = [len(one.touching(*window)) for window in zip(low, high)]
        expect = {"lower": counts, "upper": counts, "estimates": counts}
        case.step("index_estimate", {"index": "one", "min": low, "max": high, "stop_level": 0}, expect)
        # All and nothing are known from the root.
        low, high, counts = [low[0], low[2]], [high[0], high[2]], [counts[0], counts[2]]
        expect = {"lower": counts, "upper": counts, "estimates": counts}
        case.step("index_estimate", {"index": "one", "min": low, "max": high, "stop_level": 20}, expect)
    case = book.case("index nearness: nothing and one")
    case.step("index_build", {"dims": 2, "min": [], "as": "none"})
    case.step("index_build", {"dims": 2, "min": [(1, 1)], "as": "one"})
    nobody = {"pair": None, "distance": None}
    case.step("index_closest_pair", {"index": "none"}, nobody)
    case.step("index_closest_pair", {"index": "one"}, nobody)
    case.step("index_closest_pair", {"index": "one", "other": "none"}, nobody)
    case.step("index_anti_join", {"index": "one", "other": "none", "max_distance": 5}, {"ids": [[0]]})
    case.step("index_anti_join", {"index": "none", "other": "one", "max_distance": 5}, {"ids": [[]]})
    case.step("index_components", {"index": "none", "max_distance": 1}, {"labels": []})
    case.step("index_components", {"index": "one", "max_distance": 1}, {"labels": [0]})
    case = book.case("index nearness: what is refused")
    case.step("index_build", {"dims": 2, "min": [(0, 0)], "as": "flat"})
    case.step("index_build", {"dims": 3, "min": [(0, 0, 0)], "as": "solid"})
    case.fail("index_anti_join", {"index": "flat", "other": "solid", "max_distance": 1}, "INVALID_ARGUMENT", "2", "3", "axes")
    case.fail("index_closest_pair", {"index": "flat", "other": "solid"}, "INVALID_ARGUMENT", "2", "3", "axes")
    for reach, word in ((-1, "-1"), ("NaN", "NaN")):
        case.fail("index_anti_join", {"index": "flat", "other": "flat", "max_distance": reach}, "OUT_OF_RANGE", "max_distance", word)
        case.fail("index_components", {"index": "flat", "max_distance": reach}, "OUT_OF_RANGE", "max_distance", word)
    case.fail("index_estimate", {"index": "flat", "min": [(0, 0), (3, 3)], "max": [(1, 1), (2, 4)], "stop_level": 1}, "INVALID_ARGUMENT", "3.0", row=1)
    yield book


def united(boxes, masks, low, high):
    bits = 0
    for n in boxes.touching(low, high):
        bits |= masks[n]
    return bits


def beside():
    book = Book("index_masks", "Masks that are united, with values and without; prefixes of payloads.")
    low, high = scattered(2, 130, 31)
    masks = [1 << (n % 61) for n in range(130)]
    windows = [(0, 0), (10, 10), (-9, -9), (50, 20)], [(200, 200), (40, 35), (-1, -1), (70, 90)]
    for layout in LAYOUTS:
        for values in (None, [(n * 37 % 64) / 4 - 6 for n in range(130)]):
            boxes = Boxes(low, high, values=values)
            case = book.case(f"index masks: {'with' if values else 'without'} values, {layout}")
            case.step("index_build", given(boxes, masks=masks, layout=layout))
            case.step("index_info", {}, {"has_values": values is not None, "has_masks": True, "prefix_bytes": 0})
            ends = list(zip(*windows))
            expect = {"counts": [len(boxes.touching(*end)) for end in ends], "masks": [united(boxes, masks, *end) for end in ends]}
            # Of no values the sum is that of no items.
            found = [boxes.sums(*end)[1:] if values else (0, float("nan"), float("nan")) for end in ends]
            expect.update({name: [f[at] for f in found] for at, name in enumerate(("sums", "least", "greatest"))})
            case.step("index_aggregate", {"min": windows[0], "max": windows[1]}, expect)
    case = book.case("index masks: of values alone they are empty")
    case.step("index_build", {"dims": 2, "min": [(0, 0), (1, 1)], "values": [2, 3]})
    case.step("index_info", {}, {"has_values": True, "has_masks": False})
    case.step("index_aggregate", {"min": [(0, 0)], "max": [(5, 5)]}, {"counts": [2], "sums": [5], "masks": [0]})
    case = book.case("index masks: prefixes of payloads")
    payloads = [text(n) for n in range(40)]
    boxes = Boxes(*scattered(2, 40, 8), payloads=payloads)
    case.step("index_build", given(boxes, prefix_bytes=3))
    case.step("index_info", {}, {"prefix_bytes": 3, "has_payloads": True, "has_masks": False})
    case.step("index_payloads", {"ids": [0, 7, 39]}, {"payloads": [payloads[n] for n in (0, 7, 39)]})
    case.step("index_verify")
    case.fail("index_build", {"dims": 2, "min": [(0, 0)], "prefix_bytes": 3}, "INVALID_ARGUMENT", "prefix_bytes")
    yield book


def corners_of(dims, count, seed):
    """Triangles on a grid of eighths, some of which stand behind boxes of others."""
    low, _ = scattered(dims, 3 * count, seed)
    triangles = []
    for n in range(count):
        base = [c / 2 for c in low[3 * n]]
        sides = [[(c * 8 % 29) / (8 if dims == 2 else 1) + k / 8 for k, c in enumerate(low[3 * n + m])] for m in (1, 2)]
        corners = [base, [b + s for b, s in zip(base, sides[0])], [b + s for b, s in zip(base, reversed(sides[1]))]]
        area = [[y - x for x, y in zip(corners[0], corners[m])] for m in (1, 2)]
        if any(area[0][i] * area[1][j] != area[0][j] * area[1][i] for i in range(dims) for j in range(i)):
            triangles.append(corners)
    return triangles


def triangles():
    book = Book("index_triangles", "Rays that meet triangles, behind boxes that they only pass through.")
    for dims in (2, 3):
        shapes = corners_of(dims, 40 if dims == 2 else 120, 17)
        ends = [list(zip(*corners)) for corners in shapes]
        boxes = Boxes([[min(axis) for axis in end] for end in ends], [[max(axis) for axis in end] for end in ends])
        origin, direction = [], []
        for n in range(24):
            origin.append([-3.0625 + n * 2.03125, -1.9375 + n / 3.2, -0.71875 + n * 1.34375][:dims])
            direction.append([1.0 if n % 4 else -1.0, 0.28125 + (n % 5) / 7.25, 0.46875 + (n % 7) / 9.5][:dims])
            if n % 2:
                # Towards the middle of a triangle, in front of which there may be others.
                middle = [sum(axis) / 3 for axis in zip(*shapes[n])]
                direction[-1] = [m - o for m, o in zip(middle, origin[-1])]
        answers = {
            reach: [first_triangle(shapes, a, b, reach) for a, b in zip(origin, direction)]
            for reach in (None, 0.75)
        }
        assert all(4 <= sum(f[0] is not None for f in found) < 24 for found in answers.values()), answers
        for layout in LAYOUTS:
            case = book.case(f"index triangles: {dims} axes, {layout}")
            case.step("index_build_triangles", {"dims": dims, "corners": [p for corners in shapes for p in corners], "layout": layout, "metadata": {"crs": "none"}})
            case.step("index_info", {}, {"items": len(shapes), "has_payloads": True, "layout": layout})
            case.step("index_metadata", {}, {"crs": "none", "content_type": None, "attribution": None})
            for reach, found in answers.items():
                args = {"origin": origin, "direction": direction, **({"max_t": [reach] * 24} if reach else {})}
                case.step("index_raycast_triangles", args, {"ids": [f[0] for f in found], "distances": [f[1] for f in found]})
            some = [3, 0, len(shapes) - 1]
            case.step("index_boxes", {"ids": some}, {"min": [boxes.low[n] for n in some], "max": [boxes.high[n] for n in some]})
            window = [0] * dims, [20] * dims
            case.step("index_count", {"min": [window[0]], "max": [window[1]]}, {"counts": [len(boxes.touching(*window))]})
    case = book.case("index triangles: what is none")
    case.fail("index_build_triangles", {"dims": 2, "corners": [(0, 0), (1, 0), (0, 1), (0, 0), (1, "NaN"), (0, 1)]}, "INVALID_ARGUMENT", "corner 1", "NaN", row=1)
    case.fail("index_build_triangles", {"dims": 3, "corners": [(0, 0, 0), (1, 0, 0), (0, 1, "Infinity")]}, "INVALID_ARGUMENT", "corner 2", "inf", row=0)
    case.step("index_build_triangles", {"dims": 3, "corners": [], "as": "none"})
    ray = {"origin": [(0, 0, 0)], "direction": [(1, 0, 0)]}
    case.step("index_raycast_triangles", {"index": "none", **ray}, {"ids": [None], "distances": [None]})
    case.step("index_build", {"dims": 3, "min": [(5, 0, 0)], "as": "points"})
    case.fail("index_raycast_triangles", {"index": "points", **ray}, "UNSUPPORTED", "triangles")
    case.fail("index_raycast_triangles", {"index": "none", "origin": [(0, 0, 0), ("NaN", 0, 0)], "direction": [(1, 0, 0)] * 2}, "OUT_OF_RANGE", "origin", "NaN", row=1)
    case = book.case("index triangles: of four axes there are none", needs=["raw"])
    case.fail("index_build_triangles", {"dims": 4, "corners": []}, "INVALID_ARGUMENT", "dims", "4")
    yield book


def books():
    for family in (regions, nearness, beside, triangles):
        yield from family()
