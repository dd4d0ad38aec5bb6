package org.libspatio;

/** Several queries behind each other, as the shim reads them, with the polygons that they hold. */
final class QueryColumns {
    private static final int PREFIX = 4;

    final int[] ints;
    final long[] longs;
    final double[] numbers;
    final byte[] prefixes;
    private final Query[] queries;
    private final int[] slots;

    QueryColumns(Query[] queries) {
        this.queries = queries.clone();
        this.slots = new int[queries.length];
        if (queries.length == 1) {
            ints = queries[0].ints;
            longs = queries[0].longs;
            numbers = queries[0].numbers;
            prefixes = queries[0].prefix;
            return;
        }
        int bytes = 0;
        for (Query query : queries) {
            bytes += Math.max(query.ints[PREFIX], 0);
        }
        ints = new int[queries.length * Query.INTS];
        longs = new long[queries.length * Query.LONGS];
        numbers = new double[queries.length * Query.DOUBLES];
        prefixes = new byte[bytes];
        int at = 0;
        for (int q = 0; q < queries.length; q++) {
            Query query = queries[q];
            System.arraycopy(query.ints, 0, ints, q * Query.INTS, Query.INTS);
            System.arraycopy(query.longs, 0, longs, q * Query.LONGS, Query.LONGS);
            System.arraycopy(query.numbers, 0, numbers, q * Query.DOUBLES, Query.DOUBLES);
            if (query.prefix != null) {
                System.arraycopy(query.prefix, 0, prefixes, at, query.prefix.length);
                at += query.prefix.length;
            }
        }
    }

    int size() {
        return queries.length;
    }

    /** Keeps the polygons from being freed during a call. */
    void enter(String operation) {
        int entered = 0;
        try {
            for (; entered < queries.length; entered++) {
                Polygon polygon = queries[entered].polygon;
                if (polygon != null) {
                    slots[entered] = polygon.resource.guard.enter(operation);
                }
            }
        } catch (SpatioException closed) {
            exit(entered);
            throw closed;
        }
    }

    void exit() {
        exit(queries.length);
    }

    private void exit(int entered) {
        for (int q = 0; q < entered; q++) {
            Polygon polygon = queries[q].polygon;
            if (polygon != null) {
                polygon.resource.guard.exit(slots[q]);
            }
        }
    }
}
