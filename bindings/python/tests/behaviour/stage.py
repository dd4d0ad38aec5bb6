"""What a case plays on: a folder, a clock, the databases, namespaces, indexes, packs and fences
that it has open.

Invariants: a step that expects an error fails when there is none; a step that expects none fails
when there is one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import spatio
from spatio import Database, Fences, Index, Namespace, Options, Pack, RecoveryMode, SyncPolicy

from . import files, indexes, objects, packs, past, questions, streams, whole
from .compare import compare, number

Answer = dict[str, Any]
Args = dict[str, Any]


class Stage:
    """Everything that the steps of one case share."""

    def __init__(self, case: dict[str, Any], folder: Path) -> None:
        self.folder = folder
        self.clock_us = int(case["clock_us"])
        self.bound: dict[str, int] = {}
        self.databases: dict[str, Database] = {}
        self.spaces: dict[tuple[str, str], Namespace] = {}
        self.indexes: dict[str, Index] = {}
        self.streams: dict[str, streams.Counted] = {}
        self.packs: dict[str, Pack] = {}
        self.fences: dict[str, Fences] = {}
        in_memory = case["where"] == "memory"
        self.open({"memory": in_memory, "options": case.get("options", {})})

    def end(self) -> None:
        """Closes what the case left open."""
        for kept in (self.indexes, self.streams, self.packs, self.fences):
            for one in kept.values():
                one.close()
        for space in self.spaces.values():
            space.close()
        for database in self.databases.values():
            database.close()

    def step(self, step: dict[str, Any]) -> None:
        """Plays one step and checks what came of it."""
        expected_error = step.get("error")
        try:
            answer = self.play(step["op"], step.get("args", {}))
        except spatio.SpatioError as error:
            if expected_error is None:
                raise AssertionError(f"refused: {error!r}") from error
            self._check_error(step, error)
            return
        assert expected_error is None, f"expected {expected_error}, found {answer}"
        if "bind" in step:
            self.bound[step["bind"]] = answer["handle"]
        compare(step.get("expect", {}), answer, self.bound)

    @staticmethod
    def _check_error(step: dict[str, Any], error: spatio.SpatioError) -> None:
        assert error.status == step["error"], f"expected {step['error']}, found {error!r}"
        for word in step.get("message", []):
            assert word in str(error), f"{word!r} is not in {str(error)!r}"
        if "row" in step:
            assert error.row == step["row"], f"expected row {step['row']}, found {error.row}"

    def play(self, op: str, args: Args) -> Answer:
        """Plays one step; what came of it."""
        alone: Callable[[Stage, Args], Answer] | None = _ALONE.get(op)
        if alone is not None:
            return alone(self, args)
        of_database = whole.OPS.get(op)
        if of_database is not None:
            return of_database(self, self.databases[args.get("db", "db")], args)
        for room in (objects.OPS, questions.OPS, past.OPS, packs.OF_NAMESPACE):
            if op in room:
                return room[op](self, self.namespace(args), args)
        raise AssertionError(f"no such operation: {op}")

    def clock(self, args: Args) -> Answer:
        """Lets time pass."""
        self.clock_us += number(args["advance_us"])
        return {}

    def open(self, args: Args) -> Answer:
        """Opens a database under a name; one that was open under it is given up."""
        name = args.get("as", "db")
        options = self._options(args.get("options", {}))
        if args.get("memory"):
            opened = Database.memory(options)
        else:
            opened = Database.open(self.folder / args.get("path", "db"), options)
        for key in [key for key in self.spaces if key[0] == name]:
            self.spaces.pop(key).close()
        given_up = self.databases.pop(name, None)
        if given_up is not None:
            given_up.close()
        self.databases[name] = opened
        return {}

    def _options(self, given: dict[str, Any]) -> Options:
        made: dict[str, Any] = {}
        for key, value in given.items():
            if key == "sync":
                made["sync"] = word(SyncPolicy, value)
            elif key == "recovery":
                made["recovery"] = word(RecoveryMode, value)
            elif key in ("read_only", "segment_bytes", "buffer_records", "sync_period_us"):
                made[key] = value
            else:
                raise AssertionError(f"option {key}")
        return Options(clock=lambda: self.clock_us, background=False, **made)

    def namespace(self, args: Args) -> Namespace:
        """The namespace that a step is about, opened when it is first named."""
        key = args.get("db", "db"), args.get("ns", "main")
        if key not in self.spaces:
            self.spaces[key] = self.databases[key[0]].namespace(key[1])
        return self.spaces[key]

    def handle(self, ns: Namespace | Pack | Fences, name: str) -> int:
        """The handle that a case means: `@name` of a bound one, `#number`, or an object's id."""
        if name.startswith("@"):
            return self.bound[name[1:]]
        if name.startswith("#"):
            return int(name[1:])
        if isinstance(ns, Namespace):
            handle = ns.find_handle(name)
        else:
            found = ns.get(name)
            handle = None if found is None else found.handle
        assert handle is not None, f"{name!r} has no handle"
        return handle

    def handles(self, ns: Namespace, names: list[str]) -> list[int]:
        """The handles that a case means."""
        return [self.handle(ns, name) for name in names]


def word(kind: Any, value: str) -> Any:
    """A word of the interface; `#number` is one that it does not have."""
    return int(value[1:]) if value.startswith("#") else kind[value.upper()]


_ALONE: dict[str, Callable[[Stage, Args], Answer]] = {
    "clock": Stage.clock,
    "open": Stage.open,
    **files.OPS,
    **whole.ALONE,
    **questions.ALONE,
    **indexes.OPS,
    **streams.OPS,
    **packs.OPS,
}
