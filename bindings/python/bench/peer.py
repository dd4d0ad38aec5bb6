"""This package beside the package `spatio` of the registry, in one run.

usage: python bench/peer.py OTHER [--quick] [--data FOLDER] [--objects N]

Needs this package installed. OTHER is the Python of an environment in which the other one is (0.3).
The two share an import name: each works in processes of its own, in turns, and the best of the
turns counts. In FOLDER lies `ais_us_coast_2022-01-03.csv.gz`, a day of reports, as lines of
`object_id,timestamp_ms_utc,lon,lat,alt_m`; without it that part is left out, and said so.
`cargo xtask bench ffi` runs this beside the other languages. Each line of output is a piece of work
in JSON: what it is, and the nanoseconds of one operation here and there.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

WORK = Path(__file__).resolve().parent / "peer_work.py"
DAY = "ais_us_coast_2022-01-03.csv.gz"
PIECES = (
    "upsert, new objects",
    "upsert, moves",
    "radius of 1 km",
    "k = 10",
    "a day of AIS at once",
)


def figures(python: str | Path, reports: str, objects: int) -> dict[str, Any]:
    """What the work took in one environment."""
    command = [python, WORK, reports, str(objects)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", help="the Python of the other package")
    parser.add_argument("--quick", action="store_true", help="one turn")
    parser.add_argument("--data", type=Path, help="where the day of reports lies")
    parser.add_argument("--objects", type=int, default=20_000)
    given = parser.parse_args()
    day = None if given.data is None else given.data / DAY
    reports = str(day) if day is not None and day.is_file() else "-"
    ours, theirs = [], []
    for _ in range(1 if given.quick else 3):
        ours.append(figures(sys.executable, reports, given.objects))
        theirs.append(figures(given.other, reports, given.objects))
    for name in ("rows of radius of 1 km", "rows of k = 10"):
        if ours[0][name] != theirs[0][name]:
            raise SystemExit(f"{name}: {ours[0][name]} here and {theirs[0][name]} there")
    for work in PIECES:
        if work not in ours[0]:
            print(json.dumps({"work": work, "skipped": f"there is no {day or DAY}"}))
            continue
        mine, others = (round(min(told[work] for told in side)) for side in (ours, theirs))
        print(json.dumps({"work": work, "ours": mine, "theirs": others}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
