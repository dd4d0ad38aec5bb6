"""Comparing an answer with what a case expects.

Owns: which numbers may differ in their last digits. Invariant: what is expected must be there; an
answer may say more than is asked, but a row may not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

TOLERANCE = 1e-9
#: What is computed and not stored.
COMPUTED = {"distance", "distances", "positions"}
WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def number(value: Any) -> float | int:
    """A number, which may be written as a word or, if it is large, as a string of digits."""
    if isinstance(value, str):
        return WORDS[value] if value in WORDS else int(value.removeprefix("#"))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise AssertionError(f"{value!r} is no number")
    return value


def compare(
    expected: Mapping[str, Any], found: Mapping[str, Any], bound: Mapping[str, int]
) -> None:
    """Refuses an answer that is not what is expected."""
    for key, wanted in expected.items():
        assert _holds(key, wanted, found, bound), f"{key}: expected {wanted}, found {found}"


def _holds(key: str, wanted: Any, found: Mapping[str, Any], bound: Mapping[str, int]) -> bool:
    if key == "rows":
        return _same_rows(wanted, found["rows"])
    if key == "rows_by_id":
        return _same_rows(wanted, sorted(found["rows"], key=lambda row: row["id"].encode()))
    if key == "row_count":
        return len(found["rows"]) == wanted
    if key == "among":
        left = list(wanted)
        for row in found["rows"]:
            if row["id"] not in left:
                return False
            left.remove(row["id"])
        return True
    if key == "contains":
        return all(word in found["text"] for word in wanted)
    if key == "handle":
        return found["handle"] == bound[wanted.removeprefix("@")]
    if key == "results":
        assert len(wanted) == len(found["results"])
        for one, other in zip(wanted, found["results"], strict=True):
            compare(one, other, bound)
        return True
    return key in found and same(key, wanted, found[key])


def _same_rows(wanted: list[dict[str, Any]], found: list[dict[str, Any]]) -> bool:
    return len(wanted) == len(found) and all(
        one.keys() == other.keys() and all(same(key, one[key], other[key]) for key in one)
        for one, other in zip(wanted, found, strict=True)
    )


def same(key: str, wanted: Any, found: Any) -> bool:
    """Whether one value is as expected."""
    if isinstance(wanted, dict):
        return found is not None and found >= number(wanted["at_least"])
    if isinstance(wanted, list):
        if found is None:
            return False
        if key == "at":
            wanted = [*wanted, 0][:3]
        return len(wanted) == len(found) and all(map(same, [key] * len(wanted), wanted, found))
    if wanted is None or isinstance(wanted, bool):
        return wanted is found
    if isinstance(wanted, str) and wanted == found:
        return True
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return False
    return _same_number(key, number(wanted), found)


def _same_number(key: str, wanted: float | int, found: float | int) -> bool:
    if isinstance(wanted, int) and isinstance(found, int):
        return wanted == found
    if key in COMPUTED and math.isfinite(wanted):
        return abs(wanted - found) <= TOLERANCE * max(abs(wanted), 1.0)
    if math.isnan(wanted):
        return math.isnan(found)
    # Stored numbers come back as they were, the sign of a zero too.
    return wanted == found and math.copysign(1, wanted) == math.copysign(1, found)
