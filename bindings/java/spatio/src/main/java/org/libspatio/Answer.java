package org.libspatio;

import java.util.Arrays;

/**
 * What {@link Rows} and {@link Hits} have in common: rows that belong to queries, in columns that
 * are filled again and again.
 */
abstract class Answer {
    /** Rows, queries, columns that there are, bytes of each column of texts: set by the library. */
    final long[] counts;

    int size;
    int queries;
    long[] offsets = new long[2];

    Answer(int textColumns) {
        counts = new long[3 + textColumns];
    }

    /** Empties it, so that a call that fails leaves no rows of an earlier one. */
    final void clear() {
        size = 0;
        queries = 0;
        Arrays.fill(counts, 0);
    }

    /** Whether the library gave a column. */
    final boolean has(int column) {
        return (counts[2] & column) != 0;
    }

    /** How long a column becomes that has too little room for the rows. */
    static int grown(int rows, int before) {
        return Math.max(rows, (int) Math.min(2L * before, Integer.MAX_VALUE - 8));
    }

    /** Offsets with room for those of so many rows or queries. */
    static long[] roomFor(int count, long[] offsets) {
        return offsets.length < count + 1 ? new long[count + 1] : offsets;
    }

    /** Texts with room for as many bytes as {@link #counts} says. */
    final byte[] roomFor(int count, byte[] texts, String what) {
        return texts.length < counts[count] ? new byte[Check.array(counts[count], what)] : texts;
    }

    final int row(int row) {
        if (row < 0 || row >= size) {
            throw new IndexOutOfBoundsException("row " + row + " of " + size);
        }
        return row;
    }

    private int query(int query) {
        if (query < 0 || query >= queries) {
            throw new IndexOutOfBoundsException("query " + query + " of " + queries);
        }
        return query;
    }

    /** Rows of all queries together. */
    public int size() {
        return size;
    }

    /** Queries that were answered, or objects whose track was asked for. */
    public int queries() {
        return queries;
    }

    /** The first row of a query. */
    public int start(int query) {
        return (int) offsets[query(query)];
    }

    /** The row behind the last one of a query. */
    public int end(int query) {
        return (int) offsets[query(query) + 1];
    }
}
