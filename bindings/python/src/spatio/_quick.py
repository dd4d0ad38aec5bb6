"""The quickest calls of a namespace, compiled where the package has them.

Owns: which of the two ways is gone. `native/calls.c` has the compiled calls; a package that was
built without a C compiler, or an interpreter other than CPython, goes by cffi alone, and so does a
program with `SPATIO_COMPILED=0` in its environment. Invariant: a call answers None unless all went
well, and then the caller goes by cffi, which finds the reason; so both ways answer alike.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from spatio._native import address_of, ffi, lib

_FUNCTIONS = ("move", "upsert", "get_by_handle", "get", "count", "query_run")


class Absent:
    """What stands for the compiled calls where there are none: each leaves it to cffi."""

    def move(self, *_: object) -> Any:
        """Leaves it."""

    upsert = put = get_by_handle = get = count = ask = move


ABSENT = Absent()


def _load() -> Any:
    if os.environ.get("SPATIO_COMPILED") == "0":
        return None
    try:
        from spatio import _calls
    except ModuleNotFoundError:
        return None
    return _calls


_calls: Any = _load()


def has_compiled_calls() -> bool:
    """Whether single calls are compiled; else they go by cffi, and take about a microsecond."""
    return _calls is not None


def bind(outcomes: tuple[Any, ...], written: type, found: type) -> None:
    """Tells the compiled calls where the library is, and what their answers are made of."""
    if _calls is not None:
        at = tuple(address_of(ffi.addressof(lib, f"spatio_{name}")) for name in _FUNCTIONS)
        _calls.bind(at, outcomes, written, found, sys.version_info < (3, 14))


def of(pointer: Any) -> Any:
    """The calls of a namespace, which keep its handle alive as long as one runs."""
    if _calls is None:
        return ABSENT
    return _calls.Calls(address_of(pointer), pointer)
