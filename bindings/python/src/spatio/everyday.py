"""The everyday interface: one object, namespaces by name, results as lists of tuples.

Its names and the order of its arguments are those of the package that this one replaces, so that
programs written for that one run. Metadata is anything that JSON can say.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from spatio import _rows
from spatio._native import NOW, NULL, encoded, free, lib, new_scratch
from spatio.database import Database
from spatio.errors import InvalidArgumentError, NotFoundError
from spatio.namespace import Namespace
from spatio.options import DistanceMetric, History, NamespaceOptions, Options, Order
from spatio.points import Point, Polygon, TemporalPoint
from spatio.query import Around, Query

#: (object id, where it is, its metadata, its distance from the origin)
Neighbour = tuple[str, Point, Any, float]
#: (object id, where it is, its metadata)
Found = tuple[str, Point, Any]
#: (where it was, None, when, in seconds since 1970-01-01 UTC)
Passed = tuple[Point, Any, float]

_upsert = lib.spatio_upsert
_SPACE = NamespaceOptions(history=History.ON)


@dataclass(frozen=True)
class SetOptions:
    """How an update is written: `timestamp` is its time in seconds since 1970-01-01 UTC."""

    timestamp: float | None = None


@dataclass(frozen=True)
class Config:
    """How a database is opened.

    `persistence_buffer_size`: records gathered before they are handed to the operating system.
    `buffer_capacity` was the number of recent positions that are quick to ask for; all are, so it
    is checked and has no effect.
    """

    buffer_capacity: int = 100
    persistence_buffer_size: int = 512

    def __init__(
        self, buffer_capacity: int | None = None, persistence_buffer_size: int | None = None
    ) -> None:
        wanted = {
            "buffer_capacity": buffer_capacity,
            "persistence_buffer_size": persistence_buffer_size,
        }
        for name, value in wanted.items():
            if value is None:
                continue
            if value <= 0:
                raise InvalidArgumentError(f"{name} must be greater than zero, not {value}")
            object.__setattr__(self, name, int(value))


class Spatio:
    """A database of places by name. It is a context manager, which closes it.

    >>> with Spatio.memory() as db:
    ...     db.upsert("cities", "nyc", Point(-74.0060, 40.7128), {"population": 8_000_000})
    ...     db.query_radius("cities", Point(-74.0, 40.7), 100_000.0)[0][0]
    'nyc'
    """

    def __init__(self, database: Database) -> None:
        #: The database with everything that has no everyday name.
        self.database = database
        self._spaces: dict[str, Namespace] = {}
        self._rows = _rows.Asker()

    @staticmethod
    def memory() -> Spatio:
        """A database in memory, which is gone when it is closed."""
        return Spatio(Database.memory())

    @staticmethod
    def memory_with_config(config: Config) -> Spatio:
        """The same with settings."""
        return Spatio(Database.memory(_options(config)))

    @staticmethod
    def open(path: str | os.PathLike[str]) -> Spatio:
        """Opens the database in a directory, creating it if it is missing."""
        return Spatio(Database.open(path))

    @staticmethod
    def open_with_config(path: str | os.PathLike[str], config: Config) -> Spatio:
        """The same with settings."""
        return Spatio(Database.open(path, _options(config)))

    def namespace(self, name: str) -> Namespace:
        """The namespace with its calls for columns, made if it is missing."""
        return self._spaces.get(name) or self._made(name)

    def _found(self, name: str) -> Namespace | None:
        """The namespace if there is one: asking makes none."""
        known = self._spaces.get(name)
        if known is not None:
            return known
        try:
            opened = self.database.namespace(name)
        except NotFoundError:
            return None
        return self._spaces.setdefault(name, opened)

    def _made(self, name: str) -> Namespace:
        found = self._found(name)
        if found is not None:
            return found
        return self._spaces.setdefault(name, self.database.create_namespace(name, _SPACE))

    def upsert(
        self,
        namespace: str,
        object_id: str,
        point: Point,
        metadata: Any = None,
        opts: SetOptions | None = None,
    ) -> None:
        """Says where an object is, and what else is known of it."""
        ns = self._spaces.get(namespace)
        if ns is None:
            ns = self._made(namespace)
        time_us = NOW if opts is None else _time_us(opts.timestamp)
        payload = b"" if metadata is None else _rows.payload_of(metadata)
        if ns._quick.put(object_id, point, time_us, payload):
            return
        x, y, z = point
        data = encoded(object_id)
        try:
            scratch = free.pop()
        except IndexError:
            scratch = new_scratch()
        error = scratch[0]
        status = _upsert(
            ns._pointer,
            data,
            len(data),
            x,
            y,
            z,
            time_us,
            payload,
            len(payload),
            0,
            NULL,
            NULL,
            error,
        )
        if status:
            ns._refused(status, error)
        free.append(scratch)

    update_location = upsert

    def insert_trajectory(
        self, namespace: str, object_id: str, trajectory: Iterable[TemporalPoint]
    ) -> None:
        """Adds past positions to an object's track."""
        points = list(trajectory)
        times = [_time_us(at.timestamp) for at in points]
        columns = np.array([at.point for at in points], np.float64).reshape(-1, 3).T
        x, y, z = (np.ascontiguousarray(column) for column in columns)
        self.namespace(namespace).insert_trajectory(object_id, times, x, y, z)

    def get(self, namespace: str, object_id: str) -> tuple[Point, Any, float] | None:
        """Where an object is, its metadata, and when that was; None if it is not here."""
        ns = self._found(namespace)
        found = None if ns is None else ns.get(object_id)
        if found is None:
            return None
        payload = None if found.payload is None else _rows.metadata_of(found.payload)
        return Point(found.x, found.y, found.z), payload, found.time_us / 1e6

    def delete(self, namespace: str, object_id: str) -> None:
        """Removes an object; its track stays."""
        ns = self._found(namespace)
        if ns is not None:
            ns.delete(object_id)

    def _neighbours(self, namespace: str, query: Query) -> list[Neighbour]:
        ns = self._found(namespace)
        return [] if ns is None else self._rows.ask(ns, query)

    def _inside(self, namespace: str, query: Query) -> list[Found]:
        ns = self._found(namespace)
        return [] if ns is None else [row[:3] for row in self._rows.ask(ns, query)]

    def _at(self, namespace: str, object_id: str) -> Around:
        ns = self._found(namespace)
        handle = None if ns is None else ns.find_handle(object_id)
        if handle is None:
            raise NotFoundError(f"object {object_id!r} is not in namespace {namespace!r}")
        return Around(handle)

    def query_radius(
        self, namespace: str, center: Point, radius: float, limit: int = 100
    ) -> list[Neighbour]:
        """What lies within a radius, altitude included, nearest first."""
        ns = self._spaces.get(namespace)
        if ns is None:
            ns = self._found(namespace)
        return [] if ns is None else self._rows.sphere(ns, center, radius, limit)

    def query_near(
        self, namespace: str, object_id: str, radius: float, limit: int = 100
    ) -> list[Neighbour]:
        """What lies within a radius of an object: the object itself, then the others."""
        origin = self._at(namespace, object_id)
        return self._neighbours(namespace, Query.sphere(origin, radius).limit(limit))

    def knn(self, namespace: str, center: Point, k: int) -> list[Neighbour]:
        """The k nearest, altitude included, nearest first."""
        ns = self._spaces.get(namespace)
        if ns is None:
            ns = self._found(namespace)
        return [] if ns is None else self._rows.nearest(ns, center, k)

    def knn_near_object(self, namespace: str, object_id: str, k: int) -> list[Neighbour]:
        """The k nearest to an object: the object itself, then the others."""
        return self._neighbours(namespace, Query.nearest(self._at(namespace, object_id), k))

    def query_within_cylinder(
        self,
        namespace: str,
        center: Point,
        min_z: float,
        max_z: float,
        radius: float,
        limit: int = 100,
    ) -> list[Neighbour]:
        """What lies within a radius along the ground and from `min_z` to `max_z`."""
        query = Query.cylinder(center, radius, min_z, max_z)
        return self._neighbours(namespace, query.limit(limit))

    def query_cylinder_near_object(
        self,
        namespace: str,
        object_id: str,
        min_z: float,
        max_z: float,
        radius: float,
        limit: int = 100,
    ) -> list[Neighbour]:
        """The same around an object."""
        query = Query.cylinder(self._at(namespace, object_id), radius, min_z, max_z)
        return self._neighbours(namespace, query.limit(limit))

    def query_bbox(
        self,
        namespace: str,
        min_x: float,
        min_y: float,
        max_x: float,
        max_y: float,
        limit: int = 100,
    ) -> list[Found]:
        """What lies in a box, in no promised order."""
        return self._inside(namespace, Query.box(min_x, min_y, max_x, max_y).limit(limit))

    def query_within_bbox_3d(
        self,
        namespace: str,
        min_x: float,
        min_y: float,
        min_z: float,
        max_x: float,
        max_y: float,
        max_z: float,
        limit: int = 100,
    ) -> list[Found]:
        """The same from `min_z` to `max_z`."""
        query = Query.box_3d(min_x, min_y, min_z, max_x, max_y, max_z)
        return self._inside(namespace, query.limit(limit))

    def query_bbox_near_object(
        self, namespace: str, object_id: str, width: float, height: float, limit: int = 100
    ) -> list[Found]:
        """What lies in the box of `width` and `height` degrees around an object."""
        query = Query.box_around(self._at(namespace, object_id), width, height)
        return self._inside(namespace, query.limit(limit))

    def query_bbox_3d_near_object(
        self,
        namespace: str,
        object_id: str,
        width: float,
        height: float,
        depth: float,
        limit: int = 100,
    ) -> list[Found]:
        """The same with a `depth` of metres."""
        query = Query.box_3d_around(self._at(namespace, object_id), width, height, depth)
        return self._inside(namespace, query.limit(limit))

    def query_polygon(self, namespace: str, polygon: Polygon, limit: int = 100) -> list[Found]:
        """What lies in a polygon, its border included."""
        return self._inside(namespace, Query.polygon(polygon).limit(limit))

    def query_trajectory(
        self,
        namespace: str,
        object_id: str,
        start_time: float,
        end_time: float,
        limit: int = 100,
    ) -> list[Passed]:
        """Where an object was from `start_time` to `end_time` (seconds), newest first."""
        ns = self._found(namespace)
        handle = None if ns is None else ns.find_handle(object_id)
        if ns is None or handle is None:
            return []
        start_us, end_us = _time_us(start_time), _time_us(end_time)
        track = ns.trajectory([handle], start_us, end_us, order=Order.NEWEST_FIRST, limit=limit)
        points = _rows.points(track.x.tolist(), track.y.tolist(), track.z.tolist())
        return [
            (at, None, time_us / 1e6)
            for at, time_us in zip(points, track.time_us.tolist(), strict=True)
        ]

    def distance_between(
        self, namespace: str, id1: str, id2: str, metric: DistanceMetric | str
    ) -> float | None:
        """How far two objects are apart, altitude included; None if one is not here."""
        ns = self._found(namespace)
        a = None if ns is None else ns.find_handle(id1)
        b = None if ns is None else ns.find_handle(id2)
        if ns is None or a is None or b is None:
            return None
        (measured,) = ns.distance_between([a], [b], DistanceMetric(metric).metric).tolist()
        return None if measured != measured else measured

    def distance_to(
        self, namespace: str, id: str, point: Point, metric: DistanceMetric | str
    ) -> float | None:
        """How far an object is from a point, altitude included; None if it is not here."""
        ns = self._found(namespace)
        handle = None if ns is None else ns.find_handle(id)
        if ns is None or handle is None:
            return None
        (measured,) = ns.distance_to([handle], *point, DistanceMetric(metric).metric).tolist()
        return None if measured != measured else measured

    def convex_hull(self, namespace: str) -> Polygon | None:
        """The convex hull of all objects; None if there are none."""
        ns = self._found(namespace)
        ring = [] if ns is None else ns.convex_hull().tolist()
        return Polygon(ring) if ring else None

    def bounding_box(self, namespace: str) -> tuple[float, float, float, float] | None:
        """The smallest box around all objects: min x, min y, max x, max y; None without objects."""
        ns = self._found(namespace)
        bounds = None if ns is None else ns.bounds()
        if bounds is None:
            return None
        return bounds.min_x, bounds.min_y, bounds.max_x, bounds.max_y

    def stats(self) -> dict[str, int]:
        """Figures by name: those of `Database.stats`, and those that older programs look for.

        There `operations_count` is the number of the last record, `cold_state_trajectories` that
        of ids ever seen; `cold_state_buffer_bytes` is 0, as there is no such buffer.
        """
        stats = self.database.stats()
        return {
            "operations_count": stats.last_seq,
            "hot_state_objects": stats.objects,
            "cold_state_trajectories": stats.handles,
            "cold_state_buffer_bytes": 0,
            "memory_usage_bytes": stats.memory_bytes,
            "size_bytes": stats.disk_bytes,
            **stats._asdict(),
        }

    def close(self) -> None:
        """Writes everything down and closes. Closing twice is fine."""
        self._rows.free()
        self.database.close()

    def __enter__(self) -> Spatio:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "Spatio(database)"


def _options(config: Config) -> Options:
    return Options(buffer_records=config.persistence_buffer_size)


def _time_us(seconds: float | None) -> int:
    if seconds is None:
        return NOW
    try:
        return round(seconds * 1e6)
    except (ValueError, OverflowError) as error:
        raise InvalidArgumentError(f"timestamp: {seconds} is no time in seconds") from error
