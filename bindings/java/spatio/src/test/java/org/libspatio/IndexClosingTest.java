package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An index that is closed, while others ask it too, or forgotten. */
class IndexClosingTest {
    private static final IndexTest.Scene SCENE = new IndexTest.Scene(new Random(5), 3000);

    private static void refused(Runnable call) {
        SpatioException error = assertThrows(SpatioException.class, call::run);
        assertEquals(Status.CLOSED, error.status());
        assertTrue(error.getMessage().contains("this Index was closed"), error.getMessage());
    }

    @Test
    void everyQuestionIsRefusedAfterwards() {
        double[] at = {1, 2};
        double[] one = {1};
        Hits hits = new Hits();
        Index index = SCENE.build(Layout.FAST);
        index.close();
        index.close();
        List<Runnable> calls = new ArrayList<>();
        calls.add(index::info);
        calls.add(index::metadata);
        calls.add(index::bytes);
        calls.add(index::verify);
        calls.add(() -> index.search(at, null, hits));
        calls.add(() -> index.count(at, null));
        calls.add(() -> index.any(at, null));
        calls.add(() -> index.searchWithin(at, null, one, hits));
        calls.add(() -> index.nearest(at, null, 1, null, hits));
        calls.add(() -> index.nearestGreatCircle(one, one, 1, null, hits));
        calls.add(() -> index.searchGreatCircle(one, one, one, hits));
        calls.add(() -> index.raycast(at, at, null, hits));
        calls.add(() -> index.raycastAny(at, at, null));
        calls.add(() -> index.raycastClosest(at, at, null, hits));
        calls.add(() -> index.pairs(0, hits, null));
        calls.add(() -> index.payload(0));
        calls.add(() -> index.payloads(new int[1], 1, hits));
        calls.add(() -> index.boxes(new int[1], 1));
        calls.add(() -> index.aggregate(at, null));
        calls.add(() -> index.estimate(at, null, 1));
        calls.add(() -> index.closestPair());
        calls.add(() -> index.components(0));
        calls.add(() -> index.raycastTriangles(at, at, null, hits));
        try (Index open = SCENE.build(Layout.FAST);
                Polygon polygon = Polygon.of(0, 0, 4, 0, 2, 3);
                Region region = Region.polygon(polygon)) {
            calls.add(() -> index.join(open, 0, hits, null));
            calls.add(() -> open.join(index, 0, hits, null));
            calls.add(() -> index.searchPolygon(polygon, hits));
            calls.add(() -> index.searchRegion(region, hits));
            calls.add(() -> index.countRegion(region));
            calls.add(() -> index.anyRegion(region));
            calls.add(() -> index.antiJoin(open, 0, hits));
            calls.add(() -> open.antiJoin(index, 0, hits));
            calls.add(() -> index.closestPair(open));
            calls.add(() -> open.closestPair(index));
            calls.forEach(IndexClosingTest::refused);
            assertTrue(open.guard.isEmpty());
            assertTrue(polygon.resource.guard.isEmpty());
            assertTrue(region.resource.guard.isEmpty());
        }
    }

    @Test
    void closingWaitsForTheCallsOfOtherThreads() throws Exception {
        long before = Spatio.liveHandles();
        for (int round = 0; round < 20; round++) {
            Index index = SCENE.build(Layout.FAST);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            CountDownLatch started = new CountDownLatch(4);
            List<Future<?>> ends = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                ends.add(threads.submit(() -> ask(index, started)));
            }
            started.await();
            index.close();
            for (Future<?> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
            threads.shutdown();
        }
        assertEquals(before, Spatio.liveHandles());
    }

    /** Asks until it is refused, and for no other reason than that it was closed. */
    private static void ask(Index index, CountDownLatch started) {
        Hits hits = new Hits();
        double[] min = {-1, -1};
        double[] max = {200, 200};
        while (true) {
            try {
                index.search(min, max, hits);
                assertEquals(SCENE.items, hits.size());
                started.countDown();
            } catch (SpatioException error) {
                assertEquals(Status.CLOSED, error.status());
                return;
            }
        }
    }

    private static void forget() {
        SCENE.build(Layout.BOTH).search(SCENE.min, SCENE.max, new Hits());
    }

    @Test
    void whatWasForgottenIsFreed() throws InterruptedException {
        long before = Spatio.liveHandles();
        long leaks = Spatio.leaks();
        forget();
        assertTrue(Spatio.liveHandles() > before);
        for (int round = 0; round < 200 && Spatio.liveHandles() > before; round++) {
            System.gc();
            LeakNet.sweep();
            Thread.sleep(10);
        }
        assertEquals(before, Spatio.liveHandles());
        assertEquals(leaks + 1, Spatio.leaks());
    }
}
