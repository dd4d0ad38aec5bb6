package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Fences: built, written, opened, closed, what they are, and asked. */
final class CaseFences implements AutoCloseable {
    private final Map<String, Fences> open = new HashMap<>();
    /** The answer that each question fills anew. */
    private final FoundFences found = new FoundFences().withIds().withPayloads();

    /** What is done with the items of a step. */
    private interface Use {
        JsonObject of(FenceItems items);
    }

    /** Plays a step; null if it is about something else. */
    JsonObject play(CaseStage stage, String op, JsonObject args) throws IOException {
        switch (op) {
            case "fences_build":
                return given(args, items -> keep(args, Fences.build(items)));
            case "fences_write":
                return given(args, items -> write(stage, args, items));
            case "fences_open":
                return keep(args, Fences.open(stage.file(args).toString()));
            case "fences_open_bytes":
                return keep(args, Fences.openBytes(Files.readAllBytes(stage.file(args))));
            case "fences_close":
                fences(args).close();
                return new JsonObject();
            default:
                return op.startsWith("fences_") ? ask(fences(args), op, args) : null;
        }
    }

    /** Uses the items of a step, whose polygons are closed afterwards: fences have copies. */
    private static JsonObject given(JsonObject args, Use use) {
        FenceItems items =
                CaseArgs.isRaw(args, "space")
                        ? new FenceItems(CaseArgs.raw(args, "space"))
                        : new FenceItems(CaseArgs.named(Space.class, args, "space"));
        String[] ids = CaseArgs.texts(args, "ids");
        byte[][] payloads = CaseArgs.payloads(args);
        List<Polygon> polygons = new ArrayList<>();
        try {
            for (int row = 0; row < ids.length; row++) {
                Polygon polygon =
                        CaseArgs.polygon(args.getAsJsonArray("polygons").get(row).getAsJsonArray());
                polygons.add(polygon);
                if (payloads == null) {
                    items.add(ids[row], polygon);
                } else {
                    items.add(ids[row], polygon, payloads[row]);
                }
            }
            return use.of(items);
        } finally {
            polygons.forEach(Polygon::close);
        }
    }

    private static JsonObject write(CaseStage stage, JsonObject args, FenceItems items) {
        String path = stage.file(args).toString();
        JsonObject answer = new JsonObject();
        answer.addProperty("bytes", Fences.write(path, items, CasePacks.options(args)));
        return answer;
    }

    /** Keeps fences under their name; those that were kept under it are given up. */
    private JsonObject keep(JsonObject args, Fences fences) {
        Fences before = open.put(args.has("as") ? CaseArgs.text(args, "as") : "fences", fences);
        if (before != null) {
            before.close();
        }
        return new JsonObject();
    }

    private Fences fences(JsonObject args) {
        Fences fences = open.get(args.has("fences") ? CaseArgs.text(args, "fences") : "fences");
        if (fences == null) {
            throw new CaseArgs.BadCase("no such fences: " + args);
        }
        return fences;
    }

    private JsonObject ask(Fences fences, String op, JsonObject args) {
        switch (op) {
            case "fences_info":
                return info(fences.info());
            case "fences_verify":
                fences.verify();
                return new JsonObject();
            case "fences_get":
                return fence(fences.get(CaseArgs.text(args, "id")));
            case "fences_get_by_handle":
                return fence(byHandle(fences, CaseArgs.text(args, "handle")));
            case "fences_containing":
                double[][] at = columns(args, "points");
                JsonObject answer = told(fences, fences.containing(at[0], at[1], found));
                if (at[0].length > 0) {
                    first(fences.containing(at[0][0], at[1][0]), answer);
                }
                return answer;
            case "fences_intersecting":
                double[][] min = columns(args, "min");
                double[][] max = columns(args, "max");
                return told(fences, fences.intersecting(min[0], min[1], max[0], max[1], found));
            default:
                throw new CaseArgs.BadCase("no operation " + op);
        }
    }

    /** The handle that a case means: `#number`, or the id of a fence. */
    private static Fence byHandle(Fences fences, String word) {
        return word.startsWith("#")
                ? fences.get(Long.parseUnsignedLong(word.substring(1)))
                : fences.get(fences.get(word).handle());
    }

    /** The two columns of a list of points. */
    private static double[][] columns(JsonObject args, String name) {
        JsonArray points = args.getAsJsonArray(name);
        double[][] columns = new double[2][points.size()];
        for (int row = 0; row < points.size(); row++) {
            for (int axis = 0; axis < 2; axis++) {
                columns[axis][row] = CaseArgs.number(points.get(row).getAsJsonArray().get(axis));
            }
        }
        return columns;
    }

    private static JsonObject info(FencesInfo info) {
        JsonObject answer = new JsonObject();
        answer.addProperty("space", info.space().name().toLowerCase(Locale.ROOT));
        answer.addProperty("fences", info.fences());
        answer.addProperty("bytes", info.bytes());
        return answer;
    }

    private static JsonObject fence(Fence fence) {
        JsonObject answer = new JsonObject();
        answer.addProperty("found", fence != null);
        if (fence != null) {
            answer.addProperty("id", fence.id());
            byte[] payload = fence.payload();
            answer.add("payload", CaseStage.nullable(payload == null ? null : Utf8.text(payload)));
        }
        return answer;
    }

    /** The ids and payloads of each question; the handles must lead to the same. */
    private static JsonObject told(Fences fences, FoundFences found) {
        JsonArray ids = new JsonArray();
        JsonArray payloads = new JsonArray();
        for (int question = 0; question < found.queries(); question++) {
            JsonArray named = new JsonArray();
            JsonArray carried = new JsonArray();
            for (int row = found.start(question); row < found.end(question); row++) {
                if (!fences.id(found.handle(row)).equals(found.id(row))) {
                    throw new AssertionError("row " + row + " is not " + found.id(row));
                }
                named.add(found.id(row));
                byte[] payload = found.payload(row);
                carried.add(payload == null ? "" : Utf8.text(payload));
            }
            ids.add(named);
            payloads.add(carried);
        }
        JsonObject answer = new JsonObject();
        answer.add("ids", ids);
        answer.add("payloads", payloads);
        return answer;
    }

    /** One point alone has the answer that it has among others. */
    private static void first(Fence[] fences, JsonObject answer) {
        JsonArray ids = new JsonArray();
        for (Fence fence : fences) {
            ids.add(fence.id());
        }
        if (!ids.equals(answer.getAsJsonArray("ids").get(0))) {
            throw new AssertionError("one point: " + ids + " and not " + answer);
        }
    }

    @Override
    public void close() {
        open.values().forEach(Fences::close);
    }
}
