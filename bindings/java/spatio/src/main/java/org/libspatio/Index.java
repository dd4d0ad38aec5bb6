package org.libspatio;

/**
 * A packed index: boxes, or points, of two, three or four axes that do not change, such as towns,
 * roads and walls. It stands apart from any database, is built once and then asked by any number of
 * threads. The ids of its items are their places in what it was built from, counted from 0.
 *
 * <pre>{@code
 * try (Index towns = Index.open("towns.idx")) {
 *     Hits hits = new Hits();
 *     towns.search(new double[] {5, 45}, new double[] {15, 55}, hits);
 *     for (int row = 0; row < hits.size(); row++) {
 *         draw(hits.id(row));
 *     }
 * }
 * }</pre>
 */
public final class Index extends IndexNearness implements AutoCloseable {
    private Index(long pointer) {
        super(pointer);
        resource.watch(this);
    }

    /** Builds an index in memory, with the library's defaults. */
    public static Index build(IndexItems items) {
        return build(items, new IndexOptions());
    }

    /**
     * Builds an index in memory, of copies.
     *
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} for a NaN or a box whose min is above its
     *     max; its row is the box that was refused
     */
    public static Index build(IndexItems items, IndexOptions options) {
        long[] offsets = new long[items.rows + 1];
        byte[] payloads = items.payloads == null ? null : Utf8.join(items.payloads, offsets);
        return new Index(
                Native.indexBuild(
                        items.dims,
                        items.min.length,
                        items.rows,
                        items.min,
                        items.max,
                        payloads == null ? null : offsets,
                        payloads,
                        items.values,
                        items.masks,
                        items.metadata.words(),
                        options.set,
                        options.values));
    }

    /**
     * Builds an index of triangles in memory, for {@link #raycastTriangles}. Its items are their
     * boxes, which answer each other question.
     *
     * @param dims axes of the corners: 2 or 3
     * @param corners three corners for each triangle, as many numbers for each as there are axes
     * @param metadata what it says about itself; may be null
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} for a corner that is not finite; its row
     *     is the triangle that was refused
     */
    public static Index buildTriangles(
            int dims, double[] corners, IndexMetadata metadata, IndexOptions options) {
        // The library says what is wrong with a number of axes that there is not.
        int rows = dims <= 0 ? 0 : Check.points(corners, 3 * dims, "corners");
        IndexMetadata said = metadata == null ? new IndexMetadata(null, null, null) : metadata;
        return new Index(
                Native.indexBuildTriangles(
                        dims,
                        corners.length,
                        rows,
                        corners,
                        said.words(),
                        options.set,
                        options.values));
    }

    /**
     * Builds an index into a file. The file is written under another name beside it, made durable and
     * then renamed: one that was there is replaced as a whole, and an index that has it open keeps
     * what it had.
     *
     * @return the length of the file in bytes
     */
    public static long write(String path, IndexItems items, IndexOptions options) {
        long[] offsets = new long[items.rows + 1];
        byte[] payloads = items.payloads == null ? null : Utf8.join(items.payloads, offsets);
        return Native.indexWrite(
                Paths.bytes(path, "path"),
                items.dims,
                items.min.length,
                items.rows,
                items.min,
                items.max,
                payloads == null ? null : offsets,
                payloads,
                items.values,
                items.masks,
                items.metadata.words(),
                options.set,
                options.values);
    }

    /**
     * Opens the file of an index, made by {@link #write} or by another program that writes the format
     * PSINDEX. The file is mapped: opening costs the same for any number of items. It must not be
     * changed in place while it is open, but may be removed or replaced.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if there is none, {@link Status#CORRUPT} if it
     *     is no index; what is damaged further in is found by the question that comes upon it, or by
     *     {@link #verify}
     */
    public static Index open(String path) {
        return new Index(Native.indexOpen(Paths.bytes(path, "path")));
    }

    /** Opens an index from the bytes of its file, which are copied. */
    public static Index openBytes(byte[] bytes) {
        if (bytes == null) {
            throw new NullPointerException("bytes is null");
        }
        return new Index(Native.indexOpenBytes(bytes));
    }

    /** A copy of its bytes, which are those of its file: to be kept or sent. */
    public byte[] bytes() {
        int slot = guard.enter("bytes");
        try {
            return Native.indexBytes(pointer);
        } finally {
            guard.exit(slot);
        }
    }

    /** What it is, and the box of all its items. */
    public IndexInfo info() {
        int slot = guard.enter("info");
        try {
            return info(pointer);
        } finally {
            guard.exit(slot);
        }
    }

    /** What it says about itself in words. */
    public IndexMetadata metadata() {
        byte[][] words = new byte[3][];
        int slot = guard.enter("metadata");
        try {
            Native.indexMetadata(pointer, words);
        } finally {
            guard.exit(slot);
        }
        return IndexMetadata.of(words);
    }

    /**
     * Looks through all of it: checksums, the structure of its trees, payloads, words. It reads the
     * whole file.
     *
     * @throws SpatioException {@link Status#CORRUPT} if something is not what was written
     */
    public void verify() {
        int slot = guard.enter("verify");
        try {
            Native.indexVerify(pointer);
        } finally {
            guard.exit(slot);
        }
    }

    /** The payload of an item; null if the index has no payloads. */
    public byte[] payload(int id) {
        int slot = guard.enter("payload");
        try {
            return Native.indexPayload(pointer, id);
        } finally {
            guard.exit(slot);
        }
    }

    /**
     * The boxes of the first {@code n} of some items, as they are stored: exact, or with coordinates
     * of 32 bits a little larger.
     */
    public Boxes boxes(int[] ids, int n) {
        Check.first(n, ids.length, "ids");
        int numbers = Math.multiplyExact(n, dims);
        Boxes boxes = new Boxes(numbers);
        int slot = guard.enter("boxes");
        try {
            Native.indexBoxes(pointer, n, numbers, ids, boxes.min, boxes.max);
        } finally {
            guard.exit(slot);
        }
        return boxes;
    }

    /** Frees it, after the calls that use it have ended; its file stays. Nothing the second time. */
    @Override
    public void close() {
        resource.close();
    }
}
