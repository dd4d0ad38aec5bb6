package org.libspatio;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The answer of a query or of a trajectory: plain columns of Java, which need no closing. Hand one in
 * again and it is filled anew, without allocating once it is large enough.
 *
 * <p>The arrays that {@link #handles()}, {@link #x()} and so on give are the columns themselves: the
 * first {@link #size} entries count. For one thread at a time.
 */
public final class Rows implements Iterable<Row> {
    private static final int HAS_DISTANCES = 16;
    private static final int HAS_IDS = 32;
    private static final int HAS_PAYLOADS = 64;

    /** Rows, queries, columns that there are, bytes of ids, bytes of payloads: set by the library. */
    final long[] counts = new long[5];

    private int size;
    private int queries;
    private long[] offsets = new long[2];
    private long[] handles = new long[0];
    private double[] x = new double[0];
    private double[] y = new double[0];
    private double[] z = new double[0];
    private long[] timeUs = new long[0];
    private double[] distance = new double[0];
    private long[] idOffsets = new long[0];
    private byte[] ids = new byte[0];
    private long[] payloadOffsets = new long[0];
    private byte[] payloads = new byte[0];
    private NamespaceQueries namespace;

    /** Empties it, so that a call that fails leaves no rows of an earlier one. */
    void clear() {
        size = 0;
        queries = 0;
        counts[0] = 0;
        counts[1] = 0;
        counts[2] = 0;
    }

    /** Takes the columns of a result whose numbers stand in {@link #counts}. */
    void fill(long result, NamespaceQueries asked) {
        int rows = Check.array(counts[0], "rows");
        int asks = Check.array(counts[1], "queries");
        if (handles.length < rows) {
            int room = Math.max(rows, (int) Math.min(2L * handles.length, Integer.MAX_VALUE - 8));
            handles = new long[room];
            x = new double[room];
            y = new double[room];
            z = new double[room];
            timeUs = new long[room];
            distance = new double[room];
        }
        if (offsets.length < asks + 1) {
            offsets = new long[asks + 1];
        }
        Native.copyColumns(result, offsets, handles, x, y, z, timeUs, distance);
        if ((counts[2] & (HAS_IDS | HAS_PAYLOADS)) != 0) {
            fillTexts(result, rows);
        }
        namespace = asked;
        queries = asks;
        size = rows;
    }

    private void fillTexts(long result, int rows) {
        if (idOffsets.length < rows + 1) {
            idOffsets = new long[rows + 1];
        }
        if (payloadOffsets.length < rows + 1) {
            payloadOffsets = new long[rows + 1];
        }
        if (ids.length < counts[3]) {
            ids = new byte[Check.array(counts[3], "bytes of ids")];
        }
        if (payloads.length < counts[4]) {
            payloads = new byte[Check.array(counts[4], "bytes of payloads")];
        }
        Native.copyTexts(result, idOffsets, ids, payloadOffsets, payloads);
    }

    private int row(int row) {
        if (row < 0 || row >= size) {
            throw new IndexOutOfBoundsException("row " + row + " of " + size);
        }
        return row;
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

    private int query(int query) {
        if (query < 0 || query >= queries) {
            throw new IndexOutOfBoundsException("query " + query + " of " + queries);
        }
        return query;
    }

    /** The handle of the object. */
    public long handle(int row) {
        return handles[row(row)];
    }

    /** Longitude in degrees, or x. */
    public double x(int row) {
        return x[row(row)];
    }

    /** Latitude in degrees, or y. */
    public double y(int row) {
        return y[row(row)];
    }

    /** Altitude in metres, or z. */
    public double z(int row) {
        return z[row(row)];
    }

    /** Event time in microseconds since 1970-01-01 UTC. */
    public long timeUs(int row) {
        return timeUs[row(row)];
    }

    /** Whether a query had an origin, and so rows have distances. */
    public boolean hasDistances() {
        return (counts[2] & HAS_DISTANCES) != 0;
    }

    /** Distance from the origin in metres, or units; NaN if the query has no origin. */
    public double distance(int row) {
        return hasDistances() ? distance[row(row)] : Double.NaN;
    }

    /**
     * The id of the object: out of the answer after {@link Query#withIds}, else asked of the
     * namespace for this row, which must be open.
     */
    public String id(int row) {
        if ((counts[2] & HAS_IDS) == 0) {
            return namespace.id(handle(row));
        }
        int start = (int) idOffsets[row(row)];
        return new String(ids, start, (int) idOffsets[row + 1] - start, Callbacks.UTF_8);
    }

    /** The payload; null if the object has none, or without {@link Query#withPayloads}. */
    public byte[] payload(int row) {
        if ((counts[2] & HAS_PAYLOADS) == 0) {
            return null;
        }
        int start = (int) payloadOffsets[row(row)];
        int length = (int) payloadOffsets[row + 1] - start;
        if (length == 0) {
            return null;
        }
        byte[] payload = new byte[length];
        System.arraycopy(payloads, start, payload, 0, length);
        return payload;
    }

    /** Handles of the objects. */
    public long[] handles() {
        return handles;
    }

    /** Longitudes in degrees, or x. */
    public double[] x() {
        return x;
    }

    /** Latitudes in degrees, or y. */
    public double[] y() {
        return y;
    }

    /** Altitudes in metres, or z. */
    public double[] z() {
        return z;
    }

    /** Event times in microseconds since 1970-01-01 UTC. */
    public long[] timeUs() {
        return timeUs;
    }

    /** Distances from the origin; they mean something if {@link #hasDistances}. */
    public double[] distances() {
        return distance;
    }

    /** The rows one after the other. */
    @Override
    public Iterator<Row> iterator() {
        return new Iterator<Row>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size;
            }

            @Override
            public Row next() {
                if (next >= size) {
                    throw new NoSuchElementException();
                }
                return new Row(Rows.this, next++);
            }

            @Override
            public void remove() {
                throw new UnsupportedOperationException("an answer does not change");
            }
        };
    }
}
