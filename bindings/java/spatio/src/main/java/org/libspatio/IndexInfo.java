package org.libspatio;

import java.util.Arrays;

/** What an {@link Index} is. */
public final class IndexInfo {
    static final int NUMBERS = 9;

    private final long[] numbers;
    private final double[] corners;

    IndexInfo(long[] numbers, double[] corners) {
        this.numbers = numbers;
        this.corners = corners;
    }

    /** Axes of its boxes: 2, 3 or 4. */
    public int dims() {
        return (int) numbers[0];
    }

    /** How many items it has; their ids are 0 up to, not including, this. */
    public long items() {
        return numbers[1];
    }

    /** Bytes that it takes, in memory or as a file. */
    public long bytes() {
        return numbers[2];
    }

    /** Which trees it has. */
    public Layout layout() {
        return Layout.values()[(int) numbers[3]];
    }

    /** Bits of a coordinate in the tree of the format: 64 or 32; 0 if it has none. */
    public int coordinateBits() {
        return (int) numbers[4];
    }

    /** Whether its items have payloads. */
    public boolean hasPayloads() {
        return numbers[5] != 0;
    }

    /** Whether its items have values, to be summed up by {@link Index#aggregate}. */
    public boolean hasValues() {
        return numbers[6] != 0;
    }

    /** Whether its items have masks, to be united by {@link Index#aggregate}. */
    public boolean hasMasks() {
        return numbers[7] != 0;
    }

    /** How many bytes of each payload stand once more; 0: none. */
    public int prefixBytes() {
        return (int) numbers[8];
    }

    /** The least coordinate of any item on each axis; null if there is no item. */
    public double[] min() {
        return items() == 0 ? null : Arrays.copyOf(corners, dims());
    }

    /** The greatest coordinate of any item on each axis; null if there is no item. */
    public double[] max() {
        return items() == 0 ? null : Arrays.copyOfRange(corners, 4, 4 + dims());
    }
}
