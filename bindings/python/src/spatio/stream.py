"""A packed index whose bytes lie elsewhere: behind a URL, in a bucket, in an archive, in a file.

Owns: the readers, and going round with one. Does not own the questions (`_streaming`). Invariants:
of the file no more is read than the questions want; what a reader raises ends the question alone.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Protocol, TypeVar

from numpy.typing import ArrayLike

from spatio._streaming import (
    Hit,
    Known,
    Question,
    Spent,
    StreamAggregate,
    StreamInfo,
    StreamOptions,
    opening,
)
from spatio.hits import Hits
from spatio.regions import Region

_T = TypeVar("_T")
_INFINITY = float("inf")


class RangeReader(Protocol):
    """Where the bytes of one index come from.

    A reader that can fetch several ranges at once has `read_ranges(ranges)` too, which takes a
    list of `(offset, length)` and gives the bytes of each; it is called once a round.
    """

    def __len__(self) -> int:
        """How many bytes there are."""

    def read(self, offset: int, length: int, /) -> bytes | bytearray | memoryview:
        """So many bytes from there on; they all lie within the length."""


class _FileReader:
    """Reads a binary file, which stays the caller's; one thread at a time moves in it."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._lock = threading.Lock()

    def __len__(self) -> int:
        with self._lock:
            return int(self._file.seek(0, os.SEEK_END))

    def read(self, offset: int, length: int, /) -> bytes:
        with self._lock:
            self._file.seek(offset)
            return bytes(self._file.read(length))


def reader_of(given: Any) -> Any:
    """The reader, or one of a binary file."""
    return _FileReader(given) if hasattr(given, "seek") else given


class StreamIndex:
    """A packed index that is read part by part, by `StreamIndex.open`.

    `len` of it is how many items it has. A question takes few rounds of reads, each of them
    of all that it needs then: one or two of a file of any size. Items have ranks beside their ids,
    by which their payloads are asked for. Any number of threads may ask one, if its reader may
    be asked by them. It is a context manager, which closes it; the reader stays open.
    """

    def __init__(self, reader: Any, known: Known, spent: Spent) -> None:
        self._reader = reader
        self._known = known
        self._lock = threading.Lock()
        self._spent = spent

    @classmethod
    def open(cls, reader: RangeReader | Any, options: StreamOptions | None = None) -> StreamIndex:
        """Opens the index that a reader reads, in two or three rounds.

        `reader` has a length and `read(offset, length)`, or is a binary file.
        """
        source = reader_of(reader)
        question = opening(len(source), options)
        return cls(source, _run(question, source), question.spent())

    def close(self) -> None:
        """Lets go of the index, and not of its reader; twice is fine."""
        self._known.close()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._known.closed

    def __enter__(self) -> StreamIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self.info().items

    def __repr__(self) -> str:
        if self.closed:
            return "<spatio.StreamIndex, closed>"
        return f"<spatio.StreamIndex: {len(self)} items of {self._known.dims} axes>"

    def info(self) -> StreamInfo:
        """What it is, and the box of all its items."""
        return self._known.info()

    @property
    def spent(self) -> Spent:
        """What opening it and all questions that were answered took."""
        return self._spent

    def _answer(self, question: Question[_T]) -> _T:
        answer = _run(question, self._reader)
        with self._lock:
            self._spent = Spent(*map(sum, zip(self._spent, question.spent(), strict=True)))
        return answer

    def search(self, min: ArrayLike, max: ArrayLike | None = None) -> Hits:
        """The items that share a point with a window: `Hits.ids` and `.ranks`, in no order.

        Without `max` the window is a point.
        """
        return self._answer(self._known.search(min, max))

    def count(self, min: ArrayLike, max: ArrayLike | None = None) -> int:
        """How many items share a point with a window; what lies wholly inside is not read."""
        return self._answer(self._known.count(min, max))

    def aggregate(self, min: ArrayLike, max: ArrayLike | None = None) -> StreamAggregate:
        """What the values of the items of a window come to."""
        return self._answer(self._known.aggregate(min, max))

    def nearest(
        self, point: ArrayLike, *, k: int | None = None, max_distance: float = _INFINITY
    ) -> Hits:
        """The k items nearest to a point by Euclidean distance, nearest first, then by id."""
        return self._answer(self._known.nearest(point, k, max_distance))

    def search_region(self, region: Region) -> Hits:
        """The items that share a point with a region of as many axes, in no order."""
        return self._answer(self._known.search_region(region))

    def count_region(self, region: Region) -> int:
        """How many items share a point with a region; what lies wholly inside is not read."""
        return self._answer(self._known.count_region(region))

    def search_within(
        self, min: ArrayLike, max: ArrayLike | None = None, *, max_distance: float
    ) -> Hits:
        """The items within a Euclidean distance of a box, or of a point, in no order."""
        return self._answer(self._known.search_within(min, max, max_distance))

    def count_within(
        self, min: ArrayLike, max: ArrayLike | None = None, *, max_distance: float
    ) -> int:
        """How many items are within a Euclidean distance of a box, or of a point."""
        return self._answer(self._known.count_within(min, max, max_distance))

    def nearest_great_circle(
        self, lon: float, lat: float, *, k: int | None = None, max_distance: float = _INFINITY
    ) -> Hits:
        """The k items nearest to a place on the globe, in metres along the great circle."""
        return self._answer(self._known.nearest_great_circle(lon, lat, k, max_distance))

    def search_great_circle(self, lon: float, lat: float, max_distance: float) -> Hits:
        """The items within a distance in metres of a place on the globe, in no order."""
        return self._answer(self._known.search_great_circle(lon, lat, max_distance))

    def raycast_closest(
        self, origin: ArrayLike, direction: ArrayLike, max_t: float = _INFINITY
    ) -> Hit | None:
        """The item that a ray enters first, of several the one with the smallest id."""
        return self._answer(self._known.raycast_closest(origin, direction, max_t))

    def payloads(self, ranks: ArrayLike) -> Hits:
        """The payloads of items by their ranks, as `Hits.payloads`."""
        return self._answer(self._known.payloads(ranks))

    def prefixes(self, ranks: ArrayLike) -> Hits:
        """The first bytes of payloads, which lie close together, as `Hits.payloads`.

        Each has as many as `StreamInfo.prefix_bytes` says.
        """
        return self._answer(self._known.prefixes(ranks))


def _run(question: Question[_T], reader: Any) -> _T:
    while wanted := question.wanted():
        question.feed(_read(reader, wanted))
    return question.answer()


def _read(reader: Any, wanted: Sequence[tuple[int, int]]) -> list[Any]:
    at_once = getattr(reader, "read_ranges", None)
    if at_once is not None:
        return list(at_once(wanted))
    return [reader.read(offset, length) for offset, length in wanted]
