package org.libspatio;

import java.util.concurrent.TimeUnit;

/**
 * A question about where things are now.
 *
 * <pre>{@code
 * Query.circle(500).at(13.4050, 52.5200).limit(10)
 * Query.nearest(3).around(handle).excludeOrigin()
 * Query.box(13.3, 52.4, 13.5, 52.6).idPrefix("bus:")
 * }</pre>
 *
 * <p>It may be asked again and again, by many threads, as long as nobody changes it meanwhile.
 */
public final class Query {
    private static final int KIND = 0;
    private static final int SET = 1;
    private static final int FLAGS = 2;
    private static final int LIMIT = 3;
    private static final int PREFIX = 4;
    static final int INTS = 5;

    private static final int ORIGIN = 0;
    private static final int SINCE = 1;
    private static final int MAX_AGE = 2;
    private static final int POLYGON = 3;
    static final int LONGS = 4;

    private static final int X = 0;
    private static final int RADIUS = 3;
    private static final int MIN_X = 4;
    private static final int MIN_Z = 6;
    private static final int MAX_X = 7;
    private static final int MAX_Z = 9;
    private static final int WIDTH = 10;
    private static final int HEIGHT = 11;
    private static final int DEPTH = 12;
    private static final int MIN_ALTITUDE = 13;
    private static final int MAX_ALTITUDE = 14;
    static final int DOUBLES = 15;

    private static final int SET_SINCE = 1 << 15;
    private static final int SET_MAX_AGE = 1 << 16;
    private static final int SET_LIMIT = 1 << 17;

    private static final int AROUND_OBJECT = 1;
    private static final int EXCLUDE_ORIGIN = 2;
    private static final int WITH_IDS = 4;
    private static final int WITH_PAYLOADS = 8;

    /** As the shim reads them. */
    final int[] ints = new int[INTS];

    final long[] longs = new long[LONGS];
    final double[] numbers = new double[DOUBLES];
    byte[] prefix;
    Polygon polygon;

    Query(int kind) {
        ints[KIND] = kind;
        ints[PREFIX] = -1;
    }

    private Query set(int place, double value) {
        numbers[place] = value;
        ints[SET] |= 1 << place;
        return this;
    }

    private Query flag(int flag) {
        ints[FLAGS] |= flag;
        return this;
    }

    /** What lies within a radius along the ground, whatever its altitude; nearest first. */
    public static Query circle(double radius) {
        return new Query(1).set(RADIUS, radius);
    }

    /** What lies within a radius, altitude included; nearest first. */
    public static Query sphere(double radius) {
        return new Query(2).set(RADIUS, radius);
    }

    /** What lies within a radius along the ground, between two altitudes; nearest first. */
    public static Query cylinder(double radius, double minZ, double maxZ) {
        return new Query(3).set(RADIUS, radius).set(MIN_Z, minZ).set(MAX_Z, maxZ);
    }

    /**
     * What lies in a box, in no promised order. {@code minX} above {@code maxX} crosses the
     * antimeridian in a geographic namespace.
     */
    public static Query box(double minX, double minY, double maxX, double maxY) {
        return new Query(4).corners(minX, minY, maxX, maxY);
    }

    /** The same between two altitudes. */
    public static Query box3d(
            double minX, double minY, double minZ, double maxX, double maxY, double maxZ) {
        return new Query(5).corners(minX, minY, maxX, maxY).set(MIN_Z, minZ).set(MAX_Z, maxZ);
    }

    private Query corners(double minX, double minY, double maxX, double maxY) {
        set(MIN_X, minX).set(MIN_X + 1, minY);
        return set(MAX_X, maxX).set(MAX_X + 1, maxY);
    }

    /** What lies in a polygon, in no promised order. The polygon must stay open. */
    public static Query polygon(Polygon polygon) {
        Query query = new Query(6);
        query.polygon = polygon;
        query.longs[POLYGON] = polygon.resource.pointer;
        return query;
    }

    /** Everything, in no promised order. */
    public static Query everywhere() {
        return new Query(7);
    }

    /** The {@code k} nearest, altitude included; nearest first. */
    public static Query nearest(int k) {
        return new Query(8).limit(k);
    }

    /** What lies in a box of that size (degrees, or units) around the origin; nearest first. */
    public static Query boxAround(double width, double height) {
        return new Query(9).set(WIDTH, width).set(HEIGHT, height);
    }

    /** The same with a depth of altitudes (metres, or units). */
    public static Query box3dAround(double width, double height, double depth) {
        return new Query(10).set(WIDTH, width).set(HEIGHT, height).set(DEPTH, depth);
    }

    /** The origin: longitude and latitude in degrees, or x and y. */
    public Query at(double x, double y) {
        return at(x, y, 0);
    }

    /** The origin with an altitude in metres, or z. */
    public Query at(double x, double y, double z) {
        ints[FLAGS] &= ~AROUND_OBJECT;
        return set(X, x).set(X + 1, y).set(X + 2, z);
    }

    /** The origin is an object, wherever it is; it is part of the answer, first. */
    public Query around(long handle) {
        longs[ORIGIN] = handle;
        return flag(AROUND_OBJECT);
    }

    /** Leaves the origin's object out. */
    public Query excludeOrigin() {
        return flag(EXCLUDE_ORIGIN);
    }

    /** Of {@link #nearest}: no further than this. */
    public Query within(double radius) {
        return set(RADIUS, radius);
    }

    /** At most so many rows: the nearest where there is an order, else any. */
    public Query limit(int rows) {
        ints[LIMIT] = Check.rows(rows, "limit");
        ints[SET] |= SET_LIMIT;
        return this;
    }

    /** The answer brings the ids along. */
    public Query withIds() {
        return flag(WITH_IDS);
    }

    /** The answer brings the payloads along. */
    public Query withPayloads() {
        return flag(WITH_PAYLOADS);
    }

    /** Only objects between these altitudes. */
    public Query altitude(double lowest, double highest) {
        return set(MIN_ALTITUDE, lowest).set(MAX_ALTITUDE, highest);
    }

    /** Only objects whose last update has this event time or a later one, in microseconds. */
    public Query sinceUs(long timeUs) {
        longs[SINCE] = timeUs;
        ints[SET] |= SET_SINCE;
        return this;
    }

    /** Only objects whose last update is at most so long ago by the database's clock. */
    public Query maxAge(long age, TimeUnit unit) {
        longs[MAX_AGE] = unit.toMicros(age);
        ints[SET] |= SET_MAX_AGE;
        return this;
    }

    /** Only objects whose id begins so. */
    public Query idPrefix(String prefix) {
        this.prefix = Utf8.bytes(prefix, "prefix");
        ints[PREFIX] = this.prefix.length;
        return this;
    }
}
