"""Asyncio: the loop goes on while the library works, and a cancelled task stops it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

import spatio
from spatio import Interpolation, NamespaceOptions, Options, Order, Query, SyncPolicy, aio


def test_everything_that_waits(tmp_path: Path) -> None:
    async def main() -> None:
        async with await aio.open(tmp_path / "db", Options(sync=SyncPolicy.ALWAYS)) as db:
            ns = await db.create_namespace("a")
            told = await ns.upsert_batch(["x", "y"], [1, 2], [1, 2], time_us=[10, 10])
            assert (told.applied, told.late) == (2, 0)
            assert await ns.move_batch(told.handles, [3, 4], [3, 4], time_us=[20, 20]) == (2, 0)
            assert await ns.insert_trajectory("y", [5], [0], [0]) == 1
            assert (await ns.get_batch(told.handles)).x.tolist() == [3, 4]
            assert len(await ns.query(Query.everywhere())) == 2
            run = await ns.query_run([Query.everywhere(), Query.nearest((0, 0), 1)])
            assert run.offsets.tolist() == [0, 2, 3]
            assert (await ns.query_columns(Query.nearest((0, 0), 1), x=[3, 4])).rows == 2
            track = await ns.trajectory(told.handles, order=Order.NEWEST_FIRST, limit=2)
            assert track.time_us.tolist() == [20, 10, 20, 10]
            past = await ns.positions_at(told.handles, 15, Interpolation.LINEAR)
            assert past.x.tolist() == [2.0, 3.0]
            await db.flush()
            await db.sync()
            await db.checkpoint()
            assert await db.sweep() == 0
            assert (await db.namespace("a")).blocking.count() == 2
        assert db.blocking.closed

    asyncio.run(main())


def test_a_cancelled_task_stops_its_query() -> None:
    async def main() -> None:
        async with aio.memory() as db:
            ns = await db.create_namespace("a")
            x = np.linspace(-50, 50, 50_000)
            await ns.upsert_batch([f"{i}" for i in range(50_000)], x, x)
            task = asyncio.ensure_future(ns.query_run([Query.everywhere().with_ids()] * 5000))
            await asyncio.sleep(0.05)
            assert not task.done(), "the loop goes on meanwhile"
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            # The library has let go: nothing runs that closing would have to wait for.
            assert len(await ns.query(Query.everywhere())) == 50_000

    asyncio.run(main())


def test_many_at_once() -> None:
    async def main() -> None:
        async with aio.memory() as db:
            ns = await db.create_namespace("a", NamespaceOptions(spatio.Space.CARTESIAN))
            await ns.upsert_batch([f"{i}" for i in range(100)], range(100), np.zeros(100))
            asked = [ns.query(Query.nearest((at, 0), 1).with_ids()) for at in range(100)]
            found = await asyncio.gather(*asked)
            assert [result.ids for result in found] == [[f"{at}"] for at in range(100)]

    asyncio.run(main())


def test_refusals_reach_the_task(tmp_path: Path) -> None:
    async def main() -> None:
        async with aio.memory() as db:
            with pytest.raises(spatio.NotFoundError):
                await db.namespace("no")
            ns = await db.create_namespace("a")
            with pytest.raises(spatio.OutOfRangeError):
                await ns.query(Query.circle((0, 100), 1))

    asyncio.run(main())
