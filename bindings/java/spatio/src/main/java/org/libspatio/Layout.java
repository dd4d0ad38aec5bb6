package org.libspatio;

/** Which trees an {@link Index}, or the file of a {@link Pack} or of {@link Fences} has. All give the same answers. */
public enum Layout {
    /**
     * The library's own tree: the smallest and the fastest one, which other programs do not know (the
     * default).
     */
    FAST(0),
    /** The tree of the format PSINDEX, which other programs read; of two or three axes. */
    ORIGIN(1),
    /** Both: other programs read the one, this library asks the other. */
    BOTH(2);

    private final int code;

    Layout(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }
}
