package org.libspatio;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Frees what was forgotten to be closed, once the collector has found it.
 *
 * <p>It has no thread: the queue is looked at whenever something is opened. {@code
 * java.lang.ref.Cleaner} would do the same, but Android has it from API 33 on only.
 */
final class LeakNet {
    private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<Object>();
    private static final Set<Watch> WATCHED = Collections.synchronizedSet(new HashSet<Watch>());
    private static final List<Resource> WAITING = new ArrayList<Resource>();
    private static long leaks;

    private LeakNet() {}

    /** A reference to an owner that is only there to learn of its end. */
    static final class Watch extends PhantomReference<Object> {
        private final Resource resource;

        private Watch(Object owner, Resource resource) {
            super(owner, QUEUE);
            this.resource = resource;
        }

        /** It was closed in time. */
        void forget() {
            WATCHED.remove(this);
            clear();
        }
    }

    static Watch watch(Object owner, Resource resource) {
        sweep();
        Watch watch = new Watch(owner, resource);
        WATCHED.add(watch);
        return watch;
    }

    /** Frees what the collector found; how many things that were. */
    static int sweep() {
        List<Resource> forgotten = new ArrayList<Resource>();
        synchronized (WAITING) {
            for (Object found = QUEUE.poll(); found != null; found = QUEUE.poll()) {
                Watch watch = (Watch) found;
                if (WATCHED.remove(watch)) {
                    leaks++;
                    WAITING.add(watch.resource);
                }
            }
            forgotten.addAll(WAITING);
            WAITING.clear();
        }
        int freed = 0;
        for (Resource resource : forgotten) {
            if (free(resource)) {
                freed++;
            }
        }
        return freed;
    }

    private static boolean free(Resource resource) {
        try {
            if (resource.tryClose()) {
                return true;
            }
        } catch (SpatioException error) {
            // Nobody is there who could be told in another way that its last writes are lost.
            Callbacks.report("closing a forgotten database", error);
            return true;
        }
        // A call that began when its owner was still known goes on: later.
        synchronized (WAITING) {
            WAITING.add(resource);
        }
        return false;
    }

    static long leaks() {
        synchronized (WAITING) {
            return leaks;
        }
    }
}
