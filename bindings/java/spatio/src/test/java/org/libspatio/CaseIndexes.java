package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** Packed indexes: built, written, opened, closed, and what they are. */
final class CaseIndexes implements AutoCloseable {
    private final Map<String, Index> open = new HashMap<>();
    /** The answer that each question fills anew. */
    final Hits hits = new Hits();

    /** Plays a step; null if it is about something else. */
    JsonObject play(CaseStage stage, String op, JsonObject args) {
        JsonObject answer = new JsonObject();
        switch (op) {
            case "index_build":
                return keep(args, Index.build(items(args), options(args)));
            case "index_build_triangles":
                int dims = args.get("dims").getAsInt();
                double[] corners = points(args, "corners");
                return keep(args, Index.buildTriangles(dims, corners, words(args), options(args)));
            case "index_write":
                String path = stage.file(args).toString();
                answer.addProperty("bytes", Index.write(path, items(args), options(args)));
                return answer;
            case "index_open":
                return keep(args, Index.open(stage.file(args).toString()));
            case "index_open_bytes":
                return keep(args, Index.openBytes(bytes(args)));
            case "index_close":
                index(args, "index").close();
                return answer;
            case "index_info":
                return info(index(args, "index").info());
            case "index_metadata":
                return metadata(index(args, "index").metadata());
            case "index_verify":
                index(args, "index").verify();
                return answer;
            default:
                return op.startsWith("index_") ? CaseAsking.play(this, op, args) : null;
        }
    }

    private byte[] bytes(JsonObject args) {
        if (args.has("from")) {
            return index(args, "from").bytes();
        }
        long[] numbers = CaseArgs.wholes(args, "bytes");
        byte[] bytes = new byte[numbers.length];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) numbers[at];
        }
        return bytes;
    }

    /** Keeps an index under its name; one that was kept under it is given up. */
    private JsonObject keep(JsonObject args, Index index) {
        Index before = open.put(args.has("as") ? CaseArgs.text(args, "as") : "index", index);
        if (before != null) {
            before.close();
        }
        return new JsonObject();
    }

    Index index(JsonObject args, String name) {
        Index index = open.get(args.has(name) ? CaseArgs.text(args, name) : "index");
        if (index == null) {
            throw new CaseArgs.BadCase("no such index: " + args);
        }
        return index;
    }

    /** A list of points as one column; null if it is missing. */
    static double[] points(JsonObject args, String name) {
        if (!args.has(name)) {
            return null;
        }
        return CaseArgs.list(args.getAsJsonArray(name)).stream()
                .flatMap(point -> CaseArgs.list(point.getAsJsonArray()).stream())
                .mapToDouble(CaseArgs::number)
                .toArray();
    }

    private static IndexItems items(JsonObject args) {
        int dims = args.get("dims").getAsInt();
        double[] min = points(args, "min");
        double[] max = points(args, "max");
        IndexItems items =
                max == null ? IndexItems.points(dims, min) : IndexItems.boxes(dims, min, max);
        if (args.has("payloads")) {
            items.payloads(CaseArgs.payloads(args));
        }
        if (args.has("values")) {
            items.values(CaseArgs.numbers(args, "values"));
        }
        if (args.has("metadata")) {
            items.metadata(words(args));
        }
        if (args.has("masks")) {
            items.masks(CaseArgs.wholes(args, "masks"));
        }
        return items;
    }

    /** What an index says of itself; null for nothing. */
    private static IndexMetadata words(JsonObject args) {
        if (!args.has("metadata")) {
            return null;
        }
        JsonObject said = args.getAsJsonObject("metadata");
        return new IndexMetadata(
                word(said, "crs"), word(said, "content_type"), word(said, "attribution"));
    }

    private static String word(JsonObject said, String name) {
        return said.has(name) && !said.get(name).isJsonNull() ? CaseArgs.text(said, name) : null;
    }

    private static IndexOptions options(JsonObject args) {
        IndexOptions options = new IndexOptions();
        if (CaseArgs.isRaw(args, "layout")) {
            options.set(0, CaseArgs.raw(args, "layout"));
        } else if (args.has("layout")) {
            options.layout(CaseArgs.named(Layout.class, args, "layout"));
        }
        if (args.has("bits")) {
            options.coordinateBits(args.get("bits").getAsInt());
        }
        if (args.has("node_size")) {
            options.nodeSize(args.get("node_size").getAsInt());
        }
        if (args.has("interleaved")) {
            options.interleaved(args.get("interleaved").getAsBoolean());
        }
        if (args.has("threads")) {
            options.threads(args.get("threads").getAsInt());
        }
        if (args.has("prefix_bytes")) {
            options.prefixBytes(args.get("prefix_bytes").getAsInt());
        }
        return options;
    }

    private static JsonObject info(IndexInfo info) {
        JsonObject answer = new JsonObject();
        answer.addProperty("dims", info.dims());
        answer.addProperty("items", info.items());
        answer.addProperty("bytes", info.bytes());
        answer.addProperty("layout", info.layout().name().toLowerCase(java.util.Locale.ROOT));
        answer.addProperty("bits", info.coordinateBits());
        answer.addProperty("has_payloads", info.hasPayloads());
        answer.addProperty("has_values", info.hasValues());
        answer.addProperty("has_masks", info.hasMasks());
        answer.addProperty("prefix_bytes", info.prefixBytes());
        answer.add("min", corner(info.min()));
        answer.add("max", corner(info.max()));
        return answer;
    }

    private static JsonElement corner(double[] corner) {
        return corner == null ? JsonNull.INSTANCE : numbers(corner);
    }

    static JsonArray numbers(double... numbers) {
        JsonArray list = new JsonArray();
        for (double number : numbers) {
            list.add(CaseCompare.number(number));
        }
        return list;
    }

    private static JsonObject metadata(IndexMetadata said) {
        JsonObject answer = new JsonObject();
        answer.add("crs", CaseStage.nullable(said.crs()));
        answer.add("content_type", CaseStage.nullable(said.contentType()));
        answer.add("attribution", CaseStage.nullable(said.attribution()));
        return answer;
    }

    @Override
    public void close() {
        open.values().forEach(Index::close);
    }
}
