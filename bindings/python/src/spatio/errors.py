"""The exceptions: one root, a class for each status of the library, each also of the built-in kind
that a Python program would look for.

Owns: the way from a status code to an exception. A code that this version does not know becomes an
`InternalError`, never a crash.
"""

from __future__ import annotations

from typing import Any, NoReturn

from spatio._native import lib, text

_NONE = 2**64 - 1


class SpatioError(Exception):
    """Anything that the library refuses or fails at.

    Its text names the operation, the argument and the value.
    """

    #: The library's number of what went wrong; of a class, the number that it stands for.
    code: int = lib.SPATIO_INTERNAL
    #: The name of that number, such as `"NOT_FOUND"`.
    status: str
    #: The row of a batch that it is about, counted from 0.
    row: int | None
    #: The byte of the file that the text names.
    offset: int | None
    #: The operating system's number (errno).
    os_error: int | None

    def __init__(
        self,
        message: str = "",
        *,
        code: int | None = None,
        row: int | None = None,
        offset: int | None = None,
        os_error: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code
        self.status = status_name(self.code)
        self.row = row
        self.offset = offset
        self.os_error = os_error

    def __str__(self) -> str:
        return self.message


class InvalidArgumentError(SpatioError, ValueError):
    """An argument has a wrong form: an empty id, an inverted box, columns of unequal lengths."""


class OutOfRangeError(InvalidArgumentError):
    """A number is outside of what it may be: NaN, a latitude beyond 90, a negative radius."""


class LimitExceededError(InvalidArgumentError):
    """A size is beyond a documented limit: an id over 255 bytes, a payload over 64 KiB."""


class InvalidUtf8Error(InvalidArgumentError):
    """Bytes that should be UTF-8 are not."""


class AlreadyExistsError(InvalidArgumentError):
    """It exists already, with other settings."""


class NotFoundError(SpatioError, KeyError):
    """A namespace, an object or a file that was named does not exist."""


class ClosedError(SpatioError, RuntimeError):
    """The database or the namespace was closed."""


class CancelledError(SpatioError):
    """It was stopped by `Cancel.fire`."""


class UnsupportedError(SpatioError, RuntimeError):
    """Not offered for this kind of space, in this mode, or by this version of the library."""


class StorageError(SpatioError, OSError):
    """What concerns files. `errno` is the operating system's number where there is one."""

    def __init__(self, message: str = "", **about: Any) -> None:
        super().__init__(message, **about)
        self.errno = self.os_error


class IoError(StorageError):
    """The operating system refused to read or write."""


class LockedError(StorageError):
    """Another process, or another handle of this one, has the database open for writing."""


class ReadOnlyError(StorageError):
    """The database was opened for reading only."""


class CorruptError(StorageError):
    """Stored bytes are not what was written."""


class FormatVersionError(StorageError):
    """The files are of a newer version of the format."""


class NoSpaceError(StorageError):
    """The disk is full; what was acknowledged is intact."""


class PoisonedError(StorageError):
    """An earlier fsync failed: writes are refused until the database is opened again."""


class InternalError(SpatioError, RuntimeError):
    """A bug of the library, or memory that could not be had."""


_CLASSES: dict[int, type[SpatioError]] = {
    lib.SPATIO_NULL_POINTER: InvalidArgumentError,
    lib.SPATIO_INVALID_ARGUMENT: InvalidArgumentError,
    lib.SPATIO_OUT_OF_RANGE: OutOfRangeError,
    lib.SPATIO_NOT_FOUND: NotFoundError,
    lib.SPATIO_ALREADY_EXISTS: AlreadyExistsError,
    lib.SPATIO_CLOSED: ClosedError,
    lib.SPATIO_LOCKED: LockedError,
    lib.SPATIO_UNSUPPORTED: UnsupportedError,
    lib.SPATIO_CANCELLED: CancelledError,
    lib.SPATIO_LIMIT_EXCEEDED: LimitExceededError,
    lib.SPATIO_READ_ONLY: ReadOnlyError,
    lib.SPATIO_INVALID_UTF8: InvalidUtf8Error,
    lib.SPATIO_IO: IoError,
    lib.SPATIO_CORRUPT: CorruptError,
    lib.SPATIO_FORMAT_VERSION: FormatVersionError,
    lib.SPATIO_NO_SPACE: NoSpaceError,
    lib.SPATIO_POISONED: PoisonedError,
}
for _code, _class in _CLASSES.items():
    _class.code = _code


def status_name(code: int) -> str:
    """The library's name of a status code, such as `"NOT_FOUND"`; `"UNKNOWN"` for other numbers."""
    return text(lib.spatio_status_name(code))


def fail(status: int, error: Any) -> NoReturn:
    """Raises what a call came to; `error` is the struct that it filled."""
    kind = _CLASSES.get(status, InternalError)
    raise kind(
        text(error.message),
        code=status,
        row=None if error.row == _NONE else int(error.row),
        offset=None if error.offset == _NONE else int(error.offset),
        os_error=error.os_error or None,
    )
