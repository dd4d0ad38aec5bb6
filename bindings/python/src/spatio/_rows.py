"""Rows as the everyday calls give them: lists of tuples with points and metadata.

Owns: results and queries that are used again and again, so that a small question costs little more
than its crossing. Each is used by one call at a time.
"""

from __future__ import annotations

import json
from functools import partial
from itertools import pairwise
from typing import Any

from spatio._columns import texts
from spatio._native import NULL, ffi, lib, new_error
from spatio.errors import InvalidArgumentError
from spatio.namespace import Namespace
from spatio.points import Point
from spatio.query import Query, limit_of

_FLAGS = lib.SPATIO_QUERY_WITH_IDS | lib.SPATIO_QUERY_WITH_PAYLOADS
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_point = partial(tuple.__new__, Point)
_query_run = lib.spatio_query_run
_unpack = ffi.unpack


def payload_of(metadata: Any) -> bytes:
    """Metadata as JSON."""
    try:
        return _encode(metadata).encode()
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"metadata: {error}") from error


def metadata_of(payload: bytes) -> Any:
    """Metadata out of a payload; one that is not JSON (of another program) comes as its bytes."""
    try:
        return json.loads(payload)
    except ValueError:
        return payload


def _all_metadata(payloads: list[bytes]) -> list[Any]:
    try:
        # One call for all is three times as quick as one for each.
        listed: list[Any] = json.loads(b"[" + b",".join([p or b"null" for p in payloads]) + b"]")
        if len(listed) == len(payloads):
            return listed
    except ValueError:
        pass
    return [metadata_of(payload) if payload else None for payload in payloads]


def points(x: list[float], y: list[float], z: list[float]) -> list[Point]:
    """Points out of columns."""
    return list(map(_point, zip(x, y, z, strict=True)))


class _Slot:
    """A query and a result that are used again."""

    def __init__(self) -> None:
        self.query = ffi.new("spatio_query *")
        lib.spatio_query_init(self.query, ffi.sizeof("spatio_query"), lib.SPATIO_QUERY_SPHERE)
        self.query.flags = _FLAGS
        self.out = ffi.new("spatio_result **")
        self.columns = ffi.new("spatio_columns *", (ffi.sizeof("spatio_columns"),))
        self.error = new_error()

    def __del__(self) -> None:
        lib.spatio_result_free(self.out[0])


class Asker:
    """Asks, and gives rows."""

    def __init__(self) -> None:
        self._free: list[_Slot] = []

    def free(self) -> None:
        """Lets go of what was kept for the next question."""
        self._free.clear()

    def sphere(self, ns: Namespace, center: Point, radius: float, limit: int) -> list[Any]:
        """Within a radius, altitude included."""
        slot = self._slot()
        query = slot.query
        query.kind = lib.SPATIO_QUERY_SPHERE
        query.x, query.y, query.z = center
        query.radius = radius
        query.limit = limit_of(limit)
        return self._ask(ns, slot, query)

    def nearest(self, ns: Namespace, center: Point, k: int) -> list[Any]:
        """The k nearest."""
        slot = self._slot()
        query = slot.query
        query.kind = lib.SPATIO_QUERY_NEAREST
        query.x, query.y, query.z = center
        query.radius = _ANY
        query.limit = limit_of(k)
        return self._ask(ns, slot, query)

    def ask(self, ns: Namespace, query: Query) -> list[Any]:
        """Any other question."""
        return self._ask(ns, self._slot(), query.with_ids().with_payloads().struct())

    def _slot(self) -> _Slot:
        try:
            return self._free.pop()
        except IndexError:
            return _Slot()

    def _ask(self, ns: Namespace, slot: _Slot, query: Any) -> list[Any]:
        error = slot.error
        status = _query_run(ns._pointer, query, 1, NULL, slot.out, slot.columns, error)
        if status:
            ns._refused(status, error)
        rows = _rows(slot.columns)
        if not ns._database.closed:
            self._free.append(slot)
        return rows


_ANY = float("inf")


def _rows(columns: Any) -> list[Any]:
    count = columns.rows
    if not count:
        return []
    ends = _unpack(columns.id_offsets, count + 1)
    ids = texts(_unpack(columns.ids, ends[-1]), ends)
    at = map(
        _point,
        zip(
            _unpack(columns.x, count),
            _unpack(columns.y, count),
            _unpack(columns.z, count),
            strict=True,
        ),
    )
    ends = _unpack(columns.payload_offsets, count + 1)
    if ends[-1]:
        data = bytes(ffi.buffer(columns.payloads, ends[-1]))
        metadata = _all_metadata([data[a:b] for a, b in pairwise(ends)])
    else:
        metadata = [None] * count
    if columns.distance == NULL:
        return list(zip(ids, at, metadata, strict=True))
    return list(zip(ids, at, metadata, _unpack(columns.distance, count), strict=True))
