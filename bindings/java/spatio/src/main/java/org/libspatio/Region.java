package org.libspatio;

/**
 * A set of points that indexes with as many axes are searched for, its border included; see {@link
 * Index#searchRegion}. It does not change; any number of threads may use one.
 *
 * <pre>{@code
 * try (Region near = Region.ball(new double[] {12, 7, -3}, 100)) {
 *     walls.searchRegion(near, hits);
 * }
 * }</pre>
 */
public final class Region implements AutoCloseable {
    private static final class Handle extends Resource {
        Handle(long pointer) {
            super("Region", pointer, 4);
        }

        @Override
        void free() {
            Native.regionFree(pointer);
        }
    }

    final Resource resource;

    private Region(long pointer) {
        resource = new Handle(pointer);
        resource.watch(this);
    }

    /**
     * All that is within a Euclidean distance of a point of two, three or four axes.
     *
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} for a number that is not finite or a
     *     radius below 0
     */
    public static Region ball(double[] centre, double radius) {
        return new Region(Native.regionBall(centre.length, centre, radius));
    }

    /** All that is within a Euclidean distance of a segment. */
    public static Region capsule(double[] from, double[] to, double radius) {
        Check.numbers(to, from.length, "to");
        return new Region(Native.regionCapsule(from.length, from, to, radius));
    }

    /**
     * A cone with a round end: all balls with their centres on its axis that just touch its side, up
     * to the one whose centre is so far from the apex.
     *
     * @param direction where its axis goes, of any length but 0
     * @param halfAngleRad the angle between axis and side, above 0 and under a quarter turn
     * @throws SpatioException {@link Status#OUT_OF_RANGE} for another angle
     */
    public static Region cone(
            double[] apex, double[] direction, double halfAngleRad, double length) {
        Check.numbers(direction, apex.length, "direction");
        return new Region(Native.regionCone(apex.length, apex, direction, halfAngleRad, length));
    }

    /** The points x of which normal . x is {@code offset} or more. */
    public static Region halfSpace(double[] normal, double offset) {
        return new Region(Native.regionHalfSpace(normal.length, normal, offset));
    }

    /**
     * The convex hull of points; of three it is a triangle. It lies on the first two axes of any index.
     *
     * @param xy two numbers for each point: x0, y0, x1, y1 ...
     */
    public static Region convex(double... xy) {
        return new Region(Native.regionConvex(Check.points(xy, 2, "xy"), xy));
    }

    /**
     * A polygon as a region, for one that is asked often: it is made ready here, and not by each
     * question as in {@link Index#searchPolygon}. The polygon may be closed afterwards.
     */
    public static Region polygon(Polygon polygon) {
        int slot = polygon.resource.guard.enter("region");
        try {
            return new Region(Native.regionPolygon(polygon.resource.pointer));
        } finally {
            polygon.resource.guard.exit(slot);
        }
    }

    /**
     * What lies between six planes in space. It may keep a few boxes beside its edges.
     *
     * @param planes 24 numbers: of each plane the three of its normal, which points inside, and its
     *     offset, as of {@link #halfSpace}
     */
    public static Region frustum(double[] planes) {
        Check.numbers(planes, 24, "planes");
        return new Region(Native.regionFrustum(planes));
    }

    /**
     * What a camera sees, by its matrix: clip = matrix * (x, y, z, 1), and seen is what comes to -w
     * &lt;= x, y &lt;= w and, of the depth, to 0 &lt;= z &lt;= w or to -w &lt;= z &lt;= w. Otherwise as
     * {@link #frustum}.
     *
     * @param matrix 16 numbers, row by row
     * @param depthFromZero whether the depth begins at 0
     */
    public static Region viewProjection(double[] matrix, boolean depthFromZero) {
        Check.numbers(matrix, 16, "matrix");
        return new Region(Native.regionViewProjection(matrix, depthFromZero ? 1 : 0));
    }

    /** Frees it, after the calls that use it have ended. Does nothing the second time. */
    @Override
    public void close() {
        resource.close();
    }
}
