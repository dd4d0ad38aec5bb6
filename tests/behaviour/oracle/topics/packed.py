"""The packed index: boxes that do not change, built, written, opened and asked."""

from ..book import Book
from ..boxes import Boxes, pairs

INFINITY = float("inf")
MANY = 300
LAYOUTS = ("fast", "origin", "both")


def scattered(dims, count=MANY, seed=7):
    """Boxes on a grid of quarters, some of them points, some at one place."""
    state, low, high = seed, [], []

    def draw(below):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % below

    for n in range(count):
        corner = [draw(400) / 4 for _ in range(dims)]
        size = [0.0] * dims if n % 3 == 0 else [draw(24) / 4 for _ in range(dims)]
        low.append(corner)
        high.append([c + s for c, s in zip(corner, size)])
    return low, high


def text(n):
    return "" if n % 5 == 0 else f"item {n}" + "!" * (n % 7)


class Asked:
    """An index of a case beside the boxes that it was built from; each method is a step."""

    def __init__(self, case, boxes, name=None):
        self.case, self.boxes, self.name = case, boxes, name

    def step(self, op, args, expect):
        named = {"index": self.name} if self.name else {}
        self.case.step(op, {**named, **args}, expect)

    def windows(self, low, high=None):
        ends = list(zip(low, high or low))
        args = {"min": low, **({"max": high} if high else {})}
        found = [self.boxes.touching(*end) for end in ends]
        self.step("index_search", args, {"ids": found})
        self.step("index_count", args, {"counts": [len(ids) for ids in found]})
        self.step("index_any", args, {"any": [bool(ids) for ids in found]})

    def within(self, low, high, reach):
        args = {"min": low, **({"max": high} if high else {}), "max_distance": reach}
        ends = zip(low, high or low, reach)
        self.step("index_search_within", args, {"ids": [self.boxes.within(*end) for end in ends]})

    def nearest(self, low, high=None, k=None, reach=None):
        args = {"min": low, **({"max": high} if high else {})}
        args.update({"k": k} if k is not None else {})
        args.update({"max_distance": reach} if reach else {})
        ends = zip(low, high or low, reach or [INFINITY] * len(low))
        found = [self.boxes.nearest(a, b, k, r) for a, b, r in ends]
        self.step("index_nearest", args, {"ids": [f[0] for f in found], "distances": [f[1] for f in found]})

    def globe(self, places, k, reach):
        columns = {"lon": [p[0] for p in places], "lat": [p[1] for p in places]}
        found = [self.boxes.on_globe(p, k, r) for p, r in zip(places, reach)]
        answer = {"ids": [f[0] for f in found], "distances": [f[1] for f in found]}
        self.step("index_nearest_great_circle", {**columns, "k": k, "max_distance": reach}, answer)
        found = [sorted(self.boxes.on_globe(p, None, r)[0]) for p, r in zip(places, reach)]
        self.step("index_search_great_circle", {**columns, "max_distance": reach}, {"ids": found})

    def rays(self, origin, direction, reach=None):
        args = {"origin": origin, "direction": direction, **({"max_t": reach} if reach else {})}
        found = [self.boxes.on_ray(*ray) for ray in zip(origin, direction, reach or [INFINITY] * len(origin))]
        self.step("index_raycast", args, {"ids": [f[0] for f in found], "distances": [f[1] for f in found]})
        self.step("index_raycast_any", args, {"any": [bool(f[0]) for f in found]})
        first = [[(f[at] or [None])[0] for f in found] for at in (0, 1)]
        self.step("index_raycast_closest", args, {"ids": first[0], "distances": first[1]})

    def polygon(self, parts):
        self.step("index_search_polygon", {"polygon": parts}, {"ids": [self.boxes.in_polygon(parts)]})

    def pairs(self, reach):
        self.step("index_pairs", {"max_distance": reach}, {"pairs": pairs(self.boxes, self.boxes, reach, True)})

    def join(self, other, reach):
        args = {"other": other.name, "max_distance": reach}
        self.step("index_join", args, {"pairs": pairs(self.boxes, other.boxes, reach, False)})

    def contents(self, ids):
        texts = [(self.boxes.payloads or [""] * len(self.boxes.low))[n] for n in ids]
        for n in ids[:3]:
            self.step("index_payload", {"id": n}, {"payload": texts[ids.index(n)] if self.boxes.payloads else None})
        self.step("index_payloads", {"ids": ids}, {"payloads": texts})
        ends = {"min": [self.boxes.low[n] for n in ids], "max": [self.boxes.high[n] for n in ids]}
        self.step("index_boxes", {"ids": ids}, ends)

    def aggregate(self, low, high):
        found = [self.boxes.sums(*end) for end in zip(low, high)]
        names = ("counts", "sums", "least", "greatest")
        answer = {name: [f[at] for f in found] for at, name in enumerate(names)}
        self.step("index_aggregate", {"min": low, "max": high}, answer)

    def info(self, layout, bits=None):
        low, high = self.boxes.extent()
        bits = bits or (0 if layout == "fast" else 64)
        has = {"has_payloads": self.boxes.payloads is not None, "has_values": self.boxes.values is not None}
        expect = {"dims": self.boxes.dims, "items": len(self.boxes.low), "bytes": {"at_least": 1}}
        self.step("index_info", {}, {**expect, "layout": layout, "bits": bits, **has, "min": low, "max": high})


def given(boxes, **more):
    args = {"dims": boxes.dims, "min": boxes.low, "max": boxes.high}
    if boxes.payloads:
        args["payloads"] = boxes.payloads
    if boxes.values:
        args["values"] = boxes.values
    return {**args, **more}


def everything(asked):
    """Questions of every kind, in any number of axes."""
    d = asked.boxes.dims
    corner = lambda x: [x] * d
    asked.windows([corner(10), corner(-5), corner(0), corner(50.25), corner(-INFINITY)], [corner(30), corner(-1), corner(100), corner(50.25), corner(INFINITY)])
    asked.windows([asked.boxes.low[0], corner(-1)])
    asked.within([corner(20), corner(200), corner(0)], [corner(22), corner(200), corner(0)], [5.0, 1.0, 0.0])
    asked.within([corner(40)], None, [INFINITY])
    asked.nearest([corner(12.5), corner(-40), asked.boxes.low[3]], k=7)
    asked.nearest([corner(60)], [corner(64)], k=60)
    asked.nearest([corner(60), corner(-90)], None, 5, [10.0, 10.0])
    asked.nearest([corner(33.5)])
    asked.nearest([corner(33.5)], k=0)
    slope = [1.0, 0.75, 0.5, 0.25][:d]
    along = [1.0] + [0.0] * (d - 1)
    asked.rays([corner(-10), [-10.0] + asked.boxes.low[9][1:], corner(500)], [slope, along, slope])
    asked.rays([corner(-10), corner(0)], [slope, [0.0] * d], [60.0, 1.0])
    asked.polygon([[[(10, 10), (60, 20), (70, 80), (5, 60)], [(20, 30), (50, 35), (40, 60)]]])
    asked.pairs(0.0)
    asked.contents([5, 0, 299, 5, 6])
    asked.contents([])


def questions():
    book = Book("index", "The packed index: built and opened, and every question against each box looked at.")
    for dims in (2, 3, 4):
        for layout in LAYOUTS if dims < 4 else ("fast",):
            low, high = scattered(dims)
            boxes = Boxes(low, high, [text(n) for n in range(MANY)])
            case = book.case(f"index: every question, {dims} axes, {layout}")
            case.step("index_build", given(boxes, layout=layout))
            asked = Asked(case, boxes)
            asked.info(layout)
            everything(asked)
            case.step("index_verify")
            case.step("index_close")
    case = book.case("index: without payloads, on two threads, nodes of four")
    low, high = scattered(2, 90, 11)
    boxes = Boxes(low, high)
    case.step("index_build", given(boxes, layout="both", node_size=4, interleaved=True, threads=2))
    asked = Asked(case, boxes)
    asked.windows([(0, 0)], [(50, 50)])
    asked.contents([3, 4, 89])
    case.step("index_metadata", None, {"crs": None, "content_type": None, "attribution": None})
    case = book.case("index: points, and many of them at one place")
    boxes = Boxes([(n % 4, n % 3) for n in range(60)])
    case.step("index_build", {"dims": 2, "min": boxes.low})
    asked = Asked(case, boxes)
    asked.windows([(1, 1), (0.5, 0.5)])
    asked.nearest([(0, 0), (3, 2)], k=12)
    asked.rays([(-1, 1)], [(2, 0)])
    asked.pairs(0.0)
    asked.pairs(1.0)
    for dims in (2, 3, 4):
        case = book.case(f"index: nothing in it, {dims} axes")
        boxes = Boxes([])
        boxes.dims = dims
        case.step("index_build", {"dims": dims, "min": []})
        asked = Asked(case, boxes)
        asked.info("fast")
        asked.windows([[0] * dims], [[9] * dims])
        asked.windows([])
        asked.nearest([[0] * dims], k=3)
        asked.rays([[0] * dims], [[1] * dims])
        asked.pairs(5.0)
        asked.contents([])
        case.step("index_verify")
    case = book.case("index: one item, and coordinates without an end")
    boxes = Boxes([(-INFINITY, 5)], [(7, INFINITY)])
    case.step("index_build", given(boxes))
    asked = Asked(case, boxes)
    asked.windows([(-1e300, 5), (8, 9), (0, 4)], [(-1e300, 5), (9, 10), (1, 4.5)])
    case = book.case("index: 32 bits hold what they can and never lose")
    low, high = scattered(2, 120, 3)
    boxes = Boxes(low, high)
    case.step("index_build", given(boxes, layout="origin", bits=32))
    asked = Asked(case, boxes)
    asked.info("origin", 32)
    asked.windows([(10, 10)], [(40, 40)])
    asked.contents([0, 119])
    case.step("index_build", {"dims": 2, "min": [(0.1, 0.1)], "layout": "origin", "bits": 32, "as": "rounded"})
    case.step("index_count", {"index": "rounded", "min": [(0.1, 0.1)]}, {"counts": [1]})
    yield book


def joins():
    book = Book("index_join", "Pairs of items, within one index and between two, also stopped.")
    for layout in LAYOUTS:
        case = book.case(f"index join: two indexes, {layout} and fast")
        one = Boxes(*scattered(2, 80, 21))
        two = Boxes(*scattered(2, 50, 22))
        case.step("index_build", given(one, layout=layout, **{"as": "one"}))
        case.step("index_build", given(two, **{"as": "two"}))
        one, two = Asked(case, one, "one"), Asked(case, two, "two")
        for reach in (0.0, 1.5, 6.0):
            one.join(two, reach)
            two.join(one, reach)
            one.pairs(reach)
        one.join(one, 0.0)
    case = book.case("index join: what cannot be")
    case.step("index_build", {"dims": 2, "min": [(0, 0)], "as": "flat"})
    case.step("index_build", {"dims": 3, "min": [(0, 0, 0)], "as": "solid"})
    case.fail("index_join", {"index": "flat", "other": "solid", "max_distance": 1}, "INVALID_ARGUMENT", "2", "3", "axes")
    for reach, word in ((-1, "-1"), ("NaN", "NaN")):
        case.fail("index_join", {"index": "flat", "other": "flat", "max_distance": reach}, "OUT_OF_RANGE", "max_distance", word)
        case.fail("index_pairs", {"index": "flat", "max_distance": reach}, "OUT_OF_RANGE", "max_distance", word)
    case = book.case("index join: stopped before it began", needs=["cancel"])
    case.step("index_build", {"dims": 2, "min": [(0, 0), (0, 0)]})
    case.fail("index_pairs", {"max_distance": 0, "cancelled": True}, "CANCELLED")
    case.fail("index_join", {"other": "index", "max_distance": 0, "cancelled": True}, "CANCELLED")
    case.fail("index_anti_join", {"other": "index", "max_distance": 0, "cancelled": True}, "CANCELLED")
    case.fail("index_closest_pair", {"cancelled": True}, "CANCELLED")
    case.fail("index_closest_pair", {"other": "index", "cancelled": True}, "CANCELLED")
    case.fail("index_components", {"max_distance": 0, "cancelled": True}, "CANCELLED")
    yield book


# Longitudes that have gone round, and latitudes beyond a pole.
BEYOND = [(190, 10), (-200, 5), (365, 20), (539, -17), (-720, -3), (40, 95), (20, -120), (300, 45), (180.5, -16), (-181, -15)]
# From where both poles are not equally far.
AROUND = [(10, 50), (180, -17), (-180, -16.9), (90, 89.9), (77, -88), (1, 2)]


def globe():
    book = Book("index_globe", "What is near on the globe, in metres, also across the antimeridian and at the poles.")
    towns = [(13.4, 52.5), (2.35, 48.86), (-0.13, 51.51), (179.9, -17.1), (-179.8, -16.5), (0, 90), (25, 89.5), (-120, -89.9), (151.2, -33.9), (-74, 40.7), (139.7, 35.7), (-58.4, -34.6)]
    places = [(10, 50), (180, -17), (-180, -16.9), (90, 89.9), (77, -88), (0, 0)]
    for layout in LAYOUTS:
        case = book.case(f"index globe: towns, {layout}")
        boxes = Boxes(towns)
        case.step("index_build", {"dims": 2, "min": towns, "layout": layout})
        Asked(case, boxes).globe(places, 3, [1e6, 2e5, 5e5, 1e5, 3e5, 2e7])
    case = book.case("index globe: further axes play no part")
    case.step("index_build", {"dims": 3, "min": [(*town, 1000 * n) for n, town in enumerate(towns)]})
    Asked(case, Boxes(towns)).globe(places, 5, [1e6, 2e5, 5e5, 1e5, 3e5, 2e7])
    case = book.case("index globe: longitudes count modulo 360, and what is beyond a pole is at it")
    case.step("index_build", {"dims": 2, "min": BEYOND})
    Asked(case, Boxes(BEYOND)).globe(AROUND, 6, [1e6, 5e5, 5e5, 1e5, 3e5, 2e7])
    case = book.case("index globe: what is not on it")
    case.step("index_build", {"dims": 2, "min": towns})
    for lon, lat, words in ((181, 0, ("lon", "181")), (0, 90.5, ("lat", "90.5")), ("NaN", 0, ("lon", "NaN"))):
        args = {"lon": [0, lon], "lat": [0, lat], "max_distance": [1, 1]}
        case.fail("index_search_great_circle", args, "OUT_OF_RANGE", *words, row=1)
        case.fail("index_nearest_great_circle", {**args, "k": 1}, "OUT_OF_RANGE", *words, row=1)
    case.fail("index_search_great_circle", {"lon": [0], "lat": [0], "max_distance": [-2]}, "OUT_OF_RANGE", "max_distance", "-2", row=0)
    yield book


def files():
    book = Book("index_files", "Indexes as files and as bytes: written, opened, replaced, damaged.")
    boxes = Boxes(*scattered(2, 150, 5), payloads=[text(n) for n in range(150)])
    said = {"crs": "EPSG:4326", "content_type": "text/plain", "attribution": ""}
    for layout in LAYOUTS:
        case = book.case(f"index files: written, opened and asked, {layout}")
        case.step("index_write", given(boxes, layout=layout, metadata=said, path="towns.idx"), {"bytes": {"at_least": 2000}})
        case.step("index_open", {"path": "towns.idx"})
        asked = Asked(case, boxes)
        asked.info(layout)
        asked.windows([(10, 10), (0, 0)], [(30, 40), (99, 99)])
        asked.nearest([(50, 50)], k=5)
        asked.contents([149, 0, 77])
        case.step("index_metadata", None, said)
        case.step("index_verify")
        case.step("index_open_bytes", {"from": "index", "as": "copy"})
        copy = Asked(case, boxes, "copy")
        copy.windows([(10, 10), (0, 0)], [(30, 40), (99, 99)])
        case.step("index_metadata", {"index": "copy"}, said)
        case.step("index_close", {"index": "index"})
        copy.contents([1, 2])
    case = book.case("index files: replaced while it is open")
    few = Boxes([(1, 1), (2, 2)])
    case.step("index_write", given(boxes, path="a.idx"))
    case.step("index_open", {"path": "a.idx", "as": "old"})
    case.step("index_write", {"dims": 2, "min": few.low, "path": "a.idx"})
    case.step("index_open", {"path": "a.idx", "as": "new"})
    Asked(case, boxes, "old").windows([(0, 0)], [(60, 60)])
    Asked(case, few, "new").windows([(0, 0)], [(60, 60)])
    case.step("remove_file", {"file": "a.idx"})
    Asked(case, few, "new").nearest([(0, 0)], k=2)
    case = book.case("index files: what is not one")
    case.fail("index_open", {"path": "nowhere.idx"}, "NOT_FOUND", "nowhere.idx")
    case.step("write_file", {"file": "words.idx", "text": "These are words and no index, as anybody can see."})
    case.fail("index_open", {"path": "words.idx"}, "CORRUPT")
    case.step("write_file", {"file": "empty.idx", "text": ""})
    case.fail("index_open", {"path": "empty.idx"}, "CORRUPT")
    case.fail("index_open_bytes", {"bytes": []}, "CORRUPT")
    case.fail("index_open_bytes", {"bytes": [1, 2, 3]}, "CORRUPT")
    case.fail("index_write", {"dims": 2, "min": [(1, 1)], "path": "no/such/folder.idx"}, "NOT_FOUND", "folder.idx")
    case = book.case("index files: a flipped byte is told by verify")
    case.step("index_write", given(Boxes(*scattered(2, 150, 5)), path="a.idx"))
    case.step("flip_byte", {"file": "a.idx", "offset": 1500})
    case.step("index_open", {"path": "a.idx"})
    case.fail("index_verify", {}, "CORRUPT")
    yield book


def sums():
    book = Book("index_aggregate", "Windows that are counted and summed up.")
    for layout in ("origin", "fast", "both"):
        case = book.case(f"index aggregate: sums and extremes, {layout}")
        low, high = scattered(2, 200, 31)
        boxes = Boxes(low, high, values=[(n * 37 % 64) / 4 - 6 for n in range(200)])
        case.step("index_build", given(boxes, layout=layout))
        asked = Asked(case, boxes)
        asked.info(layout)
        asked.aggregate([(0, 0), (10, 10), (-9, -9), (50, 20)], [(200, 200), (60, 50), (-1, -1), (51, 90)])
        asked.aggregate([], [])
    case = book.case("index aggregate: without values there is nothing to add up")
    case.step("index_build", {"dims": 2, "min": [(0, 0)], "layout": "both"})
    case.fail("index_aggregate", {"min": [(0, 0)], "max": [(1, 1)]}, "UNSUPPORTED", "values")
    yield book


def errors():
    book = Book("index_refusals", "What an index refuses, with the argument, its value and its row.")
    case = book.case("index refusals: boxes that are none")
    for low, high, words, row in (
        ([(0, 0), ("NaN", 0)], [(1, 1), (1, 1)], ("axis 0", "NaN"), 1),
        ([(0, 5)], [(1, 4)], ("axis 1", "5.0", "4.0"), 0),
    ):
        case.fail("index_build", {"dims": 2, "min": low, "max": high}, "INVALID_ARGUMENT", *words, row=row)
        case.fail("index_write", {"dims": 2, "min": low, "max": high, "path": "x.idx"}, "INVALID_ARGUMENT", *words, row=row)
    case.fail("index_open", {"path": "x.idx"}, "NOT_FOUND", "x.idx")
    case.fail("index_build", {"dims": 4, "min": [(0, 0, 0, 0)], "layout": "origin"}, "INVALID_ARGUMENT", "4")
    case.fail("index_build", {"dims": 2, "min": [(0, 0)], "layout": "origin", "node_size": 1}, "INVALID_ARGUMENT", "node_size", "1")
    case = book.case("index refusals: questions that are none")
    case.step("index_build", {"dims": 2, "min": [(0, 0), (5, 5)], "max": [(1, 1), (6, 6)]})
    windows = {"min": [(0, 0), (3, 3)], "max": [(1, 1), (2, 4)]}
    for op in ("index_search", "index_count", "index_any"):
        case.fail(op, windows, "INVALID_ARGUMENT", "axis 0", "3.0", "2.0", row=1)
        case.fail(op, {"min": [("NaN", 0)]}, "INVALID_ARGUMENT", "NaN", row=0)
    case.fail("index_search_within", {**windows, "max_distance": [1, 1]}, "INVALID_ARGUMENT", "3.0", row=1)
    case.fail("index_search_within", {"min": [(0, 0), (1, 1)], "max_distance": [1, -3]}, "OUT_OF_RANGE", "max_distance", "-3", row=1)
    case.fail("index_nearest", {**windows, "k": 1}, "INVALID_ARGUMENT", "3.0", row=1)
    case.fail("index_nearest", {"min": [(0, 0)], "k": 1, "max_distance": ["NaN"]}, "OUT_OF_RANGE", "max_distance", "NaN", row=0)
    for origin, direction, reach, words in (
        (("Infinity", 0), (1, 0), 1, ("origin", "inf")), ((0, 0), (1, "NaN"), 1, ("direction", "NaN")), ((0, 0), (1, 0), -1, ("max_t", "-1")),
    ):
        args = {"origin": [(0, 0), origin], "direction": [(1, 1), direction], "max_t": [1, reach]}
        for op in ("index_raycast", "index_raycast_any", "index_raycast_closest"):
            case.fail(op, args, "OUT_OF_RANGE", *words, row=1)
    for op in ("index_payloads", "index_boxes"):
        case.fail(op, {"ids": [1, 2]}, "NOT_FOUND", "item 2", row=1)
    case.fail("index_payload", {"id": 4294967295}, "NOT_FOUND", "4294967295")
    case.step("index_search", {"min": [(0, 0)], "max": [(9, 9)]}, {"ids": [[0, 1]]})
    case = book.case("index refusals: choices that are none", needs=["raw"])
    for dims in (0, 1, 5):
        case.fail("index_build", {"dims": dims, "min": []}, "INVALID_ARGUMENT", "dims", str(dims))
    case.fail("index_build", {"dims": 2, "min": [], "layout": "#3"}, "INVALID_ARGUMENT", "layout", "3")
    case.fail("index_build", {"dims": 2, "min": [], "layout": "origin", "bits": 16}, "INVALID_ARGUMENT", "coordinate_bits", "16")
    case.fail("index_build", {"dims": 2, "min": [], "bits": 32}, "INVALID_ARGUMENT", "coordinate_bits", "32")
    case.fail("index_build", {"dims": 2, "min": [], "threads": 100000}, "INVALID_ARGUMENT", "threads", "100000")
    yield book


def books():
    for family in (questions, joins, globe, files, sums, errors):
        yield from family()
