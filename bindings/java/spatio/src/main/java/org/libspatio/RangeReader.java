package org.libspatio;

import java.io.IOException;

/**
 * Where the bytes of a {@link StreamIndex} come from: a URL, a bucket, an archive. For a file there
 * is {@link FileRanges}.
 */
public interface RangeReader {
    /** How many bytes there are. */
    long size() throws IOException;

    /**
     * The bytes of some ranges, in their order. It is called once for each round of a question, so a
     * reader over a network sends all of its requests at once, or one of many ranges. The ranges
     * ascend, none is empty, and all end within the size. Many threads may call it at the same time,
     * if they ask the index so.
     *
     * @param offsets where each begins
     * @param lengths how many bytes each has; other numbers of them are refused
     */
    byte[][] read(long[] offsets, int[] lengths) throws IOException;
}
