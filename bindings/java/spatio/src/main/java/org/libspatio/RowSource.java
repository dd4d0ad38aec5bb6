package org.libspatio;

/** What answers questions with rows: its native object, and the spare results it fills them by. */
abstract class RowSource {
    final Resource resource;
    final long pointer;
    final Guard guard;
    final ResultPool results;

    RowSource(Resource resource, ResultPool results) {
        this.resource = resource;
        this.pointer = resource.pointer;
        this.guard = resource.guard;
        this.results = results;
    }

    /** One call of the library that fills a result. */
    interface Ask {
        long run(long given, long[] counts);
    }

    /** Fills rows by a call of the library, with a result of the pool. */
    final <R extends NamedRows> R fill(String operation, R rows, Ask ask) {
        rows.clear();
        int slot = guard.enter(operation);
        try {
            long given = results.take();
            long result = given;
            try {
                result = ask.run(given, rows.counts);
                rows.fill(result, this);
            } finally {
                results.give(result, rows.size());
            }
        } finally {
            guard.exit(slot);
        }
        return rows;
    }

    /** The id of a handle. */
    public abstract String id(long handle);
}
