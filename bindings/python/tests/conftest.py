"""What all tests share: databases that close, and the count of what was not freed at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import hypothesis
import pytest

import spatio

# What is found at random is told with the words to run it again; no folder remembers it.
hypothesis.settings.register_profile("everyday", database=None, print_blob=True)
hypothesis.settings.load_profile("everyday")


@pytest.fixture
def db() -> Iterator[spatio.Database]:
    with spatio.Database.memory() as database:
        yield database


@pytest.fixture
def ns(db: spatio.Database) -> spatio.Namespace:
    options = spatio.NamespaceOptions(history=spatio.History.ON)
    return db.create_namespace("main", options)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The count of what leaked comes last."""
    items.sort(key=lambda item: item.name == "test_nothing_leaked")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which operations of the common cases were reached."""
    if behaviour := sys.modules.get("test_behaviour"):
        told = ", ".join(f"{op} {n}" for op, n in sorted(behaviour.REACHED.items()))
        terminalreporter.write_line(f"behaviour: operations reached: {told}")
