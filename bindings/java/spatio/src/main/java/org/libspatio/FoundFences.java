package org.libspatio;

/**
 * The answer of {@link Fences}: the fences of each point, or box, in the order of their ids, as plain
 * columns of Java, which need no closing. Hand one in again and it is filled anew, without allocating
 * once it is large enough.
 *
 * <p>The rows of point {@code i} are {@code start(i)} up to, not including, {@code end(i)}. The array
 * that {@link #handles()} gives is the column itself: the first {@link #size} entries count. For one
 * thread at a time.
 */
public final class FoundFences extends NamedRows {
    private static final int WITH_IDS = 4;
    private static final int WITH_PAYLOADS = 8;

    int flags;

    /** An answer without rows, of handles alone. */
    public FoundFences() {}

    /** From the next question on, the answer brings the ids along. */
    public FoundFences withIds() {
        flags |= WITH_IDS;
        return this;
    }

    /** From the next question on, the answer brings the payloads along. */
    public FoundFences withPayloads() {
        flags |= WITH_PAYLOADS;
        return this;
    }

    @Override
    void makeRoom(int rows) {}

    @Override
    void copy(long result) {
        Native.copyColumns(result, offsets, handles, null, null, null, null, null);
    }
}
