"""Packed indexes against a look at every box by numpy; closing; columns that do not fit."""

from __future__ import annotations

import gc
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import spatio
from spatio import Index, IndexLayout, IndexMetadata, IndexOptions


def boxes(n: int, axes: int, seed: int) -> tuple[Any, Any]:
    """Boxes on whole numbers, so that what touches is not a matter of rounding."""
    rng = np.random.default_rng(seed)
    least = rng.integers(0, 200, (n, axes)).astype(float)
    return least, least + rng.integers(0, 9, (n, axes))


def gaps(min: Any, max: Any, low: Any, high: Any) -> Any:
    """How far each box is from each asked one on each axis, in rows of the asked ones."""
    below, above = min - high[:, None], low[:, None] - max
    return np.maximum(np.maximum(below, above), 0)


@given(
    axes=st.integers(2, 4),
    n=st.integers(0, 400),
    asked=st.integers(0, 12),
    seed=st.integers(0, 2**32 - 1),
    threads=st.integers(1, 3),
)
@settings(max_examples=60, deadline=None)
def test_answers_are_those_of_a_look_at_every_box(
    axes: int, n: int, asked: int, seed: int, threads: int
) -> None:
    min, max = boxes(n, axes, seed)
    low, high = boxes(asked, axes, seed + 1)
    apart = gaps(min, max, low, high)
    meets = (apart == 0).all(axis=2)
    squared = (apart**2).sum(axis=2)
    with Index.build(min, max, options=IndexOptions(threads=threads)) as index:
        assert (len(index), index.dims) == (n, axes)
        found = index.search(low, high)
        near = index.search_within(low, high, max_distance=5)
        nearest = index.nearest(low, high, k=7)
        assert found.queries == near.queries == nearest.queries == asked
        for q in range(asked):
            assert sorted(found.ids[found.of(q)]) == np.flatnonzero(meets[q]).tolist()
            assert sorted(near.ids[near.of(q)]) == np.flatnonzero(squared[q] <= 25).tolist()
            order = np.lexsort((np.arange(n), squared[q]))[:7]
            assert nearest.ids[nearest.of(q)].tolist() == order.tolist()
            np.testing.assert_allclose(nearest.distance[nearest.of(q)], np.sqrt(squared[q][order]))
        np.testing.assert_array_equal(index.count(low, high), meets.sum(axis=1))
        np.testing.assert_array_equal(index.any(low, high), meets.any(axis=1))


def test_joins_and_pairs_are_those_of_a_look_at_every_two() -> None:
    (min, max), (low, high) = boxes(300, 2, 1), boxes(200, 2, 2)
    with Index.build(min, max) as index, Index.build(low, high) as other:
        joined = index.join(other)
        wanted = np.argwhere((gaps(min, max, low, high) == 0).all(axis=2))[:, ::-1]
        assert sorted(zip(joined.ids, joined.others, strict=True)) == sorted(map(tuple, wanted))
        pairs = index.pairs(3)
        near = (gaps(min, max, min, max) ** 2).sum(axis=2) <= 9
        wanted = np.argwhere(np.triu(near, 1))
        assert sorted(zip(pairs.ids, pairs.others, strict=True)) == sorted(map(tuple, wanted))
        cancel = spatio.Cancel()
        cancel.fire()
        with pytest.raises(spatio.CancelledError):
            index.pairs(3, cancel=cancel)


def test_one_window_needs_no_list_around_it() -> None:
    with Index.build([[0, 0], [5, 5], [8, 1]], [[2, 2], [6, 9], [9, 2]]) as index:
        assert sorted(index.search_one([1, 1], [5, 6])) == [0, 1]
        assert index.search_one((8.5, 1.5)).tolist() == [2]
        assert index.count([1, 1], [5, 6]).tolist() == [2]
        assert index.nearest([8, 3], k=1).distance.tolist() == [1.0]
        assert index.raycast_closest([-1, 1.5], [1, 0]).t.tolist() == [1.0]
        assert index.raycast_closest([-1, 1.5], [-1, 0]).ids.tolist() == [spatio.NO_ITEM]
        with pytest.raises(spatio.InvalidArgumentError, match="2 windows"):
            index.search_one([[1, 1], [2, 2]])


def test_boxes_in_one_row_are_the_same_index() -> None:
    min, max = boxes(100, 3, 4)
    both = np.hstack([min, max])
    with Index.build(min, max) as one, Index.build(boxes=both) as other:
        assert one.to_bytes() == other.to_bytes()
        back = other.boxes(np.arange(100))
        np.testing.assert_array_equal(back.min, min)
        np.testing.assert_array_equal(back.max, max)


def test_a_file_with_payloads_values_and_words(tmp_path: Path) -> None:
    path = tmp_path / "stops.idx"
    at = [[13.4, 52.5], [13.5, 52.4], [2.3, 48.9]]
    length = Index.write(
        path,
        at,
        payloads=[b"one", None, b"three"],
        values=[1, 2, 4],
        metadata=IndexMetadata(crs="EPSG:4326", attribution="Zoë"),
        options=IndexOptions(layout=IndexLayout.BOTH, interleaved=True),
    )
    assert path.stat().st_size == length
    with Index.open(path) as index, Index.open_bytes(path.read_bytes()) as copy:
        for one in (index, copy):
            one.verify()
            info = one.info()
            assert (info.items, info.bytes, info.layout) == (3, length, IndexLayout.BOTH)
            assert (info.min, info.max) == ((2.3, 48.9), (13.5, 52.5))
            assert one.metadata() == IndexMetadata("EPSG:4326", None, "Zoë")
            assert one.payload(0) == b"one"
            assert one.payloads([2, 1, 2]).payloads == [b"three", b"", b"three"]
            sums = one.aggregate([[10, 50], [50, 50]], [[20, 60], [60, 60]])
            assert (sums.counts.tolist(), sums.sums.tolist()) == ([2, 0], [3.0, 0.0])
            assert sums.greatest[0] == 2
            assert np.isnan(sums.least[1])
            nearest = one.nearest_great_circle(13.4, 52.5, k=2)
            assert nearest.ids.tolist() == [0, 1]
            assert nearest.distance[1] == pytest.approx(13_021, rel=0.01)
            assert one.search_great_circle(2, 49, 100_000).ids.tolist() == [2]
        berlin = spatio.Polygon([(13, 52), (14, 52), (14, 53), (13, 53)])
        assert sorted(index.search_polygon(berlin).ids) == [0, 1]


def test_columns_are_views_that_outlive_the_index() -> None:
    min, max = boxes(1000, 2, 6)
    index = Index.build(min, max)
    found = index.search([0, 0], [300, 300])
    ids, offsets = found.ids, found.offsets
    index.close()
    del found, index
    gc.collect()
    assert sorted(ids) == list(range(1000))
    assert offsets.tolist() == [0, 1000]
    assert not ids.flags.writeable
    assert not ids.flags.owndata


def test_an_answer_that_is_looked_at_is_not_filled_anew() -> None:
    min, max = boxes(50, 2, 7)
    with Index.build(min, max) as index:
        kept = index.search([0, 0], [300, 300]).ids
        for _ in range(5):
            assert len(index.search([-2, -2], [-1, -1])) == 0
        assert sorted(kept) == list(range(50))


def test_a_closed_index_refuses() -> None:
    index = Index.build([[0, 0]])
    index.close()
    index.close()
    assert index.closed
    assert "closed" in repr(index)
    with Index.build([[0, 0]]) as other:
        for call in (
            lambda: index.search([0, 0]),
            lambda: index.info(),
            lambda: index.to_bytes(),
            lambda: index.payload(0),
            lambda: index.pairs(),
            lambda: other.join(index),
        ):
            with pytest.raises(spatio.ClosedError, match="closed"):
                call()


def test_closing_while_other_threads_ask() -> None:
    min, max = boxes(2000, 2, 8)
    for _ in range(10):
        index = Index.build(min, max)
        start = threading.Barrier(4)
        ends: list[Any] = []

        def ask(index: Index = index, start: Any = start, ends: Any = ends) -> None:
            start.wait()
            try:
                while True:
                    assert len(index.search(min, max)) >= 2000
                    assert len(index.to_bytes()) > 0
            except BaseException as error:
                ends.append(type(error))

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        start.wait()
        index.close()
        for thread in threads:
            thread.join(60)
        assert ends == [spatio.ClosedError] * 3


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (dict(), "min: neither"),
        (dict(min=[[0, 0]], boxes=[[0, 0, 1, 1]]), "boxes: given beside"),
        (dict(boxes=[[0, 0, 1]]), "boxes: rows of 3"),
        (dict(min=[[0, 0]], max=[[1, 1], [2, 2]]), "max: 2 rows beside 1"),
        (dict(min=[[0, 0]], max=[[1, 1, 1]]), "max: rows of 3 coordinates for 2 axes"),
        (dict(min=[[[0, 0]]]), "min: rows have two dimensions, not 3"),
        (dict(min=[["a", "b"]]), "min: a column of <U1"),
        (dict(min=[[0, 0]], payloads=[b"a", b"b"]), "payloads: 2 rows beside 1"),
        (dict(min=[[0, 0]], values=[1, 2]), "values: 2 rows beside 1"),
        (dict(min=[[0, 0]], options=IndexOptions(threads=-1)), "threads: -1 is out of range"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_index_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(spatio.InvalidArgumentError) as refusal:
        Index.build(**given)
    assert told in str(refusal.value)


def test_what_is_no_question_is_refused() -> None:
    with Index.build([[0, 0], [1, 1]]) as index:
        refusals: list[tuple[Any, str]] = [
            (lambda: index.search([0, 0, 0]), "min: rows of 3 coordinates for 2 axes"),
            (lambda: index.search([0, 0], [[1, 1], [1, 1]]), "max: 2 rows beside 1"),
            (lambda: index.search_within([0, 0], max_distance=[1, 2]), "max_distance: 2 rows"),
            (lambda: index.raycast([0, 0], [[1, 0], [0, 1]]), "direction: 2 rows beside 1"),
            (lambda: index.nearest_great_circle([0, 1], [0]), "lat: 1 rows beside 2"),
            (lambda: index.boxes([0, 2**32]), "ids: 4294967296 in row 1 is too large"),
            (lambda: index.boxes([-1]), "ids: -1 in row 0 is below 0"),
            (lambda: index.payload(-1), "id: -1 is no item"),
        ]
        for call, told in refusals:
            with pytest.raises(spatio.InvalidArgumentError) as refusal:
                call()
            assert told in str(refusal.value)
        with pytest.raises(spatio.OutOfRangeError) as refusal:
            index.search_within([[0, 0], [0, 0]], max_distance=[1, -3])
        assert refusal.value.row == 1
