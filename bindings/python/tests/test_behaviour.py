"""Every case of `tests/behaviour/*.json`, which all languages run, through this package.

The expected values were worked out by an oracle that knows nothing of the engine.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from behaviour.compare import compare
from behaviour.stage import Stage

CASES = Path(__file__).resolve().parents[3] / "tests" / "behaviour"
REACHED: Counter[str] = Counter()


def cases() -> list[Any]:
    found = []
    for path in sorted(CASES.glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            found.append(pytest.param(case, id=case["name"]))
    return found


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    stage = Stage(case, tmp_path)
    try:
        for at, step in enumerate(case["steps"]):
            REACHED[step["op"]] += 1
            try:
                stage.step(step)
            except AssertionError as error:
                raise AssertionError(f"step {at}, {step['op']}: {error}") from None
    finally:
        stage.end()


def test_no_case_was_lost() -> None:
    assert len(cases()) >= 270, "where are the others?"


def test_every_operation_is_reached(request: pytest.FixtureRequest) -> None:
    known = {op for case in cases() for op in (step["op"] for step in case.values[0]["steps"])}
    selected = {item.name for item in request.session.items}
    if any(f"test_case[{case.id}]" not in selected for case in cases()):
        pytest.skip("only some cases were chosen")
    assert known - REACHED.keys() == set()


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ({"rows": [{"id": "a", "at": [1, 2]}]}, {"rows": [{"id": "a", "at": [1, 2.000000001, 0]}]}),
        ({"rows": [{"id": "a"}]}, {"rows": [{"id": "a", "distance": 5.0}]}),
        ({"rows": []}, {"rows": [{"id": "a"}]}),
        ({"row_count": 1, "among": ["b"]}, {"rows": [{"id": "a"}]}),
        ({"found": True}, {"found": False}),
        ({"found": True}, {}),
        ({"x": [0.0]}, {"x": [-0.0]}),
        ({"n": {"at_least": 3}}, {"n": 2}),
        ({"distance": 5.0}, {"distance": 5.0001}),
        ({"time_us": "9223372036854775807"}, {"time_us": 9223372036854775806}),
    ],
)
def test_a_wrong_answer_is_told_from_a_right_one(expected: Any, found: Any) -> None:
    with pytest.raises(AssertionError):
        compare(expected, found, {})


def test_a_right_answer_is_taken() -> None:
    row = {"id": "a", "at": [1.0, 2.0, 0.0], "distance": 5.0}
    expected = {"rows": [{"id": "a", "at": [1, 2], "distance": 5.000000001}], "n": {"at_least": 2}}
    compare(expected, {"rows": [row], "n": 2}, {})
