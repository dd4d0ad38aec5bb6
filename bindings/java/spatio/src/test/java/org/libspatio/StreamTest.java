package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streamed indexes against the index in memory; readers of every sort, and what they break. */
class StreamTest {
    private static final int ITEMS = 10_000;
    private static final double[] LOW = {20, 20};
    private static final double[] HIGH = {35, 40};
    private static final double[] FROM = {-1, 50};
    private static final double[] EAST = {1, 0};

    private long before;

    @BeforeEach
    void count() {
        before = Spatio.liveHandles();
    }

    @AfterEach
    void nothingIsLeft() {
        assertEquals(before, Spatio.liveHandles());
    }

    private static Index index() {
        IndexTest.Scene scene = new IndexTest.Scene(new Random(3), ITEMS);
        byte[][] payloads = new byte[ITEMS][];
        for (int item = 0; item < ITEMS; item++) {
            payloads[item] = ("item " + item).getBytes();
        }
        double[] values = IntStream.range(0, ITEMS).asDoubleStream().toArray();
        return Index.build(IndexItems.boxes(2, scene.min, scene.max).payloads(payloads).values(values));
    }

    private static int[] sorted(Hits hits) {
        int[] ids = Arrays.copyOf(hits.ids(), hits.size());
        Arrays.sort(ids);
        return ids;
    }

    private static void compare(StreamIndex stream, Index index) throws IOException {
        Hits hits = stream.search(LOW, HIGH, new Hits());
        Hits wanted = index.search(LOW, HIGH, new Hits());
        assertTrue(hits.size() > 0);
        assertArrayEquals(sorted(wanted), sorted(hits));
        assertEquals(hits.size(), stream.count(LOW, HIGH));
        Hits told = stream.payloads(hits.ranks(), hits.size(), new Hits());
        for (int row = 0; row < hits.size(); row++) {
            assertEquals("item " + hits.id(row), Utf8.text(told.payload(row)));
            assertEquals(hits.rank(row), told.rank(row));
            assertEquals(Hits.NO_ITEM, told.id(row));
        }
        int rows = hits.size();
        // The ranks may be those of the very hits that are filled.
        assertSame(hits, stream.payloads(hits.ranks(), rows, hits));
        assertEquals(rows, hits.size());
        stream.nearest(LOW, 9, Double.POSITIVE_INFINITY, hits);
        index.nearest(LOW, null, 9, null, wanted);
        for (int row = 0; row < 9; row++) {
            assertEquals(wanted.id(row), hits.id(row));
            assertEquals(wanted.distance(row), hits.distance(row));
        }
        stream.raycastClosest(FROM, EAST, Double.POSITIVE_INFINITY, hits);
        index.raycastClosest(FROM, EAST, null, wanted);
        assertEquals(wanted.id(0), hits.id(0));
        assertEquals(wanted.distance(0), hits.distance(0));
        assertEquals(0, stream.raycastClosest(FROM, new double[] {-1, 0}, 9, hits).size());
        StreamAggregate summed = stream.aggregate(LOW, HIGH);
        Aggregates whole = index.aggregate(LOW, HIGH);
        assertEquals(whole.counts()[0], summed.count());
        assertEquals(whole.sums()[0], summed.sum());
        assertEquals(whole.least()[0], summed.least());
    }

    @Test
    void aReaderIsAskedForFewParts() throws IOException {
        try (Index index = index()) {
            CaseStreams.Memory memory = new CaseStreams.Memory(index.bytes());
            try (StreamIndex stream = StreamIndex.open(memory)) {
                assertEquals(2, stream.info().dims());
                assertEquals(ITEMS, stream.info().items());
                compare(stream, index);
                assertEquals(memory.calls, stream.spent().rounds());
                long rounds = memory.calls;
                long bytes = stream.spent().bytes();
                assertEquals(ITEMS, stream.count(new double[] {-9, -9}, new double[] {200, 200}));
                assertEquals(rounds, memory.calls);
                stream.search(new double[] {50, 50}, null, new Hits());
                assertEquals(rounds + 1, memory.calls);
                assertTrue(stream.spent().bytes() - bytes < memory.file.length / 4);
            }
        }
    }

    @Test
    void aFileIsReadWhereItStands(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("boxes.idx");
        try (Index index = index()) {
            Files.write(path, index.bytes());
            try (FileChannel file = FileChannel.open(path);
                    StreamIndex stream = StreamIndex.open(new FileRanges(file))) {
                compare(stream, index);
                try (FileChannel cut = FileChannel.open(path, java.nio.file.StandardOpenOption.WRITE)) {
                    cut.truncate(100);
                }
                assertThrows(EOFException.class, () -> stream.search(LOW, HIGH, new Hits()));
            }
        }
    }

    @Test
    void manyThreadsAskOne() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        StreamOptions options = new StreamOptions().keptBytes(0);
        try (Index index = index();
                StreamIndex stream =
                        StreamIndex.open(new CaseStreams.Memory(index.bytes()), options)) {
            List<Future<Void>> asked = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                asked.add(
                        pool.submit(
                                () -> {
                                    for (int round = 0; round < 3; round++) {
                                        compare(stream, index);
                                    }
                                    return null;
                                }));
            }
            for (Future<Void> one : asked) {
                one.get();
            }
        } finally {
            pool.shutdown();
        }
    }

    /** Does what it is told, before it reads. */
    private static final class Odd implements RangeReader {
        final CaseStreams.Memory memory;
        Runnable first = () -> {};
        IOException broken;
        byte[][] instead;

        Odd(byte[] file) {
            memory = new CaseStreams.Memory(file);
        }

        @Override
        public long size() {
            return memory.size();
        }

        @Override
        public byte[][] read(long[] offsets, int[] lengths) throws IOException {
            first.run();
            if (broken != null) {
                throw broken;
            }
            return instead != null ? instead : memory.read(offsets, lengths);
        }
    }

    @Test
    void whatAReaderThrowsEndsTheQuestionAlone() throws IOException {
        try (Index index = index()) {
            Odd odd = new Odd(index.bytes());
            try (StreamIndex stream = StreamIndex.open(odd, new StreamOptions().keptBytes(0))) {
                Hits hits = stream.search(LOW, HIGH, new Hits());
                odd.broken = new IOException("the line is cut");
                assertSame(
                        odd.broken,
                        assertThrows(IOException.class, () -> stream.search(LOW, HIGH, hits)));
                assertEquals(0, hits.size());
                odd.broken = null;
                odd.instead = new byte[][] {{1, 2, 3}};
                SpatioException error =
                        assertThrows(SpatioException.class, () -> stream.search(LOW, HIGH, hits));
                assertEquals(Status.IO, error.status());
                odd.instead = new byte[1][];
                assertThrows(NullPointerException.class, () -> stream.search(LOW, HIGH, hits));
                odd.instead = null;
                compare(stream, index);
            }
        }
    }

    @Test
    void closingDoesNotWaitForAReader() throws IOException {
        try (Index index = index()) {
            Odd odd = new Odd(index.bytes());
            StreamIndex stream = StreamIndex.open(odd, new StreamOptions().keptBytes(0));
            odd.first = stream::close;
            // The question that was begun goes on, a further one is refused.
            Hits hits = stream.search(LOW, HIGH, new Hits());
            assertArrayEquals(sorted(index.search(LOW, HIGH, new Hits())), sorted(hits));
            SpatioException error =
                    assertThrows(SpatioException.class, () -> stream.search(LOW, HIGH, hits));
            assertEquals(Status.CLOSED, error.status());
            assertTrue(error.getMessage().contains("this StreamIndex was closed"));
            assertThrows(SpatioException.class, stream::info);
        }
    }

    @Test
    void whatCannotBeAskedIsRefused() throws IOException {
        try (Index index = index();
                StreamIndex stream = StreamIndex.open(new CaseStreams.Memory(index.bytes()))) {
            Hits hits = new Hits();
            double[] three = {1, 2, 3};
            assertThrows(IllegalArgumentException.class, () -> stream.search(three, null, hits));
            assertThrows(IllegalArgumentException.class, () -> stream.nearest(three, 1, 1, hits));
            assertThrows(IllegalArgumentException.class, () -> stream.nearest(LOW, -1, 1, hits));
            assertThrows(
                    IllegalArgumentException.class, () -> stream.payloads(new int[1], 2, hits));
            assertThrows(IllegalArgumentException.class, () -> new StreamOptions().gapBytes(-1));
            SpatioException error =
                    assertThrows(SpatioException.class, () -> stream.search(HIGH, LOW, hits));
            assertEquals(Status.INVALID_ARGUMENT, error.status());
            error =
                    assertThrows(
                            SpatioException.class, () -> stream.prefixes(new int[1], 1, hits));
            assertEquals(Status.NOT_FOUND, error.status());
            byte[] words = "no index at all, these are words".getBytes();
            error =
                    assertThrows(
                            SpatioException.class,
                            () -> StreamIndex.open(new CaseStreams.Memory(words)));
            assertEquals(Status.CORRUPT, error.status());
        }
    }
}
