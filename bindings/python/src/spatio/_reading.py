"""Reading of a namespace: ids and handles, single objects, columns of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from spatio._columns import Flags, Floats, Handles, Times, handles, ids, pointer, pointer_out
from spatio._handle import NamespaceHandle
from spatio._native import encoded, ffi, free, lib, new_error, new_scratch
from spatio.options import History, NamespaceOptions, Space

_NEVER = 2**63 - 1
_count = lib.spatio_count
_OBJECT_SIZE = ffi.sizeof("spatio_object")


class Object(NamedTuple):
    """The present state of an object."""

    handle: int
    x: float
    y: float
    z: float
    #: Event time of that position, microseconds since 1970-01-01 UTC.
    time_us: int
    #: When it expires by the database's clock; None: never.
    expires_us: int | None
    payload: bytes | None


class Positions(NamedTuple):
    """Where many objects are or were; where `found` is False, the other columns are 0."""

    x: Floats
    y: Floats
    z: Floats
    time_us: Times
    found: Flags


class Reading(NamespaceHandle):
    """The calls that read objects by id or handle."""

    @property
    def settings(self) -> NamespaceOptions:
        """What the namespace was made with."""
        settings = ffi.new("spatio_namespace_options *")
        settings.struct_size = ffi.sizeof("spatio_namespace_options")
        error = new_error()
        status = lib.spatio_namespace_settings(self._pointer, settings, error)
        if status:
            self._refused(status, error)
        return NamespaceOptions(
            Space(settings.space), History(settings.history), int(settings.ttl_us)
        )

    def count(self) -> int:
        """How many objects are here, those that expired left out."""
        told: int | None = self._quick.count()
        if told is not None:
            return told
        try:
            scratch = free.pop()
        except IndexError:
            scratch = new_scratch()
        error, number, _ = scratch
        status = _count(self._pointer, number, error)
        if status:
            self._refused(status, error)
        objects: int = number[0]
        free.append(scratch)
        return objects

    __len__ = count

    def __bool__(self) -> bool:
        return True

    def intern(self, id: str) -> int:
        """The handle of an id: given when the id is first seen, and the same ever after."""
        data = encoded(id)
        handle = ffi.new("uint64_t *")
        error = new_error()
        status = lib.spatio_intern(self._pointer, data, len(data), handle, error)
        if status:
            self._refused(status, error)
        return int(handle[0])

    def intern_batch(self, ids: Sequence[str] | Any) -> Handles:
        """The handles of many ids."""
        offsets, data = _ids(ids)
        made = np.empty(len(offsets) - 1, np.uint64)
        error = new_error()
        status = lib.spatio_intern_batch(
            self._pointer, len(made), pointer(offsets), data, pointer_out(made), error
        )
        if status:
            self._refused(status, error)
        return made

    def find_handle(self, id: str) -> int | None:
        """The handle of an id that was seen before; None if it never was."""
        data = encoded(id)
        handle = ffi.new("uint64_t *")
        error = new_error()
        status = lib.spatio_find_handle(self._pointer, data, len(data), handle, error)
        if status == lib.SPATIO_NOT_FOUND:
            return None
        if status:
            self._refused(status, error)
        return int(handle[0])

    def id(self, handle: int) -> str:
        """The id of a handle."""
        # The text is the namespace's: it is copied while this thread holds the handle.
        kept = self._pointer
        try:
            out, length = ffi.new("const char **"), ffi.new("size_t *")
            error = new_error()
            status = lib.spatio_id(kept, handle, out, length, error)
            if not status:
                return bytes(ffi.unpack(out[0], length[0])).decode()
        finally:
            del kept
        self._refused(status, error)

    def ids(self, handles: ArrayLike) -> list[str]:
        """The ids of many handles."""
        given = _handles(handles)
        slot = self._slot()
        error = new_error()
        status = lib.spatio_ids(self._pointer, len(given), pointer(given), slot[0], slot[1], error)
        return self._result(status, error, slot).ids or []

    def get(self, id: str) -> Object | None:
        """The present state of an object; None if it is not here, was deleted or has expired."""
        here: Object | None = self._quick.get(id)
        if here is not None:
            return here
        data = encoded(id)
        found = ffi.new("spatio_object *", (_OBJECT_SIZE,))
        error = new_error()
        status = lib.spatio_get(self._pointer, data, len(data), found, error)
        return self._object(status, error, found)

    def get_by_handle(self, handle: int) -> Object | None:
        """The same by handle. A handle that was not given out raises `NotFoundError`."""
        here: Object | None = self._quick.get_by_handle(handle)
        if here is not None:
            return here
        found = ffi.new("spatio_object *", (_OBJECT_SIZE,))
        error = new_error()
        status = lib.spatio_get_by_handle(self._pointer, handle, found, error)
        if status == lib.SPATIO_NOT_FOUND:
            self.id(handle)
        return self._object(status, error, found)

    def _object(self, status: int, error: Any, found: Any) -> Object | None:
        if status == lib.SPATIO_NOT_FOUND:
            return None
        if status:
            self._refused(status, error)
        payload = self._payload(found.handle, found.payload_length) if found.payload_length else b""
        return Object(
            found.handle,
            found.x,
            found.y,
            found.z,
            found.time_us,
            None if found.expires_us == _NEVER else found.expires_us,
            payload or None,
        )

    def get_payload(self, handle: int) -> bytes | None:
        """The payload of an object; None if it has none.

        An object that is not here raises `NotFoundError`.
        """
        return self._payload(handle, 256) or None

    def _payload(self, handle: int, capacity: int) -> bytes:
        length = ffi.new("size_t *")
        while True:
            room = ffi.new("uint8_t[]", capacity)
            error = new_error()
            status = lib.spatio_get_payload(self._pointer, handle, room, capacity, length, error)
            if status != lib.SPATIO_BUFFER_TOO_SMALL:
                break
            capacity = length[0]
        if status:
            self._refused(status, error)
        return bytes(ffi.buffer(room, length[0]))

    def get_batch(self, handles: ArrayLike) -> Positions:
        """The present positions of many objects."""
        given = _handles(handles)
        rows = len(given)
        x, y, z = (np.empty(rows, np.float64) for _ in range(3))
        time_us, found = np.empty(rows, np.int64), np.empty(rows, np.bool_)
        error = new_error()
        status = lib.spatio_get_batch(
            self._pointer,
            rows,
            pointer(given),
            pointer_out(x),
            pointer_out(y),
            pointer_out(z),
            pointer_out(time_us),
            pointer_out(found),
            error,
        )
        if status:
            self._refused(status, error)
        return Positions(x, y, z, time_us, found)


def _handles(column: ArrayLike) -> Handles:
    return handles(column, "handles")


_ids = ids
