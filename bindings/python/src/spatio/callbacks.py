"""Python functions that the library calls: the log and the clock of a database.

Invariant: nothing that they raise reaches the library. It goes to the logger `spatio`, and the
clock then tells the system's time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from spatio._native import ffi
from spatio.options import Level, Options

_logger = logging.getLogger("spatio")


class _Inside(threading.local):
    """Whether this thread is inside of a callback, where a database cannot be closed."""

    depth = 0


inside = _Inside()


class Callbacks:
    """The callbacks of one database; they must live as long as it is open."""

    def __init__(self, options: Options) -> None:
        self.log: Any = ffi.NULL
        self.clock: Any = ffi.NULL
        if options.log is not None:
            self.log = ffi.callback("spatio_log_callback", _log(options.log))
        if options.clock is not None:
            self.clock = ffi.callback("spatio_clock_callback", _clock(options.clock))


def _log(function: Callable[[Level, str], object]) -> Callable[[Any, int, Any, int], None]:
    def call(_user: Any, level: int, message: Any, length: int) -> None:
        inside.depth += 1
        try:
            words = bytes(ffi.buffer(message, length)).decode("utf-8", "replace")
            function(Level(level), words)
        except BaseException:
            _logger.exception("the log of a database raised")
        finally:
            inside.depth -= 1

    return call


def _clock(function: Callable[[], int]) -> Callable[[Any], int]:
    def call(_user: Any) -> int:
        inside.depth += 1
        try:
            time_us = int(function())
            if not -(2**63) <= time_us < 2**63:
                raise OverflowError(f"the clock told {time_us}, which is not in 64 bits")
            return time_us
        except BaseException:
            _logger.exception("the clock of a database raised; the system's is taken")
            return time.time_ns() // 1000
        finally:
            inside.depth -= 1

    return call


def log_to(logger: logging.Logger) -> Callable[[Level, str], None]:
    """A log that hands everything to a logger of the standard library."""
    levels = {Level.ERROR: logging.ERROR, Level.WARNING: logging.WARNING, Level.INFO: logging.INFO}

    def log(level: Level, message: str) -> None:
        logger.log(levels[level], "%s", message)

    return log
