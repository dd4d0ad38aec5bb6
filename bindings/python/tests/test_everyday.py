"""The everyday interface: programs of the package that it replaces run, and print the same."""

from __future__ import annotations

import json
import math
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

import spatio
from spatio import Config, DistanceMetric, Point, Polygon, SetOptions, Spatio, TemporalPoint

UPSTREAM = Path(__file__).parent / "upstream"


def test_a_program_of_the_other_package_prints_the_same() -> None:
    script = UPSTREAM / "script.py"
    run = subprocess.run([sys.executable, "-W", "error", script], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    expected = json.loads((UPSTREAM / "expected.json").read_text(encoding="utf-8"))
    printed = json.loads(run.stdout)
    assert len(printed) == len(expected) > 100
    for wanted, found in zip(expected, printed, strict=True):
        assert found == wanted


def test_metrics_are_taken_by_name_too() -> None:
    with Spatio.memory() as db:
        db.upsert("a", "x", Point(0, 0))
        db.upsert("a", "y", Point(0, 1))
        by_name = db.distance_between("a", "x", "y", "geodesic")
        assert by_name == db.distance_between("a", "x", "y", DistanceMetric.GEODESIC)
        assert by_name == pytest.approx(110_574.389, abs=0.001)


def test_metadata_is_what_json_can_say() -> None:
    with Spatio.memory() as db:
        for metadata in ({}, [], "é", 0, 1.5, False, {"deep": [{"a": None}]}):
            db.upsert("a", "x", Point(0, 0), metadata)
            assert db.get("a", "x")[1] == metadata  # type: ignore[index]
            assert db.query_radius("a", Point(0, 0), 1.0)[0][2] == metadata
        db.upsert("a", "x", Point(0, 0))
        assert db.get("a", "x")[1] is None  # type: ignore[index]


def test_a_payload_of_another_program_comes_as_its_bytes() -> None:
    with Spatio.memory() as db:
        ns = db.namespace("a")
        ns.upsert("x", 0, 0, payload=b"\xff\x00")
        ns.upsert("y", 0, 0, payload=b"1,2")
        ns.upsert("z", 0, 0, payload=b'{"k": 1}')
        assert db.get("a", "x")[1] == b"\xff\x00"  # type: ignore[index]
        rows = {row[0]: row[2] for row in db.knn("a", Point(0, 0), 3)}
        assert rows == {"x": b"\xff\x00", "y": b"1,2", "z": {"k": 1}}


def test_a_payload_cannot_pass_for_two() -> None:
    with Spatio.memory() as db:
        ns = db.namespace("a")
        ns.upsert("x", 0, 0, payload=b"1,2")
        ns.upsert("y", 0, 1, payload=b"[")
        ns.upsert("z", 0, 2, payload=b"]")
        rows = [row[2] for row in db.knn("a", Point(0, 0), 3)]
        assert rows == [b"1,2", b"[", b"]"]


def test_limits_are_never_cut_short() -> None:
    with Spatio.memory() as db:
        db.upsert("a", "x", Point(0, 0))
        assert len(db.query_radius("a", Point(0, 0), 10.0, 2**63)) == 1
        with pytest.raises(ValueError, match="-1"):
            db.query_radius("a", Point(0, 0), 10.0, -1)


def test_times_are_seconds() -> None:
    with Spatio.memory() as db:
        db.upsert("a", "x", Point(0, 0), opts=SetOptions(timestamp=1.25))
        assert db.get("a", "x")[2] == 1.25  # type: ignore[index]
        for wrong in (math.nan, math.inf):
            with pytest.raises(ValueError, match="timestamp"):
                db.upsert("a", "x", Point(0, 0), None, SetOptions(wrong))


def test_points_are_tuples_too() -> None:
    point = Point(1, 2)
    assert (point, hash(point)) == ((1.0, 2.0, 0.0), hash((1.0, 2.0, 0.0)))
    assert pickle.loads(pickle.dumps(point)) == point
    assert type(pickle.loads(pickle.dumps(point))) is Point
    polygon = Polygon([(0, 0), (1, 0), (1, 1)])
    assert pickle.loads(pickle.dumps(polygon)) == polygon
    assert TemporalPoint(point, 5) == TemporalPoint(Point(1, 2), 5.0)


def test_asking_makes_no_namespace() -> None:
    with Spatio.memory() as db:
        assert db.query_radius("a", Point(0, 0), 1.0) == []
        assert db.database.namespaces() == []


def test_both_faces_are_one_database() -> None:
    with Spatio.memory() as db:
        db.upsert("a", "x", Point(1, 2, 3), {"k": 1})
        ns = db.namespace("a")
        ns.upsert_batch(["y", "z"], [1, 1], [2, 2], [4, 5])
        assert [row[0] for row in db.knn("a", Point(1, 2, 5), 3)] == ["z", "y", "x"]
        assert db.stats()["objects"] == ns.count() == 3


def test_a_namespace_of_other_settings_is_used_as_it_is() -> None:
    with Spatio.memory() as db:
        db.database.create_namespace(
            "flat", spatio.NamespaceOptions(spatio.Space.CARTESIAN)
        ).close()
        db.upsert("flat", "x", Point(1000, 2000))
        assert db.query_radius("flat", Point(1003, 2004), 5.0)[0][3] == 5.0
        assert db.database.namespaces() == ["flat"]


def test_configuration_is_checked() -> None:
    with pytest.raises(ValueError, match="persistence_buffer_size"):
        Config(persistence_buffer_size=-1)
    assert Spatio.memory_with_config(Config(persistence_buffer_size=3)).close() is None


def test_refusals_are_the_builtin_kinds() -> None:
    with Spatio.memory() as db:
        with pytest.raises(KeyError, match="nobody"):
            db.query_near("a", "nobody", 5.0)
        with pytest.raises(ValueError, match="91"):
            db.upsert("a", "x", Point(0, 91))
    with pytest.raises(RuntimeError, match="closed"):
        db.upsert("a", "x", Point(0, 0))
    with pytest.raises(RuntimeError, match="closed"):
        db.stats()
