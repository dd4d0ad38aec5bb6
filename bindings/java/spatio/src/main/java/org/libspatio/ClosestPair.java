package org.libspatio;

/** Two items and the Euclidean distance between them. */
public final class ClosestPair {
    private final int id;
    private final int other;
    private final double distance;

    ClosestPair(int id, int other, double distance) {
        this.id = id;
        this.other = other;
        this.distance = distance;
    }

    /** The first item; within one index the one with the smaller id. */
    public int id() {
        return id;
    }

    /** The other item; of the other index, if there are two. */
    public int other() {
        return other;
    }

    /** How far they are apart; 0 if they touch. */
    public double distance() {
        return distance;
    }
}
