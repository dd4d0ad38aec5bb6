"""Every kind of query, in both spaces, at the places where globes are hard."""

from ..book import Book, START_US

BERLIN = {
    "gate": (13.3777, 52.5163),
    "tower": (13.4094, 52.5208),
    "station": (13.3694, 52.5251),
    "zoo": (13.3377, 52.5079),
    "airport": (13.5033, 52.3667),
}
SOLID = {
    "low": (10.0, 10.0, 0.0),
    "mid": (10.001, 10.0, 500.0),
    "high": (10.002, 10.0, 3000.0),
    "deep": (9.9985, 10.0, -200.0),
}
PLANE = {"o": (0, 0), "e": (3, 4), "f": (6, 8), "g": (-5, 12), "h": (0, -20), "i": (7.5, -7.5)}
CUBE = {
    "a": (0, 0, 0), "b": (1, 2, 2), "c": (2, 3, 6), "d": (-1, -4, 8), "e": (4, 4, 7), "f": (0, 0, -9)
}
DATELINE = {
    "fiji": (178.44, -18.14),
    "taveuni": (-179.97, -16.86),
    "samoa": (-171.77, -13.83),
    "east180": (180, -17.0),
    "west180": (-180, -17.5),
    "null": (0, -17.0),
}
POLES = {
    "north": (0, 90),
    "alert": (-62.35, 82.5),
    "camp": (105.0, 89.5),
    "across": (-75.0, 89.0),
    "south": (45, -90),
    "mcmurdo": (166.67, -77.85),
}
WORLDS = [
    ("berlin", "geographic", BERLIN, (13.3777, 52.5163), (1000, 3000, 30000)),
    ("solid", "geographic", SOLID, (10.0, 10.0, 100.0), (150, 700, 5000)),
    ("plane", "cartesian", PLANE, (0, 0), (5, 10, 13)),
    ("cube", "cartesian", CUBE, (0, 0, 0), (3, 7, 9)),
    ("dateline", "geographic", DATELINE, (179.9, -17.0), (20000, 200000, 2e6)),
    ("poles", "geographic", POLES, (20, 89.9), (30000, 200000, 1e6)),
]


def round_shapes():
    """circle, sphere, cylinder and nearest over all worlds."""
    for kind, about in (
        ("circle", "Within a distance along the ground, whatever the altitude; nearest first."),
        ("sphere", "Within a distance, altitude included; nearest first."),
        ("cylinder", "Within a distance along the ground, between two altitudes; nearest first."),
        ("nearest", "The k nearest, altitude included; ties by id."),
    ):
        book = Book(kind, about)
        for world, space, places, center, radii in WORLDS:
            case = book.case(f"{kind}: {world}", space)
            case.put(places)
            extra = {"min_z": -100, "max_z": 600} if kind == "cylinder" else {}
            for radius in radii:
                if kind == "nearest":
                    case.query(kind, at=center, limit=radii.index(radius) + 1)
                    case.query(kind, at=center, radius=radius)
                else:
                    case.query(kind, at=center, radius=radius, **extra)
            first = min(places)
            size = {} if kind == "nearest" else {"radius": radii[1]}
            case.query(kind, around=first, limit=3, **size, **extra)
            case.query(kind, around=first, exclude_origin=True, limit=3, **size, **extra)
            case.query(kind, at=center, limit=0, **size, **extra)
        round_edges(book, kind)
        yield book


def round_edges(book, kind):
    size = {} if kind == "nearest" else {"radius": 100.0}
    extra = {"min_z": "-Infinity", "max_z": "Infinity"} if kind == "cylinder" else {}
    case = book.case(f"{kind}: an empty namespace has nothing", "geographic")
    case.query(kind, at=(0, 0), **size, **extra)
    case = book.case(f"{kind}: ties are ordered by id", "cartesian")
    case.put({"d": (1, 0), "b": (-1, 0), "c": (0, 1), "a": (0, -1), "ab": (0, -1)})
    case.query(kind, at=(0, 0), **size, **extra)
    case.query(kind, at=(0, 0), limit=3, **size, **extra)
    case = book.case(f"{kind}: an object is first in its own query, even among equals", "cartesian")
    case.put({"a": (2, 2), "b": (2, 2), "c": (2, 2)})
    case.query(kind, around="b", **size, **extra)
    case.query(kind, around="b", limit=1, **size, **extra)
    case.query(kind, around="b", exclude_origin=True, **size, **extra)
    if kind != "nearest":
        case = book.case(f"{kind}: radius 0 finds what stands on the spot", "geographic")
        case.put({"here": (7, 46), "beside": (7.0001, 46)})
        case.query(kind, at=(7, 46), radius=0, **extra)
        case = book.case(f"{kind}: the border belongs to it", "cartesian")
        case.put({"on": (3, 4), "off": (3, 4.000001)})
        case.query(kind, at=(0, 0), radius=5, **extra)
    if kind == "cylinder":
        case = book.case("cylinder: both altitudes belong to it", "cartesian")
        case.put({"low": (0, 0, 1), "high": (0, 1, 2), "above": (0, 2, 2.5), "below": (0, 3, 0.5)})
        case.query(kind, at=(0, 0, 99), radius=5, min_z=1, max_z=2)
        case.query(kind, at=(0, 0), radius=5, min_z=2, max_z=2)
        case.query(kind, at=(0, 0), radius=5, min_z="-Infinity", max_z=1)


def boxes():
    book = Book("box", "What is in a box or a 3D box, border included; a box may cross the antimeridian.")
    for world, space, places, _, _ in WORLDS:
        xs, ys = zip(*[p[:2] for p in places.values()])
        case = book.case(f"box: {world}", space)
        case.put(places)
        case.query("box", min=(min(xs), min(ys)), max=(max(xs), max(ys)))
        mid = sorted(xs)[2]
        case.query("box", min=(min(xs), min(ys)), max=(mid, max(ys)))
        case.query("box", min=(mid, min(ys)), max=(mid, max(ys)))
        case.query("box_3d", min=(min(xs), min(ys), 0), max=(max(xs), max(ys), 700))
        case.query("box_3d", min=(min(xs), min(ys), "-Infinity"), max=(max(xs), max(ys), 0))
        case.query("box", min=(min(xs), min(ys)), max=(max(xs), max(ys)), limit=0)
        case.query("box", min=(min(xs), min(ys)), max=(max(xs), max(ys)), limit=2)
    case = book.case("box: across the antimeridian", "geographic")
    case.put(DATELINE)
    case.query("box", min=(178, -20), max=(-170, -10))
    case.query("box", min=(179, -20), max=(-179.5, -10))
    case.query("box_3d", min=(178, -20, 0), max=(-170, -10, 0))
    case.query("box", min=(-180, -20), max=(-171, -10))
    case.query("box", min=(100, -20), max=(180, -10))
    case.query("box", min=(180, -20), max=(-180, -10))
    case = book.case("box: a box at a pole holds its own longitudes only", "geographic")
    case.put({"a": (0, 90), "b": (90, 90), "c": (170, 90)})
    case.query("box", min=(-10, 80), max=(100, 90))
    case = book.case("box: a box may be a point or a line", "cartesian")
    case.put(PLANE)
    case.query("box", min=(3, 4), max=(3, 4))
    case.query("box", min=(3, -100), max=(3, 100))
    case = book.case("box: the whole globe", "geographic")
    case.put({**DATELINE, **POLES})
    case.query("box", min=(-180, -90), max=(180, 90))
    case.query("everywhere")
    case = book.case("everywhere: with a limit it gives any so many", "cartesian")
    case.put(PLANE)
    case.query("everywhere")
    case.query("everywhere", limit=4)
    case.query("everywhere", limit=0)
    case.query("everywhere", limit=6)
    yield book


def boxes_around():
    book = Book("box_around", "Boxes laid around a place or an object; nearest first.")
    for world, space, places, center, _ in WORLDS:
        case = book.case(f"box around: {world}", space)
        case.put(places)
        flat, solid = [(0.1, 0.1), (1, 1), (40, 40)], [(0.1, 0.1, 1000), (40, 40, 9)]
        if space == "cartesian":
            flat, solid = [(2, 2), (12, 16), (100, 100)], [(4, 8, 4), (100, 100, 13)]
        for size in flat:
            case.query("box_around", at=center, size=size)
        for size in solid:
            case.query("box_3d_around", at=center, size=size)
        first = min(places)
        for kind, size in (("box_around", flat[2]), ("box_3d_around", solid[1])):
            case.query(kind, around=first, size=size)
            case.query(kind, around=first, size=size, exclude_origin=True, limit=2)
            case.query(kind, around=first, size=size, limit=0)
    case = book.case("box around: wider than the globe is all longitudes", "geographic")
    case.put(DATELINE)
    case.query("box_around", at=(10, -17), size=(360, 4))
    case.query("box_around", at=(10, -17), size=(1000, 4))
    case = book.case("box around: it ends at the pole and does not go over it", "geographic")
    case.put(POLES)
    case.query("box_around", at=(105, 89.9), size=(20, 4))
    case = book.case("box around: the border belongs to it", "cartesian")
    case.put({"on": (2, -1), "corner": (2, 1, 3), "off": (2.000001, 0)})
    case.query("box_around", at=(0, 0), size=(4, 2))
    case.query("box_3d_around", at=(0, 0), size=(4, 2, 6))
    case.query("box_around", at=(2, 1), size=(0, 0))
    yield book


SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10]]
HOLE = [[4, 4], [6, 4], [6, 6], [4, 6]]
FAR = [[20, 0], [24, 0], [22, 6]]
STAR = [[0, 5], [4, 4], [5, 0], [6, 4], [10, 5], [6, 6], [5, 10], [4, 6]]
SPOTS = {
    "corner": (0, 0), "edge": (5, 0), "inside": (2, 2), "in_hole": (5, 5), "hole_edge": (4, 5),
    "hole_corner": (6, 6), "outside": (11, 5), "near": (10.000001, 5), "far": (22, 2), "tip": (22, 6),
    "notch": (2, 3.9),
}


def polygons():
    book = Book("polygon", "Polygons with holes and parts, borders included; edges are straight in the coordinates.")
    shapes = [
        ("a square", [[SQUARE]]),
        ("a square with a hole", [[SQUARE, HOLE]]),
        ("two parts, one with a hole", [[SQUARE, HOLE], [FAR]]),
        ("a star with notches", [[STAR]]),
        ("a closed ring given clockwise", [[SQUARE[::-1] + [SQUARE[-1]]]]),
        ("parts that overlap", [[SQUARE, HOLE], [[[3, 3], [7, 3], [7, 7], [3, 7]]]]),
    ]
    for name, polygon in shapes:
        for space in ("geographic", "cartesian"):
            case = book.case(f"polygon: {name}, {space}", space)
            case.put(SPOTS)
            case.query("polygon", polygon=polygon)
            case.query("polygon", polygon=polygon, limit=0)
            case.query("polygon", polygon=polygon, limit=2)
            case.query("polygon", polygon=polygon, altitude=[1, 2])
            case.ask("query_polygon", {"polygon": polygon}, "polygon", polygon=polygon)
        from .. import geo

        points = [list(p) for p in SPOTS.values()]
        inside = [geo.in_polygon(polygon, *p) for p in points]
        case = book.case(f"polygon contains: {name}")
        case.step("polygon_contains", {"polygon": polygon, "points": points}, {"inside": inside})
    case = book.case("polygon: what is not a number is in no polygon")
    points = [["NaN", 1], [1, "NaN"], ["Infinity", 1]]
    case.step("polygon_contains", {"polygon": [[SQUARE]], "points": points}, {"inside": [False] * 3})
    bad = [
        ("no part", [], "INVALID_ARGUMENT", ["no"]),
        ("one point", [[[[1, 1], [1, 1]]]], "INVALID_ARGUMENT", ["at least 3", "1"]),
        ("two points", [[[[0, 0], [1, 1]]]], "INVALID_ARGUMENT", ["no area"]),
        ("a line", [[[[0, 0], [1, 1], [2, 2]]]], "INVALID_ARGUMENT", ["no area"]),
        ("a crossing border", [[[[0, 0], [2, 2], [2, 0], [0, 2]]]], "INVALID_ARGUMENT", ["crosses itself", "1"]),
        ("a hole outside", [[SQUARE, [[20, 20], [21, 20], [21, 21]]]], "INVALID_ARGUMENT", ["hole 0", "outside"]),
        ("NaN", [[[[0, 0], ["NaN", 1], [1, 0]]]], "OUT_OF_RANGE", ["x of vertex 1", "NaN"]),
        ("infinity", [[[[0, 0], [1, "Infinity"], [1, 0]]]], "OUT_OF_RANGE", ["y of vertex 1", "inf"]),
    ]
    for name, polygon, status, words in bad:
        case = book.case(f"polygon: {name} is refused")
        case.fail("polygon", {"polygon": polygon}, status, *words)
    case = book.case("polygon: one beyond the globe is refused where it is asked", "geographic")
    wide = [[[[0, 0], [190, 0], [190, 10], [0, 10]]]]
    case.fail("query", {"kind": "polygon", "polygon": wide}, "OUT_OF_RANGE", "max_x", "190")
    case.fail("query_polygon", {"polygon": wide}, "OUT_OF_RANGE", "max_x", "190")
    yield book


def filters():
    book = Book("filters", "Which objects of a region count: by id, by time, by altitude.")
    places = {"bus:1": (1, 1), "bus:2": (2, 2, 50), "bus:10": (3, 3, 100), "car:1": (4, 4, 150), "b\u00fcs:1": (5, 5)}

    def stage(name):
        case = book.case(f"filters: {name}", "cartesian")
        for n, (id, at) in enumerate(places.items()):
            case.upsert(id, at, time_us=START_US - n * 1_000_000)
        return case

    shapes = [
        ("everywhere", {}), ("circle", {"at": (0, 0), "radius": 5}), ("nearest", {"at": (0, 0), "limit": 2}),
        ("box", {"min": (0, 0), "max": (9, 9)}), ("sphere", {"at": (0, 0), "radius": 1000}),
        ("box_around", {"at": (0, 0), "size": (100, 100)}), ("polygon", {"polygon": [[[[-1, -1], [9, -1], [9, 9], [-1, 9]]]]}),
    ]
    for kind, shape in shapes:
        case = stage(kind)
        for prefix in ("bus:", "bus:1", "b\u00fc", "x", ""):
            case.query(kind, id_prefix=prefix, **shape)
        case.query(kind, since_us=START_US - 2_000_000, **shape)
        case.query(kind, since_us=START_US + 1, **shape)
        case.query(kind, max_age_us=1_000_000, **shape)
        case.query(kind, max_age_us=0, **shape)
        case.query(kind, altitude=[50, 100], **shape)
        case.query(kind, altitude=["-Infinity", 0], **shape)
        case.query(kind, id_prefix="bus:", since_us=START_US - 2_000_000, max_age_us=1_500_000, altitude=[0, 60], **shape)
    case = stage("age follows the clock")
    case.clock(3_000_000)
    case.query("everywhere", max_age_us=4_000_000)
    case.query("everywhere", max_age_us=2_999_999)
    case = stage("the origin may be left out by a filter")
    case.query("circle", around="bus:1", radius=10, id_prefix="car")
    case.query("nearest", around="car:1", limit=2, altitude=[0, 60])
    yield book


def many():
    book = Book("query_run", "Many queries in one call, the calls with names of their own, and answers that are kept.")
    case = book.case("query_run: each query has its rows", "geographic")
    case.put(BERLIN)
    case.query_run([
        {"kind": "circle", "at": (13.3777, 52.5163), "radius": 1500},
        {"kind": "everywhere"},
        {"kind": "nearest", "around": "zoo", "limit": 2, "exclude_origin": True},
        {"kind": "box", "min": (0, 0), "max": (1, 1)},
        {"kind": "nearest", "at": (13.5, 52.4), "limit": 1},
    ])
    case = book.case("query_run: no query has no rows", "geographic")
    case.put(BERLIN)
    case.query_run([])
    case = book.case("query_run: one bad query refuses the call and is named", "geographic")
    case.put(BERLIN)
    case.fail("query_run", {"queries": [{"kind": "everywhere"}, {"kind": "circle", "at": (0, 0), "radius": -1}]},
              "OUT_OF_RANGE", "radius", "-1", row=1)
    for world, space, places, center, radii in WORLDS:
        case = book.case(f"named calls: {world}", space)
        case.put(places)
        for radius in radii:
            case.ask("query_radius", {"at": center, "radius": radius, "limit": 9}, "sphere", at=center, radius=radius, limit=9)
        case.ask("query_radius", {"at": center, "radius": radii[2]}, "sphere", at=center, radius=radii[2])
        case.ask("knn", {"at": center, "k": 2}, "nearest", at=center, limit=2)
        case.ask("knn", {"at": center, "k": 0}, "nearest", at=center, limit=0)
        first = min(places)
        case.ask("query_near", {"origin": first, "radius": radii[1], "limit": 2}, "sphere", around=first, radius=radii[1], limit=2)
        low, high = (-10, -20), (11, 60)
        case.ask("query_box", {"min": low, "max": high}, "box", min=low, max=high)
        case.ask("query_box", {"min": low, "max": high, "limit": 1}, "box", min=low, max=high, limit=1)
    yield book


def grids():
    """A few hundred objects, so that the index has leaves to choose among."""
    book = Book("crowd", "Hundreds of objects: the index has many leaves, and answers as if it had none.")
    case = book.case("crowd: a grid in the plane", "cartesian")
    shift = lambda n: n * n * 7919 % 997 / 1000
    cell = lambda x, y: (round(x * 1.5 + shift(x * 20 + y), 3), round(y * 1.25 + shift(x * 31 + y * 17), 3))
    case.put({f"g{x:02}{y:02}": cell(x, y) for x in range(20) for y in range(20)})
    case.query("circle", at=(14.1, 12.7), radius=2.2)
    case.query("nearest", at=(0.4, 0.3), limit=8)
    case.query("nearest", around="g1010", limit=5, exclude_origin=True)
    case.query("box", min=(3, 3), max=(6, 6))
    case.query("box_around", at=(10, 10), size=(3, 4))
    case.query("polygon", polygon=[[[[1, 1], [8, 2], [4, 6]], [[3.5, 2.5], [4.5, 2.5], [4, 3.5]]]])
    case.query("circle", at=(14.1, 12.7), radius=100, id_prefix="g0", limit=4)
    case.count()
    case = book.case("crowd: everyone on one spot", "geographic")
    case.put({f"p{n:03}": (9.5, 47.1) for n in range(150)})
    case.query("nearest", at=(9.5, 47.1), limit=4)
    case.query("circle", around="p077", radius=0, limit=3)
    case.query("circle", at=(9.5, 47.1), radius=1, limit=2, id_prefix="p14")
    case.count()
    case = book.case("crowd: a ring around the pole", "geographic")
    case.put({f"r{n:03}": (round(-180 + n * 3.59 + 0.001 * (n * n % 97), 4), round(88 + n * n * 7919 % 997 / 500, 4)) for n in range(100)})
    case.query("circle", at=(33, 89.95), radius=40000)
    case.query("nearest", at=(-179.99, 89.2), limit=6)
    case.query("box", min=(170, 88.3), max=(-170, 89))
    yield book


def books():
    for family in (round_shapes, boxes, boxes_around, polygons, filters, many, grids):
        yield from family()
