package org.libspatio;

/**
 * A pack: the objects of a namespace as they were when {@link Namespace#freeze} wrote them into a
 * file. It answers the queries that the namespace answered then, and never changes; any number of
 * threads may ask one. Its handles are its own: places in the order of ids, from 0.
 *
 * <pre>{@code
 * buses.freeze("buses.psindex");
 * try (Pack pack = Pack.open("buses.psindex")) {
 *     Rows near = pack.query(Query.circle(500).at(13.4050, 52.5200).withIds());
 * }
 * }</pre>
 */
public final class Pack extends Queries implements AutoCloseable {
    private static final class Handle extends Resource {
        final ResultPool results = new ResultPool();

        Handle(long pointer) {
            super("Pack", pointer, 16);
        }

        @Override
        void free() {
            results.close();
            Native.packFree(pointer);
        }
    }

    private Pack(Handle handle) {
        super(handle, handle.results);
        resource.watch(this);
    }

    /**
     * Opens a file that {@link Namespace#freeze} wrote. It is mapped: opening costs the same for any
     * number of objects. It must not be changed in place while it is open, but may be removed or
     * replaced.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if there is none, {@link Status#CORRUPT} if it
     *     is no pack, {@link Status#UNSUPPORTED} if it holds fences; what is damaged further in is
     *     found by the question that comes upon it, or by {@link #verify}
     */
    public static Pack open(String path) {
        return new Pack(new Handle(Native.packOpen(Paths.bytes(path, "path"))));
    }

    /** Opens a pack from the bytes of its file, which are copied. */
    public static Pack openBytes(byte[] bytes) {
        if (bytes == null) {
            throw new NullPointerException("bytes is null");
        }
        return new Pack(new Handle(Native.packOpenBytes(bytes)));
    }

    @Override
    long ask(QueryColumns asked, long cancel, long given, long[] counts) {
        return Native.packQuery(
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
    int askInto(Query query, DirectRows rows) {
        return Native.packQueryInto(
                pointer,
                query.ints,
                query.longs,
                query.numbers,
                query.prefix,
                rows.columns,
                rows.capacity());
    }

    /** What it is. */
    public PackInfo info() {
        long[] numbers = new long[PackInfo.NUMBERS];
        int slot = guard.enter("info");
        try {
            Native.packInfo(pointer, numbers);
        } finally {
            guard.exit(slot);
        }
        return new PackInfo(numbers);
    }

    /**
     * Looks through all of it: checksums, the tree, the order of ids. It reads the whole file.
     *
     * @throws SpatioException {@link Status#CORRUPT} if something is not what was written
     */
    public void verify() {
        int slot = guard.enter("verify");
        try {
            Native.packVerify(pointer);
        } finally {
            guard.exit(slot);
        }
    }

    /** An object; null if it is not here. */
    public ObjectState get(String id) {
        byte[] name = Utf8.bytes(id, "id");
        long[] numbers = new long[ObjectState.NUMBERS];
        int slot = guard.enter("get");
        try {
            return Native.packGet(pointer, name, numbers) ? new ObjectState(numbers) : null;
        } finally {
            guard.exit(slot);
        }
    }

    /**
     * The id of a handle.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if the pack has no such handle
     */
    @Override
    public String id(long handle) {
        int slot = guard.enter("id");
        try {
            return Utf8.text(Native.packId(pointer, handle));
        } finally {
            guard.exit(slot);
        }
    }

    /**
     * A copy of the payload of an object; null if it has none.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if the pack has no such handle
     */
    public byte[] payload(long handle) {
        int slot = guard.enter("payload");
        try {
            return Native.packPayload(pointer, handle);
        } finally {
            guard.exit(slot);
        }
    }

    /** Frees it, after the calls that use it have ended; its file stays. Nothing the second time. */
    @Override
    public void close() {
        resource.close();
    }
}
