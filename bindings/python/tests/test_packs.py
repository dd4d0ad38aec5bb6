"""Packs and fences against the namespace and the polygons they came from; closing; columns."""

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
from spatio import Around, Fences, FreezeOptions, IndexLayout, Pack, Polygon, Query, Space


def crowd(n: int, seed: int) -> tuple[spatio.Database, spatio.Namespace, Any]:
    rng = np.random.default_rng(seed)
    at = rng.uniform(-100, 100, (3, n))
    db = spatio.Database.memory()
    ns = db.create_namespace("crowd", spatio.NamespaceOptions(Space.CARTESIAN))
    ns.upsert_batch([f"unit:{i:05}" for i in range(n)], *at)
    return db, ns, at


def square(x: float, y: float, size: float) -> Polygon:
    return Polygon([(x, y), (x + size, y), (x + size, y + size), (x, y + size)])


@given(
    n=st.integers(0, 300),
    seed=st.integers(0, 2**32 - 1),
    radius=st.floats(0, 200),
    layout=st.sampled_from(IndexLayout),
)
@settings(max_examples=30, deadline=None)
def test_a_pack_finds_what_numpy_finds(
    tmp_path_factory: pytest.TempPathFactory, n: int, seed: int, radius: float, layout: Any
) -> None:
    db, ns, at = crowd(n, seed)
    path = tmp_path_factory.mktemp("pack") / "crowd.psindex"
    frozen = ns.freeze(path, FreezeOptions(layout=layout, threads=2))
    db.close()
    far = np.sqrt((at**2).sum(axis=0))
    with Pack.open(path) as pack:
        assert (frozen.objects, len(pack), frozen.bytes) == (n, n, path.stat().st_size)
        found = pack.query(Query.sphere((0, 0, 0), radius).with_ids())
        inside = np.flatnonzero(far <= radius)
        # Handles are places in the order of ids, which is that of the rows here.
        assert sorted(found.handles.tolist()) == inside.tolist()
        assert found.ids == [f"unit:{handle:05}" for handle in found.handles.tolist()]
        np.testing.assert_allclose(found.distance, np.sort(far[inside]), rtol=1e-12)
        places = at[:2, :5]
        several = pack.query_columns(Query.nearest((0, 0), 1), x=places[0], y=places[1])
        assert several.queries == places.shape[1]
        pack.verify()


def test_a_pack_keeps_what_was_frozen(tmp_path: Path) -> None:
    db = spatio.Database.memory()
    ns = db.create_namespace("fleet")
    ns.upsert("van", 13.4, 52.5, payload=b"red")
    ns.upsert("bus", 13.5, 52.5)
    path = tmp_path / "fleet.psindex"
    assert ns.freeze(path) == (2, path.stat().st_size)
    ns.delete("van")
    db.close()
    for pack in (Pack.open(path), Pack.open_bytes(path.read_bytes())):
        info = pack.info()
        assert (info.space, info.objects, info.dims) == (Space.GEOGRAPHIC, 2, 2)
        assert info.frozen_us > 0
        van = pack.get("van")
        assert van is not None
        assert (van.handle, van.x, van.payload, van.expires_us) == (1, 13.4, b"red", None)
        assert pack.get("tram") is None
        assert (pack.id(0), pack.payload(0), pack.payload(1)) == ("bus", None, b"red")
        near = pack.query(Query.nearest(Around(1), 5).exclude_origin().with_ids().with_payloads())
        assert (near.ids, near.payloads) == (["bus"], [None])
        x = np.empty(2)
        assert pack.query_into(Query.everywhere(), x=x) == 2
        assert sorted(x.tolist()) == [13.4, 13.5]
        for call in (pack.id, pack.payload):
            with pytest.raises(spatio.NotFoundError):
                call(2)
        pack.close()


def test_what_is_closed_says_so(tmp_path: Path) -> None:
    db, ns, _ = crowd(3, 1)
    path = tmp_path / "a"
    ns.freeze(path)
    pack = Pack.open(path)
    found = pack.query(Query.everywhere())
    fences = Fences.build(["a"], [square(0, 0, 1)])
    rows = fences.containing([0.5], [0.5], with_ids=True)
    for one in (pack, fences):
        assert isinstance(one, (Pack, Fences))
        assert not one.closed
        with one as same:
            assert same is one
        one.close()
        assert one.closed
        assert "closed" in repr(one)
        with pytest.raises(spatio.ClosedError):
            one.info()
        with pytest.raises(spatio.ClosedError):
            one.get("a")
    with pytest.raises(spatio.ClosedError):
        pack.query(Query.everywhere())
    with pytest.raises(spatio.ClosedError):
        fences.containing([0], [0])
    # Answers outlive what gave them.
    assert len(found.x) == 3
    assert (rows.ids, rows.handles.tolist()) == (["a"], [0])
    db.close()
    with pytest.raises(spatio.ClosedError):
        ns.freeze(path)


@given(seed=st.integers(0, 2**32 - 1), n=st.integers(0, 40), asked=st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_fences_find_what_each_polygon_contains(seed: int, n: int, asked: int) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 20, (n, 3))
    polygons = [square(float(x), float(y), float(size + 1)) for x, y, size in corners]
    x, y = rng.integers(0, 80, (2, asked)) / 2
    ids = [f"zone {at:03}" for at in range(n)]
    payloads = [None if at % 3 == 0 else bytes([at]) for at in range(n)]
    with Fences.build(ids, polygons, payloads, space=Space.CARTESIAN) as fences:
        assert len(fences) == n
        found = fences.containing(x, y, with_ids=True, with_payloads=True)
        inside = np.array([polygon.contains(x, y) for polygon in polygons]).reshape(n, asked)
        point, zone = np.nonzero(inside.T)
        np.testing.assert_array_equal(found.asked, point)
        np.testing.assert_array_equal(found.handles, zone)
        assert found.queries == asked
        assert found.ids == [ids[at] for at in zone]
        assert found.payloads == [payloads[at] for at in zone]
        met = fences.intersecting(x, y, x, y)
        np.testing.assert_array_equal(met.handles, found.handles)
        assert met.ids is None
        assert met.payloads is None
        if asked:
            here = fences.containing_one(float(x[0]), float(y[0]))
            assert here == [(at, ids[at], payloads[at]) for at in zone[point == 0]]


def test_fences_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "zones.psindex"
    park = square(13, 52, 1)
    options = FreezeOptions(layout=IndexLayout.BOTH)
    length = Fences.write(
        path, ["park", "all"], [park, square(-170, -80, 160)], [b"x", b""], options=options
    )
    assert length == path.stat().st_size
    for fences in (Fences.open(path), Fences.open_bytes(path.read_bytes())):
        assert fences.info() == (Space.GEOGRAPHIC, 2, length)
        assert fences.get("park") == fences.get_by_handle(1) == (1, "park", b"x")
        assert fences.get("all") == (0, "all", None)
        assert fences.get("zone") is None
        with pytest.raises(spatio.NotFoundError):
            fences.get_by_handle(2)
        fences.verify()
        fences.close()


def test_columns_that_do_not_fit() -> None:
    park = square(13, 52, 1)
    with pytest.raises(spatio.InvalidArgumentError, match="polygons"):
        Fences.build(["a", "b"], [park])
    with pytest.raises(spatio.InvalidArgumentError, match="payloads"):
        Fences.build(["a"], [park], [])
    with Fences.build(["a"], [park]) as fences:
        with pytest.raises(spatio.InvalidArgumentError, match="y"):
            fences.containing([1, 2], [1])
        with pytest.raises(spatio.InvalidArgumentError, match="max_y"):
            fences.intersecting([1, 2], [1, 2], [1, 2], [1])
        with pytest.raises(spatio.OutOfRangeError) as refused:
            fences.containing([1, 2], [1, 91])
        assert refused.value.row == 1


def test_many_threads_ask_one_and_it_is_closed_under_them(tmp_path: Path) -> None:
    db, ns, _ = crowd(200, 3)
    path = tmp_path / "a"
    ns.freeze(path)
    db.close()
    pack, fences = Pack.open(path), Fences.build(["a"], [square(0, 0, 10)])
    wrong: list[object] = []

    def ask() -> None:
        try:
            for _ in range(300):
                if pack.query(Query.nearest((0, 0), 3)).rows != 3:
                    wrong.append("rows")
                if pack.id(5) != "unit:00005" or fences.get_by_handle(0).id != "a":
                    wrong.append("id")
        except spatio.ClosedError:
            pass
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    pack.close()
    fences.close()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_nothing_is_left(tmp_path: Path) -> None:
    gc.collect()
    before = spatio.live_handles()
    db, ns, _ = crowd(5, 2)
    ns.freeze(tmp_path / "a")
    pack = Pack.open(tmp_path / "a")
    found = pack.query(Query.everywhere()).x
    fences = Fences.build(["a"], [square(0, 0, 10)])
    rows = fences.containing([5], [5]).handles
    del pack, fences
    ns.close()
    db.close()
    gc.collect()
    assert len(found) == 5
    assert rows.tolist() == [0]
    del found, rows, ns, db
    gc.collect()
    assert spatio.live_handles() == before
