"""Questions to a packed index whose bytes lie elsewhere, without any way to fetch them.

Owns: beginning a question, what it wants, feeding it, its answer. Does not own fetching, which
`spatio.StreamIndex` does by calls and `spatio.aio.StreamIndex` by awaiting. Invariants: the
library's handles are freed once, when nothing uses them any more; a question is for one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from numpy.typing import ArrayLike

from spatio._columns import item_pointer, items, optional, pointer, rows
from spatio._native import NULL, ffi, lib, new_error
from spatio.errors import ClosedError, InvalidArgumentError, fail
from spatio.hits import Hits, new_slot
from spatio.query import limit_of
from spatio.regions import Region
from spatio.result import Pool

_T = TypeVar("_T")
_MOST = 2**64 - 1


@dataclass(frozen=True)
class StreamOptions:
    """How a packed index is streamed, and what opening it and each question may cost.

    None stands for the default.
    """

    #: Two parts with no more bytes between them are fetched as one range; 16 KiB by default.
    gap_bytes: int | None = None
    #: A range of several parts is no longer than this; 4 MiB by default.
    read_bytes: int | None = None
    #: A round asks for no more than this, unless a single part is larger; 64 MiB by default.
    round_bytes: int | None = None
    #: How many bytes of the upper levels are kept from the time of opening; 1 MiB by default.
    kept_bytes: int | None = None
    #: Uses the tree of the format where a file has both trees.
    without_fast: bool = False
    #: At most so many ranges for one question; any number by default.
    max_reads: int | None = None
    #: At most so many bytes for one question; 1 GiB by default.
    max_bytes: int | None = None
    #: At most so many items that are found; any number by default.
    max_items: int | None = None


class StreamInfo(NamedTuple):
    """What a streamed index is."""

    #: Axes of its boxes: 2, 3 or 4.
    dims: int
    #: How many items it has; their ids, and their ranks, are 0 up to, not including, this.
    items: int
    #: Whether the library's own tree is asked, and not that of the format.
    asks_fast: bool
    has_payloads: bool
    #: How many first bytes of each payload `prefixes` gives; 0: none.
    prefix_bytes: int
    #: Whether `aggregate` has something to add up.
    has_aggregates: bool
    #: The least coordinate of any item on each axis; infinity if there is none.
    min: tuple[float, ...]
    #: The greatest; minus infinity if there is none.
    max: tuple[float, ...]


@dataclass(frozen=True)
class StreamAggregate:
    """What the items of a window come to."""

    count: int
    sum: float
    #: NaN of no items, like `greatest`.
    least: float
    greatest: float
    #: All bits of their masks.
    mask: int


class Hit(NamedTuple):
    """The item that a ray enters first."""

    id: int
    #: Its place in the tree, for `payloads`.
    rank: int
    #: Where the ray enters, in lengths of its direction.
    t: float


class Spent(NamedTuple):
    """What was asked of a reader."""

    #: Rounds, each of any number of reads.
    rounds: int
    reads: int
    bytes: int


class Question(Generic[_T]):
    """A question under way: as long as something is wanted, it is to be fed."""

    def __init__(self, pointer: Any, answer: Callable[[Question[_T]], _T]) -> None:
        self.pointer = ffi.gc(pointer, lib.spatio_fetch_free)
        self._answer = answer

    def done(self, call: Any, *taken: Any) -> None:
        """Calls a function of the library on it."""
        error = new_error()
        status = call(self.pointer, *taken, error)
        if status:
            fail(status, error)

    def wanted(self) -> list[tuple[int, int]]:
        """Offset and length of each range that it wants; none if it is done."""
        n = ffi.new("size_t *")
        offsets, lengths = ffi.new("uint64_t **"), ffi.new("uint64_t **")
        self.done(lib.spatio_fetch_wanted, n, offsets, lengths)
        if not n[0]:
            return []
        columns = ffi.unpack(offsets[0], n[0]), ffi.unpack(lengths[0], n[0])
        return list(zip(*columns, strict=True))

    def feed(self, parts: list[Any]) -> None:
        """Feeds it with the bytes of all ranges that it wants."""
        views = [ffi.from_buffer("uint8_t[]", part) for part in parts]
        sizes = [len(view) for view in views]
        given = ffi.new("uint8_t *[]", views), ffi.new("size_t[]", sizes)
        self.done(lib.spatio_fetch_feed, len(views), *given)

    def spent(self) -> Spent:
        """What it has asked for so far."""
        told = [ffi.new("uint64_t *") for _ in range(3)]
        self.done(lib.spatio_fetch_spent, *told)
        return Spent(*(one[0] for one in told))

    def answer(self) -> _T:
        """The answer, when nothing more is wanted."""
        return self._answer(self)


def opening(size: int, options: StreamOptions | None) -> Question[Known]:
    """Begins to open an index of so many bytes."""
    return _begun(
        lib.spatio_stream_begin, size, _chosen(options or StreamOptions()), answer=_opened
    )


def _begun(call: Any, *taken: Any, answer: Callable[[Question[_T]], _T]) -> Question[_T]:
    out = ffi.new("spatio_fetch **")
    error = new_error()
    status = call(*taken, out, error)
    if status:
        fail(status, error)
    return Question(out[0], answer)


def _chosen(options: StreamOptions) -> Any:
    struct = ffi.new("spatio_stream_options *")
    lib.spatio_stream_options_init(struct, ffi.sizeof("spatio_stream_options"))
    struct.without_fast = bool(options.without_fast)
    for name, value in vars(options).items():
        if name == "without_fast" or value is None:
            continue
        if not 0 <= value <= _MOST:
            raise InvalidArgumentError(f"{name}: {value} is out of range")
        setattr(struct, name, value)
    return struct


def _opened(question: Question[Known]) -> Known:
    out = ffi.new("spatio_stream **")
    question.done(lib.spatio_stream_open, out)
    return Known(out[0])


class Known:
    """What is known of an index since it was opened, and its questions."""

    def __init__(self, pointer: Any) -> None:
        self._pointer = ffi.gc(pointer, lib.spatio_stream_free)
        self._pool: Pool = []
        self.dims: int = self.info().dims

    def close(self) -> None:
        """Lets go of it; questions that were begun go on."""
        self._pointer = NULL
        self._pool.clear()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return bool(self._pointer == NULL)

    def info(self) -> StreamInfo:
        """What it is."""
        struct = ffi.new("spatio_stream_info *", (ffi.sizeof("spatio_stream_info"),))
        if self.closed:
            raise ClosedError("the stream was closed")
        error = new_error()
        status = lib.spatio_stream_get_info(self._pointer, struct, error)
        if status:
            fail(status, error)
        return StreamInfo(
            struct.dims,
            struct.items,
            bool(struct.asks_fast),
            bool(struct.has_payloads),
            struct.prefix_bytes,
            bool(struct.has_aggregates),
            tuple(struct.min)[: struct.dims],
            tuple(struct.max)[: struct.dims],
        )

    def _ask(self, call: Any, *taken: Any, answer: Callable[[Question[_T]], _T]) -> Question[_T]:
        if self.closed:
            raise ClosedError("the stream was closed")
        return _begun(call, self._pointer, *taken, answer=answer)

    def _one(self, value: ArrayLike, name: str) -> Any:
        column = rows(value, name, self.dims)
        if len(column) != 1:
            raise InvalidArgumentError(f"{name}: {len(column)} rows in place of one")
        return column

    def _window(self, min: ArrayLike, max: ArrayLike | None) -> tuple[Any, Any]:
        greatest = None if max is None else self._one(max, "max")
        return pointer(self._one(min, "min")), optional(greatest)

    def _hits(self, question: Question[Hits]) -> Hits:
        try:
            slot = self._pool.pop()
        except IndexError:
            slot = new_slot()
        question.done(lib.spatio_fetch_hits, slot[0], slot[1])
        return Hits(self._pool, slot)

    def search(self, min: ArrayLike, max: ArrayLike | None) -> Question[Hits]:
        """See `StreamIndex.search`."""
        return self._ask(lib.spatio_stream_search, *self._window(min, max), answer=self._hits)

    def count(self, min: ArrayLike, max: ArrayLike | None) -> Question[int]:
        """See `StreamIndex.count`."""
        return self._ask(lib.spatio_stream_count, *self._window(min, max), answer=_counted)

    def aggregate(self, min: ArrayLike, max: ArrayLike | None) -> Question[StreamAggregate]:
        """See `StreamIndex.aggregate`."""
        return self._ask(lib.spatio_stream_aggregate, *self._window(min, max), answer=_summed)

    def nearest(self, point: ArrayLike, k: int | None, max_distance: float) -> Question[Hits]:
        """See `StreamIndex.nearest`."""
        taken = pointer(self._one(point, "point")), limit_of(k), max_distance
        return self._ask(lib.spatio_stream_nearest, *taken, answer=self._hits)

    def search_region(self, region: Region) -> Question[Hits]:
        """See `StreamIndex.search_region`."""
        return self._ask(lib.spatio_stream_search_region, region._pointer, answer=self._hits)

    def count_region(self, region: Region) -> Question[int]:
        """See `StreamIndex.count_region`."""
        return self._ask(lib.spatio_stream_count_region, region._pointer, answer=_counted)

    def search_within(
        self, min: ArrayLike, max: ArrayLike | None, max_distance: float
    ) -> Question[Hits]:
        """See `StreamIndex.search_within`."""
        taken = *self._window(min, max), max_distance
        return self._ask(lib.spatio_stream_search_within, *taken, answer=self._hits)

    def count_within(
        self, min: ArrayLike, max: ArrayLike | None, max_distance: float
    ) -> Question[int]:
        """See `StreamIndex.count_within`."""
        taken = *self._window(min, max), max_distance
        return self._ask(lib.spatio_stream_count_within, *taken, answer=_counted)

    def nearest_great_circle(
        self, lon: float, lat: float, k: int | None, max_distance: float
    ) -> Question[Hits]:
        """See `StreamIndex.nearest_great_circle`."""
        taken = lon, lat, limit_of(k), max_distance
        return self._ask(lib.spatio_stream_nearest_great_circle, *taken, answer=self._hits)

    def search_great_circle(self, lon: float, lat: float, max_distance: float) -> Question[Hits]:
        """See `StreamIndex.search_great_circle`."""
        taken = lon, lat, max_distance
        return self._ask(lib.spatio_stream_search_great_circle, *taken, answer=self._hits)

    def raycast_closest(
        self, origin: ArrayLike, direction: ArrayLike, max_t: float
    ) -> Question[Hit | None]:
        """See `StreamIndex.raycast_closest`."""
        begin, toward = self._one(origin, "origin"), self._one(direction, "direction")
        taken = pointer(begin), pointer(toward), max_t
        return self._ask(lib.spatio_stream_raycast_closest, *taken, answer=self._hit)

    def _hit(self, question: Question[Hit | None]) -> Hit | None:
        found = self._hits(question)  # type: ignore[arg-type]
        if not found.rows:
            return None
        return Hit(int(found.ids[0]), int(found.ranks[0]), float(found.distance[0]))

    def payloads(self, ranks: ArrayLike) -> Question[Hits]:
        """See `StreamIndex.payloads`."""
        wanted = items(ranks, "ranks")
        taken = len(wanted), item_pointer(wanted)
        return self._ask(lib.spatio_stream_payloads, *taken, answer=self._hits)

    def prefixes(self, ranks: ArrayLike) -> Question[Hits]:
        """See `StreamIndex.prefixes`."""
        wanted = items(ranks, "ranks")
        taken = len(wanted), item_pointer(wanted)
        return self._ask(lib.spatio_stream_prefixes, *taken, answer=self._hits)


def _counted(question: Question[int]) -> int:
    count = ffi.new("uint64_t *")
    question.done(lib.spatio_fetch_count, count)
    return int(count[0])


def _summed(question: Question[StreamAggregate]) -> StreamAggregate:
    count, mask = ffi.new("uint64_t *"), ffi.new("uint64_t *")
    sum, least, greatest = (ffi.new("double *") for _ in range(3))
    question.done(lib.spatio_fetch_aggregate, count, sum, least, greatest, mask)
    return StreamAggregate(count[0], sum[0], least[0], greatest[0], mask[0])
