"""Databases for asyncio: the calls that may wait for a disk or look at much, without blocking.

Each runs in a thread of the loop's executor. A query whose task is cancelled is stopped in the
library, and the task ends when it has. What never waits is called on `.blocking` directly.

    async with await aio.open("fleet") as db:
        buses = await db.create_namespace("buses")
        found = await buses.query(Query.circle((13.4, 52.5), 500.0))
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from types import TracebackType
from typing import Any, Protocol, TypeVar

from numpy.typing import ArrayLike

from spatio import database, errors, namespace
from spatio._handle import Cancel
from spatio._reading import Positions
from spatio._searching import FIRST, LAST, Past
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
from spatio._writing import BatchOutcome, BatchWritten
from spatio.hits import Hits
from spatio.options import Interpolation, NamespaceOptions, Options, Order
from spatio.query import Query
from spatio.regions import Region
from spatio.result import Result

_T = TypeVar("_T")


async def _stoppable(call: Callable[[Cancel], _T]) -> _T:
    """Runs a call in a thread; cancelling the task cancels the call, and waits for its end."""
    cancel = Cancel()
    running = asyncio.get_running_loop().run_in_executor(None, call, cancel)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        cancel.fire()
        with contextlib.suppress(errors.CancelledError):
            await running
        raise


async def _whole(call: Callable[..., _T], *arguments: Any, **named: Any) -> _T:
    """Runs a call that cannot be stopped; a cancelled task still waits for its end."""
    running = asyncio.ensure_future(asyncio.to_thread(call, *arguments, **named))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await running
        raise


async def open(path: database.Path, options: Options | None = None) -> Database:
    """Opens the database in a directory, creating it if it is missing."""
    return Database(await _whole(database.Database.open, path, options))


def memory(options: Options | None = None) -> Database:
    """Opens a database in memory, which is gone when it is closed."""
    return Database(database.Database.memory(options))


class Database:
    """A database whose calls are awaited; `blocking` is the same one without."""

    def __init__(self, blocking: database.Database) -> None:
        self.blocking = blocking

    async def close(self) -> None:
        """Writes everything down and closes."""
        await _whole(self.blocking.close)

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def flush(self) -> None:
        """Hands what is buffered to the operating system."""
        await _whole(self.blocking.flush)

    async def sync(self) -> None:
        """Returns once everything accepted so far is on disk."""
        await _whole(self.blocking.sync)

    async def checkpoint(self) -> None:
        """Writes a checkpoint, from which the next opening starts."""
        await _whole(self.blocking.checkpoint)

    async def sweep(self) -> int:
        """Frees the memory of the objects that have expired; how many there were."""
        return await _whole(self.blocking.sweep)

    async def create_namespace(
        self, name: str, options: NamespaceOptions | None = None
    ) -> Namespace:
        """Makes a namespace, or opens the one of that name if its settings are the same."""
        return Namespace(await _whole(self.blocking.create_namespace, name, options))

    async def namespace(self, name: str) -> Namespace:
        """Opens a namespace that exists."""
        return Namespace(await _whole(self.blocking.namespace, name))


class Namespace:
    """A namespace whose calls are awaited; `blocking` is the same one without."""

    def __init__(self, blocking: namespace.Namespace) -> None:
        self.blocking = blocking

    async def query(self, query: Query) -> Result:
        """Asks one question."""
        return await _stoppable(lambda cancel: self.blocking.query(query, cancel=cancel))

    async def query_run(self, queries: Iterable[Query]) -> Result:
        """Asks any number of questions in one call."""
        return await _stoppable(lambda cancel: self.blocking.query_run(queries, cancel=cancel))

    async def query_columns(self, query: Query, **columns: ArrayLike) -> Result:
        """Asks one question for each entry of the columns."""
        return await _stoppable(
            lambda cancel: self.blocking.query_columns(query, cancel=cancel, **columns)
        )

    async def trajectory(
        self,
        handles: ArrayLike,
        start_us: int = FIRST,
        end_us: int = LAST,
        *,
        order: Order = Order.OLDEST_FIRST,
        limit: int | None = None,
    ) -> Result:
        """The positions that objects had in an interval of time."""
        return await _stoppable(
            lambda cancel: self.blocking.trajectory(
                handles, start_us, end_us, order=order, limit=limit, cancel=cancel
            )
        )

    async def positions_at(
        self,
        handles: ArrayLike,
        time_us: int,
        interpolation: Interpolation = Interpolation.LINEAR,
    ) -> Past:
        """Where objects were at an instant."""
        return await _whole(self.blocking.positions_at, handles, time_us, interpolation)

    async def get_batch(self, handles: ArrayLike) -> Positions:
        """The present positions of many objects."""
        return await _whole(self.blocking.get_batch, handles)

    async def move_batch(
        self,
        handles: ArrayLike,
        x: ArrayLike,
        y: ArrayLike,
        z: ArrayLike | None = None,
        time_us: ArrayLike | None = None,
    ) -> BatchOutcome:
        """Moves many objects in one call."""
        return await _whole(self.blocking.move_batch, handles, x, y, z, time_us)

    async def upsert_batch(
        self,
        ids: Sequence[str] | Any,
        x: ArrayLike,
        y: ArrayLike,
        z: ArrayLike | None = None,
        time_us: ArrayLike | None = None,
        *,
        payloads: Sequence[bytes | None] | None = None,
        ttl_us: ArrayLike | None = None,
    ) -> BatchWritten:
        """Says where many objects are, by id; those that are new are made."""
        return await _whole(
            self.blocking.upsert_batch, ids, x, y, z, time_us, payloads=payloads, ttl_us=ttl_us
        )

    async def upsert_arrow(self, data: Any) -> BatchOutcome:
        """Writes the rows of anything that offers Arrow's C data interface."""
        return await _whole(self.blocking.upsert_arrow, data)

    async def insert_trajectory(
        self, id: str, time_us: ArrayLike, x: ArrayLike, y: ArrayLike, z: ArrayLike | None = None
    ) -> int:
        """Adds past positions to an object's track; how many there were."""
        return await _whole(self.blocking.insert_trajectory, id, time_us, x, y, z)


class RangeReader(Protocol):
    """Where the bytes of one index come from, awaited: `spatio.RangeReader` for asyncio.

    The ranges of a round are awaited together; a reader that fetches them in its own way has
    `async def read_ranges(ranges)` too, as `spatio.RangeReader` has it.
    """

    def __len__(self) -> int:
        """How many bytes there are."""

    def read(self, offset: int, length: int, /) -> Awaitable[bytes | bytearray | memoryview]:
        """So many bytes from there on; they all lie within the length."""


class StreamIndex:
    """A packed index whose bytes are awaited: `spatio.StreamIndex` for asyncio.

    A task that is cancelled ends its question, and no other.
    """

    def __init__(self, reader: RangeReader, known: Known, spent: Spent) -> None:
        self._reader = reader
        self._known = known
        self._spent = spent

    @classmethod
    async def open(cls, reader: RangeReader, options: StreamOptions | None = None) -> StreamIndex:
        """Opens the index that a reader reads, in two or three rounds."""
        question = opening(len(reader), options)
        return cls(reader, await _fed(question, reader), question.spent())

    def close(self) -> None:
        """Lets go of the index, and not of its reader; twice is fine."""
        self._known.close()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._known.closed

    def __len__(self) -> int:
        return self.info().items

    def info(self) -> StreamInfo:
        """What it is, and the box of all its items."""
        return self._known.info()

    @property
    def spent(self) -> Spent:
        """What opening it and all questions that were answered took."""
        return self._spent

    async def _answer(self, question: Question[_T]) -> _T:
        answer = await _fed(question, self._reader)
        self._spent = Spent(*map(sum, zip(self._spent, question.spent(), strict=True)))
        return answer

    async def search(self, min: ArrayLike, max: ArrayLike | None = None) -> Hits:
        """The items that share a point with a window: `Hits.ids` and `.ranks`, in no order."""
        return await self._answer(self._known.search(min, max))

    async def count(self, min: ArrayLike, max: ArrayLike | None = None) -> int:
        """How many items share a point with a window."""
        return await self._answer(self._known.count(min, max))

    async def aggregate(self, min: ArrayLike, max: ArrayLike | None = None) -> StreamAggregate:
        """What the values of the items of a window come to."""
        return await self._answer(self._known.aggregate(min, max))

    async def nearest(
        self, point: ArrayLike, *, k: int | None = None, max_distance: float = float("inf")
    ) -> Hits:
        """The k items nearest to a point by Euclidean distance, nearest first, then by id."""
        return await self._answer(self._known.nearest(point, k, max_distance))

    async def search_region(self, region: Region) -> Hits:
        """The items that share a point with a region of as many axes, in no order."""
        return await self._answer(self._known.search_region(region))

    async def count_region(self, region: Region) -> int:
        """How many items share a point with a region; what lies wholly inside is not read."""
        return await self._answer(self._known.count_region(region))

    async def search_within(
        self, min: ArrayLike, max: ArrayLike | None = None, *, max_distance: float
    ) -> Hits:
        """The items within a Euclidean distance of a box, or of a point, in no order."""
        return await self._answer(self._known.search_within(min, max, max_distance))

    async def count_within(
        self, min: ArrayLike, max: ArrayLike | None = None, *, max_distance: float
    ) -> int:
        """How many items are within a Euclidean distance of a box, or of a point."""
        return await self._answer(self._known.count_within(min, max, max_distance))

    async def nearest_great_circle(
        self, lon: float, lat: float, *, k: int | None = None, max_distance: float = float("inf")
    ) -> Hits:
        """The k items nearest to a place on the globe, in metres along the great circle."""
        return await self._answer(self._known.nearest_great_circle(lon, lat, k, max_distance))

    async def search_great_circle(self, lon: float, lat: float, max_distance: float) -> Hits:
        """The items within a distance in metres of a place on the globe, in no order."""
        return await self._answer(self._known.search_great_circle(lon, lat, max_distance))

    async def raycast_closest(
        self, origin: ArrayLike, direction: ArrayLike, max_t: float = float("inf")
    ) -> Hit | None:
        """The item that a ray enters first, of several the one with the smallest id."""
        return await self._answer(self._known.raycast_closest(origin, direction, max_t))

    async def payloads(self, ranks: ArrayLike) -> Hits:
        """The payloads of items by their ranks, as `Hits.payloads`."""
        return await self._answer(self._known.payloads(ranks))

    async def prefixes(self, ranks: ArrayLike) -> Hits:
        """The first bytes of payloads, which lie close together, as `Hits.payloads`."""
        return await self._answer(self._known.prefixes(ranks))


async def _fed(question: Question[_T], reader: Any) -> _T:
    while wanted := question.wanted():
        at_once = getattr(reader, "read_ranges", None)
        if at_once is not None:
            parts = list(await at_once(wanted))
        else:
            parts = await asyncio.gather(*(reader.read(*one) for one in wanted))
        question.feed(parts)
    return question.answer()
