"""Every kind of query against a look at all objects by numpy, with inputs made at random.

The oracle shares no code with the package or the engine: it knows the formulas only. Places lie on
a coarse lattice or near the antimeridian and the poles, so that ties and wraps are met often; what
is within a billionth of a border may be in or out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import spatio
from spatio import Interpolation, NamespaceOptions, Order, Query, Space

RADIUS_M = 6_371_008.8
Column = NDArray[np.float64]

lon = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 0.0, 179.999, -179.999]))
lat = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 90.0, 89.99, 0.0]))
alt = st.one_of(st.just(0.0), st.floats(-1000, 20_000))
place = st.tuples(lon, lat, alt)
places = st.lists(place, min_size=1, max_size=60)
radius = st.one_of(st.floats(0, 5_000), st.floats(0, 2.1e7))


def ground(x: Column, y: Column, at: tuple[float, float, float]) -> Column:
    """Haversine on the mean sphere."""
    a, b = np.radians(y), np.radians(at[1])
    turn = np.sin((b - a) / 2) ** 2
    turn += np.cos(a) * np.cos(b) * np.sin(np.radians(at[0] - x) / 2) ** 2
    return 2 * RADIUS_M * np.arcsin(np.sqrt(np.minimum(turn, 1)))


class World:
    """Objects in a namespace, and the same in numpy."""

    def __init__(self, at: list[tuple[float, float, float]], space: Space) -> None:
        self.x, self.y, self.z = np.array(at).T
        self.db = spatio.Database.memory()
        self.ns = self.db.create_namespace("w", NamespaceOptions(space))
        ids = [f"{i:03}" for i in range(len(at))]
        self.handles = self.ns.upsert_batch(ids, self.x, self.y, self.z).handles
        self.row_of = {int(handle): row for row, handle in enumerate(self.handles)}

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: Any) -> None:
        self.ns.close()
        self.db.close()

    def rows(self, query: Query) -> tuple[list[int], Column | None]:
        """Which objects were found, in order, and how far they are."""
        found = self.ns.query(query)
        return [self.row_of[handle] for handle in found.handles.tolist()], found.distance


def check_ball(world: World, query: Query, distance: Column, radius: float) -> None:
    """Whatever is clearly inside is found, what is clearly outside is not, nearest first."""
    rows, told = world.rows(query)
    if told is None:
        told = np.empty(0)
        assert not rows
    slack = 1e-9 * RADIUS_M + 1e-9 * radius
    assert set(np.flatnonzero(distance <= radius - slack)) <= set(rows)
    assert set(rows) <= set(np.flatnonzero(distance <= radius + slack))
    assert len(rows) == len(set(rows))
    np.testing.assert_allclose(told, distance[rows], rtol=1e-9, atol=1e-2)
    assert (np.diff(told) >= 0).all()


@given(places, place, radius)
@settings(max_examples=80, deadline=None)
def test_circle_and_sphere(at: Any, origin: Any, radius: float) -> None:
    with World(at, Space.GEOGRAPHIC) as world:
        flat = ground(world.x, world.y, origin)
        check_ball(world, Query.circle(origin, radius), flat, radius)
        solid = np.hypot(flat, world.z - origin[2])
        check_ball(world, Query.sphere(origin, radius), solid, radius)


@given(places, place, radius, st.tuples(alt, alt))
@settings(max_examples=50, deadline=None)
def test_cylinder(at: Any, origin: Any, radius: float, heights: Any) -> None:
    low, high = sorted(heights)
    with World(at, Space.GEOGRAPHIC) as world:
        inside = (world.z >= low) & (world.z <= high)
        flat = np.where(inside, ground(world.x, world.y, origin), np.inf)
        check_ball(world, Query.cylinder(origin, radius, low, high), flat, radius)


@given(places, place, st.integers(0, 70))
@settings(max_examples=80, deadline=None)
def test_nearest(at: Any, origin: Any, k: int) -> None:
    with World(at, Space.GEOGRAPHIC) as world:
        solid = np.hypot(ground(world.x, world.y, origin), world.z - origin[2])
        rows, told = world.rows(Query.nearest(origin, k))
        wanted = np.sort(solid)[:k]
        assert len(set(rows)) == len(rows) == len(wanted)
        if told is not None:
            np.testing.assert_allclose(told, wanted, rtol=1e-9, atol=1e-2)


@given(places, st.tuples(lon, lat, alt), st.tuples(lon, lat, alt))
@settings(max_examples=80, deadline=None)
def test_boxes(at: Any, one: Any, other: Any) -> None:
    (west, east), south, north = (one[0], other[0]), *sorted((one[1], other[1]))
    low, high = sorted((one[2], other[2]))
    with World(at, Space.GEOGRAPHIC) as world:
        x = (
            (world.x >= west) & (world.x <= east)
            if west <= east
            else (world.x >= west) | (world.x <= east)
        )
        # 180 degrees east and west are one meridian.
        x |= (np.abs(world.x) == 180) & (
            (west <= 180 <= east) | (west <= -180 <= east) | (west > east)
        )
        flat = x & (world.y >= south) & (world.y <= north)
        rows, distance = world.rows(Query.box(west, south, east, north))
        assert distance is None
        assert sorted(rows) == np.flatnonzero(flat).tolist()
        rows, _ = world.rows(Query.box_3d(west, south, low, east, north, high))
        assert sorted(rows) == np.flatnonzero(flat & (world.z >= low) & (world.z <= high)).tolist()


lattice = st.integers(-8, 8).map(float)


@given(
    st.lists(st.tuples(lattice, lattice, lattice), min_size=1, max_size=60),
    st.tuples(lattice, lattice, lattice),
    st.floats(0, 20),
    st.integers(0, 70),
)
@settings(max_examples=80, deadline=None)
def test_plain_units(at: Any, origin: Any, radius: float, k: int) -> None:
    with World(at, Space.CARTESIAN) as world:
        solid = np.sqrt((np.array(at) - np.array(origin)) ** 2 @ np.ones(3))
        check_ball(world, Query.sphere(origin, radius), solid, radius)
        rows, told = world.rows(Query.nearest(origin, k))
        # Of equal distances in the order of ids, which here is that of the rows.
        order = np.lexsort((np.arange(len(solid)), solid))[:k]
        assert rows == order.tolist()
        if told is not None:
            np.testing.assert_array_equal(told, solid[order])


@given(
    st.lists(st.tuples(st.integers(-50, 50), lattice, lattice), min_size=1, max_size=40),
    st.tuples(st.integers(-60, 60), st.integers(-60, 60)),
    st.integers(0, 45),
)
@settings(max_examples=80, deadline=None)
def test_tracks(points: Any, interval: Any, limit: int) -> None:
    start, end = sorted(interval)
    # Every position is kept; of equal times the one that was written last is the later one.
    line = sorted(points, key=lambda point: point[0])
    with spatio.Database.memory() as db:
        settings = NamespaceOptions(Space.CARTESIAN, spatio.History.ON)
        with db.create_namespace("w", settings) as ns:
            for time, x, y in points:
                ns.insert_trajectory("a", [time], [x], [y])
            handle = ns.intern("a")
            track = ns.trajectory([handle], start, end, order=Order.NEWEST_FIRST, limit=limit)
            found = list(
                zip(track.time_us.tolist(), track.x.tolist(), track.y.tolist(), strict=True)
            )
            wanted = [point for point in reversed(line) if start <= point[0] <= end]
            assert found == wanted[:limit]
            past = ns.positions_at([handle], start, Interpolation.LINEAR)
            before = [point for point in line if point[0] <= start]
            after = [point for point in line if point[0] > start]
            assert bool(past.found[0]) is bool(before)
            if before:
                times, xs, ys = zip(before[-1], *after[:1], strict=True)
                np.testing.assert_allclose(past.x[0], np.interp(start, times, xs), atol=1e-9)
                np.testing.assert_allclose(past.y[0], np.interp(start, times, ys), atol=1e-9)
