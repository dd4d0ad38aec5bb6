"""What a packed index found: columns that belong to the library, looked at as numpy arrays.

Invariants: a column is never copied and never written to; whoever holds one of its arrays keeps the
whole answer alive, also after the index is closed.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spatio._columns import Floats, Handles, Items, slices
from spatio._native import ffi, lib
from spatio.result import Pool, Slot, back, lazy

_OUT = ffi.typeof("spatio_hits **")
_COLUMNS = ffi.typeof("spatio_hit_columns *")
_ADDRESSES = ffi.typeof("struct spatio_hit_addresses *")
_COLUMNS_SIZE = ffi.sizeof("spatio_hit_columns")
_EVERYWHERE = ffi.cast("char *", 0)


def _free(out: Any) -> None:
    lib.spatio_hits_free(out[0])


def new_slot() -> Slot:
    """A slot for a pool that has none."""
    columns = ffi.new(_COLUMNS, (_COLUMNS_SIZE,))
    return ffi.gc(ffi.new(_OUT), _free), columns, ffi.cast(_ADDRESSES, columns)


class Hits:
    """The items that were found, as columns; entries with the same index belong to one row.

    Of several queries the rows of query `q` are `offsets[q]` up to, not including,
    `offsets[q + 1]`; `of(q)` gives that slice.
    """

    def __init__(self, pool: Pool, slot: Slot) -> None:
        self._at = slot[2]
        #: How many rows there are of all queries together.
        self.rows: int = self._at.rows
        #: How many queries were answered.
        self.queries: int = self._at.queries
        # As in `Result`: every column is a part of this one view of the whole memory, whose end
        # gives the slot back.
        seen = ffi.gc(_EVERYWHERE, partial(back, pool, slot))
        self._window = memoryview(ffi.buffer(seen, sys.maxsize)).toreadonly()

    def _view(self, address: int, length: int, dtype: Any) -> NDArray[Any]:
        if length == 0 or address == 0:
            empty = np.empty(0, dtype)
            empty.flags.writeable = False
            return empty
        return np.frombuffer(self._window, dtype, length, address)

    @lazy
    def ids(self) -> Items:
        """The items."""
        return self._view(self._at.ids, self.rows, np.uint32)

    @lazy
    def others(self) -> Items:
        """The other item of each pair; empty if the answer has no pairs."""
        return self._view(self._at.others, self.rows, np.uint32)

    @lazy
    def ranks(self) -> Items:
        """Places of the items in the tree, for `StreamIndex.payloads`; empty but of a stream."""
        return self._view(self._at.ranks, self.rows, np.uint32)

    @lazy
    def distance(self) -> Floats:
        """How far the items are, or the t at which a ray enters; empty if the answer has none."""
        return self._view(self._at.distance, self.rows, np.float64)

    @lazy
    def offsets(self) -> Handles:
        """`queries + 1` numbers: where the rows of each query begin."""
        return self._view(self._at.offsets, self.queries + 1, np.uint64)

    @lazy
    def payload_offsets(self) -> Handles:
        """`rows + 1` numbers: where each payload begins in `payload_bytes`."""
        return self._view(self._at.payload_offsets, self.rows + 1, np.uint64)

    @lazy
    def payload_bytes(self) -> NDArray[np.uint8]:
        """All payloads behind each other."""
        ends = self.payload_offsets
        return self._view(self._at.payloads, int(ends[-1]) if len(ends) else 0, np.uint8)

    @lazy
    def payloads(self) -> list[bytes]:
        """The payloads, of an answer of `Index.payloads`."""
        return slices(self.payload_bytes.tobytes(), self.payload_offsets.tolist())

    def of(self, query: int) -> slice:
        """The rows of one query, to cut columns with: `hits.ids[hits.of(3)]`."""
        if not 0 <= query < self.queries:
            raise IndexError(f"query {query} of {self.queries}")
        start, end = self.offsets[query : query + 2].tolist()
        return slice(start, end)

    def __len__(self) -> int:
        return self.rows

    def __repr__(self) -> str:
        queries = "" if self.queries == 1 else f" of {self.queries} queries"
        return f"<spatio.Hits: {self.rows} rows{queries}>"
