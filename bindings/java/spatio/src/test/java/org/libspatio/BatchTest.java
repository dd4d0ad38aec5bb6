package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.BufferOverflowException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Columns in and columns out: every way does the same, sizes are checked, containers are reused. */
class BatchTest {
    private static final int ROWS = 3000;
    private long before;
    private Database db;
    private Namespace ns;
    private long[] handles;
    private final double[] x = new double[ROWS];
    private final double[] y = new double[ROWS];
    private final double[] z = new double[ROWS];
    private final long[] times = new long[ROWS];

    @BeforeEach
    void open() {
        before = Spatio.liveHandles();
        db = Database.memory();
        ns = db.createNamespace("n", NamespaceOptions.cartesian());
        String[] ids = new String[ROWS];
        Random random = new Random(7);
        for (int row = 0; row < ROWS; row++) {
            ids[row] = "o" + row;
            x[row] = random.nextDouble() * 1000;
            y[row] = random.nextDouble() * 1000;
            z[row] = random.nextDouble() * 10;
            times[row] = 1_000_000 + row;
        }
        handles = ns.intern(ids);
    }

    @AfterEach
    void close() {
        db.close();
        assertEquals(before, Spatio.liveHandles());
    }

    private void assertMoved(boolean hasTimes) {
        Positions here = ns.get(handles);
        assertArrayEquals(x, here.x());
        assertArrayEquals(y, here.y());
        assertArrayEquals(z, here.z());
        if (hasTimes) {
            assertArrayEquals(times, here.timeUs());
        }
    }

    @Test
    void arraysAndBuffersMoveAlike() {
        assertEquals(ROWS, ns.move(handles, x, y, z, times).applied());
        assertMoved(true);
        MoveBatch moves = new MoveBatch(ROWS);
        for (int row = 0; row < ROWS; row++) {
            x[row] += 1;
            times[row] += ROWS;
            moves.add(handles[row], x[row], y[row], z[row], times[row]);
        }
        assertEquals(ROWS, ns.move(moves).applied());
        assertMoved(true);
        moves.clear();
        for (int row = 0; row < ROWS; row++) {
            y[row] += 1;
            moves.add(handles[row], x[row], y[row], z[row]);
        }
        assertEquals(ROWS, ns.move(moves).applied());
        assertMoved(false);
        assertThrows(BufferOverflowException.class, () -> moves.add(handles[0], 1, 1, 1));
        moves.clear().add(handles[0], 1, 1, 1, 1);
        assertEquals(1, ns.move(moves).late());
        assertThrows(IllegalStateException.class, () -> moves.add(handles[0], 1, 1, 1));
        moves.clear().add(handles[0], 1, 1, 1);
        assertThrows(IllegalStateException.class, () -> moves.add(handles[0], 1, 1, 1, 1));
    }

    @Test
    void aBatchThatIsRefusedNamesItsRowAndChangesNothing() {
        ns.move(handles, x, y, z, times);
        double[] bad = x.clone();
        bad[1234] = Double.NaN;
        SpatioException error =
                assertThrows(SpatioException.class, () -> ns.move(handles, bad, y, z, null));
        assertEquals(Status.OUT_OF_RANGE, error.status());
        assertEquals(1234, error.row());
        assertMoved(true);
    }

    @Test
    void columnsOfDifferentLengthsAreRefused() {
        double[] brief = new double[ROWS - 1];
        String[] ids = {"a", "b"};
        double[] two = {1, 2};
        long[] one = {1};
        assertShort(() -> ns.move(handles, brief, y, z, times), "x has 2999 rows");
        assertShort(() -> ns.move(handles, x, brief, z, times), "y has");
        assertShort(() -> ns.move(handles, x, y, brief, times), "z has");
        assertShort(() -> ns.move(handles, x, y, z, one), "timeUs has 1 rows");
        assertShort(() -> ns.insertTrajectory("a", times, brief, y, null), "x has");
        assertShort(() -> ns.insertTrajectory("a", times, x, brief, null), "y has");
        assertShort(() -> ns.insertTrajectory("a", times, x, y, brief), "z has");
        assertShort(() -> new Upserts(ids, x, two), "x has");
        assertShort(() -> new Upserts(ids, two, y), "y has");
        assertShort(() -> new Upserts(ids, two, two).z(x), "z has");
        assertShort(() -> new Upserts(ids, two, two).timeUs(one), "timeUs has");
        assertShort(() -> new Upserts(ids, two, two).ttlUs(one), "ttlUs has");
        assertShort(() -> new Upserts(ids, two, two).payloads(new byte[1][]), "payloads has");
        assertShort(() -> ns.distanceBetween(handles, one, Metric.EUCLIDEAN), "b has");
        assertShort(() -> Query.everywhere().limit(-1), "limit is -1");
        assertShort(() -> ns.knn(1, 1, -1), "k is -1");
        assertShort(() -> new DirectRows(-1), "capacity is -1");
        assertShort(() -> Polygon.of(1, 2, 3), "not pairs");
        assertShort(() -> Database.open("a\0b"), "holds a NUL");
        try (Polygon polygon = Polygon.of(0, 0, 4, 0, 2, 3)) {
            assertShort(() -> polygon.contains(x, brief), "y has");
        }
    }

    private static void assertShort(Runnable call, String message) {
        IllegalArgumentException error = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Test
    void rowsAreFilledAnew() {
        ns.move(handles, x, y, z, times);
        Rows rows = ns.query(Query.everywhere());
        assertEquals(ROWS, rows.size());
        double[] column = rows.x();
        assertSame(rows, ns.query(Query.nearest(5).at(500, 500, 5), rows, null));
        assertSame(column, rows.x(), "the column was used again");
        assertEquals(5, rows.size());
        assertThrows(IndexOutOfBoundsException.class, () -> rows.x(5));
        assertThrows(IndexOutOfBoundsException.class, () -> rows.handle(-1));
        double[] distances = ns.distanceTo(rows.handles(), 500, 500, 5, Metric.EUCLIDEAN);
        for (Row row : rows) {
            assertEquals("o", row.id().substring(0, 1));
        }
        for (int row = 0; row < rows.size(); row++) {
            assertEquals(distances[row], rows.distance(row), 1e-9);
            assertEquals(rows.handle(row), ns.findHandle(rows.id(row)).getAsLong());
            assertNull(rows.payload(row));
        }
        assertThrows(SpatioException.class, () -> ns.query(Query.circle(-1).at(0, 0), rows, null));
        assertEquals(0, rows.size(), "no rows of an earlier query are left");
    }

    @Test
    void manyQueriesInOneCallAnswerLikeOneAfterTheOther() {
        ns.move(handles, x, y, z, times);
        Query[] queries = new Query[50];
        for (int q = 0; q < queries.length; q++) {
            queries[q] = Query.nearest(q).at(20 * q, 500, 0).idPrefix(q % 3 == 0 ? "o1" : "");
        }
        Rows all = ns.queryAll(queries);
        assertEquals(50, all.queries());
        for (int q = 0; q < queries.length; q++) {
            Rows one = ns.query(queries[q]);
            assertEquals(one.size(), all.end(q) - all.start(q));
            for (int row = 0; row < one.size(); row++) {
                assertEquals(one.handle(row), all.handle(all.start(q) + row));
                assertEquals(one.distance(row), all.distance(all.start(q) + row));
            }
        }
    }

    @Test
    void aQueryThatIsChangedMeanwhileIsRefused() {
        Query query = Query.everywhere().idPrefix("o1");
        query.ints[4] = 1000;
        SpatioException error = assertThrows(SpatioException.class, () -> ns.query(query));
        assertEquals(Status.INVALID_ARGUMENT, error.status());
        assertTrue(error.getMessage().contains("changed"), error.getMessage());
    }

    /** Java checks lengths before; should it ever not, JNI does, and nothing is called after. */
    @Test
    void arraysThatAreTooShortThrowAndReadNothing() {
        long[] one = {handles[0]};
        double[] none = {};
        assertThrows(
                ArrayIndexOutOfBoundsException.class,
                () -> Native.moveBatch(ns.pointer, 2, one, none, none, none, null, new long[2]));
        assertThrows(
                ArrayIndexOutOfBoundsException.class,
                () -> Native.getBatch(ns.pointer, 1, one, none, none, none, null, null));
        assertEquals(0, ns.count());
    }

    @Test
    void textsOfEveryKindComeBack() {
        String[] ids = {"a", "\u00e9\u00df", "\u6771\u4eac", "\ud83d\ude80 rocket"};
        byte[][] payloads = {{1}, null, {0, -1, 127}, "\ud83d\ude80".getBytes(Callbacks.UTF_8)};
        double[] at = {1, 2, 3, 4};
        ns.upsert(new Upserts(ids, at, at).payloads(payloads));
        Rows rows = ns.query(Query.nearest(4).at(0, 0).withIds().withPayloads());
        for (int row = 0; row < 4; row++) {
            assertEquals(ids[row], rows.id(row));
            assertArrayEquals(payloads[row], rows.payload(row));
        }
        assertArrayEquals(ids, ns.ids(ns.intern(ids)));
        SpatioException half = assertThrows(SpatioException.class, () -> ns.upsert("a\ud83d", 1, 1));
        assertEquals(Status.INVALID_UTF8, half.status());
        SpatioException late =
                assertThrows(SpatioException.class, () -> ns.intern(new String[] {"a", "\ude80"}));
        assertTrue(late.getMessage().contains("ids[1]"), late.getMessage());
        assertEquals(4, ns.count());
    }
}
