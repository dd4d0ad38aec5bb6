package org.libspatio;

/** About how many items windows have, in columns: row i is about the i-th window asked for. */
public final class Estimates {
    final long[] lower;
    final long[] upper;
    final double[] guesses;

    Estimates(int rows) {
        lower = new long[rows];
        upper = new long[rows];
        guesses = new double[rows];
    }

    /** How many rows there are. */
    public int size() {
        return lower.length;
    }

    /** There are no fewer. */
    public long[] lower() {
        return lower;
    }

    /** There are no more. */
    public long[] upper() {
        return upper;
    }

    /** Guesses between both, as if items were spread evenly in the boxes of nodes. */
    public double[] guesses() {
        return guesses;
    }
}
