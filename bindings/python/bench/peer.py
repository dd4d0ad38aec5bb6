"""This package beside the package `spatio` of the registry, in one run.

usage: python bench/peer.py --venv FOLDER [--reports REPORTS.csv.gz] [--objects N] [--json FILE]

Needs this package installed. FOLDER becomes the environment of the other one, which is installed
there (0.3.0) unless it is already. The two share an import name: each works in processes of its
own, in turns, and the best of the turns counts. REPORTS are lines of
`object_id,timestamp_ms_utc,lon,lat,alt_m`; without them a day of reports is left out, and said so.
Each line of output is a row of JSON: workload, metric, unit, ours, peer, theirs, ratio, target.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

WORK = Path(__file__).resolve().parent / "peer_work.py"
PEER = "spatio==0.3.0"
TARGETS = {
    "upsert, new objects": 3,
    "upsert, moves": 3,
    "radius of 1 km": 3,
    "k = 10": 3,
    "a day of AIS at once": 20,
}


def environment(folder: Path) -> Path:
    """The Python of the other package's environment."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    probe = [python, "-c", "import spatio"]
    if subprocess.run(probe, capture_output=True).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
    return python


def figures(python: str | Path, reports: str, objects: int) -> dict[str, Any]:
    """What the work took in one environment."""
    command = [python, WORK, reports, str(objects)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venv", type=Path, required=True, help="of the other package")
    parser.add_argument("--reports", default="-", help="a day of AIS")
    parser.add_argument("--objects", type=int, default=20_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--json", type=Path, help="writes the rows into a file too")
    given = parser.parse_args()
    other = environment(given.venv)
    ours, theirs = [], []
    for _ in range(given.turns):
        ours.append(figures(sys.executable, given.reports, given.objects))
        theirs.append(figures(other, given.reports, given.objects))
    for name in ("rows of radius of 1 km", "rows of k = 10"):
        if ours[0][name] != theirs[0][name]:
            raise SystemExit(f"{name}: {ours[0][name]} here and {theirs[0][name]} there")
    lines = []
    for workload, target in TARGETS.items():
        if workload not in ours[0]:
            print(f"left out, without reports: {workload}", file=sys.stderr)
            continue
        mine, other_s = (min(told[workload] for told in side) for side in (ours, theirs))
        row = {
            "workload": workload,
            "metric": "time",
            "unit": "s" if "AIS" in workload else "us",
            "ours": round(mine, 4),
            "peer": f"spatio {theirs[0]['version']} of the registry",
            "theirs": round(other_s, 4),
            "ratio": round(other_s / mine, 2),
            "target": target,
        }
        lines.append(json.dumps(row))
    print("\n".join(lines))
    if given.json:
        given.json.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
