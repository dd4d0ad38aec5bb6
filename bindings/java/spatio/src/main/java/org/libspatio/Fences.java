package org.libspatio;

/**
 * Fences: polygons with ids that do not change, in memory or in a file. They are asked which of them
 * contain points or meet boxes, borders included, any number in one call; any number of threads may
 * ask them. Their handles are places in the order of ids, from 0.
 *
 * <pre>{@code
 * FoundFences found = new FoundFences();
 * zones.containing(lon, lat, found);
 * for (int van = 0; van < found.queries(); van++) {
 *     for (int row = found.start(van); row < found.end(van); row++) {
 *         enter(van, found.handle(row));
 *     }
 * }
 * }</pre>
 */
public final class Fences extends RowSource implements AutoCloseable {
    private static final class Handle extends Resource {
        final ResultPool results = new ResultPool();

        Handle(long pointer) {
            super("Fences", pointer, 16);
        }

        @Override
        void free() {
            results.close();
            Native.fencesFree(pointer);
        }
    }

    private Fences(long pointer) {
        this(new Handle(pointer));
    }

    private Fences(Handle handle) {
        super(handle, handle.results);
        resource.watch(this);
    }

    /**
     * Builds fences in memory, of copies.
     *
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} if an id is empty or there twice, {@link
     *     Status#OUT_OF_RANGE} if a polygon leaves the globe; its row is the fence that was refused
     */
    public static Fences build(FenceItems items) {
        FenceItems.Columns of = items.columns();
        of.enter("build");
        try {
            return new Fences(
                    Native.fencesBuild(
                            items.space,
                            of.size(),
                            of.idOffsets,
                            of.ids,
                            of.pointers,
                            of.payloadOffsets,
                            of.payloads));
        } finally {
            of.exit();
        }
    }

    /**
     * Builds fences into a file, which appears under its name whole and durable, or not at all,
     * replacing what was there.
     *
     * @return the length of the file in bytes
     */
    public static long write(String path, FenceItems items, FreezeOptions options) {
        byte[] name = Paths.bytes(path, "path");
        FenceItems.Columns of = items.columns();
        of.enter("write");
        try {
            return Native.fencesWrite(
                    name,
                    items.space,
                    of.size(),
                    of.idOffsets,
                    of.ids,
                    of.pointers,
                    of.payloadOffsets,
                    of.payloads,
                    options.set,
                    options.values);
        } finally {
            of.exit();
        }
    }

    /**
     * Opens a file that {@link #write} wrote. It is mapped: it must not be changed in place while it
     * is open, but may be removed or replaced.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if there is none, {@link Status#CORRUPT} if it
     *     holds no fences, {@link Status#UNSUPPORTED} if it is a pack; what is damaged further in is
     *     found by the question that comes upon it, or by {@link #verify}
     */
    public static Fences open(String path) {
        return new Fences(Native.fencesOpen(Paths.bytes(path, "path")));
    }

    /** Opens fences from the bytes of their file, which are copied. */
    public static Fences openBytes(byte[] bytes) {
        if (bytes == null) {
            throw new NullPointerException("bytes is null");
        }
        return new Fences(Native.fencesOpenBytes(bytes));
    }

    /** What they are. */
    public FencesInfo info() {
        long[] numbers = new long[FencesInfo.NUMBERS];
        int slot = guard.enter("info");
        try {
            Native.fencesInfo(pointer, numbers);
        } finally {
            guard.exit(slot);
        }
        return new FencesInfo(numbers);
    }

    /**
     * Looks through all of them: checksums, the tree, the order of ids, every ring.
     *
     * @throws SpatioException {@link Status#CORRUPT} if something is not what was written
     */
    public void verify() {
        int slot = guard.enter("verify");
        try {
            Native.fencesVerify(pointer);
        } finally {
            guard.exit(slot);
        }
    }

    /** The fences that contain a point. */
    public Fence[] containing(double x, double y) {
        FoundFences found = new FoundFences().withIds().withPayloads();
        containing(new double[] {x}, new double[] {y}, found);
        Fence[] fences = new Fence[found.size()];
        for (int row = 0; row < fences.length; row++) {
            fences[row] = new Fence(found.handle(row), found.id(row), found.payload(row));
        }
        return fences;
    }

    /**
     * The fences that contain points, in the order of their ids.
     *
     * @param x longitudes in degrees, or x
     * @param y latitudes in degrees, or y
     * @return {@code found}
     * @throws SpatioException {@link Status#OUT_OF_RANGE} for a point that is none, {@link
     *     Status#CORRUPT} for what is damaged on the way; its row is the point
     */
    public FoundFences containing(final double[] x, final double[] y, FoundFences found) {
        final int n = x.length;
        final int flags = found.flags;
        Check.length(y.length, n, "y");
        return fill(
                "containing",
                found,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.fencesContaining(pointer, n, x, y, flags, given, counts);
                    }
                });
    }

    /**
     * The fences that share a point with boxes, in the order of their ids. {@code minX} above {@code
     * maxX} crosses the antimeridian.
     *
     * @return {@code found}
     * @throws SpatioException as of {@link #containing(double[], double[], FoundFences)}; its row is
     *     the box
     */
    public FoundFences intersecting(
            final double[] minX,
            final double[] minY,
            final double[] maxX,
            final double[] maxY,
            FoundFences found) {
        final int n = minX.length;
        final int flags = found.flags;
        Check.length(minY.length, n, "minY");
        Check.length(maxX.length, n, "maxX");
        Check.length(maxY.length, n, "maxY");
        return fill(
                "intersecting",
                found,
                new Ask() {
                    @Override
                    public long run(long given, long[] counts) {
                        return Native.fencesIntersecting(
                                pointer, n, minX, minY, maxX, maxY, flags, given, counts);
                    }
                });
    }

    /** The fence with an id; null if there is none. */
    public Fence get(String id) {
        byte[] name = Utf8.bytes(id, "id");
        long[] handle = new long[1];
        byte[][] texts = new byte[Fence.TEXTS][];
        int slot = guard.enter("get");
        try {
            boolean found = Native.fencesGet(pointer, name, handle, texts);
            return found ? new Fence(handle[0], texts) : null;
        } finally {
            guard.exit(slot);
        }
    }

    /**
     * The same by handle.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if they have no such handle
     */
    public Fence get(long handle) {
        byte[][] texts = new byte[Fence.TEXTS][];
        int slot = guard.enter("get");
        try {
            Native.fencesGetByHandle(pointer, handle, texts);
            return new Fence(handle, texts);
        } finally {
            guard.exit(slot);
        }
    }

    @Override
    public String id(long handle) {
        return get(handle).id();
    }

    /** Frees them, after the calls that use them have ended; a file stays. Nothing the second time. */
    @Override
    public void close() {
        resource.close();
    }
}
