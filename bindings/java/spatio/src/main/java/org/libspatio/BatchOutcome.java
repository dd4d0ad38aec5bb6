package org.libspatio;

/** What a batch did. */
public final class BatchOutcome {
    private final long applied;
    private final long late;

    BatchOutcome(long[] numbers) {
        this.applied = numbers[0];
        this.late = numbers[1];
    }

    /** How many rows set the present state. */
    public long applied() {
        return applied;
    }

    /** How many were older than what is known, and went to history only. */
    public long late() {
        return late;
    }
}
