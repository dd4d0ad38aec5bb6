package org.libspatio;

/** How a distance is measured. */
public enum Metric {
    /** Great circle on the mean sphere, in metres. */
    HAVERSINE(0),
    /** Shortest way on the WGS84 ellipsoid, in metres. */
    GEODESIC(1),
    /** Line of constant bearing on the mean sphere, in metres. */
    RHUMB(2),
    /** Straight line through the coordinates as numbers; the only one of a Cartesian namespace. */
    EUCLIDEAN(3);

    private final int code;

    Metric(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }
}
