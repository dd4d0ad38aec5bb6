package org.libspatio;

/** Several queries behind each other, as the shim reads them, with the polygons that they hold. */
final class QueryColumns extends HeldPolygons {
    private static final int PREFIX = 4;

    final int[] ints;
    final long[] longs;
    final double[] numbers;
    final byte[] prefixes;

    QueryColumns(Query[] queries) {
        super(polygons(queries));
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

    private static Polygon[] polygons(Query[] queries) {
        Polygon[] polygons = new Polygon[queries.length];
        for (int q = 0; q < queries.length; q++) {
            polygons[q] = queries[q].polygon;
        }
        return polygons;
    }
}
