package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Streamed indexes: opened over the bytes of an index, asked, their rounds counted. */
final class CaseStreams implements AutoCloseable {
    private final Map<String, Streamed> open = new HashMap<>();
    /** The answer that each question fills anew. */
    private final Hits hits = new Hits();

    /** Reads memory, and counts its calls. */
    static final class Memory implements RangeReader {
        byte[] file;
        long calls;

        Memory(byte[] file) {
            this.file = file;
        }

        @Override
        public long size() {
            return file.length;
        }

        @Override
        public synchronized byte[][] read(long[] offsets, int[] lengths) throws IOException {
            calls++;
            byte[][] parts = new byte[offsets.length][];
            for (int at = 0; at < parts.length; at++) {
                int from = (int) offsets[at];
                parts[at] = Arrays.copyOfRange(file, from, from + lengths[at]);
            }
            return parts;
        }
    }

    private static final class Streamed {
        final Memory memory;
        final StreamIndex index;

        Streamed(byte[] file, StreamOptions options) throws IOException {
            memory = new Memory(file);
            index = StreamIndex.open(memory, options);
        }
    }

    /** Plays a step; null if it is about something else. */
    JsonObject play(CaseIndexes indexes, String op, JsonObject args) throws IOException {
        if (!op.startsWith("stream_")) {
            return null;
        }
        if (op.equals("stream_open")) {
            return keep(args, new Streamed(bytes(indexes, args), options(args)));
        }
        Streamed stream = open.get(args.has("stream") ? CaseArgs.text(args, "stream") : "stream");
        if (stream == null) {
            throw new CaseArgs.BadCase("no such stream: " + args);
        }
        long before = stream.memory.calls;
        long said = stream.index.spent().rounds();
        JsonObject answer = ask(stream.index, op, args);
        long rounds = stream.memory.calls - before;
        if (stream.index.spent().rounds() - said != rounds) {
            throw new IllegalStateException("the rounds that are told are not those that were played");
        }
        answer.addProperty("rounds", rounds);
        return answer;
    }

    private static byte[] bytes(CaseIndexes indexes, JsonObject args) {
        if (!args.has("bytes")) {
            return indexes.index(args, "from").bytes();
        }
        long[] numbers = CaseArgs.wholes(args, "bytes");
        byte[] bytes = new byte[numbers.length];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) numbers[at];
        }
        return bytes;
    }

    private static StreamOptions options(JsonObject args) {
        StreamOptions options = new StreamOptions();
        if (args.has("without_fast")) {
            options.withoutFast(args.get("without_fast").getAsBoolean());
        }
        if (args.has("gap_bytes")) {
            options.gapBytes(args.get("gap_bytes").getAsLong());
        }
        if (args.has("read_bytes")) {
            options.readBytes(args.get("read_bytes").getAsLong());
        }
        if (args.has("round_bytes")) {
            options.roundBytes(args.get("round_bytes").getAsLong());
        }
        if (args.has("kept_bytes")) {
            options.keptBytes(args.get("kept_bytes").getAsLong());
        }
        if (args.has("max_reads")) {
            options.maxReads(args.get("max_reads").getAsLong());
        }
        if (args.has("max_bytes")) {
            options.maxBytes(args.get("max_bytes").getAsLong());
        }
        if (args.has("max_items")) {
            options.maxItems(args.get("max_items").getAsLong());
        }
        return options;
    }

    /** Keeps a stream under its name; one that was kept under it is given up. */
    private JsonObject keep(JsonObject args, Streamed stream) {
        Streamed before = open.put(args.has("as") ? CaseArgs.text(args, "as") : "stream", stream);
        if (before != null) {
            before.index.close();
        }
        JsonObject answer = new JsonObject();
        answer.addProperty("rounds", stream.memory.calls);
        return answer;
    }

    private JsonObject ask(StreamIndex index, String op, JsonObject args) throws IOException {
        double[] min = CaseArgs.numbers(args, "min");
        double[] max = CaseArgs.numbers(args, "max");
        JsonObject answer = new JsonObject();
        switch (op) {
            case "stream_close":
                index.close();
                return answer;
            case "stream_info":
                return info(index.info());
            case "stream_search":
                return items(index.search(min, max, hits));
            case "stream_count":
                answer.addProperty("count", index.count(min, max));
                return answer;
            case "stream_aggregate":
                return summed(index.aggregate(min, max));
            case "stream_nearest":
                int k = k(args);
                double[] at = CaseArgs.numbers(args, "at");
                return nearest(index.nearest(at, k, far(args, "max_distance"), hits));
            case "stream_raycast_closest":
                double[] origin = CaseArgs.numbers(args, "origin");
                double[] direction = CaseArgs.numbers(args, "direction");
                return hit(index.raycastClosest(origin, direction, far(args, "max_t"), hits));
            case "stream_payloads":
            case "stream_prefixes":
                return payloads(index, op, args);
            default:
                return askShapes(index, op, args, min, max);
        }
    }

    private JsonObject askShapes(
            StreamIndex index, String op, JsonObject args, double[] min, double[] max)
            throws IOException {
        double far = far(args, "max_distance");
        JsonObject answer = new JsonObject();
        switch (op) {
            case "stream_search_region":
                try (Region region = CaseRegions.region(args.getAsJsonObject("region"))) {
                    return items(index.searchRegion(region, hits));
                }
            case "stream_count_region":
                try (Region region = CaseRegions.region(args.getAsJsonObject("region"))) {
                    answer.addProperty("count", index.countRegion(region));
                    return answer;
                }
            case "stream_search_within":
                return items(index.searchWithin(min, max, far, hits));
            case "stream_count_within":
                answer.addProperty("count", index.countWithin(min, max, far));
                return answer;
            default:
                double lon = CaseArgs.number(args, "lon");
                double lat = CaseArgs.number(args, "lat");
                return op.equals("stream_nearest_great_circle")
                        ? nearest(index.nearestGreatCircle(lon, lat, k(args), far, hits))
                        : items(index.searchGreatCircle(lon, lat, far, hits));
        }
    }

    private static int k(JsonObject args) {
        return args.has("k") ? args.get("k").getAsInt() : Index.NO_LIMIT;
    }

    private static JsonObject items(Hits found) {
        JsonObject answer = new JsonObject();
        answer.add("ids", wholes(sorted(found).map(found::id)));
        return answer;
    }

    private static JsonObject nearest(Hits found) {
        JsonObject answer = new JsonObject();
        answer.add("ids", wholes(IntStream.range(0, found.size()).map(found::id)));
        double[] distances = Arrays.copyOf(found.distances(), found.size());
        answer.add("distances", CaseIndexes.numbers(distances));
        return answer;
    }

    private static double far(JsonObject args, String name) {
        return args.has(name) ? CaseArgs.number(args, name) : Double.POSITIVE_INFINITY;
    }

    private static JsonObject info(StreamInfo info) {
        JsonObject answer = new JsonObject();
        answer.addProperty("dims", info.dims());
        answer.addProperty("items", info.items());
        answer.addProperty("asks_fast", info.asksFast());
        answer.addProperty("has_payloads", info.hasPayloads());
        answer.addProperty("prefix_bytes", info.prefixBytes());
        answer.addProperty("has_aggregates", info.hasAggregates());
        boolean isEmpty = info.min() == null;
        answer.add("min", isEmpty ? JsonNull.INSTANCE : CaseIndexes.numbers(info.min()));
        answer.add("max", isEmpty ? JsonNull.INSTANCE : CaseIndexes.numbers(info.max()));
        return answer;
    }

    private static JsonObject summed(StreamAggregate found) {
        JsonObject answer = new JsonObject();
        answer.addProperty("count", found.count());
        answer.add("sum", CaseCompare.number(found.sum()));
        answer.add("least", CaseCompare.number(found.least()));
        answer.add("greatest", CaseCompare.number(found.greatest()));
        answer.addProperty("mask", found.mask());
        return answer;
    }

    private static JsonObject hit(Hits found) {
        JsonObject answer = new JsonObject();
        answer.add("id", JsonNull.INSTANCE);
        answer.add("distance", JsonNull.INSTANCE);
        if (found.size() == 1) {
            answer.addProperty("id", found.id(0));
            answer.add("distance", CaseCompare.number(found.distance(0)));
        }
        return answer;
    }

    /** The rows in the order of their items. */
    private static IntStream sorted(Hits found) {
        return IntStream.range(0, found.size())
                .boxed()
                .sorted(Comparator.comparingInt(found::id))
                .mapToInt(Integer::intValue);
    }

    private static JsonArray wholes(IntStream numbers) {
        JsonArray list = new JsonArray();
        numbers.forEach(list::add);
        return list;
    }

    /** Those of ranks, or of the items of a window in the order of their ids. */
    private JsonObject payloads(StreamIndex index, String op, JsonObject args) throws IOException {
        JsonObject answer = new JsonObject();
        int[] ranks;
        if (args.has("ranks")) {
            ranks = Arrays.stream(CaseArgs.wholes(args, "ranks")).mapToInt(rank -> (int) rank).toArray();
        } else {
            double[] max = CaseArgs.numbers(args, "max");
            index.search(CaseArgs.numbers(args, "min"), max, hits);
            answer.add("ids", wholes(sorted(hits).map(hits::id)));
            ranks = sorted(hits).map(hits::rank).toArray();
        }
        if (op.equals("stream_prefixes")) {
            index.prefixes(ranks, ranks.length, hits);
        } else {
            index.payloads(ranks, ranks.length, hits);
        }
        JsonArray payloads = new JsonArray();
        for (int row = 0; row < hits.size(); row++) {
            payloads.add(Utf8.text(hits.payload(row)));
        }
        answer.add("payloads", payloads);
        return answer;
    }

    @Override
    public void close() {
        open.values().forEach(stream -> stream.index.close());
    }
}
