"""The work of peer.py in one environment: the everyday calls, timed; prints figures as JSON.

usage: python peer_work.py REPORTS.csv.gz OBJECTS

The same calls run with the package of the registry and with this one, which share an import name,
so that each needs a process and an environment of its own. What only this one has is marked so.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import sys
import time

import spatio
from spatio import Point, SetOptions, Spatio

OURS = hasattr(spatio, "Database")


def best(call, runs=3):
    """The best processor time of some runs, in seconds."""
    figures = []
    for _ in range(runs):
        start = time.process_time()
        call()
        figures.append(time.process_time() - start)
    return min(figures)


def everyday(objects):
    """One object a call: nanoseconds each."""
    rng = random.Random(7)
    at = [Point(rng.uniform(13.0, 14.0), rng.uniform(52.0, 53.0)) for _ in range(objects)]
    ids = [f"bus:{i}" for i in range(objects)]
    db = Spatio.memory()
    upsert = db.upsert

    def fill():
        for id, point in zip(ids, at):  # noqa: B905
            upsert("fleet", id, point)

    told = {"upsert, new objects": best(fill, 1) / objects * 1e9}

    def move():
        # Elsewhere each time: an object that stays where it is, is less work than one that moves.
        few = [(id, Point(rng.uniform(13.0, 14.0), rng.uniform(52.0, 53.0))) for id in ids[:2000]]
        start = time.process_time()
        for id, point in few:
            upsert("fleet", id, point)
        return (time.process_time() - start) / len(few) * 1e9

    told["upsert, moves"] = min(move() for _ in range(3))
    centers = at[:300]
    count = [0]

    def ask(query, *arguments):
        def run():
            count[0] = 0
            for center in centers:
                count[0] += len(query("fleet", center, *arguments))

        return run

    for name, query, arguments in (
        ("radius of 1 km", db.query_radius, (1000.0,)),
        ("k = 10", db.knn, (10,)),
    ):
        took = best(ask(query, *arguments))
        told[name] = took / len(centers) * 1e9
        told[f"rows of {name}"] = count[0]
    db.close()
    return told


def read(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    ids = [row[0] for row in rows]
    numbers = [[float(row[column]) for row in rows] for column in (2, 3, 1)]
    return (ids, *numbers)


def day(path):
    """A day of reports at once: nanoseconds a report, reading left out."""
    ids, lon, lat, time_ms = read(path)
    told = {"reports": len(ids)}

    def one_by_one():
        db = Spatio.memory()
        for id, x, y, at in zip(ids, lon, lat, time_ms):  # noqa: B905
            db.upsert("ships", id, Point(x, y), None, SetOptions(at / 1000))
        db.close()

    if not OURS:
        told["a day of AIS at once"] = best(one_by_one, 1) / len(ids) * 1e9
        return told
    import numpy as np

    columns = np.array(lon), np.array(lat)
    time_us = (np.array(time_ms) * 1000).astype(np.int64)

    def at_once():
        db = Spatio.memory()
        ships = db.namespace("ships")
        written = ships.upsert_batch(ids, *columns, time_us=time_us)
        assert written.applied + written.late == len(ids)
        db.close()

    told["a day of AIS at once"] = best(at_once) / len(ids) * 1e9
    return told


if __name__ == "__main__":
    reports, objects = sys.argv[1:]
    figures = everyday(int(objects))
    if reports != "-":
        figures.update(day(reports))
    print(json.dumps({"version": spatio.__version__, **figures}))
