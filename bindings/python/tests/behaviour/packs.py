"""Packs and fences: frozen, built, written, opened, and asked."""

from __future__ import annotations

from typing import Any

from spatio import (
    Fence,
    Fences,
    FoundFences,
    FreezeOptions,
    IndexLayout,
    Namespace,
    Pack,
    Polygon,
    Space,
)

from .compare import number
from .questions import query, query_run

Args = dict[str, Any]


def _word(kind: Any, value: str) -> Any:
    return int(value[1:]) if value.startswith("#") else kind[value.upper()]


def _options(args: Args) -> FreezeOptions:
    layout = _word(IndexLayout, args.get("layout", "fast"))
    return FreezeOptions(layout=layout, threads=args.get("threads", 1))


def _freeze(stage: Any, ns: Namespace, args: Args) -> Args:
    return ns.freeze(stage.folder / args["path"], _options(args))._asdict()


def _decoded(payload: bytes | None) -> str | None:
    return None if payload is None else payload.decode()


def _keep(kept: dict[str, Any], name: str, made: Any) -> Args:
    """Keeps one under its name; one that was kept under it is given up."""
    if name in kept:
        kept[name].close()
    kept[name] = made
    return {}


def _keep_pack(stage: Any, args: Args, pack: Pack) -> Args:
    return _keep(stage.packs, args.get("as", "pack"), pack)


def _keep_fences(stage: Any, args: Args, fences: Fences) -> Args:
    return _keep(stage.fences, args.get("as", "fences"), fences)


def _bytes(stage: Any, args: Args) -> bytes:
    data: bytes = (stage.folder / args["path"]).read_bytes()
    return data


def _info(stage: Any, asked: Any, args: Args) -> Args:
    info = asked.info()._asdict()
    assert info["space"] == asked.space
    return {**info, "space": info["space"].name.lower()}


def _verify(stage: Any, asked: Any, args: Args) -> Args:
    asked.verify()
    return {}


def _get(stage: Any, pack: Pack, args: Args) -> Args:
    found = pack.get(args["id"])
    if found is None:
        return {"found": False}
    told = {"found": True, "at": [found.x, found.y, found.z], "time_us": found.time_us}
    return {**told, "expires_us": found.expires_us, "payload": _decoded(found.payload)}


def _fence(found: Fence | None) -> Args:
    if found is None:
        return {"found": False}
    return {"found": True, "id": found.id, "payload": _decoded(found.payload)}


def _place(at: list[Any]) -> tuple[float, float]:
    return float(number(at[0])), float(number(at[1]))


def _recipe(args: Args) -> Args:
    """What the building calls take."""
    nested = args["polygons"]
    payloads = args.get("payloads")
    return {
        "ids": args["ids"],
        "polygons": [
            Polygon.multi([[[_place(at) for at in ring] for ring in part] for part in parts])
            for parts in nested
        ],
        "payloads": payloads and [None if text is None else text.encode() for text in payloads],
        "space": _word(Space, args["space"]),
    }


def _write(stage: Any, args: Args) -> Args:
    path = stage.folder / args["path"]
    return {"bytes": Fences.write(path, **_recipe(args), options=_options(args))}


def _told(fences: Fences, found: FoundFences) -> Args:
    """The ids and payloads of each question; their handles must lead to the same ids."""
    ids, payloads = found.ids, found.payloads
    assert ids is not None
    assert payloads is not None
    assert [fences.get_by_handle(handle).id for handle in found.handles.tolist()] == ids
    parts = [found.of(question) for question in range(found.queries)]
    texts = ["" if payload is None else payload.decode() for payload in payloads]
    return {"ids": [ids[part] for part in parts], "payloads": [texts[part] for part in parts]}


def _columns(points: list[Any]) -> tuple[list[float], list[float]]:
    places = [_place(at) for at in points]
    return [x for x, _ in places], [y for _, y in places]


def _containing(stage: Any, fences: Fences, args: Args) -> Args:
    x, y = _columns(args["points"])
    found = fences.containing(x, y, with_ids=True, with_payloads=True)
    told = _told(fences, found)
    if x:
        assert [fence.id for fence in fences.containing_one(x[0], y[0])] == told["ids"][0]
    return told


def _intersecting(stage: Any, fences: Fences, args: Args) -> Args:
    corners = *_columns(args["min"]), *_columns(args["max"])
    return _told(fences, fences.intersecting(*corners, with_ids=True, with_payloads=True))


_ASKED_PACK = {
    "pack_info": _info,
    "pack_verify": _verify,
    "pack_get": _get,
    "pack_query": query,
    "pack_query_run": query_run,
    "pack_id": lambda stage, pack, args: {"id": pack.id(stage.handle(pack, args["handle"]))},
    "pack_payload": lambda stage, pack, args: {
        "payload": _decoded(pack.payload(stage.handle(pack, args["handle"])))
    },
}
_ASKED_FENCES = {
    "fences_info": _info,
    "fences_verify": _verify,
    "fences_get": lambda stage, fences, args: _fence(fences.get(args["id"])),
    "fences_get_by_handle": lambda stage, fences, args: _fence(
        fences.get_by_handle(stage.handle(fences, args["handle"]))
    ),
    "fences_containing": _containing,
    "fences_intersecting": _intersecting,
}


def _of_pack(ask: Any) -> Any:
    return lambda stage, args: ask(stage, stage.packs[args.get("pack", "pack")], args)


def _of_fences(ask: Any) -> Any:
    return lambda stage, args: ask(stage, stage.fences[args.get("fences", "fences")], args)


def _close_pack(stage: Any, args: Args) -> Args:
    stage.packs.pop(args.get("pack", "pack")).close()
    return {}


def _close_fences(stage: Any, args: Args) -> Args:
    stage.fences.pop(args.get("fences", "fences")).close()
    return {}


OF_NAMESPACE = {"freeze": _freeze}

OPS = {
    "pack_open": lambda stage, args: _keep_pack(
        stage, args, Pack.open(stage.folder / args["path"])
    ),
    "pack_open_bytes": lambda stage, args: _keep_pack(
        stage, args, Pack.open_bytes(_bytes(stage, args))
    ),
    "pack_close": _close_pack,
    "fences_build": lambda stage, args: _keep_fences(stage, args, Fences.build(**_recipe(args))),
    "fences_write": _write,
    "fences_open": lambda stage, args: _keep_fences(
        stage, args, Fences.open(stage.folder / args["path"])
    ),
    "fences_open_bytes": lambda stage, args: _keep_fences(
        stage, args, Fences.open_bytes(_bytes(stage, args))
    ),
    "fences_close": _close_fences,
    **{op: _of_pack(ask) for op, ask in _ASKED_PACK.items()},
    **{op: _of_fences(ask) for op, ask in _ASKED_FENCES.items()},
}
