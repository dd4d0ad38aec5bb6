package org.libspatio;

/** What a {@link Pack} is. */
public final class PackInfo {
    static final int NUMBERS = 5;

    private final long[] numbers;

    PackInfo(long[] numbers) {
        this.numbers = numbers;
    }

    /** What its coordinates mean. */
    public Space space() {
        return Space.values()[(int) numbers[0]];
    }

    /** How many objects it has; their handles are 0 up to, not including, this. */
    public long objects() {
        return numbers[1];
    }

    /** Bytes of the file. */
    public long bytes() {
        return numbers[2];
    }

    /**
     * When it was frozen by the database's clock, in microseconds since 1970-01-01 UTC; the present of
     * every question.
     */
    public long frozenUs() {
        return numbers[3];
    }

    /** How many coordinates are stored: 2 if all altitudes are 0, else 3. */
    public int dims() {
        return (int) numbers[4];
    }
}
