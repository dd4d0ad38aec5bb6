package org.libspatio;

/** What salvaging carried over. */
public final class SalvageReport {
    static final int NUMBERS = 4;
    private final long[] numbers;
    private final String text;

    SalvageReport(long[] numbers, String text) {
        this.numbers = numbers;
        this.text = text;
    }

    /** Segments that were written. */
    public long segments() {
        return numbers[0];
    }

    /** Segments that were damaged or missing. */
    public long damaged() {
        return numbers[1];
    }

    /** Records carried over. */
    public long recordsKept() {
        return numbers[2];
    }

    /** Bytes that could not be read. */
    public long bytesDropped() {
        return numbers[3];
    }

    /** The same in words. */
    @Override
    public String toString() {
        return text;
    }
}
