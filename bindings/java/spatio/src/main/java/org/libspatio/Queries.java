package org.libspatio;

/** What a {@link Query} is asked of. */
abstract class Queries extends RowSource {
    Queries(Resource resource, ResultPool results) {
        super(resource, results);
    }

    /** The library's call that asks queries. */
    abstract long ask(QueryColumns asked, long cancel, long given, long[] counts);

    /** The library's call that asks one query into columns of its caller. */
    abstract int askInto(Query query, DirectRows rows);

    /** What a query finds: of a namespace now, of a pack when it was frozen. */
    public final Rows query(Query query) {
        return query(query, new Rows(), null);
    }

    /**
     * The same into rows of an earlier query, which allocates nothing once they are large enough.
     *
     * @param cancel stops the call when it is fired; may be null
     * @return {@code rows}
     */
    public final Rows query(Query query, Rows rows, Cancel cancel) {
        return queryAll(new Query[] {query}, rows, cancel);
    }

    /** Asks any number of questions in one call: the one call of a game's frame. */
    public final Rows queryAll(Query... queries) {
        return queryAll(queries, new Rows(), null);
    }

    /** The same into rows of an earlier query; {@code cancel} may be null. */
    public final Rows queryAll(Query[] queries, Rows rows, Cancel cancel) {
        final QueryColumns asked = new QueryColumns(queries);
        return fill(
                "query",
                rows,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return runAll(asked, cancel, given, counts);
                    }
                });
    }

    private long runAll(QueryColumns asked, Cancel cancel, long given, long[] counts) {
        asked.enter("query");
        try {
            int slot = cancel == null ? 0 : cancel.resource.guard.enter("query");
            try {
                return ask(asked, cancel == null ? 0 : cancel.resource.pointer, given, counts);
            } finally {
                if (cancel != null) {
                    cancel.resource.guard.exit(slot);
                }
            }
        } finally {
            asked.exit();
        }
    }

    /**
     * What a query finds, into columns outside of Java's heap: nothing is allocated, nothing is
     * copied.
     *
     * @return how many rows there are, at most {@code rows.capacity()}
     */
    public final int queryInto(Query query, DirectRows rows) {
        rows.size = 0;
        Polygon polygon = query.polygon;
        int slot = guard.enter("queryInto");
        try {
            int inner = polygon == null ? 0 : polygon.resource.guard.enter("queryInto");
            try {
                rows.size = askInto(query, rows);
            } finally {
                if (polygon != null) {
                    polygon.resource.guard.exit(inner);
                }
            }
        } finally {
            guard.exit(slot);
        }
        return rows.size;
    }

    /**
     * What a query finds, as an Arrow struct array by the C data interface, without a copy.
     *
     * @param schemaAddress an ArrowSchema, which receives the type; whoever holds it releases it
     * @param arrayAddress an ArrowArray, which receives the columns; likewise
     */
    public final void queryArrow(Query query, long schemaAddress, long arrayAddress) {
        QueryColumns asked = new QueryColumns(new Query[] {query});
        int slot = guard.enter("queryArrow");
        try {
            long result = runAll(asked, null, 0, new long[5]);
            try {
                Native.exportArrow(result, schemaAddress, arrayAddress);
            } finally {
                Native.resultFree(result);
            }
        } finally {
            guard.exit(slot);
        }
    }
}
