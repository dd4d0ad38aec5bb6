"""The past: tracks, positions at an instant; and the figures of the present that span objects."""

from ..book import Book, START_US

MAX = 2**63 - 1
ROUTE = [(10.0, 50.0), (10.5, 50.25, 100), (11.0, 50.0), (12.0, 49.0, 50), (12.0, 49.5)]
TIMES = [1000, 2000, 3000, 4000, 5000]


def trajectories():
    book = Book("trajectory", "Where an object was: in either order, within a closed interval, with a limit.")
    for where, options in (("memory", {}), ("directory", {}), ("directory", {"segment_bytes": 4096, "buffer_records": 4})):
        small = ", small segments" if options else ""
        case = book.case(f"trajectory: both orders and limits, {where}{small}", "geographic", where=where, history="on", **options)
        case.insert_trajectory("a", TIMES, ROUTE)
        for order in ("oldest_first", "newest_first"):
            case.trajectory(["a"], order=order)
            for limit in (0, 1, 3, 5, 9):
                case.trajectory(["a"], order=order, limit=limit)
            case.trajectory(["a"], 2000, 4000, order)
            case.trajectory(["a"], 2001, 3999, order)
            case.trajectory(["a"], 3000, 3000, order)
            case.trajectory(["a"], 3001, 3001, order)
            case.trajectory(["a"], 5001, MAX, order)
            case.trajectory(["a"], 2000, 5000, order, limit=2)
        if where == "directory":
            case.reopen(**options)
            case.trajectory(["a"], order="oldest_first")
            case.trajectory(["a"], limit=2)
    case = book.case("trajectory: every accepted update is in it, late ones in their place", "geographic", history="on")
    case.upsert("a", (1, 1), time_us=2000)
    case.upsert("a", (2, 2), time_us=1000)
    case.upsert("a", (3, 3), time_us=3000)
    case.move("a", (4, 4), time_us=2500)
    case.move_batch(["a"], [(5, 5)], time_us=[1500])
    case.trajectory(["a"], order="oldest_first")
    case.trajectory(["a"], limit=2)
    case.get("a")
    case = book.case("trajectory: equal times are in the order of writing", "cartesian", history="on")
    for x in (1, 2, 3):
        case.upsert("a", (x, 0), time_us=1000)
    case.trajectory(["a"], order="oldest_first")
    case.trajectory(["a"], order="newest_first")
    case.trajectory(["a"], order="newest_first", limit=1)
    case = book.case("trajectory: of many objects, the limit is for each", "geographic", history="on")
    case.insert_trajectory("a", TIMES, ROUTE)
    case.insert_trajectory("b", [1500, 2500], [(0, 0), (1, 1)])
    case.step("intern", {"id": "never moved"})
    case.trajectory(["b", "never moved", "a"], order="oldest_first")
    case.trajectory(["a", "b", "a"], 2000, 9000, "newest_first", limit=1)
    case.trajectory([])
    case = book.case("trajectory: an object without positions has an empty one", "geographic", history="on")
    case.step("intern", {"id": "a"})
    case.trajectory(["a"])
    case = book.case("trajectory: the insertion of a past", "geographic", history="on")
    case.insert_trajectory("a", [3000, 1000, 2000], [(3, 3), (1, 1), (2, 2)])
    case.get("a")
    case.insert_trajectory("a", [500, 600], [(0.5, 0), (0.6, 0)])
    case.get("a")
    case.trajectory(["a"], order="oldest_first")
    case.insert_trajectory("a", [], [])
    case.insert_trajectory("b", [], [])
    case.get("b")
    case.insert_trajectory("a", [9000], [(9, 9)])
    case.get("a")
    case = book.case("trajectory: an insertion with a bad row inserts nothing", "geographic", history="on")
    args = {"id": "a", "time_us": [1, 2, 3], "x": [1, 2, 181], "y": [1, 2, 3]}
    case.fail("insert_trajectory", args, "OUT_OF_RANGE", "lon", "181", row=2)
    case.fail("insert_trajectory", {"id": "", "time_us": [1], "x": [1], "y": [1]}, "INVALID_ARGUMENT", "id", "empty")
    case.step("find_handle", {"id": "a"}, {"found": False})
    case = book.case("trajectory: errors", "geographic", history="on")
    case.upsert("a", (1, 1))
    args = {"handles": ["a"], "start_us": 2, "end_us": 1, "order": "oldest_first"}
    case.fail("trajectory", args, "INVALID_ARGUMENT", "2", "1")
    case.fail("trajectory", {**args, "start_us": 1, "end_us": 2, "handles": ["a", "#99"]}, "NOT_FOUND", "handle", row=1)
    case.fail("positions_at", {"handles": ["a", "#99"], "time_us": 1, "interpolation": "last"}, "NOT_FOUND", "handle", row=1)
    case = book.case("trajectory: a namespace without history has none", "geographic")
    case.upsert("a", (1, 1))
    case.fail("trajectory", {"handles": ["a"], "start_us": 1, "end_us": 2, "order": "oldest_first"}, "UNSUPPORTED", "history", "main")
    case.fail("positions_at", {"handles": ["a"], "time_us": 1, "interpolation": "last"}, "UNSUPPORTED", "history", "main")
    case.fail("insert_trajectory", {"id": "a", "time_us": [1], "x": [1], "y": [1]}, "UNSUPPORTED", "history", "main")
    case = book.case("trajectory: what expired keeps its track", "geographic", history="on", ttl_us=1000)
    case.upsert("a", (1, 1))
    case.clock(2000)
    case.sweep()
    case.upsert("a", (2, 2))
    case.trajectory(["a"], order="oldest_first")
    yield book


def positions():
    book = Book("positions_at", "Where objects were at an instant: on the way between two positions, or at the last.")
    for where in ("memory", "directory"):
        case = book.case(f"positions at: linear and last, {where}", "geographic", where=where, history="on")
        case.insert_trajectory("a", TIMES, ROUTE)
        case.insert_trajectory("b", [2000, 6000], [(0, 0), (4, -4, 40)])
        for how in ("linear", "last"):
            for time_us in (999, 1000, 1500, 2000, 2999, 4250, 5000, 5001, MAX, -(2**63)):
                case.positions_at(["a", "b"], time_us, how)
        case.positions_at([], 1000)
        case.positions_at(["b", "b"], 3000)
    case = book.case("positions at: the short way over the antimeridian", "geographic", history="on")
    case.insert_trajectory("east", [0, 1000], [(179, 10), (-179, 12)])
    case.insert_trajectory("west", [0, 1000], [(-178, 0), (178, 0)])
    case.insert_trajectory("long", [0, 1000], [(-80, 0), (80, 0)])
    for time_us in (250, 499, 501, 750, 1000):
        case.positions_at(["east", "west", "long"], time_us)
        case.positions_at(["east", "west", "long"], time_us, "last")
    case = book.case("positions at: in the plane 180 means nothing", "cartesian", history="on")
    case.insert_trajectory("a", [0, 1000], [(179, 10), (-179, 12, 8)])
    case.positions_at(["a"], 250)
    case = book.case("positions at: of equal times the last one written counts", "cartesian", history="on")
    for x in (1, 2):
        case.upsert("a", (x, 0), time_us=1000)
    case.upsert("a", (4, 0), time_us=3000)
    case.positions_at(["a"], 1000)
    case.positions_at(["a"], 1000, "last")
    case.positions_at(["a"], 2000)
    case = book.case("positions at: a deleted object and one that never moved", "geographic", history="on")
    case.insert_trajectory("a", [0, 1000], [(0, 0), (1, 1)])
    case.delete("a")
    case.step("intern", {"id": "b"})
    case.positions_at(["a", "b"], 500)
    yield book


CITIES = {
    "berlin": (13.4, 52.52), "sydney": (151.21, -33.87, 100), "suva": (178.44, -18.14), "apia": (-171.77, -13.83, 3000),
    "pole": (0, 90), "quito": (-78.47, -0.18, 2850), "berlin2": (13.4, 52.52),
}


def distances():
    book = Book("distances", "Distances by four metrics, between objects, to a place, and of bare coordinates.")
    pairs = [("berlin", "sydney"), ("suva", "apia"), ("berlin", "pole"), ("quito", "apia"), ("berlin", "berlin2"), ("pole", "pole")]
    for metric in ("haversine", "geodesic", "rhumb", "euclidean"):
        case = book.case(f"distances: {metric}", "geographic")
        case.put(CITIES)
        case.distance_between([a for a, _ in pairs], [b for _, b in pairs], metric)
        case.distance_to(list(CITIES), (179.5, -17, 500), metric)
        case.distance_to(list(CITIES), (0, -90), metric)
        case = book.case(f"distances: {metric} of bare coordinates")
        for a, b in (((0, 0), (90, 0)), ((0, 0), (0, 45)), ((-73.8, 40.6), (-0.5, 51.6)), ((179.9, 10, 5), (-179.9, 11, 9)), ((5, 60), (50, 60))):
            case.distance("geographic", metric, a, b)
        case.fail("distance", {"space": "geographic", "metric": metric, "from": (181, 0), "to": (0, 0)}, "OUT_OF_RANGE", "lon", "181")
        case.fail("distance", {"space": "geographic", "metric": metric, "from": (0, 0), "to": (0, "NaN")}, "OUT_OF_RANGE", "lat", "NaN")
    case = book.case("distances: in the plane", "cartesian")
    case.put({"a": (0, 0, 0), "b": (2, 3, 6), "c": (1e100, 0)})
    case.distance_between(["a", "b", "a"], ["b", "a", "c"], "euclidean")
    case.distance_to(["a", "b"], (1, 1, 1), "euclidean")
    case.distance("cartesian", "euclidean", (1, 2, 2), (0, 0, 0))
    for metric in ("haversine", "geodesic", "rhumb"):
        case.fail("distance_between", {"a": ["a"], "b": ["b"], "metric": metric}, "UNSUPPORTED", metric, "geographic")
        case.fail("distance_to", {"handles": ["a"], "at": (1, 1), "metric": metric}, "UNSUPPORTED", metric)
        case.fail("distance", {"space": "cartesian", "metric": metric, "from": (1, 1), "to": (1, 1)}, "UNSUPPORTED", metric)
    case = book.case("distances: an object that is not here has none", "geographic")
    case.put({"a": (1, 1), "b": (2, 2)})
    case.step("intern", {"id": "c"})
    case.delete("b")
    case.distance_between(["a", "a", "b", "c", "a"], ["a", "b", "a", "a", "c"], "haversine")
    case.distance_to(["a", "b", "c"], (1, 1), "haversine")
    case.distance_between([], [], "haversine")
    case.distance_to([], (1, 1), "haversine")
    case.fail("distance_to", {"handles": ["a"], "at": (1, 91), "metric": "haversine"}, "OUT_OF_RANGE", "lat", "91")
    yield book


def shapes():
    book = Book("hull_and_bounds", "The hull, the box and the number of all objects.")
    sets = {
        "nothing": {}, "one": {"a": (1, 2, 3)}, "two": {"a": (1, 2), "b": (0, 5, -1)},
        "a line": {"a": (0, 0), "b": (1, 1), "c": (2, 2), "d": (-3, -3)},
        "a square with things inside": {"a": (0, 0), "b": (4, 0), "c": (4, 4), "d": (0, 4), "e": (2, 2), "f": (2, 0), "g": (1, 3)},
        "equal places": {"a": (1, 1), "b": (1, 1), "c": (1, 1)},
        "a cloud": {f"p{n}": ((n * 37 % 101) / 4, (n * n * 53 % 89) / 4, n) for n in range(40)},
    }
    for name, places in sets.items():
        for space in ("geographic", "cartesian"):
            case = book.case(f"hull, bounds, count: {name}, {space}", space)
            if places:
                case.put(places)
            case.hull()
            case.bounds()
            case.count()
    case = book.case("hull, bounds, count: the antimeridian is not special", "geographic")
    case.put({"a": (179, 0), "b": (-179, 0), "c": (179, 3, 9)})
    case.hull()
    case.bounds()
    yield book


def books():
    for family in (trajectories, positions, distances, shapes):
        yield from family()
