package org.libspatio;

import java.nio.charset.Charset;
import java.util.concurrent.atomic.AtomicLong;

/** The Java end of the log and clock callbacks: what they throw stops here. */
final class Callbacks {
    static final Charset UTF_8 = Charset.forName("UTF-8");

    private static final ThreadLocal<Integer> DEPTH = new ThreadLocal<Integer>();

    private Callbacks() {}

    static void log(LogListener listener, int level, byte[] message) {
        enter();
        try {
            listener.onMessage(Level.of(level), new String(message, UTF_8));
        } catch (Throwable thrown) {
            report("a LogListener", thrown);
        } finally {
            exit();
        }
    }

    /** A clock that throws stands still: the last time that it told is told again. */
    static long time(Clock clock) {
        SteadyClock steady = (SteadyClock) clock;
        enter();
        try {
            return steady.nowUs();
        } catch (Throwable thrown) {
            report("a Clock", thrown);
            return steady.last.get();
        } finally {
            exit();
        }
    }

    /** A clock that remembers what it told. */
    static final class SteadyClock implements Clock {
        private final Clock inner;
        private final AtomicLong last = new AtomicLong(System.currentTimeMillis() * 1000);

        SteadyClock(Clock inner) {
            this.inner = inner;
        }

        @Override
        public long nowUs() {
            long now = inner.nowUs();
            last.set(now);
            return now;
        }
    }

    /** Standard error is what Android's log shows as well. */
    static void report(String who, Throwable thrown) {
        try {
            System.err.println("libspatio: thrown by " + who + ":");
            thrown.printStackTrace();
        } catch (Throwable again) {
            // An exception that cannot be printed must not cross into the library either.
            return;
        }
    }

    private static void enter() {
        Integer depth = DEPTH.get();
        DEPTH.set(depth == null ? 1 : depth + 1);
    }

    private static void exit() {
        int depth = DEPTH.get() - 1;
        if (depth == 0) {
            DEPTH.remove();
        } else {
            DEPTH.set(depth);
        }
    }

    /** Closing waits for the calls that run, and a callback is a part of one: it would wait for ever. */
    static void refuseInside(String operation) {
        if (DEPTH.get() != null) {
            throw new IllegalStateException(operation + " was called inside of a callback");
        }
    }
}
