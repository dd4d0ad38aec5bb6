"""What the crossing from Python to the library costs, beside the same calls in C.

usage: python bench/crossing.py WORK [--quick]

Needs the package installed. WORK is `bindings/go/bench/crossing.c` as a shared library, compiled by
`cc -O2 -shared -fPIC -Iinclude`; it works with the library that the package has loaded.
`cargo xtask bench ffi` runs this beside the other languages. Both sides run in turns, and the best
of many short rounds counts. Each line of output is a piece of work in JSON: what it is, and the
nanoseconds of one operation in Python and in C.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np
from cffi import FFI

import spatio
from spatio import Query, _native

# The world of crossing.h.
SIDE, OBJECTS, FOLLOWED, STRIDE, APART, STEP = 100, 10_000, 1_000, 97, 10, 0.25
WORK = ("c_get", "c_move", "c_move_batch", "c_box")
DECLARATIONS = "void *c_world_new(void); void c_world_free(void *);" + "".join(
    f"int {name}(void *, size_t);" for name in WORK
)


class C:
    """The work in C, in a world of its own."""

    def __init__(self, library: str) -> None:
        ffi = FFI()
        ffi.cdef(DECLARATIONS)
        # The library's functions are seen by what is loaded after it.
        ffi.dlopen(_native._path(), ffi.RTLD_NOW | ffi.RTLD_GLOBAL)
        self.lib = ffi.dlopen(library)
        self.world = self.lib.c_world_new()
        if self.world == ffi.NULL:
            raise SystemExit("the world of C could not be made")

    def timed(self, name: str, times: int) -> float:
        work = getattr(self.lib, name)
        start = time.thread_time_ns()
        status = work(self.world, times)
        took = time.thread_time_ns() - start
        if status:
            raise SystemExit(f"{name} failed with {status}")
        return took / times


class World:
    """The same world by way of Python."""

    def __init__(self, db: spatio.Database) -> None:
        options = spatio.NamespaceOptions(spatio.Space.CARTESIAN, spatio.History.OFF)
        self.ns = db.create_namespace("world", options)
        at = np.arange(OBJECTS)
        x, y = (at % SIDE * APART).astype(float), (at // SIDE * APART).astype(float)
        every = self.ns.upsert_batch([f"unit:{i}" for i in at], x, y).handles
        followed = np.arange(FOLLOWED) * STRIDE % OBJECTS
        self.handles = np.ascontiguousarray(every[followed])
        self.x = x[followed], x[followed] + STEP
        self.y, self.z = y[followed], np.zeros(FOLLOWED)
        self.turn = 0
        self.box = Query.box(95, 95, 495, 345)
        # One call for one: numbers of Python.
        self.singles = self.handles.tolist()
        self.places = tuple(list(zip(x.tolist(), self.y.tolist(), strict=True)) for x in self.x)

    def get(self, times: int) -> None:
        get = self.ns.get_by_handle
        for _ in range(times // FOLLOWED):
            for handle in self.singles:
                get(handle)

    def move(self, times: int) -> None:
        move = self.ns.move
        for _ in range(times // FOLLOWED):
            for handle, (x, y) in zip(self.singles, self.places[self.turn], strict=True):
                move(handle, x, y)
            self.turn ^= 1

    def move_batch(self, times: int) -> None:
        for _ in repeat(None, times):
            moved = self.ns.move_batch(self.handles, self.x[self.turn], self.y, self.z)
            assert moved.applied == FOLLOWED
            self.turn ^= 1

    def boxes(self, times: int) -> None:
        for _ in repeat(None, times):
            found = self.ns.query(self.box)
            assert len(found) == FOLLOWED
            found.handles, found.x, found.y, found.z, found.time_us  # noqa: B018


def best(rounds: int, *sides: Callable[[], float]) -> list[float]:
    """The best figure of each side, run in turns."""
    figures = [float("inf")] * len(sides)
    for _ in range(rounds):
        for at, side in enumerate(sides):
            figures[at] = min(figures[at], side())
    return figures


def timed(work: Callable[[int], object], times: int) -> float:
    start = time.thread_time_ns()
    work(times)
    return (time.thread_time_ns() - start) / times


def measure(world: World, c: C, rounds: int) -> list[dict[str, Any]]:
    told = []
    pieces = (
        ("get by handle", 1, 2_000, world.get),
        ("move by handle", 1, 2_000, world.move),
        ("batch of 1,000 moves", FOLLOWED, 20, world.move_batch),
        ("box of 1,000 rows", FOLLOWED, 100, world.boxes),
    )
    for (name, units, times, work), in_c in zip(pieces, WORK, strict=True):
        ours, theirs = best(
            rounds,
            lambda work=work, times=times: timed(work, times),
            lambda in_c=in_c, times=times: c.timed(in_c, times),
        )
        figures = {"ours": round(ours / units, 3), "theirs": round(theirs / units, 3)}
        told.append({"work": name, **figures})
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", help="the work in C, as a shared library")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    given, _ = parser.parse_known_args()
    c = C(given.work)
    with spatio.Database.memory() as db:
        for row in measure(World(db), c, 100 if given.quick else 400):
            print(json.dumps(row))
    c.lib.c_world_free(c.world)
    return 0


if __name__ == "__main__":
    sys.exit(main())
