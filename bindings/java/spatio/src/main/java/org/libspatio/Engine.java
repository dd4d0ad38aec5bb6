package org.libspatio;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open database as its handles share it: the native one, its namespaces, its spare results, and
 * its callbacks, which stay until the last of them is gone.
 */
final class Engine extends Resource {
    final ResultPool results = new ResultPool();
    private final long callbacks;
    private final AtomicInteger users = new AtomicInteger(1);
    private final Set<Space> spaces = Collections.synchronizedSet(new HashSet<Space>());

    Engine(long pointer, long callbacks) {
        super("Database", pointer, 4);
        this.callbacks = callbacks;
    }

    /** The native handle of one namespace. */
    final class Space extends Resource {
        Space(long pointer) {
            super("Namespace", pointer, 16);
            users.incrementAndGet();
            spaces.add(this);
        }

        Engine engine() {
            return Engine.this;
        }

        @Override
        void free() {
            spaces.remove(this);
            Native.namespaceClose(pointer);
            leave();
        }
    }

    /** A namespace's last call may outlive what Java knows of the database. */
    @Override
    boolean isIdle() {
        for (Space space : spaces.toArray(new Space[0])) {
            if (!space.guard.isEmpty()) {
                return false;
            }
        }
        return super.isIdle();
    }

    /** Closes the database first: calls that run in its namespaces then end soon. */
    @Override
    void free() {
        try {
            Native.close(pointer);
        } finally {
            for (Space space : spaces.toArray(new Space[0])) {
                space.closeAndWait();
            }
            results.close();
            leave();
        }
    }

    private void leave() {
        if (users.decrementAndGet() == 0) {
            Native.callbacksFree(callbacks);
        }
    }
}
