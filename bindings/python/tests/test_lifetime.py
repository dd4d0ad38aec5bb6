"""Closing at every moment: twice, under calls of other threads, from callbacks, not at all."""

from __future__ import annotations

import contextlib
import gc
import logging
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import spatio
from spatio import Cancel, Database, History, NamespaceOptions, Options, Query, SyncPolicy


def filled(db: Database, objects: int = 1000) -> spatio.Namespace:
    ns = db.create_namespace("main", NamespaceOptions(history=History.ON))
    rng = np.random.default_rng(5)
    columns = rng.uniform(-50, 50, (2, objects))
    ns.upsert_batch([f"{i}" for i in range(objects)], *columns)
    return ns


def test_closing_twice_is_fine() -> None:
    db = Database.memory()
    ns = db.create_namespace("a")
    ns.close()
    ns.close()
    db.close()
    db.close()
    assert db.closed
    assert "closed" in repr(db)


@pytest.mark.parametrize("first", ["namespace", "database"])
def test_every_call_after_closing_is_refused(first: str) -> None:
    with Database.memory() as db:
        ns = filled(db, 10)
        handle = ns.intern("1")
        (ns if first == "namespace" else db).close()
        one, x = [handle], [1.0]
        calls: list[Any] = [
            lambda: ns.upsert("a", 0, 0),
            lambda: ns.move(handle, 0, 0),
            lambda: ns.move_batch(one, x, x),
            lambda: ns.upsert_batch(["a"], x, x),
            lambda: ns.insert_trajectory("a", [1], x, x),
            lambda: ns.delete("1"),
            lambda: ns.delete_batch(one),
            lambda: ns.count(),
            lambda: ns.intern("new"),
            lambda: ns.intern_batch(["new"]),
            lambda: ns.find_handle("new"),
            lambda: ns.get("1"),
            lambda: ns.get_by_handle(handle),
            lambda: ns.get_payload(handle),
            lambda: ns.get_batch(one),
            lambda: ns.query(Query.everywhere()),
            lambda: ns.query_run([Query.everywhere()]),
            lambda: ns.query_columns(Query.everywhere(), x=x),
            lambda: ns.query_into(Query.everywhere()),
            lambda: ns.query_radius(0, 0, 1),
            lambda: ns.query_box(0, 0, 1, 1),
            lambda: ns.query_polygon(spatio.Polygon([(0, 0), (1, 0), (1, 1)])),
            lambda: ns.query_near(handle, 1),
            lambda: ns.knn(0, 0, 1),
            lambda: ns.convex_hull(),
            lambda: ns.bounds(),
            lambda: ns.trajectory(one),
            lambda: ns.positions_at(one, 0),
            lambda: ns.distance_between(one, one),
            lambda: ns.distance_to(one, 0, 0),
        ]
        for at, call in enumerate(calls):
            with pytest.raises(spatio.ClosedError, match="closed"):
                pytest.fail(f"call {at} gave {call()}")
    for name in ("flush", "sync", "checkpoint", "sweep", "stats", "recovery", "namespaces"):
        with pytest.raises(spatio.ClosedError, match="the database was closed"):
            getattr(db, name)()
    for name in ("namespace", "create_namespace"):
        with pytest.raises(spatio.ClosedError, match="the database was closed"):
            getattr(db, name)("a")


def test_closing_while_other_threads_ask() -> None:
    for round in range(20):
        db = Database.memory()
        ns = filled(db)
        handles = ns.query(Query.everywhere()).handles
        start = threading.Barrier(4)
        ends: list[Any] = []

        def ask(ns: Any = ns, handles: Any = handles, start: Any = start, ends: Any = ends) -> None:
            start.wait()
            try:
                while True:
                    found = ns.query(Query.everywhere().with_ids())
                    assert len(found) == len(found.ids) == 1000
                    ns.move_batch(handles, found.x, found.y)
            except spatio.ClosedError as error:
                ends.append(error)
            except BaseException as error:
                ends.append(error)
                raise

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        start.wait()
        time.sleep(0.002 * (round % 5))
        if round % 2:
            ns.close()
        db.close()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()
        assert [type(end) for end in ends] == [spatio.ClosedError] * 3


def test_closing_while_the_database_itself_is_used(tmp_path: Path) -> None:
    db = Database.open(tmp_path / "db", Options(sync=SyncPolicy.NEVER))
    ns = filled(db, 100)
    ends: list[Any] = []

    def work() -> None:
        try:
            while True:
                ns.upsert("x", 1, 1)
                db.sync()
                db.checkpoint()
                db.stats()
        except spatio.ClosedError as error:
            ends.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    db.close()
    for thread in threads:
        thread.join(60)
    assert len(ends) == 3
    assert spatio.check(tmp_path / "db").is_sound


def test_a_kept_traceback_holds_nothing_open() -> None:
    db = Database.memory()
    ns = filled(db, 10)
    kept = []
    for call in (lambda: ns.upsert("", 0, 0), lambda: db.namespace("no"), lambda: ns.id(10**9)):
        with pytest.raises(spatio.SpatioError) as refusal:
            call()
        kept.append(refusal.value)
    closer = threading.Thread(target=db.close)
    closer.start()
    closer.join(30)
    assert not closer.is_alive(), "close waits for a call that is over"


def test_threads_work_at_the_same_time() -> None:
    # Two queries at once: one is stopped by a thread that would not run if the lock were held.
    with Database.memory() as db:
        ns = filled(db, 50_000)
        cancel = Cancel()
        queries = [Query.everywhere().with_ids()] * 400
        stopper = threading.Timer(0.05, cancel.fire)
        stopper.start()
        with pytest.raises(spatio.CancelledError):
            ns.query_run(queries, cancel=cancel)
        stopper.join()
        with pytest.raises(spatio.CancelledError):
            ns.query(Query.everywhere(), cancel=cancel)
        cancel.reset()
        assert len(ns.query(Query.everywhere(), cancel=cancel)) == 50_000
        del cancel


def test_errors_of_two_threads_do_not_mix() -> None:
    with Database.memory() as db:
        ns = filled(db, 10)
        wrong = []

        def refuse(latitude: float) -> None:
            for _ in range(2000):
                try:
                    ns.upsert("x", 0, latitude)
                except spatio.OutOfRangeError as error:
                    if str(int(latitude)) not in str(error):
                        wrong.append(str(error))

        threads = [threading.Thread(target=refuse, args=(95 + i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


def test_a_forgotten_database_is_closed_with_a_warning(tmp_path: Path) -> None:
    gc.collect()
    before = spatio.live_handles()
    db = Database.open(tmp_path / "db")
    ns = db.create_namespace("a")
    ns.upsert("x", 1, 2)
    del ns
    with pytest.warns(ResourceWarning, match="never closed"):
        del db
    gc.collect()
    assert spatio.live_handles() == before
    with Database.open(tmp_path / "db") as again:
        assert again.namespace("a").count() == 1


def test_a_namespace_keeps_its_database() -> None:
    ns = Database.memory().create_namespace("a")
    gc.collect()
    assert ns.upsert("x", 1, 2).outcome is spatio.Outcome.CREATED
    ns._database.close()


def test_a_program_that_just_ends_loses_nothing(tmp_path: Path) -> None:
    program = (
        "import sys, spatio\n"
        "db = spatio.Database.open(sys.argv[1], spatio.Options(log=lambda *_: None))\n"
        "ns = db.create_namespace('a')\n"
        "ns.upsert('x', 1, 2)\n"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "db"], check=True, timeout=60)
    with Database.open(tmp_path / "db") as db:
        assert db.namespace("a").get("x") is not None
        assert db.recovery().bytes_dropped == 0


def test_the_clock_is_asked() -> None:
    now = [1_000_000]
    with Database.memory(Options(clock=lambda: now[0], background=False)) as db:
        ns = db.create_namespace("a", NamespaceOptions(ttl_us=500))
        ns.upsert("x", 0, 0)
        found = ns.get("x")
        assert found is not None
        assert (found.time_us, found.expires_us) == (1_000_000, 1_000_500)
        now[0] += 501
        assert ns.get("x") is None
        assert db.sweep() == 1


@pytest.mark.parametrize("wrong", [lambda: 1 / 0, lambda: "soon", lambda: 2**70])
def test_a_clock_that_raises_is_told_of(wrong: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "spatio"), Database.memory(Options(clock=wrong)) as db:
        ns = db.create_namespace("a")
        before = time.time_ns() // 1000
        ns.upsert("x", 0, 0)
        found = ns.get("x")
        assert found is not None
        assert abs(found.time_us - before) < 60_000_000
    assert "the clock of a database raised" in caplog.text


def damaged(folder: Path) -> Path:
    with Database.open(folder) as db:
        db.create_namespace("a").upsert("x", 1, 2)
    (log,) = folder.glob("*.log")
    log.write_bytes(log.read_bytes() + b"torn")
    return folder


def test_the_log_is_told(tmp_path: Path) -> None:
    told: list[Any] = []
    options = Options(log=lambda level, text: told.append((level, text)))
    with Database.open(damaged(tmp_path / "db"), options) as db:
        assert db.recovery().bytes_dropped == 4
        assert "4 bytes dropped" in db.recovery().text
    assert any("4 bytes" in text for _, text in told)
    assert all(isinstance(level, spatio.Level) for level, _ in told)


def test_a_log_that_raises_is_told_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def log(level: spatio.Level, text: str) -> None:
        raise RuntimeError("no room for " + text)

    with caplog.at_level(logging.ERROR, "spatio"):
        Database.open(damaged(tmp_path / "db"), Options(log=log)).close()
    assert "the log of a database raised" in caplog.text


def test_log_to_a_logger(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    options = Options(log=spatio.log_to(logging.getLogger("fleet")))
    with caplog.at_level(logging.DEBUG, "fleet"):
        Database.open(damaged(tmp_path / "db"), options).close()
    assert any(record.name == "fleet" for record in caplog.records)


def test_a_callback_cannot_close(tmp_path: Path) -> None:
    other = Database.memory()
    told: list[str] = []

    def log(level: spatio.Level, text: str) -> None:
        try:
            other.close()
        except spatio.SpatioError as error:
            told.append(str(error))

    Database.open(damaged(tmp_path / "db"), Options(log=log)).close()
    assert told
    assert all("callback" in text for text in told)
    assert not other.closed
    other.close()


def test_an_interrupted_close_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    db = Database.memory()

    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(threading, "Event", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            db.close()
    assert not db.closed
    assert db.namespaces() == []
    db.close()


def test_a_signal_handler_may_call_the_database() -> None:
    # A handler runs between the end of a call and the reading of its answer.
    with Database.memory() as db:
        ns, other = filled(db, 500), db.create_namespace("other")
        handle = other.intern("x")
        calls = 0

        def handler(*_: Any) -> None:
            nonlocal calls
            calls += 1
            assert other.move(handle, calls % 90, 0, 0, -calls) in (1, 3)
            with contextlib.suppress(spatio.OutOfRangeError):
                other.upsert("x", 0, 1000)
            other.query(Query.everywhere())
            assert other.count() == 1

        before = signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.0005)
        try:
            end = time.monotonic() + 1.0
            while time.monotonic() < end:
                assert ns.count() == 500
                assert ns.move(ns.intern("1"), 1, 1) is spatio.Outcome.MOVED
                assert len(ns.query(Query.everywhere()).x) == 500
                with pytest.raises(spatio.OutOfRangeError, match="95"):
                    ns.upsert("1", 0, 95)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        assert calls > 50


def test_results_that_are_held_are_not_filled_anew() -> None:
    with Database.memory() as db:
        ns = filled(db, 300)
        held = []
        for k in range(1, 200):
            found = ns.query(Query.nearest((0, 0), k))
            held.append((k, found.x, found.x.copy()))
            if k % 3 == 0:
                held.pop(0)
        for k, x, copy in held:
            assert len(x) == k
            np.testing.assert_array_equal(x, copy)
        gc.collect()


def test_an_exception_inside_of_with_closes() -> None:
    with contextlib.suppress(ZeroDivisionError), Database.memory() as db:
        1 / 0  # noqa: B018
    assert db.closed
