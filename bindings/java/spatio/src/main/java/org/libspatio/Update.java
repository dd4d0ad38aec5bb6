package org.libspatio;

import java.util.concurrent.TimeUnit;

/** What an update may say beside the position. What is not set keeps its default. */
public final class Update {
    long timeUs = Namespace.NOW;
    byte[] payload;
    long ttlUs;
    final long[] handle = new long[1];

    /** The event time in microseconds since 1970-01-01 UTC; now by default. */
    public Update timeUs(long timeUs) {
        this.timeUs = timeUs;
        return this;
    }

    /**
     * Up to 65,536 bytes that belong to the object. Without it, or with null, what it has stays; no
     * bytes remove what it has. They are looked at during the call only.
     */
    public Update payload(byte[] payload) {
        this.payload = payload;
        return this;
    }

    /** How long from now the object lives without another update; as the namespace says by default. */
    public Update ttl(long ttl, TimeUnit unit) {
        this.ttlUs = unit.toMicros(ttl);
        return this;
    }

    /** After the call: the object's handle. */
    public long handle() {
        return handle[0];
    }
}
