"""What the crossing from Python to the library costs, beside the same calls in C.

usage: python bench/crossing.py [--quick] [--json FILE]

Needs the package installed, and a C compiler. Both sides run in one process over one database, in
turns, and the best of many short runs counts: what else the machine does only adds. Each line of
output is a row of JSON: workload, metric, unit, ours, peer, theirs, ratio, target.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from cffi import FFI

import spatio
from spatio import Query, _native
from spatio._columns import pointer

HERE = Path(__file__).resolve().parent
ROWS = 1000
DECLARATIONS = """
double bench_count(void *, size_t);
double bench_move(void *, uint64_t, int64_t, size_t);
double bench_move_batch(void *, size_t, void *, void *, void *, size_t);
double bench_query(void *, void *, size_t, size_t);
"""


class C:
    """The loops in C, over the library that the package has loaded."""

    def __init__(self, folder: Path) -> None:
        library = folder / "crossing.so"
        command = ["cc", "-O2", "-shared", "-fPIC", f"-I{HERE.parents[2] / 'include'}"]
        subprocess.run([*command, "-o", library, HERE / "crossing.c"], check=True)
        self.ffi = FFI()
        self.ffi.cdef(DECLARATIONS)
        # The library's functions are seen by what is loaded after it.
        self.ffi.dlopen(_native._path(), self.ffi.RTLD_NOW | self.ffi.RTLD_GLOBAL)
        self.lib = self.ffi.dlopen(str(library))

    def address(self, value: Any) -> Any:
        return self.ffi.cast("void *", int(_native.ffi.cast("uintptr_t", value)))


def best(runs: int, *sides: Callable[[], float]) -> list[float]:
    """The best figure of each side, run in turns."""
    figures = [float("inf")] * len(sides)
    for _ in range(runs):
        for at, side in enumerate(sides):
            took = side()
            if took < 0:
                raise SystemExit(f"the loop in C failed with {took}")
            figures[at] = min(figures[at], took)
    return figures


def timed(call: Callable[[], object], times: int) -> Callable[[], float]:
    def run() -> float:
        turns = range(times)
        start = time.perf_counter_ns()
        for _ in turns:
            call()
        return (time.perf_counter_ns() - start) / times

    return run


def empty_loop(times: int) -> float:
    """What `timed` itself costs for each call: the call of a function that does nothing."""
    return best(200, timed(lambda: None, times))[0]


def row(workload: str, metric: str, unit: str, **figures: Any) -> dict[str, Any]:
    return {"workload": workload, "metric": metric, "unit": unit, **figures}


def added(workload: str, ours: float, theirs: float, target: float | None) -> dict[str, Any]:
    figures = {"ours": round(ours, 1), "peer": "C", "theirs": round(theirs, 1)}
    more = {"ratio": round(ours / theirs, 2), "added": round(ours - theirs, 1), "target": target}
    return row(workload, "time per call", "ns", **figures, **more)


def ratio(workload: str, unit: str, ours: float, theirs: float, target: float) -> dict[str, Any]:
    figures = {"ours": round(ours, 3), "peer": "C", "theirs": round(theirs, 3)}
    return row(workload, "time", unit, **figures, ratio=round(ours / theirs, 2), target=target)


def measure(c: C, ns: spatio.Namespace, runs: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(13, 14, ROWS), rng.uniform(52, 53, ROWS)
    handles = ns.upsert_batch([f"{i}" for i in range(ROWS)], x, y).handles
    at, one = c.address(ns._pointer), int(handles[0])
    loop = empty_loop(500)
    rows = []

    ours, theirs = best(runs, timed(ns.count, 500), lambda: c.lib.bench_count(at, 500))
    # `timed` calls a bound method as it would call nothing: only the loop is subtracted.
    rows.append(added("one scalar call: count", ours, theirs, 400))

    now = time.time_ns() // 1000
    ours, theirs = best(
        runs,
        timed(lambda: ns.move(one, 13.4, 52.5, 0.0, now), 500),
        lambda: c.lib.bench_move(at, one, now, 500),
    )
    rows.append(added("one scalar call: move", ours - loop, theirs, 400))

    columns = [c.address(pointer(column)) for column in (handles, x, y)]
    ours, theirs = best(
        runs,
        timed(lambda: ns.move_batch(handles, x, y), 20),
        lambda: c.lib.bench_move_batch(at, ROWS, *columns, 20),
    )
    rows.append(ratio("batch of 1,000 moves", "ns per row", ours / ROWS, theirs / ROWS, 1.5))

    for name, query in (
        ("box", Query.box(12, 51, 15, 54)),
        ("nearest", Query.nearest((13.5, 52.5), ROWS)),
    ):
        struct = c.address(query.struct())

        def ask(query: Query = query) -> None:
            found = ns.query(query)
            found.handles, found.x, found.y, found.z, found.time_us, found.distance  # noqa: B018

        def ask_in_c(struct: Any = struct) -> float:
            return c.lib.bench_query(at, struct, ROWS, 20)

        ours, theirs = best(runs, timed(ask, 20), ask_in_c)
        rows.append(ratio(f"1,000-row result: {name}", "us", ours / 1e3, theirs / 1e3, 2.0))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a fifth of the runs")
    parser.add_argument("--json", type=Path, help="writes the rows into a file too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, spatio.Database.memory() as db:
        c = C(Path(folder))
        rows = measure(c, db.create_namespace("bench"), 40 if given.quick else 200)
    lines = [json.dumps(one) for one in rows]
    print("\n".join(lines))
    if given.json:
        given.json.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
