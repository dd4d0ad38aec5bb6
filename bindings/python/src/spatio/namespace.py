"""A namespace: columns in, columns out."""

from __future__ import annotations

from types import TracebackType

from spatio import _quick
from spatio._freezing import Freezing
from spatio._native import NULL
from spatio._reading import Object, Reading
from spatio._searching import Searching
from spatio._writing import OUTCOMES, Writing, Written

_quick.bind(OUTCOMES, Written, Object)


class Namespace(Writing, Reading, Searching, Freezing):
    """A named set of objects of a database, by `Database.namespace` or `create_namespace`.

    Any number of threads may use one; the library works without the interpreter's lock. Times are
    microseconds since 1970-01-01 UTC, distances metres (or units of a Cartesian namespace). A
    handle is a number that stands for an object's id, for as long as the database exists.
    """

    def close(self) -> None:
        """Frees the handle once no call uses it any more; the namespace itself stays."""
        self._pointer = NULL
        self._quick = _quick.ABSENT
        self._pool.clear()

    def __enter__(self) -> Namespace:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<spatio.Namespace {self.name!r}, {self.space.name.lower()}>"
