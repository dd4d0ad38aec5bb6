package org.libspatio;

/** Boxes in columns: as many numbers for each as the index has axes, those of box 0, then of box 1. */
public final class Boxes {
    final double[] min;
    final double[] max;

    Boxes(int numbers) {
        min = new double[numbers];
        max = new double[numbers];
    }

    /** Their least coordinates. */
    public double[] min() {
        return min;
    }

    /** Their greatest coordinates. */
    public double[] max() {
        return max;
    }
}
