package org.libspatio;

/** One row of an answer, as it is when it is looked at: a view of {@link Rows}. */
public final class Row {
    private final Rows rows;
    private final int row;

    Row(Rows rows, int row) {
        this.rows = rows;
        this.row = row;
    }

    /** The id of the object. */
    public String id() {
        return rows.id(row);
    }

    /** The handle of the object. */
    public long handle() {
        return rows.handle(row);
    }

    /** Longitude in degrees, or x. */
    public double x() {
        return rows.x(row);
    }

    /** Latitude in degrees, or y. */
    public double y() {
        return rows.y(row);
    }

    /** Altitude in metres, or z. */
    public double z() {
        return rows.z(row);
    }

    /** Event time in microseconds since 1970-01-01 UTC. */
    public long timeUs() {
        return rows.timeUs(row);
    }

    /** Distance from the origin in metres, or units; NaN if the query has no origin. */
    public double distance() {
        return rows.distance(row);
    }

    /** The payload; null if the object has none, or if payloads were not asked for. */
    public byte[] payload() {
        return rows.payload(row);
    }
}
