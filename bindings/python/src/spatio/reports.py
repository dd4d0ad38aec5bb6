"""What the library tells of databases in numbers and words; looking through one, mending one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from spatio._native import ffi, lib, new_error, text
from spatio.errors import InvalidArgumentError, fail

_NONE = 2**64 - 1


class Stats(NamedTuple):
    """Figures about a database."""

    namespaces: int
    objects: int
    #: Ids that were ever given a handle.
    handles: int
    #: Leaves of all indexes.
    leaves: int
    memory_bytes: int
    disk_bytes: int
    #: Segments of the log, and records in them.
    segments: int
    records: int
    last_seq: int
    #: The number of the last record that is known to be on disk.
    durable_seq: int
    #: Records not yet handed to the operating system.
    buffered_records: int


@dataclass(frozen=True)
class Recovery:
    """What opening a database found."""

    has_checkpoint: bool
    segments: int
    records_kept: int
    bytes_dropped: int
    checkpoint_seq: int
    #: The first bad byte of the file that `text` names; None if none is bad.
    first_bad_offset: int | None
    #: All of it in words.
    text: str

    @classmethod
    def of(cls, numbers: Any, words: str) -> Recovery:
        """Reads the library's struct."""
        bad = numbers.first_bad_offset
        return cls(
            bool(numbers.has_checkpoint),
            numbers.segments,
            numbers.records_kept,
            numbers.bytes_dropped,
            numbers.checkpoint_seq,
            None if bad == _NONE else bad,
            words,
        )


class CheckReport(NamedTuple):
    """What looking through a database's files found."""

    #: 1 if an ordinary open would keep every byte that was known to be on disk.
    is_sound: int
    files: int
    records: int
    bytes: int
    damaged_files: int
    torn_tails: int
    #: All of it in words.
    text: str = ""


class SalvageReport(NamedTuple):
    """What salvaging carried over."""

    segments: int
    damaged: int
    records_kept: int
    bytes_dropped: int
    #: All of it in words.
    text: str = ""


def path_bytes(path: str | os.PathLike[str]) -> bytes:
    """A path for the library, to which a NUL would be its end."""
    data = os.fsencode(path)
    if b"\0" in data:
        raise InvalidArgumentError(f"path: {path!r} has a NUL in it")
    return data


_Report = TypeVar("_Report", Stats, CheckReport, SalvageReport)


def filled(kind: type[_Report], struct: Any) -> _Report:
    """A report out of the library's struct, whose fields have the same names."""
    return kind(*(getattr(struct, name) for name in kind._fields if name != "text"))


def check(path: str | os.PathLike[str]) -> CheckReport:
    """Reads every record of a database that is not open, and says what is sound; writes nothing."""
    name = path_bytes(path)
    report = ffi.new("spatio_check_report *", (ffi.sizeof("spatio_check_report"),))
    length = ffi.new("size_t *")
    capacity = 4096
    while True:
        words = ffi.new("char[]", capacity)
        error = new_error()
        status = lib.spatio_check(name, report, words, capacity, length, error)
        if status != lib.SPATIO_BUFFER_TOO_SMALL:
            break
        capacity = length[0] + 1
    if status:
        fail(status, error)
    return filled(CheckReport, report)._replace(text=text(words))


def salvage(source: str | os.PathLike[str], target: str | os.PathLike[str]) -> SalvageReport:
    """Writes what can be read of a damaged database into a new directory."""
    report = ffi.new("spatio_salvage_report *", (ffi.sizeof("spatio_salvage_report"),))
    length = ffi.new("size_t *")
    capacity = 1 << 20
    words = ffi.new("char[]", capacity)
    error = new_error()
    status = lib.spatio_salvage(
        path_bytes(source), path_bytes(target), report, words, capacity, length, error
    )
    if status == lib.SPATIO_BUFFER_TOO_SMALL:
        # The work is done and the numbers stand; it cannot be done again for the words alone.
        told = f"the words of the report take {length[0]} bytes, more than there was room for"
        return filled(SalvageReport, report)._replace(text=told)
    if status:
        fail(status, error)
    return filled(SalvageReport, report)._replace(text=text(words))
