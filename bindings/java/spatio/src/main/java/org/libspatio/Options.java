package org.libspatio;

import java.util.concurrent.TimeUnit;

/** How a database is opened. What is not set keeps the library's default. */
public final class Options {
    private static final int SYNC = 0;
    private static final int PERIOD = 1;
    private static final int BUFFER = 2;
    private static final int SEGMENT = 3;
    private static final int RECOVERY = 4;
    private static final int READ_ONLY = 5;
    private static final int NO_BACKGROUND = 6;

    final long[] values = new long[7];
    int set;
    LogListener log;
    Clock clock;

    /** When writes become durable; every second by default. */
    public Options sync(SyncPolicy policy) {
        return set(SYNC, policy.code());
    }

    /** The period of {@link SyncPolicy#EVERY}. */
    public Options syncPeriod(long period, TimeUnit unit) {
        return set(PERIOD, unit.toMicros(period));
    }

    /** Records gathered before they are handed to the operating system; 512 by default. */
    public Options bufferRecords(long records) {
        return set(BUFFER, records);
    }

    /** Bytes at which a segment of the log is closed and the next begun; 64 MiB by default. */
    public Options segmentBytes(long bytes) {
        return set(SEGMENT, bytes);
    }

    /** What to do with damage; refuse to open by default. */
    public Options recovery(RecoveryMode mode) {
        return set(RECOVERY, mode.code());
    }

    /** Opens for reading only: takes no lock, writes nothing, refuses changes. */
    public Options readOnly(boolean readOnly) {
        return set(READ_ONLY, readOnly ? 1 : 0);
    }

    /**
     * Whether the database may have a thread of its own, for the period of {@link SyncPolicy#EVERY}
     * and for what expires; yes by default.
     */
    public Options background(boolean background) {
        return set(NO_BACKGROUND, background ? 0 : 1);
    }

    /** Takes messages. */
    public Options log(LogListener listener) {
        this.log = listener;
        return this;
    }

    /** The clock; the system's by default. */
    public Options clock(Clock clock) {
        this.clock = clock == null ? null : new Callbacks.SteadyClock(clock);
        return this;
    }

    /** A value by its place in the shim, as the setters and the tests know it. */
    Options set(int place, long value) {
        values[place] = value;
        set |= 1 << place;
        return this;
    }
}
