package org.libspatio;

/** What a namespace was frozen into. */
public final class Frozen {
    private final long[] numbers;

    Frozen(long[] numbers) {
        this.numbers = numbers;
    }

    /** Objects that were written. */
    public long objects() {
        return numbers[0];
    }

    /** Bytes of the file. */
    public long bytes() {
        return numbers[1];
    }
}
