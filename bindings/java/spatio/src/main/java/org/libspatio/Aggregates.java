package org.libspatio;

/** What the values of items come to, in columns: row i is about the i-th window asked for. */
public final class Aggregates {
    final long[] counts;
    final double[] sums;
    final double[] least;
    final double[] greatest;

    Aggregates(int rows) {
        counts = new long[rows];
        sums = new double[rows];
        least = new double[rows];
        greatest = new double[rows];
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
     * Sums; 0 of no items. The order of adding up is not told, so the last digits may differ from
     * those of another order.
     */
    public double[] sums() {
        return sums;
    }

    /** The least values; NaN of no items. */
    public double[] least() {
        return least;
    }

    /** The greatest values; NaN of no items. */
    public double[] greatest() {
        return greatest;
    }
}
