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
public final class Rows extends Answer implements Iterable<Row> {
    private static final int HAS_DISTANCES = 16;
    private static final int HAS_IDS = 32;
    private static final int HAS_PAYLOADS = 64;

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

    /** An answer without rows. */
    public Rows() {
        super(2);
    }

    /** Takes the columns of a result whose numbers stand in {@link #counts}. */
    void fill(long result, NamespaceQueries asked) {
        int rows = Check.array(counts[0], "rows");
        int asks = Check.array(counts[1], "queries");
        if (handles.length < rows) {
            int room = grown(rows, handles.length);
            handles = new long[room];
            x = new double[room];
            y = new double[room];
            z = new double[room];
            timeUs = new long[room];
            distance = new double[room];
        }
        offsets = roomFor(asks, offsets);
        Native.copyColumns(result, offsets, handles, x, y, z, timeUs, distance);
        if (has(HAS_IDS | HAS_PAYLOADS)) {
            fillTexts(result, rows);
        }
        namespace = asked;
        queries = asks;
        size = rows;
    }

    private void fillTexts(long result, int rows) {
        idOffsets = roomFor(rows, idOffsets);
        payloadOffsets = roomFor(rows, payloadOffsets);
        ids = roomFor(3, ids, "bytes of ids");
        payloads = roomFor(4, payloads, "bytes of payloads");
        Native.copyTexts(result, idOffsets, ids, payloadOffsets, payloads);
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
        return has(HAS_DISTANCES);
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
        if (!has(HAS_IDS)) {
            return namespace.id(handle(row));
        }
        int start = (int) idOffsets[row(row)];
        return new String(ids, start, (int) idOffsets[row + 1] - start, Callbacks.UTF_8);
    }

    /** The payload; null if the object has none, or without {@link Query#withPayloads}. */
    public byte[] payload(int row) {
        if (!has(HAS_PAYLOADS)) {
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
