"""Ships near a harbour, and where they came from, on a map.

usage: python harbour.py REPORTS.csv.gz [MAP.png]

The reports are lines of `object_id,timestamp_ms_utc,lon,lat,alt_m`. Needs matplotlib for the map.
"""

from __future__ import annotations

import csv
import gzip
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import spatio
from spatio import History, NamespaceOptions, Query, Result

HARBOURS = {
    "Houston": (-95.02, 29.65),
    "New York": (-74.05, 40.65),
    "Los Angeles": (-118.25, 33.73),
    "Seattle": (-122.40, 47.62),
}
RADIUS_M = 15_000.0


# %% Read: columns out of a file.


def read(path: Path) -> tuple[list[str], NDArray[np.float64], NDArray[np.int64]]:
    """Ids, places (rows of longitude and latitude) and times in microseconds."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    places = np.array([row[2:4] for row in rows], np.float64)
    return [row[0] for row in rows], places, np.array([row[1] for row in rows], np.int64) * 1000


# %% Write: a day of reports in one call.


def load(ships: spatio.Namespace, path: Path) -> int:
    """Writes all reports; how many were late (older than what was known of the ship)."""
    ids, places, time_us = read(path)
    told = ships.upsert_batch(ids, places[:, 0], places[:, 1], time_us=time_us)
    return told.late


# %% Ask: who is near, and where did they come from?


def near(ships: spatio.Namespace, harbour: str) -> tuple[Result, Result]:
    """The ships near a harbour, nearest first, and the track of each."""
    found = ships.query(Query.circle(HARBOURS[harbour], RADIUS_M).with_ids())
    return found, ships.trajectory(found.handles)


def kilometres(ships: spatio.Namespace, tracks: Result) -> list[float]:
    """How far each ship came, by the geodesic."""
    lengths = []
    for ship in range(tracks.queries):
        part = tracks.of(ship)
        places = [spatio.Point(*at) for at in zip(tracks.x[part], tracks.y[part], strict=True)]
        steps = [spatio.distance(*step, spatio.Metric.GEODESIC) for step in pairwise(places)]
        lengths.append(sum(steps) / 1000)
    return lengths


# %% Draw.


def draw(harbour: str, ships: spatio.Namespace, found: Result, tracks: Result, to: Path) -> None:
    """A map of what was asked and what was found."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    lon, lat = HARBOURS[harbour]
    figure, axes = pyplot.subplots(figsize=(8, 8), layout="constrained")
    wide = Query.box_around((lon, lat), 1.0, 0.8)
    others = ships.query(wide)
    axes.plot(others.x, others.y, ".", color="0.8", markersize=4, label="other ships")
    for ship in range(tracks.queries):
        part = tracks.of(ship)
        axes.plot(tracks.x[part], tracks.y[part], "-", linewidth=1)
    axes.scatter(found.x, found.y, c=found.distance, s=14, zorder=3, label="found")
    turn = np.linspace(0, 2 * np.pi, 200)
    degrees = np.degrees(RADIUS_M / 6_371_008.8)
    round_x = lon + degrees * np.cos(turn) / np.cos(np.radians(lat))
    axes.plot(round_x, lat + degrees * np.sin(turn), "--", color="black", linewidth=0.8)
    axes.set_aspect(1 / np.cos(np.radians(lat)))
    axes.set(xlabel="longitude", ylabel="latitude", xlim=(lon - 0.5, lon + 0.5))
    axes.set(ylim=(lat - 0.4, lat + 0.4), title=f"{len(found)} ships near {harbour}")
    axes.legend(loc="upper right")
    figure.savefig(to, dpi=120)
    pyplot.close(figure)


def main(reports: Path, to: Path | None) -> None:
    """Reads, asks, prints, and draws."""
    with spatio.Database.memory() as db:
        ships = db.create_namespace("ships", NamespaceOptions(history=History.ON))
        late = load(ships, reports)
        print(f"{ships.count()} ships, {late} reports came late")
        best = max(HARBOURS, key=lambda harbour: len(near(ships, harbour)[0]))
        found, tracks = near(ships, best)
        print(f"{best}: {len(found)} ships within {RADIUS_M / 1000:.0f} km")
        for row, length in list(zip(found, kilometres(ships, tracks), strict=True))[:5]:
            print(f"  {row.id}  {(row.distance or 0) / 1000:5.1f} km away, came {length:5.1f} km")
        if to is not None:
            draw(best, ships, found, tracks, to)
            print(f"the map is in {to}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else None)
