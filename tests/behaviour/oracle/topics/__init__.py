"""One module a group of topics; each makes books."""

from . import database, history, objects, queries


def all_books():
    for module in (queries, objects, history, database):
        yield from module.books()
