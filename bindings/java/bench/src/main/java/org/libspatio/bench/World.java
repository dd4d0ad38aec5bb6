package org.libspatio.bench;

import org.libspatio.Cancel;
import org.libspatio.Database;
import org.libspatio.DirectRows;
import org.libspatio.MoveBatch;
import org.libspatio.Namespace;
import org.libspatio.NamespaceOptions;
import org.libspatio.Query;
import org.libspatio.Rows;
import org.libspatio.Upserts;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The same calls on the same world as bench/ffi.c: 100,000 objects on a grid, in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(java.util.concurrent.TimeUnit.NANOSECONDS)
public class World {
    static final int SIDE = 320;
    static final int OBJECTS = 100_000;
    static final int ROWS = 1000;

    private Database db;
    private Namespace ns;
    private long[] handles;
    private final double[] x = new double[ROWS];
    private final double[] y = new double[ROWS];
    private final double[] z = new double[ROWS];
    private final long[] who = new long[ROWS];
    private final MoveBatch moves = new MoveBatch(ROWS);
    private final Rows rows = new Rows();
    private final DirectRows direct = new DirectRows(ROWS);
    private final Query query = Query.box(99.9, 99.9, 139.5, 124.5);
    private Cancel cancel;
    private double shift;

    @Setup
    public void fill() {
        cancel = new Cancel();
        db = Database.memory();
        ns = db.createNamespace("bench", NamespaceOptions.cartesian());
        String[] ids = new String[OBJECTS];
        double[] atX = new double[OBJECTS];
        double[] atY = new double[OBJECTS];
        for (int i = 0; i < OBJECTS; i++) {
            ids[i] = "o" + i;
            atX[i] = i % SIDE;
            atY[i] = i / SIDE;
        }
        ns.upsert(new Upserts(ids, atX, atY));
        handles = ns.intern(ids);
        for (int row = 0; row < ROWS; row++) {
            int i = row * 97 % OBJECTS;
            who[row] = handles[i];
            x[row] = atX[i];
            y[row] = atY[i];
        }
    }

    @TearDown
    public void close() {
        cancel.close();
        db.close();
    }

    /** The least that a call can do, with all that makes it safe: what is measured is the call. */
    @Benchmark
    public void scalar() {
        cancel.reset();
    }

    /** The quickest call that does something. */
    @Benchmark
    public Object move() {
        shift = 0.25 - shift;
        return ns.move(handles[0], shift, shift, 0);
    }

    /** A batch of 1,000, written to its buffers and moved; divide by 1,000. */
    @Benchmark
    public Object moveBatch() {
        shift = 0.25 - shift;
        moves.clear();
        for (int row = 0; row < ROWS; row++) {
            moves.add(who[row], x[row] + shift, y[row], 0);
        }
        return ns.move(moves);
    }

    /** The same by arrays. */
    @Benchmark
    public Object moveArrays() {
        shift = 0.25 - shift;
        for (int row = 0; row < ROWS; row++) {
            x[row] += shift - 0.125;
        }
        return ns.move(who, x, y, z, null);
    }

    /** 1,000 rows into columns of Java. */
    @Benchmark
    public Object queryRows() {
        return ns.query(query, rows, null);
    }

    /** The same into buffers. */
    @Benchmark
    public int queryDirect() {
        return ns.queryInto(query, direct);
    }
}
