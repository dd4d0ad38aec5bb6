"""A program written for the package `spatio` 0.3.0 of the registry: it knows nothing of this one.

It prints what it is told as JSON. `expected.json` is what that package printed:
`python script.py > expected.json` in an environment of its own.
"""

import json
import math
import random
import tempfile
from pathlib import Path

import spatio
from spatio import Config, DistanceMetric, Point, Polygon, SetOptions, Spatio, TemporalPoint

told = []


def tell(name, value):
    told.append([name, value])


def point(p):
    return [p.x, p.y, p.z]


def neighbours(rows):
    assert [row[3] for row in rows] == sorted(row[3] for row in rows), "nearest first"
    told = [[id, point(p), metadata, round(distance, 3)] for id, p, metadata, distance in rows]
    return sorted(told, key=lambda row: (row[3], row[0]))  # of equal distances any may be first


def found(rows):
    return sorted([id, point(p), metadata] for id, p, metadata in rows)


def refused(name, call):
    try:
        call()
    except (ValueError, KeyError, OSError, RuntimeError, TypeError) as error:
        kinds = (ValueError, KeyError, OSError, RuntimeError, TypeError)
        told.append([name, [kind.__name__ for kind in kinds if isinstance(error, kind)]])
    else:
        told.append([name, "fine"])


def shapes():
    p = Point(-74.0060, 40.7128)
    tell("point", [point(p), p.lon, p.lat, p.alt, repr(p), point(Point(1, 2, 3))])
    tell("distance_to", round(p.distance_to(Point(-0.1276, 51.5074, 900.0)), 3))
    at = TemporalPoint(p, 5.5)
    at.timestamp = 7.25
    tell("temporal", [at.timestamp, point(at.point)])
    square = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2)]])
    tell("polygon", [square.exterior, square.interiors, json.loads(square.to_geojson())])
    again = Polygon.from_geojson(square.to_geojson())
    tell("from_geojson", [again.exterior, again.interiors, repr(again)])
    refused("bad geojson", lambda: Polygon.from_geojson("{}"))
    config = Config(buffer_capacity=50, persistence_buffer_size=16)
    tell("config", [config.buffer_capacity, config.persistence_buffer_size])
    tell("defaults", [Config().buffer_capacity, Config().persistence_buffer_size])
    refused("config", lambda: Config(0, 0))
    tell("metrics", [DistanceMetric.HAVERSINE, DistanceMetric.RHUMB])
    refused("metric", lambda: DistanceMetric("nonsense"))


def fleet(db):
    rng = random.Random(7)
    for i in range(300):
        at = Point(rng.uniform(13.0, 13.8), rng.uniform(52.3, 52.7))
        db.upsert(
            "fleet", f"bus:{i}", at, {"line": i % 7, "tags": ["a", None]}, SetOptions(100.0 + i)
        )
    db.update_location("fleet", "bus:5", Point(13.4, 52.5), opts=SetOptions(500.5))
    db.upsert("fleet", "bus:6", Point(13.41, 52.51), None, SetOptions(501.0))
    db.upsert("fleet", "bus:6", Point(1.0, 1.0), None, SetOptions(5.0))
    center = Point(13.4, 52.5)
    tell("get", [point(db.get("fleet", "bus:5")[0]), *db.get("fleet", "bus:5")[1:]])
    tell("get late", [point(db.get("fleet", "bus:6")[0]), *db.get("fleet", "bus:6")[1:]])
    tell("radius", neighbours(db.query_radius("fleet", center, 5000.0)))
    tell("radius limit", neighbours(db.query_radius("fleet", center, 50_000.0, 7)))
    tell("radius keyword", neighbours(db.query_radius("fleet", center, radius=9000.0, limit=3)))
    tell("near", neighbours(db.query_near("fleet", "bus:5", 4000.0)))
    tell("knn", neighbours(db.knn("fleet", center, 10)))
    tell("knn near", neighbours(db.knn_near_object("fleet", "bus:5", 4)))
    tell("bbox", found(db.query_bbox("fleet", 13.3, 52.4, 13.5, 52.6, 300)))
    tell("bbox near", found(db.query_bbox_near_object("fleet", "bus:5", 0.1, 0.1, 300)))
    triangle = Polygon([(13.2, 52.4), (13.6, 52.4), (13.4, 52.65)])
    tell("polygon query", found(db.query_polygon("fleet", triangle, 300)))
    for name in ("haversine", "geodesic", "rhumb"):
        metric = DistanceMetric(name)
        tell(name, round(db.distance_between("fleet", "bus:5", "bus:9", metric), 2))
        tell(name + " to", round(db.distance_to("fleet", "bus:5", Point(13.5, 52.6), metric), 2))
    tell("no distance", db.distance_between("fleet", "bus:5", "nobody", DistanceMetric("rhumb")))
    tell("no distance to", db.distance_to("fleet", "nobody", center, DistanceMetric("rhumb")))
    tell("bounding box", db.bounding_box("fleet"))
    tell("hull", sorted(set(db.convex_hull("fleet").exterior)))


def heights(db):
    for i in range(20):
        db.upsert("air", f"drone:{i}", Point(13.4 + i * 1e-4, 52.5, i * 20.0), {"i": i})
    center = Point(13.4, 52.5, 100.0)
    tell("sphere", neighbours(db.query_radius("air", center, 80.0)))
    tell("cylinder", neighbours(db.query_within_cylinder("air", center, 50.0, 150.0, 60.0)))
    tell(
        "cylinder near",
        neighbours(db.query_cylinder_near_object("air", "drone:5", 50.0, 150.0, 20.0)),
    )
    tell("bbox 3d", found(db.query_within_bbox_3d("air", 13.4, 52.4, 30.0, 13.401, 52.6, 90.0)))
    tell("bbox 3d near", found(db.query_bbox_3d_near_object("air", "drone:5", 0.001, 0.001, 50.0)))
    tell("nearest in 3d", neighbours(db.knn("air", center, 3)))


def tracks(db):
    db.insert_trajectory(
        "ships", "s", [TemporalPoint(Point(10 + i * 0.1, 54.0), 1000.0 + i) for i in range(30)]
    )
    rows = db.query_trajectory("ships", "s", 1005.0, 1012.0)
    tell("trajectory", [[point(p), at] for p, _, at in rows])
    rows = db.query_trajectory("ships", "s", 0.0, 5000.0, limit=4)
    tell("trajectory limit", [[point(p), at] for p, _, at in rows])
    tell("no trajectory", db.query_trajectory("ships", "nobody", 0.0, 5000.0))
    db.delete("ships", "s")
    tell("deleted", db.get("ships", "s"))
    tell("survives", len(db.query_trajectory("ships", "s", 0.0, 5000.0)))


def nothing(db):
    center = Point(0, 0)
    tell(
        "missing", [db.get("no", "a"), db.query_radius("no", center, 10.0), db.knn("no", center, 3)]
    )
    tell("missing too", [db.convex_hull("no"), db.bounding_box("no"), db.delete("no", "a")])
    tell("limit 0", db.query_radius("fleet", Point(13.4, 52.5), 5000.0, 0))
    for name in ("query_near", "knn_near_object"):
        refused(name, lambda name=name: getattr(db, name)("fleet", "nobody", 5))
    refused("box near", lambda: db.query_bbox_near_object("fleet", "nobody", 1.0, 1.0))
    refused("longitude", lambda: db.upsert("fleet", "x", Point(500, 0)))
    refused("nan", lambda: db.upsert("fleet", "x", Point(math.nan, 0)))
    refused("empty id", lambda: db.upsert("fleet", "", center))
    refused("radius", lambda: db.query_radius("fleet", center, -5.0))
    refused("metadata", lambda: db.upsert("fleet", "x", center, object()))
    tell("not written", db.get("fleet", "x"))
    names = ("hot_state_objects", "operations_count", "memory_usage_bytes")
    tell("stats", [isinstance(db.stats()[name], int) for name in names])
    tell("objects", db.stats()["hot_state_objects"])


def files():
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "deep" / "db")
        db = Spatio.open_with_config(path, Config(persistence_buffer_size=4))
        db.upsert("a", "x", Point(1.5, 2.5, 3.5), {"k": [1, "é", None, True]}, SetOptions(1000.25))
        db.close()
        db.close()
        refused("closed", lambda: db.get("a", "x"))
        refused("closed upsert", lambda: db.upsert("a", "x", Point(0, 0)))
        db = Spatio.open(path)
        tell("reopened", [point(db.get("a", "x")[0]), *db.get("a", "x")[1:]])
        db.close()


shapes()
for made in (Spatio.memory(), Spatio.memory_with_config(Config(buffer_capacity=1000))):
    fleet(made)
    heights(made)
    tracks(made)
    nothing(made)
    made.close()
files()
assert spatio.__version__
print(json.dumps(told, indent=0, sort_keys=True, ensure_ascii=False))
