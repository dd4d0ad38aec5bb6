"""Asking queries of any kind, of whoever answers them: a namespace, or a pack."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatio._columns import Floats, Handles, pointer_out
from spatio._handle import Cancel
from spatio._native import NULL, ffi
from spatio.query import Query, laid_out
from spatio.result import Result


class Asking:
    """The calls that ask several queries, or into arrays of the caller's."""

    @abstractmethod
    def _run(self, structs: Any, rows: int, cancel: Cancel | None) -> Result:
        """Has the library answer so many queries."""

    @abstractmethod
    def _into(self, *taken: Any) -> None:
        """Has the library answer one query into columns."""

    def query_run(self, queries: Iterable[Query], *, cancel: Cancel | None = None) -> Result:
        """Asks any number of questions in one call; `Result.of(q)` are the rows of each."""
        listed = list(queries)
        structs, kept = ffi.new("spatio_query[]", len(listed)), list[Any]()
        for at, query in enumerate(listed):
            query.fill(structs + at, kept)
        return self._run(structs, len(listed), cancel)

    def query_columns(
        self, query: Query, *, cancel: Cancel | None = None, **columns: ArrayLike
    ) -> Result:
        """Asks one question for each entry of the columns, which stand for numbers of `query`.

        `ns.query_columns(Query.nearest((0, 0), 5), x=lons, y=lats)` finds the five nearest to each
        place, in one call. The columns: x, y, z, radius, min_x and the other corners, width,
        height, depth, limit, and origin (handles).
        """
        kept: list[Any] = []
        structs, rows = laid_out(query, columns, kept)
        return self._run(structs, rows, cancel)

    def query_into(
        self,
        query: Query,
        *,
        handles: Handles | None = None,
        x: Floats | None = None,
        y: Floats | None = None,
        z: Floats | None = None,
        time_us: NDArray[np.int64] | None = None,
        distance: Floats | None = None,
    ) -> int:
        """Asks one question into your own arrays, of equal lengths; how many rows there are.

        No more rows are found than the arrays have room for. Nothing is allocated once it has run
        a few times.
        """
        wanted = (handles, x, y, z, time_us, distance)
        kinds = (np.uint64, np.float64, np.float64, np.float64, np.int64, np.float64)
        capacity = None
        for column, kind in zip(wanted, kinds, strict=True):
            if column is None:
                continue
            if column.dtype != kind or column.ndim != 1:
                raise TypeError(f"query_into: a column of {column.dtype} is none of {kind}")
            if capacity not in (None, len(column)):
                raise ValueError(f"query_into: {len(column)} rows beside {capacity}")
            capacity = len(column)
        rows = ffi.new("size_t *")
        columns = (NULL if column is None else pointer_out(column) for column in wanted)
        self._into(query.struct(), capacity or 0, *columns, rows)
        return int(rows[0])
