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
public final class Rows extends NamedRows implements Iterable<Row> {
    private static final int HAS_DISTANCES = 16;

    private double[] x = new double[0];
    private double[] y = new double[0];
    private double[] z = new double[0];
    private long[] timeUs = new long[0];
    private double[] distance = new double[0];

    /** An answer without rows. */
    public Rows() {}

    @Override
    void makeRoom(int rows) {
        x = new double[rows];
        y = new double[rows];
        z = new double[rows];
        timeUs = new long[rows];
        distance = new double[rows];
    }

    @Override
    void copy(long result) {
        Native.copyColumns(result, offsets, handles, x, y, z, timeUs, distance);
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
