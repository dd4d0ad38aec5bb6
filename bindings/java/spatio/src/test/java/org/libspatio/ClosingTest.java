package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Closing: twice, before use, while other threads are inside. */
class ClosingTest {
    private long before;

    @BeforeEach
    void count() {
        before = Spatio.liveHandles();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(before, Spatio.liveHandles());
    }

    private static void refused(Runnable call, String what) {
        SpatioException error = assertThrows(SpatioException.class, call::run);
        assertEquals(Status.CLOSED, error.status());
        assertTrue(error.getMessage().contains(what), error.getMessage());
    }

    @Test
    void everythingCanBeClosedTwiceAndIsRefusedAfterwards() {
        Database db = Database.memory();
        Namespace ns = db.createNamespace("n");
        Namespace other = db.namespace("n");
        Polygon polygon = Polygon.of(0, 0, 4, 0, 2, 3);
        Cancel cancel = new Cancel();
        polygon.close();
        polygon.close();
        refused(() -> polygon.contains(1, 1), "contains: this Polygon was closed");
        refused(() -> ns.query(Query.polygon(polygon)), "Polygon was closed");
        refused(() -> ns.queryInto(Query.polygon(polygon), new DirectRows(1)), "Polygon");
        refused(() -> ns.queryPolygon(polygon, 1), "Polygon was closed");
        Query[] queries = {Query.everywhere(), Query.polygon(polygon)};
        refused(() -> ns.queryAll(queries), "Polygon was closed");
        cancel.close();
        cancel.close();
        refused(cancel::fire, "Cancel was closed");
        refused(() -> ns.query(Query.everywhere(), new Rows(), cancel), "Cancel was closed");
        ns.close();
        ns.close();
        refused(ns::count, "count: this Namespace was closed");
        assertEquals(0, other.count());
        db.close();
        db.close();
        refused(other::count, "Namespace was closed");
        refused(db::flush, "flush: this Database was closed");
        other.close();
    }

    @Test
    void aPolygonThatWasRefusedInTheMiddleLeavesTheOthersFree() {
        try (Database db = Database.memory();
                Polygon open = Polygon.of(0, 0, 4, 0, 2, 3)) {
            Namespace ns = db.createNamespace("n");
            Polygon closed = Polygon.of(0, 0, 4, 0, 2, 3);
            closed.close();
            Query[] queries = {Query.polygon(open), Query.polygon(closed)};
            refused(() -> ns.queryAll(queries), "Polygon");
            assertTrue(open.resource.guard.isEmpty());
            assertTrue(ns.guard.isEmpty());
        }
    }

    @Test
    void closingWaitsForTheCallsOfOtherThreads() throws Exception {
        for (int round = 0; round < 30; round++) {
            Database db = Database.memory();
            Namespace ns = db.createNamespace("n", NamespaceOptions.cartesian());
            fill(ns, 5000);
            ExecutorService threads = Executors.newFixedThreadPool(6);
            CountDownLatch started = new CountDownLatch(6);
            AtomicLong answers = new AtomicLong();
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < 6; thread++) {
                boolean isWriter = thread % 3 == 0;
                ends.add(threads.submit(() -> use(ns, isWriter, started, answers)));
            }
            started.await();
            if (round % 2 == 0) {
                ns.close();
            }
            db.close();
            for (Future<?> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
            assertTrue(answers.get() >= 6, answers + " calls were answered before");
            threads.shutdown();
        }
    }

    /** Works until it is refused, and for no other reason than that it was closed. */
    private static void use(
            Namespace ns, boolean isWriter, CountDownLatch started, AtomicLong answers) {
        Rows rows = new Rows();
        long handle = ns.intern("o1");
        for (int call = 0; ; call++) {
            try {
                if (isWriter) {
                    ns.move(handle, call % 100, 1, 0);
                } else {
                    ns.query(Query.circle(50).at(50, 50), rows, null);
                    assertTrue(rows.size() > 0);
                }
                answers.incrementAndGet();
            } catch (SpatioException error) {
                assertEquals(Status.CLOSED, error.status(), error.getMessage());
                return;
            } finally {
                if (call == 0) {
                    started.countDown();
                }
            }
        }
    }

    static void fill(Namespace ns, int objects) {
        String[] ids = new String[objects];
        double[] x = new double[objects];
        double[] y = new double[objects];
        for (int row = 0; row < objects; row++) {
            ids[row] = "o" + row;
            x[row] = row % 100;
            y[row] = row / 100;
        }
        assertEquals(objects, ns.upsert(new Upserts(ids, x, y)).applied());
    }

    @Test
    void closingInsideOfACallbackIsRefused() {
        Database[] opened = new Database[1];
        Throwable[] thrown = new Throwable[1];
        Clock clock =
                () -> {
                    if (opened[0] != null && thrown[0] == null) {
                        try {
                            opened[0].close();
                        } catch (IllegalStateException refused) {
                            thrown[0] = refused;
                        }
                    }
                    return 1_000_000;
                };
        try (Database db = Database.memory(new Options().background(false).clock(clock))) {
            Namespace ns = db.createNamespace("n");
            opened[0] = db;
            ns.upsert("a", 1, 2);
            assertEquals("close was called inside of a callback", thrown[0].getMessage());
            assertEquals(1, ns.count());
        }
    }

    @Test
    void moreThreadsThanSlotsAreCounted() throws Exception {
        Guard guard = new Guard("Thing", 2);
        int threads = 20;
        CountDownLatch inside = new CountDownLatch(threads);
        CountDownLatch leave = new CountDownLatch(1);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread =
                    new Thread(
                            () -> {
                                int outer = guard.enter("a");
                                int inner = guard.enter("b");
                                inside.countDown();
                                await(leave);
                                guard.exit(inner);
                                guard.exit(outer);
                            });
            thread.start();
            all.add(thread);
        }
        inside.await();
        assertFalse(guard.isEmpty());
        guard.close();
        refused(() -> guard.enter("late"), "late: this Thing was closed");
        assertFalse(guard.isEmpty());
        leave.countDown();
        guard.await();
        assertTrue(guard.isEmpty());
        for (Thread thread : all) {
            thread.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException error) {
            throw new AssertionError(error);
        }
    }
}
