package org.libspatio;

/** How an {@link Index} is built. What is not set keeps the library's default. */
public final class IndexOptions {
    private static final int LAYOUT = 0;
    private static final int COORDINATE_BITS = 1;
    private static final int NODE_SIZE = 2;
    private static final int INTERLEAVED = 3;
    private static final int THREADS = 4;
    private static final int PREFIX_BYTES = 5;

    final int[] values = new int[6];
    int set;

    /** Which trees it has; {@link Layout#FAST} by default. */
    public IndexOptions layout(Layout layout) {
        return set(LAYOUT, layout.code());
    }

    /**
     * Bits of a coordinate in the tree of the format: 64 by default, or 32, which takes half the room
     * and makes boxes a little larger, so that items near a border may be found too. {@link
     * Layout#FAST} keeps 64.
     */
    public IndexOptions coordinateBits(int bits) {
        return set(COORDINATE_BITS, bits);
    }

    /** Most children of a node of the tree of the format: 2 to 65535; 16 by default. */
    public IndexOptions nodeSize(int children) {
        return set(NODE_SIZE, children);
    }

    /**
     * Whether in the tree of the format each box is followed by its number, for readers that fetch
     * parts of a file; no by default.
     */
    public IndexOptions interleaved(boolean interleaved) {
        return set(INTERLEAVED, interleaved ? 1 : 0);
    }

    /** Threads that build {@link Layout#FAST}: 1 by default; the bytes do not depend on it. */
    public IndexOptions threads(int threads) {
        return set(THREADS, threads);
    }

    /**
     * How many bytes of each payload stand once more, close together, for readers that fetch parts of a
     * file; 0, which is none, by default. It needs payloads.
     */
    public IndexOptions prefixBytes(int bytes) {
        return set(PREFIX_BYTES, Check.rows(bytes, "prefixBytes"));
    }

    /** A value by its place in the shim, as the setters and the tests know it. */
    IndexOptions set(int place, int value) {
        values[place] = value;
        set |= 1 << place;
        return this;
    }
}
