"""Packs and fences: what was frozen, and polygons with ids, in files that never change."""

import copy

from .. import geo
from ..book import Book, START_US, trim
from ..boxes import overlaps
from .queries import BERLIN, CUBE, DATELINE, PLANE, POLES, SOLID

LAYOUTS = ("fast", "origin", "both")
SECOND_US = 1_000_000
DAMAGED = 400


class Pack:
    """A pack of a case beside the world as it was when it was frozen; each method is a step."""

    def __init__(self, case, ns="main", path="fleet.psindex", name=None, **options):
        self.case, self.name, self.ns = case, name, ns
        self.world = copy.deepcopy(case.world)
        args = {"path": path, **({} if ns == "main" else {"ns": ns}), **options}
        case.step("freeze", args, {"objects": len(self.here()), "bytes": {"at_least": 200}})
        case.step("pack_open", {"path": path, **({"as": name} if name else {})})

    def here(self):
        return self.world.here(self.world.spaces[self.ns])

    def step(self, op, args, expect):
        self.case.step(op, {**({"pack": self.name} if self.name else {}), **args}, expect)

    def info(self):
        space = self.world.spaces[self.ns].space
        dims = 3 if any(str(o["at"][2]) not in ("0", "0.0") for o in self.here().values()) else 2
        expect = {"space": space, "objects": len(self.here()), "bytes": {"at_least": 200}}
        self.step("pack_info", {}, {**expect, "dims": dims, "frozen_us": self.world.clock_us})

    def get(self, id):
        o = self.here().get(id)
        expect = {"found": False}
        if o is not None:
            expect = {"found": True, "at": trim(o["at"]), **{k: o[k] for k in ("time_us", "expires_us", "payload")}}
        self.step("pack_get", {"id": id}, expect)

    def contents(self, id):
        self.step("pack_id", {"handle": id}, {"id": id})
        self.step("pack_payload", {"handle": id}, {"payload": self.here()[id]["payload"]})

    def answer(self, q):
        return self.case.answer(q, self.ns, self.world)

    def query(self, kind, **q):
        self.step("pack_query", {"kind": kind, **q}, self.answer({"kind": kind, **q}))

    def query_run(self, queries):
        self.step("pack_query_run", {"queries": queries}, {"results": [self.answer(q) for q in queries]})


def everything(pack, center, radii):
    """Every kind of query, at a place and around an object."""
    first = min(pack.here())
    altitudes = {"min_z": -100, "max_z": 600}
    for radius in radii:
        pack.query("circle", at=center, radius=radius)
        pack.query("sphere", at=center, radius=radius)
        pack.query("cylinder", at=center, radius=radius, **altitudes)
        pack.query("nearest", at=center, radius=radius)
    pack.query("nearest", at=center, limit=3)
    pack.query("circle", around=first, radius=radii[1], limit=2)
    pack.query("sphere", around=first, radius=radii[1], exclude_origin=True)
    pack.query("nearest", around=first, limit=4)
    x, y = center[0], center[1]
    low, high = (x - 3, y - 3), (x + 3, y + 3)
    if pack.world.spaces[pack.ns].space == "geographic":
        low = (low[0] if low[0] >= -180 else low[0] + 360, max(low[1], -90))
        high = (high[0] if high[0] <= 180 else high[0] - 360, min(high[1], 90))
    pack.query("box", min=low, max=high)
    pack.query("box_3d", min=(*low, -50), max=(*high, 700))
    pack.query("box_around", at=center, size=(4, 4))
    pack.query("box_3d_around", around=first, size=(5, 5, 20))
    pack.query("polygon", polygon=[[[(x - 2, min(y, 86) - 2), (x + 2, min(y, 86) - 2), (x, min(y, 86) + 2)]]] if abs(x) < 178 else [[[(0, 0), (1, 0), (0, 1)]]])
    pack.query("everywhere")
    pack.query("everywhere", limit=2)
    pack.query("everywhere", id_prefix=first[:1])


def questions():
    book = Book("pack", "A namespace frozen into a file, and every question to it as to the namespace then.")
    worlds = (
        ("berlin", "geographic", BERLIN, (13.3777, 52.5163), (1000, 3000, 30000)),
        ("solid", "geographic", SOLID, (10.0, 10.0, 100.0), (150, 700, 5000)),
        ("plane", "cartesian", PLANE, (0, 0), (5, 10, 13)),
        ("cube", "cartesian", CUBE, (0, 0, 0), (3, 7, 9)),
        ("dateline", "geographic", DATELINE, (179.9, -17.0), (20000, 200000, 2e6)),
        ("poles", "geographic", POLES, (20, 89.9), (30000, 200000, 1e6)),
    )
    for at, (world, space, places, center, radii) in enumerate(worlds):
        case = book.case(f"pack: every question, {world}", space)
        case.put(places, payloads=["" if n % 3 == 0 else f"load {n}" for n in range(len(places))])
        pack = Pack(case, layout=LAYOUTS[at % 3], threads=1 + at % 2)
        pack.info()
        everything(pack, center, radii)
        for id in places:
            pack.get(id)
            pack.contents(id)
        pack.get("nobody")
        case.step("pack_verify")
        case.step("pack_close")
    case = book.case("pack: many questions in one call", "cartesian")
    case.put(PLANE)
    pack = Pack(case)
    pack.query_run([])
    pack.query_run([{"kind": "circle", "at": (0, 0), "radius": 6}, {"kind": "everywhere"}, {"kind": "nearest", "around": "e", "limit": 2}])
    case = book.case("pack: nothing in it", "geographic")
    pack = Pack(case)
    pack.info()
    pack.query("everywhere")
    pack.query("nearest", at=(0, 0), limit=5)
    pack.get("a")
    case.step("pack_verify")
    yield book


def times():
    book = Book("pack_time", "A pack stands still: what the namespace and the clock do later plays no part.")
    case = book.case("pack time: writes after the freezing", "cartesian")
    case.put({"a": (1, 1), "b": (2, 2)}, payloads=["one", "two"])
    pack = Pack(case)
    case.upsert("a", (9, 9), payload="other")
    case.delete("b")
    case.upsert("c", (3, 3))
    pack.query("everywhere")
    pack.get("a")
    pack.get("c")
    case.query("everywhere")
    later = Pack(case, path="later.psindex", name="later")
    later.query("everywhere")
    pack.query("nearest", at=(9, 9), limit=1)
    case = book.case("pack time: its present is the moment of the freezing", "geographic", ttl_us=60 * SECOND_US)
    case.upsert("old", (1, 1))
    case.clock(40 * SECOND_US)
    case.upsert("young", (1, 1.001))
    case.upsert("lasting", (1, 1.002), ttl_us=10_000 * SECOND_US)
    case.clock(30 * SECOND_US)
    pack = Pack(case)
    pack.info()
    for _ in range(2):
        pack.query("everywhere")
        pack.query("everywhere", max_age_us=35 * SECOND_US)
        pack.query("everywhere", max_age_us=20 * SECOND_US)
        pack.query("everywhere", since_us=START_US + 40 * SECOND_US)
        pack.get("old")
        pack.get("young")
        pack.get("lasting")
        case.clock(500 * SECOND_US)
    case = book.case("pack time: replaced while it is open, and removed", "cartesian")
    case.put({"a": (1, 1)})
    old = Pack(case, name="old")
    case.put({"b": (2, 2)})
    new = Pack(case, name="new")
    old.query("everywhere")
    new.query("everywhere")
    case.step("remove_file", {"file": "fleet.psindex"})
    old.query("everywhere")
    new.get("b")
    case = book.case("pack time: it outlives its database, also as bytes", "cartesian", where="directory")
    case.put({"a": (1, 1, 0.5), "b": (2, 2, -0.0)}, payloads=["one", ""])
    pack = Pack(case)
    case.step("pack_open_bytes", {"path": "fleet.psindex", "as": "copy"})
    case.step("close")
    pack.query("everywhere")
    pack.name = "copy"
    pack.info()
    pack.query("sphere", at=(1, 1, 0.5), radius=9)
    pack.get("b")
    case.step("pack_verify", {"pack": "copy"})
    yield book


def refusals():
    book = Book("pack_refusals", "What a pack refuses, and what is no pack.")
    case = book.case("pack refusals: questions that are none", "geographic")
    case.put({"a": (1, 1), "b": (2, 2)})
    Pack(case)
    case.fail("pack_query", {"kind": "circle", "at": (181, 0), "radius": 1}, "OUT_OF_RANGE", "lon", "181")
    case.fail("pack_query", {"kind": "circle", "at": (0, 0), "radius": -1}, "OUT_OF_RANGE", "radius", "-1")
    case.fail("pack_query", {"kind": "circle", "around": "#2", "radius": 1}, "NOT_FOUND")
    case.fail("pack_query", {"kind": "circle", "around": "#4294967296", "radius": 1}, "NOT_FOUND")
    queries = [{"kind": "everywhere"}, {"kind": "nearest", "at": (0, 91), "limit": 1}]
    case.fail("pack_query_run", {"queries": queries}, "OUT_OF_RANGE", "lat", "91", row=1)
    case.fail("pack_query", {"kind": "everywhere", "cancelled": True}, "CANCELLED")
    case.fail("pack_get", {"id": ""}, "INVALID_ARGUMENT", "id")
    for handle in ("#2", "#4294967296", "#18446744073709551615"):
        case.fail("pack_id", {"handle": handle}, "NOT_FOUND", "handle")
        case.fail("pack_payload", {"handle": handle}, "NOT_FOUND", "handle")
    case = book.case("pack refusals: what is not one", "geographic")
    case.fail("freeze", {"path": "no/such/folder.psindex"}, "NOT_FOUND", "folder.psindex")
    case.fail("pack_open", {"path": "nowhere.psindex"}, "NOT_FOUND", "nowhere.psindex")
    case.fail("fences_open", {"path": "nowhere.psindex"}, "NOT_FOUND", "nowhere.psindex")
    case.step("write_file", {"file": "words", "text": "These are words and no pack, as anybody can see."})
    case.step("write_file", {"file": "empty", "text": ""})
    for op in ("pack_open", "pack_open_bytes", "fences_open", "fences_open_bytes"):
        case.fail(op, {"path": "words"}, "CORRUPT")
        case.fail(op, {"path": "empty"}, "CORRUPT")
    case.step("index_write", {"dims": 2, "min": [(1, 1)], "path": "index"}, {"bytes": {"at_least": 1}})
    case.fail("pack_open", {"path": "index"}, "CORRUPT", "index of something else")
    case.fail("fences_open", {"path": "index"}, "CORRUPT", "index of something else")
    case.step("freeze", {"path": "pack"}, {"objects": 0})
    case.fail("fences_open", {"path": "pack"}, "UNSUPPORTED", "objects")
    case.step("fences_write", {"space": "geographic", "ids": [], "polygons": [], "path": "fences"}, {"bytes": {"at_least": 1}})
    case.fail("pack_open", {"path": "fences"}, "UNSUPPORTED", "fences")
    case = book.case("pack refusals: damage is told by whoever meets it", "cartesian")
    case.put({f"{n:02}": (n, n % 7) for n in range(40)}, payloads=[f"payload {n}" for n in range(40)])
    Pack(case)
    case.step("flip_byte", {"file": "fleet.psindex", "offset": DAMAGED})
    case.step("pack_open_bytes", {"path": "fleet.psindex", "as": "damaged"})
    case.fail("pack_verify", {"pack": "damaged"}, "CORRUPT")
    case.fail("pack_query", {"pack": "damaged", "kind": "everywhere"}, "CORRUPT")
    case = book.case("pack refusals: a closed database freezes nothing", "cartesian")
    case.step("count", None, {"objects": 0})
    case.step("close")
    case.fail("freeze", {"path": "a"}, "CLOSED")
    case = book.case("pack refusals: choices that are none", "cartesian", needs=["raw"])
    case.fail("freeze", {"path": "a", "layout": "#3"}, "INVALID_ARGUMENT", "layout", "3")
    case.fail("freeze", {"path": "a", "threads": 100000}, "INVALID_ARGUMENT", "threads", "100000")
    yield book


class Fences:
    """Fences of a case beside their polygons."""

    def __init__(self, case, space, polygons, payloads=None, path=None, name=None, **options):
        self.case, self.space, self.polygons, self.name = case, space, polygons, name
        self.payloads = dict(zip(polygons, payloads or [None] * len(polygons)))
        args = {"space": space, "ids": list(polygons), "polygons": list(polygons.values())}
        args.update({"payloads": payloads} if payloads else {})
        named = {"as": name} if name else {}
        if path is None:
            return case.step("fences_build", {**args, **named})
        case.step("fences_write", {**args, **options, "path": path}, {"bytes": {"at_least": 200}})
        case.step("fences_open", {"path": path, **named})

    def step(self, op, args, expect):
        self.case.step(op, {**({"fences": self.name} if self.name else {}), **args}, expect)

    def info(self):
        self.step("fences_info", {}, {"space": self.space, "fences": len(self.polygons), "bytes": {"at_least": 200}})

    def found(self, passes):
        ids = sorted((id for id, parts in self.polygons.items() if passes(parts)), key=str.encode)
        return ids, [self.payloads[id] or "" for id in ids]

    def answer(self, found):
        return {"ids": [ids for ids, _ in found], "payloads": [payloads for _, payloads in found]}

    def containing(self, points):
        found = [self.found(lambda parts: geo.in_polygon(parts, *p[:2])) for p in points]
        self.step("fences_containing", {"points": points}, self.answer(found))

    def intersecting(self, low, high):
        def meets(a, b, parts):
            if a[0] <= b[0]:
                return overlaps(parts, a, b)
            return overlaps(parts, a, (180, b[1])) or overlaps(parts, (-180, a[1]), b)

        found = [self.found(lambda parts: meets(a, b, parts)) for a, b in zip(low, high)]
        self.step("fences_intersecting", {"min": low, "max": high}, self.answer(found))

    def get(self, id):
        expect = {"found": False}
        if id in self.polygons:
            expect = {"found": True, "payload": self.payloads[id] or None}
        self.step("fences_get", {"id": id}, expect)

    def contents(self, id):
        self.step("fences_get_by_handle", {"handle": id}, {"id": id, "payload": self.payloads[id] or None})


def square(x, y, size):
    return [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]


PLACES = {
    "yard": [[square(0, 0, 8), square(2, 2, 3)]],
    "wedge": [[[(1, 1), (12, 4), (3, 9)]]],
    "islands": [[square(10, 10, 2)], [square(14, 10, 2)]],
    "Zone": [[square(4, 4, 20)]],
    "\u00e9tang": [[[(6, 0), (9, 0), (9, 1), (6, 1)]]],
}
NOTES = ["no cars", "", None, "zone", "\u6c34"]


def fences():
    book = Book("fences", "Polygons with ids in one file: which contain a place, which meet a box.")
    grid = [(x / 2, y / 2) for x in range(-1, 32, 3) for y in range(-1, 26, 3)]
    on_borders = [(0, 0), (8, 5), (2, 2), (3.5, 2), (3.5, 3.5), (5, 5), (12, 4), (16, 12), (13, 11)]
    low = [(-5, -5), (3, 3), (2, 2), (12.5, 9), (24, 24), (9, 1), (100, 100)]
    high = [(-1, -1), (4, 4), (2, 2), (13.5, 20), (30, 30), (9, 1), (101, 101)]
    for at, layout in enumerate((None, *LAYOUTS)):
        case = book.case(f"fences: a plane, {layout or 'in memory'}", "cartesian")
        path = None if layout is None else "yard.psindex"
        options = {} if layout is None else {"layout": layout, "threads": at}
        fences = Fences(case, "cartesian", PLACES, NOTES, path=path, **options)
        fences.info()
        fences.containing(grid)
        fences.containing(on_borders)
        fences.containing([])
        fences.intersecting(low, high)
        fences.intersecting([], [])
        for id in PLACES:
            fences.get(id)
            fences.contents(id)
        fences.get("nothing")
        case.step("fences_verify")
        case.step("fences_close")
    case = book.case("fences: a globe, and boxes over the antimeridian")
    globe = {
        "fiji": [[square(176, -20, 4)], [square(-180, -20, 2)]],
        "berlin": [[[(13.1, 52.3), (13.8, 52.35), (13.7, 52.7), (13.0, 52.65)]]],
        "arctic": [[[(-180, 66.5), (180, 66.5), (180, 90), (-180, 90)]]],
    }
    fences = Fences(case, "geographic", globe)
    fences.info()
    fences.containing([(179, -18), (-179, -18), (-177, -18), (13.4, 52.5), (0, 90), (180, -17), (100, 70)])
    fences.intersecting([(175, -19), (-179.5, -30), (13.9, 52), (10, 50)], [(-170, -18), (-179, 80), (14, 53), (13.2, 52.4)])
    case = book.case("fences: many of one shape, without payloads, written and opened as bytes")
    many = {f"cell {x} {y}": [[square(x, y, 1)]] for x in range(12) for y in range(12)}
    fences = Fences(case, "cartesian", many, path="cells.psindex")
    fences.containing([(x + 0.5, y + 0.25) for x in range(-1, 13, 2) for y in range(-1, 13, 3)])
    fences.containing([(3, 4), (12, 12), (0, 6.5)])
    case.step("fences_open_bytes", {"path": "cells.psindex", "as": "copy"})
    case.step("fences_close")
    fences.name = "copy"
    fences.info()
    fences.intersecting([(1.5, 1.5), (0, 0), (4, 4)], [(3.5, 2.5), (0.5, 0.5), (4, 4)])
    fences.get("cell 3 4")
    fences.contents("cell 11 0")
    case.step("fences_verify", {"fences": "copy"})
    case = book.case("fences: none")
    fences = Fences(case, "geographic", {})
    fences.containing([(0, 0)])
    fences.intersecting([(-180, -90)], [(180, 90)])
    fences.get("a")
    case.step("fences_verify")
    fence_refusals(book)
    yield book


def fence_refusals(book):
    case = book.case("fences: what is none")
    good, wide = [[square(0, 0, 1)]], [[square(175, 0, 10)]]
    for op, more in (("fences_build", {}), ("fences_write", {"path": "x"})):
        args = {"space": "geographic", **more}
        case.fail(op, {**args, "ids": ["a", "a"], "polygons": [good, good]}, "INVALID_ARGUMENT", "two fences", "a")
        case.fail(op, {**args, "ids": ["a", ""], "polygons": [good, good]}, "INVALID_ARGUMENT", "id", row=1)
        case.fail(op, {**args, "ids": ["a", "b"], "polygons": [good, wide]}, "OUT_OF_RANGE", "185", row=1)
    case.fail("fences_open", {"path": "x"}, "NOT_FOUND", "x")
    case.fail("fences_write", {"space": "cartesian", "ids": [], "polygons": [], "path": "no/such/x"}, "NOT_FOUND", "x")
    fences = Fences(case, "geographic", {"a": good})
    case.fail("fences_containing", {"points": [(0, 0), (0, 91)]}, "OUT_OF_RANGE", "lat", "91", row=1)
    case.fail("fences_containing", {"points": [("NaN", 0)]}, "OUT_OF_RANGE", "lon", "NaN", row=0)
    case.fail("fences_intersecting", {"min": [(0, 0), (0, 2)], "max": [(1, 1), (1, 1)]}, "INVALID_ARGUMENT", "2", row=1)
    case.fail("fences_get", {"id": ""}, "INVALID_ARGUMENT", "id")
    for handle in ("#1", "#4294967296"):
        case.fail("fences_get_by_handle", {"handle": handle}, "NOT_FOUND", "handle")
    fences.containing([(0.5, 0.5)])
    case = book.case("fences: damage is told by whoever meets it")
    Fences(case, "cartesian", {f"{n:02}": [[square(n, n % 5, 2)]] for n in range(30)}, path="a.psindex")
    case.step("flip_byte", {"file": "a.psindex", "offset": DAMAGED})
    case.step("fences_open_bytes", {"path": "a.psindex", "as": "damaged"})
    case.fail("fences_verify", {"fences": "damaged"}, "CORRUPT")
    case.fail("fences_intersecting", {"fences": "damaged", "min": [(-9, -9)], "max": [(99, 99)]}, "CORRUPT", row=0)
    case = book.case("fences: choices that are none", needs=["raw"])
    case.fail("fences_build", {"space": "#2", "ids": [], "polygons": []}, "INVALID_ARGUMENT", "space", "2")
    case.fail("fences_write", {"space": "cartesian", "ids": [], "polygons": [], "path": "a", "layout": "#9"}, "INVALID_ARGUMENT", "layout", "9")


def books():
    for family in (questions, times, refusals, fences):
        yield from family()
