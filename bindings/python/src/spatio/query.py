"""Questions about where things are now, built piece by piece, and handed over in one call.

Invariant: a query does not change; each method gives a new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatio._columns import floats, handles
from spatio._native import address_of, ffi, lib
from spatio.errors import InvalidArgumentError
from spatio.points import Polygon

NO_LIMIT = 0xFFFFFFFF


@dataclass(frozen=True)
class Around:
    """An origin that is an object, by its handle, wherever it is."""

    handle: int


#: Where a query is laid around: two or three coordinates (a `Point` too), or an object.
Origin = Sequence[float] | Around

_FIELDS = (
    "x",
    "y",
    "z",
    "radius",
    "min_x",
    "min_y",
    "min_z",
    "max_x",
    "max_y",
    "max_z",
    "width",
    "height",
    "depth",
)


@dataclass(frozen=True)
class Query:
    """A question about where things are now, made by one of its class methods.

    >>> Query.circle((13.4, 52.5), 500.0).limit(10).with_ids()  # doctest: +ELLIPSIS
    Query(kind=1, ...)
    """

    kind: int
    numbers: tuple[tuple[str, float], ...] = ()
    polygon_shape: Polygon | None = None
    origin: int | None = None
    flags: int = 0
    most: int = NO_LIMIT
    filters: tuple[tuple[str, float], ...] = ()
    prefix: bytes | None = None

    @classmethod
    def circle(cls, origin: Origin, radius: float) -> Query:
        """Within `radius` along the ground, whatever the altitude; nearest first."""
        return cls._around(lib.SPATIO_QUERY_CIRCLE, origin, radius=radius)

    @classmethod
    def sphere(cls, origin: Origin, radius: float) -> Query:
        """Within `radius`, altitude included; nearest first."""
        return cls._around(lib.SPATIO_QUERY_SPHERE, origin, radius=radius)

    @classmethod
    def cylinder(cls, origin: Origin, radius: float, min_z: float, max_z: float) -> Query:
        """Within `radius` along the ground and from `min_z` to `max_z`; nearest first."""
        kind = lib.SPATIO_QUERY_CYLINDER
        return cls._around(kind, origin, radius=radius, min_z=min_z, max_z=max_z)

    @classmethod
    def nearest(cls, origin: Origin, k: int, within: float = float("inf")) -> Query:
        """The `k` nearest, altitude included, and no further than `within`; nearest first."""
        return cls._around(lib.SPATIO_QUERY_NEAREST, origin, radius=within).limit(k)

    @classmethod
    def box(cls, min_x: float, min_y: float, max_x: float, max_y: float) -> Query:
        """In a box; `min_x` above `max_x` crosses the antimeridian."""
        numbers = dict(min_x=min_x, min_y=min_y, max_x=max_x, max_y=max_y)
        return cls(lib.SPATIO_QUERY_BOX, _numbers(numbers))

    @classmethod
    def box_3d(
        cls, min_x: float, min_y: float, min_z: float, max_x: float, max_y: float, max_z: float
    ) -> Query:
        """The same from `min_z` to `max_z`."""
        numbers = dict(min_x=min_x, min_y=min_y, min_z=min_z, max_x=max_x, max_y=max_y, max_z=max_z)
        return cls(lib.SPATIO_QUERY_BOX_3D, _numbers(numbers))

    @classmethod
    def box_around(cls, origin: Origin, width: float, height: float) -> Query:
        """In the box of `width` and `height` (degrees, or units) around; nearest first."""
        kind = lib.SPATIO_QUERY_BOX_AROUND
        return cls._around(kind, origin, width=width, height=height)

    @classmethod
    def box_3d_around(cls, origin: Origin, width: float, height: float, depth: float) -> Query:
        """The same with a `depth` of altitudes (metres, or units)."""
        kind = lib.SPATIO_QUERY_BOX_3D_AROUND
        return cls._around(kind, origin, width=width, height=height, depth=depth)

    @classmethod
    def polygon(cls, polygon: Polygon) -> Query:
        """In a polygon, its border included."""
        return cls(lib.SPATIO_QUERY_POLYGON, polygon_shape=polygon)

    @classmethod
    def everywhere(cls) -> Query:
        """Everything."""
        return cls(lib.SPATIO_QUERY_EVERYWHERE)

    @classmethod
    def _around(cls, kind: int, origin: Origin, **numbers: float) -> Query:
        if isinstance(origin, Around):
            flag = lib.SPATIO_QUERY_AROUND_OBJECT
            return cls(kind, _numbers(numbers), origin=int(origin.handle), flags=flag)
        if not 2 <= len(origin) <= 3:
            raise InvalidArgumentError(f"origin: {len(origin)} coordinates, not 2 or 3")
        numbers.update(zip("xyz", origin, strict=False))
        return cls(kind, _numbers(numbers))

    def limit(self, rows: int | None) -> Query:
        """At most so many rows: the nearest where there is an order, else any. None: no limit."""
        return replace(self, most=limit_of(rows))

    def exclude_origin(self) -> Query:
        """Leaves the object out that the query is laid around."""
        return replace(self, flags=self.flags | lib.SPATIO_QUERY_EXCLUDE_ORIGIN)

    def with_ids(self) -> Query:
        """The result gets the ids."""
        return replace(self, flags=self.flags | lib.SPATIO_QUERY_WITH_IDS)

    def with_payloads(self) -> Query:
        """The result gets the payloads."""
        return replace(self, flags=self.flags | lib.SPATIO_QUERY_WITH_PAYLOADS)

    def altitude(self, lowest: float, highest: float) -> Query:
        """Only from altitude `lowest` up to `highest`."""
        return self._filtered(min_altitude=lowest, max_altitude=highest)

    def since(self, time_us: int) -> Query:
        """Only objects whose last update has this event time or a later one."""
        return self._filtered(since_us=time_us)

    def max_age(self, age_us: int) -> Query:
        """Only objects whose last update is at most so long ago by the database's clock."""
        return self._filtered(max_age_us=age_us)

    def id_prefix(self, prefix: str) -> Query:
        """Only objects whose id begins so."""
        return replace(self, prefix=prefix.encode())

    def _filtered(self, **filters: float) -> Query:
        return replace(self, filters=(*self.filters, *filters.items()))

    def struct(self) -> Any:
        """The library's struct of it, made once; what it points to lives as long as the query."""
        made = self.__dict__.get("_struct")
        if made is None:
            struct, kept = ffi.new("spatio_query *"), list[Any]()
            self.fill(struct, kept)
            made = self.__dict__["_struct"] = (struct, kept, address_of(struct))
        return made[0]

    def address(self) -> int:
        """Where that struct is, for as long as the query lives."""
        made = self.__dict__.get("_struct")
        if made is None:
            self.struct()
            made = self.__dict__["_struct"]
        at: int = made[2]
        return at

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_struct"}

    def fill(self, query: Any, kept: list[Any]) -> None:
        """Writes itself into the library's struct; what that points to goes into `kept`."""
        lib.spatio_query_init(query, _SIZE, self.kind)
        query.flags = self.flags
        query.limit = self.most
        if self.origin is not None:
            query.origin = self.origin
        for name, number in self.numbers:
            setattr(query, name, number)
        for name, number in self.filters:
            setattr(query, name, number)
        if self.prefix is not None:
            prefix = ffi.from_buffer(self.prefix)
            kept.append(prefix)
            query.id_prefix, query.id_prefix_length = prefix, len(self.prefix)
        if self.polygon_shape is not None:
            kept.append(self.polygon_shape.shape)
            query.polygon = kept[-1]


_SIZE = ffi.sizeof("spatio_query")


def _numbers(numbers: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(numbers.items())


def limit_of(rows: int | None) -> int:
    """A limit as the library takes it; what is larger than it can say is none."""
    if rows is None:
        return NO_LIMIT
    if rows < 0:
        raise InvalidArgumentError(f"limit: {rows} is below 0")
    return min(int(rows), NO_LIMIT)


def _layout() -> np.dtype[Any]:
    """The library's struct as numpy sees it, so that columns are written into many at once."""
    fields = {
        "origin": ("<u8", ffi.offsetof("spatio_query", "origin")),
        "limit": ("<u4", ffi.offsetof("spatio_query", "limit")),
    }
    for name in _FIELDS:
        fields[name] = ("<f8", ffi.offsetof("spatio_query", name))
    names = list(fields)
    formats = [fields[name][0] for name in names]
    offsets = [fields[name][1] for name in names]
    spec = {"names": names, "formats": formats, "offsets": offsets, "itemsize": _SIZE}
    return np.dtype(spec)  # type: ignore[call-overload,no-any-return]


_LAYOUT = _layout()


def laid_out(template: Query, columns: Mapping[str, ArrayLike], kept: list[Any]) -> Any:
    """Queries alike but for some numbers, one for each entry of the columns."""
    taken: dict[str, NDArray[Any]] = {}
    rows: int | None = None
    for name, column in columns.items():
        if name in ("origin", "limit"):
            taken[name] = handles(column, name, rows)
        elif name in _FIELDS:
            taken[name] = floats(column, name, rows)
        else:
            known = ", ".join(_LAYOUT.names or ())
            raise InvalidArgumentError(f"{name} is no column of a query; these are: {known}")
        rows = len(taken[name])
    if rows is None:
        raise InvalidArgumentError("query_columns: no column was given")
    first = ffi.new("spatio_query *")
    template.fill(first, kept)
    if "origin" in taken:
        first.flags |= lib.SPATIO_QUERY_AROUND_OBJECT
    pattern = np.frombuffer(ffi.buffer(first), np.uint8)
    memory = np.tile(pattern, (rows, 1))
    structs = memory.view(_LAYOUT).reshape(rows)
    for name, values in taken.items():
        structs[name] = np.minimum(values, NO_LIMIT) if name == "limit" else values
    kept.append(memory)
    return ffi.cast("spatio_query *", ffi.from_buffer(memory)), rows
