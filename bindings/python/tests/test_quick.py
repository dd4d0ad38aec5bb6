"""The compiled calls beside those by cffi: the same answers, and the same words when refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import spatio
from spatio import _quick

needs_compiled = pytest.mark.skipif(
    not spatio.has_compiled_calls(), reason="single calls are not compiled here"
)


def told(call: Callable[[spatio.Namespace], Any], ns: spatio.Namespace) -> Any:
    """What a call answers, or what it raises and says; handles by their ids, as each namespace has
    its own."""
    try:
        answer = call(ns)
    except Exception as error:
        return type(error), str(error)
    if hasattr(answer, "handle"):
        return type(answer), ns.id(answer.handle), answer[1:]
    return type(answer), answer


class Strange:
    """A number of a program's own."""

    def __float__(self) -> float:
        return 4.5

    def __index__(self) -> int:
        return 7


CALLS: list[Callable[[spatio.Namespace], Any]] = [
    lambda ns: ns.count(),
    lambda ns: ns.upsert("a", 1.0, 2.0, time_us=10),
    lambda ns: ns.upsert("a", 1, 2, 3, 11),
    lambda ns: ns.upsert("ä€", np.float64(1.5), np.int64(2), True, 12),
    lambda ns: ns.upsert("a", 9.0, 9.0, time_us=5),
    lambda ns: ns.upsert("b", 1.0, 2.0, time_us=10, payload=b"some"),
    lambda ns: ns.upsert("b", 1.0, 2.5, time_us=11),
    lambda ns: ns.upsert("c", 1.0, 2.0, time_us=10, payload=b""),
    lambda ns: ns.upsert("d", Strange(), 2.0, time_us=10),  # type: ignore[arg-type]
    lambda ns: ns.upsert(b"e", 1.0, 2.0, time_us=10),  # type: ignore[arg-type]
    lambda ns: ns.upsert("f", 1.0, 2.0, time_us=Strange()),  # type: ignore[arg-type]
    lambda ns: ns.upsert("", 1.0, 2.0),
    lambda ns: ns.upsert("\ud800", 1.0, 2.0),
    lambda ns: ns.upsert(7, 1.0, 2.0),  # type: ignore[arg-type]
    lambda ns: ns.upsert("g", 500.0, 2.0),
    lambda ns: ns.upsert("g", float("nan"), 2.0),
    lambda ns: ns.upsert("g", "1", 2.0),  # type: ignore[arg-type]
    lambda ns: ns.upsert("g", 1.0, 2.0, time_us=2**63),
    lambda ns: ns.upsert("g", 1.0, 2.0, time_us=1.5),  # type: ignore[arg-type]
    lambda ns: ns.upsert("g", 1.0, 2.0, payload="text"),  # type: ignore[arg-type]
    lambda ns: ns.upsert("g", 1.0, 2.0, payload=bytes(70_000)),
    lambda ns: ns.move(ns.intern("a"), 2.0, 3.0, time_us=20),
    lambda ns: ns.move(np.uint64(ns.intern("a")), 2.0, 3.0, 4.0, 21),  # type: ignore[arg-type]
    lambda ns: ns.move(ns.intern("a"), 2.0, 3.0, time_us=1),
    lambda ns: ns.move(ns.intern("new"), 2.0, 3.0, time_us=1),
    lambda ns: ns.move(99_999, 2.0, 3.0),
    lambda ns: ns.move(-1, 2.0, 3.0),
    lambda ns: ns.move(2**64, 2.0, 3.0),
    lambda ns: ns.move("a", 2.0, 3.0),  # type: ignore[arg-type]
    lambda ns: ns.move(ns.intern("a"), None, 3.0),  # type: ignore[arg-type]
    lambda ns: ns.get("a"),
    lambda ns: ns.get("b"),
    lambda ns: ns.get("c"),
    lambda ns: ns.get("ä€"),
    lambda ns: ns.get("nobody"),
    lambda ns: ns.get(""),
    lambda ns: ns.get("\ud800"),
    lambda ns: ns.get(b"a"),  # type: ignore[arg-type]
    lambda ns: ns.get_by_handle(ns.intern("a")),
    lambda ns: ns.get_by_handle(ns.intern("b")),
    lambda ns: ns.get_by_handle(ns.intern("named only")),
    lambda ns: ns.get_by_handle(99_999),
    lambda ns: ns.get_by_handle("a"),  # type: ignore[arg-type]
    lambda ns: ns.delete("a"),
    lambda ns: ns.get("a"),
    lambda ns: ns.count(),
    lambda ns: ns.close(),
    lambda ns: ns.count(),
    lambda ns: ns.get("b"),
    lambda ns: ns.get_by_handle(1),
    lambda ns: ns.upsert("b", 1.0, 2.0),
    lambda ns: ns.move(1, 1.0, 2.0),
]


@needs_compiled
def test_both_ways_answer_alike() -> None:
    with spatio.Database.memory() as one, spatio.Database.memory() as other:
        compiled, by_cffi = one.create_namespace("main"), other.create_namespace("main")
        assert compiled._quick is not _quick.ABSENT
        by_cffi._quick = _quick.ABSENT
        for at, call in enumerate(CALLS):
            assert told(call, compiled) == told(call, by_cffi), f"call {at}"


@needs_compiled
def test_what_expires_is_told_alike() -> None:
    now = [1_000_000]
    options = spatio.Options(clock=lambda: now[0])
    with spatio.Database.memory(options) as db:
        ns = db.create_namespace("main")
        handle = ns.upsert("a", 1.0, 2.0, ttl_us=500).handle
        quick = ns.get_by_handle(handle)
        assert quick is not None
        assert quick.expires_us == 1_000_500
        ns._quick = _quick.ABSENT
        assert ns.get_by_handle(handle) == quick


@pytest.mark.parametrize("point", [(1.0, 2.0, 3.0), [1.0, 2.0, 3.0], spatio.Point(1, 2, 3)])
def test_the_everyday_upsert_takes_any_three_numbers(point: Any) -> None:
    with spatio.Spatio.memory() as db:
        db.upsert("main", "a", point, {"k": 1})
        found = db.get("main", "a")
        assert found is not None
        assert found[:2] == (spatio.Point(1, 2, 3), {"k": 1})


def test_the_everyday_upsert_refuses_in_words() -> None:
    with spatio.Spatio.memory() as db:
        with pytest.raises(spatio.OutOfRangeError, match="999"):
            db.upsert("main", "a", spatio.Point(999, 0))
        with pytest.raises(ValueError, match="unpack"):
            db.upsert("main", "a", (1.0, 2.0))  # type: ignore[arg-type]


def test_closing_under_running_calls_is_safe() -> None:
    """Calls that run keep the handle alive; those that come later are refused."""
    for _ in range(20):
        with spatio.Database.memory() as db:
            ns = db.create_namespace("main")
            handle = ns.upsert("a", 1.0, 2.0).handle
            refused: list[type] = []

            def work(ns: Any = ns, handle: int = handle, refused: Any = refused) -> None:
                try:
                    while True:
                        ns.move(handle, 1.0, 2.0)
                        ns.get_by_handle(handle)
                except spatio.SpatioError as error:
                    refused.append(type(error))

            threads = [threading.Thread(target=work) for _ in range(2)]
            for thread in threads:
                thread.start()
            ns.close()
            for thread in threads:
                thread.join()
            assert refused == [spatio.ClosedError] * 2
