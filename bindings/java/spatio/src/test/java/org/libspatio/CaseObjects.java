package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Writing and reading single objects and batches of them, ids and handles. */
final class CaseObjects {
    private CaseObjects() {}

    static JsonObject play(CaseStage stage, Namespace ns, String op, JsonObject args) {
        JsonObject answer = new JsonObject();
        if (args.has("id_bytes")) {
            raw(ns, op, CaseArgs.idBytes(args), args);
            return answer;
        }
        switch (op) {
            case "upsert":
                answer.addProperty("outcome", upsert(ns, args).name());
                return answer;
            case "move":
                answer.addProperty("late", move(stage, ns, args) == Outcome.LATE);
                return answer;
            case "move_batch":
                return told(moveBatch(stage, ns, args));
            case "upsert_batch":
                return told(ns.upsert(upserts(args)));
            case "upsert_arrow":
                return told(CaseArrow.upsert(ns, args));
            case "insert_trajectory":
                long inserted =
                        ns.insertTrajectory(
                                CaseArgs.text(args, "id"),
                                CaseArgs.wholes(args, "time_us"),
                                CaseArgs.numbers(args, "x"),
                                CaseArgs.numbers(args, "y"),
                                CaseArgs.numbers(args, "z"));
                answer.addProperty("inserted", inserted);
                return answer;
            case "delete":
                answer.addProperty("deleted", ns.delete(CaseArgs.text(args, "id")));
                return answer;
            case "delete_batch":
                answer.addProperty("deleted", ns.delete(stage.handles(ns, args, "handles")));
                return answer;
            case "count":
                answer.addProperty("objects", ns.count());
                return answer;
            case "settings":
                NamespaceSettings settings = ns.settings();
                answer.addProperty("space", settings.space().name().toLowerCase(java.util.Locale.ROOT));
                answer.addProperty("ttl_us", settings.ttlUs());
                answer.addProperty("history", settings.hasHistory());
                return answer;
            default:
                return read(stage, ns, op, args);
        }
    }

    private static JsonObject read(CaseStage stage, Namespace ns, String op, JsonObject args) {
        JsonObject answer = new JsonObject();
        switch (op) {
            case "get":
                return object(ns, ns.get(CaseArgs.text(args, "id")));
            case "get_by_handle":
            case "get_payload":
                return byHandle(stage, ns, op, args);
            case "get_batch":
                return columns(ns.get(stage.handles(ns, args, "handles")));
            case "intern":
                answer.addProperty("handle", ns.intern(CaseArgs.text(args, "id")));
                return answer;
            case "intern_batch":
                long[] handles = ns.intern(CaseArgs.texts(args, "ids"));
                answer.addProperty("distinct", Arrays.stream(handles).distinct().count());
                return answer;
            case "find_handle":
                OptionalLong found = ns.findHandle(CaseArgs.text(args, "id"));
                answer.addProperty("found", found.isPresent());
                found.ifPresent(handle -> answer.addProperty("handle", handle));
                return answer;
            case "id":
                answer.addProperty("id", ns.id(stage.handle(ns, args.get("handle"))));
                return answer;
            case "ids":
                JsonArray ids = new JsonArray();
                for (String id : ns.ids(stage.handles(ns, args, "handles"))) {
                    ids.add(id);
                }
                answer.add("ids", ids);
                return answer;
            default:
                return null;
        }
    }

    private static void raw(Namespace ns, String op, byte[] id, JsonObject args) {
        long in = ns.pointer;
        double[] one = {1};
        switch (op) {
            case "upsert":
                Native.upsert(in, id, 1, 1, 0, Namespace.NOW, null, 0, null);
                return;
            case "get":
                Native.get(in, id, new long[ObjectState.NUMBERS]);
                return;
            case "delete":
                Native.delete(in, id);
                return;
            case "intern":
                Native.intern(in, id);
                return;
            case "find_handle":
                Native.findHandle(in, id, new long[1]);
                return;
            case "insert_trajectory":
                Native.insertTrajectory(in, id, 1, new long[] {1}, one, one, null);
                return;
            default:
                throw new CaseArgs.BadCase(op + " of bytes");
        }
    }

    private static Outcome upsert(Namespace ns, JsonObject args) {
        Update with = new Update();
        if (args.has("time_us")) {
            with.timeUs(CaseArgs.whole(args.get("time_us")));
        }
        if (args.has("payload_bytes")) {
            byte[] payload = new byte[args.get("payload_bytes").getAsInt()];
            Arrays.fill(payload, (byte) 'x');
            with.payload(payload);
        } else if (args.has("payload")) {
            with.payload(CaseArgs.bytes(CaseArgs.text(args, "payload")));
        }
        if (args.has("ttl_us")) {
            with.ttl(CaseArgs.whole(args.get("ttl_us")), TimeUnit.MICROSECONDS);
        }
        double[] at = CaseArgs.place(args, "at");
        String id = CaseArgs.text(args, "id");
        Outcome outcome = ns.upsert(id, at[0], at[1], at[2], with);
        OptionalLong handle = ns.findHandle(id);
        if (handle.getAsLong() != with.handle()) {
            throw new CaseArgs.BadCase("handle " + with.handle() + " is not " + handle);
        }
        return outcome;
    }

    private static Outcome move(CaseStage stage, Namespace ns, JsonObject args) {
        double[] at = CaseArgs.place(args, "at");
        long handle = stage.handle(ns, args.get("handle"));
        return args.has("time_us")
                ? ns.move(handle, at[0], at[1], at[2], CaseArgs.whole(args.get("time_us")))
                : ns.move(handle, at[0], at[1], at[2]);
    }

    /** By arrays; the direct way is compared in BatchTest. */
    private static BatchOutcome moveBatch(CaseStage stage, Namespace ns, JsonObject args) {
        return ns.move(
                stage.handles(ns, args, "handles"),
                CaseArgs.numbers(args, "x"),
                CaseArgs.numbers(args, "y"),
                CaseArgs.numbers(args, "z"),
                CaseArgs.wholes(args, "time_us"));
    }

    static Upserts upserts(JsonObject args) {
        double[] x = CaseArgs.numbers(args, "x");
        Upserts rows = new Upserts(CaseArgs.texts(args, "ids"), x, CaseArgs.numbers(args, "y"));
        if (args.has("z")) {
            rows.z(CaseArgs.numbers(args, "z"));
        }
        if (args.has("time_us")) {
            rows.timeUs(CaseArgs.wholes(args, "time_us"));
        }
        if (args.has("payloads")) {
            rows.payloads(CaseArgs.payloads(args));
        }
        if (args.has("ttl_us")) {
            rows.ttlUs(CaseArgs.wholes(args, "ttl_us"));
        }
        return rows;
    }

    private static JsonObject told(BatchOutcome outcome) {
        JsonObject answer = new JsonObject();
        answer.addProperty("applied", outcome.applied());
        answer.addProperty("late", outcome.late());
        return answer;
    }

    /** NOT_FOUND tells of an object that is gone, or of a handle that was not given out. */
    private static JsonObject byHandle(CaseStage stage, Namespace ns, String op, JsonObject args) {
        long handle = stage.handle(ns, args.get("handle"));
        try {
            if (op.equals("get_by_handle")) {
                return object(ns, ns.get(handle));
            }
            JsonObject answer = new JsonObject();
            answer.addProperty("found", true);
            answer.add("payload", CaseStage.nullable(text(ns.payload(handle))));
            return answer;
        } catch (SpatioException error) {
            if (error.status() != Status.NOT_FOUND || stage.isErrorExpected) {
                throw error;
            }
            JsonObject absent = new JsonObject();
            absent.addProperty("found", false);
            return absent;
        }
    }

    static String text(byte[] payload) {
        return payload == null || payload.length == 0 ? null : Utf8.text(payload);
    }

    private static JsonObject object(Namespace ns, ObjectState state) {
        return object(state, state == null ? null : ns.payload(state.handle()));
    }

    static JsonObject object(ObjectState state, byte[] payload) {
        JsonObject answer = new JsonObject();
        answer.addProperty("found", state != null);
        if (state == null) {
            return answer;
        }
        int bytes = payload == null ? 0 : payload.length;
        if (bytes != state.payloadLength()) {
            throw new CaseArgs.BadCase("a payload of " + bytes + " bytes: " + state.payloadLength());
        }
        answer.add("at", CaseCompare.place(state.x(), state.y(), state.z()));
        answer.addProperty("time_us", state.timeUs());
        answer.add("payload", CaseStage.nullable(text(payload)));
        answer.add("expires_us", state.expiresUs() == Long.MAX_VALUE
                ? JsonNull.INSTANCE
                : new com.google.gson.JsonPrimitive(state.expiresUs()));
        return answer;
    }

    private static JsonObject columns(Positions here) {
        JsonArray found = new JsonArray();
        JsonArray x = new JsonArray();
        JsonArray y = new JsonArray();
        JsonArray z = new JsonArray();
        JsonArray times = new JsonArray();
        for (int row = 0; row < here.size(); row++) {
            found.add(here.found()[row]);
            x.add(CaseCompare.number(here.x()[row]));
            y.add(CaseCompare.number(here.y()[row]));
            z.add(CaseCompare.number(here.z()[row]));
            times.add(here.timeUs()[row]);
        }
        JsonObject answer = new JsonObject();
        answer.add("found", found);
        answer.add("x", x);
        answer.add("y", y);
        answer.add("z", z);
        answer.add("time_us", times);
        return answer;
    }
}
