"""Loading the library: another version, or none, is told of in words that help."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def imported(library: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SPATIO_LIBRARY": library}
    command = [sys.executable, "-c", "import spatio"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_another_version_of_the_interface(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler to make another library with")
    source = tmp_path / "other.c"
    source.write_text("unsigned spatio_abi_version(void) { return 99; }\n")
    library = tmp_path / "other.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    run = imported(str(library))
    assert run.returncode != 0
    assert "made for version 1 of the library's interface" in run.stderr
    assert "offers version 99" in run.stderr


@pytest.mark.parametrize("library", ["/nowhere/libspatio.so", "libc.so.6"])
def test_no_library(library: str) -> None:
    run = imported(library)
    assert run.returncode != 0
    assert f"spatio cannot load its library '{library}'" in run.stderr
    assert "Install a wheel" in run.stderr


def test_importing_is_quiet_and_needs_no_parser() -> None:
    program = (
        "import sys, spatio; print(sorted({'pycparser', 'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=60
    )
    assert (run.returncode, run.stderr, run.stdout.strip()) == (0, "", "[]")
