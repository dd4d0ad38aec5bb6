package org.libspatio;

/**
 * What is asked of an index. Questions are columns: as many numbers for each as the index has axes,
 * those of question 0, then those of question 1; one call asks any number of them. Hits are filled
 * anew, and handed back.
 */
abstract class IndexQueries {
    /** A limit that is none: what an int can count. */
    public static final int NO_LIMIT = Integer.MAX_VALUE;

    private static final class Handle extends Resource {
        final ResultPool pool = new HitsPool();

        Handle(long pointer) {
            super("Index", pointer, 16);
        }

        @Override
        void free() {
            pool.close();
            Native.indexFree(pointer);
        }
    }

    final Resource resource;
    final long pointer;
    final Guard guard;
    final int dims;
    private final ResultPool pool;

    IndexQueries(long pointer) {
        this.dims = dims(pointer);
        Handle handle = new Handle(pointer);
        this.resource = handle;
        this.pool = handle.pool;
        this.pointer = pointer;
        this.guard = handle.guard;
    }

    /** The axes of an index that was just made, and that is freed if it will not tell. */
    private static int dims(long pointer) {
        boolean isTold = false;
        try {
            int dims = info(pointer).dims();
            isTold = true;
            return dims;
        } finally {
            if (!isTold) {
                Native.indexFree(pointer);
            }
        }
    }

    static IndexInfo info(long pointer) {
        long[] numbers = new long[IndexInfo.NUMBERS];
        double[] corners = new double[8];
        Native.indexInfo(pointer, numbers, corners);
        return new IndexInfo(numbers, corners);
    }

    /** One call of the library that fills hits. */
    interface Ask {
        long run(long given, long[] counts);
    }

    /** Fills hits by a call of the library, with memory of the pool. */
    final Hits fill(String operation, Hits hits, Ask ask) {
        hits.clear();
        int slot = guard.enter(operation);
        try {
            long result = pool.take();
            try {
                result = ask.run(result, hits.counts);
                hits.fill(result);
            } finally {
                pool.give(result, hits.size());
            }
        } finally {
            guard.exit(slot);
        }
        return hits;
    }

    /** How many boxes there are; {@code max} may be null. */
    final int boxes(double[] min, double[] max) {
        int rows = Check.points(min, dims, "min");
        if (max != null) {
            Check.numbers(max, min.length, "max");
        }
        return rows;
    }

    private static void oneForEach(double[] column, int rows, String name) {
        if (column != null) {
            Check.length(column.length, rows, name);
        }
    }

    private static void present(double[] column, String name) {
        if (column == null) {
            throw new NullPointerException(name + " is null");
        }
    }

    /**
     * The items that share a point with windows, their borders included, in no promised order.
     *
     * @param min their least coordinates
     * @param max their greatest; null: the windows are points
     * @return {@code hits}
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} for a NaN or a window whose min is above
     *     its max, {@link Status#CORRUPT} for what is damaged on the way; its row is the window
     */
    public final Hits search(final double[] min, final double[] max, Hits hits) {
        final int n = boxes(min, max);
        return fill(
                "search",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.indexSearch(pointer, n, min.length, min, max, given, counts);
                    }
                });
    }

    /** How many items share a point with each window. What lies wholly inside is not looked at. */
    public final long[] count(double[] min, double[] max) {
        long[] counts = new long[boxes(min, max)];
        int slot = guard.enter("count");
        try {
            Native.indexCount(pointer, counts.length, min.length, min, max, counts);
        } finally {
            guard.exit(slot);
        }
        return counts;
    }

    /** Whether any item shares a point with each window. It ends at the first. */
    public final boolean[] any(double[] min, double[] max) {
        boolean[] any = new boolean[boxes(min, max)];
        int slot = guard.enter("any");
        try {
            Native.indexAny(pointer, any.length, min.length, min, max, any);
        } finally {
            guard.exit(slot);
        }
        return any;
    }

    /**
     * The items within a Euclidean distance of boxes or points, in no promised order; what is exactly
     * as far belongs to it, and at 0 it is what touches.
     *
     * @param max null: points
     * @param maxDistance a distance for each
     */
    public final Hits searchWithin(
            final double[] min, final double[] max, final double[] maxDistance, Hits hits) {
        final int n = boxes(min, max);
        present(maxDistance, "maxDistance");
        oneForEach(maxDistance, n, "maxDistance");
        return fill(
                "searchWithin",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.indexSearchWithin(
                                pointer, n, min.length, min, max, maxDistance, given, counts);
                    }
                });
    }

    /**
     * The {@code k} items nearest to boxes or points by Euclidean distance, nearest first, of equal
     * distances the smaller id first.
     *
     * @param max null: points
     * @param maxDistance for each, none further than that; null: however far
     */
    public final Hits nearest(
            final double[] min, final double[] max, int k, final double[] maxDistance, Hits hits) {
        final int n = boxes(min, max);
        final int most = Check.rows(k, "k");
        oneForEach(maxDistance, n, "maxDistance");
        return fill(
                "nearest",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.indexNearest(
                                pointer, n, min.length, min, max, most, maxDistance, given, counts);
                    }
                });
    }

    /**
     * The items that share a point with a polygon, which lies on the first two axes, in no promised
     * order. It is exact: a box in a hole, or beside a slope, is not found.
     */
    public final Hits searchPolygon(Polygon polygon, Hits hits) {
        final Resource shape = polygon.resource;
        return fill(
                "searchPolygon",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        int slot = shape.guard.enter("searchPolygon");
                        try {
                            return Native.indexSearchPolygon(pointer, shape.pointer, given, counts);
                        } finally {
                            shape.guard.exit(slot);
                        }
                    }
                });
    }

    /**
     * The {@code k} items nearest to places on the globe, nearest first, with distances in metres
     * along the great circle on the mean sphere, also across the antimeridian and at the poles. Axis 0
     * of the index is the longitude and axis 1 the latitude in degrees; further axes play no part.
     *
     * @param maxDistance in metres for each, none further than that; null: however far
     * @throws SpatioException {@link Status#OUT_OF_RANGE} for a place that is not on the globe
     */
    public final Hits nearestGreatCircle(
            final double[] lon, final double[] lat, int k, final double[] maxDistance, Hits hits) {
        Check.length(lat.length, lon.length, "lat");
        final int most = Check.rows(k, "k");
        oneForEach(maxDistance, lon.length, "maxDistance");
        return fill(
                "nearestGreatCircle",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.indexNearestGreatCircle(
                                pointer, lon.length, lon, lat, most, maxDistance, given, counts);
                    }
                });
    }

    /** The items within distances in metres of places on the globe; see {@link #nearestGreatCircle}. */
    public final Hits searchGreatCircle(
            final double[] lon, final double[] lat, final double[] maxDistance, Hits hits) {
        Check.length(lat.length, lon.length, "lat");
        present(maxDistance, "maxDistance");
        oneForEach(maxDistance, lon.length, "maxDistance");
        return fill(
                "searchGreatCircle",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.indexSearchGreatCircle(
                                pointer, lon.length, lon, lat, maxDistance, given, counts);
                    }
                });
    }

    /** How many rays there are; {@code maxT} may be null. */
    final int rays(double[] origin, double[] direction, double[] maxT) {
        int rows = Check.points(origin, dims, "origin");
        Check.numbers(direction, origin.length, "direction");
        oneForEach(maxT, rows, "maxT");
        return rows;
    }

    /**
     * The items that rays hit, in the order in which they enter them; the distance is the t at which
     * they do. A ray is the points origin + t * direction for t from 0 to maxT; it hits what it
     * touches, and what it begins in at 0.
     *
     * @param direction need not have the length 1; components may be 0
     * @param maxT how far each goes, in lengths of its direction; null: for ever
     * @throws SpatioException {@link Status#OUT_OF_RANGE} for an origin that is not finite, a component
     *     over 1e300 or NaN, a maxT that is negative or NaN; its row is the ray
     */
    public final Hits raycast(
            final double[] origin, final double[] direction, final double[] maxT, Hits hits) {
        final int n = rays(origin, direction, maxT);
        return fill(
                "raycast",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.indexRaycast(
                                pointer, n, origin.length, origin, direction, maxT, given, counts);
                    }
                });
    }

    /** Whether each ray hits any item: for lines of sight. It ends at the first. */
    public final boolean[] raycastAny(double[] origin, double[] direction, double[] maxT) {
        boolean[] any = new boolean[rays(origin, direction, maxT)];
        int slot = guard.enter("raycastAny");
        try {
            Native.indexRaycastAny(
                    pointer, any.length, origin.length, origin, direction, maxT, any);
        } finally {
            guard.exit(slot);
        }
        return any;
    }

    /**
     * The item that each ray enters first, of several the one with the smallest id: one row for each
     * ray. Where it hits none the item is {@link Hits#NO_ITEM} and the distance NaN.
     */
    public final Hits raycastClosest(double[] origin, double[] direction, double[] maxT, Hits hits) {
        int n = rays(origin, direction, maxT);
        hits.clear();
        int slot = guard.enter("raycastClosest");
        try {
            hits.oneForEach(n);
            Native.indexRaycastClosest(
                    pointer,
                    n,
                    origin.length,
                    origin,
                    direction,
                    maxT,
                    hits.ids(),
                    hits.distances());
            hits.wereWritten(n);
        } finally {
            guard.exit(slot);
        }
        return hits;
    }

    /**
     * All pairs of items that are within a Euclidean distance of each other, each once with the
     * smaller id first, in no promised order; at 0 those that touch. There may be as many as items
     * squared.
     *
     * @param cancel stops the call when it is fired; may be null
     */
    public final Hits pairs(final double maxDistance, Hits hits, final Cancel cancel) {
        return fill(
                "pairs",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        int slot = cancel == null ? 0 : cancel.resource.guard.enter("pairs");
                        try {
                            long stop = cancel == null ? 0 : cancel.resource.pointer;
                            return Native.indexPairs(pointer, maxDistance, stop, given, counts);
                        } finally {
                            if (cancel != null) {
                                cancel.resource.guard.exit(slot);
                            }
                        }
                    }
                });
    }

    /**
     * All pairs of an item of this index and one of another, in {@link Hits#other}, that are within a
     * Euclidean distance of each other; at 0 those that touch.
     *
     * @param cancel stops the call when it is fired; may be null
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} if they have not the same number of axes
     */
    public final Hits join(Index other, final double maxDistance, Hits hits, final Cancel cancel) {
        final Resource second = other.resource;
        return fill(
                "join",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        int inner = second.guard.enter("join");
                        try {
                            return joined(second, maxDistance, cancel, given, counts);
                        } finally {
                            second.guard.exit(inner);
                        }
                    }
                });
    }

    private long joined(
            Resource second, double maxDistance, Cancel cancel, long given, long[] counts) {
        int slot = cancel == null ? 0 : cancel.resource.guard.enter("join");
        try {
            long stop = cancel == null ? 0 : cancel.resource.pointer;
            return Native.indexJoin(pointer, second.pointer, maxDistance, stop, given, counts);
        } finally {
            if (cancel != null) {
                cancel.resource.guard.exit(slot);
            }
        }
    }

    /**
     * The payloads of the first {@code n} of some items, such as the {@link Hits#ids} of an answer:
     * one row for each. If the index has no payloads each has no bytes.
     */
    public final Hits payloads(final int[] ids, final int n, Hits hits) {
        Check.first(n, ids.length, "ids");
        return fill(
                "payloads",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.indexPayloads(pointer, n, ids, given, counts);
                    }
                });
    }

    /**
     * How many items share a point with windows, and what their values and masks come to. What
     * lies wholly inside of a window is not looked at.
     *
     * @param max null: the windows are points
     * @throws SpatioException {@link Status#UNSUPPORTED} if the index has neither
     */
    public final Aggregates aggregate(double[] min, double[] max) {
        Aggregates found = new Aggregates(boxes(min, max));
        int slot = guard.enter("aggregate");
        try {
            Native.indexAggregate(
                    pointer,
                    found.size(),
                    min.length,
                    min,
                    max,
                    found.counts,
                    found.sums,
                    found.least,
                    found.greatest,
                    found.masks);
        } finally {
            guard.exit(slot);
        }
        return found;
    }
}
