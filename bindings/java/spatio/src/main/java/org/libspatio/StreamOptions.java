package org.libspatio;

/**
 * How a {@link StreamIndex} is read, and what opening it and each question may cost. What is not set
 * keeps the library's default.
 */
public final class StreamOptions {
    final long[] values = new long[8];
    int set;

    /** Whether the tree of the format is used where a file has both trees; no by default. */
    public StreamOptions withoutFast(boolean without) {
        values[0] = without ? 1 : 0;
        set |= 1;
        return this;
    }

    /** Two parts with no more bytes between them are fetched as one range; 16 KiB by default. */
    public StreamOptions gapBytes(long bytes) {
        return set(1, bytes, "gapBytes");
    }

    /** A range of several parts is no longer than this; 4 MiB by default. */
    public StreamOptions readBytes(long bytes) {
        return set(2, bytes, "readBytes");
    }

    /** A round asks for no more than this, unless a single part is larger; 64 MiB by default. */
    public StreamOptions roundBytes(long bytes) {
        return set(3, bytes, "roundBytes");
    }

    /** How many bytes of the upper levels are kept from the time of opening; 1 MiB by default. */
    public StreamOptions keptBytes(long bytes) {
        return set(4, bytes, "keptBytes");
    }

    /** At most so many ranges for one question, else {@link Status#LIMIT_EXCEEDED}. */
    public StreamOptions maxReads(long reads) {
        return set(5, reads, "maxReads");
    }

    /** At most so many bytes for one question; 1 GiB by default. */
    public StreamOptions maxBytes(long bytes) {
        return set(6, bytes, "maxBytes");
    }

    /** At most so many items that are found. */
    public StreamOptions maxItems(long items) {
        return set(7, items, "maxItems");
    }

    private StreamOptions set(int place, long value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " is " + value + ", which is below 0");
        }
        values[place] = value;
        set |= 1 << place;
        return this;
    }
}
