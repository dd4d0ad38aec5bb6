package org.libspatio;

/** The smallest box around all objects of a namespace, in plain numbers: it does not wrap. */
public final class Bounds {
    private final double[] corners;

    Bounds(double[] corners) {
        this.corners = corners;
    }

    /** West, or least x. */
    public double minX() {
        return corners[0];
    }

    /** South, or least y. */
    public double minY() {
        return corners[1];
    }

    /** Lowest. */
    public double minZ() {
        return corners[2];
    }

    /** East, or greatest x. */
    public double maxX() {
        return corners[3];
    }

    /** North, or greatest y. */
    public double maxY() {
        return corners[4];
    }

    /** Highest. */
    public double maxZ() {
        return corners[5];
    }
}
