package org.libspatio;

/**
 * A polygon, or several with holes, ready for queries. It does not change; any number of threads may
 * use one.
 */
public final class Polygon implements AutoCloseable {
    private static final class Handle extends Resource {
        Handle(long pointer) {
            super("Polygon", pointer, 4);
        }

        @Override
        void free() {
            Native.polygonFree(pointer);
        }
    }

    final Resource resource;

    private Polygon(long pointer) {
        resource = new Handle(pointer);
        resource.watch(this);
    }

    /**
     * One ring without holes, closed or open, in either direction.
     *
     * @param xy two numbers for each point: x0, y0, x1, y1 ...
     */
    public static Polygon of(double... xy) {
        return ofRings(new double[][] {xy});
    }

    /** A border, and the rings of its holes. */
    public static Polygon ofRings(double[]... rings) {
        return ofPolygons(new double[][][] {rings});
    }

    /** Several polygons as GeoJSON nests them: polygons of rings, of which the first is the border. */
    public static Polygon ofPolygons(double[][]... polygons) {
        int rings = 0;
        int numbers = 0;
        for (double[][] polygon : polygons) {
            rings += polygon.length;
            for (double[] ring : polygon) {
                numbers += ring.length;
            }
        }
        double[] xy = new double[numbers];
        long[] ringOffsets = new long[rings + 1];
        long[] offsets = new long[polygons.length + 1];
        int ring = 0;
        int at = 0;
        for (int p = 0; p < polygons.length; p++) {
            for (double[] points : polygons[p]) {
                if (points.length % 2 != 0) {
                    throw new IllegalArgumentException(
                            "ring " + ring + " has " + points.length + " numbers, which are not pairs");
                }
                System.arraycopy(points, 0, xy, at, points.length);
                at += points.length;
                ringOffsets[++ring] = at / 2;
            }
            offsets[p + 1] = ring;
        }
        return new Polygon(
                Native.polygonNew(rings, ringOffsets, xy, numbers, polygons.length, offsets));
    }

    /** Whether a point lies in it, its border included. */
    public boolean contains(double x, double y) {
        return contains(new double[] {x}, new double[] {y})[0];
    }

    /** Which points lie in it. */
    public boolean[] contains(double[] x, double[] y) {
        Check.length(y.length, x.length, "y");
        boolean[] inside = new boolean[x.length];
        int slot = resource.guard.enter("contains");
        try {
            Native.polygonContains(resource.pointer, x.length, x, y, inside);
        } finally {
            resource.guard.exit(slot);
        }
        return inside;
    }

    /** Frees it, after the calls that use it have ended. Does nothing the second time. */
    @Override
    public void close() {
        resource.close();
    }
}
