package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Regions, nearness, estimates, masks and triangles, against every item looked at. */
class RegionTest {
    private final Hits hits = new Hits();
    private long before;

    @BeforeEach
    void count() {
        before = Spatio.liveHandles();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(before, Spatio.liveHandles());
    }

    /** All three questions of a region, which is closed. */
    private void inside(Index index, Region region, int items, IntPredicate holds) {
        int[] wanted = IntStream.range(0, items).filter(holds).toArray();
        assertTrue(wanted.length > 0 && wanted.length < items, wanted.length + " of " + items);
        int[] found = Arrays.copyOf(index.searchRegion(region, hits).ids(), hits.size());
        Arrays.sort(found);
        assertArrayEquals(wanted, found);
        assertEquals(wanted.length, index.countRegion(region));
        assertTrue(index.anyRegion(region));
        region.close();
    }

    @Test
    void regionsOfThePlane() {
        IndexTest.Scene scene = new IndexTest.Scene(new Random(3), 2000);
        double[] at = {50, 50};
        double[] min = scene.min;
        double[] max = scene.max;
        for (Layout layout : Layout.values()) {
            try (Index index = scene.build(layout);
                    Polygon polygon = Polygon.of(30, 20, 70, 20, 70, 60, 30, 60)) {
                IntPredicate near = i -> distance(scene, i, at) <= 20;
                inside(index, Region.ball(at, 20), scene.items, near);
                // Without length a capsule is a ball.
                inside(index, Region.capsule(at, at, 20), scene.items, near);
                inside(
                        index,
                        Region.halfSpace(new double[] {2, -1}, 60),
                        scene.items,
                        i -> 2 * max[2 * i] - min[2 * i + 1] >= 60);
                IntPredicate square =
                        i -> min[2 * i] <= 70
                                && max[2 * i] >= 30
                                && min[2 * i + 1] <= 60
                                && max[2 * i + 1] >= 20;
                Region hull = Region.convex(30, 20, 70, 20, 50, 50, 70, 60, 30, 60);
                inside(index, hull, scene.items, square);
                inside(index, Region.polygon(polygon), scene.items, square);
            }
        }
    }

    private static double distance(IndexTest.Scene scene, int item, double[] at) {
        double sum = 0;
        for (int axis = 0; axis < 2; axis++) {
            int k = 2 * item + axis;
            double gap = Math.max(0, Math.max(scene.min[k] - at[axis], at[axis] - scene.max[k]));
            sum += gap * gap;
        }
        return Math.sqrt(sum);
    }

    @Test
    void regionsInSpace() {
        double[] at = new Random(4).ints(900, 0, 60).asDoubleStream().toArray();
        double[] matrix = {2, 0, 1, -60, 0, 2, 1, -60, 0, 0, 2, -30, 0, 0, 1, 0};
        double[] planes = {
            1, 0, 0, 5, -1, 0, 0, -40, 0, 1, 0, 9, 0, -1, 0, -50, 0, 0, 1, 2, 1, 1, 1, 60
        };
        try (Index index = Index.build(IndexItems.points(3, at))) {
            for (boolean fromZero : new boolean[] {false, true}) {
                inside(
                        index,
                        Region.viewProjection(matrix, fromZero),
                        300,
                        i -> Math.abs(2 * at[3 * i] + at[3 * i + 2] - 60) <= at[3 * i + 2]
                                && Math.abs(2 * at[3 * i + 1] + at[3 * i + 2] - 60) <= at[3 * i + 2]
                                && at[3 * i + 2] >= (fromZero ? 15 : 10)
                                && at[3 * i + 2] <= 30);
            }
            inside(
                    index,
                    Region.frustum(planes),
                    300,
                    i -> at[3 * i] >= 5
                            && at[3 * i] <= 40
                            && at[3 * i + 1] >= 9
                            && at[3 * i + 1] <= 50
                            && at[3 * i + 2] >= 2
                            && at[3 * i] + at[3 * i + 1] + at[3 * i + 2] >= 60);
            // Its side rises by one each, and its end is a ball that touches it at half of its
            // length; no whole number lies on its border.
            double[] apex = {0.1234, 0.4321, -0.777};
            inside(
                    index,
                    Region.cone(apex, new double[] {0, 0, 3}, Math.PI / 4, 40),
                    300,
                    i -> {
                        double side = Math.hypot(at[3 * i] - apex[0], at[3 * i + 1] - apex[1]);
                        double along = at[3 * i + 2] - apex[2];
                        double end = side * side + (along - 40) * (along - 40);
                        return (along <= 20 && side <= along) || end <= 800;
                    });
        }
    }

    @Test
    void nearness() {
        IndexTest.Scene one = new IndexTest.Scene(new Random(5), 300);
        IndexTest.Scene two = new IndexTest.Scene(new Random(6), 100);
        try (Index index = one.build(Layout.FAST);
                Index other = two.build(Layout.ORIGIN)) {
            for (double most : new double[] {0, 4}) {
                int[] alone =
                        IntStream.range(0, one.items)
                                .filter(i -> two.within(one, i, most).length == 0)
                                .toArray();
                int[] found = Arrays.copyOf(index.antiJoin(other, most, hits).ids(), hits.size());
                Arrays.sort(found);
                assertArrayEquals(alone, found);
                assertArrayEquals(labels(one, most), index.components(most));
            }
            ClosestPair pair = index.closestPair(other);
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < one.items; i++) {
                for (int j = 0; j < two.items; j++) {
                    least = Math.min(least, one.gap(i, two, j));
                }
            }
            assertEquals(least, pair.distance(), 1e-9);
            assertEquals(least, one.gap(pair.id(), two, pair.other()), 1e-9);
            assertTrue(index.closestPair().id() < index.closestPair().other());
        }
        try (Index alone = Index.build(IndexItems.points(2, new double[] {1, 2}))) {
            assertNull(alone.closestPair());
            assertArrayEquals(new int[] {0}, alone.components(5));
        }
    }

    private static int[] labels(IndexTest.Scene scene, double most) {
        int[] labels = IntStream.range(0, scene.items).toArray();
        boolean isChanged = true;
        while (isChanged) {
            isChanged = false;
            for (int i = 0; i < labels.length; i++) {
                for (int j : scene.within(scene, i, most)) {
                    if (labels[j] < labels[i]) {
                        labels[i] = labels[j];
                        isChanged = true;
                    }
                }
            }
        }
        return labels;
    }

    @Test
    void estimatesHoldTheTrueNumber() {
        IndexTest.Scene scene = new IndexTest.Scene(new Random(7), 3000);
        double[] min = {0, 0, 20, 30, -5, -5};
        double[] max = {200, 200, 55, 70, -1, -1};
        try (Index index = scene.build(Layout.FAST)) {
            long[] counts = index.count(min, max);
            for (int level = 0; level < 4; level++) {
                Estimates found = index.estimate(min, max, level);
                assertEquals(3, found.size());
                for (int row = 0; row < 3; row++) {
                    assertTrue(found.lower()[row] <= counts[row]);
                    assertTrue(counts[row] <= found.upper()[row]);
                    assertTrue(found.lower()[row] <= found.guesses()[row]);
                    assertTrue(found.guesses()[row] <= found.upper()[row]);
                }
            }
            assertArrayEquals(counts, index.estimate(min, max, 0).lower());
            assertArrayEquals(counts, index.estimate(min, max, 0).upper());
            assertThrows(IllegalArgumentException.class, () -> index.estimate(min, max, -1));
        }
    }

    @Test
    void masksAndPrefixes() {
        IndexTest.Scene scene = new IndexTest.Scene(new Random(8), 400);
        long[] masks = IntStream.range(0, 400).mapToLong(i -> 1L << (i % 64)).toArray();
        byte[][] payloads = new byte[400][];
        for (int item = 0; item < 400; item++) {
            payloads[item] = new byte[item % 3];
        }
        IndexItems items = IndexItems.boxes(2, scene.min, scene.max).masks(masks).payloads(payloads);
        double[] low = {20, 20};
        double[] high = {60, 60};
        try (Index index = Index.build(items, new IndexOptions().prefixBytes(2))) {
            assertTrue(index.info().hasMasks());
            assertFalse(index.info().hasValues());
            assertEquals(2, index.info().prefixBytes());
            long all = 0;
            int count = 0;
            for (int i = 0; i < 400; i++) {
                boolean meets = true;
                for (int k = 2 * i; k < 2 * i + 2; k++) {
                    meets &= scene.min[k] <= 60 && scene.max[k] >= 20;
                }
                all |= meets ? masks[i] : 0;
                count += meets ? 1 : 0;
            }
            Aggregates found = index.aggregate(low, high);
            assertArrayEquals(new long[] {all}, found.masks());
            assertArrayEquals(new long[] {count}, found.counts());
            assertEquals(0, found.sums()[0]);
            assertTrue(Double.isNaN(found.least()[0]));
        }
        IndexItems one = IndexItems.points(2, low);
        assertThrows(IllegalArgumentException.class, () -> one.masks(new long[2]));
    }

    @Test
    void trianglesAreMetAndNotTheirBoxes() {
        double[] corners = {0, 0, 5, 4, 0, 5, 0, 4, 5, 0, 0, 9, 8, 0, 9, 0, 8, 9};
        double[] origin = {1, 1, 0, 3, 3, 0, 7, 7, 0};
        double[] up = {0, 0, 1, 0, 0, 1, 0, 0, 1};
        IndexMetadata said = new IndexMetadata("local", null, null);
        try (Index index = Index.buildTriangles(3, corners, said, new IndexOptions())) {
            assertEquals("local", index.metadata().crs());
            index.raycastTriangles(origin, up, null, hits);
            assertArrayEquals(new int[] {0, 1, Hits.NO_ITEM}, Arrays.copyOf(hits.ids(), 3));
            assertEquals(9, hits.distance(1));
            assertTrue(Double.isNaN(hits.distance(2)));
            index.raycastClosest(origin, up, null, hits);
            assertEquals(0, hits.id(1));
            ByteBuffer bytes = ByteBuffer.wrap(index.payload(1)).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(8.0, bytes.getDouble(3 * 8));
        }
        corners[13] = Double.NaN;
        SpatioException error =
                assertThrows(
                        SpatioException.class,
                        () -> Index.buildTriangles(3, corners, null, new IndexOptions()));
        assertEquals(Status.INVALID_ARGUMENT, error.status());
        assertEquals(1, error.row());
        assertThrows(
                IllegalArgumentException.class,
                () -> Index.buildTriangles(3, new double[8], null, new IndexOptions()));
    }

    @Test
    void whatIsNoRegionIsRefused() {
        double[] flat = {0, 0};
        try (Index index = Index.build(IndexItems.points(2, flat));
                Region solid = Region.ball(new double[3], 1)) {
            SpatioException error =
                    assertThrows(SpatioException.class, () -> index.searchRegion(solid, hits));
            assertEquals(Status.INVALID_ARGUMENT, error.status());
            assertTrue(error.getMessage().contains("index has 2 axes, region has 3"));
            error = assertThrows(SpatioException.class, () -> Region.cone(flat, flat, 1, 1));
            assertEquals(Status.INVALID_ARGUMENT, error.status());
            double[] along = {1, 0};
            error = assertThrows(SpatioException.class, () -> Region.cone(flat, along, 2, 1));
            assertEquals(Status.OUT_OF_RANGE, error.status());
            error =
                    assertThrows(
                            SpatioException.class,
                            () -> index.raycastTriangles(flat, along, null, hits));
            assertEquals(Status.UNSUPPORTED, error.status());
            assertThrows(
                    IllegalArgumentException.class, () -> Region.capsule(flat, new double[3], 1));
            assertThrows(IllegalArgumentException.class, () -> Region.frustum(new double[23]));
            assertThrows(IllegalArgumentException.class, () -> Region.convex(1, 2, 3));
        }
    }
}
