package org.libspatio;

/** What {@link Fences} are. */
public final class FencesInfo {
    static final int NUMBERS = 3;

    private final long[] numbers;

    FencesInfo(long[] numbers) {
        this.numbers = numbers;
    }

    /** What their coordinates mean. */
    public Space space() {
        return Space.values()[(int) numbers[0]];
    }

    /** How many there are; their handles are 0 up to, not including, this. */
    public long fences() {
        return numbers[1];
    }

    /** Bytes that they take, in memory or as a file. */
    public long bytes() {
        return numbers[2];
    }
}
