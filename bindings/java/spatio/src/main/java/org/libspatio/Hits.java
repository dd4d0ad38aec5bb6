package org.libspatio;

import java.util.Arrays;

/**
 * The answer of an {@link Index} or a {@link StreamIndex}: plain columns of Java, which need no closing. Hand one in again,
 * to whichever index, and it is filled anew, without allocating once it is large enough.
 *
 * <p>The arrays that {@link #ids()}, {@link #others()} and {@link #distances()} give are the columns
 * themselves: the first {@link #size} entries count. Ids are numbers without a sign. For one thread
 * at a time.
 */
public final class Hits extends Answer {
    /** No item: what is told of a ray that hits none. */
    public static final int NO_ITEM = -1;

    private static final int HAS_OTHERS = 1;
    private static final int HAS_DISTANCES = 2;
    private static final int HAS_PAYLOADS = 4;
    private static final int HAS_RANKS = 8;
    private static final int HAS_IDS = 16;

    private int[] ids = new int[0];
    private int[] others = new int[0];
    private int[] ranks = new int[0];
    private double[] distance = new double[0];
    private long[] payloadOffsets = new long[0];
    private byte[] payloads = new byte[0];

    /** An answer without rows. */
    public Hits() {
        super(1);
    }

    /** Takes the columns of the library's hits, whose numbers stand in {@link #counts}. */
    void fill(long hits) {
        int rows = Check.array(counts[0], "rows");
        int asks = Check.array(counts[1], "queries");
        makeRoom(rows, asks);
        Native.copyHits(hits, offsets, ids, others, ranks, distance, payloadOffsets, payloads);
        queries = asks;
        size = rows;
    }

    private void makeRoom(int rows, int asks) {
        if (ids.length < rows) {
            ids = new int[grown(rows, ids.length)];
        }
        if (hasOthers() && others.length < rows) {
            others = new int[grown(rows, others.length)];
        }
        if (has(HAS_RANKS) && ranks.length < rows) {
            ranks = new int[grown(rows, ranks.length)];
        }
        if (hasDistances() && distance.length < rows) {
            distance = new double[grown(rows, distance.length)];
        }
        offsets = roomFor(asks, offsets);
        if (has(HAS_PAYLOADS)) {
            payloadOffsets = roomFor(rows, payloadOffsets);
        }
        payloads = roomFor(3, payloads, "bytes of payloads");
    }

    /** Room for one row of each ray, which the library writes by itself. */
    void oneForEach(int rays) {
        counts[2] = HAS_DISTANCES | HAS_IDS;
        makeRoom(rays, rays);
        for (int ray = 0; ray <= rays; ray++) {
            offsets[ray] = ray;
        }
    }

    /** The rows of {@link #oneForEach} were written. */
    void wereWritten(int rays) {
        size = rays;
        queries = rays;
    }

    /** The item; {@link #NO_ITEM} in an answer of payloads by rank. */
    public int id(int row) {
        int at = row(row);
        return has(HAS_IDS) ? ids[at] : NO_ITEM;
    }

    /** Whether the rows have ranks: those of a {@link StreamIndex} do. */
    public boolean hasRanks() {
        return has(HAS_RANKS);
    }

    /** The place of the item in the tree, for {@link StreamIndex#payloads}; -1 if there is none. */
    public int rank(int row) {
        int at = row(row);
        return hasRanks() ? ranks[at] : -1;
    }

    /** Whether the rows are pairs. */
    public boolean hasOthers() {
        return has(HAS_OTHERS);
    }

    /** The other item of a pair; {@link #NO_ITEM} if the rows are no pairs. */
    public int other(int row) {
        int at = row(row);
        return hasOthers() ? others[at] : NO_ITEM;
    }

    /** Whether the rows have distances. */
    public boolean hasDistances() {
        return has(HAS_DISTANCES);
    }

    /**
     * How far the item is, in what the query measures, or the t at which a ray enters it; NaN if the
     * rows have no distances.
     */
    public double distance(int row) {
        int at = row(row);
        return hasDistances() ? distance[at] : Double.NaN;
    }

    /** A copy of the payload, of {@code payloads}; null of any other answer. */
    public byte[] payload(int row) {
        int at = row(row);
        if (!has(HAS_PAYLOADS)) {
            return null;
        }
        return Arrays.copyOfRange(payloads, (int) payloadOffsets[at], (int) payloadOffsets[at + 1]);
    }

    /** The items. */
    public int[] ids() {
        return ids;
    }

    /** The other items of pairs; they mean something if {@link #hasOthers}. */
    public int[] others() {
        return others;
    }

    /** Places of the items in the tree; they mean something if {@link #hasRanks}. */
    public int[] ranks() {
        return ranks;
    }

    /** Distances; they mean something if {@link #hasDistances}. */
    public double[] distances() {
        return distance;
    }
}
