package org.libspatio;

import java.util.Arrays;

/** What a {@link StreamIndex} is. */
public final class StreamInfo {
    static final int NUMBERS = 6;

    private final long[] numbers;
    private final double[] corners;

    StreamInfo(long[] numbers, double[] corners) {
        this.numbers = numbers;
        this.corners = corners;
    }

    /** Axes of its boxes: 2, 3 or 4. */
    public int dims() {
        return (int) numbers[0];
    }

    /** How many items it has; their ids, and their ranks, are 0 up to, not including, this. */
    public long items() {
        return numbers[1];
    }

    /** Whether the library's own tree is asked, and not that of the format. */
    public boolean asksFast() {
        return numbers[2] != 0;
    }

    /** Whether its items have payloads. */
    public boolean hasPayloads() {
        return numbers[3] != 0;
    }

    /** How many first bytes of each payload {@link StreamIndex#prefixes} gives; 0: none. */
    public int prefixBytes() {
        return (int) numbers[4];
    }

    /** Whether {@link StreamIndex#aggregate} has something to add up. */
    public boolean hasAggregates() {
        return numbers[5] != 0;
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
