"""One module a group of topics; each makes books."""

from . import database, history, objects, packed, packs, queries, regions, streams


def all_books():
    for module in (queries, objects, history, database, packed, regions, streams, packs):
        yield from module.books()
