package org.libspatio;

/** Where an object is between two known positions. */
public enum Interpolation {
    /** On the straight line between them, the short way over the antimeridian. */
    LINEAR(0),
    /** At the last one known. */
    LAST(1);

    private final int code;

    Interpolation(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }
}
