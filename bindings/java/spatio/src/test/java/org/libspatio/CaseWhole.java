package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.concurrent.TimeUnit;

/** The database as a whole, and what needs none. */
final class CaseWhole {
    private CaseWhole() {}

    static JsonObject play(CaseStage stage, String op, JsonObject args) {
        JsonObject answer = new JsonObject();
        switch (op) {
            case "version":
                answer.addProperty("parts", Spatio.version().split("\\.").length);
                return answer;
            case "abi_version":
                answer.addProperty("version", Spatio.abiVersion());
                return answer;
            case "status_name":
                answer.addProperty("name", Spatio.statusName(args.get("status").getAsInt()));
                return answer;
            case "check":
                return check(Spatio.check(path(stage, args, "path")));
            case "salvage":
                return salvage(Spatio.salvage(path(stage, args, "source"), path(stage, args, "target")));
            case "polygon":
                CaseArgs.polygon(args).close();
                return answer;
            case "polygon_contains":
                return contains(args);
            case "distance":
                return distance(args);
            default:
                return ofDatabase(stage, op, args);
        }
    }

    private static String path(CaseStage stage, JsonObject args, String name) {
        return stage.folder.resolve(CaseArgs.text(args, name)).toString();
    }

    private static JsonObject ofDatabase(CaseStage stage, String op, JsonObject args) {
        JsonObject answer = new JsonObject();
        switch (op) {
            case "close":
                stage.database(args).close();
                return answer;
            case "flush":
                stage.database(args).flush();
                return answer;
            case "sync":
                stage.database(args).sync();
                return answer;
            case "checkpoint":
                stage.database(args).checkpoint();
                return answer;
            case "sweep":
                answer.addProperty("removed", stage.database(args).sweep());
                return answer;
            case "stats":
                return stats(stage.database(args).stats());
            case "recovery":
                return recovery(stage.database(args).recovery());
            case "recovery_text":
                answer.addProperty("text", stage.database(args).recovery().toString());
                return answer;
            case "namespaces":
                JsonArray names = new JsonArray();
                stage.database(args).namespaces().forEach(names::add);
                answer.add("names", names);
                return answer;
            case "create_namespace":
                stage.database(args).createNamespace(CaseArgs.text(args, "name"), settings(args)).close();
                return answer;
            case "open_namespace":
                stage.database(args).namespace(CaseArgs.text(args, "name")).close();
                return answer;
            default:
                return null;
        }
    }

    private static NamespaceOptions settings(JsonObject args) {
        NamespaceOptions options = NamespaceOptions.empty();
        options.set(0, CaseArgs.isRaw(args, "space")
                ? CaseArgs.raw(args, "space")
                : CaseArgs.named(Space.class, args, "space").code());
        if (CaseArgs.isRaw(args, "history")) {
            options.set(1, CaseArgs.raw(args, "history"));
        } else if (args.has("history")) {
            options.history(CaseArgs.named(History.class, args, "history"));
        }
        if (args.has("ttl_us")) {
            options.ttl(CaseArgs.whole(args.get("ttl_us")), TimeUnit.MICROSECONDS);
        }
        return options;
    }

    private static JsonObject contains(JsonObject args) {
        JsonArray points = args.getAsJsonArray("points");
        double[] x = new double[points.size()];
        double[] y = new double[points.size()];
        for (int at = 0; at < x.length; at++) {
            x[at] = CaseArgs.number(points.get(at).getAsJsonArray().get(0));
            y[at] = CaseArgs.number(points.get(at).getAsJsonArray().get(1));
        }
        JsonArray inside = new JsonArray();
        try (Polygon polygon = CaseArgs.polygon(args)) {
            for (boolean is : polygon.contains(x, y)) {
                inside.add(is);
            }
        }
        JsonObject answer = new JsonObject();
        answer.add("inside", inside);
        return answer;
    }

    private static JsonObject distance(JsonObject args) {
        double[] a = CaseArgs.place(args, "from");
        double[] b = CaseArgs.place(args, "to");
        double distance;
        if (CaseArgs.isRaw(args, "space") || CaseArgs.isRaw(args, "metric")) {
            int space = CaseArgs.isRaw(args, "space") ? CaseArgs.raw(args, "space") : 0;
            int metric = CaseArgs.isRaw(args, "metric") ? CaseArgs.raw(args, "metric") : 0;
            distance = Native.distance(space, metric, a[0], a[1], a[2], b[0], b[1], b[2]);
        } else {
            Space space = CaseArgs.named(Space.class, args, "space");
            Metric metric = CaseArgs.named(Metric.class, args, "metric");
            distance = Spatio.distance(space, metric, a[0], a[1], a[2], b[0], b[1], b[2]);
        }
        JsonObject answer = new JsonObject();
        answer.add("distance", CaseCompare.number(distance));
        return answer;
    }

    private static JsonObject check(CheckReport report) {
        JsonObject answer = new JsonObject();
        answer.addProperty("is_sound", report.isSound());
        answer.addProperty("files", report.files());
        answer.addProperty("records", report.records());
        answer.addProperty("damaged_files", report.damagedFiles());
        answer.addProperty("torn_tails", report.tornTails());
        answer.addProperty("text", report.toString());
        return answer;
    }

    private static JsonObject salvage(SalvageReport report) {
        JsonObject answer = new JsonObject();
        answer.addProperty("damaged", report.damaged());
        answer.addProperty("records_kept", report.recordsKept());
        answer.addProperty("bytes_dropped", report.bytesDropped());
        answer.addProperty("text", report.toString());
        return answer;
    }

    private static JsonObject recovery(Recovery recovery) {
        JsonObject answer = new JsonObject();
        long bad = recovery.firstBadOffset();
        JsonElement offset = bad == -1 ? JsonNull.INSTANCE : new JsonPrimitive(bad);
        answer.addProperty("has_checkpoint", recovery.hasCheckpoint());
        answer.addProperty("segments", recovery.segments());
        answer.addProperty("records_kept", recovery.recordsKept());
        answer.addProperty("bytes_dropped", recovery.bytesDropped());
        answer.add("first_bad_offset", offset);
        return answer;
    }

    private static JsonObject stats(Stats stats) {
        JsonObject answer = new JsonObject();
        answer.addProperty("namespaces", stats.namespaces());
        answer.addProperty("objects", stats.objects());
        answer.addProperty("handles", stats.handles());
        answer.addProperty("leaves", stats.leaves());
        answer.addProperty("memory_bytes", stats.memoryBytes());
        answer.addProperty("disk_bytes", stats.diskBytes());
        answer.addProperty("segments", stats.segments());
        answer.addProperty("records", stats.records());
        answer.addProperty("last_seq", stats.lastSeq());
        answer.addProperty("durable_seq", stats.durableSeq());
        answer.addProperty("buffered_records", stats.bufferedRecords());
        return answer;
    }
}
