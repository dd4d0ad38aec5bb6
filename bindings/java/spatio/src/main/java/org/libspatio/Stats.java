package org.libspatio;

/** Figures about a database. */
public final class Stats {
    static final int NUMBERS = 11;
    private final long[] numbers;

    Stats(long[] numbers) {
        this.numbers = numbers;
    }

    /** Namespaces. */
    public long namespaces() {
        return numbers[0];
    }

    /** Objects that are here now. */
    public long objects() {
        return numbers[1];
    }

    /** Ids that were ever given a handle. */
    public long handles() {
        return numbers[2];
    }

    /** Leaves of all indexes. */
    public long leaves() {
        return numbers[3];
    }

    /** Bytes of memory that the indexes hold. */
    public long memoryBytes() {
        return numbers[4];
    }

    /** Bytes of all files. */
    public long diskBytes() {
        return numbers[5];
    }

    /** Segments of the log. */
    public long segments() {
        return numbers[6];
    }

    /** Records in the log. */
    public long records() {
        return numbers[7];
    }

    /** The number of the last record. */
    public long lastSeq() {
        return numbers[8];
    }

    /** The number of the last record that is known to be on disk. */
    public long durableSeq() {
        return numbers[9];
    }

    /** Records not yet handed to the operating system. */
    public long bufferedRecords() {
        return numbers[10];
    }
}
