"""How databases and namespaces are opened, and the words that calls choose from.

The numbers of the words are those of the library's header; a test compares them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum


class SyncPolicy(IntEnum):
    """When writes become durable."""

    #: Every `sync_period_us` (the default). A crash of the machine loses at most what came after.
    EVERY = 0
    #: A write returns once it is on disk; concurrent writers share one fsync.
    ALWAYS = 1
    #: Only `sync`, `checkpoint` and `close` make writes durable.
    NEVER = 2


class RecoveryMode(IntEnum):
    """What opening does with damage that is more than a torn end."""

    #: It refuses to open (the default).
    STRICT = 0
    #: It leaves the damage out and tells of it in `Database.recovery`.
    SALVAGE = 1


class Level(IntEnum):
    """How grave a message of a database is."""

    ERROR = 1
    WARNING = 2
    INFO = 3


class Space(IntEnum):
    """What coordinates mean."""

    #: Longitude and latitude in degrees (WGS84), altitudes and distances in metres.
    GEOGRAPHIC = 0
    #: x, y and z in any one unit, distances in that unit.
    CARTESIAN = 1


class History(IntEnum):
    """Whether a namespace keeps every accepted position."""

    #: In a directory yes, in memory no.
    DEFAULT = 0
    ON = 1
    OFF = 2


class Outcome(IntEnum):
    """What an update came to."""

    #: The object was not there before.
    CREATED = 1
    #: The object was there, and is now where the update says.
    MOVED = 2
    #: The update is older than what is known: it went to history and moved nothing.
    LATE = 3


class Order(IntEnum):
    """The order of positions in time."""

    OLDEST_FIRST = 0
    NEWEST_FIRST = 1


class Interpolation(IntEnum):
    """Where an object is between two known positions."""

    #: On the straight line between them, the short way over the antimeridian.
    LINEAR = 0
    #: At the last position known.
    LAST = 1


class Metric(IntEnum):
    """How a distance is measured."""

    #: Great circle on the mean sphere, in metres.
    HAVERSINE = 0
    #: Shortest way on the WGS84 ellipsoid, in metres.
    GEODESIC = 1
    #: Line of constant bearing on the mean sphere, in metres.
    RHUMB = 2
    #: Straight line through the coordinates as numbers; the only one of a Cartesian namespace.
    EUCLIDEAN = 3


class DistanceMetric(str, Enum):
    """The same by name, as the everyday calls take it: `DistanceMetric("haversine")`."""

    HAVERSINE = "haversine"
    GEODESIC = "geodesic"
    RHUMB = "rhumb"
    EUCLIDEAN = "euclidean"

    def __repr__(self) -> str:
        return f"DistanceMetric({self.value.capitalize()})"

    __str__ = __repr__

    @property
    def metric(self) -> Metric:
        """The word of the calls that take columns."""
        return Metric[self.name]


class IndexLayout(IntEnum):
    """Which trees a packed index has."""

    #: The quick one of this library.
    FAST = 0
    #: The tree of the format, which other programs read too.
    ORIGIN = 1
    #: Both: other programs read the one, this library asks the other.
    BOTH = 2


@dataclass(frozen=True)
class Options:
    """How a database is opened."""

    #: When writes become durable.
    sync: SyncPolicy = SyncPolicy.EVERY
    #: The period of `SyncPolicy.EVERY` in microseconds.
    sync_period_us: int | None = None
    #: Records gathered before they are handed to the operating system.
    buffer_records: int | None = None
    #: Bytes at which a segment of the log is closed and the next begun.
    segment_bytes: int | None = None
    #: What to do with damage.
    recovery: RecoveryMode = RecoveryMode.STRICT
    #: Opens for reading only: takes no lock, writes nothing, refuses changes.
    read_only: bool = False
    #: False starts no thread: `SyncPolicy.EVERY` is then kept by the writing calls themselves, and
    #: what expired is swept by `Database.sweep` alone.
    background: bool = True
    #: Takes messages: `log(level, text)`. Any thread may call it; it must not call the database.
    log: Callable[[Level, str], object] | None = None
    #: Tells the present moment in microseconds since 1970-01-01 UTC, for a simulation's own clock.
    #: Any thread may call it; it must not call the database.
    clock: Callable[[], int] | None = None


@dataclass(frozen=True)
class NamespaceOptions:
    """How a namespace is made; also what it was made with."""

    #: What coordinates mean.
    space: Space = Space.GEOGRAPHIC
    #: Whether trajectories are kept.
    history: History = History.DEFAULT
    #: How long an object lives after its last update, in microseconds; 0: for ever.
    ttl_us: int = 0
