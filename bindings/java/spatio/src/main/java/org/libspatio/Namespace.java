package org.libspatio;

import java.util.OptionalLong;

/**
 * A namespace of an open database: objects that share a space and settings.
 *
 * <p>Any number of threads may use one. It need not be closed: its {@link Database} does that, too.
 */
public final class Namespace extends NamespaceQueries implements AutoCloseable {
    /** The event time that stands for now. */
    public static final long NOW = Long.MIN_VALUE;

    Namespace(Database database, Engine.Space resource) {
        super(database, resource);
        resource.watch(this);
    }

    /** What it was made with. */
    public NamespaceSettings settings() {
        long[] values = new long[3];
        int slot = guard.enter("settings");
        try {
            Native.settings(pointer, values);
        } finally {
            guard.exit(slot);
        }
        return new NamespaceSettings(values);
    }

    /** How many objects are here, those that expired left out. */
    public long count() {
        int slot = guard.enter("count");
        try {
            return Native.count(pointer);
        } finally {
            guard.exit(slot);
        }
    }

    /** Says where an object is now. An object that is new is made. */
    public Outcome upsert(String id, double x, double y) {
        return upsert(id, x, y, 0);
    }

    /** The same with an altitude in metres, or z. */
    public Outcome upsert(String id, double x, double y, double z) {
        byte[] name = Utf8.bytes(id, "id");
        int slot = guard.enter("upsert");
        try {
            return Outcome.of(Native.upsert(pointer, name, x, y, z, NOW, null, 0, null));
        } finally {
            guard.exit(slot);
        }
    }

    /** The same with an event time, a payload or a time to live. */
    public Outcome upsert(String id, double x, double y, double z, Update with) {
        byte[] name = Utf8.bytes(id, "id");
        int slot = guard.enter("upsert");
        try {
            return Outcome.of(
                    Native.upsert(
                            pointer, name, x, y, z, with.timeUs, with.payload, with.ttlUs, with.handle));
        } finally {
            guard.exit(slot);
        }
    }

    /**
     * Says where many objects are, by id. The rows are checked before the first is written, and take
     * effect in their order.
     */
    public BatchOutcome upsert(Upserts rows) {
        int n = rows.ids.length;
        long[] offsets = new long[n + 1];
        byte[] ids = Utf8.join(rows.ids, offsets, "ids");
        long[] payloadOffsets = rows.payloads == null ? null : new long[n + 1];
        byte[] payloads = rows.payloads == null ? null : Utf8.join(rows.payloads, payloadOffsets);
        long[] outcome = new long[2];
        int slot = guard.enter("upsert");
        try {
            Native.upsertBatch(
                    pointer,
                    n,
                    offsets,
                    ids,
                    rows.x,
                    rows.y,
                    rows.z,
                    rows.timeUs,
                    payloadOffsets,
                    payloads,
                    rows.ttlUs,
                    rows.handles,
                    outcome);
        } finally {
            guard.exit(slot);
        }
        return new BatchOutcome(outcome);
    }

    /**
     * Writes the rows of an Arrow struct array (Arrow C data interface): column id or handle; x or
     * lon, y or lat; and perhaps z or alt, time, payload.
     *
     * @param schemaAddress its ArrowSchema, which stays the caller's
     * @param arrayAddress its ArrowArray, likewise
     */
    public BatchOutcome upsertArrow(long schemaAddress, long arrayAddress) {
        long[] outcome = new long[2];
        int slot = guard.enter("upsertArrow");
        try {
            Native.upsertArrow(pointer, schemaAddress, arrayAddress, outcome);
        } finally {
            guard.exit(slot);
        }
        return new BatchOutcome(outcome);
    }

    /** Moves an object whose handle is known, now. */
    public Outcome move(long handle, double x, double y, double z) {
        return move(handle, x, y, z, NOW);
    }

    /** The same with its event time: the quickest single call. */
    public Outcome move(long handle, double x, double y, double z, long timeUs) {
        int slot = guard.enter("move");
        try {
            return Outcome.of(Native.move(pointer, handle, x, y, z, timeUs));
        } finally {
            guard.exit(slot);
        }
    }

    /**
     * Moves many objects. The rows are checked before the first is written, and take effect in their
     * order.
     *
     * @param z null: all 0
     * @param timeUs null: all now
     */
    public BatchOutcome move(long[] handles, double[] x, double[] y, double[] z, long[] timeUs) {
        int n = handles.length;
        Check.length(x.length, n, "x");
        Check.length(y.length, n, "y");
        Check.length(z == null ? n : z.length, n, "z");
        Check.length(timeUs == null ? n : timeUs.length, n, "timeUs");
        long[] outcome = new long[2];
        int slot = guard.enter("move");
        try {
            Native.moveBatch(pointer, n, handles, x, y, z, timeUs, outcome);
        } finally {
            guard.exit(slot);
        }
        return new BatchOutcome(outcome);
    }

    /** The same out of columns outside of Java's heap: nothing is copied. */
    public BatchOutcome move(MoveBatch moves) {
        long[] outcome = new long[2];
        int slot = guard.enter("move");
        try {
            Native.moveDirect(
                    pointer,
                    moves.size(),
                    moves.columns,
                    moves.capacity(),
                    moves.hasTimes(),
                    outcome);
        } finally {
            guard.exit(slot);
        }
        return new BatchOutcome(outcome);
    }

    /**
     * Adds past positions to an object's track, in any order. The newest becomes its present state,
     * unless that is newer still.
     *
     * @param z null: all 0
     * @return how many there were
     */
    public long insertTrajectory(String id, long[] timeUs, double[] x, double[] y, double[] z) {
        byte[] name = Utf8.bytes(id, "id");
        int n = timeUs.length;
        Check.length(x.length, n, "x");
        Check.length(y.length, n, "y");
        Check.length(z == null ? n : z.length, n, "z");
        int slot = guard.enter("insertTrajectory");
        try {
            return Native.insertTrajectory(pointer, name, n, timeUs, x, y, z);
        } finally {
            guard.exit(slot);
        }
    }

    /** Removes an object; whether it was here. Its track stays. */
    public boolean delete(String id) {
        byte[] name = Utf8.bytes(id, "id");
        int slot = guard.enter("delete");
        try {
            return Native.delete(pointer, name);
        } finally {
            guard.exit(slot);
        }
    }

    /** Removes many objects; how many of them were here. */
    public long delete(long[] handles) {
        int slot = guard.enter("delete");
        try {
            return Native.deleteBatch(pointer, handles.length, handles);
        } finally {
            guard.exit(slot);
        }
    }

    /** The present state of an object; null if it is not here, was deleted or has expired. */
    public ObjectState get(String id) {
        byte[] name = Utf8.bytes(id, "id");
        long[] numbers = new long[ObjectState.NUMBERS];
        int slot = guard.enter("get");
        try {
            return Native.get(pointer, name, numbers) ? new ObjectState(numbers) : null;
        } finally {
            guard.exit(slot);
        }
    }

    /**
     * The same by handle.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if it is not here, or the handle was not given
     *     out
     */
    public ObjectState get(long handle) {
        long[] numbers = new long[ObjectState.NUMBERS];
        int slot = guard.enter("get");
        try {
            Native.getByHandle(pointer, handle, numbers);
            return new ObjectState(numbers);
        } finally {
            guard.exit(slot);
        }
    }

    /** The payload of an object; without bytes if it has none. */
    public byte[] payload(long handle) {
        int slot = guard.enter("payload");
        try {
            return Native.payload(pointer, handle);
        } finally {
            guard.exit(slot);
        }
    }

    /** The present state of many objects. */
    public Positions get(long[] handles) {
        Positions here = new Positions(handles.length, true);
        int slot = guard.enter("get");
        try {
            Native.getBatch(
                    pointer,
                    handles.length,
                    handles,
                    here.x,
                    here.y,
                    here.z,
                    here.timeUs,
                    here.found);
        } finally {
            guard.exit(slot);
        }
        return here;
    }

    /**
     * The handle of an id: a number that stands for the object in the fast calls. It is given when an
     * id is first seen, or by this call, and lasts as long as the database exists.
     */
    public long intern(String id) {
        byte[] name = Utf8.bytes(id, "id");
        int slot = guard.enter("intern");
        try {
            return Native.intern(pointer, name);
        } finally {
            guard.exit(slot);
        }
    }

    /** The handles of many ids. */
    public long[] intern(String[] ids) {
        long[] offsets = new long[ids.length + 1];
        byte[] names = Utf8.join(ids, offsets, "ids");
        long[] handles = new long[ids.length];
        int slot = guard.enter("intern");
        try {
            Native.internBatch(pointer, ids.length, offsets, names, handles);
        } finally {
            guard.exit(slot);
        }
        return handles;
    }

    /** The handle of an id that was seen before, without giving one. */
    public OptionalLong findHandle(String id) {
        byte[] name = Utf8.bytes(id, "id");
        long[] handle = new long[1];
        int slot = guard.enter("findHandle");
        try {
            boolean found = Native.findHandle(pointer, name, handle);
            return found ? OptionalLong.of(handle[0]) : OptionalLong.empty();
        } finally {
            guard.exit(slot);
        }
    }

    @Override
    public String id(long handle) {
        int slot = guard.enter("id");
        try {
            return Utf8.text(Native.id(pointer, handle));
        } finally {
            guard.exit(slot);
        }
    }

    /** The ids of many handles. */
    public String[] ids(final long[] handles) {
        Rows rows =
                fill(
                        "ids",
                        new Rows(),
                        new Ask() {
                            @Override
                            public long run(long given, long[] counts) {
                                return Native.ids(pointer, handles.length, handles, given, counts);
                            }
                        });
        String[] ids = new String[rows.size()];
        for (int row = 0; row < ids.length; row++) {
            ids[row] = rows.id(row);
        }
        return ids;
    }

    /** Freezes it with the library's defaults. */
    public Frozen freeze(String path) {
        return freeze(path, new FreezeOptions());
    }

    /**
     * Writes all live objects, with ids, positions, times and payloads, into a file for {@link
     * Pack#open}. It appears under its name whole and durable, or not at all, replacing what was
     * there; a pack that has the former one open keeps it. Writers go on meanwhile: each object is as
     * one update left it.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} without the folder
     */
    public Frozen freeze(String path, FreezeOptions options) {
        byte[] name = Paths.bytes(path, "path");
        long[] written = new long[2];
        int slot = guard.enter("freeze");
        try {
            Native.freeze(pointer, name, options.set, options.values, written);
        } finally {
            guard.exit(slot);
        }
        return new Frozen(written);
    }

    /** Frees the handle, after the calls that use it have ended. The namespace itself stays. */
    @Override
    public void close() {
        resource.close();
    }
}
