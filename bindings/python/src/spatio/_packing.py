"""What a packed index is built from, and what it says of itself.

Owns: the way from columns, options and words to the library's structs, and back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from spatio._columns import each, handles, optional, payloads, pointer, rows
from spatio._native import NULL, ffi, lib
from spatio.errors import InvalidArgumentError
from spatio.options import IndexLayout


@dataclass(frozen=True)
class IndexOptions:
    """How a packed index is built."""

    #: Which trees it has.
    layout: IndexLayout = IndexLayout.FAST
    #: Bits of a coordinate in the tree of the format: 64, or 32, which makes boxes a little larger.
    coordinate_bits: int = 64
    #: Most children of a node of the tree of the format: 2 to 65535.
    node_size: int = 16
    #: Each box is followed by its number, for readers that fetch parts of a file.
    interleaved: bool = False
    #: Threads that build `IndexLayout.FAST`; the bytes do not depend on it.
    threads: int = 1
    #: How many bytes of each payload stand once more, for readers that fetch parts; 0: none.
    prefix_bytes: int = 0


@dataclass(frozen=True)
class IndexMetadata:
    """What a packed index says about itself in words; None: nothing."""

    #: The coordinate reference system, such as `"EPSG:4326"`.
    crs: str | None = None
    #: What the payloads are, as a media type, such as `"application/json"`.
    content_type: str | None = None
    #: Whose data it is.
    attribution: str | None = None


class IndexInfo(NamedTuple):
    """What a packed index is."""

    #: Axes of its boxes: 2, 3 or 4.
    dims: int
    #: How many items it has; their ids are 0 up to, not including, this.
    items: int
    #: Bytes that it takes, in memory or as a file.
    bytes: int
    layout: IndexLayout
    #: Bits of a coordinate in the tree of the format; 0 if it has none.
    coordinate_bits: int
    has_payloads: bool
    #: Whether `Index.aggregate` can sum up.
    has_values: bool
    #: Whether `Index.aggregate` can unite masks.
    has_masks: bool
    #: How many bytes of each payload stand once more; 0: none.
    prefix_bytes: int
    #: The least coordinate of any item on each axis; infinity if there is none.
    min: tuple[float, ...]
    #: The greatest; minus infinity if there is none.
    max: tuple[float, ...]

    @classmethod
    def of(cls, struct: Any) -> IndexInfo:
        """Reads the library's struct."""
        return cls(
            struct.dims,
            struct.items,
            struct.bytes,
            IndexLayout(struct.layout),
            struct.coordinate_bits,
            bool(struct.has_payloads),
            bool(struct.has_values),
            bool(struct.has_masks),
            struct.prefix_bytes,
            tuple(struct.min)[: struct.dims],
            tuple(struct.max)[: struct.dims],
        )


def corners(
    min: ArrayLike | None, max: ArrayLike | None, boxes: ArrayLike | None
) -> tuple[Any, Any]:
    """The least and the greatest coordinates of what an index is built from."""
    if boxes is None:
        if min is None:
            raise InvalidArgumentError("min: neither coordinates nor boxes were given")
        least = rows(min, "min")
        greatest = None if max is None else rows(max, "max", least.shape[1])
    else:
        if min is not None or max is not None:
            raise InvalidArgumentError("boxes: given beside min or max")
        both = rows(boxes, "boxes")
        if both.shape[1] % 2:
            raise InvalidArgumentError(f"boxes: rows of {both.shape[1]} numbers are no boxes")
        half = both.shape[1] // 2
        least, greatest = rows(both[:, :half], "boxes"), rows(both[:, half:], "boxes")
    if greatest is not None and len(greatest) != len(least):
        raise InvalidArgumentError(f"max: {len(greatest)} rows beside {len(least)}")
    return least, greatest


def arguments(
    min: Any,
    max: Any,
    given: Sequence[bytes | None] | None,
    values: ArrayLike | None,
    masks: ArrayLike | None,
    metadata: IndexMetadata | None,
    options: IndexOptions | None,
) -> tuple[list[Any], list[Any]]:
    """What the building calls take from `dims` to `options`, and what must live until they end."""
    offsets, data = (NULL, NULL) if given is None else payloads(given, len(min))
    column = None if values is None else each(values, "values", len(min))
    bits = None if masks is None else handles(masks, "masks", len(min))
    said, kept = _said(IndexMetadata() if metadata is None else metadata)
    taken = [
        min.shape[1],
        len(min),
        pointer(min),
        optional(max),
        NULL if given is None else pointer(offsets),
        data,
        optional(column),
        optional(bits),
        said,
        _chosen(IndexOptions() if options is None else options),
    ]
    return taken, kept


def of_triangles(
    corners: ArrayLike, metadata: IndexMetadata | None, options: IndexOptions | None
) -> tuple[list[Any], list[Any]]:
    """The same for triangles."""
    all = np.asarray(corners)
    if all.ndim != 3 or all.shape[1] != 3:
        raise InvalidArgumentError(f"corners: an array of {all.shape} is none of triangles")
    count, _, axes = all.shape
    table = rows(all.reshape(3 * count, axes), "corners", axes)
    said, kept = _said(IndexMetadata() if metadata is None else metadata)
    chosen = _chosen(IndexOptions() if options is None else options)
    return [axes, count, pointer(table), said, chosen], kept


def _said(metadata: IndexMetadata) -> tuple[Any, list[Any]]:
    struct = ffi.new("spatio_index_metadata *", (ffi.sizeof("spatio_index_metadata"),))
    kept: list[Any] = []
    for name in ("crs", "content_type", "attribution"):
        words = getattr(metadata, name)
        if words is None:
            continue
        data = words.encode()
        kept.append(ffi.new("char[]", data))
        setattr(struct, name, kept[-1])
        setattr(struct, f"{name}_length", len(data))
    return struct, kept


def told(struct: Any) -> IndexMetadata:
    """The words of the library's struct."""
    words: list[str | None] = []
    for name in ("crs", "content_type", "attribution"):
        text = getattr(struct, name)
        length = getattr(struct, f"{name}_length")
        words.append(None if text == NULL else ffi.buffer(text, length)[:].decode())
    return IndexMetadata(*words)


def _chosen(options: IndexOptions) -> Any:
    struct = ffi.new("spatio_index_options *")
    lib.spatio_index_options_init(struct, ffi.sizeof("spatio_index_options"))
    for name in (
        "layout",
        "coordinate_bits",
        "node_size",
        "interleaved",
        "threads",
        "prefix_bytes",
    ):
        value = int(getattr(options, name))
        if not 0 <= value < 2**32:
            raise InvalidArgumentError(f"{name}: {value} is out of range")
        setattr(struct, name, value)
    return struct
