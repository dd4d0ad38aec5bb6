package org.libspatio;

/** What opening a database found. */
public final class Recovery {
    static final int NUMBERS = 6;
    private final long[] numbers;
    private final String text;

    Recovery(long[] numbers, String text) {
        this.numbers = numbers;
        this.text = text;
    }

    /** Whether a checkpoint was used, so that only what came after it was read. */
    public boolean hasCheckpoint() {
        return numbers[0] != 0;
    }

    /** Segments of the log. */
    public long segments() {
        return numbers[1];
    }

    /** Records that were read and kept. */
    public long recordsKept() {
        return numbers[2];
    }

    /** Bytes that were dropped: a torn end, or what salvaging could not read. */
    public long bytesDropped() {
        return numbers[3];
    }

    /** The number of the last record that the checkpoint holds. */
    public long checkpointSeq() {
        return numbers[4];
    }

    /** The first bad byte of the file that {@link #toString} names; -1 if none is bad. */
    public long firstBadOffset() {
        return numbers[5];
    }

    /** The same in words. */
    @Override
    public String toString() {
        return text;
    }
}
