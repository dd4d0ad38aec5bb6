package org.libspatio;

/** The order of a trajectory. */
public enum Order {
    /** In the order of times; a limit keeps the oldest. */
    OLDEST_FIRST(0),
    /** Against the order of times; a limit keeps the newest. */
    NEWEST_FIRST(1);

    private final int code;

    Order(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }
}
