"""Questions of a namespace: where things are now, where they were, and how far apart."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from spatio._asking import Asking
from spatio._columns import Flags, Floats, Handles, handles, pointer, pointer_out
from spatio._handle import Cancel, NamespaceHandle, cancel_pointer
from spatio._native import NULL, ffi, free, lib, new_error, new_scratch
from spatio.options import Interpolation, Metric, Order
from spatio.points import Polygon
from spatio.query import Query, limit_of
from spatio.result import Result, new_slot

#: The first and the last moment that a time can tell.
FIRST, LAST = -(2**63), 2**63 - 1


_query_run = lib.spatio_query_run


class Bounds(NamedTuple):
    """The smallest box around all objects, in plain numbers: it does not wrap."""

    min_x: float
    min_y: float
    min_z: float
    max_x: float
    max_y: float
    max_z: float


class Past(NamedTuple):
    """Where objects were; where `found` is False, no position was known yet."""

    x: Floats
    y: Floats
    z: Floats
    found: Flags


class Searching(NamespaceHandle, Asking):
    """The calls that ask about many objects."""

    def query(self, query: Query, *, cancel: Cancel | None = None) -> Result:
        """Asks one question."""
        if cancel is None:
            try:
                slot = self._pool.pop()
            except IndexError:
                slot = new_slot()
            if self._quick.ask(query.address(), slot[3], slot[4]):
                return Result(self._pool, slot, self.space)
        return self._run(query.struct(), 1, cancel)

    def _run(self, structs: Any, rows: int, cancel: Cancel | None) -> Result:
        try:
            slot = self._pool.pop()
        except IndexError:
            slot = new_slot()
        try:
            scratch = free.pop()
        except IndexError:
            scratch = new_scratch()
        error = scratch[0]
        stop = NULL if cancel is None else cancel._pointer
        status = _query_run(self._pointer, structs, rows, stop, slot[0], slot[1], error)
        if status:
            self._refused(status, error)
        free.append(scratch)
        return Result(self._pool, slot, self.space)

    def _into(self, *taken: Any) -> None:
        error = new_error()
        status = lib.spatio_query_into(self._pointer, *taken, error)
        if status:
            self._refused(status, error)

    def query_radius(
        self, x: float, y: float, radius: float, z: float = 0.0, limit: int | None = None
    ) -> Result:
        """What lies within a radius of a point, altitude included, nearest first."""
        slot = self._slot()
        error = new_error()
        status = lib.spatio_query_radius(
            self._pointer, x, y, z, radius, limit_of(limit), slot[0], slot[1], error
        )
        return self._result(status, error, slot)

    def query_box(
        self, min_x: float, min_y: float, max_x: float, max_y: float, limit: int | None = None
    ) -> Result:
        """What lies in a box, in no promised order."""
        slot = self._slot()
        error = new_error()
        status = lib.spatio_query_box(
            self._pointer,
            min_x,
            min_y,
            max_x,
            max_y,
            limit_of(limit),
            slot[0],
            slot[1],
            error,
        )
        return self._result(status, error, slot)

    def query_polygon(self, polygon: Polygon, limit: int | None = None) -> Result:
        """What lies in a polygon, its border included, in no promised order."""
        slot = self._slot()
        error = new_error()
        status = lib.spatio_query_polygon(
            self._pointer, polygon.shape, limit_of(limit), slot[0], slot[1], error
        )
        return self._result(status, error, slot)

    def query_near(self, origin: int, radius: float, limit: int | None = None) -> Result:
        """What lies within a radius of an object: the object itself, then the others."""
        slot = self._slot()
        error = new_error()
        status = lib.spatio_query_near(
            self._pointer, origin, radius, limit_of(limit), slot[0], slot[1], error
        )
        return self._result(status, error, slot)

    def knn(self, x: float, y: float, k: int, z: float = 0.0) -> Result:
        """The k nearest to a point, altitude included, nearest first."""
        slot = self._slot()
        error = new_error()
        status = lib.spatio_knn(self._pointer, x, y, z, limit_of(k), slot[0], slot[1], error)
        return self._result(status, error, slot)

    def convex_hull(self) -> Floats:
        """The convex hull of all objects as a closed ring against the clock, rows of x, y."""
        slot = self._slot()
        error = new_error()
        status = lib.spatio_convex_hull(self._pointer, slot[0], slot[1], error)
        ring = self._result(status, error, slot)
        return np.column_stack((ring.x, ring.y))

    def bounds(self) -> Bounds | None:
        """The smallest box around all objects; None if there are none."""
        bounds = ffi.new("spatio_bounds *", (ffi.sizeof("spatio_bounds"),))
        error = new_error()
        status = lib.spatio_get_bounds(self._pointer, bounds, error)
        if status:
            self._refused(status, error)
        if bounds.is_empty:
            return None
        return Bounds(*(getattr(bounds, name) for name in Bounds._fields))

    def trajectory(
        self,
        handles: ArrayLike,
        start_us: int = FIRST,
        end_us: int = LAST,
        *,
        order: Order = Order.OLDEST_FIRST,
        limit: int | None = None,
        cancel: Cancel | None = None,
    ) -> Result:
        """The positions that objects had from `start_us` to `end_us`, both of them included.

        `limit`: at most so many of each object. The rows of object i are `Result.of(i)`.
        """
        given = _handles(handles)
        slot = self._slot()
        error = new_error()
        status = lib.spatio_trajectory(
            self._pointer,
            len(given),
            pointer(given),
            start_us,
            end_us,
            int(order),
            limit_of(limit),
            cancel_pointer(cancel),
            slot[0],
            slot[1],
            error,
        )
        return self._result(status, error, slot)

    def positions_at(
        self,
        handles: ArrayLike,
        time_us: int,
        interpolation: Interpolation = Interpolation.LINEAR,
    ) -> Past:
        """Where objects were at an instant."""
        given = _handles(handles)
        x, y, z = (np.empty(len(given), np.float64) for _ in range(3))
        found = np.empty(len(given), np.bool_)
        error = new_error()
        status = lib.spatio_positions_at(
            self._pointer,
            len(given),
            pointer(given),
            time_us,
            int(interpolation),
            pointer_out(x),
            pointer_out(y),
            pointer_out(z),
            pointer_out(found),
            error,
        )
        if status:
            self._refused(status, error)
        return Past(x, y, z, found)

    def distance_between(
        self, a: ArrayLike, b: ArrayLike, metric: Metric = Metric.HAVERSINE
    ) -> Floats:
        """The distances between pairs of objects, altitude included; NaN where one is not here."""
        first = _handles(a)
        second = handles(b, "b", len(first))
        distances = np.empty(len(first), np.float64)
        error = new_error()
        status = lib.spatio_distance_between(
            self._pointer,
            len(first),
            pointer(first),
            pointer(second),
            int(metric),
            pointer_out(distances),
            error,
        )
        if status:
            self._refused(status, error)
        return distances

    def distance_to(
        self,
        handles: ArrayLike,
        x: float,
        y: float,
        z: float = 0.0,
        metric: Metric = Metric.HAVERSINE,
    ) -> Floats:
        """The distances from objects to a point, altitude included; NaN where one is not here."""
        given = _handles(handles)
        distances = np.empty(len(given), np.float64)
        error = new_error()
        status = lib.spatio_distance_to(
            self._pointer,
            len(given),
            pointer(given),
            x,
            y,
            z,
            int(metric),
            pointer_out(distances),
            error,
        )
        if status:
            self._refused(status, error)
        return distances


def _handles(column: ArrayLike) -> Handles:
    return handles(column, "handles")
