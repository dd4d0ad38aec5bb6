package org.libspatio;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Knows how many calls are inside a native object, so that closing can wait for them.
 *
 * <p>A thread owns a slot, which it alone writes to: entering then costs one store that the others
 * see at once, and leaving a plain one. Threads that find no slot of their own share a counter.
 * Invariant: whoever entered before {@link #close} is seen by {@link #isEmpty} until he leaves, and
 * whoever enters after it is refused.
 */
final class Guard {
    /** Slots stand two cache lines apart, so that threads do not slow each other down. */
    private static final int SPACING = 32;

    private static final int SHARED = -1;

    private final AtomicReferenceArray<Thread> owners;
    private final AtomicIntegerArray depths;
    private final AtomicInteger shared = new AtomicInteger();
    private final String what;
    private volatile boolean isClosed;

    /**
     * @param what what is guarded, for messages
     * @param slots a power of two
     */
    Guard(String what, int slots) {
        this.what = what;
        this.owners = new AtomicReferenceArray<Thread>(slots);
        this.depths = new AtomicIntegerArray(slots * SPACING);
    }

    /** Enters for one call; what it returns is handed to {@link #exit}. */
    int enter(String operation) {
        Thread me = Thread.currentThread();
        int slot = (int) me.getId() & (owners.length() - 1);
        if (owners.get(slot) != me) {
            slot = claim(slot, me);
        }
        if (slot == SHARED) {
            shared.incrementAndGet();
        } else {
            int at = slot * SPACING;
            // A full fence: this is seen before `isClosed` is looked at.
            depths.set(at, depths.get(at) + 1);
        }
        if (isClosed) {
            exit(slot);
            throw SpatioException.closed(operation, what);
        }
        return slot;
    }

    void exit(int slot) {
        if (slot == SHARED) {
            shared.decrementAndGet();
        } else {
            int at = slot * SPACING;
            depths.lazySet(at, depths.get(at) - 1);
        }
    }

    /** Takes a slot that is free, or whose thread has ended. */
    private int claim(int slot, Thread me) {
        Thread owner = owners.get(slot);
        boolean isFree = owner == null || !owner.isAlive();
        return isFree && owners.compareAndSet(slot, owner, me) ? slot : SHARED;
    }

    /** Refuses every call from now on. */
    void close() {
        isClosed = true;
    }

    /** Whether no call is inside; once it is true after {@link #close}, it stays so. */
    boolean isEmpty() {
        for (int slot = 0; slot < owners.length(); slot++) {
            if (depths.get(slot * SPACING) != 0) {
                return false;
            }
        }
        return shared.get() == 0;
    }

    /** Waits until the calls that were inside have left. */
    void await() {
        for (int round = 0; !isEmpty(); round++) {
            if (round < 100) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(100_000);
            }
        }
    }
}
