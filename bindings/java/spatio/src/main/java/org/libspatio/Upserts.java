package org.libspatio;

/**
 * Where many objects are, by id, in columns. The arrays are looked at during the call only, and all
 * have as many rows as there are ids.
 *
 * <pre>{@code
 * buses.upsert(new Upserts(ids, lon, lat).timeUs(times));
 * }</pre>
 */
public final class Upserts {
    final String[] ids;
    final double[] x;
    final double[] y;
    double[] z;
    long[] timeUs;
    byte[][] payloads;
    long[] ttlUs;
    final long[] handles;

    /**
     * Rows with ids and positions.
     *
     * @param x longitudes in degrees, or x
     * @param y latitudes in degrees, or y
     */
    public Upserts(String[] ids, double[] x, double[] y) {
        Check.length(x.length, ids.length, "x");
        Check.length(y.length, ids.length, "y");
        this.ids = ids;
        this.x = x;
        this.y = y;
        this.handles = new long[ids.length];
    }

    /** Altitudes in metres, or z; 0 by default. */
    public Upserts z(double[] z) {
        Check.length(z.length, ids.length, "z");
        this.z = z;
        return this;
    }

    /** Event times in microseconds since 1970-01-01 UTC; now by default. */
    public Upserts timeUs(long[] timeUs) {
        Check.length(timeUs.length, ids.length, "timeUs");
        this.timeUs = timeUs;
        return this;
    }

    /** Payloads; a row with null or no bytes keeps what its object has. */
    public Upserts payloads(byte[][] payloads) {
        Check.length(payloads.length, ids.length, "payloads");
        this.payloads = payloads;
        return this;
    }

    /** Times to live in microseconds; 0, the default, is as the namespace says. */
    public Upserts ttlUs(long[] ttlUs) {
        Check.length(ttlUs.length, ids.length, "ttlUs");
        this.ttlUs = ttlUs;
        return this;
    }

    /** After the call: the handles of the objects. */
    public long[] handles() {
        return handles;
    }
}
