package org.libspatio;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Packs: frozen, opened, closed, what they are, and asked. */
final class CasePacks implements AutoCloseable {
    private final Map<String, Pack> open = new HashMap<>();

    /** Freezes a namespace; null if the step is about something else. */
    static JsonObject freeze(CaseStage stage, Namespace ns, String op, JsonObject args) {
        if (!op.equals("freeze")) {
            return null;
        }
        Frozen frozen = ns.freeze(stage.file(args).toString(), options(args));
        JsonObject answer = new JsonObject();
        answer.addProperty("objects", frozen.objects());
        answer.addProperty("bytes", frozen.bytes());
        return answer;
    }

    static FreezeOptions options(JsonObject args) {
        FreezeOptions options = new FreezeOptions();
        if (CaseArgs.isRaw(args, "layout")) {
            options.set(0, CaseArgs.raw(args, "layout"));
        } else if (args.has("layout")) {
            options.layout(CaseArgs.named(Layout.class, args, "layout"));
        }
        return args.has("threads") ? options.threads(args.get("threads").getAsInt()) : options;
    }

    /** Plays a step of a pack; null if it is about something else. */
    JsonObject play(CaseStage stage, String op, JsonObject args) throws IOException {
        switch (op) {
            case "pack_open":
                return keep(args, Pack.open(stage.file(args).toString()));
            case "pack_open_bytes":
                return keep(args, Pack.openBytes(Files.readAllBytes(stage.file(args))));
            case "pack_close":
                pack(args).close();
                return new JsonObject();
            default:
                return op.startsWith("pack_") ? ask(stage, pack(args), op, args) : null;
        }
    }

    /** Keeps a pack under its name; one that was kept under it is given up. */
    private JsonObject keep(JsonObject args, Pack pack) {
        Pack before = open.put(args.has("as") ? CaseArgs.text(args, "as") : "pack", pack);
        if (before != null) {
            before.close();
        }
        return new JsonObject();
    }

    private Pack pack(JsonObject args) {
        Pack pack = open.get(args.has("pack") ? CaseArgs.text(args, "pack") : "pack");
        if (pack == null) {
            throw new CaseArgs.BadCase("no such pack: " + args);
        }
        return pack;
    }

    private static JsonObject ask(CaseStage stage, Pack pack, String op, JsonObject args) {
        JsonObject answer = new JsonObject();
        switch (op) {
            case "pack_info":
                return info(pack.info());
            case "pack_verify":
                pack.verify();
                return answer;
            case "pack_get":
                ObjectState state = pack.get(CaseArgs.text(args, "id"));
                return CaseObjects.object(state, state == null ? null : pack.payload(state.handle()));
            case "pack_id":
                answer.addProperty("id", pack.id(stage.handle(pack, args.get("handle"))));
                return answer;
            case "pack_payload":
                byte[] payload = pack.payload(stage.handle(pack, args.get("handle")));
                String text = payload == null ? null : Utf8.text(payload);
                answer.add("payload", CaseStage.nullable(text));
                return answer;
            case "pack_query":
                return CaseQueries.query(stage, pack, args);
            case "pack_query_run":
                return CaseQueries.queryRun(stage, pack, args);
            default:
                throw new CaseArgs.BadCase("no operation " + op);
        }
    }

    private static JsonObject info(PackInfo info) {
        JsonObject answer = new JsonObject();
        answer.addProperty("space", info.space().name().toLowerCase(Locale.ROOT));
        answer.addProperty("objects", info.objects());
        answer.addProperty("bytes", info.bytes());
        answer.addProperty("dims", info.dims());
        answer.addProperty("frozen_us", info.frozenUs());
        return answer;
    }

    @Override
    public void close() {
        open.values().forEach(Pack::close);
    }
}
