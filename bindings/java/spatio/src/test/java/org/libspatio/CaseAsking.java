package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.Arrays;

/** What a packed index is asked. Items and pairs that have no order are sorted. */
final class CaseAsking {
    private CaseAsking() {}

    static JsonObject play(CaseIndexes stage, String op, JsonObject args) {
        Index index = stage.index(args, "index");
        Hits hits = stage.hits;
        double[] min = CaseIndexes.points(args, "min");
        double[] max = CaseIndexes.points(args, "max");
        boolean hasMost = CaseArgs.isList(args, "max_distance");
        double[] most = hasMost ? CaseArgs.numbers(args, "max_distance") : null;
        double[] lon = CaseArgs.numbers(args, "lon");
        double[] lat = CaseArgs.numbers(args, "lat");
        int k = args.has("k") ? args.get("k").getAsInt() : Index.NO_LIMIT;
        switch (op) {
            case "index_search":
                return ids(index.search(min, max, hits));
            case "index_count":
                return list("counts", wholes(index.count(min, max)));
            case "index_any":
                return list("any", truths(index.any(min, max)));
            case "index_search_within":
                return ids(index.searchWithin(min, max, most, hits));
            case "index_nearest":
                return ranked(index.nearest(min, max, k, most, hits));
            case "index_nearest_great_circle":
                return ranked(index.nearestGreatCircle(lon, lat, k, most, hits));
            case "index_search_great_circle":
                return ids(index.searchGreatCircle(lon, lat, most, hits));
            case "index_search_polygon":
                try (Polygon polygon = CaseArgs.polygon(args)) {
                    return ids(index.searchPolygon(polygon, hits));
                }
            case "index_pairs":
            case "index_join":
                return joined(stage, index, op, args);
            default:
                JsonObject near = CaseRegions.play(stage, index, op, args);
                return near == null ? contents(index, op, args, hits) : near;
        }
    }

    private static JsonObject joined(CaseIndexes stage, Index index, String op, JsonObject args) {
        double most = CaseArgs.number(args, "max_distance");
        try (Cancel cancel = new Cancel()) {
            if (args.has("cancelled")) {
                cancel.fire();
            }
            if (op.equals("index_pairs")) {
                return pairs(index.pairs(most, stage.hits, cancel));
            }
            return pairs(index.join(stage.index(args, "other"), most, stage.hits, cancel));
        }
    }

    private static JsonObject contents(Index index, String op, JsonObject args, Hits hits) {
        double[] origin = CaseIndexes.points(args, "origin");
        double[] direction = CaseIndexes.points(args, "direction");
        double[] most = CaseArgs.numbers(args, "max_t");
        switch (op) {
            case "index_raycast":
                return ranked(index.raycast(origin, direction, most, hits));
            case "index_raycast_any":
                return list("any", truths(index.raycastAny(origin, direction, most)));
            case "index_raycast_closest":
                return closest(index.raycastClosest(origin, direction, most, hits));
            case "index_raycast_triangles":
                return closest(index.raycastTriangles(origin, direction, most, hits));
            case "index_payload":
                byte[] payload = index.payload((int) CaseArgs.whole(args.get("id")));
                String text = payload == null ? null : new String(payload, Callbacks.UTF_8);
                return list("payload", CaseStage.nullable(text));
            case "index_payloads":
                int[] ids = items(args);
                return payloads(index.payloads(ids, ids.length, hits));
            case "index_boxes":
                int[] of = items(args);
                return boxes(index.boxes(of, of.length), index.info().dims());
            case "index_aggregate":
                double[] min = CaseIndexes.points(args, "min");
                return aggregates(index.aggregate(min, CaseIndexes.points(args, "max")));
            default:
                throw new CaseArgs.BadCase("no operation " + op);
        }
    }

    private static int[] items(JsonObject args) {
        return Arrays.stream(CaseArgs.wholes(args, "ids")).mapToInt(id -> (int) id).toArray();
    }

    static JsonObject list(String name, JsonElement list) {
        JsonObject answer = new JsonObject();
        answer.add(name, list);
        return answer;
    }

    static JsonArray wholes(long... numbers) {
        JsonArray list = new JsonArray();
        for (long number : numbers) {
            list.add(number);
        }
        return list;
    }

    static JsonArray truths(boolean[] truths) {
        JsonArray list = new JsonArray();
        for (boolean truth : truths) {
            list.add(truth);
        }
        return list;
    }

    /** Items are numbers without a sign. */
    static long whole(int id) {
        return id & 0xFFFFFFFFL;
    }

    /** The items of each query, in their order or sorted. */
    private static JsonArray items(Hits hits, boolean inOrder) {
        JsonArray queries = new JsonArray();
        for (int query = 0; query < hits.queries(); query++) {
            long[] items = new long[hits.end(query) - hits.start(query)];
            for (int at = 0; at < items.length; at++) {
                items[at] = whole(hits.id(hits.start(query) + at));
            }
            if (!inOrder) {
                Arrays.sort(items);
            }
            queries.add(wholes(items));
        }
        return queries;
    }

    static JsonObject ids(Hits hits) {
        return list("ids", items(hits, false));
    }

    private static JsonObject ranked(Hits hits) {
        JsonArray queries = new JsonArray();
        for (int query = 0; query < hits.queries(); query++) {
            JsonArray distances = new JsonArray();
            for (int row = hits.start(query); row < hits.end(query); row++) {
                distances.add(CaseCompare.number(hits.distance(row)));
            }
            queries.add(distances);
        }
        JsonObject answer = list("ids", items(hits, true));
        answer.add("distances", queries);
        return answer;
    }

    private static JsonObject closest(Hits hits) {
        JsonArray ids = new JsonArray();
        JsonArray distances = new JsonArray();
        for (int ray = 0; ray < hits.queries(); ray++) {
            int row = hits.start(ray);
            boolean isHit = hits.id(row) != Hits.NO_ITEM;
            if (isHit) {
                ids.add(whole(hits.id(row)));
            } else {
                ids.add(JsonNull.INSTANCE);
            }
            distances.add(CaseCompare.orNull(hits.distance(row)));
        }
        JsonObject answer = list("ids", ids);
        answer.add("distances", distances);
        return answer;
    }

    private static JsonObject pairs(Hits hits) {
        long[][] sorted = new long[hits.size()][];
        for (int row = 0; row < sorted.length; row++) {
            sorted[row] = new long[] {whole(hits.id(row)), whole(hits.other(row))};
        }
        Arrays.sort(sorted, Arrays::compare);
        JsonArray pairs = new JsonArray();
        for (long[] pair : sorted) {
            pairs.add(wholes(pair));
        }
        return list("pairs", pairs);
    }

    private static JsonObject payloads(Hits hits) {
        JsonArray payloads = new JsonArray();
        for (int row = 0; row < hits.size(); row++) {
            payloads.add(new String(hits.payload(row), Callbacks.UTF_8));
        }
        return list("payloads", payloads);
    }

    private static JsonObject boxes(Boxes boxes, int dims) {
        JsonObject answer = list("min", points(boxes.min(), dims));
        answer.add("max", points(boxes.max(), dims));
        return answer;
    }

    private static JsonArray points(double[] column, int dims) {
        JsonArray points = new JsonArray();
        for (int at = 0; at < column.length; at += dims) {
            points.add(CaseIndexes.numbers(Arrays.copyOfRange(column, at, at + dims)));
        }
        return points;
    }

    private static JsonObject aggregates(Aggregates found) {
        JsonObject answer = list("counts", wholes(found.counts()));
        answer.add("sums", CaseIndexes.numbers(found.sums()));
        answer.add("least", CaseIndexes.numbers(found.least()));
        answer.add("greatest", CaseIndexes.numbers(found.greatest()));
        answer.add("masks", wholes(found.masks()));
        return answer;
    }
}
