"""Files of a case: written, damaged, removed, and looked through without opening them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import spatio

from .compare import number


def _file(stage: Any, args: dict[str, Any]) -> Path:
    path: Path = stage.folder / args["file"]
    if "ending" not in args:
        return path
    return max(entry for entry in path.iterdir() if entry.name.endswith(args["ending"]))


def _write_file(stage: Any, args: dict[str, Any]) -> dict[str, Any]:
    _file(stage, args).write_text(args["text"], encoding="utf-8")
    return {}


def _write_bytes(stage: Any, args: dict[str, Any]) -> dict[str, Any]:
    path = _file(stage, args)
    data, new = bytearray(path.read_bytes()), bytes(args["bytes"])
    at = len(data) if args["offset"] == "end" else number(args["offset"])
    data.extend(bytes(max(0, at + len(new) - len(data))))
    data[at : at + len(new)] = new
    path.write_bytes(data)
    return {}


def _flip_byte(stage: Any, args: dict[str, Any]) -> dict[str, Any]:
    path = _file(stage, args)
    data = bytearray(path.read_bytes())
    data[args["offset"]] ^= 0xFF
    path.write_bytes(data)
    return {}


def _remove_file(stage: Any, args: dict[str, Any]) -> dict[str, Any]:
    _file(stage, args).unlink()
    return {}


def _check(stage: Any, args: dict[str, Any]) -> dict[str, Any]:
    report = spatio.check(stage.folder / args["path"])
    return {**report._asdict(), "is_sound": bool(report.is_sound)}


def _salvage(stage: Any, args: dict[str, Any]) -> dict[str, Any]:
    return spatio.salvage(stage.folder / args["source"], stage.folder / args["target"])._asdict()


OPS = {
    "write_file": _write_file,
    "write_bytes": _write_bytes,
    "flip_byte": _flip_byte,
    "remove_file": _remove_file,
    "check": _check,
    "salvage": _salvage,
}
