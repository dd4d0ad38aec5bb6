package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A packed index, against every box looked at. */
class IndexTest {
    private long before;

    @BeforeEach
    void count() {
        before = Spatio.liveHandles();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(before, Spatio.liveHandles());
    }

    /** Boxes of the plane, and every question about them answered by looking at each. */
    static final class Scene {
        final double[] min;
        final double[] max;
        final int items;

        Scene(Random random, int items) {
            this.items = items;
            min = random.doubles(2 * items, 0, 100).toArray();
            max = Arrays.stream(min).map(from -> from + 3 * random.nextDouble()).toArray();
        }

        Index build(Layout layout) {
            return Index.build(IndexItems.boxes(2, min, max), new IndexOptions().layout(layout));
        }

        /** How far an item is from a box of another scene. */
        double gap(int item, Scene other, int box) {
            double sum = 0;
            for (int axis = 0; axis < 2; axis++) {
                int a = 2 * item + axis;
                int b = 2 * box + axis;
                double gap = Math.max(0, Math.max(min[a] - other.max[b], other.min[b] - max[a]));
                sum += gap * gap;
            }
            return Math.sqrt(sum);
        }

        int[] within(Scene other, int box, double distance) {
            return IntStream.range(0, items).filter(i -> gap(i, other, box) <= distance).toArray();
        }

        int[] nearest(Scene other, int box, int k) {
            return IntStream.range(0, items)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> gap(i, other, box)))
                    .limit(k)
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
    }

    private static int[] items(Hits hits, int query) {
        return Arrays.copyOfRange(hits.ids(), hits.start(query), hits.end(query));
    }

    private static int[] sorted(Hits hits, int query) {
        int[] items = items(hits, query);
        Arrays.sort(items);
        return items;
    }

    @Test
    void everyQuestionAgainstLookingAtEveryBox() {
        long seed = System.nanoTime();
        String about = "seed " + seed;
        Random random = new Random(seed);
        Scene scene = new Scene(random, 2000);
        Scene windows = new Scene(random, 50);
        double[] most = random.doubles(windows.items, 0, 5).toArray();
        Hits hits = new Hits();
        for (Layout layout : Layout.values()) {
            try (Index index = scene.build(layout)) {
                assertSame(hits, index.search(windows.min, windows.max, hits));
                long[] counts = index.count(windows.min, windows.max);
                boolean[] any = index.any(windows.min, windows.max);
                assertEquals(windows.items, hits.queries());
                assertFalse(hits.hasDistances());
                for (int query = 0; query < windows.items; query++) {
                    int[] wanted = scene.within(windows, query, 0);
                    assertArrayEquals(wanted, sorted(hits, query), about);
                    assertEquals(wanted.length, counts[query], about);
                    assertEquals(wanted.length > 0, any[query], about);
                }
                index.searchWithin(windows.min, windows.max, most, hits);
                for (int query = 0; query < windows.items; query++) {
                    int[] wanted = scene.within(windows, query, most[query]);
                    assertArrayEquals(wanted, sorted(hits, query), about);
                }
                index.nearest(windows.min, windows.max, 7, null, hits);
                for (int query = 0; query < windows.items; query++) {
                    assertArrayEquals(scene.nearest(windows, query, 7), items(hits, query), about);
                    for (int row = hits.start(query); row < hits.end(query); row++) {
                        double wanted = scene.gap(hits.id(row), windows, query);
                        assertEquals(wanted, hits.distance(row), 1e-9, about);
                    }
                }
            }
        }
    }

    @Test
    void joinsAgainstLookingAtEveryPair() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Scene a = new Scene(random, 300);
        Scene b = new Scene(random, 200);
        Hits hits = new Hits();
        try (Index first = a.build(Layout.FAST);
                Index second = b.build(Layout.ORIGIN)) {
            for (double most : new double[] {0, 2.5}) {
                Set<Long> joined = new HashSet<>();
                Set<Long> inside = new HashSet<>();
                for (int i = 0; i < a.items; i++) {
                    for (int j : b.within(a, i, most)) {
                        joined.add(((long) i << 32) | j);
                    }
                    for (int j : a.within(a, i, most)) {
                        if (j > i) {
                            inside.add(((long) i << 32) | j);
                        }
                    }
                }
                assertEquals(joined, pairs(first.join(second, most, hits, null)), "seed " + seed);
                assertEquals(inside, pairs(first.pairs(most, hits, null)), "seed " + seed);
            }
        }
    }

    private static Set<Long> pairs(Hits hits) {
        Set<Long> pairs = new HashSet<>();
        for (int row = 0; row < hits.size(); row++) {
            assertTrue(pairs.add(((long) hits.id(row) << 32) | hits.other(row)), "a pair came twice");
        }
        return pairs;
    }

    @Test
    void aFileHasWhatWasWritten() throws IOException {
        Scene scene = new Scene(new Random(7), 500);
        Path folder = Files.createTempDirectory("index");
        String path = folder.resolve("boxes.idx").toString();
        byte[][] payloads = new byte[scene.items][];
        for (int item = 0; item < scene.items; item++) {
            payloads[item] = item == 3 ? null : CaseArgs.bytes("item " + item);
        }
        IndexItems items =
                IndexItems.boxes(2, scene.min, scene.max)
                        .payloads(payloads)
                        .metadata(new IndexMetadata("EPSG:4326", null, ""));
        long length = Index.write(path, items, new IndexOptions());
        try (Index index = Index.open(path)) {
            assertEquals(length, index.info().bytes());
            assertEquals(scene.items, index.info().items());
            assertEquals("EPSG:4326", index.metadata().crs());
            assertNull(index.metadata().contentType());
            assertEquals("", index.metadata().attribution());
            assertEquals(0, index.payload(3).length);
            Hits hits = index.search(new double[] {20, 20}, new double[] {40, 40}, new Hits());
            int[] ids = items(hits, 0);
            assertTrue(ids.length > 0);
            // The column may be that of the hits that are filled.
            index.payloads(hits.ids(), hits.size(), hits);
            Boxes boxes = index.boxes(ids, ids.length);
            for (int row = 0; row < ids.length; row++) {
                int id = ids[row];
                byte[] wanted = payloads[id] == null ? new byte[0] : payloads[id];
                assertArrayEquals(wanted, hits.payload(row));
                assertArrayEquals(wanted, index.payload(id));
                assertEquals(scene.max[2 * id + 1], boxes.max()[2 * row + 1]);
            }
            try (Index copy = Index.openBytes(index.bytes())) {
                copy.verify();
                assertArrayEquals(ids, items(copy.search(new double[] {20, 20},
                        new double[] {40, 40}, hits), 0));
            }
        }
        Clone.removeAll(folder);
    }

    @Test
    void columnsOfAnotherLengthAreRefused() {
        double[] one = {1, 2};
        double[] odd = {1, 2, 3};
        Hits hits = new Hits();
        List<Runnable> calls = new ArrayList<>();
        try (Index index = new Scene(new Random(1), 10).build(Layout.FAST)) {
            calls.add(() -> index.search(odd, null, hits));
            calls.add(() -> index.search(one, odd, hits));
            calls.add(() -> index.searchWithin(one, null, odd, hits));
            calls.add(() -> index.nearest(one, null, -1, null, hits));
            calls.add(() -> index.nearestGreatCircle(one, odd, 1, null, hits));
            calls.add(() -> index.searchGreatCircle(one, one, odd, hits));
            calls.add(() -> index.raycast(one, odd, null, hits));
            calls.add(() -> index.raycastAny(one, one, odd));
            calls.add(() -> index.payloads(new int[1], 2, hits));
            calls.add(() -> index.boxes(new int[1], -1));
            calls.add(() -> IndexItems.points(2, one).payloads(new byte[2][]));
            calls.add(() -> IndexItems.points(2, one).values(one));
            for (Runnable call : calls) {
                assertThrows(IllegalArgumentException.class, call::run);
            }
            assertThrows(NullPointerException.class, () -> index.searchWithin(one, null, null, hits));
            assertThrows(NullPointerException.class, () -> Index.openBytes(null));
        }
    }

    @Test
    void aCallThatFailedLeavesNoRows() {
        Scene scene = new Scene(new Random(2), 100);
        try (Index index = scene.build(Layout.FAST);
                Cancel cancel = new Cancel()) {
            Hits hits = index.search(scene.min, scene.max, new Hits());
            assertTrue(hits.size() >= 100);
            cancel.fire();
            SpatioException error =
                    assertThrows(SpatioException.class, () -> index.pairs(1000, hits, cancel));
            assertEquals(Status.CANCELLED, error.status());
            assertEquals(0, hits.size());
            assertThrows(IndexOutOfBoundsException.class, () -> hits.id(0));
            cancel.reset();
            assertEquals(100 * 99 / 2, index.pairs(1000, hits, cancel).size());
        }
    }
}
