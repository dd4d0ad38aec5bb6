package org.libspatio;

import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An open database: a directory, or memory. One process has a directory open for writing.
 *
 * <pre>{@code
 * try (Database db = Database.open("fleet.spatio")) {
 *     Namespace buses = db.createNamespace("buses");
 *     buses.upsert("bus:7", 13.4050, 52.5200);
 * }
 * }</pre>
 *
 * <p>Any number of threads may use one. {@link #close} writes everything down; it closes the
 * namespaces too.
 */
public final class Database implements AutoCloseable {
    final Engine engine;

    private Database(byte[] path, Options options) {
        LeakNet.sweep();
        boolean calls = options.log != null || options.clock != null;
        long callbacks = calls ? Native.callbacksNew(options.log, options.clock) : 0;
        long pointer = 0;
        try {
            pointer = Native.open(path, options.set, options.values, callbacks);
        } finally {
            if (pointer == 0) {
                Native.callbacksFree(callbacks);
            }
        }
        engine = new Engine(pointer, callbacks);
        engine.watch(this);
    }

    /** Opens the database in a directory, creating it if it is missing. */
    public static Database open(String directory) {
        return open(directory, new Options());
    }

    /** The same with options. */
    public static Database open(String directory, Options options) {
        return new Database(Paths.bytes(directory, "directory"), options);
    }

    /** The same; on Android, a folder below {@code Context.getFilesDir()}. */
    public static Database open(File directory, Options options) {
        return open(directory.getPath(), options);
    }

    /** Makes a database in memory. */
    public static Database memory() {
        return memory(new Options());
    }

    /** The same with options. */
    public static Database memory(Options options) {
        return new Database(null, options);
    }

    /**
     * Makes a geographic namespace, or opens the one of that name if its settings are the same.
     *
     * @throws SpatioException {@link Status#ALREADY_EXISTS} if there is one with other settings
     */
    public Namespace createNamespace(String name) {
        return createNamespace(name, NamespaceOptions.empty());
    }

    /** The same with options. */
    public Namespace createNamespace(String name, NamespaceOptions options) {
        byte[] bytes = Utf8.bytes(name, "name");
        int slot = engine.guard.enter("createNamespace");
        try {
            return namespace(
                    Native.namespaceCreate(engine.pointer, bytes, options.set, options.values));
        } finally {
            engine.guard.exit(slot);
        }
    }

    /**
     * Opens a namespace that exists.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if there is none of that name
     */
    public Namespace namespace(String name) {
        byte[] bytes = Utf8.bytes(name, "name");
        int slot = engine.guard.enter("namespace");
        try {
            return namespace(Native.namespaceOpen(engine.pointer, bytes));
        } finally {
            engine.guard.exit(slot);
        }
    }

    private Namespace namespace(long pointer) {
        return new Namespace(this, engine.new Space(pointer));
    }

    /** The names of all namespaces, in the order in which they were made. */
    public List<String> namespaces() {
        Rows rows = new Rows();
        int slot = engine.guard.enter("namespaces");
        try {
            long given = engine.results.take();
            long result = given;
            try {
                result = Native.namespaces(engine.pointer, given, rows.counts);
                rows.fill(result, null);
            } finally {
                engine.results.give(result, rows.size());
            }
        } finally {
            engine.guard.exit(slot);
        }
        List<String> names = new ArrayList<String>(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            names.add(rows.id(row));
        }
        return Collections.unmodifiableList(names);
    }

    /**
     * Hands what is buffered to the operating system, without waiting for the disk: it then survives
     * a crash of this program, but not of the machine.
     */
    public void flush() {
        int slot = engine.guard.enter("flush");
        try {
            Native.flush(engine.pointer);
        } finally {
            engine.guard.exit(slot);
        }
    }

    /** Returns once everything accepted so far is on disk. */
    public void sync() {
        int slot = engine.guard.enter("sync");
        try {
            Native.sync(engine.pointer);
        } finally {
            engine.guard.exit(slot);
        }
    }

    /** Writes a checkpoint, from which the next opening starts; returns once it is on disk. */
    public void checkpoint() {
        int slot = engine.guard.enter("checkpoint");
        try {
            Native.checkpoint(engine.pointer);
        } finally {
            engine.guard.exit(slot);
        }
    }

    /** Removes the objects that have expired, which are absent from every answer anyway; how many. */
    public long sweep() {
        int slot = engine.guard.enter("sweep");
        try {
            return Native.sweep(engine.pointer);
        } finally {
            engine.guard.exit(slot);
        }
    }

    /** Figures about the whole database. Costs a walk over all objects. */
    public Stats stats() {
        long[] numbers = new long[Stats.NUMBERS];
        int slot = engine.guard.enter("stats");
        try {
            Native.stats(engine.pointer, numbers);
        } finally {
            engine.guard.exit(slot);
        }
        return new Stats(numbers);
    }

    /** What opening this database found. */
    public Recovery recovery() {
        long[] numbers = new long[Recovery.NUMBERS];
        int slot = engine.guard.enter("recovery");
        try {
            Native.recovery(engine.pointer, numbers);
            return new Recovery(numbers, Utf8.text(Native.recoveryText(engine.pointer)));
        } finally {
            engine.guard.exit(slot);
        }
    }

    /**
     * Writes everything down and closes the database with its namespaces, after the calls that run
     * have ended. Does nothing the second time.
     *
     * @throws SpatioException if the last writes did not reach the disk; it is closed nevertheless
     */
    @Override
    public void close() {
        engine.close();
    }
}
