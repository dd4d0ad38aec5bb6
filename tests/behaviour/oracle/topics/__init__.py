"""One module a group of topics; each makes books."""

from . import database, history, objects, packed, packs, queries, streams


def all_books():
    for module in (queries, objects, history, database, packed, packs, streams):
        yield from module.books()
