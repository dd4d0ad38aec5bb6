"""The database as a whole: namespaces, durability, figures, what the library says of itself."""

from __future__ import annotations

from typing import Any

import spatio
from spatio import Database, History, NamespaceOptions, Space


def _done(method: str) -> Any:
    def play(stage: Any, db: Database, args: dict[str, Any]) -> dict[str, Any]:
        getattr(db, method)()
        return {}

    return play


def _word(kind: Any, value: str) -> Any:
    return int(value[1:]) if value.startswith("#") else kind[value.upper()]


def _create(stage: Any, db: Database, args: dict[str, Any]) -> dict[str, Any]:
    options = NamespaceOptions(
        _word(Space, args["space"]),
        _word(History, args["history"]) if "history" in args else History.DEFAULT,
        int(args.get("ttl_us", 0)),
    )
    db.create_namespace(args["name"], options).close()
    return {}


def _open(stage: Any, db: Database, args: dict[str, Any]) -> dict[str, Any]:
    db.namespace(args["name"]).close()
    return {}


OPS = {
    **{op: _done(op) for op in ("close", "flush", "sync", "checkpoint")},
    "sweep": lambda stage, db, args: {"removed": db.sweep()},
    "stats": lambda stage, db, args: db.stats()._asdict(),
    "recovery": lambda stage, db, args: vars(db.recovery()),
    "recovery_text": lambda stage, db, args: {"text": db.recovery().text},
    "namespaces": lambda stage, db, args: {"names": db.namespaces()},
    "create_namespace": _create,
    "open_namespace": _open,
}

ALONE = {
    "version": lambda stage, args: {"parts": len(spatio.library_version().split("."))},
    "abi_version": lambda stage, args: {"version": spatio.abi_version()},
    "status_name": lambda stage, args: {"name": spatio.status_name(args["status"])},
}
