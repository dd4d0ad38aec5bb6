"""Streamed indexes: packed ones whose bytes lie elsewhere, asked in few rounds."""

from ..book import Book
from ..boxes import Boxes
from .packed import AROUND, BEYOND, INFINITY, LAYOUTS, given, scattered
from .regions import found_in, united

MANY = 150
#: How many first bytes of each payload are stored apart, where any are.
PREFIX = 3


class Asked:
    """A stream of a case beside the boxes of its index; each method is a step."""

    def __init__(self, case, boxes, name=None, masks=()):
        self.case, self.boxes, self.name, self.masks = case, boxes, name, masks

    def step(self, op, args, expect):
        named = {"stream": self.name} if self.name else {}
        self.case.step(op, {**named, **args}, expect)

    def window(self, low, high=None, **rounds):
        args = {"min": low, **({"max": high} if high else {})}
        found = self.boxes.touching(low, high or low)
        self.step("stream_search", args, {"ids": found, **rounds})
        self.step("stream_count", args, {"count": len(found)})
        if self.boxes.payloads:
            self.step("stream_payloads", args, {"ids": found, "payloads": [self.boxes.payloads[n] for n in found]})
            first = [self.boxes.payloads[n][:PREFIX] for n in found]
            self.step("stream_prefixes", args, {"ids": found, "payloads": first})
        if self.boxes.values:
            count, total, least, greatest = self.boxes.sums(low, high or low)
            mask = united(self.boxes, self.masks, low, high or low)
            summed = {"count": count, "sum": total, "least": least, "greatest": greatest, "mask": mask}
            self.step("stream_aggregate", args, summed)

    def nearest(self, at, k=None, reach=None, **rounds):
        args = {"at": at, **({"k": k} if k is not None else {}), **({"max_distance": reach} if reach else {})}
        ids, far = self.boxes.nearest(at, at, k, reach or INFINITY)
        self.step("stream_nearest", args, {"ids": ids, "distances": far, **rounds})

    def region(self, region):
        found = found_in(self.boxes, region)
        self.step("stream_search_region", {"region": region}, {"ids": found})
        self.step("stream_count_region", {"region": region}, {"count": len(found)})
        return found

    def within(self, low, high, reach):
        args = {"min": low, **({"max": high} if high else {}), "max_distance": reach}
        found = self.boxes.within(low, high or low, reach)
        self.step("stream_search_within", args, {"ids": found})
        self.step("stream_count_within", args, {"count": len(found)})
        return found

    def globe(self, place, k, reach):
        at = {"lon": place[0], "lat": place[1]}
        ids, far = self.boxes.on_globe(place, k, reach)
        self.step("stream_nearest_great_circle", {**at, "k": k, "max_distance": reach}, {"ids": ids, "distances": far})
        ids = sorted(self.boxes.on_globe(place, None, reach)[0])
        self.step("stream_search_great_circle", {**at, "max_distance": reach}, {"ids": ids})

    def ray(self, origin, direction, reach=None):
        args = {"origin": origin, "direction": direction, **({"max_t": reach} if reach else {})}
        ids, far = self.boxes.on_ray(origin, direction, reach or INFINITY)
        answer = {"id": ids[0] if ids else None, "distance": far[0] if far else None}
        self.step("stream_raycast_closest", args, answer)

    def info(self, asks_fast):
        low, high = self.boxes.extent()
        has = {"has_payloads": self.boxes.payloads is not None, "has_aggregates": self.boxes.values is not None}
        expect = {"dims": self.boxes.dims, "items": len(self.boxes.low), "asks_fast": asks_fast}
        expect["prefix_bytes"] = PREFIX if self.boxes.payloads else 0
        self.step("stream_info", {}, {**expect, **has, "min": low, "max": high})


def everything(asked):
    d = asked.boxes.dims
    corner = lambda x: [x] * d
    asked.window(corner(10), corner(30))
    asked.window(corner(-5), corner(-1))
    asked.window(corner(-INFINITY), corner(INFINITY))
    asked.window(asked.boxes.low[0])
    asked.nearest(corner(12.5), 7)
    asked.nearest(corner(60), 5, 10.0)
    asked.nearest(corner(33.5))
    asked.nearest(corner(33.5), 0)
    asked.ray(corner(-10), [1.0, 0.75, 0.5, 0.25][:d])
    asked.ray([-10.0] + asked.boxes.low[9][1:], [1.0] + [0.0] * (d - 1))
    asked.ray(corner(500), [1.0] * d)
    asked.ray(corner(-10), [1.0] * d, 2.0)
    few = [
        asked.region({"shape": "ball", "centre": [40, 52.5, 47, 50][:d], "radius": 30.25}),
        asked.region({"shape": "half_space", "normal": [1, -0.5, 2, 0.25][:d], "offset": 40}),
        asked.region({"shape": "convex", "points": [[10, 15], [90, 30], [35, 85]]}),
        asked.region({"shape": "polygon", "polygon": [[[[10, 10], [60, 20], [70, 80], [5, 60]], [[20, 30], [50, 35], [40, 60]]]]}),
        asked.within(corner(20), corner(42), 10.0),
        asked.within(corner(40), None, 36.0),
    ]
    assert all(0 < len(found) < MANY for found in few), few
    asked.within(asked.boxes.low[0], None, 0.0)
    asked.within(corner(40), None, INFINITY)
    asked.within(corner(200), None, 1.0)


def questions():
    book = Book("stream", "Packed indexes that are streamed: every question against each box looked at.")
    ways = [{"kept_bytes": 0, "gap_bytes": 0, "round_bytes": 1}, {"kept_bytes": 2000, "without_fast": True}, {}]
    for dims in (2, 3, 4):
        for layout in LAYOUTS if dims < 4 else ("fast",):
            low, high = scattered(dims, MANY)
            values = [(n * 37 % 64) / 4 - 6 for n in range(MANY)]
            masks = [1 << (n * 7 % 50) for n in range(MANY)]
            boxes = Boxes(low, high, [f"{n:03}" + "!" * (n % 7) for n in range(MANY)], values)
            case = book.case(f"stream: every question, {dims} axes, {layout}")
            case.step("index_build", given(boxes, layout=layout, masks=masks, prefix_bytes=PREFIX))
            for at, way in enumerate(ways):
                case.step("stream_open", {**way, "as": f"way {at}"})
            case.step("index_close")
            for at, way in enumerate(ways):
                asked = Asked(case, boxes, f"way {at}", masks)
                asked.info(layout == "fast" or (layout == "both" and "without_fast" not in way))
                everything(asked)
            case.step("stream_close", {"stream": "way 0"})
    case = book.case("stream: nothing in it")
    boxes = Boxes([])
    boxes.dims = 3
    case.step("index_build", {"dims": 3, "min": []})
    case.step("stream_open", None)
    asked = Asked(case, boxes)
    asked.info(True)
    asked.window([0] * 3, [9] * 3, rounds=0)
    asked.nearest([0] * 3, 3, rounds=0)
    asked.ray([0] * 3, [1] * 3)
    for layout in LAYOUTS:
        case = book.case(f"stream: places on the globe, and beyond it, {layout}")
        boxes = Boxes(BEYOND + [(13.4, 52.5), (2.35, 48.86), (179.9, -17.1), (-179.8, -16.5), (25, 89.5), (-120, -89.9)])
        case.step("index_build", {"dims": 2, "min": boxes.low, "layout": layout})
        case.step("stream_open", {"kept_bytes": 0})
        for place, reach in zip(AROUND, [1e6, 5e5, 5e5, 1e5, 3e5, 2e7]):
            Asked(case, boxes).globe(place, 5, reach)
        case.step("stream_nearest_great_circle", {"lon": 0, "lat": 0, "k": 0}, {"ids": [], "distances": []})
    case = book.case("stream: two of them at once")
    one, two = Boxes(*scattered(2, 80, 21)), Boxes(*scattered(3, 50, 22))
    case.step("index_build", given(one, **{"as": "one"}))
    case.step("index_build", given(two, **{"as": "two", "layout": "origin"}))
    case.step("stream_open", {"from": "one", "as": "flat"})
    case.step("stream_open", {"from": "two", "as": "solid"})
    Asked(case, one, "flat").window([10, 10], [60, 60])
    Asked(case, two, "solid").window([10, 10, 10], [60, 60, 60])
    yield book


def rounds():
    """What docs/PACKED.md says of rounds: two or three open a file, one searches our own tree, two the format's."""
    book = Book("stream_rounds", "How many rounds of reads a streamed index takes.")
    low, high = scattered(2, 1000, 41)
    boxes = Boxes(low, high)
    for layout, opening, searching in (("fast", 1, 1), ("origin", 2, 0), ("both", 3, 1)):
        case = book.case(f"stream rounds: the upper levels are kept, {layout}")
        case.step("index_build", given(boxes, layout=layout))
        case.step("stream_open", {}, {"rounds": opening})
        asked = Asked(case, boxes)
        asked.window([10, 10], [14, 14], rounds=searching)
        case.step("stream_count", {"min": [-INFINITY] * 2, "max": [INFINITY] * 2}, {"count": 1000, "rounds": 0})
        case.step("stream_search", {"min": [900, 900]}, {"ids": [], "rounds": 0})
        asked.nearest([50, 50], 3)
    case = book.case("stream rounds: payloads take two, their first bytes one")
    boxes = Boxes(low, high, [f"{n:03} or so" + "!" * (n % 3) for n in range(len(low))])
    case.step("index_build", given(boxes, prefix_bytes=PREFIX))
    case.step("stream_open")
    ranks = list(range(0, 1000, 7))
    case.step("stream_payloads", {"ranks": ranks}, {"rounds": 2})
    case.step("stream_prefixes", {"ranks": ranks}, {"rounds": 1})
    case.fail("stream_prefixes", {"ranks": [3, 1000]}, "INVALID_ARGUMENT", "rank 1000", "1000 items")
    yield book


def refusals():
    book = Book("stream_refusals", "What a streamed index refuses: before a read, or when it was read.")
    case = book.case("stream refusals: what cannot be asked")
    case.step("index_build", {"dims": 2, "min": [(n, n) for n in range(12)]})
    case.step("stream_open")
    for low, high, words in (((0, "NaN"), (1, 1), ("axis 1", "NaN")), ((0, 5), (1, 4), ("axis 1", "5.0", "4.0"))):
        case.fail("stream_search", {"min": low, "max": high}, "INVALID_ARGUMENT", *words)
        case.fail("stream_count", {"min": low, "max": high}, "INVALID_ARGUMENT", *words)
    case.fail("stream_nearest", {"at": ("NaN", 0), "k": 1}, "INVALID_ARGUMENT", "axis 0", "NaN")
    for reach, word in ((-1, "-1"), ("NaN", "NaN")):
        case.fail("stream_nearest", {"at": (0, 0), "k": 1, "max_distance": reach}, "OUT_OF_RANGE", "max_distance", word)
    case.fail("stream_raycast_closest", {"origin": (0, 0), "direction": (1, 0), "max_t": -3}, "OUT_OF_RANGE", "max_t", "-3")
    for reach, word in ((-1, "-1"), ("NaN", "NaN")):
        for op, at in (("stream_search_within", {"min": (0, 0)}), ("stream_count_within", {"min": (0, 0)}), ("stream_nearest_great_circle", {"lon": 0, "lat": 0, "k": 1}), ("stream_search_great_circle", {"lon": 0, "lat": 0})):
            case.fail(op, {**at, "max_distance": reach}, "OUT_OF_RANGE", "max_distance", word)
    case.fail("stream_search_within", {"min": ("NaN", 0), "max_distance": 1}, "INVALID_ARGUMENT", "axis 0", "NaN")
    for lon, lat, words in ((181, 0, ("lon", "181")), (0, 90.5, ("lat", "90.5")), ("NaN", 0, ("lon", "NaN"))):
        case.fail("stream_search_great_circle", {"lon": lon, "lat": lat, "max_distance": 1}, "OUT_OF_RANGE", *words)
        case.fail("stream_nearest_great_circle", {"lon": lon, "lat": lat, "k": 1}, "OUT_OF_RANGE", *words)
    solid = {"shape": "ball", "centre": [0, 0, 0], "radius": 1}
    for op in ("stream_search_region", "stream_count_region"):
        case.fail(op, {"region": solid}, "INVALID_ARGUMENT", "2", "3", "axes")
    case.fail("stream_payloads", {"ranks": [0]}, "NOT_FOUND", "payloads")
    case.fail("stream_prefixes", {"ranks": [0]}, "NOT_FOUND", "prefixes")
    case.fail("stream_aggregate", {"min": (0, 0), "max": (1, 1)}, "NOT_FOUND", "add up")
    case.step("stream_search", {"min": (3, 3)}, {"ids": [3]})
    case.step("index_build", {"dims": 2, "min": [(0, 0), (1, 1)], "payloads": ["a", "b"]})
    case.step("stream_open")
    case.fail("stream_payloads", {"ranks": [1, 2]}, "INVALID_ARGUMENT", "rank 2", "2 items")
    case.step("stream_payloads", {"ranks": []}, {"payloads": []})
    case = book.case("stream refusals: what is no index")
    case.fail("stream_open", {"bytes": []}, "CORRUPT")
    case.fail("stream_open", {"bytes": [1, 2, 3]}, "CORRUPT")
    case.fail("stream_open", {"bytes": [0] * 200}, "CORRUPT")
    case = book.case("stream refusals: limits, of which the first that is exceeded is named")
    boxes = Boxes(*scattered(2, 1000, 41))
    case.step("index_build", given(boxes, layout="fast"))
    case.fail("stream_open", {"max_reads": 0}, "LIMIT_EXCEEDED", "reads", "limit is 0")
    case.fail("stream_open", {"max_bytes": 100}, "LIMIT_EXCEEDED", "bytes", "limit is 100")
    case.step("stream_open", {"max_items": 5})
    everywhere = {"min": [-INFINITY] * 2, "max": [INFINITY] * 2}
    case.fail("stream_search", everywhere, "LIMIT_EXCEEDED", "items", "limit is 5")
    case.fail("stream_nearest", {"at": (0, 0), "k": 6}, "LIMIT_EXCEEDED", "items", "limit is 5")
    case.step("stream_count", everywhere, {"count": 1000})
    asked = Asked(case, boxes)
    asked.nearest([50, 50], 5)
    yield book


def books():
    yield from questions()
    yield from rounds()
    yield from refusals()
