"""Questions about the present, polygons, and distances of bare coordinates."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import spatio
from spatio import Around, Cancel, Metric, Namespace, Pack, Point, Polygon, Query, Result, Space

from .compare import number

Args = dict[str, Any]


def _place(at: list[Any]) -> Any:
    return [float(number(value)) for value in at]


def _origin(stage: Any, ns: Namespace | Pack, args: Args) -> Any:
    if "around" in args:
        return Around(stage.handle(ns, args["around"]))
    return _place(args["at"])


def _limit(args: Args) -> int | None:
    return int(number(args["limit"])) if "limit" in args else None


def polygon(args: Args) -> Polygon:
    """The polygon of a step, nested as GeoJSON nests several."""
    return Polygon.multi([[[_place(at) for at in ring] for ring in p] for p in args["polygon"]])


def read(stage: Any, ns: Namespace | Pack, args: Args) -> Query:
    """A query as a case writes it down."""
    kind = args["kind"]
    size = _place(args.get("size", []))
    radius = float(number(args.get("radius", math.inf)))
    corners = [*_place(args.get("min", [])), *_place(args.get("max", []))]
    if kind.startswith("#"):
        made = replace(Query.everywhere(), kind=int(kind[1:]))
    elif kind == "everywhere":
        made = Query.everywhere()
    elif kind == "box":
        made = Query.box(*corners)
    elif kind == "box_3d":
        made = Query.box_3d(*corners)
    elif kind == "polygon":
        made = Query.polygon(polygon(args))
    else:
        origin = _origin(stage, ns, args)
        if kind == "circle":
            made = Query.circle(origin, radius)
        elif kind == "sphere":
            made = Query.sphere(origin, radius)
        elif kind == "cylinder":
            heights = float(number(args["min_z"])), float(number(args["max_z"]))
            made = Query.cylinder(origin, radius, *heights)
        elif kind == "nearest":
            made = Query.nearest(origin, _limit(args), radius)
        elif kind == "box_around":
            made = Query.box_around(origin, *size)
        else:
            made = Query.box_3d_around(origin, *size)
    return _filtered(made, args).limit(_limit(args)).with_ids().with_payloads()


def _filtered(query: Query, args: Args) -> Query:
    if args.get("exclude_origin"):
        query = query.exclude_origin()
    if "id_prefix" in args:
        query = query.id_prefix(args["id_prefix"])
    if "since_us" in args:
        query = query.since(int(number(args["since_us"])))
    if "max_age_us" in args:
        query = query.max_age(int(number(args["max_age_us"])))
    if "altitude" in args:
        query = query.altitude(*_place(args["altitude"]))
    return query


def rows_of(
    ns: Namespace | Pack, result: Result, part: slice | None = None
) -> list[dict[str, Any]]:
    """The rows of a result in the words of the cases."""
    rows = []
    for row in list(result)[part or slice(None)]:
        name = row.id if row.id is not None else ns.id(row.handle)
        told: dict[str, Any] = {"id": name, "at": [row.x, row.y, row.z], "time_us": row.time_us}
        if row.distance is not None and not math.isnan(row.distance):
            told["distance"] = row.distance
        payload = row.payload
        if payload is not None:
            told["payload"] = payload.decode()
        rows.append(told)
    return rows


def query(stage: Any, ns: Namespace | Pack, args: Args) -> Any:
    """Asks in every way; all must say the same."""
    wanted = read(stage, ns, args)
    if args.get("cancelled"):
        cancel = Cancel()
        cancel.fire()
        return {"rows": rows_of(ns, ns.query(wanted, cancel=cancel))}
    result = ns.query(wanted)
    _into_the_same(ns, wanted, result)
    return {"rows": rows_of(ns, result)}


def _into_the_same(ns: Namespace | Pack, query: Query, result: Result) -> None:
    """The same question into the caller's own columns says the same."""
    room = len(result)
    handles, time_us = np.zeros(room, np.uint64), np.zeros(room, np.int64)
    x, y, z, distance = (np.zeros(room) for _ in range(4))
    if "polygon" not in repr(query) and room:
        rows = ns.query_into(
            query, handles=handles, x=x, y=y, z=z, time_us=time_us, distance=distance
        )
        assert rows == room
        order, wanted = np.argsort(handles), np.argsort(result.handles)
        for mine, theirs in ((handles, result.handles), (x, result.x), (time_us, result.time_us)):
            np.testing.assert_array_equal(mine[order], theirs[wanted])
        if result.distance is not None:
            np.testing.assert_array_equal(distance, result.distance)


def query_run(stage: Any, ns: Namespace | Pack, args: Args) -> Any:
    """Asks several questions in one call."""
    result = ns.query_run([read(stage, ns, one) for one in args["queries"]])
    parts = [rows_of(ns, result, result.of(q)) for q in range(result.queries)]
    return {"results": [{"rows": rows} for rows in parts]}


def _query_arrow(stage: Any, ns: Namespace, args: Args) -> Any:
    pa = pytest.importorskip("pyarrow")
    batch = pa.record_batch(ns.query(read(stage, ns, args)))
    rows = []
    for row in batch.to_pylist():
        told = {"id": row["id"], "at": [row["x"], row["y"], row["z"]]}
        told["time_us"] = int(row["time"].timestamp() * 1e6)
        if row.get("distance") is not None:
            told["distance"] = row["distance"]
        if row.get("payload"):
            told["payload"] = row["payload"].decode()
        rows.append(told)
    return {"rows": rows}


def _named(call: Any) -> Any:
    def play(stage: Any, ns: Namespace, args: Args) -> Any:
        return {"rows": rows_of(ns, call(stage, ns, args))}

    return play


def _query_radius(stage: Any, ns: Namespace, args: Args) -> Result:
    x, y, *z = _place(args["at"])
    return ns.query_radius(x, y, float(number(args["radius"])), *z, limit=_limit(args))


def _query_near(stage: Any, ns: Namespace, args: Args) -> Result:
    origin = stage.handle(ns, args["origin"])
    return ns.query_near(origin, float(number(args["radius"])), _limit(args))


def _knn(stage: Any, ns: Namespace, args: Args) -> Result:
    x, y, *z = _place(args["at"])
    return ns.knn(x, y, int(number(args["k"])), *z)


def _bounds(stage: Any, ns: Namespace, args: Args) -> Any:
    bounds = ns.bounds()
    if bounds is None:
        return {"empty": True}
    return {"empty": False, "min": list(bounds[:3]), "max": list(bounds[3:])}


def _distance(stage: Any, args: Args) -> Any:
    metric = _word(Metric, args["metric"])
    ends = Point(*_place(args["from"])), Point(*_place(args["to"]))
    return {"distance": spatio.distance(*ends, metric, _word(Space, args["space"]))}


def _word(kind: Any, value: str) -> Any:
    return int(value[1:]) if value.startswith("#") else kind[value.upper()]


def _contains(stage: Any, args: Args) -> Any:
    x, y = ([float(number(at[axis])) for at in args["points"]] for axis in (0, 1))
    return {"inside": polygon(args).contains(x, y).tolist()}


def _polygon(stage: Any, args: Args) -> Any:
    assert polygon(args).shape
    return {}


OPS = {
    "query": query,
    "query_run": query_run,
    "query_arrow": _query_arrow,
    "query_radius": _named(_query_radius),
    "query_box": _named(
        lambda stage, ns, args: ns.query_box(
            *_place(args["min"]), *_place(args["max"]), _limit(args)
        )
    ),
    "query_polygon": _named(lambda stage, ns, args: ns.query_polygon(polygon(args), _limit(args))),
    "query_near": _named(_query_near),
    "knn": _named(_knn),
    "convex_hull": lambda stage, ns, args: {"ring": ns.convex_hull().tolist()},
    "bounds": _bounds,
}

ALONE = {"distance": _distance, "polygon": _polygon, "polygon_contains": _contains}
