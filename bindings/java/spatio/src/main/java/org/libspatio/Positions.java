package org.libspatio;

/** Where many objects are, or were, in columns: row i is about the i-th handle asked for. */
public final class Positions {
    final double[] x;
    final double[] y;
    final double[] z;
    final long[] timeUs;
    final boolean[] found;

    Positions(int rows, boolean hasTimes) {
        x = new double[rows];
        y = new double[rows];
        z = new double[rows];
        timeUs = hasTimes ? new long[rows] : null;
        found = new boolean[rows];
    }

    /** How many rows there are. */
    public int size() {
        return x.length;
    }

    /** Longitudes in degrees, or x; 0 where nothing was found. */
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

    /** Event times in microseconds since 1970-01-01 UTC; null for positions at an instant. */
    public long[] timeUs() {
        return timeUs;
    }

    /** Whether the object is here, or was known at that instant. */
    public boolean[] found() {
        return found;
    }
}
