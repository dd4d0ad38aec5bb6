package org.libspatio;

/** What is asked of an index about regions, about nearness, and about triangles. */
abstract class IndexNearness extends IndexQueries {
    IndexNearness(long pointer) {
        super(pointer);
    }

    /**
     * The items that share a point with a region, in no promised order.
     *
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} for a region of other axes
     */
    public final Hits searchRegion(Region region, Hits hits) {
        final Resource shape = region.resource;
        return fill(
                "searchRegion",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        int slot = shape.guard.enter("searchRegion");
                        try {
                            return Native.indexSearchRegion(pointer, shape.pointer, given, counts);
                        } finally {
                            shape.guard.exit(slot);
                        }
                    }
                });
    }

    /** How many items share a point with a region. What lies wholly inside is not looked at. */
    public final long countRegion(Region region) {
        int slot = guard.enter("countRegion");
        try {
            int inner = region.resource.guard.enter("countRegion");
            try {
                return Native.indexCountRegion(pointer, region.resource.pointer);
            } finally {
                region.resource.guard.exit(inner);
            }
        } finally {
            guard.exit(slot);
        }
    }

    /** Whether any item shares a point with a region. It ends at the first. */
    public final boolean anyRegion(Region region) {
        int slot = guard.enter("anyRegion");
        try {
            int inner = region.resource.guard.enter("anyRegion");
            try {
                return Native.indexAnyRegion(pointer, region.resource.pointer);
            } finally {
                region.resource.guard.exit(inner);
            }
        } finally {
            guard.exit(slot);
        }
    }

    /**
     * About how many items share a point with windows.
     *
     * @param max null: the windows are points
     * @param stopLevel 0: all three numbers are the true one; 1: items are not looked at; 2: nor are
     *     the lowest nodes, and so on
     */
    public final Estimates estimate(double[] min, double[] max, int stopLevel) {
        Estimates found = new Estimates(boxes(min, max));
        int level = Check.rows(stopLevel, "stopLevel");
        int slot = guard.enter("estimate");
        try {
            Native.indexEstimate(
                    pointer,
                    found.size(),
                    min.length,
                    min,
                    max,
                    level,
                    found.lower,
                    found.upper,
                    found.guesses);
        } finally {
            guard.exit(slot);
        }
        return found;
    }

    /**
     * The items of this index that no item of another is within a Euclidean distance of, in no
     * promised order; at 0 those that none touches.
     *
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} if they have not the same number of axes
     */
    public final Hits antiJoin(Index other, double maxDistance, Hits hits) {
        return antiJoin(other, maxDistance, hits, null);
    }

    /**
     * The same.
     *
     * @param cancel stops the call when it is fired; may be null
     */
    public final Hits antiJoin(
            Index other, final double maxDistance, Hits hits, final Cancel cancel) {
        final Resource second = other.resource;
        return fill(
                "antiJoin",
                hits,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        int inner = second.guard.enter("antiJoin");
                        try {
                            return alone(second, maxDistance, cancel, given, counts);
                        } finally {
                            second.guard.exit(inner);
                        }
                    }
                });
    }

    private long alone(
            Resource second, double maxDistance, Cancel cancel, long given, long[] counts) {
        int slot = enter(cancel, "antiJoin");
        try {
            long stop = pointer(cancel);
            return Native.indexAntiJoin(pointer, second.pointer, maxDistance, stop, given, counts);
        } finally {
            exit(cancel, slot);
        }
    }

    private static int enter(Cancel cancel, String operation) {
        return cancel == null ? 0 : cancel.resource.guard.enter(operation);
    }

    private static long pointer(Cancel cancel) {
        return cancel == null ? 0 : cancel.resource.pointer;
    }

    private static void exit(Cancel cancel, int slot) {
        if (cancel != null) {
            cancel.resource.guard.exit(slot);
        }
    }

    /** The two items that are closest to each other; null if there are less than two. */
    public final ClosestPair closestPair() {
        return closest(0, null);
    }

    /**
     * The item of this index and the one of another that are closest to each other; null if either
     * has none. Of several pairs that are equally close it is any one.
     */
    public final ClosestPair closestPair(Index other) {
        int slot = other.guard.enter("closestPair");
        try {
            return closest(other.pointer, null);
        } finally {
            other.guard.exit(slot);
        }
    }

    /**
     * The same.
     *
     * @param other null: both items are of this index
     * @param cancel stops the call when it is fired; may be null
     */
    public final ClosestPair closestPair(Index other, Cancel cancel) {
        if (other == null) {
            return closest(0, cancel);
        }
        int slot = other.guard.enter("closestPair");
        try {
            return closest(other.pointer, cancel);
        } finally {
            other.guard.exit(slot);
        }
    }

    private ClosestPair closest(long other, Cancel cancel) {
        int[] ids = new int[2];
        double[] distance = new double[1];
        int inner = guard.enter("closestPair");
        try {
            int slot = enter(cancel, "closestPair");
            try {
                Native.indexClosestPair(pointer, other, pointer(cancel), ids, distance);
            } finally {
                exit(cancel, slot);
            }
        } finally {
            guard.exit(inner);
        }
        return ids[0] == Hits.NO_ITEM ? null : new ClosestPair(ids[0], ids[1], distance[0]);
    }

    /**
     * Which items hang together, from one to the next within a Euclidean distance; at 0 by touching.
     *
     * @return for each item, by id, the smallest id that it hangs together with; its own if it is alone
     */
    public final int[] components(double maxDistance) {
        return components(maxDistance, null);
    }

    /**
     * The same.
     *
     * @param cancel stops the call when it is fired; may be null
     */
    public final int[] components(double maxDistance, Cancel cancel) {
        int inner = guard.enter("components");
        try {
            int[] labels = new int[Check.array(info(pointer).items(), "items")];
            int slot = enter(cancel, "components");
            try {
                Native.indexComponents(
                        pointer, maxDistance, pointer(cancel), labels.length, labels);
            } finally {
                exit(cancel, slot);
            }
            return labels;
        } finally {
            guard.exit(inner);
        }
    }

    /**
     * The triangle that each ray meets first, exactly, of several the one with the smallest id: one
     * row for each ray. Where it meets none the item is {@link Hits#NO_ITEM} and the distance NaN. A
     * triangle is filled and met from either side.
     *
     * @throws SpatioException {@link Status#UNSUPPORTED} if the items are no triangles
     */
    public final Hits raycastTriangles(
            double[] origin, double[] direction, double[] maxT, Hits hits) {
        int n = rays(origin, direction, maxT);
        hits.clear();
        int slot = guard.enter("raycastTriangles");
        try {
            hits.oneForEach(n);
            Native.indexRaycastTriangles(
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
}
