"""Regions, nearness, estimates, masks and triangles, against a look at every item by numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import spatio
from spatio import Index, IndexOptions, Region
from test_index import boxes, gaps


def meets_in(index: Index, region: Region, wanted: Any) -> None:
    """The three questions of a region have the answer that is wanted of each item."""
    assert 0 < wanted.sum() < len(wanted)
    assert sorted(index.search_region(region).ids) == np.flatnonzero(wanted).tolist()
    assert index.count_region(region) == wanted.sum()
    assert index.any_region(region) is True


@pytest.mark.parametrize("axes", [2, 3, 4])
def test_regions_of_any_axes(axes: int) -> None:
    min, max = boxes(500, axes, axes)
    at, normal = np.full(axes, 70.0), np.array([1.0, -2, 3, 0.5][:axes])
    with Index.build(min, max) as index:
        far = (gaps(min, max, at[None], at[None])[0] ** 2).sum(axis=1)
        meets_in(index, Region.ball(at, 90), far <= 90**2)
        # Without length a capsule is a ball.
        meets_in(index, Region.capsule(at, at, 80), far <= 80**2)
        most = np.where(normal > 0, normal * max, normal * min).sum(axis=1)
        meets_in(index, Region.half_space(normal, 50), most >= 50)
        square = np.array([[50, 50], [120, 50], [120, 130], [50, 130], [80, 80]])
        low, high = np.array([[50.0, 50]]), np.array([[120.0, 130]])
        inside = (gaps(min[:, :2], max[:, :2], low, high)[0] == 0).all(axis=1)
        meets_in(index, Region.convex(square), inside)
        meets_in(index, Region.polygon(spatio.Polygon(square[:4].tolist())), inside)
        assert not index.any_region(Region.ball(np.full(axes, -500.0), 1))


def test_a_cone_is_round_at_its_end() -> None:
    points = np.array([[1, 0.5], [1, 0.6], [10, 0], [10.4, 0], [10.6, 0], [-0.1, 0]])
    cone = Region.cone([0, 0], [5, 0], np.arcsin(0.5), 7)
    with Index.build(points) as index:
        # Its side rises by 0.577 each, and at its end the radius is half of the 7 that it is long.
        assert sorted(index.search_region(cone).ids) == [0, 2, 3]


def test_what_a_camera_sees() -> None:
    rng = np.random.default_rng(3)
    points = rng.integers(0, 60, (400, 3)).astype(float)
    matrix = np.array([[2, 0, 1, -60], [0, 2, 1, -60], [0, 0, 2, -30], [0, 0, 1, 0]], float)
    x, y, z, w = matrix @ np.vstack([points.T, np.ones(400)])
    seen = (abs(x) <= w) & (abs(y) <= w) & (z <= w)
    # The same six half-spaces, by hand.
    sides = [matrix[3] + sign * matrix[row] for row in range(3) for sign in (1, -1)]
    planes = [[*side[:3], -side[3]] for side in sides]
    with Index.build(points) as index:
        meets_in(index, Region.view_projection(matrix), seen & (z >= -w))
        meets_in(index, Region.frustum(planes), seen & (z >= -w))
        meets_in(index, Region.view_projection(matrix, depth_from_zero=True), seen & (z >= 0))


def test_nearness_of_items() -> None:
    (min, max), (low, high) = boxes(300, 2, 1), boxes(100, 2, 2)
    near = (gaps(low, high, min, max) ** 2).sum(axis=2) <= 25
    within = (gaps(min, max, min, max) ** 2).sum(axis=2)
    with Index.build(min, max) as index, Index.build(low, high) as other:
        alone = index.anti_join(other, 5)
        assert sorted(alone.ids) == np.flatnonzero(~near.any(axis=1)).tolist()
        labels = np.arange(300)
        while True:
            spread = np.where(within <= 4, labels[None], 300).min(axis=1)
            if (spread == labels).all():
                break
            labels = spread
        assert index.components(2).tolist() == labels.tolist()
        assert len(set(labels)) < 300
        pair = index.closest_pair(other)
        assert pair is not None
        between = (gaps(low, high, min, max) ** 2).sum(axis=2)
        assert pair.distance == between[pair.id, pair.other] == between.min() == 0
        far_off = Index.build(low + 1000)
        pair = index.closest_pair(far_off)
        assert pair is not None
        between = np.sqrt((gaps(low + 1000, low + 1000, min, max) ** 2).sum(axis=2))
        assert pair.distance == pytest.approx(between.min())
        assert between[pair.id, pair.other] == pytest.approx(between.min())
        far_off.close()
        with pytest.raises(spatio.ClosedError, match="other"):
            index.anti_join(far_off)
    with Index.build([[0, 0]]) as one:
        assert one.closest_pair() is None
        assert one.components().tolist() == [0]


def test_estimates_hold_the_true_number() -> None:
    (min, max), (low, high) = boxes(2000, 3, 1), boxes(20, 3, 2)
    high += 60
    with Index.build(min, max) as index:
        counts = index.count(low, high)
        for level in range(4):
            found = index.estimate(low, high, stop_level=level)
            assert (found.lower <= counts).all()
            assert (counts <= found.upper).all()
            assert (found.lower <= found.estimate).all()
            assert (found.estimate <= found.upper).all()
        exact = index.estimate(low, high, stop_level=0)
        assert exact.lower.tolist() == exact.upper.tolist() == counts.tolist()
        with pytest.raises(spatio.InvalidArgumentError, match="stop_level"):
            index.estimate(low, high, stop_level=-1)


def test_masks_are_united_and_prefixes_told() -> None:
    (min, max), (low, high) = boxes(500, 2, 5), boxes(30, 2, 6)
    high += 20
    masks = np.uint64(1) << (np.arange(500, dtype=np.uint64) % np.uint64(64))
    meets = (gaps(min, max, low, high) == 0).all(axis=2)
    united = [int(np.bitwise_or.reduce(masks[row])) for row in meets]
    more: Any = {"payloads": [b"ab", b"cde"] * 250, "options": IndexOptions(prefix_bytes=2)}
    with Index.build(min, max, masks=masks, **more) as index:
        info = index.info()
        assert (info.has_masks, info.has_values, info.prefix_bytes) == (True, False, 2)
        found = index.aggregate(low, high)
        assert found.masks.tolist() == united
        assert any(one >= 2**63 for one in united)
        assert found.counts.tolist() == meets.sum(axis=1).tolist()
        assert (found.sums == 0).all()
        assert np.isnan(found.least).all()
    with pytest.raises(spatio.InvalidArgumentError, match="masks: 2 rows beside 1"):
        Index.build([[0, 0]], masks=[1, 2])


def test_triangles_are_met_and_not_their_boxes() -> None:
    corners = [[[0, 0, 5], [4, 0, 5], [0, 4, 5]], [[0, 0, 9], [8, 0, 9], [0, 8, 9]]]
    with Index.build_triangles(corners, options=IndexOptions(threads=2)) as index:
        found = index.raycast_triangles([[1, 1, 0], [3, 3, 0], [7, 7, 0]], [[0, 0, 1]] * 3)
        assert found.ids.tolist() == [0, 1, spatio.NO_ITEM]
        assert found.t[:2].tolist() == [5, 9]
        assert np.isnan(found.t[2])
        assert index.raycast_closest([3, 3, 0], [0, 0, 1]).ids.tolist() == [0]
        assert np.frombuffer(index.payload(1) or b"").reshape(3, 3).tolist() == corners[1]
    with pytest.raises(spatio.InvalidArgumentError, match="corners: an array"):
        Index.build_triangles([[0, 0], [1, 1], [2, 0]])
    with pytest.raises(spatio.InvalidArgumentError) as refusal:
        Index.build_triangles([[[0, 0], [1, 0], [0, 1]], [[0, 0], [1, np.nan], [0, 1]]])
    assert refusal.value.row == 1
    with Index.build([[0, 0]]) as points, pytest.raises(spatio.UnsupportedError, match="triangles"):
        points.raycast_triangles([0, 0], [1, 0])


def test_what_is_no_region_is_refused() -> None:
    with Index.build([[0, 0]]) as index:
        with pytest.raises(spatio.InvalidArgumentError, match="index has 2 axes, region has 3"):
            index.search_region(Region.ball([0, 0, 0], 1))
        with pytest.raises(spatio.InvalidArgumentError, match="dims is 1"):
            Region.ball([0], 1)
        with pytest.raises(spatio.InvalidArgumentError, match="end: 3 rows beside 2"):
            Region.capsule([0, 0], [1, 1, 1], 1)
        with pytest.raises(spatio.InvalidArgumentError, match="planes: 5 rows, expected 6"):
            Region.frustum([[1, 0, 0, 0]] * 5)
        with pytest.raises(spatio.OutOfRangeError, match="half_angle"):
            Region.cone([0, 0], [1, 0], 2, 1)
