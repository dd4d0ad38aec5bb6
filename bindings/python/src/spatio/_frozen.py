"""What packs and fences have in common: a handle that is closed, and slots for answers.

Invariants: the library's handle is freed once, when no call uses it any more: each running call
holds a reference to it. After `close` the handle is NULL, which the library refuses.
"""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any, NoReturn, TypeVar

from spatio._native import NULL, ffi, new_error
from spatio.errors import ClosedError, fail
from spatio.reports import path_bytes
from spatio.result import Pool, Slot, new_slot

_Frozen = TypeVar("_Frozen", bound="FrozenHandle")


def opened(call: Any, kind: str, path: str | os.PathLike[str]) -> Any:
    """The handle of a file; `kind` is the library's type of it."""
    out = ffi.new(f"{kind} **")
    error = new_error()
    status = call(path_bytes(path), out, error)
    if status:
        fail(status, error)
    return out[0]


def opened_bytes(call: Any, kind: str, data: bytes | bytearray | memoryview) -> Any:
    """The same of the bytes of a file, which are copied."""
    out = ffi.new(f"{kind} **")
    error = new_error()
    view = ffi.from_buffer("uint8_t[]", data)
    status = call(view, len(view), out, error)
    if status:
        fail(status, error)
    return out[0]


class FrozenHandle:
    """The handle of what never changes."""

    _pointer: Any = NULL

    def __init__(self, pointer: Any, free: Any) -> None:
        # Never copied into a variable: what a kept traceback holds could not be freed.
        self._pointer = ffi.gc(pointer, free)
        self._pool: Pool = []

    def close(self) -> None:
        """Lets go of it, once calls of other threads have ended; twice is fine."""
        self._pointer = NULL
        self._pool.clear()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return bool(self._pointer == NULL)

    def __enter__(self: _Frozen) -> _Frozen:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _refused(self, status: int, error: Any) -> NoReturn:
        if self._pointer == NULL:
            raise ClosedError(f"the {type(self).__name__.lower()} was closed")
        fail(status, error)

    def _done(self, call: Any, *taken: Any) -> None:
        error = new_error()
        status = call(self._pointer, *taken, error)
        if status:
            self._refused(status, error)

    def _slot(self) -> Slot:
        try:
            return self._pool.pop()
        except IndexError:
            return new_slot()
