"""Writing cases down: each method plays a step on the model and notes what must come of it."""

import json
import math

from . import geo
from .world import World

START_US = 1_700_000_000_000_000
BIG = 2**53
RAN = object()


def place(at):
    """A position of two or three numbers, as three."""
    return tuple(at) + (0.0,) * (3 - len(at))


def plain(value):
    """The value as JSON can hold it: words for what is no number, strings beyond 2^53."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if -BIG <= value <= BIG else str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return int(value) if value == int(value) and abs(value) < 1e15 and not is_minus_zero(value) else value
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value]


def is_minus_zero(value):
    return value == 0 and math.copysign(1, value) < 0


class Book:
    """The cases of one topic, which become one file."""

    def __init__(self, topic, about):
        self.topic, self.about, self.cases = topic, about, []

    def case(self, name, space=None, where="memory", needs=(), ttl_us=0, history="default", **options):
        case = Case(name, where, list(needs), options)
        assert all(name != other.name for other in self.cases), name
        self.cases.append(case)
        if space is not None:
            case.create("main", space, ttl_us=ttl_us, history=history)
        return case

    def text(self):
        """One step a line, so that a diff shows what changed."""
        dump = lambda value: json.dumps(plain(value), ensure_ascii=True)
        lines = ["{", f'  "topic": {dump(self.topic)},', f'  "about": {dump(self.about)},', '  "cases": [']
        for n, case in enumerate(self.cases):
            lines += ["    {", f'      "name": {dump(case.name)},']
            for key, value in case.setup().items():
                lines.append(f'      "{key}": {dump(value)},')
            lines.append('      "steps": [')
            steps = [f"        {dump(step)}" for step in case.steps]
            lines += [",\n".join(steps), "      ]", "    }" + ("," if n + 1 < len(self.cases) else "")]
        return "\n".join(lines + ["  ]", "}", ""])


class Case:
    def __init__(self, name, where, needs, options):
        self.name, self.where, self.needs, self.options = name, where, needs, options
        self.world = World(START_US, where == "memory")
        self.steps = []

    def setup(self):
        setup = {"where": self.where, "clock_us": START_US}
        if self.options:
            setup["options"] = self.options
        if self.needs:
            setup["needs"] = self.needs
        return setup

    # ---- any step, by hand

    def step(self, op, args=None, expect=None, **more):
        step = {"op": op}
        if args:
            step["args"] = args
        if expect is not None:
            step["expect"] = expect
        step.update(more)
        self.steps.append(step)

    def fail(self, op, args, status, *words, row=None):
        """A step that must be refused with this status, and with these words in the message."""
        step = {"op": op, "args": args, "error": status}
        if words:
            step["message"] = list(words)
        if row is not None:
            step["row"] = row
        self.steps.append(step)

    def clock(self, advance_us):
        self.world.clock_us += advance_us
        self.step("clock", {"advance_us": advance_us})

    # ---- namespaces

    def create(self, name, space, ttl_us=0, history="default"):
        self.world.create(name, space, ttl_us, history)
        args = {"name": name, "space": space}
        if ttl_us:
            args["ttl_us"] = ttl_us
        if history != "default":
            args["history"] = history
        self.step("create_namespace", args)

    def ns(self, args):
        return self.world.spaces[args.get("ns", "main")]

    def settings(self, **args):
        ns = self.ns(args)
        self.step("settings", args, {"space": ns.space, "ttl_us": ns.ttl_us, "history": ns.history})

    def count(self, **args):
        self.step("count", args, {"objects": len(self.world.here(self.ns(args)))})

    # ---- writes

    def upsert(self, id, at, **more):
        kept = {k: v for k, v in more.items() if k != "ns"}
        outcome = self.world.upsert(self.ns(more), id, place(at), **kept)
        self.step("upsert", {"id": id, "at": at, **more}, {"outcome": outcome})

    def put(self, places, **more):
        """Many objects in one step, for the stage of a case."""
        ids = list(places)
        self.upsert_batch(ids, [places[i] for i in ids], **more)

    def move(self, handle, at, id=None, **more):
        kept = {k: v for k, v in more.items() if k != "ns"}
        outcome = self.world.upsert(self.ns(more), id or handle, place(at), **kept)
        # Not every language tells apart what a move made and what it moved.
        self.step("move", {"handle": handle, "at": at, **more}, {"late": outcome == "LATE"})

    def columns(self, places):
        columns = {"x": [p[0] for p in places], "y": [p[1] for p in places]}
        if any(len(p) > 2 for p in places):
            columns["z"] = [place(p)[2] for p in places]
        return columns

    def move_batch(self, handles, places, ids=None, time_us=None, **more):
        times = time_us or [None] * len(places)
        outcomes = [
            self.world.upsert(self.ns(more), i, place(p), time_us=t)
            for i, p, t in zip(ids or handles, places, times)
        ]
        args = {"handles": handles, **self.columns(places), **more}
        if time_us:
            args["time_us"] = time_us
        late = outcomes.count("LATE")
        self.step("move_batch", args, {"applied": len(outcomes) - late, "late": late})

    def upsert_batch(self, ids, places, time_us=None, payloads=None, ttl_us=None, **more):
        outcomes = []
        for row, (i, p) in enumerate(zip(ids, places)):
            outcomes.append(self.world.upsert(
                self.ns(more), i, place(p),
                time_us=time_us[row] if time_us else None,
                payload=payloads[row] if payloads else None,
                ttl_us=ttl_us[row] if ttl_us else 0,
            ))
        args = {"ids": ids, **self.columns(places), **more}
        for key, column in (("time_us", time_us), ("payloads", payloads), ("ttl_us", ttl_us)):
            if column:
                args[key] = column
        late = outcomes.count("LATE")
        self.step("upsert_batch", args, {"applied": len(outcomes) - late, "late": late})

    def insert_trajectory(self, id, times, places, **more):
        for t, p in zip(times, places):
            self.world.upsert(self.ns(more), id, place(p), time_us=t)
        args = {"id": id, "time_us": times, **self.columns(places), **more}
        self.step("insert_trajectory", args, {"inserted": len(times)})

    def delete(self, id, **more):
        self.step("delete", {"id": id, **more}, {"deleted": self.world.delete(self.ns(more), id)})

    def delete_batch(self, handles, ids=None, **more):
        gone = [self.world.delete(self.ns(more), i) for i in ids or handles]
        self.step("delete_batch", {"handles": handles, **more}, {"deleted": sum(gone)})

    def sweep(self):
        removed = sum(self.world.bury_expired(ns) for ns in self.world.spaces.values())
        self.step("sweep", None, {"removed": removed})

    # ---- reads

    def state(self, id, args):
        o = self.world.here(self.ns(args)).get(id)
        if o is None:
            return {"found": False}
        return {"found": True, "at": trim(o["at"]), **{k: o[k] for k in ("time_us", "expires_us", "payload")}}

    def get(self, id, **more):
        self.step("get", {"id": id, **more}, self.state(id, more))

    def get_by_handle(self, handle, id=None, **more):
        self.step("get_by_handle", {"handle": handle, **more}, self.state(id or handle, more))

    def get_payload(self, handle, **more):
        state = self.state(handle, more)
        state = {k: state[k] for k in ("found", "payload") if k in state}
        self.step("get_payload", {"handle": handle, **more}, state)

    def get_batch(self, handles, **more):
        here = self.world.here(self.ns(more))
        rows = [here.get(h) for h in handles]
        expect = {"found": [r is not None for r in rows]}
        for axis, name in enumerate("xyz"):
            expect[name] = [r["at"][axis] if r else 0 for r in rows]
        expect["time_us"] = [r["time_us"] if r else 0 for r in rows]
        self.step("get_batch", {"handles": handles, **more}, expect)

    # ---- queries

    def answer(self, q, ns="main", world=None):
        world = world or self.world
        model = dict(q)
        if "at" in model:
            model["at"] = place(model["at"])
        rows, has_order = world.rows(world.spaces[ns], model)
        limit = q.get("limit")
        rows = [{**row, "at": trim(row["at"])} for row in rows]
        if has_order:
            return {"rows": rows if limit is None else rows[:limit]}
        rows.sort(key=lambda row: row["id"].encode())
        if limit is not None and limit < len(rows):
            return {"row_count": limit, "among": [row["id"] for row in rows]}
        return {"rows_by_id": rows}

    def query(self, kind, ns=None, **q):
        expect = self.answer({"kind": kind, **q}, ns or "main")
        self.step("query", {"kind": kind, **q, **({"ns": ns} if ns else {})}, expect)

    def query_run(self, queries):
        self.step("query_run", {"queries": queries}, {"results": [self.answer(q) for q in queries]})

    def ask(self, op, args, kind, **q):
        """One of the calls with a name of its own, which is a query of this kind."""
        self.step(op, args, self.answer({"kind": kind, **q}))

    def hull(self, **more):
        points = [o["at"][:2] for o in self.world.here(self.ns(more)).values()]
        self.step("convex_hull", more, {"ring": geo.hull(points)})

    def bounds(self, **more):
        points = [o["at"] for o in self.world.here(self.ns(more)).values()]
        if not points:
            return self.step("bounds", more, {"empty": True})
        ends = {"min": [min(c) for c in zip(*points)], "max": [max(c) for c in zip(*points)]}
        self.step("bounds", more, {"empty": False, **ends})

    # ---- the past

    def trajectory(self, handles, start_us=-(2**63), end_us=2**63 - 1, order="newest_first", limit=None, **more):
        tracks = [self.world.track(self.ns(more), h, start_us, end_us, order, limit) for h in handles]
        args = {"handles": handles, "start_us": start_us, "end_us": end_us, "order": order, **more}
        if limit is not None:
            args["limit"] = limit
        self.step("trajectory", args, {"tracks": tracks})

    def positions_at(self, handles, time_us, how="linear", **more):
        found = [self.world.position_at(self.ns(more), h, time_us, how) for h in handles]
        args = {"handles": handles, "time_us": time_us, "interpolation": how, **more}
        self.step("positions_at", args, {"positions": found})

    # ---- distances

    def distance_between(self, a, b, metric, **more):
        ns = self.ns(more)
        here = self.world.here(ns)
        found = [
            geo.by_metric(ns.space, metric, here[i]["at"], here[j]["at"]) if i in here and j in here else None
            for i, j in zip(a, b)
        ]
        self.step("distance_between", {"a": a, "b": b, "metric": metric, **more}, {"distances": found})

    def distance_to(self, handles, at, metric, **more):
        ns = self.ns(more)
        here = self.world.here(ns)
        found = [
            geo.by_metric(ns.space, metric, here[i]["at"], place(at)) if i in here else None for i in handles
        ]
        self.step("distance_to", {"handles": handles, "at": at, "metric": metric, **more}, {"distances": found})

    def distance(self, space, metric, a, b):
        args = {"space": space, "metric": metric, "from": a, "to": b}
        self.step("distance", args, {"distance": geo.by_metric(space, metric, place(a), place(b))})

    # ---- the database

    def reopen(self, **options):
        """Closes and opens again: everything is as it was, the clock goes on."""
        self.step("close")
        self.step("open", {"options": options} if options else None)


def trim(at):
    return list(at[:2]) if at[2] == 0 and not is_minus_zero(at[2]) else list(at)
