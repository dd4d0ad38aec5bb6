package org.libspatio;

/**
 * What {@link Rows} and {@link FoundFences} have in common: rows with handles, and with ids and
 * payloads if these were asked for.
 */
abstract class NamedRows extends Answer {
    private static final int HAS_IDS = 32;
    private static final int HAS_PAYLOADS = 64;

    long[] handles = new long[0];
    private long[] idOffsets = new long[0];
    private byte[] ids = new byte[0];
    private long[] payloadOffsets = new long[0];
    private byte[] payloads = new byte[0];
    private RowSource source;

    NamedRows() {
        super(2);
    }

    /** Takes the columns of a result whose numbers stand in {@link #counts}. */
    final void fill(long result, RowSource asked) {
        int rows = Check.array(counts[0], "rows");
        int asks = Check.array(counts[1], "queries");
        if (handles.length < rows) {
            int room = grown(rows, handles.length);
            handles = new long[room];
            makeRoom(room);
        }
        offsets = roomFor(asks, offsets);
        copy(result);
        if (has(HAS_IDS | HAS_PAYLOADS)) {
            fillTexts(result, rows);
        }
        source = asked;
        queries = asks;
        size = rows;
    }

    /** Makes new columns, beside the handles, for so many rows. */
    abstract void makeRoom(int rows);

    /** Copies the columns out of a result; there is room for them. */
    abstract void copy(long result);

    private void fillTexts(long result, int rows) {
        idOffsets = roomFor(rows, idOffsets);
        payloadOffsets = roomFor(rows, payloadOffsets);
        ids = roomFor(3, ids, "bytes of ids");
        payloads = roomFor(4, payloads, "bytes of payloads");
        Native.copyTexts(result, idOffsets, ids, payloadOffsets, payloads);
    }

    /** The handle. */
    public long handle(int row) {
        return handles[row(row)];
    }

    /**
     * The id: out of the answer after {@link Query#withIds} or {@link FoundFences#withIds}, else asked
     * for this row of what gave the answer, which must be open.
     */
    public String id(int row) {
        if (!has(HAS_IDS)) {
            return source.id(handle(row));
        }
        int start = (int) idOffsets[row(row)];
        return new String(ids, start, (int) idOffsets[row + 1] - start, Callbacks.UTF_8);
    }

    /**
     * The payload; null if there is none, or without {@link Query#withPayloads} or {@link
     * FoundFences#withPayloads}.
     */
    public byte[] payload(int row) {
        if (!has(HAS_PAYLOADS)) {
            return null;
        }
        int start = (int) payloadOffsets[row(row)];
        int length = (int) payloadOffsets[row + 1] - start;
        if (length == 0) {
            return null;
        }
        byte[] payload = new byte[length];
        System.arraycopy(payloads, start, payload, 0, length);
        return payload;
    }

    /** The handles. */
    public long[] handles() {
        return handles;
    }
}
