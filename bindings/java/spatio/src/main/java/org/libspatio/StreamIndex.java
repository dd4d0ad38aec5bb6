package org.libspatio;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A packed index whose bytes lie elsewhere, read part by part: few rounds of reads for a question,
 * each of all that it needs then. Items have ranks beside their ids, by which their payloads are
 * asked for. Any number of threads may ask one, if its reader may be asked by them.
 *
 * <pre>{@code
 * try (StreamIndex towns = StreamIndex.open(new FileRanges(channel))) {
 *     Hits hits = towns.search(new double[] {5, 45}, new double[] {15, 55}, new Hits());
 *     Hits names = towns.payloads(hits.ranks(), hits.size(), new Hits());
 * }
 * }</pre>
 *
 * <p>What a reader throws ends the question alone. No call holds the index while it reads: closing
 * does not wait for a reader.
 */
public final class StreamIndex implements AutoCloseable {
    private static final class Handle extends Resource {
        final ResultPool pool = new HitsPool();

        Handle(long pointer) {
            super("StreamIndex", pointer, 16);
        }

        @Override
        void free() {
            pool.close();
            Native.streamFree(pointer);
        }
    }

    /** Begins a question by a call of the library. */
    private interface Begin {
        long run(long stream);
    }

    /** Takes the answer of a question. */
    private interface Take<T> {
        T run(long fetch);
    }

    /** Begins a question about a region, which it holds no longer than that. */
    private abstract static class About implements Begin {
        private final Region region;

        About(Region region) {
            this.region = region;
        }

        abstract long begin(long stream, long shape);

        @Override
        public long run(long stream) {
            int slot = region.resource.guard.enter("region");
            try {
                return begin(stream, region.resource.pointer);
            } finally {
                region.resource.guard.exit(slot);
            }
        }
    }

    private final Handle handle;
    private final RangeReader reader;
    private final int dims;
    private final AtomicReference<Spent> spent;

    private StreamIndex(long pointer, RangeReader reader, Spent spent) {
        this.dims = dims(pointer);
        this.handle = new Handle(pointer);
        this.reader = reader;
        this.spent = new AtomicReference<Spent>(spent);
        handle.watch(this);
    }

    /** The axes of a stream that was just opened, and that is freed if it will not tell. */
    private static int dims(long pointer) {
        boolean isTold = false;
        try {
            int dims = info(pointer).dims();
            isTold = true;
            return dims;
        } finally {
            if (!isTold) {
                Native.streamFree(pointer);
            }
        }
    }

    private static StreamInfo info(long pointer) {
        long[] numbers = new long[StreamInfo.NUMBERS];
        double[] corners = new double[8];
        Native.streamInfo(pointer, numbers, corners);
        return new StreamInfo(numbers, corners);
    }

    /** Opens the index that a reader reads, with the library's defaults. */
    public static StreamIndex open(RangeReader reader) throws IOException {
        return open(reader, new StreamOptions());
    }

    /**
     * Opens the index that a reader reads, in two or three rounds. The reader stays the caller's.
     *
     * @throws SpatioException {@link Status#CORRUPT} if it is no index
     * @throws IOException what the reader throws
     */
    public static StreamIndex open(RangeReader reader, StreamOptions options) throws IOException {
        long size = reader.size();
        if (size < 0) {
            throw new IllegalArgumentException("the reader's size is " + size);
        }
        long fetch = Native.streamBegin(size, options.set, options.values);
        try {
            feed(fetch, reader);
            Spent opening = new Spent(0, 0, 0).with(spent(fetch));
            return new StreamIndex(Native.streamOpen(fetch), reader, opening);
        } finally {
            Native.fetchFree(fetch);
        }
    }

    private static long[] spent(long fetch) {
        long[] numbers = new long[3];
        Native.fetchSpent(fetch, numbers);
        return numbers;
    }

    /** Goes round until a question wants nothing more. */
    private static void feed(long fetch, RangeReader reader) throws IOException {
        for (long[] wanted = Native.fetchWanted(fetch);
                wanted != null;
                wanted = Native.fetchWanted(fetch)) {
            long[] offsets = new long[wanted.length / 2];
            int[] lengths = new int[offsets.length];
            for (int at = 0; at < offsets.length; at++) {
                offsets[at] = wanted[2 * at];
                lengths[at] = Check.array(wanted[2 * at + 1], "bytes of a range");
            }
            byte[][] parts = reader.read(offsets, lengths);
            for (int at = 0; at < parts.length; at++) {
                if (parts[at] == null) {
                    throw new NullPointerException("the reader gave null for range " + at);
                }
            }
            Native.fetchFeed(fetch, parts);
        }
    }

    private <T> T ask(String operation, Begin begin, Take<T> take) throws IOException {
        long fetch;
        int slot = handle.guard.enter(operation);
        try {
            fetch = begin.run(handle.pointer);
        } finally {
            handle.guard.exit(slot);
        }
        try {
            feed(fetch, reader);
            T answer = take.run(fetch);
            count(spent(fetch));
            return answer;
        } finally {
            Native.fetchFree(fetch);
        }
    }

    private void count(long[] more) {
        Spent before = spent.get();
        while (!spent.compareAndSet(before, before.with(more))) {
            before = spent.get();
        }
    }

    /** Asks a question whose answer is a number. */
    private long number(String operation, Begin begin) throws IOException {
        return ask(
                operation,
                begin,
                new Take<Long>() {
                    @Override
                    public Long run(long fetch) {
                        return Native.fetchCount(fetch);
                    }
                });
    }

    /** Asks a question whose answer is hits. */
    private Hits find(String operation, final Hits hits, Begin begin) throws IOException {
        // Only what is answered takes their place: they may be those whose ranks are asked for.
        boolean isAnswered = false;
        try {
            ask(
                    operation,
                    begin,
                    new Take<Hits>() {
                        @Override
                        public Hits run(long fetch) {
                            hits.clear();
                            long result = handle.pool.take();
                            try {
                                result = Native.fetchHits(fetch, result, hits.counts);
                                hits.fill(result);
                            } finally {
                                handle.pool.give(result, hits.size());
                            }
                            return hits;
                        }
                    });
            isAnswered = true;
        } finally {
            if (!isAnswered) {
                hits.clear();
            }
        }
        return hits;
    }

    private void window(double[] min, double[] max) {
        Check.numbers(min, dims, "min");
        if (max != null) {
            Check.numbers(max, dims, "max");
        }
    }

    /** What it is, and the box of all its items. */
    public StreamInfo info() {
        int slot = handle.guard.enter("info");
        try {
            return info(handle.pointer);
        } finally {
            handle.guard.exit(slot);
        }
    }

    /** What opening it and all questions that were answered took. */
    public Spent spent() {
        return spent.get();
    }

    /**
     * The items that share a point with a window, its borders included: ids and ranks, in no promised
     * order.
     *
     * @param min its least coordinates, a number for each axis
     * @param max its greatest; null: it is a point
     * @return {@code hits}
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} for a NaN or a min above its max
     */
    public Hits search(final double[] min, final double[] max, Hits hits) throws IOException {
        window(min, max);
        return find(
                "search",
                hits,
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamSearch(stream, min, max);
                    }
                });
    }

    /** How many items share a point with a window. What lies wholly inside is not read. */
    public long count(final double[] min, final double[] max) throws IOException {
        window(min, max);
        return number(
                "count",
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamCount(stream, min, max);
                    }
                });
    }

    /**
     * The items that share a point with a region of as many axes, or with one on the first two: ids
     * and ranks, in no promised order.
     *
     * @return {@code hits}
     * @throws SpatioException {@link Status#INVALID_ARGUMENT} for a region of other axes
     */
    public Hits searchRegion(Region region, Hits hits) throws IOException {
        return find(
                "searchRegion",
                hits,
                new About(region) {
                    @Override
                    long begin(long stream, long shape) {
                        return Native.streamSearchRegion(stream, shape);
                    }
                });
    }

    /** How many items share a point with a region. What lies wholly inside is not read. */
    public long countRegion(Region region) throws IOException {
        return number(
                "countRegion",
                new About(region) {
                    @Override
                    long begin(long stream, long shape) {
                        return Native.streamCountRegion(stream, shape);
                    }
                });
    }

    /**
     * The items within a Euclidean distance of a box, or of a point: ids and ranks, in no promised
     * order. What is exactly as far belongs to it, and at 0 it is what touches.
     *
     * @param max its greatest coordinates; null: it is a point
     * @return {@code hits}
     * @throws SpatioException {@link Status#OUT_OF_RANGE} for a distance that is negative or NaN
     */
    public Hits searchWithin(
            final double[] min, final double[] max, final double maxDistance, Hits hits)
            throws IOException {
        window(min, max);
        return find(
                "searchWithin",
                hits,
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamSearchWithin(stream, min, max, maxDistance);
                    }
                });
    }

    /** How many items are within a Euclidean distance of a box, or of a point. */
    public long countWithin(final double[] min, final double[] max, final double maxDistance)
            throws IOException {
        window(min, max);
        return number(
                "countWithin",
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamCountWithin(stream, min, max, maxDistance);
                    }
                });
    }

    /**
     * What the values of the items of a window come to.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if the index has nothing to add up
     */
    public StreamAggregate aggregate(final double[] min, final double[] max) throws IOException {
        window(min, max);
        return ask(
                "aggregate",
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamAggregate(stream, min, max);
                    }
                },
                new Take<StreamAggregate>() {
                    @Override
                    public StreamAggregate run(long fetch) {
                        StreamAggregate found = new StreamAggregate();
                        Native.fetchAggregate(fetch, found.whole, found.parts);
                        return found;
                    }
                });
    }

    /**
     * The k items nearest to a point by Euclidean distance, nearest first, of equal distances the
     * smaller id first.
     *
     * @param k at most so many; {@link Index#NO_LIMIT}
     * @param maxDistance none further than that; may be infinite
     */
    public Hits nearest(final double[] point, final int k, final double maxDistance, Hits hits)
            throws IOException {
        Check.numbers(point, dims, "point");
        Check.rows(k, "k");
        return find(
                "nearest",
                hits,
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamNearest(stream, point, k, maxDistance);
                    }
                });
    }

    /**
     * The k items nearest to a place on the globe, in metres along the great circle; what boxes mean
     * there is said at {@link Index#nearestGreatCircle}.
     *
     * @param k at most so many; {@link Index#NO_LIMIT}
     * @param maxDistance none further than so many metres; may be infinite
     * @throws SpatioException {@link Status#OUT_OF_RANGE} for a place that is not on the globe
     */
    public Hits nearestGreatCircle(
            final double lon, final double lat, final int k, final double maxDistance, Hits hits)
            throws IOException {
        Check.rows(k, "k");
        return find(
                "nearestGreatCircle",
                hits,
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamNearestGreatCircle(stream, lon, lat, k, maxDistance);
                    }
                });
    }

    /**
     * The items within a distance in metres along the great circle of a place on the globe: ids and
     * ranks, in no promised order.
     */
    public Hits searchGreatCircle(
            final double lon, final double lat, final double maxDistance, Hits hits)
            throws IOException {
        return find(
                "searchGreatCircle",
                hits,
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamSearchGreatCircle(stream, lon, lat, maxDistance);
                    }
                });
    }

    /**
     * The item that a ray enters first, of several the one with the smallest id: one row or none. Its
     * distance is the t at which the ray enters.
     *
     * @param maxT how far the ray goes, in lengths of its direction; may be infinite
     */
    public Hits raycastClosest(
            final double[] origin, final double[] direction, final double maxT, Hits hits)
            throws IOException {
        Check.numbers(origin, dims, "origin");
        Check.numbers(direction, dims, "direction");
        return find(
                "raycastClosest",
                hits,
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamRaycastClosest(stream, origin, direction, maxT);
                    }
                });
    }

    /**
     * The payloads of items by the first {@code n} of some ranks, such as {@link Hits#ranks}: one row
     * for each.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if the index has no payloads, {@link
     *     Status#INVALID_ARGUMENT} for a rank beyond its items
     */
    public Hits payloads(final int[] ranks, final int n, Hits hits) throws IOException {
        Check.first(n, ranks.length, "ranks");
        return find(
                "payloads",
                hits,
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamPayloads(stream, n, ranks);
                    }
                });
    }

    /**
     * The first bytes of payloads, which lie close together: as many of each as {@link
     * StreamInfo#prefixBytes} says.
     *
     * @throws SpatioException {@link Status#NOT_FOUND} if the file does not have them apart
     */
    public Hits prefixes(final int[] ranks, final int n, Hits hits) throws IOException {
        Check.first(n, ranks.length, "ranks");
        return find(
                "prefixes",
                hits,
                new Begin() {
                    @Override
                    public long run(long stream) {
                        return Native.streamPrefixes(stream, n, ranks);
                    }
                });
    }

    /** Frees it, and leaves its reader open. Nothing the second time. */
    @Override
    public void close() {
        handle.close();
    }
}
