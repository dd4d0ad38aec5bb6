package org.libspatio.bench;

import org.libspatio.Database;
import org.libspatio.DirectRows;
import org.libspatio.History;
import org.libspatio.MoveBatch;
import org.libspatio.Namespace;
import org.libspatio.NamespaceOptions;
import org.libspatio.Query;
import org.libspatio.Rows;
import org.libspatio.Upserts;

/** The world of bindings/go/bench/crossing.h, and what is done in it, by way of Java. */
final class World implements AutoCloseable {
    static final int FOLLOWED = 1000;
    private static final int SIDE = 100;
    private static final int OBJECTS = 10_000;
    private static final int STRIDE = 97;
    private static final int APART = 10;
    private static final double STEP = 0.25;

    /** What was read last, so that nobody can leave out the reading. */
    static volatile double sum;

    private final Database db = Database.memory();
    private final Namespace ns;
    private final long[] handles = new long[FOLLOWED];
    /** Where the followed are: at home, and a step away. */
    private final double[][] x = new double[2][FOLLOWED];

    private final double[] y = new double[FOLLOWED];
    private final double[] z = new double[FOLLOWED];
    private final MoveBatch moves = new MoveBatch(FOLLOWED);
    private final Query box = Query.box(95, 95, 495, 345);
    private final Rows rows = new Rows();
    private final DirectRows direct = new DirectRows(FOLLOWED);
    private int turn;

    World() {
        NamespaceOptions options = NamespaceOptions.cartesian().history(History.OFF);
        ns = db.createNamespace("world", options);
        String[] ids = new String[OBJECTS];
        double[] atX = new double[OBJECTS];
        double[] atY = new double[OBJECTS];
        for (int i = 0; i < OBJECTS; i++) {
            ids[i] = "unit:" + i;
            atX[i] = i % SIDE * APART;
            atY[i] = i / SIDE * APART;
        }
        ns.upsert(new Upserts(ids, atX, atY));
        long[] all = ns.intern(ids);
        for (int i = 0; i < FOLLOWED; i++) {
            int at = i * STRIDE % OBJECTS;
            handles[i] = all[at];
            x[0][i] = atX[at];
            x[1][i] = atX[at] + STEP;
            y[i] = atY[at];
        }
    }

    @Override
    public void close() {
        db.close();
    }

    void get(int times) {
        for (int i = 0, at = 0; i < times; i++) {
            sum = ns.get(handles[at]).x();
            if (++at == FOLLOWED) {
                at = 0;
            }
        }
    }

    void move(int times) {
        for (int i = 0, at = 0; i < times; i++) {
            sum = ns.move(handles[at], x[turn][at], y[at], 0).ordinal();
            if (++at == FOLLOWED) {
                at = 0;
                turn ^= 1;
            }
        }
    }

    /** By arrays. */
    void moveArrays(int times) {
        for (int i = 0; i < times; i++) {
            sum = ns.move(handles, x[turn], y, z, null).applied();
            turn ^= 1;
        }
    }

    /** By buffers, which are written anew each time. */
    void moveDirect(int times) {
        for (int i = 0; i < times; i++) {
            moves.clear();
            for (int row = 0; row < FOLLOWED; row++) {
                moves.add(handles[row], x[turn][row], y[row], 0);
            }
            sum = ns.move(moves).applied();
            turn ^= 1;
        }
    }

    /** Into columns of Java. */
    void box(int times) {
        for (int i = 0; i < times; i++) {
            ns.query(box, rows, null);
            check(rows.size());
            sum = rows.x(FOLLOWED - 1) + rows.handle(0);
        }
    }

    /** Into buffers. */
    void boxDirect(int times) {
        for (int i = 0; i < times; i++) {
            check(ns.queryInto(box, direct));
            sum = direct.x(FOLLOWED - 1) + direct.handle(0);
        }
    }

    private static void check(int found) {
        if (found != FOLLOWED) {
            throw new IllegalStateException("there are " + found + " rows");
        }
    }
}
