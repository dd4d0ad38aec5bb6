package org.libspatio;

/** What a namespace was made with. */
public final class NamespaceSettings {
    private final long[] values;

    NamespaceSettings(long[] values) {
        this.values = values;
    }

    /** What coordinates mean. */
    public Space space() {
        return values[0] == Space.GEOGRAPHIC.code() ? Space.GEOGRAPHIC : Space.CARTESIAN;
    }

    /** Whether trajectories are kept. */
    public boolean hasHistory() {
        return values[1] == History.ON.code();
    }

    /** How long an object lives after its last update, in microseconds; 0: for ever. */
    public long ttlUs() {
        return values[2];
    }
}
