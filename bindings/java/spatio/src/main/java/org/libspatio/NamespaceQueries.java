package org.libspatio;

/** What is asked of a namespace: about the present, about the past, and about distances. */
abstract class NamespaceQueries extends Queries {
    /** A limit that is none: what an int can count. */
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    final Database database;

    NamespaceQueries(Database database, Engine.Space resource) {
        super(resource, resource.engine().results);
        this.database = database;
    }

    @Override
    final long ask(QueryColumns asked, long cancel, long given, long[] counts) {
        return Native.queryRun(
                pointer,
                asked.size(),
                asked.ints,
                asked.longs,
                asked.numbers,
                asked.prefixes,
                cancel,
                given,
                counts);
    }

    @Override
    final int askInto(Query query, DirectRows rows) {
        return Native.queryInto(
                pointer,
                query.ints,
                query.longs,
                query.numbers,
                query.prefix,
                rows.columns,
                rows.capacity());
    }

    /** What lies within a radius of a point, altitude included, nearest first. */
    public final Rows queryRadius(double x, double y, double radius, int limit) {
        return queryRadius(x, y, 0, radius, limit);
    }

    /** The same from an altitude in metres, or z. */
    public final Rows queryRadius(
            final double x, final double y, final double z, final double radius, int limit) {
        final int most = Check.rows(limit, "limit");
        return fill(
                "queryRadius",
                new Rows(),
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.queryRadius(pointer, x, y, z, radius, most, given, counts);
                    }
                });
    }

    /** What lies in a box, in no promised order; {@code minX} above {@code maxX} wraps. */
    public final Rows queryBox(
            final double minX, final double minY, final double maxX, final double maxY, int limit) {
        final int most = Check.rows(limit, "limit");
        return fill(
                "queryBox",
                new Rows(),
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.queryBox(pointer, minX, minY, maxX, maxY, most, given, counts);
                    }
                });
    }

    /** What lies in a polygon, its border included, in no promised order. */
    public final Rows queryPolygon(Polygon polygon, int limit) {
        final int most = Check.rows(limit, "limit");
        final Resource shape = polygon.resource;
        return fill(
                "queryPolygon",
                new Rows(),
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        int slot = shape.guard.enter("queryPolygon");
                        try {
                            return Native.queryPolygon(pointer, shape.pointer, most, given, counts);
                        } finally {
                            shape.guard.exit(slot);
                        }
                    }
                });
    }

    /** What lies within a radius of an object, nearest first: the object itself, then the others. */
    public final Rows queryNear(final long origin, final double radius, int limit) {
        final int most = Check.rows(limit, "limit");
        return fill(
                "queryNear",
                new Rows(),
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.queryNear(pointer, origin, radius, most, given, counts);
                    }
                });
    }

    /** The {@code k} nearest to a point, nearest first; of equal distances in the order of ids. */
    public final Rows knn(double x, double y, int k) {
        return knn(x, y, 0, k);
    }

    /** The same from an altitude in metres, or z. */
    public final Rows knn(final double x, final double y, final double z, int k) {
        final int most = Check.rows(k, "k");
        return fill(
                "knn",
                new Rows(),
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.knn(pointer, x, y, z, most, given, counts);
                    }
                });
    }

    /**
     * The convex hull of all objects: a closed ring against the clock, as {@link Polygon#of} takes
     * it; without numbers if there are no objects.
     */
    public final double[] convexHull() {
        Rows ring =
                fill(
                        "convexHull",
                        new Rows(),
                        new Ask() {
                            @Override
                            public long run(long given, long[] counts) {
                                return Native.convexHull(pointer, given, counts);
                            }
                        });
        double[] xy = new double[2 * ring.size()];
        for (int row = 0; row < ring.size(); row++) {
            xy[2 * row] = ring.x(row);
            xy[2 * row + 1] = ring.y(row);
        }
        return xy;
    }

    /** The smallest box around all objects; null if there are none. */
    public final Bounds bounds() {
        double[] corners = new double[6];
        int slot = guard.enter("bounds");
        try {
            return Native.bounds(pointer, corners) ? new Bounds(corners) : null;
        } finally {
            guard.exit(slot);
        }
    }

    /**
     * The positions that an object had in an interval of time.
     *
     * @param startUs first moment of the interval, in microseconds since 1970-01-01 UTC
     * @param endUs last moment, which belongs to it
     * @param limit at most so many, the first in that order
     */
    public final Rows trajectory(long handle, long startUs, long endUs, Order order, int limit) {
        return trajectory(new long[] {handle}, startUs, endUs, order, limit, new Rows(), null);
    }

    /**
     * The same for many objects, into rows of an earlier call: the rows of object i are {@code
     * rows.start(i)} up to, not including, {@code rows.end(i)}. {@code cancel} may be null.
     */
    public final Rows trajectory(
            final long[] handles,
            final long startUs,
            final long endUs,
            final Order order,
            int limit,
            Rows rows,
            final Cancel cancel) {
        final int most = Check.rows(limit, "limit");
        return fill(
                "trajectory",
                rows,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        int slot = cancel == null ? 0 : cancel.resource.guard.enter("trajectory");
                        try {
                            return Native.trajectory(
                                    pointer,
                                    handles.length,
                                    handles,
                                    startUs,
                                    endUs,
                                    order.code(),
                                    most,
                                    cancel == null ? 0 : cancel.resource.pointer,
                                    given,
                                    counts);
                        } finally {
                            if (cancel != null) {
                                cancel.resource.guard.exit(slot);
                            }
                        }
                    }
                });
    }

    /** Where objects were at an instant, in microseconds since 1970-01-01 UTC. */
    public final Positions positionsAt(long[] handles, long timeUs, Interpolation interpolation) {
        Positions at = new Positions(handles.length, false);
        int how = interpolation.code();
        int slot = guard.enter("positionsAt");
        try {
            Native.positionsAt(
                    pointer, handles.length, handles, timeUs, how, at.x, at.y, at.z, at.found);
        } finally {
            guard.exit(slot);
        }
        return at;
    }

    /** The distances between pairs of objects; NaN where one of the two is not here. */
    public final double[] distanceBetween(long[] a, long[] b, Metric metric) {
        Check.length(b.length, a.length, "b");
        double[] distances = new double[a.length];
        int slot = guard.enter("distanceBetween");
        try {
            Native.distanceBetween(pointer, a.length, a, b, metric.code(), distances);
        } finally {
            guard.exit(slot);
        }
        return distances;
    }

    /** The distances from objects to a point, altitude included; NaN where the object is not here. */
    public final double[] distanceTo(long[] handles, double x, double y, double z, Metric metric) {
        double[] distances = new double[handles.length];
        int slot = guard.enter("distanceTo");
        try {
            Native.distanceTo(pointer, handles.length, handles, x, y, z, metric.code(), distances);
        } finally {
            guard.exit(slot);
        }
        return distances;
    }
}
