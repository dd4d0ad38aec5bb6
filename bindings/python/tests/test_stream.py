"""Streamed indexes against the index in memory; readers of every sort, and what they break."""

from __future__ import annotations

import asyncio
import io
import threading
from typing import Any

import numpy as np
import pytest

import spatio
from spatio import Index, StreamIndex, StreamOptions, aio

MANY = 20_000


@pytest.fixture(scope="module")
def index() -> Any:
    rng = np.random.default_rng(5)
    low = rng.uniform(0, 1000, (MANY, 2))
    payloads = [f"item {n}".encode() for n in range(MANY)]
    with Index.build(low, low + 3, payloads=payloads, values=np.arange(MANY)) as built:
        yield built


class Reader:
    """Reads memory range by range, and counts."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self.data)

    def read(self, offset: int, length: int, /) -> bytes:
        self.reads.append((offset, length))
        return self.data[offset : offset + length]


def compare(stream: StreamIndex, index: Index) -> None:
    found = stream.search([100, 100], [180, 150])
    assert found.ids.size > 0
    assert sorted(found.ids) == sorted(index.search_one([100, 100], [180, 150]))
    assert stream.count([100, 100], [180, 150]) == found.rows
    assert stream.payloads(found.ranks).payloads == index.payloads(found.ids).payloads
    nearest, wanted = stream.nearest([500, 500], k=9), index.nearest([500, 500], k=9)
    assert nearest.ids.tolist() == wanted.ids.tolist()
    assert nearest.distance.tolist() == wanted.distance.tolist()
    hit, closest = (
        stream.raycast_closest([-1, 500], [1, 0]),
        index.raycast_closest([-1, 500], [1, 0]),
    )
    assert hit is not None
    assert (hit.id, hit.t) == (closest.ids[0], closest.t[0])
    assert stream.raycast_closest([-1, 500], [-1, 0]) is None
    summed, whole = stream.aggregate([0, 0], [300, 300]), index.aggregate([0, 0], [300, 300])
    assert (summed.count, summed.sum) == (whole.counts[0], whole.sums[0])


def test_a_reader_is_asked_for_few_parts(index: Index) -> None:
    reader = Reader(index.to_bytes())
    with StreamIndex.open(reader) as stream:
        assert (len(stream), stream.info().dims) == (MANY, 2)
        opened = len(reader.reads)
        assert opened == stream.spent.reads
        compare(stream, index)
        assert len(reader.reads) == stream.spent.reads
        assert sum(length for _, length in reader.reads) == stream.spent.bytes
        before = stream.spent
        assert stream.count([-9, -9], [2000, 2000]) == MANY
        assert stream.spent == before, "what is known is not read"
        stream.search([300, 300])
        assert stream.spent.rounds == before.rounds + 1
        assert stream.spent.bytes - before.bytes < len(reader) / 4


def test_a_file_is_a_reader(index: Index, tmp_path: Any) -> None:
    (tmp_path / "boxes.idx").write_bytes(index.to_bytes())
    with (tmp_path / "boxes.idx").open("rb") as file, StreamIndex.open(file) as stream:
        compare(stream, index)
    with StreamIndex.open(io.BytesIO(index.to_bytes())) as stream:
        compare(stream, index)


def test_many_threads_ask_one(index: Index) -> None:
    wrong: list[Any] = []
    with StreamIndex.open(io.BytesIO(index.to_bytes()), StreamOptions(kept_bytes=0)) as stream:

        def ask() -> None:
            try:
                for _ in range(5):
                    compare(stream, index)
            except BaseException as error:  # told by the test's own thread
                wrong.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_what_a_reader_raises_ends_the_question_alone(index: Index) -> None:
    class Broken(Reader):
        broken = False

        def read(self, offset: int, length: int, /) -> bytes:
            if self.broken:
                raise ConnectionResetError("the line is cut")
            return super().read(offset, length)

    reader = Broken(index.to_bytes())
    with StreamIndex.open(reader, StreamOptions(kept_bytes=0)) as stream:
        reader.broken = True
        with pytest.raises(ConnectionResetError):
            stream.search([5, 5])
        reader.broken = False
        compare(stream, index)


def test_what_comes_is_held_against_what_was_asked(index: Index) -> None:
    reader = Reader(index.to_bytes())
    with StreamIndex.open(reader) as stream:
        reader.data = reader.data[:-9] + b"!"
        reader.read = lambda offset, length, /: b"short"  # type: ignore[method-assign]
        with pytest.raises(spatio.IoError, match="5 bytes came"):
            stream.search([300, 300])
        with pytest.raises(spatio.InvalidArgumentError, match="rows in place of one"):
            stream.search([[1, 1], [2, 2]])
        with pytest.raises(spatio.InvalidArgumentError, match="3 coordinates for 2 axes"):
            stream.nearest([1, 2, 3])
    with pytest.raises(spatio.ClosedError):
        stream.search([300, 300])
    with pytest.raises(spatio.ClosedError):
        len(stream)
    assert repr(stream) == "<spatio.StreamIndex, closed>"
    with pytest.raises(spatio.CorruptError):
        StreamIndex.open(io.BytesIO(b"no index at all, these are words"))
    with pytest.raises(spatio.InvalidArgumentError, match="gap_bytes"):
        StreamIndex.open(reader, StreamOptions(gap_bytes=-1))


def test_an_answer_outlives_its_stream(index: Index) -> None:
    stream = StreamIndex.open(io.BytesIO(index.to_bytes()))
    found = stream.search([100, 100], [180, 150])
    ids, ranks = found.ids, found.ranks
    stream.close()
    del stream, found
    assert sorted(ids) == sorted(index.search_one([100, 100], [180, 150]))
    assert ranks.size == ids.size


def test_ranges_of_a_round_are_awaited_together(index: Index) -> None:
    class Later:
        data = index.to_bytes()
        under_way = most = 0

        def __len__(self) -> int:
            return len(self.data)

        async def read(self, offset: int, length: int, /) -> bytes:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await asyncio.sleep(0.001)
            self.under_way -= 1
            return self.data[offset : offset + length]

    async def ask() -> None:
        reader = Later()
        stream = await aio.StreamIndex.open(reader, StreamOptions(kept_bytes=0, gap_bytes=0))
        found = await stream.search([100, 100], [400, 400])
        assert reader.most > 1
        assert sorted(found.ids) == sorted(index.search_one([100, 100], [400, 400]))
        both = await asyncio.gather(stream.count([0, 0], [500, 500]), stream.nearest([9, 9], k=3))
        assert both[0] == index.count([0, 0], [500, 500])[0]
        assert both[1].ids.tolist() == index.nearest([9, 9], k=3).ids.tolist()
        asked = asyncio.create_task(stream.search([100, 100], [400, 400]))
        await asyncio.sleep(0)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert await stream.count([-9, -9], [2000, 2000]) == MANY
        stream.close()
        assert stream.closed

    asyncio.run(ask())
