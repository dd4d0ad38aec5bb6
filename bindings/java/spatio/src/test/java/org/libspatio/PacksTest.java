package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Packs and fences, against every object and every polygon looked at; closed, and forgotten. */
class PacksTest {
    private final long before = Spatio.liveHandles();
    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("packs");
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        Clone.removeAll(folder);
        assertEquals(before, Spatio.liveHandles());
    }

    private String path() {
        return folder.resolve("frozen.psindex").toString();
    }

    /** Freezes objects of a plane, whose ids are in the order of their rows. */
    private Frozen freeze(double[] x, double[] y, FreezeOptions options) {
        try (Database db = Database.memory()) {
            Namespace ns =
                    db.createNamespace("crowd", NamespaceOptions.cartesian());
            String[] ids = new String[x.length];
            byte[][] payloads = new byte[x.length][];
            for (int row = 0; row < x.length; row++) {
                ids[row] = String.format("unit:%05d", row);
                payloads[row] = row % 3 == 0 ? null : CaseArgs.bytes("load " + row);
            }
            ns.upsert(new Upserts(ids, x, y).payloads(payloads));
            return ns.freeze(path(), options);
        }
    }

    private Pack pack(int objects) {
        double[] column = new Random(objects).doubles(objects, 0, 100).toArray();
        freeze(column, column, new FreezeOptions());
        return Pack.open(path());
    }

    private static Polygon square(double x, double y, double side) {
        return Polygon.of(x, y, x + side, y, x + side, y + side, x, y + side);
    }

    private static Fences fences() {
        try (Polygon square = square(0, 0, 1)) {
            return Fences.build(new FenceItems(Space.CARTESIAN).add("a", square));
        }
    }

    @Test
    void aPackAgainstLookingAtEveryObject() throws IOException {
        long seed = System.nanoTime();
        String about = "seed " + seed;
        Random random = new Random(seed);
        int objects = 500;
        double[] x = random.doubles(objects, 0, 100).toArray();
        double[] y = random.doubles(objects, 0, 100).toArray();
        double radius = random.nextDouble() * 60;
        long[] inside =
                IntStream.range(0, objects)
                        .filter(row -> Math.hypot(x[row] - 50, y[row] - 50) <= radius)
                        .mapToLong(row -> row)
                        .toArray();
        for (Layout layout : Layout.values()) {
            Frozen frozen = freeze(x, y, new FreezeOptions().layout(layout).threads(2));
            byte[] file = Files.readAllBytes(Path.of(path()));
            assertEquals(objects, frozen.objects());
            assertEquals(file.length, frozen.bytes());
            try (Pack pack = Pack.openBytes(file)) {
                pack.verify();
                assertEquals(Space.CARTESIAN, pack.info().space());
                assertEquals(2, pack.info().dims());
                Query query = Query.circle(radius).at(50, 50).withPayloads();
                Rows rows = pack.query(query);
                long[] handles = Arrays.copyOf(rows.handles(), rows.size());
                Arrays.sort(handles);
                assertArrayEquals(inside, handles, about);
                for (Row row : rows) {
                    int unit = (int) row.handle();
                    assertEquals(String.format("unit:%05d", unit), row.id(), about);
                    assertEquals(x[unit], row.x(), about);
                    assertArrayEquals(pack.payload(unit), row.payload(), about);
                    assertEquals(unit % 3 == 0, row.payload() == null, about);
                    assertEquals(unit, pack.get(row.id()).handle(), about);
                }
            }
        }
    }

    @Test
    void fencesAgainstEveryPolygon() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int n = 120;
        double[] x = random.doubles(400, -5, 105).toArray();
        double[] y = random.doubles(400, -5, 105).toArray();
        boolean[][] inside = new boolean[n][];
        FenceItems items = new FenceItems(Space.CARTESIAN);
        List<Polygon> polygons = new ArrayList<>();
        for (int row = 0; row < n; row++) {
            double side = random.nextDouble() * 30;
            polygons.add(square(random.nextDouble() * 90, random.nextDouble() * 90, side));
            inside[row] = polygons.get(row).contains(x, y);
            items.add(String.format("%03d", row), polygons.get(row));
        }
        assertEquals(n, items.size());
        long bytes = Fences.write(path(), items, new FreezeOptions().layout(Layout.BOTH));
        try (Fences built = Fences.build(items);
                Fences opened = Fences.open(path())) {
            polygons.forEach(Polygon::close);
            assertEquals(bytes, opened.info().bytes());
            assertEquals(n, built.info().fences());
            FoundFences found = new FoundFences();
            for (Fences fences : new Fences[] {built, opened}) {
                assertSame(found, fences.containing(x, y, found));
                assertEquals(x.length, found.queries());
                for (int point = 0; point < x.length; point++) {
                    int at = point;
                    long[] wanted =
                            IntStream.range(0, n)
                                    .filter(row -> inside[row][at])
                                    .mapToLong(row -> row)
                                    .toArray();
                    long[] handles =
                            Arrays.copyOfRange(found.handles(), found.start(at), found.end(at));
                    assertArrayEquals(wanted, handles, "seed " + seed);
                }
                assertTrue(found.size() > 0);
                String last = String.format("%03d", found.handle(found.size() - 1));
                assertEquals(last, found.id(found.size() - 1));
                assertNull(found.payload(0));
            }
        }
    }

    @Test
    void whatIsRefusedLeavesNoRows() {
        FoundFences found = new FoundFences().withIds();
        try (Fences fences = fences()) {
            fences.containing(new double[] {0.5}, new double[] {0.5}, found);
            assertEquals(1, found.size());
            double[] bad = {0.5, Double.NaN};
            SpatioException error =
                    assertThrows(SpatioException.class, () -> fences.containing(bad, bad, found));
            assertEquals(1, error.row());
            assertEquals(0, found.size());
            double[] one = {1};
            assertThrows(
                    IllegalArgumentException.class, () -> fences.containing(bad, one, found));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> fences.intersecting(one, one, one, bad, found));
        }
        assertThrows(IllegalArgumentException.class, () -> Pack.open("a\0b"));
        assertThrows(NullPointerException.class, () -> Pack.openBytes(null));
        assertThrows(NullPointerException.class, () -> Fences.openBytes(null));
        FenceItems items = new FenceItems(Space.CARTESIAN);
        assertThrows(NullPointerException.class, () -> items.add("a", null));
        Polygon closed = square(0, 0, 1);
        try (Polygon kept = square(0, 0, 1)) {
            items.add("a", kept).add("b", closed);
            closed.close();
            assertEquals(
                    Status.CLOSED,
                    assertThrows(SpatioException.class, () -> Fences.build(items)).status());
            assertTrue(kept.resource.guard.isEmpty());
        }
    }

    private static void refused(Runnable call) {
        SpatioException error = assertThrows(SpatioException.class, call::run);
        assertEquals(Status.CLOSED, error.status());
    }

    @Test
    void everyCallIsRefusedAfterwards() {
        double[] one = {0.5};
        FoundFences found = new FoundFences();
        Pack pack = pack(3);
        Fences fences = fences();
        Rows rows = pack.query(Query.everywhere());
        fences.containing(one, one, found);
        for (AutoCloseable open : new AutoCloseable[] {pack, fences, pack, fences}) {
            assertTrue(close(open));
        }
        List<Runnable> calls = new ArrayList<>();
        calls.add(pack::info);
        calls.add(pack::verify);
        calls.add(() -> pack.get("a"));
        calls.add(() -> pack.id(0));
        calls.add(() -> pack.payload(0));
        calls.add(() -> rows.id(0));
        calls.add(() -> pack.query(Query.everywhere()));
        calls.add(() -> pack.queryInto(Query.everywhere(), new DirectRows(1)));
        calls.add(() -> pack.queryArrow(Query.everywhere(), 0, 0));
        calls.add(fences::info);
        calls.add(fences::verify);
        calls.add(() -> fences.get("a"));
        calls.add(() -> fences.get(0));
        calls.add(() -> found.id(0));
        calls.add(() -> fences.containing(one, one, new FoundFences()));
        calls.add(() -> fences.containing(1, 1));
        calls.add(() -> fences.intersecting(one, one, one, one, new FoundFences()));
        calls.forEach(PacksTest::refused);
    }

    private static boolean close(AutoCloseable open) {
        try {
            open.close();
            return true;
        } catch (Exception refused) {
            return false;
        }
    }

    @Test
    void closingWaitsForTheCallsOfOtherThreads() throws Exception {
        for (int round = 0; round < 20; round++) {
            Pack pack = pack(200);
            Fences fences = fences();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            CountDownLatch started = new CountDownLatch(4);
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                Rows rows = new Rows();
                FoundFences found = new FoundFences();
                double[] one = {0.5};
                Question ofPack = () -> pack.query(Query.everywhere(), rows, null);
                Question ofFences = () -> fences.containing(one, one, found);
                ends.add(threads.submit(() -> ask(200, started, ofPack)));
                ends.add(threads.submit(() -> ask(1, started, ofFences)));
            }
            started.await();
            pack.close();
            fences.close();
            for (Future<?> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
            threads.shutdown();
        }
    }

    private interface Question {
        Answer ask();
    }

    /** Asks until it is refused, and for no other reason than that it was closed. */
    private static void ask(int rows, CountDownLatch started, Question question) {
        while (true) {
            try {
                assertEquals(rows, question.ask().size());
                started.countDown();
            } catch (SpatioException error) {
                assertEquals(Status.CLOSED, error.status());
                return;
            }
        }
    }

    private void forget() {
        pack(3).query(Query.everywhere());
        fences().containing(1, 1);
    }

    @Test
    void whatWasForgottenIsFreed() throws InterruptedException {
        long leaks = Spatio.leaks();
        forget();
        assertTrue(Spatio.liveHandles() > before);
        for (int round = 0; round < 200 && Spatio.liveHandles() > before; round++) {
            System.gc();
            LeakNet.sweep();
            Thread.sleep(10);
        }
        assertEquals(before, Spatio.liveHandles());
        assertEquals(leaks + 2, Spatio.leaks());
    }
}
