"""Results: columns over the library's own memory, which lives as long as one of them is held."""

from __future__ import annotations

import gc

import numpy as np
import pytest

import spatio
from spatio import Database, Namespace, Query


@pytest.fixture
def fleet(ns: Namespace) -> Namespace:
    payloads = [b"p%d" % i if i % 2 else None for i in range(50)]
    ids = [f"bus:{i}" for i in range(50)]
    ns.upsert_batch(ids, np.arange(50) * 0.01, np.zeros(50), time_us=range(50), payloads=payloads)
    return ns


def test_columns_are_views(fleet: Namespace) -> None:
    found = fleet.query(Query.nearest((0, 0), 10).with_ids().with_payloads())
    assert found.x.tolist() == (np.arange(10) * 0.01).tolist()
    assert found.x is found.x
    for column in (found.handles, found.x, found.y, found.z, found.time_us, found.distance):
        assert column is not None
        assert not column.flags.owndata
        assert not column.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1
        with pytest.raises(ValueError, match="WRITEABLE"):
            column.flags.writeable = True
    again = spatio.Result.x.__get__(found, spatio.Result)  # type: ignore[attr-defined]
    assert np.shares_memory(again, found.x)
    assert found.time.tolist() == found.time_us.view("M8[us]").tolist()
    assert np.shares_memory(found.time, found.time_us)


def test_a_column_outlives_everything() -> None:
    gc.collect()
    before = spatio.live_handles()
    db = Database.memory()
    ns = db.create_namespace("a")
    ns.upsert_batch([f"{i}" for i in range(1000)], np.arange(1000) * 0.1, np.zeros(1000))
    x = ns.query(Query.nearest((0, 0), 1000)).x
    ns.close()
    db.close()
    del ns, db
    gc.collect()
    assert spatio.live_handles() == before + 1, "the result alone"
    np.testing.assert_array_equal(x, np.arange(1000) * 0.1)
    part = x[500:].reshape(-1, 2)
    del x
    gc.collect()
    assert part[-1, -1] == 999 * 0.1
    del part
    gc.collect()
    assert spatio.live_handles() == before


def test_rows(fleet: Namespace) -> None:
    found = fleet.query(Query.nearest((0.0201, 0), 3).with_ids().with_payloads())
    assert [row.id for row in found] == ["bus:2", "bus:3", "bus:1"]
    assert found[0] == next(iter(found))
    assert found[1].payload == b"p3"
    assert (found[0].payload, found[0].time_us) == (None, 2)
    with pytest.raises(IndexError):
        found[3]
    assert (len(found), repr(found)) == (3, "<spatio.Result: 3 rows>")
    bare = fleet.query(Query.everywhere())
    assert (bare.ids, bare.payloads, bare.distance) == (None, None, None)
    assert bare[0].id is None


def test_no_rows(fleet: Namespace) -> None:
    found = fleet.query(Query.circle((90, 0), 1.0).with_ids().with_payloads())
    assert (len(found), list(found), found.ids, found.payloads) == (0, [], [], [])
    assert (found.x.dtype, len(found.x)) == (np.float64, 0)


def test_several_queries(fleet: Namespace) -> None:
    found = fleet.query_run([Query.nearest((0, 0), 2), Query.everywhere(), Query.box(9, 9, 10, 10)])
    assert found.offsets.tolist() == [0, 2, 52, 52]
    assert found.of(0) == slice(0, 2)
    assert found.distance is not None
    assert np.isnan(found.distance[found.of(1)]).all()
    assert found.of(2) == slice(52, 52)
    with pytest.raises(IndexError):
        found.of(3)
    assert repr(found) == "<spatio.Result: 52 rows of 3 queries>"


def test_ids_and_payloads_as_bytes(fleet: Namespace) -> None:
    fleet.upsert("é中", 0, 0, payload=b"\x00\xff")
    found = fleet.query(Query.nearest((0, 0), 2).with_ids().with_payloads())
    assert sorted(found.ids or []) == ["bus:0", "é中"]
    assert found.id_bytes is not None
    assert found.id_offsets is not None
    assert sorted(found.id_bytes.tobytes().decode()) == sorted("bus:0é中")
    assert set(found.payloads or []) == {None, b"\x00\xff"}


def test_into_own_columns(fleet: Namespace) -> None:
    handles, x = np.zeros(5, np.uint64), np.zeros(5)
    assert fleet.query_into(Query.nearest((0, 0), 3), handles=handles, x=x) == 3
    assert fleet.ids(handles[:3]) == ["bus:0", "bus:1", "bus:2"]
    assert x.tolist() == [0, 0.01, 0.02, 0, 0]
    assert fleet.query_into(Query.everywhere(), x=np.zeros(7)) == 7
    assert fleet.query_into(Query.everywhere()) == 0
    with pytest.raises(TypeError, match="float32"):
        fleet.query_into(Query.everywhere(), x=np.zeros(5, np.float32))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="4 rows beside 5"):
        fleet.query_into(Query.everywhere(), x=x, y=np.zeros(4))
    frozen = np.zeros(5)
    frozen.flags.writeable = False
    with pytest.raises((ValueError, BufferError), match="read-only"):
        fleet.query_into(Query.everywhere(), x=frozen)
    with pytest.raises((ValueError, BufferError)):
        fleet.query_into(Query.everywhere(), x=np.zeros(10)[::2])


def test_pandas(fleet: Namespace) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    found = fleet.query(Query.nearest((0, 0), 4).with_ids().with_payloads())
    frame = found.to_pandas()
    assert len(fleet.query(Query.circle((90, 0), 1.0).with_ids()).to_pandas()) == 0
    assert list(frame.columns) == ["id", "handle", "x", "y", "z", "time", "distance", "payload"]
    assert frame["id"].tolist() == found.ids
    assert frame["time"].dt.tz is not None
    assert frame["x"].tolist() == found.x.tolist()
    assert [None if p is None else bytes(p) for p in frame["payload"]] == found.payloads
    several = fleet.query_run([Query.nearest((0, 0), 2), Query.nearest((0, 0), 3)]).to_pandas()
    assert several["query"].tolist() == [0, 0, 1, 1, 1]


def test_pandas_comes_in(fleet: Namespace) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame({"who": ["p", "q"], "lon": [1.0, 2.0], "lat": [3, 4]})
    told = fleet.upsert_batch(frame["who"], frame["lon"], frame["lat"])
    assert fleet.get_batch(told.handles).y.tolist() == [3.0, 4.0]


def test_geopandas(fleet: Namespace) -> None:
    pytest.importorskip("geopandas", reason="geopandas is not installed")
    frame = fleet.query(Query.nearest((0, 0), 4).with_ids()).to_geopandas()
    assert (frame.crs.to_epsg(), len(frame)) == (4326, 4)
    assert frame.geometry.x.tolist() == [0.0, 0.01, 0.02, 0.03]
    assert list(frame.columns) == ["id", "handle", "time", "distance", "geometry"]
