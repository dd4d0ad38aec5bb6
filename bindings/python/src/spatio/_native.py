"""The shared library: found, loaded, and checked to be of the version that this package knows.

Owns: `lib`, through which every call goes. Calls through it release the interpreter's lock while
the library works.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from spatio._abi import ffi as ffi

NULL: Any = ffi.NULL
#: The moment of the call, for a time that is not given.
NOW = -(2**63)

_FILES = {"darwin": "libspatio.dylib", "win32": "spatio.dll"}


def _path() -> str:
    """The library named in the environment, else the one beside this file, else the system's."""
    given = os.environ.get("SPATIO_LIBRARY")
    if given:
        return given
    name = _FILES.get(sys.platform, "libspatio.so.0")
    beside = Path(__file__).parent / name
    return str(beside) if beside.is_file() else name


def _load() -> Any:
    path = _path()
    try:
        loaded = ffi.dlopen(path)
        offered = loaded.spatio_abi_version()
    except (OSError, AttributeError, ffi.error) as error:
        raise ImportError(
            f"spatio cannot load its library {path!r}: {error}. Install a wheel that carries it, "
            "or name a libspatio in the environment as SPATIO_LIBRARY."
        ) from error
    if offered != loaded.SPATIO_ABI_VERSION:
        raise ImportError(
            f"spatio was made for version {loaded.SPATIO_ABI_VERSION} of the library's interface, "
            f"but {path!r} offers version {offered}. Install the package and the library of one "
            "release."
        )
    return loaded


lib: Any = _load()


_ERROR = ffi.typeof("spatio_error *")
_NUMBER = ffi.typeof("uint64_t *")
_OUTCOME = ffi.typeof("uint32_t *")


def new_error() -> Any:
    """What a call fills when it fails."""
    return ffi.new(_ERROR)


#: What the quickest calls need for their own: an error, a number, an outcome. Making them costs
#: more than such a call does, so each takes some from here and puts them back. A stack and nothing
#: kept per thread: a signal's handler may call the database before the call that it broke into has
#: read its answer.
free: list[tuple[Any, Any, Any]] = []


def new_scratch() -> tuple[Any, Any, Any]:
    """What a call takes when `free` has none left."""
    return ffi.new(_ERROR), ffi.new(_NUMBER), ffi.new(_OUTCOME)


def address_of(pointer: Any) -> int:
    """Where a pointer points, for compiled calls; what is there must be kept by other means."""
    return int(ffi.cast("uintptr_t", pointer))


def text(value: Any) -> str:
    """A text of the library that ends with a NUL."""
    return bytes(ffi.string(value)).decode("utf-8", "replace")


def encoded(value: str | bytes) -> bytes:
    """An id or a name as the library takes it; bytes are handed on as they are."""
    if type(value) is str:
        return value.encode()
    if isinstance(value, (str, bytes)):
        return value.encode() if isinstance(value, str) else value
    raise TypeError(f"an id is a str, not {type(value).__name__}: {value!r}")


def live_handles() -> int:
    """How many databases, namespaces, results, polygons and cancels of this process are not freed.

    It is 0 at the end of a program that leaks nothing; for tests.
    """
    return int(lib.spatio_live_handles())


def abi_version() -> int:
    """The version of the interface of the library that is loaded."""
    return int(lib.spatio_abi_version())


def library_version() -> str:
    """The version of the library that is loaded, such as `"0.1.0"`."""
    return text(lib.spatio_version())
