"""A packed index: boxes that do not change, built once and asked in whole columns.

What of it each question stands on is in `_indexing`, regions and nearness are in `_nearness`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatio._columns import (
    Flags,
    Floats,
    Handles,
    Items,
    each,
    floats,
    item_pointer,
    items,
    optional,
    pointer,
    pointer_out,
)
from spatio._handle import Cancel, cancel_pointer
from spatio._indexing import open_pointer
from spatio._native import NULL, ffi, lib, new_error
from spatio._nearness import Nearness
from spatio._packing import (
    IndexMetadata,
    IndexOptions,
    arguments,
    corners,
    of_triangles,
    told,
)
from spatio.errors import InvalidArgumentError, fail
from spatio.hits import Hits
from spatio.points import Polygon
from spatio.query import limit_of
from spatio.reports import path_bytes

#: No item: what rays give where they hit none.
NO_ITEM: int = lib.SPATIO_NO_ITEM


class Closest(NamedTuple):
    """The item, or the triangle, that each ray meets first; `NO_ITEM` where it hits none."""

    ids: Items
    #: Where it meets it, in lengths of the direction; NaN where it hits none.
    t: Floats


class Boxes(NamedTuple):
    """Boxes of items, a row of coordinates each."""

    min: Floats
    max: Floats


class Aggregates(NamedTuple):
    """What the values and the masks of the items in each window come to."""

    counts: Handles
    #: 0 of no items, or without values.
    sums: Floats
    #: NaN of no items, or without values, like `greatest`.
    least: Floats
    greatest: Floats
    #: All bits of any mask; 0 of no items, or without masks.
    masks: Handles


class Index(Nearness):
    """A packed index, by `Index.build`, `Index.open` or `Index.open_bytes`.

    Its boxes, or points, have two, three or four axes. The ids of its items are their places in
    what it was built from. Questions take any number of windows, boxes, places or rays, a row of
    coordinates each; one may come without a list around it. Without `max` they are points. Any
    number of threads may ask one. It is a context manager, which closes it.
    """

    @classmethod
    def build(
        cls,
        min: ArrayLike | None = None,
        max: ArrayLike | None = None,
        *,
        boxes: ArrayLike | None = None,
        payloads: Sequence[bytes | None] | None = None,
        values: ArrayLike | None = None,
        masks: ArrayLike | None = None,
        metadata: IndexMetadata | None = None,
        options: IndexOptions | None = None,
    ) -> Index:
        """Builds an index in memory; everything is copied.

        Rows of coordinates: the least and the greatest of each box, or `boxes`, which has both in
        one row (min x, min y, max x, max y), as GeoPandas' `bounds` has. Without the greatest they
        are points. `values` are numbers and `masks` sets of 64 bits for `aggregate`.
        """
        least, greatest = corners(min, max, boxes)
        taken, _kept = arguments(least, greatest, payloads, values, masks, metadata, options)
        out = ffi.new("spatio_index **")
        error = new_error()
        status = lib.spatio_index_build(*taken, out, error)
        if status:
            fail(status, error)
        return cls(out[0])

    @classmethod
    def build_triangles(
        cls,
        corners: ArrayLike,
        *,
        metadata: IndexMetadata | None = None,
        options: IndexOptions | None = None,
    ) -> Index:
        """Builds an index of triangles in the plane or in space, for `raycast_triangles`.

        An array of triangles, of three corners each, of two or three coordinates. Their boxes
        answer every other question.
        """
        taken, _kept = of_triangles(corners, metadata, options)
        out = ffi.new("spatio_index **")
        error = new_error()
        status = lib.spatio_index_build_triangles(*taken, out, error)
        if status:
            fail(status, error)
        return cls(out[0])

    @staticmethod
    def write(
        path: str | os.PathLike[str],
        min: ArrayLike | None = None,
        max: ArrayLike | None = None,
        *,
        boxes: ArrayLike | None = None,
        payloads: Sequence[bytes | None] | None = None,
        values: ArrayLike | None = None,
        masks: ArrayLike | None = None,
        metadata: IndexMetadata | None = None,
        options: IndexOptions | None = None,
    ) -> int:
        """Builds an index into a file, which is replaced as a whole; how many bytes it has."""
        name = path_bytes(path)
        least, greatest = corners(min, max, boxes)
        taken, _kept = arguments(least, greatest, payloads, values, masks, metadata, options)
        length = ffi.new("uint64_t *")
        error = new_error()
        status = lib.spatio_index_write(name, *taken, length, error)
        if status:
            fail(status, error)
        return int(length[0])

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Index:
        """Opens a file, which is mapped: it must not be changed in place while it is open."""
        out = ffi.new("spatio_index **")
        error = new_error()
        status = lib.spatio_index_open(path_bytes(path), out, error)
        if status:
            fail(status, error)
        return cls(out[0])

    @classmethod
    def open_bytes(cls, data: bytes | bytearray | memoryview) -> Index:
        """Opens the bytes of a file, which are copied."""
        out = ffi.new("spatio_index **")
        error = new_error()
        view = ffi.from_buffer("uint8_t[]", data)
        status = lib.spatio_index_open_bytes(view, len(view), out, error)
        if status:
            fail(status, error)
        return cls(out[0])

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        if self.closed:
            return "<spatio.Index, closed>"
        return f"<spatio.Index: {len(self)} items of {self.dims} axes>"

    def to_bytes(self) -> bytes:
        """The bytes of its file, for `open_bytes`."""
        data, length = ffi.new("uint8_t **"), ffi.new("size_t *")
        held = [self._pointer]  # closing it meanwhile must not free what is read
        try:
            self._done(lib.spatio_index_bytes, data, length)
            return bytes(ffi.buffer(data[0], length[0]))
        finally:
            held.clear()

    def metadata(self) -> IndexMetadata:
        """What it says about itself in words."""
        struct = ffi.new("spatio_index_metadata *", (ffi.sizeof("spatio_index_metadata"),))
        held = [self._pointer]
        try:
            self._done(lib.spatio_index_get_metadata, struct)
            return told(struct)
        finally:
            held.clear()

    def verify(self) -> None:
        """Looks through all of it: checksums, trees, payloads, words."""
        self._done(lib.spatio_index_verify)

    def search(self, min: ArrayLike, max: ArrayLike | None = None) -> Hits:
        """The items that share a point with windows, their borders included, in no order."""
        _, windows = self._windows(min, max)
        return self._found(lib.spatio_index_search, *windows)

    def search_one(self, min: ArrayLike, max: ArrayLike | None = None) -> Items:
        """The items of one window as one array: `search(min, max).ids`."""
        found = self.search(min, max)
        if found.queries != 1:
            raise InvalidArgumentError(f"min: {found.queries} windows in place of one")
        return found.ids

    def count(self, min: ArrayLike, max: ArrayLike | None = None) -> Handles:
        """How many items share a point with each window."""
        n, windows = self._windows(min, max)
        counts = np.zeros(n, np.uint64)
        self._done(lib.spatio_index_count, *windows, pointer_out(counts))
        return counts

    def any(self, min: ArrayLike, max: ArrayLike | None = None) -> Flags:
        """Whether any item shares a point with each window; it ends at the first."""
        n, windows = self._windows(min, max)
        found = np.zeros(n, np.bool_)
        self._done(lib.spatio_index_any, *windows, pointer_out(found))
        return found

    def search_within(
        self, min: ArrayLike, max: ArrayLike | None = None, *, max_distance: ArrayLike
    ) -> Hits:
        """The items within a Euclidean distance of boxes or points, in no order."""
        n, boxes = self._windows(min, max)
        far = each(max_distance, "max_distance", n)
        return self._found(lib.spatio_index_search_within, *boxes, pointer(far))

    def search_polygon(self, polygon: Polygon) -> Hits:
        """The items that share a point with a polygon on the first two axes, in no order."""
        return self._found(lib.spatio_index_search_polygon, polygon.shape)

    def nearest(
        self,
        min: ArrayLike,
        max: ArrayLike | None = None,
        *,
        k: int | None = None,
        max_distance: ArrayLike | None = None,
    ) -> Hits:
        """The k items nearest to boxes or points by Euclidean distance, nearest first.

        Of those that are equally near the one with the smaller id comes first.
        """
        n, boxes = self._windows(min, max)
        far = None if max_distance is None else each(max_distance, "max_distance", n)
        return self._found(lib.spatio_index_nearest, *boxes, limit_of(k), optional(far))

    def nearest_great_circle(
        self,
        lon: ArrayLike,
        lat: ArrayLike,
        *,
        k: int | None = None,
        max_distance: ArrayLike | None = None,
    ) -> Hits:
        """The k items nearest to places on the globe, in metres along the great circle.

        Axis 0 of the index is the longitude and axis 1 the latitude, in degrees. Nearest first.
        """
        x, y = _places(lon, lat)
        far = None if max_distance is None else each(max_distance, "max_distance", len(x))
        return self._found(
            lib.spatio_index_nearest_great_circle,
            len(x),
            pointer(x),
            pointer(y),
            limit_of(k),
            optional(far),
        )

    def search_great_circle(self, lon: ArrayLike, lat: ArrayLike, max_distance: ArrayLike) -> Hits:
        """The items within a distance in metres of places on the globe, in no order."""
        x, y = _places(lon, lat)
        far = each(max_distance, "max_distance", len(x))
        places = (len(x), pointer(x), pointer(y), pointer(far))
        return self._found(lib.spatio_index_search_great_circle, *places)

    def raycast(
        self, origin: ArrayLike, direction: ArrayLike, max_t: ArrayLike | None = None
    ) -> Hits:
        """The items that rays hit, in the order in which they enter them.

        A ray is the points `origin + t * direction` for t from 0 to `max_t`; `Hits.distance` is
        the t of each.
        """
        _, rays = self._rays(origin, direction, max_t)
        return self._found(lib.spatio_index_raycast, *rays)

    def raycast_any(
        self, origin: ArrayLike, direction: ArrayLike, max_t: ArrayLike | None = None
    ) -> Flags:
        """Whether rays hit any item: for lines of sight."""
        n, rays = self._rays(origin, direction, max_t)
        found = np.zeros(n, np.bool_)
        self._done(lib.spatio_index_raycast_any, *rays, pointer_out(found))
        return found

    def raycast_closest(
        self, origin: ArrayLike, direction: ArrayLike, max_t: ArrayLike | None = None
    ) -> Closest:
        """The item that each ray enters first; of several the one with the smallest id."""
        return self._first(lib.spatio_index_raycast_closest, origin, direction, max_t)

    def raycast_triangles(
        self, origin: ArrayLike, direction: ArrayLike, max_t: ArrayLike | None = None
    ) -> Closest:
        """The triangle that each ray meets first, exactly; of an index of `build_triangles`."""
        return self._first(lib.spatio_index_raycast_triangles, origin, direction, max_t)

    def _first(
        self, call: Any, origin: ArrayLike, direction: ArrayLike, max_t: ArrayLike | None
    ) -> Closest:
        n, rays = self._rays(origin, direction, max_t)
        found = Closest(np.zeros(n, np.uint32), np.zeros(n))
        self._done(call, *rays, item_pointer(found.ids, out=True), pointer_out(found.t))
        return found

    def pairs(self, max_distance: float = 0.0, *, cancel: Cancel | None = None) -> Hits:
        """All pairs of items within a Euclidean distance of each other; at 0 those that touch.

        Each once: the smaller id in `Hits.ids`, the greater in `Hits.others`.
        """
        return self._found(lib.spatio_index_pairs, max_distance, cancel_pointer(cancel))

    def join(
        self, other: Index, max_distance: float = 0.0, *, cancel: Cancel | None = None
    ) -> Hits:
        """All pairs of an item of this index and one of another (`Hits.others`) that are as near.

        At a distance of 0 those that touch.
        """
        stop = cancel_pointer(cancel)
        return self._found(lib.spatio_index_join, open_pointer(other), max_distance, stop)

    def payload(self, id: int) -> bytes | None:
        """The payload of an item; None if the index has no payloads."""
        if not 0 <= id <= NO_ITEM:
            raise InvalidArgumentError(f"id: {id} is no item")
        data, length = ffi.new("uint8_t **"), ffi.new("size_t *")
        held = [self._pointer]
        try:
            self._done(lib.spatio_index_payload, id, data, length)
            return None if data[0] == NULL else bytes(ffi.buffer(data[0], length[0]))
        finally:
            held.clear()

    def payloads(self, ids: ArrayLike) -> Hits:
        """The payloads of many items: `Hits.payloads`, or without a copy `Hits.payload_bytes`."""
        wanted = items(ids, "ids")
        return self._found(lib.spatio_index_payloads, len(wanted), item_pointer(wanted))

    def boxes(self, ids: ArrayLike) -> Boxes:
        """The boxes of items, as they are stored."""
        wanted = items(ids, "ids")
        found = Boxes(*np.zeros((2, len(wanted), self.dims)))
        out = pointer_out(found.min), pointer_out(found.max)
        self._done(lib.spatio_index_boxes, len(wanted), item_pointer(wanted), *out)
        return found

    def aggregate(self, min: ArrayLike, max: ArrayLike | None = None) -> Aggregates:
        """How many items share a point with windows, and what values and masks come to."""
        n, windows = self._windows(min, max)
        whole, real = np.zeros((2, n), np.uint64), np.zeros((3, n))
        found = Aggregates(whole[0], real[0], real[1], real[2], whole[1])
        self._done(lib.spatio_index_aggregate, *windows, *map(pointer_out, found))
        return found


def _places(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x = floats(np.atleast_1d(np.asarray(lon)), "lon")
    return x, floats(np.atleast_1d(np.asarray(lat)), "lat", len(x))
