package org.libspatio;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a case plays on: a folder, a clock, the databases and namespaces that it has open. A step that
 * expects an error fails when there is none; a step that expects none fails when there is one.
 */
final class CaseStage implements AutoCloseable {
    final Path folder;
    private final AtomicLong clock = new AtomicLong();
    private final Map<String, Database> open = new HashMap<>();
    private final Map<String, Namespace> namespaces = new HashMap<>();
    private final Map<String, Long> bound = new HashMap<>();
    private final CaseIndexes indexes = new CaseIndexes();
    private final CaseStreams streams = new CaseStreams();
    private final CasePacks packs = new CasePacks();
    private final CaseFences fences = new CaseFences();
    private final CaseCompare compare = new CaseCompare(bound);
    /** An object that is not here is an answer where one is expected, and a refusal where that is. */
    boolean isErrorExpected;

    CaseStage(Path folder, JsonObject played) {
        this.folder = folder;
        clock.set(CaseArgs.whole(played.get("clock_us")));
        JsonObject args = new JsonObject();
        args.addProperty("memory", played.get("where").getAsString().equals("memory"));
        if (played.has("options")) {
            args.add("options", played.get("options"));
        }
        openDatabase(args);
    }

    /** Plays a step and checks what came of it; what is wrong, or null. */
    String step(JsonObject step) throws IOException {
        JsonObject args = step.has("args") ? step.getAsJsonObject("args") : new JsonObject();
        JsonObject found;
        isErrorExpected = step.has("error");
        try {
            found = play(step.get("op").getAsString(), args);
        } catch (SpatioException error) {
            return step.has("error") ? wrongError(step, error) : "refused: " + error;
        }
        if (step.has("error")) {
            return "expected " + step.get("error") + ", found " + found;
        }
        if (step.has("bind")) {
            bound.put(step.get("bind").getAsString(), found.get("handle").getAsLong());
        }
        return step.has("expect") ? compare.difference(step.getAsJsonObject("expect"), found) : null;
    }

    private static String wrongError(JsonObject step, SpatioException error) {
        if (!step.get("error").getAsString().equals(error.status().name())) {
            return "expected " + step.get("error") + ", found " + error.status() + ": " + error;
        }
        if (step.has("message")) {
            for (JsonElement word : step.getAsJsonArray("message")) {
                if (!error.getMessage().contains(word.getAsString())) {
                    return word + " is not in " + error.getMessage();
                }
            }
        }
        if (step.has("row") && step.get("row").getAsLong() != error.row()) {
            return "expected row " + step.get("row") + ", found " + error.row();
        }
        return null;
    }

    private JsonObject play(String op, JsonObject args) throws IOException {
        switch (op) {
            case "clock":
                clock.addAndGet(CaseArgs.whole(args.get("advance_us")));
                return new JsonObject();
            case "open":
                return openDatabase(args);
            case "write_file":
            case "write_bytes":
            case "flip_byte":
            case "remove_file":
                return CaseFiles.play(folder, op, args);
            default:
                break;
        }
        JsonObject answer = CaseWhole.play(this, op, args);
        if (answer == null) {
            answer = indexes.play(this, op, args);
        }
        if (answer == null) {
            answer = streams.play(indexes, op, args);
        }
        if (answer == null) {
            answer = packs.play(this, op, args);
        }
        if (answer == null) {
            answer = fences.play(this, op, args);
        }
        if (answer != null) {
            return answer;
        }
        Namespace ns = namespace(args);
        answer = CaseObjects.play(this, ns, op, args);
        if (answer == null) {
            answer = CaseQueries.play(this, ns, op, args);
        }
        if (answer == null) {
            answer = CasePacks.freeze(this, ns, op, args);
        }
        if (answer == null) {
            answer = CasePast.play(this, ns, op, args);
        }
        if (answer == null) {
            throw new CaseArgs.BadCase("no operation " + op);
        }
        return answer;
    }

    /** Opens a database under a name; one that was open under it is given up. */
    private JsonObject openDatabase(JsonObject args) {
        JsonObject settings = args.has("options") ? args.getAsJsonObject("options") : new JsonObject();
        Options options = options(settings);
        boolean memory = args.has("memory") && args.get("memory").getAsBoolean();
        String path = folder.resolve(args.has("path") ? CaseArgs.text(args, "path") : "db").toString();
        Database db = memory ? Database.memory(options) : Database.open(path, options);
        String name = args.has("as") ? CaseArgs.text(args, "as") : "db";
        Database before = open.put(name, db);
        if (before != null) {
            before.close();
        }
        namespaces.keySet().removeIf(key -> key.startsWith(name + "/"));
        return new JsonObject();
    }

    private Options options(JsonObject settings) {
        Options options = new Options().background(false).clock(clock::get);
        for (Map.Entry<String, JsonElement> entry : settings.entrySet()) {
            String key = entry.getKey();
            boolean isRaw = CaseArgs.isRaw(settings, key);
            switch (key) {
                case "sync":
                    options.set(0, isRaw
                            ? CaseArgs.raw(settings, key)
                            : CaseArgs.named(SyncPolicy.class, settings, key).code());
                    break;
                case "sync_period_us":
                    options.syncPeriod(entry.getValue().getAsLong(), TimeUnit.MICROSECONDS);
                    break;
                case "recovery":
                    options.set(4, isRaw
                            ? CaseArgs.raw(settings, key)
                            : CaseArgs.named(RecoveryMode.class, settings, key).code());
                    break;
                case "read_only":
                    options.readOnly(entry.getValue().getAsBoolean());
                    break;
                case "segment_bytes":
                    options.segmentBytes(entry.getValue().getAsLong());
                    break;
                case "buffer_records":
                    options.bufferRecords(entry.getValue().getAsLong());
                    break;
                default:
                    throw new CaseArgs.BadCase("option " + key);
            }
        }
        return options;
    }

    Database database(JsonObject args) {
        Database db = open.get(args.has("db") ? CaseArgs.text(args, "db") : "db");
        if (db == null) {
            throw new CaseArgs.BadCase("no such database: " + args);
        }
        return db;
    }

    /** The namespace that a step is about, opened when it is first named. */
    private Namespace namespace(JsonObject args) {
        String name = args.has("ns") ? CaseArgs.text(args, "ns") : "main";
        String key = (args.has("db") ? CaseArgs.text(args, "db") : "db") + "/" + name;
        Namespace ns = namespaces.get(key);
        if (ns == null) {
            ns = database(args).namespace(name);
            namespaces.put(key, ns);
        }
        return ns;
    }

    /** The handle that a case means: `@name` of a bound one, `#number`, or the id of an object. */
    long handle(Queries asked, JsonElement value) {
        String word = value.getAsString();
        if (word.startsWith("@")) {
            return bound.get(word.substring(1));
        }
        if (word.startsWith("#")) {
            return Long.parseUnsignedLong(word.substring(1));
        }
        if (asked instanceof Pack) {
            return ((Pack) asked).get(word).handle();
        }
        OptionalLong handle = ((Namespace) asked).findHandle(word);
        return handle.orElseThrow(() -> new CaseArgs.BadCase(word + " has no handle"));
    }

    long[] handles(Namespace ns, JsonObject args, String name) {
        long[] handles = new long[args.getAsJsonArray(name).size()];
        for (int at = 0; at < handles.length; at++) {
            handles[at] = handle(ns, args.getAsJsonArray(name).get(at));
        }
        return handles;
    }

    /** A file of the case, by its argument `path`. */
    Path file(JsonObject args) {
        return folder.resolve(CaseArgs.text(args, "path"));
    }

    static JsonElement nullable(String text) {
        return text == null ? JsonNull.INSTANCE : new com.google.gson.JsonPrimitive(text);
    }

    @Override
    public void close() {
        indexes.close();
        streams.close();
        packs.close();
        fences.close();
        open.values().forEach(Database::close);
    }
}
