package org.libspatio;

/** Whether trajectories are kept. */
public enum History {
    /** Kept in a directory, not in memory. */
    DEFAULT(0),
    /** Every accepted position is kept. */
    ON(1),
    /** Only the last position of each object is kept. */
    OFF(2);

    private final int code;

    History(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }
}
