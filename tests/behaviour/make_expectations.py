#!/usr/bin/env python3
"""Writes tests/behaviour/*.json from the topics in oracle/, or with --check compares them.

The expected values come from oracle/world.py and oracle/geo.py, which know nothing of the engine.
"""

import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from oracle.topics import all_books  # noqa: E402


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit("usage: make_expectations.py [--check]")
    written, stale, cases = set(), [], 0
    for book in all_books():
        path = FOLDER / f"{book.topic}.json"
        assert path.name not in written, path
        written.add(path.name)
        cases += len(book.cases)
        text = book.text()
        if not path.exists() or path.read_text() != text:
            stale.append(path.name)
            if not check:
                path.write_text(text)
    stale += [path.name for path in FOLDER.glob("*.json") if path.name not in written]
    print(f"{len(written)} topics, {cases} cases")
    if stale and check:
        sys.exit(f"not as the oracle writes them: {', '.join(sorted(stale))}")


if __name__ == "__main__":
    main()
