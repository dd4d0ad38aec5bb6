package org.libspatio;

/** Stops the calls that it is given to. Any number of threads may use one at the same time. */
public final class Cancel implements AutoCloseable {
    private static final class Handle extends Resource {
        Handle() {
            super("Cancel", Native.cancelNew(), 4);
        }

        @Override
        void free() {
            Native.cancelFree(pointer);
        }
    }

    final Resource resource = new Handle();

    /** Makes one that has not been fired. */
    public Cancel() {
        resource.watch(this);
    }

    /**
     * Stops the calls that run with it, soon, and those that are begun with it, at once: they throw
     * {@link Status#CANCELLED}.
     */
    public void fire() {
        int slot = resource.guard.enter("fire");
        try {
            Native.cancelFire(resource.pointer);
        } finally {
            resource.guard.exit(slot);
        }
    }

    /** Makes it fit for use again, when no call uses it. */
    public void reset() {
        int slot = resource.guard.enter("reset");
        try {
            Native.cancelReset(resource.pointer);
        } finally {
            resource.guard.exit(slot);
        }
    }

    /** Frees it, after the calls that use it have ended. Does nothing the second time. */
    @Override
    public void close() {
        resource.close();
    }
}
