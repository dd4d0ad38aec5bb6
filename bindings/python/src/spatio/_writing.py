"""Writing of a namespace: single objects, columns of them, tracks, and removal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from spatio import _arrow
from spatio._columns import (
    Handles,
    floats,
    handles,
    ids,
    optional,
    payloads,
    pointer,
    pointer_out,
    times,
)
from spatio._handle import NamespaceHandle
from spatio._native import NOW, NULL, encoded, ffi, free, lib, new_error, new_scratch
from spatio.options import Outcome


class Written(NamedTuple):
    """What an upsert came to."""

    handle: int
    outcome: Outcome


class BatchOutcome(NamedTuple):
    """How many rows set the present state, and how many were older than what is known."""

    applied: int
    late: int


class BatchWritten(NamedTuple):
    """The same, with the handles of the rows."""

    handles: Handles
    applied: int
    late: int


#: By their number.
OUTCOMES: tuple[Outcome, ...] = (Outcome.CREATED, *Outcome)
_move = lib.spatio_move
_upsert = lib.spatio_upsert


class Writing(NamespaceHandle):
    """The calls that write."""

    def upsert(
        self,
        id: str,
        x: float,
        y: float,
        z: float = 0.0,
        time_us: int = NOW,
        *,
        payload: bytes | None = None,
        ttl_us: int = 0,
    ) -> Written:
        """Says where an object is; one that is new is made.

        Without a time it is now. `payload`: up to 65,536 bytes; None keeps what it has, `b""`
        removes it. `ttl_us`: how long from now the object lives without another update; 0: as the
        namespace says.
        """
        done: Written | None = self._quick.upsert(id, x, y, z, time_us, payload, ttl_us)
        if done is not None:
            return done
        data = encoded(id)
        try:
            scratch = free.pop()
        except IndexError:
            scratch = new_scratch()
        error, handle, outcome = scratch
        status = _upsert(
            self._pointer,
            data,
            len(data),
            x,
            y,
            z,
            time_us,
            NULL if payload is None else payload,
            0 if payload is None else len(payload),
            ttl_us,
            handle,
            outcome,
            error,
        )
        if status:
            self._refused(status, error)
        written = Written(handle[0], OUTCOMES[outcome[0]])
        free.append(scratch)
        return written

    def move(self, handle: int, x: float, y: float, z: float = 0.0, time_us: int = NOW) -> Outcome:
        """The same for an object whose handle is known: the quickest call for a single object."""
        done: Outcome | None = self._quick.move(handle, x, y, z, time_us)
        if done is not None:
            return done
        try:
            scratch = free.pop()
        except IndexError:
            scratch = new_scratch()
        error, _, outcome = scratch
        status = _move(self._pointer, handle, x, y, z, time_us, outcome, error)
        if status:
            self._refused(status, error)
        told: Outcome = OUTCOMES[outcome[0]]
        free.append(scratch)
        return told

    def move_batch(
        self,
        handles: ArrayLike,
        x: ArrayLike,
        y: ArrayLike,
        z: ArrayLike | None = None,
        time_us: ArrayLike | None = None,
    ) -> BatchOutcome:
        """Moves many objects in one call.

        The rows are checked before the first is written, and take effect in their order. Without
        `z` all are 0, without `time_us` all are now. Payloads stay.
        """
        given = _handles(handles)
        rows = len(given)
        xs, ys = floats(x, "x", rows), floats(y, "y", rows)
        zs = None if z is None else floats(z, "z", rows)
        at = None if time_us is None else times(time_us, "time_us", rows)
        counts = ffi.new("uint64_t[2]")
        error = new_error()
        status = lib.spatio_move_batch(
            self._pointer,
            rows,
            pointer(given),
            pointer(xs),
            pointer(ys),
            optional(zs),
            optional(at),
            counts,
            counts + 1,
            error,
        )
        if status:
            self._refused(status, error)
        return BatchOutcome(counts[0], counts[1])

    def upsert_batch(
        self,
        ids: Sequence[str] | Any,
        x: ArrayLike,
        y: ArrayLike,
        z: ArrayLike | None = None,
        time_us: ArrayLike | None = None,
        *,
        payloads: Sequence[bytes | None] | None = None,
        ttl_us: ArrayLike | None = None,
    ) -> BatchWritten:
        """Says where many objects are, by id; those that are new are made.

        The rows are checked before the first is written, and take effect in their order. A payload
        of None keeps what the object has.
        """
        id_offsets, id_bytes = _ids(ids)
        rows = len(id_offsets) - 1
        xs, ys = floats(x, "x", rows), floats(y, "y", rows)
        zs = None if z is None else floats(z, "z", rows)
        at = None if time_us is None else times(time_us, "time_us", rows)
        ttls = None if ttl_us is None else times(ttl_us, "ttl_us", rows)
        of_payloads, payload_bytes = (None, b"") if payloads is None else _payloads(payloads, rows)
        made = np.empty(rows, np.uint64)
        counts = ffi.new("uint64_t[2]")
        error = new_error()
        status = lib.spatio_upsert_batch(
            self._pointer,
            rows,
            pointer(id_offsets),
            id_bytes,
            pointer(xs),
            pointer(ys),
            optional(zs),
            optional(at),
            optional(of_payloads),
            payload_bytes,
            optional(ttls),
            pointer_out(made),
            counts,
            counts + 1,
            error,
        )
        if status:
            self._refused(status, error)
        return BatchWritten(made, counts[0], counts[1])

    def upsert_arrow(self, data: Any) -> BatchOutcome:
        """Writes the rows of anything that offers Arrow's C data interface.

        Columns by name: `id` (text) or `handle`; `x` or `lon`, `y` or `lat`; and perhaps `z` or
        `alt`, `time` and `payload`. Tables of pyarrow, polars and DuckDB come batch by batch; if
        one is refused, those before it are written.
        """
        upsert = _arrow.function("spatio_upsert_arrow")
        applied, late = 0, 0
        counts = ffi.new("uint64_t[2]")
        for schema, array in _arrow.batches(data):
            error = new_error()
            status = upsert(self._pointer, schema, array, counts, counts + 1, error)
            if status:
                self._refused(status, error)
            applied, late = applied + counts[0], late + counts[1]
        return BatchOutcome(applied, late)

    def insert_trajectory(
        self, id: str, time_us: ArrayLike, x: ArrayLike, y: ArrayLike, z: ArrayLike | None = None
    ) -> int:
        """Adds past positions to an object's track, in any order; how many there were.

        The newest becomes its present state, unless that is newer still.
        """
        data = encoded(id)
        at = times(time_us, "time_us")
        rows = len(at)
        xs, ys = floats(x, "x", rows), floats(y, "y", rows)
        zs = None if z is None else floats(z, "z", rows)
        inserted = ffi.new("uint64_t *")
        error = new_error()
        status = lib.spatio_insert_trajectory(
            self._pointer,
            data,
            len(data),
            rows,
            pointer(at),
            pointer(xs),
            pointer(ys),
            optional(zs),
            inserted,
            error,
        )
        if status:
            self._refused(status, error)
        return int(inserted[0])

    def delete(self, id: str) -> bool:
        """Removes an object; whether it was here. Its track stays."""
        data = encoded(id)
        deleted = ffi.new("uint8_t *")
        error = new_error()
        status = lib.spatio_delete(self._pointer, data, len(data), deleted, error)
        if status:
            self._refused(status, error)
        return bool(deleted[0])

    def delete_batch(self, handles: ArrayLike) -> int:
        """Removes many objects; how many of them were here."""
        given = _handles(handles)
        deleted = ffi.new("uint64_t *")
        error = new_error()
        status = lib.spatio_delete_batch(self._pointer, len(given), pointer(given), deleted, error)
        if status:
            self._refused(status, error)
        return int(deleted[0])


def _handles(column: ArrayLike) -> Handles:
    return handles(column, "handles")


_ids, _payloads = ids, payloads
