"""A database: opened, closed, made durable, looked through.

Invariants: the library's handle is closed once, when no call uses it any more: each running call
holds a reference to it, and `close` waits for the last. Nothing is lost by a program that forgets
to close: the handle is closed with its object, or at the program's end.
"""

from __future__ import annotations

import atexit
import gc
import os
import threading
import warnings
import weakref
from types import TracebackType
from typing import Any, NoReturn

from spatio._native import NULL, ffi, lib, new_error, text
from spatio.callbacks import Callbacks, inside
from spatio.errors import ClosedError, SpatioError, fail
from spatio.namespace import Namespace
from spatio.options import NamespaceOptions, Options, Space
from spatio.reports import Recovery, Stats, filled, path_bytes
from spatio.result import Result, new_slot

Path = str | os.PathLike[str]


def _destroy(pointer: Any) -> None:
    lib.spatio_close(pointer, NULL)


class Database:
    """An open database, by `Database.open` or `Database.memory`.

    Any number of threads may use one. It is a context manager, which closes it.
    """

    _pointer: Any = NULL

    def __init__(self, path: Path | None, options: Options) -> None:
        #: Its directory; None in memory.
        self.path = None if path is None else os.fspath(path)
        self.options = options
        self._closing = threading.Lock()
        self._callbacks = Callbacks(options)
        struct = ffi.new("spatio_options *")
        lib.spatio_options_init(struct, ffi.sizeof("spatio_options"))
        _fill(struct, options, self._callbacks)
        out = ffi.new("spatio_db **")
        name = NULL if self.path is None else path_bytes(self.path)
        error = new_error()
        status = lib.spatio_open(name, struct, out, error)
        if status:
            fail(status, error)
        self._pointer = ffi.gc(out[0], _destroy)
        _open.add(self)

    @classmethod
    def open(cls, path: Path, options: Options | None = None) -> Database:
        """Opens the database in a directory, creating it if it is missing."""
        return cls(path, Options() if options is None else options)

    @classmethod
    def memory(cls, options: Options | None = None) -> Database:
        """Opens a database in memory, which is gone when it is closed."""
        return cls(None, Options() if options is None else options)

    def close(self) -> None:
        """Writes everything down and closes; waits for calls that other threads have under way.

        Its namespaces raise `ClosedError` from then on. Closing twice is fine. An error says that
        the last writes did not reach the disk; the database is closed all the same.
        """
        if inside.depth:
            raise SpatioError("close: a callback of a database cannot close one")
        with self._closing:
            if self._pointer == NULL:
                return
            raw = ffi.cast("spatio_db *", self._pointer)
            ffi.gc(self._pointer, None)
            done = threading.Event()
            watch = weakref.ref(self._pointer, lambda _: done.set())
            self._pointer = NULL
            try:
                while not done.wait(1.0):
                    gc.collect()  # where references are not counted
            except BaseException:
                self._pointer = ffi.gc(raw, _destroy)
                raise
            del watch
            _open.discard(self)
            error = new_error()
            status = lib.spatio_close(raw, error)
            if status:
                fail(status, error)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return bool(self._pointer == NULL)

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if self._pointer != NULL:
            warnings.warn(f"{self!r} was never closed", ResourceWarning, source=self, stacklevel=2)
            self._pointer = NULL

    def __repr__(self) -> str:
        where = "in memory" if self.path is None else repr(self.path)
        return f"<spatio.Database {where}{', closed' if self.closed else ''}>"

    def _refused(self, status: int, error: Any) -> NoReturn:
        if self._pointer == NULL:
            raise ClosedError("the database was closed")
        fail(status, error)

    def flush(self) -> None:
        """Hands what is buffered to the operating system, without waiting for the disk."""
        error = new_error()
        status = lib.spatio_flush(self._pointer, error)
        if status:
            self._refused(status, error)

    def sync(self) -> None:
        """Returns once everything accepted so far is on disk."""
        error = new_error()
        status = lib.spatio_sync(self._pointer, error)
        if status:
            self._refused(status, error)

    def checkpoint(self) -> None:
        """Writes a checkpoint, from which the next opening starts; writers go on meanwhile."""
        error = new_error()
        status = lib.spatio_checkpoint(self._pointer, error)
        if status:
            self._refused(status, error)

    def sweep(self) -> int:
        """Frees the memory of the objects that have expired; how many there were."""
        removed = ffi.new("uint64_t *")
        error = new_error()
        status = lib.spatio_sweep(self._pointer, removed, error)
        if status:
            self._refused(status, error)
        return int(removed[0])

    def stats(self) -> Stats:
        """Figures about the whole database. Costs a walk over all objects."""
        stats = ffi.new("spatio_stats *", (ffi.sizeof("spatio_stats"),))
        error = new_error()
        status = lib.spatio_get_stats(self._pointer, stats, error)
        if status:
            self._refused(status, error)
        return filled(Stats, stats)

    def recovery(self) -> Recovery:
        """What opening this database found."""
        numbers = ffi.new("spatio_recovery *", (ffi.sizeof("spatio_recovery"),))
        error = new_error()
        status = lib.spatio_get_recovery(self._pointer, numbers, error)
        if status:
            self._refused(status, error)
        length = ffi.new("size_t *")
        capacity = 1024
        while True:
            words = ffi.new("char[]", capacity)
            error = new_error()
            status = lib.spatio_recovery_text(self._pointer, words, capacity, length, error)
            if status != lib.SPATIO_BUFFER_TOO_SMALL:
                break
            capacity = length[0] + 1
        if status:
            self._refused(status, error)
        return Recovery.of(numbers, text(words))

    def namespaces(self) -> list[str]:
        """The names of all namespaces, in the order in which they were made."""
        slot = new_slot()
        error = new_error()
        status = lib.spatio_namespaces(self._pointer, slot[0], slot[1], error)
        if status:
            self._refused(status, error)
        return Result([], slot, Space.GEOGRAPHIC).ids or []

    def create_namespace(self, name: str, options: NamespaceOptions | None = None) -> Namespace:
        """Makes a namespace, or opens the one of that name if its settings are the same."""
        wanted = NamespaceOptions() if options is None else options
        struct = ffi.new("spatio_namespace_options *")
        lib.spatio_namespace_options_init(struct, ffi.sizeof("spatio_namespace_options"))
        struct.space = int(wanted.space)
        struct.history = int(wanted.history)
        struct.ttl_us = wanted.ttl_us
        data = name.encode()
        out = ffi.new("spatio_namespace **")
        error = new_error()
        status = lib.spatio_namespace_create(self._pointer, data, len(data), struct, out, error)
        if status:
            self._refused(status, error)
        return Namespace(out[0], name, Space(wanted.space), self)

    def namespace(self, name: str) -> Namespace:
        """Opens a namespace that exists."""
        data = name.encode()
        out = ffi.new("spatio_namespace **")
        error = new_error()
        status = lib.spatio_namespace_open(self._pointer, data, len(data), out, error)
        if status:
            self._refused(status, error)
        opened = Namespace(out[0], name, Space.GEOGRAPHIC, self)
        opened.space = opened.settings.space
        return opened


def _fill(struct: Any, options: Options, callbacks: Callbacks) -> None:
    struct.sync_policy = int(options.sync)
    struct.recovery = int(options.recovery)
    struct.read_only = options.read_only
    struct.no_background = not options.background
    for name in ("sync_period_us", "buffer_records", "segment_bytes"):
        given = getattr(options, name)
        if given is not None:
            setattr(struct, name, given)
    struct.log = callbacks.log
    struct.clock = callbacks.clock


#: Databases that a program's end finds open.
_open: weakref.WeakSet[Database] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for database in list(_open):
        database.close()
