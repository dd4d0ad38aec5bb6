"""Columns on their way in and out: numpy arrays beside what the library takes and gives.

Owns: which kinds of numbers are taken for which column. Invariant: a number that would not fit its
column is refused and never cut; what has the right type already is not copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spatio._native import NULL, encoded, ffi
from spatio.errors import InvalidArgumentError

Floats = NDArray[np.float64]
Times = NDArray[np.int64]
Handles = NDArray[np.uint64]
Items = NDArray[np.uint32]
Flags = NDArray[np.bool_]

_FLOAT = np.dtype(np.float64)
_TIME = np.dtype(np.int64)
_HANDLE = np.dtype(np.uint64)
_DOUBLES = ffi.typeof("double[]")
_INTS = ffi.typeof("int64_t[]")
_UINTS = ffi.typeof("uint64_t[]")
_ITEMS = ffi.typeof("uint32_t[]")
_BYTES = ffi.typeof("uint8_t[]")
_LAST_ITEM = 2**32 - 1
_C_TYPES = {"d": _DOUBLES, "l": _INTS, "q": _INTS, "L": _UINTS, "Q": _UINTS, "?": _BYTES}


def pointer(column: NDArray[Any]) -> Any:
    """The column as the library reads it. The array must be kept until the call has returned."""
    return ffi.from_buffer(_C_TYPES[column.dtype.char], column)


def pointer_out(column: NDArray[Any]) -> Any:
    """The column as the library writes it."""
    return ffi.from_buffer(_C_TYPES[column.dtype.char], column, True)


def _whole(values: Sequence[Any]) -> bool:
    return all(isinstance(one, (int, np.integer)) and type(one) is not bool for one in values)


def _taken(value: ArrayLike, name: str, dtype: np.dtype[Any], kinds: str) -> NDArray[Any]:
    array = np.asarray(value)
    if "M" in kinds and array.dtype.kind == "O" and hasattr(value, "to_numpy"):
        array = value.to_numpy(dtype="datetime64[us]")  # of pandas, with a time zone
    if array.size == 0:
        array = array.astype(dtype)
    if array.dtype.kind not in kinds and isinstance(value, (list, tuple)) and _whole(value):
        # Numbers of numpy and of Python side by side, which numpy takes for floating ones.
        array = np.array([int(one) for one in value])
    if array.dtype.kind not in kinds:
        raise InvalidArgumentError(f"{name}: a column of {array.dtype} is none of {dtype}")
    if array.dtype.kind == "i" and dtype.kind == "u" and array.size and array.min() < 0:
        row = int(np.argmax(array < 0))
        raise InvalidArgumentError(f"{name}: {array[row]} in row {row} is below 0", row=row)
    if array.dtype.kind == "u" and dtype.kind == "i" and array.size and array.max() >= 2**63:
        row = int(np.argmax(array))
        raise InvalidArgumentError(f"{name}: {array[row]} in row {row} is too large", row=row)
    if array.dtype.kind == "M":
        if np.isnat(array).any():
            row = int(np.argmax(np.isnat(array)))
            raise InvalidArgumentError(f"{name}: no time in row {row}", row=row)
        array = array.astype("datetime64[us]").view(np.int64)
    return np.ascontiguousarray(array, dtype)


def _column(
    value: ArrayLike, name: str, rows: int | None, dtype: np.dtype[Any], kinds: str
) -> NDArray[Any]:
    if type(value) is np.ndarray and value.dtype == dtype and value.flags.c_contiguous:
        array = value
    else:
        array = _taken(value, name, dtype, kinds)
    if array.ndim != 1:
        raise InvalidArgumentError(f"{name}: a column has one dimension, not {array.ndim}")
    if rows is not None and len(array) != rows:
        raise InvalidArgumentError(f"{name}: {len(array)} rows beside {rows}")
    return array


def floats(value: ArrayLike, name: str, rows: int | None = None) -> Floats:
    """A column of coordinates or distances."""
    return _column(value, name, rows, _FLOAT, "fiu")


def times(value: ArrayLike, name: str, rows: int | None = None) -> Times:
    """A column of microseconds, from whole numbers or from numpy's times."""
    return _column(value, name, rows, _TIME, "iuM")


def handles(value: ArrayLike, name: str, rows: int | None = None) -> Handles:
    """A column of handles."""
    return _column(value, name, rows, _HANDLE, "iu")


def items(value: ArrayLike, name: str) -> Items:
    """A column of items of an index."""
    if isinstance(value, np.ndarray) and value.dtype == np.uint32 and value.ndim == 1:
        return np.ascontiguousarray(value)
    wide = handles(value, name)
    if wide.size and wide.max() > _LAST_ITEM:
        row = int(np.argmax(wide > _LAST_ITEM))
        raise InvalidArgumentError(f"{name}: {wide[row]} in row {row} is too large", row=row)
    return wide.astype(np.uint32)


def item_pointer(column: Items, *, out: bool = False) -> Any:
    """The items as the library reads or writes them."""
    return ffi.from_buffer(_ITEMS, column, out)


def rows(value: ArrayLike, name: str, axes: int | None = None) -> Floats:
    """Rows of as many coordinates as there are axes; one row may come without its list."""
    array: Floats
    if type(value) is np.ndarray and value.dtype == _FLOAT and value.flags.c_contiguous:
        array = value
    else:
        array = _taken(value, name, _FLOAT, "fiu")
    if array.ndim == 1:
        empty = axes is not None and array.size == 0
        array = array.reshape((0, axes) if empty else (1, array.size))
    if array.ndim != 2:
        raise InvalidArgumentError(f"{name}: rows have two dimensions, not {array.ndim}")
    if axes is not None and array.shape[1] != axes:
        raise InvalidArgumentError(f"{name}: rows of {array.shape[1]} coordinates for {axes} axes")
    return array


def each(value: ArrayLike, name: str, count: int) -> Floats:
    """A column of so many numbers; one number stands for all of them."""
    if np.ndim(value) == 0:
        return np.repeat(floats(np.reshape(value, 1), name), count)
    return floats(value, name, count)


def optional(column: NDArray[Any] | None) -> Any:
    """The column for the library, or NULL."""
    return NULL if column is None else pointer(column)


def _joined(parts: list[bytes]) -> tuple[Handles, bytes]:
    offsets = np.zeros(len(parts) + 1, np.uint64)
    np.cumsum(np.fromiter(map(len, parts), np.uint64, len(parts)), out=offsets[1:])
    return offsets, b"".join(parts)


def ids(values: Sequence[str] | Any, name: str = "ids") -> tuple[Handles, bytes]:
    """Ids as offsets and the bytes that they point into."""
    listed: list[Any] = values if type(values) is list else list(values)
    try:
        text = "".join(listed)
    except TypeError:
        return _joined([encoded(value) for value in listed])
    data = text.encode()
    if len(data) != len(text):
        return _joined([value.encode() for value in listed])
    offsets = np.zeros(len(listed) + 1, np.uint64)
    np.cumsum(np.fromiter(map(len, listed), np.uint64, len(listed)), out=offsets[1:])
    return offsets, data


def payloads(values: Sequence[bytes | None], rows: int) -> tuple[Handles, bytes]:
    """Payloads as offsets and the bytes that they point into; None and b"" keep what there is."""
    if len(values) != rows:
        raise InvalidArgumentError(f"payloads: {len(values)} rows beside {rows}")
    return _joined([b"" if value is None else bytes(value) for value in values])


def slices(data: bytes, offsets: list[int]) -> list[bytes]:
    """The pieces of `data` between each two of the offsets."""
    return [data[a:b] for a, b in pairwise(offsets)]


def texts(data: bytes, offsets: list[int]) -> list[str]:
    """The same as texts; quick where all are ASCII, as ids mostly are."""
    text = data.decode()
    if len(text) == len(data):
        return [text[a:b] for a, b in pairwise(offsets)]
    return [piece.decode() for piece in slices(data, offsets)]
