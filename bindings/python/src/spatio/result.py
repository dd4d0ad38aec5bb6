"""What a query found: columns that belong to the library, looked at as numpy arrays.

Invariants: a column is never copied and never written to; whoever holds one of its arrays keeps the
whole result alive, also after the namespace and the database are closed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spatio import _arrow
from spatio._columns import Floats, Handles, Times, slices, texts
from spatio._native import address_of, ffi, lib, new_error
from spatio.errors import fail
from spatio.options import Space

if TYPE_CHECKING:
    import geopandas
    import pandas


class Row(NamedTuple):
    """One row of a result; what was not asked for is None."""

    handle: int
    id: str | None
    x: float
    y: float
    z: float
    time_us: int
    distance: float | None
    payload: bytes | None


#: A result of the library, by the pointer that owns it, and the views of it, twice: as pointers,
#: which the library fills, and the same memory as whole numbers, which are read here; and of a
#: result the addresses of the first two, for compiled calls.
Slot = tuple[Any, ...]

#: The slots of a namespace that may be filled anew: the library then allocates nothing.
Pool = list[Slot]

_MOST_FREE = 8
_MOST_ROWS = 100_000
_OUT = ffi.typeof("spatio_result **")
_COLUMNS = ffi.typeof("spatio_columns *")
_ADDRESSES = ffi.typeof("struct spatio_addresses *")
_COLUMNS_SIZE = ffi.sizeof("spatio_columns")
_EVERYWHERE = ffi.cast("char *", 0)
_gc, _buffer, _array = ffi.gc, ffi.buffer, np.frombuffer


def _free(out: Any) -> None:
    lib.spatio_result_free(out[0])


def new_slot() -> Slot:
    """A slot for a pool that has none."""
    columns = ffi.new(_COLUMNS, (_COLUMNS_SIZE,))
    out = _gc(ffi.new(_OUT), _free)
    return out, columns, ffi.cast(_ADDRESSES, columns), address_of(out), address_of(columns)


def back(pool: Pool, slot: Slot, _window: Any) -> None:
    """Called when nobody looks at a result any more."""
    if len(pool) < _MOST_FREE and slot[2].rows <= _MOST_ROWS:
        pool.append(slot)


if TYPE_CHECKING:
    from functools import cached_property

    lazy = cached_property
else:

    class lazy:
        """`functools.cached_property` without its lock: two threads may both make the view."""

        def __init__(self, make: Any) -> None:
            self.make = make
            self.name = make.__name__
            self.__doc__ = make.__doc__

        def __get__(self, result: Any, owner: type) -> Any:
            if result is None:
                return self
            value = result.__dict__[self.name] = self.make(result)
            return value


class _Column:
    """The same for the columns that nearly every caller reads, without a call inside of a call."""

    def __init__(self, name: str, dtype: np.dtype[Any], doc: str) -> None:
        self.name = name
        self.dtype = dtype
        self.address = attrgetter(name)
        self.__doc__ = doc

    def __get__(self, result: Any, owner: type) -> Any:
        if result is None:
            return self
        rows = result.rows
        if rows:
            array = _array(result._window, self.dtype, rows, self.address(result._at))
        else:
            array = result._view(0, 0, self.dtype)
        result.__dict__[self.name] = array
        return array


_FLOAT, _INT, _UINT = np.dtype(np.float64), np.dtype(np.int64), np.dtype(np.uint64)
_BYTE = np.dtype(np.uint8)


class Answer:
    """What every answer of the library's has: rows, those of each question, ids and payloads."""

    if TYPE_CHECKING:
        handles: Handles
    else:
        handles = _Column("handles", _UINT, "Handles of the objects.")

    def __init__(self, pool: Pool, slot: Slot, space: Space) -> None:
        self._slot = slot
        self._at = slot[2]
        #: How many rows there are of all queries together.
        self.rows: int = self._at.rows
        self.space = space
        # Every column is made from this one view of the whole memory, by its address; making a
        # view of its own for each would cost more than the copy that it saves. The view is never
        # read by itself: it is what the columns hold, and its end gives the slot back.
        seen = _gc(_EVERYWHERE, partial(back, pool, slot))
        self._window = memoryview(_buffer(seen, sys.maxsize)).toreadonly()

    def _view(self, address: int, length: int, dtype: np.dtype[Any]) -> NDArray[Any]:
        """A column of the result. Who holds it keeps the library's result as it is."""
        if length == 0:
            empty = np.empty(0, dtype)
            empty.flags.writeable = False
            return empty
        return _array(self._window, dtype, length, address)

    @property
    def queries(self) -> int:
        """How many queries (or objects, of a trajectory) were answered."""
        answered: int = self._at.queries
        return answered

    @lazy
    def offsets(self) -> Handles:
        """`queries + 1` numbers: where the rows of each query begin."""
        return self._view(self._at.offsets, self.queries + 1, _UINT)

    @lazy
    def ids(self) -> list[str] | None:
        """The ids as texts; None if they were not asked for."""
        offsets = self.id_offsets
        if offsets is None:
            return None
        data = self.id_bytes
        return texts(b"" if data is None else data.tobytes(), offsets.tolist())

    @lazy
    def id_offsets(self) -> Handles | None:
        """`rows + 1` numbers: where the id of each row begins in `id_bytes`."""
        return self._offsets(self._at.id_offsets)

    @lazy
    def id_bytes(self) -> NDArray[np.uint8] | None:
        """All ids behind each other, UTF-8."""
        return self._bytes(self.id_offsets, self._at.ids)

    @lazy
    def payloads(self) -> list[bytes | None] | None:
        """The payloads, None where an object has none; None if they were not asked for."""
        offsets, data = self.payload_offsets, self.payload_bytes
        if offsets is None or data is None:
            return None
        return [piece or None for piece in slices(data.tobytes(), offsets.tolist())]

    @lazy
    def payload_offsets(self) -> Handles | None:
        """`rows + 1` numbers: where the payload of each row begins in `payload_bytes`."""
        return self._offsets(self._at.payload_offsets)

    @lazy
    def payload_bytes(self) -> NDArray[np.uint8] | None:
        """All payloads behind each other."""
        return self._bytes(self.payload_offsets, self._at.payloads)

    def _offsets(self, pointer: int) -> Handles | None:
        if pointer == 0:
            return None
        return self._view(pointer, self.rows + 1, _UINT)

    def _bytes(self, offsets: Handles | None, pointer: int) -> NDArray[np.uint8] | None:
        if offsets is None:
            return None
        length = int(offsets[-1]) if len(offsets) else 0
        return self._view(pointer, length, _BYTE)

    def of(self, query: int) -> slice:
        """The rows of one query, to cut columns with: `result.x[result.of(3)]`."""
        if not 0 <= query < self.queries:
            raise IndexError(f"query {query} of {self.queries}")
        start, end = self.offsets[query : query + 2].tolist()
        return slice(start, end)

    def __len__(self) -> int:
        return self.rows


class Result(Answer):
    """The rows that were found, as columns; entries with the same index belong to one row.

    Of several queries the rows of query `q` are `offsets[q]` up to, not including,
    `offsets[q + 1]`; `of(q)` gives that slice. Indexing and iterating gives single rows, which is
    slow for many.
    """

    if TYPE_CHECKING:
        x: Floats
        y: Floats
        z: Floats
        time_us: Times
    else:
        x = _Column("x", _FLOAT, "Longitudes in degrees, or x.")
        y = _Column("y", _FLOAT, "Latitudes in degrees, or y.")
        z = _Column("z", _FLOAT, "Altitudes in metres, or z.")
        time_us = _Column("time_us", _INT, "Event times in microseconds since 1970-01-01 UTC.")

    @property
    def time(self) -> NDArray[np.datetime64]:
        """Event times as numpy's times in microseconds, UTC; the same memory as `time_us`."""
        return self.time_us.view("datetime64[us]")

    @lazy
    def distance(self) -> Floats | None:
        """Distances from the origin in metres or units; None if no query has an origin."""
        if self._at.distance == 0:
            return None
        return self._view(self._at.distance, self.rows, _FLOAT)

    def __getitem__(self, row: int) -> Row:
        at = row + self.rows if row < 0 else row
        if not 0 <= at < self.rows:
            raise IndexError(f"row {row} of {self.rows}")
        return next(self._some(at, at + 1))

    def __iter__(self) -> Iterator[Row]:
        return self._some(0, self.rows)

    def _some(self, start: int, end: int) -> Iterator[Row]:
        part = slice(start, end)
        nothing: list[None] = [None] * (end - start)
        distance, ids, payloads = self.distance, self.ids, self.payloads
        numbers = (self.x, self.y, self.z, self.time_us)
        x, y, z, time_us = (column[part].tolist() for column in numbers)
        return map(
            Row,
            self.handles[part].tolist(),
            nothing if ids is None else ids[part],
            x,
            y,
            z,
            time_us,
            nothing if distance is None else distance[part].tolist(),
            nothing if payloads is None else payloads[part],
        )

    def __repr__(self) -> str:
        queries = "" if self.queries == 1 else f" of {self.queries} queries"
        return f"<spatio.Result: {self.rows} rows{queries}>"

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas frame with the columns that there are; the time carries its zone, UTC."""
        import pandas

        columns: dict[str, Any] = {}
        if self.ids is not None:
            columns["id"] = self.ids
        columns["handle"] = self.handles
        columns["x"], columns["y"], columns["z"] = self.x, self.y, self.z
        columns["time"] = pandas.DatetimeIndex(self.time).tz_localize("UTC")
        if self.distance is not None:
            columns["distance"] = self.distance
        if self.payloads is not None:
            columns["payload"] = pandas.Series(self.payloads, dtype=object)
        if self.queries > 1:
            counts = np.diff(self.offsets).astype(np.int64)
            columns["query"] = np.repeat(np.arange(self.queries), counts)
        frame: pandas.DataFrame = pandas.DataFrame(columns)
        return frame

    def to_geopandas(self) -> geopandas.GeoDataFrame:
        """A GeoPandas frame: the columns of `to_pandas`, with points in place of x, y and z."""
        import geopandas

        points = geopandas.points_from_xy(self.x, self.y, self.z)
        crs = "EPSG:4326" if self.space == Space.GEOGRAPHIC else None
        frame = self.to_pandas().drop(columns=["x", "y", "z"])
        return geopandas.GeoDataFrame(frame, geometry=points, crs=crs)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """The rows as a struct array of Arrow, without a copy, for whoever takes such capsules."""
        schema, array = _arrow.new_schema(), _arrow.new_array()
        export = _arrow.function("spatio_result_export_arrow")
        error = new_error()
        status = export(self._slot[0][0], schema, array, error)
        if status:
            fail(status, error)
        return _arrow.capsule(schema), _arrow.capsule(array)

    def __arrow_c_schema__(self) -> object:
        """The names and types of the columns of `__arrow_c_array__`."""
        return self.__arrow_c_array__()[0]
