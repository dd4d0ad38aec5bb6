package org.libspatio;

/** Where an object is, and since when. */
public final class ObjectState {
    /** How many numbers it is. */
    static final int NUMBERS = 7;

    /** As the shim wrote them, in one go: coordinates by their bits. */
    private final long[] numbers;

    ObjectState(long[] numbers) {
        this.numbers = numbers;
    }

    /** Longitude in degrees, or x. */
    public double x() {
        return Double.longBitsToDouble(numbers[4]);
    }

    /** Latitude in degrees, or y. */
    public double y() {
        return Double.longBitsToDouble(numbers[5]);
    }

    /** Altitude in metres, or z. */
    public double z() {
        return Double.longBitsToDouble(numbers[6]);
    }

    /** Its handle. */
    public long handle() {
        return numbers[0];
    }

    /** The event time of that position in microseconds since 1970-01-01 UTC. */
    public long timeUs() {
        return numbers[1];
    }

    /** When it expires by the database's clock; {@link Long#MAX_VALUE}: never. */
    public long expiresUs() {
        return numbers[2];
    }

    /**
     * Bytes of its payload, to be had by {@link Namespace#payload} or {@link Pack#payload}; 0 if it
     * has none.
     */
    public int payloadLength() {
        return (int) numbers[3];
    }
}
