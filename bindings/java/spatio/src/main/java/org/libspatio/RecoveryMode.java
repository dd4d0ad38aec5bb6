package org.libspatio;

/** What to do with damage that is found on opening, other than a torn end. */
public enum RecoveryMode {
    /** Refuse to open. */
    STRICT(0),
    /** Leave it out, and tell it by {@link Database#recovery}. */
    SALVAGE(1);

    private final int code;

    RecoveryMode(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }
}
