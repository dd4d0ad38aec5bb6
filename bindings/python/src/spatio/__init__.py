"""Spatio: an embeddable database for moving objects.

The everyday interface speaks of points and names:

>>> import spatio
>>> db = spatio.Spatio.memory()
>>> db.upsert("buses", "bus:7", spatio.Point(13.4050, 52.5200), {"line": 100})
>>> [(id, round(metres)) for id, _, _, metres in
...  db.query_radius("buses", spatio.Point(13.4094, 52.5208), 500.0)]
[('bus:7', 311)]

The fast interface takes columns and gives columns, as numpy arrays over the library's own memory:

>>> buses = db.namespace("buses")
>>> found = buses.query(spatio.Query.nearest((13.41, 52.52), 10).with_ids())
>>> found.ids, found.x
(['bus:7'], array([13.405]))
>>> db.close()

Boxes that do not change go into a packed index, in memory or as a file:

>>> index = spatio.Index.build([[0, 0], [5, 5]], [[2, 2], [6, 9]])
>>> index.search_one([1, 1], [3, 3])
array([0], dtype=uint32)
>>> index.close()

Where such a file lies elsewhere, `StreamIndex` reads the few parts of it that a question needs.

A namespace is frozen into a pack, which answers the same queries and never changes, and polygons
with ids are asked as fences:

>>> square = spatio.Polygon([[(13, 52), (14, 52), (14, 53), (13, 53)]])
>>> zones = spatio.Fences.build(["berlin"], [square])
>>> zones.containing([13.4, 2.35], [52.5, 48.86]).offsets
array([0, 1, 1], dtype=uint64)
>>> zones.close()

`spatio.aio` has the same for asyncio. Longitude comes before latitude, distances are metres. The
everyday interface counts time in seconds, the fast one in microseconds since 1970-01-01 UTC.
"""

from spatio._freezing import FreezeOptions, Frozen
from spatio._handle import Cancel
from spatio._native import NOW, abi_version, library_version, live_handles
from spatio._nearness import ClosestPair, Estimates
from spatio._packing import IndexInfo, IndexMetadata, IndexOptions
from spatio._quick import has_compiled_calls
from spatio._reading import Object, Positions
from spatio._searching import FIRST, LAST, Bounds, Past
from spatio._streaming import Hit, Spent, StreamAggregate, StreamInfo, StreamOptions
from spatio._writing import BatchOutcome, BatchWritten, Written
from spatio.callbacks import log_to
from spatio.database import Database
from spatio.errors import (
    AlreadyExistsError,
    CancelledError,
    ClosedError,
    CorruptError,
    FormatVersionError,
    InternalError,
    InvalidArgumentError,
    InvalidUtf8Error,
    IoError,
    LimitExceededError,
    LockedError,
    NoSpaceError,
    NotFoundError,
    OutOfRangeError,
    PoisonedError,
    ReadOnlyError,
    SpatioError,
    StorageError,
    UnsupportedError,
    status_name,
)
from spatio.everyday import Config, SetOptions, Spatio
from spatio.fences import Fence, Fences, FencesInfo, FoundFences
from spatio.hits import Hits
from spatio.index import NO_ITEM, Aggregates, Boxes, Closest, Index
from spatio.namespace import Namespace
from spatio.options import (
    DistanceMetric,
    History,
    IndexLayout,
    Interpolation,
    Level,
    Metric,
    NamespaceOptions,
    Options,
    Order,
    Outcome,
    RecoveryMode,
    Space,
    SyncPolicy,
)
from spatio.pack import Pack, PackInfo
from spatio.points import Point, Polygon, TemporalPoint, distance
from spatio.query import Around, Query
from spatio.regions import Region
from spatio.reports import CheckReport, Recovery, SalvageReport, Stats, check, salvage
from spatio.result import Result, Row
from spatio.stream import RangeReader, StreamIndex

__version__ = library_version()

__all__ = [
    "FIRST",
    "LAST",
    "NOW",
    "NO_ITEM",
    "Aggregates",
    "AlreadyExistsError",
    "Around",
    "BatchOutcome",
    "BatchWritten",
    "Bounds",
    "Boxes",
    "Cancel",
    "CancelledError",
    "CheckReport",
    "ClosedError",
    "Closest",
    "ClosestPair",
    "Config",
    "CorruptError",
    "Database",
    "DistanceMetric",
    "Estimates",
    "Fence",
    "Fences",
    "FencesInfo",
    "FormatVersionError",
    "FoundFences",
    "FreezeOptions",
    "Frozen",
    "History",
    "Hit",
    "Hits",
    "Index",
    "IndexInfo",
    "IndexLayout",
    "IndexMetadata",
    "IndexOptions",
    "InternalError",
    "Interpolation",
    "InvalidArgumentError",
    "InvalidUtf8Error",
    "IoError",
    "Level",
    "LimitExceededError",
    "LockedError",
    "Metric",
    "Namespace",
    "NamespaceOptions",
    "NoSpaceError",
    "NotFoundError",
    "Object",
    "Options",
    "Order",
    "OutOfRangeError",
    "Outcome",
    "Pack",
    "PackInfo",
    "Past",
    "Point",
    "PoisonedError",
    "Polygon",
    "Positions",
    "Query",
    "RangeReader",
    "ReadOnlyError",
    "Recovery",
    "RecoveryMode",
    "Region",
    "Result",
    "Row",
    "SalvageReport",
    "SetOptions",
    "Space",
    "Spatio",
    "SpatioError",
    "Spent",
    "Stats",
    "StorageError",
    "StreamAggregate",
    "StreamIndex",
    "StreamInfo",
    "StreamOptions",
    "SyncPolicy",
    "TemporalPoint",
    "UnsupportedError",
    "Written",
    "__version__",
    "abi_version",
    "check",
    "distance",
    "has_compiled_calls",
    "library_version",
    "live_handles",
    "log_to",
    "salvage",
    "status_name",
]
