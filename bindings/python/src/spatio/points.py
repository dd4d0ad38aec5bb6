"""Places as the everyday calls speak of them: points, points in time, and shapes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from spatio._columns import Flags, Floats, floats, pointer, pointer_out
from spatio._native import NULL, ffi, lib, new_error
from spatio.errors import InvalidArgumentError, fail
from spatio.options import Metric, Space

Ring = Sequence[tuple[float, float]]


class _Coordinates(NamedTuple):
    x: float
    y: float
    z: float


class Point(_Coordinates):
    """A place: longitude and latitude in degrees and altitude in metres, or x, y and z.

    It is a tuple of three numbers too. What it may be is checked where it is used.
    """

    __slots__ = ()

    def __new__(cls, x: float, y: float, z: float | None = None) -> Point:  # noqa: D102
        return super().__new__(cls, float(x), float(y), 0.0 if z is None else float(z))

    def __getnewargs__(self) -> tuple[float, float, float]:
        return self.x, self.y, self.z

    @property
    def lon(self) -> float:
        """Longitude in degrees: the same as x."""
        return self.x

    @property
    def lat(self) -> float:
        """Latitude in degrees: the same as y."""
        return self.y

    @property
    def alt(self) -> float:
        """Altitude in metres: the same as z."""
        return self.z

    def distance_to(self, other: Point) -> float:
        """The way along the ground in metres (haversine), whatever the altitudes."""
        return distance(Point(self.x, self.y), Point(other.x, other.y))

    def __repr__(self) -> str:
        return f"Point(x={self.x:.4f}, y={self.y:.4f}, z={self.z:.4f})"


def distance(
    a: Point,
    b: Point,
    metric: Metric = Metric.HAVERSINE,
    space: Space = Space.GEOGRAPHIC,
) -> float:
    """The distance between two places, altitude included, without a database."""
    out = ffi.new("double *")
    (x1, y1, z1), (x2, y2, z2) = a, b
    error = new_error()
    status = lib.spatio_distance(int(space), int(metric), x1, y1, z1, x2, y2, z2, out, error)
    if status:
        fail(status, error)
    return float(out[0])


class TemporalPoint:
    """Where something was at a time, which is in seconds since 1970-01-01 UTC."""

    __slots__ = ("point", "timestamp")

    def __init__(self, point: Point, timestamp: float) -> None:
        self.point = point
        self.timestamp = timestamp

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TemporalPoint):
            return NotImplemented
        return (self.point, self.timestamp) == (other.point, other.timestamp)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"TemporalPoint(point={self.point!r}, timestamp={self.timestamp!r})"


def _closed(ring: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
    points = [(float(at[0]), float(at[1])) for at in ring]
    return [*points, points[0]] if points and points[0] != points[-1] else points


class Polygon:
    """A polygon with holes, or several: rings of x, y (longitude, latitude).

    Borders belong to it, also those of holes. What it may be is checked where it is first used.
    """

    __slots__ = ("_parts", "_shape")

    def __init__(
        self,
        exterior: Iterable[Sequence[float]],
        interiors: Iterable[Iterable[Sequence[float]]] | None = None,
    ) -> None:
        holes = [] if interiors is None else [_closed(ring) for ring in interiors]
        self._parts = [[_closed(exterior), *holes]]
        self._shape: Any = NULL

    @classmethod
    def multi(cls, parts: Iterable[Iterable[Iterable[Sequence[float]]]]) -> Polygon:
        """Several polygons as one shape, nested as GeoJSON nests a MultiPolygon."""
        made = cls.__new__(cls)
        made._parts = [[_closed(ring) for ring in part] for part in parts]
        made._shape = NULL
        return made

    @property
    def parts(self) -> list[list[list[tuple[float, float]]]]:
        """The polygons, each a list of its border and its holes."""
        return self._parts

    @property
    def exterior(self) -> list[tuple[float, float]]:
        """The border (of the first, if there are several), closed."""
        return self._parts[0][0] if self._parts and self._parts[0] else []

    @property
    def interiors(self) -> list[list[tuple[float, float]]]:
        """The holes (of the first, if there are several), closed."""
        return self._parts[0][1:] if self._parts else []

    def contains(self, x: ArrayLike, y: ArrayLike) -> Flags:
        """Which of the points lie in it."""
        xs = floats(x, "x")
        ys = floats(y, "y", len(xs))
        inside = np.empty(len(xs), np.bool_)
        out = pointer_out(inside)
        error = new_error()
        status = lib.spatio_polygon_contains(
            self.shape, len(xs), pointer(xs), pointer(ys), out, error
        )
        if status:
            fail(status, error)
        return inside

    @property
    def shape(self) -> Any:
        """The library's polygon, made when it is first asked for."""
        if self._shape == NULL:
            self._shape = self._made()
        return self._shape

    def _made(self) -> Any:
        rings = [ring for part in self._parts for ring in part]
        xy: Floats = np.array([at for ring in rings for at in ring], np.float64).reshape(-1)
        of_rings = np.cumsum([0, *map(len, rings)]).astype(np.uint64)
        of_parts = np.cumsum([0, *map(len, self._parts)]).astype(np.uint64)
        out = ffi.new("spatio_polygon **")
        error = new_error()
        status = lib.spatio_polygon_new(
            len(rings),
            pointer(of_rings),
            pointer(xy),
            len(self._parts),
            pointer(of_parts),
            out,
            error,
        )
        if status:
            fail(status, error)
        return ffi.gc(out[0], lib.spatio_polygon_free)

    def to_geojson(self) -> str:
        """The text of a GeoJSON geometry."""
        if len(self._parts) == 1:
            shape = {"type": "Polygon", "coordinates": self._parts[0]}
        else:
            shape = {"type": "MultiPolygon", "coordinates": self._parts}
        return json.dumps(shape, separators=(",", ":"))

    @classmethod
    def from_geojson(cls, text: str) -> Polygon:
        """A polygon out of the text of a GeoJSON Polygon or MultiPolygon, or a Feature of one."""
        try:
            shape = json.loads(text)
            if shape["type"] == "Feature":
                shape = shape["geometry"]
            kind, coordinates = shape["type"], shape["coordinates"]
            if kind == "Polygon":
                return cls.multi([coordinates])
            if kind == "MultiPolygon":
                return cls.multi(coordinates)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise InvalidArgumentError(f"from_geojson: not a GeoJSON geometry: {error}") from error
        raise InvalidArgumentError(f"from_geojson: a {kind} is neither Polygon nor MultiPolygon")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Polygon):
            return NotImplemented
        return self._parts == other._parts

    def __hash__(self) -> int:
        return hash(json.dumps(self._parts))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Polygon.multi, (self._parts,))

    def __repr__(self) -> str:
        return f"Polygon(exterior_points={len(self.exterior)}, interiors={len(self.interiors)})"
