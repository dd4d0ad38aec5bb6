"""The last test of all: whatever was opened is closed, whatever was found is freed."""

from __future__ import annotations

import gc

import spatio


def test_nothing_leaked() -> None:
    gc.collect()
    assert spatio.live_handles() == 0
