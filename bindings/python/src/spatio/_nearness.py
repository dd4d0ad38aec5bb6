"""What an index is asked of regions, of nearness to other items, and about how many there are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from spatio._columns import Floats, Handles, Items, item_pointer, pointer_out
from spatio._handle import Cancel, cancel_pointer
from spatio._indexing import IndexHandle, open_pointer
from spatio._native import NULL, ffi, lib
from spatio.errors import InvalidArgumentError
from spatio.hits import Hits
from spatio.regions import Region


class Estimates(NamedTuple):
    """About how many items each window has."""

    #: There are no fewer.
    lower: Handles
    #: There are no more.
    upper: Handles
    #: A guess between both, as if items were spread evenly in the boxes of nodes.
    estimate: Floats


class ClosestPair(NamedTuple):
    """The two items that are closest to each other."""

    id: int
    #: The other item, of the other index if there are two.
    other: int
    distance: float


class Nearness(IndexHandle):
    """These questions of an index."""

    def search_region(self, region: Region) -> Hits:
        """The items that share a point with a region, in no order."""
        return self._found(lib.spatio_index_search_region, region._pointer)

    def count_region(self, region: Region) -> int:
        """How many items share a point with a region."""
        count = ffi.new("uint64_t *")
        self._done(lib.spatio_index_count_region, region._pointer, count)
        return int(count[0])

    def any_region(self, region: Region) -> bool:
        """Whether any item shares a point with a region; it ends at the first."""
        any = ffi.new("uint8_t *")
        self._done(lib.spatio_index_any_region, region._pointer, any)
        return bool(any[0])

    def estimate(
        self, min: ArrayLike, max: ArrayLike | None = None, *, stop_level: int = 1
    ) -> Estimates:
        """About how many items share a point with each window.

        At the level 0 all three numbers are the true one; at 1 items are not looked at, at 2 nor
        are the lowest nodes, and so on.
        """
        if not 0 <= stop_level < 2**32:
            raise InvalidArgumentError(f"stop_level: {stop_level} is out of range")
        n, windows = self._windows(min, max)
        found = Estimates(np.zeros(n, np.uint64), np.zeros(n, np.uint64), np.zeros(n))
        out = map(pointer_out, found)
        self._done(lib.spatio_index_estimate, *windows, stop_level, *out)
        return found

    def anti_join(
        self, other: IndexHandle, max_distance: float = 0.0, *, cancel: Cancel | None = None
    ) -> Hits:
        """The items that no item of another index is within a Euclidean distance of, in no order.

        At a distance of 0 those that none touches.
        """
        stop = cancel_pointer(cancel)
        return self._found(lib.spatio_index_anti_join, open_pointer(other), max_distance, stop)

    def closest_pair(
        self, other: IndexHandle | None = None, *, cancel: Cancel | None = None
    ) -> ClosestPair | None:
        """The two items that are closest to each other; None if there is no pair.

        Both of this index, or with `other` one of each. Of several pairs that are equally close it
        is any one.
        """
        ids, distance = ffi.new("uint32_t[2]"), ffi.new("double *")
        beside = NULL if other is None else open_pointer(other)
        stop = cancel_pointer(cancel)
        self._done(lib.spatio_index_closest_pair, beside, stop, ids, ids + 1, distance)
        if ids[0] == lib.SPATIO_NO_ITEM:
            return None
        return ClosestPair(ids[0], ids[1], distance[0])

    def components(self, max_distance: float = 0.0, *, cancel: Cancel | None = None) -> Items:
        """Which items hang together, from one to the next within a Euclidean distance.

        For each item, by id, the smallest id that it hangs together with; its own if it is alone.
        """
        labels = np.zeros(len(self), np.uint32)
        out = item_pointer(labels, out=True)
        stop = cancel_pointer(cancel)
        self._done(lib.spatio_index_components, max_distance, stop, len(labels), out)
        return labels
