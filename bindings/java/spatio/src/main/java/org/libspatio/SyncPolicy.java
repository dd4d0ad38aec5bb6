package org.libspatio;

/** When writes become durable. */
public enum SyncPolicy {
    /** Every period; a crash of the machine loses at most what came after. */
    EVERY(0),
    /** A write returns once it is on disk; concurrent writers share one fsync. */
    ALWAYS(1),
    /** Only by sync, checkpoint and close. */
    NEVER(2);

    private final int code;

    SyncPolicy(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }
}
