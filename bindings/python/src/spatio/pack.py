"""A pack: the objects of a namespace as they were when it was frozen, in a file.

Invariants: a pack never changes, so that any number of threads may ask one; what the library lends
of it is copied while this thread holds the handle.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from spatio._asking import Asking
from spatio._frozen import FrozenHandle, opened, opened_bytes
from spatio._handle import Cancel, cancel_pointer
from spatio._native import NULL, encoded, ffi, lib, new_error
from spatio._reading import Object
from spatio.options import Space
from spatio.query import Query
from spatio.result import Result

_NEVER = 2**63 - 1


class PackInfo(NamedTuple):
    """What a pack is."""

    space: Space
    #: How many objects it has; their handles are 0 up to, not including, this.
    objects: int
    #: Bytes of the file.
    bytes: int
    #: When it was frozen by the database's clock, microseconds since 1970-01-01 UTC; the present
    #: of every question.
    frozen_us: int
    #: How many coordinates are stored: 2 if all altitudes are 0, else 3.
    dims: int


class Pack(FrozenHandle, Asking):
    """The objects of a namespace as they were at one moment, by `Pack.open` or `Pack.open_bytes`.

    It answers the queries that the namespace answered then, with results of the same sort. Its
    handles are its own: places in the order of ids. It is a context manager, which closes it.
    """

    def __init__(self, pointer: Any) -> None:
        FrozenHandle.__init__(self, pointer, lib.spatio_pack_free)
        #: What its coordinates mean.
        self.space: Space = self.info().space

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Pack:
        """Opens a file that `Namespace.freeze` wrote.

        It is mapped: it must not be changed in place while it is open.
        """
        return cls(opened(lib.spatio_pack_open, "spatio_pack", path))

    @classmethod
    def open_bytes(cls, data: bytes | bytearray | memoryview) -> Pack:
        """Opens the bytes of such a file, which are copied."""
        return cls(opened_bytes(lib.spatio_pack_open_bytes, "spatio_pack", data))

    def info(self) -> PackInfo:
        """What it is."""
        info = ffi.new("spatio_pack_info *", (ffi.sizeof("spatio_pack_info"),))
        self._done(lib.spatio_pack_get_info, info)
        return PackInfo(Space(info.space), info.objects, info.bytes, info.frozen_us, info.dims)

    def __len__(self) -> int:
        return self.info().objects

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        if self.closed:
            return "<spatio.Pack, closed>"
        return f"<spatio.Pack: {len(self)} objects, {self.space.name.lower()}>"

    def verify(self) -> None:
        """Looks through all of it: checksums, the tree, the order of ids."""
        self._done(lib.spatio_pack_verify)

    def query(self, query: Query, *, cancel: Cancel | None = None) -> Result:
        """Asks one question; `Around` takes a handle of this pack."""
        return self._run(query.struct(), 1, cancel)

    def _run(self, structs: Any, rows: int, cancel: Cancel | None) -> Result:
        slot = self._slot()
        stop = cancel_pointer(cancel)
        self._done(lib.spatio_pack_query, structs, rows, stop, slot[0], slot[1])
        return Result(self._pool, slot, self.space)

    def _into(self, *taken: Any) -> None:
        self._done(lib.spatio_pack_query_into, *taken)

    def get(self, id: str) -> Object | None:
        """An object; None if it is not here."""
        data = encoded(id)
        found = ffi.new("spatio_object *", (ffi.sizeof("spatio_object"),))
        error = new_error()
        status = lib.spatio_pack_get(self._pointer, data, len(data), found, error)
        if status == lib.SPATIO_NOT_FOUND:
            return None
        if status:
            self._refused(status, error)
        return Object(
            found.handle,
            found.x,
            found.y,
            found.z,
            found.time_us,
            None if found.expires_us == _NEVER else found.expires_us,
            self.payload(found.handle),
        )

    def id(self, handle: int) -> str:
        """The id of a handle; one that the pack does not have raises `NotFoundError`."""
        text, length = ffi.new("const char **"), ffi.new("size_t *")
        held = [self._pointer]  # closing it meanwhile must not free what is read
        try:
            self._done(lib.spatio_pack_id, handle, text, length)
            return bytes(ffi.buffer(text[0], length[0])).decode()
        finally:
            held.clear()

    def payload(self, handle: int) -> bytes | None:
        """The payload of the object of a handle; None if it has none."""
        data, length = ffi.new("const uint8_t **"), ffi.new("size_t *")
        held = [self._pointer]
        try:
            self._done(lib.spatio_pack_payload, handle, data, length)
            return None if data[0] == NULL else bytes(ffi.buffer(data[0], length[0]))
        finally:
            held.clear()
