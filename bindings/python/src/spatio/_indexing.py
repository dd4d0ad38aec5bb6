"""What every question of a packed index stands on: its handle, calls, and columns of windows.

Invariants: the library's handle is freed once, when no call uses it any more: each running call
holds a reference to it. After `close` the handle is NULL, which the library refuses. Answers are
filled anew once nobody looks at them.
"""

from __future__ import annotations

from typing import Any, NoReturn

from numpy.typing import ArrayLike

from spatio._columns import each, optional, pointer, rows
from spatio._native import NULL, ffi, lib, new_error
from spatio._packing import IndexInfo
from spatio.errors import ClosedError, InvalidArgumentError, fail
from spatio.hits import Hits, new_slot
from spatio.result import Pool


class IndexHandle:
    """The handle of an index, and how it is asked."""

    _pointer: Any = NULL

    def __init__(self, pointer: Any) -> None:
        # Never copied into a variable: what a kept traceback holds could not be freed.
        self._pointer = ffi.gc(pointer, lib.spatio_index_free)
        self._pool: Pool = []
        #: Axes of its boxes.
        self.dims: int = self.info().dims

    def close(self) -> None:
        """Lets go of the index, once calls of other threads have ended; twice is fine."""
        self._pointer = NULL
        self._pool.clear()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return bool(self._pointer == NULL)

    def __len__(self) -> int:
        return self.info().items

    def info(self) -> IndexInfo:
        """What it is, and the box of all its items."""
        struct = ffi.new("spatio_index_info *", (ffi.sizeof("spatio_index_info"),))
        self._done(lib.spatio_index_get_info, struct)
        return IndexInfo.of(struct)

    def _refused(self, status: int, error: Any) -> NoReturn:
        if self._pointer == NULL:
            raise ClosedError("the index was closed")
        fail(status, error)

    def _done(self, call: Any, *taken: Any) -> None:
        error = new_error()
        status = call(self._pointer, *taken, error)
        if status:
            self._refused(status, error)

    def _found(self, call: Any, *taken: Any) -> Hits:
        try:
            slot = self._pool.pop()
        except IndexError:
            slot = new_slot()
        self._done(call, *taken, slot[0], slot[1])
        return Hits(self._pool, slot)

    def _windows(self, min: ArrayLike, max: ArrayLike | None) -> tuple[int, list[Any]]:
        least = rows(min, "min", self.dims)
        greatest = None if max is None else rows(max, "max", self.dims)
        if greatest is not None and len(greatest) != len(least):
            raise InvalidArgumentError(f"max: {len(greatest)} rows beside {len(least)}")
        return len(least), [len(least), pointer(least), optional(greatest)]

    def _rays(
        self, origin: ArrayLike, direction: ArrayLike, max_t: ArrayLike | None
    ) -> tuple[int, list[Any]]:
        begin = rows(origin, "origin", self.dims)
        toward = rows(direction, "direction", self.dims)
        if len(toward) != len(begin):
            raise InvalidArgumentError(f"direction: {len(toward)} rows beside {len(begin)}")
        far = None if max_t is None else each(max_t, "max_t", len(begin))
        return len(begin), [len(begin), pointer(begin), pointer(toward), optional(far)]


def open_pointer(other: IndexHandle) -> Any:
    """The pointer of another index that a call needs beside its own."""
    if other.closed:
        raise ClosedError("the other index was closed")
    return other._pointer
