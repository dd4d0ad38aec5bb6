package org.libspatio;

import java.util.concurrent.TimeUnit;

/** How a namespace is made. What is not set keeps the library's default. */
public final class NamespaceOptions {
    private static final int SPACE = 0;
    private static final int HISTORY = 1;
    private static final int TTL = 2;

    final long[] values = new long[3];
    int set;

    private NamespaceOptions() {}

    /** Longitudes and latitudes in degrees. */
    public static NamespaceOptions geographic() {
        return new NamespaceOptions().set(SPACE, Space.GEOGRAPHIC.code());
    }

    /** x, y, z in any one unit. */
    public static NamespaceOptions cartesian() {
        return new NamespaceOptions().set(SPACE, Space.CARTESIAN.code());
    }

    /** Whether trajectories are kept. */
    public NamespaceOptions history(History history) {
        return set(HISTORY, history.code());
    }

    /** How long an object lives after its last update; 0, the default, is for ever. */
    public NamespaceOptions ttl(long ttl, TimeUnit unit) {
        return set(TTL, unit.toMicros(ttl));
    }

    /** A value by its place in the shim, as the setters and the tests know it. */
    NamespaceOptions set(int place, long value) {
        values[place] = value;
        set |= 1 << place;
        return this;
    }

    static NamespaceOptions empty() {
        return new NamespaceOptions();
    }
}
