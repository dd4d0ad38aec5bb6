package org.libspatio;

/** Where an object is, and since when. */
public final class ObjectState {
    private final double[] place;
    private final long[] rest;

    ObjectState(double[] place, long[] rest) {
        this.place = place;
        this.rest = rest;
    }

    /** Longitude in degrees, or x. */
    public double x() {
        return place[0];
    }

    /** Latitude in degrees, or y. */
    public double y() {
        return place[1];
    }

    /** Altitude in metres, or z. */
    public double z() {
        return place[2];
    }

    /** Its handle. */
    public long handle() {
        return rest[0];
    }

    /** The event time of that position in microseconds since 1970-01-01 UTC. */
    public long timeUs() {
        return rest[1];
    }

    /** When it expires by the database's clock; {@link Long#MAX_VALUE}: never. */
    public long expiresUs() {
        return rest[2];
    }

    /** Bytes of its payload, to be had by {@link Namespace#payload}; 0 if it has none. */
    public int payloadLength() {
        return (int) rest[3];
    }
}
