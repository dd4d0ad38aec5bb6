package org.libspatio;

/** What an update did. */
public enum Outcome {
    /** The object was not there before. */
    CREATED(1),
    /** The object was there, and is now where the update says. */
    MOVED(2),
    /** The update is older than what is known: it went to history and moved nothing. */
    LATE(3);

    private final int code;

    Outcome(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }

    /** Without a loop: this is on the way of the quickest call. */
    static Outcome of(int code) {
        switch (code) {
            case 1:
                return CREATED;
            case 2:
                return MOVED;
            case 3:
                return LATE;
            default:
                throw new IllegalStateException("outcome " + code + " is not known to this version");
        }
    }
}
