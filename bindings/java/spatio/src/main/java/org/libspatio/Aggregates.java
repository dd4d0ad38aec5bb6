package org.libspatio;

/** What the values and masks of items come to, in columns: row i is about the i-th window asked for. */
public final class Aggregates {
    final long[] counts;
    final double[] sums;
    final double[] least;
    final double[] greatest;
    final long[] masks;

    Aggregates(int rows) {
        counts = new long[rows];
        sums = new double[rows];
        least = new double[rows];
        greatest = new double[rows];
        masks = new long[rows];
    }

    /** How many rows there are. */
    public int size() {
        return counts.length;
    }

    /** How many items share a point with the window. */
    public long[] counts() {
        return counts;
    }

    /**
     * Sums; 0 of no items or without values. The order of adding up is not told, so the last digits may differ from
     * those of another order.
     */
    public double[] sums() {
        return sums;
    }

    /** The least values; NaN of no items or without values. */
    public double[] least() {
        return least;
    }

    /** The greatest values; NaN of no items or without values. */
    public double[] greatest() {
        return greatest;
    }

    /** All bits of any mask; 0 of no items or without masks. */
    public long[] masks() {
        return masks;
    }
}
