"""Arrow in and out by capsules: to and from pyarrow, polars and DuckDB, without a copy."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

import spatio
from spatio import Namespace, Query, _arrow

pa: Any = pytest.importorskip("pyarrow", reason="pyarrow is not installed")


@pytest.fixture
def fleet(ns: Namespace) -> Namespace:
    ids = [f"bus:{i}" for i in range(50)]
    ns.upsert_batch(ids, np.arange(50) * 0.01, np.zeros(50), np.arange(50.0), range(50))
    ns.upsert("bus:3", 0.03, 0, 3, 100, payload=b"p")
    return ns


def ask(ns: Namespace) -> spatio.Result:
    return ns.query(Query.nearest((0, 0), 5).with_ids().with_payloads())


def test_columns_and_types(fleet: Namespace) -> None:
    found = ask(fleet)
    batch = pa.record_batch(found)
    types = {field.name: str(field.type) for field in batch.schema}
    assert types == {
        "handle": "uint64",
        "x": "double",
        "y": "double",
        "z": "double",
        "time": "timestamp[us, tz=UTC]",
        "distance": "double",
        "id": "large_string",
        "payload": "large_binary",
    }
    assert batch["x"].to_pylist() == found.x.tolist()
    assert batch["id"].to_pylist() == found.ids
    assert batch["handle"].to_numpy().tolist() == found.handles.tolist()
    assert [value or None for value in batch["payload"].to_pylist()] == found.payloads
    batch.validate(full=True)
    assert pa.schema(found).names == batch.schema.names


def test_nothing_is_copied(fleet: Namespace) -> None:
    found = ask(fleet)
    x = pa.record_batch(found)["x"]
    assert x.buffers()[1].address == found.x.__array_interface__["data"][0]


def test_exported_any_number_of_times(fleet: Namespace) -> None:
    ask(fleet)  # a result that is ready to be used again counts too
    gc.collect()
    before, travelling = spatio.live_handles(), len(_arrow._travelling)
    found = ask(fleet)
    tables = [pa.table(found) for _ in range(3)]
    x = found.x.copy()
    del found
    gc.collect()
    for table in tables:
        np.testing.assert_array_equal(table["x"].to_numpy(), x)
    del tables, table
    gc.collect()
    assert (spatio.live_handles(), len(_arrow._travelling)) == (before, travelling)


def test_a_capsule_that_nobody_takes_is_released(fleet: Namespace) -> None:
    found = ask(fleet)
    travelling = len(_arrow._travelling)
    capsules = found.__arrow_c_array__()
    assert len(_arrow._travelling) == travelling + 2
    del capsules
    assert len(_arrow._travelling) == travelling


def test_no_rows(fleet: Namespace) -> None:
    batch = pa.record_batch(fleet.query(Query.circle((90, 0), 1.0).with_ids()))
    assert batch.num_rows == 0
    batch.validate(full=True)


def test_tracks_go_out_too(fleet: Namespace) -> None:
    handle = fleet.intern("bus:3")
    batch = pa.record_batch(fleet.trajectory([handle]))
    assert batch["time"].cast(pa.int64()).to_pylist() == [3, 100]


def test_polars_takes_it(fleet: Namespace) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    found = ask(fleet)
    frame = polars.DataFrame(found)
    assert frame["id"].to_list() == found.ids
    assert frame.filter(polars.col("x") > 0.025)["id"].to_list() == ["bus:3", "bus:4"]


def test_duckdb_takes_it(fleet: Namespace) -> None:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    found = ask(fleet)
    told = duckdb.sql("select id, x from found where x > 0.025 order by x").fetchall()
    assert told == list(zip(found.ids or [], found.x.tolist(), strict=True))[3:]


@pytest.mark.parametrize("kind", ["batch", "table", "chunks", "strings", "names"])
def test_arrow_comes_in(ns: Namespace, kind: str) -> None:
    ids = pa.array(["a", "b", "c"], pa.utf8() if kind == "strings" else pa.large_utf8())
    names = ("x", "y", "z") if kind != "names" else ("lon", "lat", "alt")
    columns = dict(zip(names, ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]), strict=True))
    columns["time"] = pa.array([10, 20, 30], pa.timestamp("ms"))
    data: Any = pa.table({"id": ids, **columns, "other": ["not", "looked", "at"]})
    if kind == "batch":
        data = data.to_batches()[0]
    elif kind == "chunks":
        data = pa.concat_tables([data.slice(0, 1), data.slice(1)])
    assert ns.upsert_arrow(data) == (3, 0)
    found = ns.get_batch(ns.intern_batch(["a", "b", "c"]))
    assert found.z.tolist() == [7, 8, 9]
    assert found.time_us.tolist() == [10_000, 20_000, 30_000]


def test_handles_come_in(ns: Namespace) -> None:
    handles = ns.intern_batch(["a", "b"])
    data = pa.record_batch({"handle": pa.array(handles), "x": [1.0, 2.0], "y": [0.0, 0.0]})
    assert ns.upsert_arrow(data) == (2, 0)
    assert ns.get_batch(handles).x.tolist() == [1, 2]


def test_polars_and_duckdb_come_in(ns: Namespace) -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    frame = polars.DataFrame({"id": ["a", "b"], "x": [1.0, 2.0], "y": [0.0, 0.0]})
    # polars says its texts as views; Arrow's own texts are asked for.
    assert ns.upsert_arrow(frame.to_arrow(compat_level=polars.CompatLevel.oldest())) == (2, 0)
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    told = duckdb.sql("select 'c' as id, 3.0::double as x, 0.0::double as y")
    assert ns.upsert_arrow(told) == (1, 0)
    assert ns.count() == 3


def test_its_own_rows_come_back(fleet: Namespace, db: spatio.Database) -> None:
    other = db.create_namespace("other")
    everything = fleet.query(Query.everywhere().with_ids().with_payloads())
    without_handles = pa.record_batch(everything).drop_columns(["handle"])
    assert other.upsert_arrow(without_handles) == (50, 0)
    assert other.get("bus:3") == fleet.get("bus:3")._replace(  # type: ignore[union-attr]
        handle=other.intern("bus:3")
    )


def test_a_pandas_frame_comes_in(ns: Namespace) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame({"id": ["a", "b"], "lon": [1.0, 2.0], "lat": [3.0, 4.0]})
    assert ns.upsert_arrow(frame) == (2, 0)


def test_after_closing(fleet: Namespace, db: spatio.Database) -> None:
    found = ask(fleet)
    batch = pa.record_batch({"id": ["a"], "x": [1.0], "y": [1.0]})
    db.close()
    for _ in range(2):
        with pytest.raises(spatio.ClosedError, match="closed"):
            fleet.upsert_arrow(batch)
        fleet.close()
    assert pa.record_batch(found)["id"].to_pylist() == found.ids, "results outlive both"


def test_refusals(ns: Namespace) -> None:
    with pytest.raises(spatio.InvalidArgumentError, match="list offers neither"):
        ns.upsert_arrow([1, 2])
    with pytest.raises(spatio.SpatioError, match="x"):
        ns.upsert_arrow(pa.record_batch({"id": ["a"], "x": ["text"], "y": [1.0]}))
    with pytest.raises(spatio.OutOfRangeError) as refusal:
        ns.upsert_arrow(pa.record_batch({"id": ["a", "b"], "x": [1.0, 500.0], "y": [1.0, 1.0]}))
    assert (refusal.value.row, ns.count()) == (1, 0)
    reader = pa.table({"id": ["a"], "x": [1.0], "y": [1.0]}).to_reader()
    assert ns.upsert_arrow(reader) == (1, 0)
    assert ns.upsert_arrow(reader) == (0, 0), "it was read to its end"
