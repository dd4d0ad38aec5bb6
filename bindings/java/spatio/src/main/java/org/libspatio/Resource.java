package org.libspatio;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A native object with its guard: what a Java object owns, and what the leak net frees when that
 * object was forgotten. It does not refer to its owner.
 */
abstract class Resource {
    final long pointer;
    final Guard guard;
    private final AtomicBoolean isFreed = new AtomicBoolean();
    private volatile LeakNet.Watch watch;

    Resource(String what, long pointer, int slots) {
        this.pointer = pointer;
        this.guard = new Guard(what, slots);
    }

    /** Gives the native object back; called once, when no call is inside. */
    abstract void free();

    /** From now on {@code owner} being forgotten frees this. */
    final void watch(Object owner) {
        watch = LeakNet.watch(owner, this);
    }

    /** Refuses further calls, waits for those that run, and frees. Does nothing the second time. */
    final void close() {
        Callbacks.refuseInside("close");
        closeAndWait();
    }

    final void closeAndWait() {
        guard.close();
        guard.await();
        freeOnce();
    }

    /** The same without waiting; false if a call is still inside. */
    final boolean tryClose() {
        if (!isIdle()) {
            return false;
        }
        guard.close();
        freeOnce();
        return true;
    }

    /** Whether no call is inside, nor can one begin once the owner is forgotten. */
    boolean isIdle() {
        return guard.isEmpty();
    }

    private void freeOnce() {
        if (isFreed.compareAndSet(false, true)) {
            LeakNet.Watch mine = watch;
            if (mine != null) {
                mine.forget();
            }
            free();
        }
    }
}
