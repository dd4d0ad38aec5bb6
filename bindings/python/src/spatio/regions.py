"""Regions of any shape that a packed index is searched for, made once and asked often."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from spatio._columns import Floats, floats, pointer, rows
from spatio._native import ffi, lib, new_error
from spatio.errors import InvalidArgumentError, fail
from spatio.points import Polygon


class Region:
    """A set of points, for `Index.search_region` and the like, of any index with as many axes.

    Borders belong to it. It does not change, and any number of threads may use one.
    """

    __slots__ = ("_pointer",)

    def __init__(self, call: Any, *taken: Any) -> None:
        out = ffi.new("spatio_region **")
        error = new_error()
        status = call(*taken, out, error)
        if status:
            fail(status, error)
        self._pointer = ffi.gc(out[0], lib.spatio_region_free)

    @classmethod
    def ball(cls, centre: ArrayLike, radius: float) -> Region:
        """All that is within a Euclidean distance of a point, which has two to four axes."""
        at = floats(centre, "centre")
        return cls(lib.spatio_region_ball, len(at), pointer(at), radius)

    @classmethod
    def capsule(cls, start: ArrayLike, end: ArrayLike, radius: float) -> Region:
        """All that is within a Euclidean distance of a segment."""
        a = floats(start, "start")
        b = floats(end, "end", len(a))
        return cls(lib.spatio_region_capsule, len(a), pointer(a), pointer(b), radius)

    @classmethod
    def cone(
        cls, apex: ArrayLike, direction: ArrayLike, half_angle_rad: float, length: float
    ) -> Region:
        """A cone with a round end.

        It is all balls with their centres on its axis that just touch its side, up to the one whose
        centre is `length` from the apex. The angle is that between axis and side.
        """
        a = floats(apex, "apex")
        b = floats(direction, "direction", len(a))
        at = (len(a), pointer(a), pointer(b))
        return cls(lib.spatio_region_cone, *at, half_angle_rad, length)

    @classmethod
    def half_space(cls, normal: ArrayLike, offset: float) -> Region:
        """The points `x` of which `normal . x` is `offset` or more."""
        at = floats(normal, "normal")
        return cls(lib.spatio_region_half_space, len(at), pointer(at), offset)

    @classmethod
    def convex(cls, points: ArrayLike) -> Region:
        """The convex hull of points: of three a triangle. It lies on the first two axes."""
        xy = rows(points, "points", 2)
        return cls(lib.spatio_region_convex, len(xy), pointer(xy))

    @classmethod
    def polygon(cls, polygon: Polygon) -> Region:
        """A polygon on the first two axes, made ready once for many questions."""
        return cls(lib.spatio_region_polygon, polygon.shape)

    @classmethod
    def frustum(cls, planes: ArrayLike) -> Region:
        """What lies between six planes in space: rows of a normal, which points inside, and offset.

        It may keep a few boxes beside its edges.
        """
        return cls(lib.spatio_region_frustum, pointer(_whole(planes, "planes", 6)))

    @classmethod
    def view_projection(cls, matrix: ArrayLike, *, depth_from_zero: bool = False) -> Region:
        """What a camera sees, by its matrix in rows: `clip = matrix @ (x, y, z, 1)`.

        The depth is from 0 to w where `depth_from_zero`, else from -w to w. As `frustum`.
        """
        four = pointer(_whole(matrix, "matrix", 4))
        return cls(lib.spatio_region_view_projection, four, int(depth_from_zero))


def _whole(value: ArrayLike, name: str, count: int) -> Floats:
    table = rows(value, name, 4)
    if len(table) != count:
        raise InvalidArgumentError(f"{name}: {len(table)} rows, expected {count}")
    return table
