"""One module a group of topics; each makes books."""

from . import database, history, objects, packed, packs, queries, regions


def all_books():
    for module in (queries, objects, history, database, packed, regions, packs):
        yield from module.books()
