package org.libspatio;

/** What looking through a database's files found. */
public final class CheckReport {
    static final int NUMBERS = 6;
    private final long[] numbers;
    private final String text;

    CheckReport(long[] numbers, String text) {
        this.numbers = numbers;
        this.text = text;
    }

    /** Whether an ordinary open would keep every byte that was known to be on disk. */
    public boolean isSound() {
        return numbers[0] != 0;
    }

    /** Files that were looked through. */
    public long files() {
        return numbers[1];
    }

    /** Sound records in them. */
    public long records() {
        return numbers[2];
    }

    /** Their bytes. */
    public long bytes() {
        return numbers[3];
    }

    /** Files with damage other than a torn end. */
    public long damagedFiles() {
        return numbers[4];
    }

    /** Files with a torn end, which an ordinary open drops. */
    public long tornTails() {
        return numbers[5];
    }

    /** The same in words. */
    @Override
    public String toString() {
        return text;
    }
}
