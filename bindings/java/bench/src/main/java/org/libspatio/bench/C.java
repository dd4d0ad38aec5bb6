package org.libspatio.bench;

/** The work of Java's {@link World} in C; each does it so many times and returns a status. */
final class C {
    private C() {}

    static native long make();

    static native void free(long world);

    /** The processor time of the calling thread. */
    static native double cpuNs();

    static native int get(long world, int times);

    static native int move(long world, int times);

    static native int moveBatch(long world, int times);

    static native int box(long world, int times);
}
