package org.libspatio;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A few results of the library that are not in use: a query fills one anew and so allocates nothing.
 * Each is in the hands of one call at a time.
 */
class ResultPool {
    private static final int SLOTS = 4;
    /** A result that grew beyond this is not kept: one huge answer must not hold memory for ever. */
    private static final long KEPT_ROWS = 1 << 16;

    private final AtomicLongArray free = new AtomicLongArray(SLOTS);
    private volatile boolean isClosed;

    /** A result to be filled; 0 if there is none, and the library makes one. */
    final long take() {
        for (int slot = 0; slot < SLOTS; slot++) {
            long result = free.get(slot);
            if (result != 0 && free.compareAndSet(slot, result, 0)) {
                return result;
            }
        }
        return 0;
    }

    /** Takes back what {@link #take} gave, or what the library made. */
    final void give(long result, long rows) {
        if (result == 0) {
            return;
        }
        for (int slot = 0; rows <= KEPT_ROWS && slot < SLOTS; slot++) {
            if (free.compareAndSet(slot, 0, result)) {
                // Whoever closes looks at the slots after setting the flag, and so do we.
                if (isClosed) {
                    drain();
                }
                return;
            }
        }
        release(result);
    }

    /** Gives one back to the library. */
    void release(long result) {
        Native.resultFree(result);
    }

    final void close() {
        isClosed = true;
        drain();
    }

    private void drain() {
        for (int slot = 0; slot < SLOTS; slot++) {
            long result = free.getAndSet(slot, 0);
            if (result != 0) {
                release(result);
            }
        }
    }
}
