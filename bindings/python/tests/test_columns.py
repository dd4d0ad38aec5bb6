"""Columns in: what is taken, and that what does not fit is refused and not cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import spatio
from spatio import Namespace


@pytest.fixture
def two(ns: Namespace) -> Any:
    return ns.intern_batch(["a", "b"])


@pytest.mark.parametrize(
    "x",
    [
        [1, 2],
        (1.0, 2.0),
        np.array([1, 2], np.float32),
        np.array([1, 2], np.uint8),
        np.array([1, 9, 2, 9], np.float64)[::2],
        np.array([1, 2], ">f8"),
        memoryview(np.array([1.0, 2.0])),
    ],
    ids=str,
)
def test_numbers_of_any_kind_are_taken(ns: Namespace, two: Any, x: Any) -> None:
    assert ns.move_batch(two, x, [0, 0]) == (2, 0)
    assert ns.get_batch(two).x.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (dict(x=[1.0]), "x: 1 rows beside 2"),
        (dict(y=[1.0, 2.0, 3.0]), "y: 3 rows beside 2"),
        (dict(x=["a", "b"]), "x: a column of <U1"),
        (dict(x=[1j, 2]), "x: a column of complex128"),
        (dict(x=[None, 1]), "x: a column of object"),
        (dict(x=[True, False]), "x: a column of bool"),
        (dict(x=[[1.0], [2.0]]), "x: a column has one dimension, not 2"),
        (dict(time_us=[1.5, 2.5]), "time_us: a column of float64"),
        (dict(time_us=np.array([1, 2**63], np.uint64)), "time_us: 9223372036854775808 in row 1"),
        (dict(time_us=np.array(["2020-01-01", "NaT"], "M8[s]")), "time_us: no time in row 1"),
        (dict(handles=[0, -1]), "handles: -1 in row 1 is below 0"),
        (dict(handles=[0.0, 1.0]), "handles: a column of float64"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_does_not_fit_is_refused(
    ns: Namespace, two: Any, columns: dict[str, Any], told: str
) -> None:
    given = {"handles": two, "x": [1.0, 2.0], "y": [1.0, 2.0], **columns}
    with pytest.raises(spatio.InvalidArgumentError) as refusal:
        ns.move_batch(**given)
    assert told in str(refusal.value)
    assert ns.count() == 0


def test_a_column_of_the_right_kind_is_not_copied() -> None:
    from spatio import _columns

    column = np.arange(5.0)
    assert _columns.floats(column, "x") is column
    frozen = np.arange(5.0)
    frozen.flags.writeable = False
    assert _columns.floats(frozen, "x") is frozen


def test_read_only_columns_are_taken(ns: Namespace, two: Any) -> None:
    x = np.array([1.0, 2.0])
    x.flags.writeable = False
    assert ns.move_batch(two, x, x) == (2, 0)


def test_times_of_numpy_and_pandas_are_taken(ns: Namespace, two: Any) -> None:
    wanted = [1_577_836_800_000_000, 1_577_836_801_000_000]
    for unit in ("s", "ms", "us", "ns"):
        times = np.array(wanted, "M8[us]").astype(f"M8[{unit}]")
        ns.move_batch(two, [1, 2], [1, 2], time_us=times)
        assert ns.get_batch(two).time_us.tolist() == wanted
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    zoned = pandas.Series(pandas.to_datetime(wanted, unit="us", utc=True).tz_convert("Asia/Tokyo"))
    ns.move_batch(two, [3, 4], [1, 2], time_us=zoned)
    assert ns.get_batch(two).time_us.tolist() == wanted
    assert ns.get_batch(two).x.tolist() == [3.0, 4.0]


def test_ids_of_any_kind_are_taken(ns: Namespace) -> None:
    wanted = ["a", "é中🚲", "b" * 255]
    for ids in (wanted, tuple(wanted), np.array(wanted), np.array(wanted, object), iter(wanted)):
        assert ns.ids(ns.intern_batch(ids)) == wanted
    assert ns.ids(ns.intern_batch([one.encode() for one in wanted])) == wanted
    with pytest.raises(TypeError, match="an id is a str, not int"):
        ns.intern_batch(["a", 5])
    with pytest.raises(TypeError, match="an id is a str, not float"):
        ns.upsert(1.5, 0, 0)  # type: ignore[arg-type]


def test_nothing_is_a_batch_too(ns: Namespace) -> None:
    assert ns.move_batch([], [], []) == (0, 0)
    assert ns.upsert_batch([], [], [])[1:] == (0, 0)
    assert len(ns.get_batch([]).x) == 0
    assert ns.ids([]) == []
    assert ns.delete_batch([]) == 0
    assert ns.trajectory([]).queries == 0
    assert ns.query_run([]).queries == 0
    assert len(ns.distance_between([], [])) == 0


def test_the_refused_row_is_told(ns: Namespace, two: Any) -> None:
    with pytest.raises(spatio.OutOfRangeError) as refusal:
        ns.move_batch(two, [1.0, 500.0], [1.0, 2.0])
    assert refusal.value.row == 1
    assert "500" in str(refusal.value)
    with pytest.raises(spatio.NotFoundError) as unknown:
        ns.get_batch([two[0], 99])
    assert unknown.value.row == 1


def test_payloads_and_times_to_live_come_by_columns(ns: Namespace) -> None:
    told = ns.upsert_batch(["a", "b"], [1, 2], [1, 2], payloads=[b"p", None], ttl_us=[0, 10**12])
    a, b = (ns.get_by_handle(int(handle)) for handle in told.handles)
    assert a is not None
    assert b is not None
    assert (a.payload, a.expires_us, b.payload) == (b"p", None, None)
    assert b.expires_us is not None
    with pytest.raises(ValueError, match="payloads: 1 rows beside 2"):
        ns.upsert_batch(["a", "b"], [1, 2], [1, 2], payloads=[None])


def test_columns_of_queries(ns: Namespace) -> None:
    ns.upsert_batch([f"o{i}" for i in range(100)], np.arange(100) * 0.1, np.zeros(100))
    places = np.array([0.52, 5.01, 9.9])
    found = ns.query_columns(spatio.Query.nearest((0, 0), 2).with_ids(), x=places)
    one_by_one = [ns.query(spatio.Query.nearest((at, 0), 2).with_ids()) for at in places]
    assert found.ids == [id for result in one_by_one for id in result.ids or []]
    limits = ns.query_columns(spatio.Query.nearest((0, 0), 2), x=places, limit=[1, 3, 0])
    assert np.diff(limits.offsets).tolist() == [1, 3, 0]
    origins = ns.intern_batch(["o5", "o7"])
    near = ns.query_columns(spatio.Query.circle((0, 0), 1.0).with_ids(), origin=origins)
    assert near.ids == ["o5", "o7"]
    with pytest.raises(ValueError, match="speed is no column"):
        ns.query_columns(spatio.Query.everywhere(), speed=places)
    with pytest.raises(ValueError, match="y: 2 rows beside 3"):
        ns.query_columns(spatio.Query.everywhere(), x=places, y=[1, 2])
    with pytest.raises(ValueError, match="no column"):
        ns.query_columns(spatio.Query.everywhere())
