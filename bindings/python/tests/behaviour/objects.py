"""Writing and reading single objects and batches of them, ids and handles."""

from __future__ import annotations

from typing import Any

import pytest

from spatio import NOW, Namespace, Object, Outcome

from .compare import number

Args = dict[str, Any]


def _id(args: Args) -> Any:
    return bytes(args["id_bytes"]) if "id_bytes" in args else args["id"]


def _place(at: list[Any]) -> list[float]:
    return [float(number(value)) for value in at]


def _numbers(values: list[Any]) -> list[float]:
    return [float(number(value)) for value in values]


def columns(args: Args) -> dict[str, Any]:
    """The columns of coordinates and times that a step gives."""
    made: dict[str, Any] = {"x": _numbers(args["x"]), "y": _numbers(args["y"])}
    if "z" in args:
        made["z"] = _numbers(args["z"])
    if "time_us" in args:
        made["time_us"] = [int(number(value)) for value in args["time_us"]]
    return made


def _upsert(stage: Any, ns: Namespace, args: Args) -> Any:
    payload = args["payload"].encode() if "payload" in args else None
    if "payload_bytes" in args:
        payload = b"x" * args["payload_bytes"]
    x, y, *z = _place(args["at"])
    written = ns.upsert(
        _id(args),
        x,
        y,
        *z,
        time_us=int(number(args.get("time_us", NOW))),
        payload=payload,
        ttl_us=int(args.get("ttl_us", 0)),
    )
    return {"outcome": written.outcome.name, "handle": written.handle}


def _move(stage: Any, ns: Namespace, args: Args) -> Any:
    x, y, *z = _place(args["at"])
    handle, time_us = stage.handle(ns, args["handle"]), int(number(args.get("time_us", NOW)))
    return {"late": ns.move(handle, x, y, *z, time_us=time_us) is Outcome.LATE}


def _move_batch(stage: Any, ns: Namespace, args: Args) -> Any:
    return ns.move_batch(stage.handles(ns, args["handles"]), **columns(args))._asdict()


def _payloads(args: Args) -> Any:
    given = args.get("payloads")
    return given and [None if one is None else one.encode() for one in given]


def _upsert_batch(stage: Any, ns: Namespace, args: Args) -> Any:
    told = ns.upsert_batch(
        args["ids"], **columns(args), payloads=_payloads(args), ttl_us=args.get("ttl_us")
    )
    assert ns.ids(told.handles) == args["ids"]
    return {"applied": told.applied, "late": told.late}


def _upsert_arrow(stage: Any, ns: Namespace, args: Args) -> Any:
    pa = pytest.importorskip("pyarrow")
    given = columns(args)
    made = {"id": pa.array(args["ids"], pa.large_utf8()), "x": given["x"], "y": given["y"]}
    if "z" in given:
        made["z"] = given["z"]
    if "time_us" in given:
        made["time"] = pa.array(given["time_us"], pa.timestamp("us", "UTC"))
    if "payloads" in args:
        made["payload"] = pa.array(_payloads(args), pa.binary())
    return ns.upsert_arrow(pa.record_batch(made))._asdict()


def _insert(stage: Any, ns: Namespace, args: Args) -> Any:
    return {"inserted": ns.insert_trajectory(_id(args), **columns(args))}


def _delete_batch(stage: Any, ns: Namespace, args: Args) -> Any:
    return {"deleted": ns.delete_batch(stage.handles(ns, args["handles"]))}


def _object(found: Object | None) -> Any:
    if found is None:
        return {"found": False}
    payload = found.payload
    return {
        "found": True,
        "at": [found.x, found.y, found.z],
        "time_us": found.time_us,
        "expires_us": found.expires_us,
        "payload": None if payload is None else payload.decode(),
    }


def _get_payload(stage: Any, ns: Namespace, args: Args) -> Any:
    handle = stage.handle(ns, args["handle"])
    found = ns.get_by_handle(handle)
    if found is None:
        return {"found": False}
    assert ns.get_payload(handle) == found.payload
    return _object(found)


def _get_batch(stage: Any, ns: Namespace, args: Args) -> Any:
    found = ns.get_batch(stage.handles(ns, args["handles"]))
    return {name: column.tolist() for name, column in found._asdict().items()}


def _find_handle(stage: Any, ns: Namespace, args: Args) -> Any:
    handle = ns.find_handle(_id(args))
    return {"found": handle is not None, "handle": handle}


def _intern_batch(stage: Any, ns: Namespace, args: Args) -> Any:
    return {"distinct": len(set(ns.intern_batch(args["ids"]).tolist()))}


def _settings(stage: Any, ns: Namespace, args: Args) -> Any:
    settings = ns.settings
    history = {1: True, 2: False}[settings.history]
    space = settings.space.name.lower()
    return {"space": space, "ttl_us": settings.ttl_us, "history": history}


OPS = {
    "upsert": _upsert,
    "move": _move,
    "move_batch": _move_batch,
    "upsert_batch": _upsert_batch,
    "upsert_arrow": _upsert_arrow,
    "insert_trajectory": _insert,
    "delete": lambda stage, ns, args: {"deleted": ns.delete(_id(args))},
    "delete_batch": _delete_batch,
    "get": lambda stage, ns, args: _object(ns.get(_id(args))),
    "get_by_handle": lambda stage, ns, args: _object(
        ns.get_by_handle(stage.handle(ns, args["handle"]))
    ),
    "get_payload": _get_payload,
    "get_batch": _get_batch,
    "intern": lambda stage, ns, args: {"handle": ns.intern(_id(args))},
    "intern_batch": _intern_batch,
    "find_handle": _find_handle,
    "id": lambda stage, ns, args: {"id": ns.id(stage.handle(ns, args["handle"]))},
    "ids": lambda stage, ns, args: {"ids": ns.ids(stage.handles(ns, args["handles"]))},
    "settings": _settings,
    "count": lambda stage, ns, args: {"objects": ns.count()},
}
