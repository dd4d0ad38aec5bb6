package org.libspatio;

/** What coordinates mean. */
public enum Space {
    /** Longitudes and latitudes in degrees (WGS84), altitudes and distances in metres. */
    GEOGRAPHIC(0),
    /** x, y and z in any one unit, distances in that unit. */
    CARTESIAN(1);

    private final int code;

    Space(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }
}
