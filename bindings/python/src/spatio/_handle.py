"""What every part of a namespace stands on: its handle, and what a refused call comes to.

Invariants: the handle is freed once, when nothing uses it any more: each running call holds a
reference to it, so that closing in one thread never pulls it away under another. After `close` the
handle is NULL, which the library refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from spatio import _quick
from spatio._native import NULL, ffi, lib
from spatio.errors import ClosedError, fail
from spatio.options import Space
from spatio.result import Pool, Result, Slot, new_slot

if TYPE_CHECKING:
    from spatio.database import Database


class NamespaceHandle:
    """The handle of a namespace, and the database that must live as long."""

    _pointer: Any = NULL

    def __init__(self, pointer: Any, name: str, space: Space, database: Database) -> None:
        # Never copied into a variable: what a kept traceback holds could not be freed.
        self._pointer = ffi.gc(pointer, lib.spatio_namespace_close)
        self._quick = _quick.of(self._pointer)
        self._database = database
        self._pool: Pool = []
        #: Its name.
        self.name = name
        #: What its coordinates mean.
        self.space = space

    def _refused(self, status: int, error: Any) -> NoReturn:
        if self._pointer == NULL:
            raise ClosedError(f"the namespace {self.name!r} was closed")
        fail(status, error)

    def _slot(self) -> Slot:
        try:
            return self._pool.pop()
        except IndexError:
            return new_slot()

    def _result(self, status: int, error: Any, slot: Slot) -> Result:
        if status:
            self._refused(status, error)
        return Result(self._pool, slot, self.space)


class Cancel:
    """Stops the calls that it is given to, from any thread."""

    def __init__(self) -> None:
        self._pointer = ffi.gc(lib.spatio_cancel_new(), lib.spatio_cancel_free)

    def fire(self) -> None:
        """Stops the calls that run with it, soon, and those that begin with it, at once.

        They raise `CancelledError`.
        """
        lib.spatio_cancel_fire(self._pointer)

    def reset(self) -> None:
        """Makes it fit for use again, when no call uses it."""
        lib.spatio_cancel_reset(self._pointer)


def cancel_pointer(cancel: Cancel | None) -> Any:
    """The library's cancel, or NULL."""
    return NULL if cancel is None else cancel._pointer
