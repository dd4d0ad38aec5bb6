"""Packed indexes: built, written, opened, and what they are asked.

Ids and pairs that have no order are sorted for the comparison.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from spatio import NO_ITEM, Cancel, Hits, Index, IndexLayout, IndexMetadata, IndexOptions, Region

from .compare import number
from .questions import polygon

Args = dict[str, Any]


def _rows(rows: list[Any] | None, axes: int) -> Any:
    if rows is None:
        return None
    return np.array([[number(at) for at in row] for row in rows], float).reshape(-1, axes)


def _numbers(values: list[Any] | None) -> Any:
    return None if values is None else np.array([number(value) for value in values], float)


def _recipe(args: Args) -> Args:
    """What the building calls take."""
    axes = args["dims"]
    given = {"node_size": args.get("node_size"), "threads": args.get("threads")}
    given |= {"prefix_bytes": args.get("prefix_bytes")}
    given |= {"coordinate_bits": args.get("bits"), "interleaved": args.get("interleaved")}
    payloads = args.get("payloads")
    min = np.empty((0, axes)) if args["min"] == [] else _rows(args["min"], axes)
    return {
        "min": min,
        "max": _rows(args.get("max"), axes),
        "payloads": None if payloads is None else [text.encode() for text in payloads],
        "values": _numbers(args.get("values")),
        "masks": np.array(list(map(int, args["masks"])), np.uint64) if "masks" in args else None,
        **_chosen(args, {name: value for name, value in given.items() if value is not None}),
    }


def _chosen(args: Args, more: Args) -> Args:
    """How it is built, and what it says of itself."""
    layout = args.get("layout", "fast")
    kind: Any = int(layout[1:]) if layout.startswith("#") else IndexLayout[layout.upper()]
    words = IndexMetadata(**args["metadata"]) if "metadata" in args else None
    return {"metadata": words, "options": IndexOptions(layout=kind, **more)}


def _triangles(args: Args) -> Index:
    corners = _rows(args["corners"], args["dims"]).reshape(-1, 3, args["dims"])
    return Index.build_triangles(corners, **_chosen(args, {}))


def _keep(stage: Any, args: Args, index: Index) -> Args:
    """Keeps an index under its name; one that was kept under it is given up."""
    name = args.get("as", "index")
    if name in stage.indexes:
        stage.indexes[name].close()
    stage.indexes[name] = index
    return {}


def _open_bytes(stage: Any, args: Args) -> Args:
    data = bytes(args["bytes"]) if "bytes" in args else stage.indexes[args["from"]].to_bytes()
    return _keep(stage, args, Index.open_bytes(data))


def _close(stage: Any, args: Args) -> Args:
    stage.indexes.pop(args.get("index", "index")).close()
    return {}


def _info(index: Index, args: Args) -> Args:
    info = index.info()
    return {
        **info._asdict(),
        "layout": info.layout.name.lower(),
        "bits": info.coordinate_bits,
        "min": list(info.min) if info.items else None,
        "max": list(info.max) if info.items else None,
    }


def _parts(hits: Hits, column: Any, *, in_order: bool) -> list[Any]:
    parts = [column[hits.of(query)].tolist() for query in range(hits.queries)]
    return parts if in_order else [sorted(part) for part in parts]


def _ids(hits: Hits) -> Args:
    return {"ids": _parts(hits, hits.ids, in_order=False)}


def _ranked(hits: Hits) -> Args:
    distances = _parts(hits, hits.distance, in_order=True)
    return {"ids": _parts(hits, hits.ids, in_order=True), "distances": distances}


def _pairs(hits: Hits) -> Args:
    pairs = zip(hits.ids.tolist(), hits.others.tolist(), strict=True)
    return {"pairs": sorted(map(list, pairs))}


def _windows(index: Index, args: Args) -> tuple[Any, Any]:
    return _rows(args["min"], index.dims), _rows(args.get("max"), index.dims)


def _search(index: Index, args: Args) -> Args:
    windows = _windows(index, args)
    found = _ids(index.search(*windows))
    if len(windows[0]) == 1:
        assert [sorted(index.search_one(*windows).tolist())] == found["ids"]
    return found


def _within(index: Index, args: Args) -> Args:
    far = _numbers(args["max_distance"])
    return _ids(index.search_within(*_windows(index, args), max_distance=far))


def _nearest(index: Index, args: Args) -> Args:
    far = _numbers(args.get("max_distance"))
    return _ranked(index.nearest(*_windows(index, args), k=args.get("k"), max_distance=far))


def _globe_nearest(index: Index, args: Args) -> Args:
    far = _numbers(args.get("max_distance"))
    at = _numbers(args["lon"]), _numbers(args["lat"])
    return _ranked(index.nearest_great_circle(*at, k=args.get("k"), max_distance=far))


def _globe_search(index: Index, args: Args) -> Args:
    columns = (_numbers(args[name]) for name in ("lon", "lat", "max_distance"))
    return _ids(index.search_great_circle(*columns))


def _rays(index: Index, args: Args) -> tuple[Any, Any, Any]:
    origin, direction = (_rows(args[name], index.dims) for name in ("origin", "direction"))
    return origin, direction, _numbers(args.get("max_t"))


def _closest(call: Any, index: Index, args: Args) -> Args:
    ids, t = (column.tolist() for column in call(index, *_rays(index, args)))
    hit = [one != NO_ITEM for one in ids]
    return {
        "ids": [one if is_hit else None for one, is_hit in zip(ids, hit, strict=True)],
        "distances": [one if is_hit else None for one, is_hit in zip(t, hit, strict=True)],
    }


def _cancel(args: Args) -> Cancel:
    cancel = Cancel()
    if args.get("cancelled"):
        cancel.fire()
    return cancel


def _self_pairs(index: Index, args: Args) -> Args:
    return _pairs(index.pairs(number(args["max_distance"]), cancel=_cancel(args)))


def _components(index: Index, args: Args) -> Args:
    labels = index.components(number(args["max_distance"]), cancel=_cancel(args))
    return {"labels": labels.tolist()}


def _payload(index: Index, args: Args) -> Args:
    payload = index.payload(args["id"])
    return {"payload": None if payload is None else payload.decode()}


def _boxes(index: Index, args: Args) -> Args:
    return {name: side.tolist() for name, side in index.boxes(args["ids"])._asdict().items()}


def _aggregate(index: Index, args: Args) -> Args:
    found = index.aggregate(*_windows(index, args))._asdict()
    return {name: column.tolist() for name, column in found.items()}


def _verify(index: Index, args: Args) -> Args:
    index.verify()
    return {}


_SHAPES = {
    "ball": ("centre", "radius"),
    "capsule": ("from", "to", "radius"),
    "cone": ("apex", "direction", "half_angle_rad", "length"),
    "half_space": ("normal", "offset"),
}


def region_of(args: Args) -> Region:
    kind = args["shape"]
    if kind == "convex":
        return Region.convex(np.reshape(_rows(args["points"], 2), (-1, 2)))
    if kind == "polygon":
        return Region.polygon(polygon(args))
    if kind == "frustum":
        return Region.frustum(_rows(args["planes"], 4))
    if kind == "view_projection":
        from_zero = args["depth_from_zero"]
        return Region.view_projection(_rows(args["matrix"], 4), depth_from_zero=from_zero)
    given = [args[name] for name in _SHAPES[kind]]
    read = [_numbers(one) if isinstance(one, list) else number(one) for one in given]
    return getattr(Region, kind)(*read)


def _in_region(index: Index, args: Args) -> Args:
    region = region_of(args["region"])
    counts, any = [index.count_region(region)], [index.any_region(region)]
    return {**_ids(index.search_region(region)), "counts": counts, "any": any}


def _estimate(index: Index, args: Args) -> Args:
    found = index.estimate(*_windows(index, args), stop_level=args["stop_level"])
    lower, upper, estimates = (column.tolist() for column in found)
    return {"lower": lower, "upper": upper, "estimates": estimates}


_ASKED = {
    "index_info": _info,
    "index_metadata": lambda index, args: vars(index.metadata()),
    "index_verify": _verify,
    "index_search": _search,
    "index_count": lambda index, args: {"counts": index.count(*_windows(index, args)).tolist()},
    "index_any": lambda index, args: {"any": index.any(*_windows(index, args)).tolist()},
    "index_search_within": _within,
    "index_search_polygon": lambda index, args: _ids(index.search_polygon(polygon(args))),
    "index_nearest": _nearest,
    "index_nearest_great_circle": _globe_nearest,
    "index_search_great_circle": _globe_search,
    "index_raycast": lambda index, args: _ranked(index.raycast(*_rays(index, args))),
    "index_raycast_any": lambda index, args: {
        "any": index.raycast_any(*_rays(index, args)).tolist()
    },
    "index_raycast_closest": partial(_closest, Index.raycast_closest),
    "index_raycast_triangles": partial(_closest, Index.raycast_triangles),
    "index_region": _in_region,
    "index_estimate": _estimate,
    "index_components": _components,
    "index_pairs": _self_pairs,
    "index_payload": _payload,
    "index_payloads": lambda index, args: {
        "payloads": [text.decode() for text in index.payloads(args["ids"]).payloads]
    },
    "index_boxes": _boxes,
    "index_aggregate": _aggregate,
}


def _join(stage: Any, args: Args) -> Args:
    index, other = stage.indexes[args.get("index", "index")], stage.indexes[args["other"]]
    return _pairs(index.join(other, number(args["max_distance"]), cancel=_cancel(args)))


def _anti_join(stage: Any, args: Args) -> Args:
    index, other = stage.indexes[args.get("index", "index")], stage.indexes[args["other"]]
    return _ids(index.anti_join(other, number(args["max_distance"]), cancel=_cancel(args)))


def _closest_pair(stage: Any, args: Args) -> Args:
    index = stage.indexes[args.get("index", "index")]
    other = stage.indexes[args["other"]] if "other" in args else None
    found = index.closest_pair(other, cancel=_cancel(args))
    if found is None:
        return {"pair": None, "distance": None}
    return {"pair": [found.id, found.other], "distance": found.distance}


def _asked(ask: Any) -> Any:
    return lambda stage, args: ask(stage.indexes[args.get("index", "index")], args)


OPS = {
    "index_build": lambda stage, args: _keep(stage, args, Index.build(**_recipe(args))),
    "index_write": lambda stage, args: {
        "bytes": Index.write(stage.folder / args["path"], **_recipe(args))
    },
    "index_open": lambda stage, args: _keep(stage, args, Index.open(stage.folder / args["path"])),
    "index_open_bytes": _open_bytes,
    "index_close": _close,
    "index_join": _join,
    "index_anti_join": _anti_join,
    "index_closest_pair": _closest_pair,
    "index_build_triangles": lambda stage, args: _keep(stage, args, _triangles(args)),
    **{op: _asked(ask) for op, ask in _ASKED.items()},
}
