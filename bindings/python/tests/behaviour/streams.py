"""Streamed indexes: opened over the bytes of an index, asked, their rounds counted.

Each question is asked by calls and by awaiting, and both must answer the same.
"""

from __future__ import annotations

import asyncio
from typing import Any

from spatio import Spent, StreamIndex, StreamOptions, aio

from .compare import number
from .indexes import region_of

Args = dict[str, Any]
_FIELDS = ("gap_bytes", "read_bytes", "round_bytes", "kept_bytes")
_LIMITS = ("max_reads", "max_bytes", "max_items")


class _Reader:
    """Reads memory, and counts its calls, one a round."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.rounds = 0

    def __len__(self) -> int:
        return len(self.data)

    def read(self, offset: int, length: int, /) -> bytes:
        return self.data[offset : offset + length]

    def read_ranges(self, ranges: list[tuple[int, int]]) -> list[bytes]:
        self.rounds += 1
        return [self.read(*one) for one in ranges]


class _Awaited:
    """The same, later, range by range."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    async def read(self, offset: int, length: int, /) -> bytes:
        await asyncio.sleep(0)
        return self.data[offset : offset + length]


class Counted:
    """A stream of each sort."""

    def __init__(self, data: bytes, options: StreamOptions) -> None:
        self.reader = _Reader(data)
        self.index = StreamIndex.open(self.reader, options)
        self.awaited = asyncio.run(aio.StreamIndex.open(_Awaited(data), options))
        assert self.index.spent.rounds == self.reader.rounds

    def ask(self, name: str, *arguments: Any, **named: Any) -> tuple[Any, Spent]:
        """Asks both; the answer, and what it took."""
        counted, before = self.reader.rounds, self.index.spent
        answer = getattr(self.index, name)(*arguments, **named)
        spent = Spent(*(a - b for a, b in zip(self.index.spent, before, strict=True)))
        assert spent.rounds == self.reader.rounds - counted
        other = asyncio.run(getattr(self.awaited, name)(*arguments, **named))
        assert _plain(other) == _plain(answer)
        assert self.awaited.spent == self.index.spent
        return answer, spent

    def close(self) -> None:
        """Closes both."""
        self.index.close()
        self.awaited.close()


def _plain(answer: Any) -> Any:
    if hasattr(answer, "ranks"):
        columns = (answer.ids, answer.ranks, answer.distance)
        return [column.tolist() for column in columns], answer.payloads
    return repr(answer)


def _open(stage: Any, args: Args) -> Args:
    given = {name: number(args[name]) for name in _FIELDS + _LIMITS if name in args}
    options = StreamOptions(without_fast=args.get("without_fast", False), **given)
    if "bytes" in args:
        data = bytes(args["bytes"])
    else:
        data = stage.indexes[args.get("from", "index")].to_bytes()
    opened = Counted(data, options)
    name = args.get("as", "stream")
    if name in stage.streams:
        stage.streams[name].close()
    stage.streams[name] = opened
    return {"rounds": opened.reader.rounds}


def _close(stage: Any, args: Args) -> Args:
    stage.streams.pop(args.get("stream", "stream")).close()
    return {}


def _point(values: list[Any]) -> list[float]:
    return [number(value) for value in values]


def _window(args: Args) -> list[Any]:
    return [_point(args[name]) for name in ("min", "max") if name in args]


def _far(args: Args, name: str) -> float:
    return float(number(args[name])) if name in args else float("inf")


def _place(args: Args) -> list[float]:
    return [number(args["lon"]), number(args["lat"])]


def _info(stream: Counted, args: Args) -> Args:
    info = stream.index.info()
    assert info == stream.awaited.info()
    sides = {"min": list(info.min), "max": list(info.max)} if info.items else {}
    return {**info._asdict(), "min": None, "max": None, **sides}


def _items(stream: Counted, name: str, *arguments: Any, **named: Any) -> Args:
    found, spent = stream.ask(name, *arguments, **named)
    return {"ids": sorted(found.ids.tolist()), "rounds": spent.rounds}


def _counted(stream: Counted, name: str, *arguments: Any, **named: Any) -> Args:
    count, spent = stream.ask(name, *arguments, **named)
    return {"count": count, "rounds": spent.rounds}


def _search(stream: Counted, args: Args) -> Args:
    return _items(stream, "search", *_window(args))


def _count(stream: Counted, args: Args) -> Args:
    return _counted(stream, "count", *_window(args))


def _search_region(stream: Counted, args: Args) -> Args:
    return _items(stream, "search_region", region_of(args["region"]))


def _count_region(stream: Counted, args: Args) -> Args:
    return _counted(stream, "count_region", region_of(args["region"]))


def _search_within(stream: Counted, args: Args) -> Args:
    far = _far(args, "max_distance")
    return _items(stream, "search_within", *_window(args), max_distance=far)


def _count_within(stream: Counted, args: Args) -> Args:
    far = _far(args, "max_distance")
    return _counted(stream, "count_within", *_window(args), max_distance=far)


def _search_globe(stream: Counted, args: Args) -> Args:
    return _items(stream, "search_great_circle", *_place(args), _far(args, "max_distance"))


def _aggregate(stream: Counted, args: Args) -> Args:
    found, spent = stream.ask("aggregate", *_window(args))
    return {**vars(found), "rounds": spent.rounds}


def _nearest(stream: Counted, args: Args) -> Args:
    return _nearest_to(stream, args, "nearest", _point(args["at"]))


def _nearest_globe(stream: Counted, args: Args) -> Args:
    return _nearest_to(stream, args, "nearest_great_circle", *_place(args))


def _nearest_to(stream: Counted, args: Args, name: str, *place: Any) -> Args:
    far = _far(args, "max_distance")
    found, spent = stream.ask(name, *place, k=args.get("k"), max_distance=far)
    ids, distances = found.ids.tolist(), found.distance.tolist()
    return {"ids": ids, "distances": distances, "rounds": spent.rounds}


def _closest(stream: Counted, args: Args) -> Args:
    ray = _point(args["origin"]), _point(args["direction"]), _far(args, "max_t")
    hit, spent = stream.ask("raycast_closest", *ray)
    found = {"id": None, "distance": None} if hit is None else {"id": hit.id, "distance": hit.t}
    return {**found, "rounds": spent.rounds}


def _payloads(name: str, stream: Counted, args: Args) -> Args:
    ids: list[int] = []
    if "ranks" in args:
        ranks = args["ranks"]
    else:
        found, _ = stream.ask("search", *_window(args))
        pairs = sorted(zip(found.ids.tolist(), found.ranks.tolist(), strict=True))
        ids, ranks = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    told, spent = stream.ask(name, ranks)
    payloads = [payload.decode() for payload in told.payloads]
    return {"ids": ids, "payloads": payloads, "rounds": spent.rounds}


_ASKED = {
    "stream_info": _info,
    "stream_search": _search,
    "stream_count": _count,
    "stream_aggregate": _aggregate,
    "stream_nearest": _nearest,
    "stream_search_region": _search_region,
    "stream_count_region": _count_region,
    "stream_search_within": _search_within,
    "stream_count_within": _count_within,
    "stream_nearest_great_circle": _nearest_globe,
    "stream_search_great_circle": _search_globe,
    "stream_raycast_closest": _closest,
    "stream_payloads": lambda stream, args: _payloads("payloads", stream, args),
    "stream_prefixes": lambda stream, args: _payloads("prefixes", stream, args),
}


def _asked(ask: Any) -> Any:
    return lambda stage, args: ask(stage.streams[args.get("stream", "stream")], args)


OPS = {
    "stream_open": _open,
    "stream_close": _close,
    **{op: _asked(ask) for op, ask in _ASKED.items()},
}
