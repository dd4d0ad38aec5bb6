package org.libspatio;

/**
 * How the file of a {@link Pack} or of {@link Fences} is written. What is not set keeps the library's
 * default.
 */
public final class FreezeOptions {
    private static final int LAYOUT = 0;
    private static final int THREADS = 1;

    final int[] values = new int[2];
    int set;

    /**
     * Which trees it has: {@link Layout#FAST} by default; with that of the format, every reader of
     * PSINDEX finds boxes in it.
     */
    public FreezeOptions layout(Layout layout) {
        return set(LAYOUT, layout.code());
    }

    /** Threads that build {@link Layout#FAST}: 1 by default; the bytes do not depend on it. */
    public FreezeOptions threads(int threads) {
        return set(THREADS, threads);
    }

    /** A value by its place in the shim, as the setters and the tests know it. */
    FreezeOptions set(int place, int value) {
        values[place] = value;
        set |= 1 << place;
        return this;
    }
}
