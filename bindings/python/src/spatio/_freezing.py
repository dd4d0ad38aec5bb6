"""Freezing a namespace into a file, and how such files are written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, NamedTuple

from spatio._handle import NamespaceHandle
from spatio._native import ffi, lib, new_error
from spatio.options import IndexLayout
from spatio.reports import path_bytes


@dataclass(frozen=True)
class FreezeOptions:
    """How the file of a pack or of fences is written."""

    #: Which trees it has: with that of the format, every reader of PSINDEX finds boxes in it.
    layout: IndexLayout = IndexLayout.FAST
    #: Threads that build `IndexLayout.FAST`; the bytes do not depend on it.
    threads: int = 1

    def struct(self) -> Any:
        """The library's struct of it."""
        struct = ffi.new("spatio_freeze_options *")
        lib.spatio_freeze_options_init(struct, ffi.sizeof("spatio_freeze_options"))
        struct.layout, struct.threads = int(self.layout), self.threads
        return struct


class Frozen(NamedTuple):
    """What a namespace was frozen into."""

    #: Objects that were written.
    objects: int
    #: Bytes of the file.
    bytes: int


class Freezing(NamespaceHandle):
    """The call that freezes a namespace."""

    def freeze(self, path: str | os.PathLike[str], options: FreezeOptions | None = None) -> Frozen:
        """Writes all live objects into a file, for `Pack.open`.

        It appears whole or not at all and is replaced as a whole; writers go on meanwhile.
        """
        objects, length = ffi.new("uint64_t *"), ffi.new("uint64_t *")
        how = (options or FreezeOptions()).struct()
        error = new_error()
        status = lib.spatio_freeze(self._pointer, path_bytes(path), how, objects, length, error)
        if status:
            self._refused(status, error)
        return Frozen(int(objects[0]), int(length[0]))
