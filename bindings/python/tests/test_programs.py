"""The programs that readers are shown run as they stand: the README's, and the example."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).resolve().parents[1]
README = (HERE / "README.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"<!-- run -->\n```python\n(.*?)```", README, flags=re.DOTALL)
HARBOUR = HERE / "examples" / "harbour.py"


def run(*arguments: str | Path, cwd: Path) -> str:
    command = [sys.executable, "-W", "error", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_are_programs() -> None:
    assert len(PROGRAMS) == 6
    assert README.count("```python") == len(PROGRAMS), "a program that no test runs"


@pytest.mark.parametrize("at", range(len(PROGRAMS)))
def test_a_program_of_the_readme_runs(at: int, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAMS[at], encoding="utf-8")
    printed = run(program, cwd=tmp_path)
    if at == 0:
        told = re.findall(r"It prints\n\n```text\n(.*?)```", README, flags=re.DOTALL)
        assert [printed] == told
    assert printed


def reports(path: Path) -> Path:
    """Ships that come to Seattle from the north, 1 km in a minute, and one that stays far away."""
    lines = ["object_id,timestamp_ms_utc,lon,lat,alt_m"]
    for minute in range(20):
        for ship in range(5):
            lat = 47.62 + (20 - minute) * 0.009 + ship * 0.001
            lines.append(f"ship{ship},{minute * 60_000},-122.40,{lat:.6f},")
        lines.append(f"far,{minute * 60_000},10.0,54.0,")
    lines.append("ship0,5,-122.4,47.9,")
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))
    return path


def test_the_example_finds_and_draws(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    image = tmp_path / "map.png"
    printed = run(HARBOUR, reports(tmp_path / "reports.csv.gz"), image, cwd=tmp_path)
    assert "6 ships, 1 reports came late" in printed
    assert "Seattle: 5 ships within 15 km" in printed
    (away, came), *_ = re.findall(r"ship0 +([\d.]+) km away, came +([\d.]+) km", printed)
    # 0.1 degrees up, 0.109 and 18 times 0.009 down, of 111.2 km each.
    assert (away, round(float(came))) == ("1.0", 41)
    from matplotlib import image as images

    pixels = images.imread(image)
    assert pixels.shape[:2] == (960, 960)
    assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > 100


def test_the_example_reads_real_reports(tmp_path: Path) -> None:
    folders = [parent / "shared" / "data" for parent in HERE.parents]
    found = [path for folder in folders for path in folder.glob("ais_us_coast_*.csv.gz")]
    if not found:
        pytest.skip("there are no recorded reports beside the clone (shared/data/ais_*.csv.gz)")
    printed = run(HARBOUR, min(found), cwd=tmp_path)
    assert "10631 ships" in printed
    assert re.search(r": \d{2,} ships within 15 km", printed)
