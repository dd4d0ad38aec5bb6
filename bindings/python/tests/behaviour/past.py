"""Questions about the past, and distances between objects."""

from __future__ import annotations

from typing import Any

from spatio import Cancel, Interpolation, Metric, Namespace, Order

from .compare import number

Args = dict[str, Any]


def _word(kind: Any, value: str) -> Any:
    return int(value[1:]) if value.startswith("#") else kind[value.upper()]


def _trajectory(stage: Any, ns: Namespace, args: Args) -> Any:
    cancel = Cancel()
    if args.get("cancelled"):
        cancel.fire()
    result = ns.trajectory(
        stage.handles(ns, args["handles"]),
        int(number(args["start_us"])),
        int(number(args["end_us"])),
        order=_word(Order, args["order"]),
        limit=int(number(args["limit"])) if "limit" in args else None,
        cancel=cancel,
    )
    columns = (result.time_us, result.x, result.y, result.z)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    return {"tracks": [rows[result.of(track)] for track in range(result.queries)]}


def _positions_at(stage: Any, ns: Namespace, args: Args) -> Any:
    found = ns.positions_at(
        stage.handles(ns, args["handles"]),
        int(number(args["time_us"])),
        _word(Interpolation, args["interpolation"]),
    )
    x, y, z, known = (column.tolist() for column in found)
    places = zip(x, y, z, known, strict=True)
    return {"positions": [[*at] if known else None for *at, known in places]}


def _told(distances: Any) -> Any:
    return {"distances": [None if one != one else one for one in distances.tolist()]}


def _between(stage: Any, ns: Namespace, args: Args) -> Any:
    a, b = stage.handles(ns, args["a"]), stage.handles(ns, args["b"])
    return _told(ns.distance_between(a, b, _word(Metric, args["metric"])))


def _to(stage: Any, ns: Namespace, args: Args) -> Any:
    x, y, *z = (float(number(value)) for value in args["at"])
    handles = stage.handles(ns, args["handles"])
    return _told(ns.distance_to(handles, x, y, *z, metric=_word(Metric, args["metric"])))


OPS = {
    "trajectory": _trajectory,
    "positions_at": _positions_at,
    "distance_between": _between,
    "distance_to": _to,
}
