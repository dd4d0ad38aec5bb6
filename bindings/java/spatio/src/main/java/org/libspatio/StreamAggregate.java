package org.libspatio;

/** What the items of a window of a {@link StreamIndex} come to. */
public final class StreamAggregate {
    final long[] whole = new long[2];
    final double[] parts = new double[3];

    StreamAggregate() {}

    /** How many items there are. */
    public long count() {
        return whole[0];
    }

    /** The sum of their values; 0 of no items. */
    public double sum() {
        return parts[0];
    }

    /** The least value; NaN of no items. */
    public double least() {
        return parts[1];
    }

    /** The greatest value; NaN of no items. */
    public double greatest() {
        return parts[2];
    }

    /** All bits of their masks. */
    public long mask() {
        return whole[1];
    }
}
