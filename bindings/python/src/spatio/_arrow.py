"""Arrow without Arrow: its C data interface in and out, by capsules of the Python interpreter.

Owns: the memory of the two structs that travel in capsules, and that whatever is in them is
released once: by the consumer, who says so by taking `release` away, or else with the capsule.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from spatio._native import NULL, ffi, lib
from spatio.errors import InvalidArgumentError, UnsupportedError

_NAMES = {"ArrowSchema": b"arrow_schema", "ArrowArray": b"arrow_array"}

# Only CPython has capsules; elsewhere the columns themselves are still there.
_python: Any = getattr(ctypes, "pythonapi", None)
_DESTRUCTOR: Any = None
if _python is not None and hasattr(_python, "PyCapsule_New"):
    _DESTRUCTOR = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)
    _new = _python.PyCapsule_New
    _new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
    _new.restype = ctypes.py_object
    # A capsule that is being destroyed must not be counted as an object, so it goes as an address.
    _address_at_end = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(
        ("PyCapsule_GetPointer", _python)
    )
    _address = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
        ("PyCapsule_GetPointer", _python)
    )

#: The structs whose capsules are still there, by address.
_travelling: dict[int, Any] = {}


def function(name: str) -> Any:
    """A function that a library built without Arrow does not have."""
    if _DESTRUCTOR is None:
        raise UnsupportedError(f"{name}: this Python has no capsules")
    try:
        return getattr(lib, name)
    except AttributeError as error:
        raise UnsupportedError(f"{name}: this library was built without Arrow") from error


def new_schema() -> Any:
    """An empty ArrowSchema to be filled."""
    return ffi.new("struct ArrowSchema *")


def new_array() -> Any:
    """An empty ArrowArray to be filled."""
    return ffi.new("struct ArrowArray *")


def _release(struct: Any) -> None:
    if struct.release != NULL:
        struct.release(struct)


def _forget(name: bytes) -> Any:
    def destroy(capsule: int) -> None:
        address = _address_at_end(capsule, name)
        _release(_travelling.pop(address))

    return _DESTRUCTOR(destroy)


_destructors = {name: _forget(name) for name in _NAMES.values()} if _DESTRUCTOR is not None else {}


def capsule(struct: Any) -> object:
    """Hands a filled struct to a capsule."""
    kind = ffi.typeof(struct).item.cname.removeprefix("struct ")
    name = _NAMES[kind]
    address = int(ffi.cast("uintptr_t", struct))
    _travelling[address] = struct
    try:
        made: object = _new(address, name, ctypes.cast(_destructors[name], ctypes.c_void_p))
    except BaseException:
        _release(_travelling.pop(address))
        raise
    return made


def _taken(holder: object, name: bytes, kind: str) -> Any:
    return ffi.cast(kind, _address(holder, name))


@contextmanager
def _stream(holder: object) -> Iterator[Any]:
    stream = _taken(holder, b"arrow_array_stream", "struct ArrowArrayStream *")
    if stream.release == NULL:
        raise InvalidArgumentError("upsert_arrow: the stream was read already")
    try:
        yield stream
    finally:
        stream.release(stream)


def _check(stream: Any, status: int) -> None:
    if status:
        words = stream.get_last_error(stream)
        told = "" if words == NULL else ffi.string(words).decode("utf-8", "replace")
        raise InvalidArgumentError(f"upsert_arrow: the stream broke off with {status}: {told}")


def batches(data: Any) -> Iterator[tuple[Any, Any]]:
    """Schema and array of every batch in `data`; both are released when the next is asked for."""
    if hasattr(data, "__arrow_c_array__"):
        schema, array = data.__arrow_c_array__()
        yield (
            _taken(schema, b"arrow_schema", "struct ArrowSchema *"),
            _taken(array, b"arrow_array", "struct ArrowArray *"),
        )
        return
    if not hasattr(data, "__arrow_c_stream__"):
        raise InvalidArgumentError(
            f"upsert_arrow: {type(data).__name__} offers neither __arrow_c_array__ nor "
            "__arrow_c_stream__"
        )
    with _stream(data.__arrow_c_stream__()) as stream:
        schema, array = new_schema(), new_array()
        _check(stream, stream.get_schema(stream, schema))
        try:
            while True:
                _check(stream, stream.get_next(stream, array))
                if array.release == NULL:
                    return
                try:
                    yield schema, array
                finally:
                    _release(array)
        finally:
            _release(schema)
