package org.libspatio;

/** What a {@link StreamIndex} asked of its reader. */
public final class Spent {
    private final long rounds;
    private final long reads;
    private final long bytes;

    Spent(long rounds, long reads, long bytes) {
        this.rounds = rounds;
        this.reads = reads;
        this.bytes = bytes;
    }

    /** Calls of the reader. */
    public long rounds() {
        return rounds;
    }

    /** Ranges of all calls. */
    public long reads() {
        return reads;
    }

    /** Bytes of all ranges. */
    public long bytes() {
        return bytes;
    }

    Spent with(long[] more) {
        return new Spent(rounds + more[0], reads + more[1], bytes + more[2]);
    }
}
