"""Fences: polygons with ids that do not change, asked in whole columns of points and boxes.

Invariants: fences never change, so that any number of threads may ask them; what the library lends
of them is copied while this thread holds the handle.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatio._columns import floats, payloads, pointer
from spatio._columns import ids as id_column
from spatio._freezing import FreezeOptions
from spatio._frozen import FrozenHandle, opened, opened_bytes
from spatio._native import NULL, encoded, ffi, lib, new_error
from spatio.errors import InvalidArgumentError, fail
from spatio.options import Space
from spatio.points import Polygon
from spatio.reports import path_bytes
from spatio.result import Answer, lazy


class Fence(NamedTuple):
    """One fence."""

    #: Its place in the order of ids.
    handle: int
    id: str
    payload: bytes | None


class FencesInfo(NamedTuple):
    """What fences are."""

    space: Space
    #: How many there are; their handles are 0 up to, not including, this.
    fences: int
    #: Bytes that they take, in memory or as a file.
    bytes: int


class FoundFences(Answer):
    """The fences that were found, as columns; entries with the same index belong to one row.

    The rows of point, or box, `i` are `offsets[i]` up to, not including, `offsets[i + 1]`; `of(i)`
    gives that slice. The fences of each are in the order of their ids.
    """

    @lazy
    def asked(self) -> NDArray[np.intp]:
        """The number of the point, or box, that each row belongs to."""
        counts = np.diff(self.offsets).astype(np.intp)
        return np.repeat(np.arange(self.queries), counts)

    def __repr__(self) -> str:
        return f"<spatio.FoundFences: {self.rows} rows of {self.queries} questions>"


class Fences(FrozenHandle):
    """Polygons with ids, by `Fences.build`, `Fences.open` or `Fences.open_bytes`.

    They are asked which of them contain points or meet boxes: exactly, borders included, any
    number in one call. It is a context manager, which closes it.
    """

    def __init__(self, pointer: Any) -> None:
        FrozenHandle.__init__(self, pointer, lib.spatio_fences_free)
        #: What their coordinates mean.
        self.space: Space = self.info().space

    @classmethod
    def build(
        cls,
        ids: Sequence[str],
        polygons: Sequence[Polygon],
        payloads: Sequence[bytes | None] | None = None,
        *,
        space: Space = Space.GEOGRAPHIC,
    ) -> Fences:
        """Builds fences in memory; everything is copied.

        Edges are straight in longitude and latitude; a polygon that crosses the antimeridian is to
        be cut there.
        """
        taken, _kept = _arguments(ids, polygons, payloads, space)
        out = ffi.new("spatio_fences **")
        error = new_error()
        status = lib.spatio_fences_build(*taken, out, error)
        if status:
            fail(status, error)
        return cls(out[0])

    @staticmethod
    def write(
        path: str | os.PathLike[str],
        ids: Sequence[str],
        polygons: Sequence[Polygon],
        payloads: Sequence[bytes | None] | None = None,
        *,
        space: Space = Space.GEOGRAPHIC,
        options: FreezeOptions | None = None,
    ) -> int:
        """Builds fences into a file, which is replaced as a whole; how many bytes it has."""
        name = path_bytes(path)
        taken, _kept = _arguments(ids, polygons, payloads, space)
        length = ffi.new("uint64_t *")
        how = (options or FreezeOptions()).struct()
        error = new_error()
        status = lib.spatio_fences_write(name, *taken, how, length, error)
        if status:
            fail(status, error)
        return int(length[0])

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Fences:
        """Opens a file, which is mapped: it must not be changed in place while it is open."""
        return cls(opened(lib.spatio_fences_open, "spatio_fences", path))

    @classmethod
    def open_bytes(cls, data: bytes | bytearray | memoryview) -> Fences:
        """Opens the bytes of a file, which are copied."""
        return cls(opened_bytes(lib.spatio_fences_open_bytes, "spatio_fences", data))

    def info(self) -> FencesInfo:
        """What they are."""
        info = ffi.new("spatio_fences_info *", (ffi.sizeof("spatio_fences_info"),))
        self._done(lib.spatio_fences_get_info, info)
        return FencesInfo(Space(info.space), info.fences, info.bytes)

    def __len__(self) -> int:
        return self.info().fences

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return "<spatio.Fences, closed>" if self.closed else f"<spatio.Fences: {len(self)}>"

    def verify(self) -> None:
        """Looks through all of them: checksums, the tree, the order of ids, every ring."""
        self._done(lib.spatio_fences_verify)

    def containing(
        self, x: ArrayLike, y: ArrayLike, *, with_ids: bool = False, with_payloads: bool = False
    ) -> FoundFences:
        """The fences that contain each of many points: `handles`, and what else is asked for."""
        xs = floats(x, "x")
        ys = floats(y, "y", len(xs))
        flags = _flags(with_ids, with_payloads)
        return self._found(lib.spatio_fences_containing, len(xs), pointer(xs), pointer(ys), flags)

    def containing_one(self, x: float, y: float) -> list[Fence]:
        """The fences that contain one point."""
        found = self.containing([x], [y], with_ids=True, with_payloads=True)
        columns = found.handles.tolist(), found.ids or [], found.payloads or []
        return [Fence(*row) for row in zip(*columns, strict=True)]

    def intersecting(
        self,
        min_x: ArrayLike,
        min_y: ArrayLike,
        max_x: ArrayLike,
        max_y: ArrayLike,
        *,
        with_ids: bool = False,
        with_payloads: bool = False,
    ) -> FoundFences:
        """The fences that share a point with each of many boxes.

        `min_x` above `max_x` crosses the antimeridian.
        """
        west = floats(min_x, "min_x")
        rows = len(west)
        south, east = floats(min_y, "min_y", rows), floats(max_x, "max_x", rows)
        north = floats(max_y, "max_y", rows)
        sides = (pointer(side) for side in (west, south, east, north))
        flags = _flags(with_ids, with_payloads)
        return self._found(lib.spatio_fences_intersecting, rows, *sides, flags)

    def _found(self, call: Any, *taken: Any) -> FoundFences:
        slot = self._slot()
        self._done(call, *taken, slot[0], slot[1])
        return FoundFences(self._pool, slot, self.space)

    def get(self, id: str) -> Fence | None:
        """The fence with an id; None if there is none."""
        data = encoded(id)
        fence = ffi.new("spatio_fence *", (ffi.sizeof("spatio_fence"),))
        error = new_error()
        held = [self._pointer]  # closing it meanwhile must not free what is read
        try:
            status = lib.spatio_fences_get(held[0], data, len(data), fence, error)
            if not status:
                return _told(fence)
        finally:
            held.clear()
        if status == lib.SPATIO_NOT_FOUND:
            return None
        self._refused(status, error)

    def get_by_handle(self, handle: int) -> Fence:
        """The fence of a handle; one that they do not have raises `NotFoundError`."""
        fence = ffi.new("spatio_fence *", (ffi.sizeof("spatio_fence"),))
        held = [self._pointer]
        try:
            self._done(lib.spatio_fences_get_by_handle, handle, fence)
            return _told(fence)
        finally:
            held.clear()


def _told(fence: Any) -> Fence:
    id = bytes(ffi.buffer(fence.id, fence.id_length)).decode()
    if fence.payload == NULL:
        return Fence(fence.handle, id, None)
    return Fence(fence.handle, id, bytes(ffi.buffer(fence.payload, fence.payload_length)))


def _flags(ids: bool, payloads: bool) -> int:
    flags = lib.SPATIO_QUERY_WITH_IDS if ids else 0
    return int(flags | (lib.SPATIO_QUERY_WITH_PAYLOADS if payloads else 0))


def _arguments(
    ids: Sequence[str],
    polygons: Sequence[Polygon],
    given: Sequence[bytes | None] | None,
    space: Space,
) -> tuple[list[Any], list[Any]]:
    """What the library builds from, and what must live until it has."""
    id_offsets, id_bytes = id_column(ids)
    rows = len(id_offsets) - 1
    if len(polygons) != rows:
        raise InvalidArgumentError(f"polygons: {len(polygons)} rows beside {rows}")
    shapes = ffi.new("spatio_polygon *[]", [polygon.shape for polygon in polygons])
    kept: list[Any] = [id_offsets, id_bytes, shapes, list(polygons)]
    taken = [int(space), rows, pointer(id_offsets), id_bytes, shapes]
    if given is None:
        return [*taken, NULL, NULL], kept
    offsets, data = payloads(given, rows)
    kept += [offsets, data]
    return [*taken, pointer(offsets), data], kept
