package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.concurrent.TimeUnit;

/** Questions about the present: every kind of query, and the calls with names of their own. */
final class CaseQueries {
    private CaseQueries() {}

    static JsonObject play(CaseStage stage, Namespace ns, String op, JsonObject args) {
        switch (op) {
            case "query":
                return query(stage, ns, args);
            case "query_arrow":
                return CaseArrow.query(ns, read(stage, ns, args));
            case "query_run":
                return queryRun(stage, ns, args);
            case "query_radius":
                double[] at = CaseArgs.place(args, "at");
                double radius = CaseArgs.number(args, "radius");
                return rows(ns, ns.queryRadius(at[0], at[1], at[2], radius, CaseArgs.limit(args)));
            case "query_box":
                double[] min = CaseArgs.numbers(args, "min");
                double[] max = CaseArgs.numbers(args, "max");
                return rows(ns, ns.queryBox(min[0], min[1], max[0], max[1], CaseArgs.limit(args)));
            case "query_polygon":
                try (Polygon polygon = CaseArgs.polygon(args)) {
                    return rows(ns, ns.queryPolygon(polygon, CaseArgs.limit(args)));
                }
            case "query_near":
                long origin = stage.handle(ns, args.get("origin"));
                double within = CaseArgs.number(args, "radius");
                return rows(ns, ns.queryNear(origin, within, CaseArgs.limit(args)));
            case "knn":
                double[] from = CaseArgs.place(args, "at");
                return rows(ns, ns.knn(from[0], from[1], from[2], args.get("k").getAsInt()));
            case "convex_hull":
                return hull(ns.convexHull());
            case "bounds":
                return bounds(ns.bounds());
            default:
                return null;
        }
    }

    /** Asks in every way that there is; all must say the same. */
    static JsonObject query(CaseStage stage, Queries asked, JsonObject args) {
        Query query = read(stage, asked, args);
        try {
            if (args.has("cancelled")) {
                return cancelled(asked, query);
            }
            JsonObject fresh = null;
            SpatioException refused = null;
            try {
                fresh = rows(asked, asked.query(query));
            } catch (SpatioException error) {
                refused = error;
            }
            Rows used = asked.queryAll();
            try {
                asked.query(Query.everywhere().withIds(), used, null);
                JsonObject again = rows(asked, asked.query(query, used, null));
                require(again.equals(fresh), "used rows differ: " + again);
            } catch (SpatioException error) {
                require(refused != null && used.size() == 0, "only used rows are refused");
            }
            into(asked, query, used, refused);
            if (refused != null) {
                throw refused;
            }
            return fresh;
        } finally {
            if (query.polygon != null) {
                query.polygon.close();
            }
        }
    }

    private static JsonObject cancelled(Queries asked, Query query) {
        Rows rows = new Rows();
        try (Cancel cancel = new Cancel()) {
            cancel.fire();
            return rows(asked, asked.query(query, rows, cancel));
        } finally {
            require(rows.size() == 0, "a cancelled query has rows");
        }
    }

    private static void into(Queries asked, Query query, Rows wanted, SpatioException refused) {
        DirectRows direct = new DirectRows(wanted.size() + 1);
        try {
            asked.queryInto(query, direct);
        } catch (SpatioException error) {
            require(refused != null && refused.status() == error.status(), "only queryInto: " + error);
            return;
        }
        require(refused == null && direct.size() == wanted.size(), "queryInto: " + direct.size());
        for (int row = 0; row < direct.size(); row++) {
            boolean same =
                    direct.handle(row) == wanted.handle(row)
                            && direct.x(row) == wanted.x(row)
                            && direct.y(row) == wanted.y(row)
                            && direct.z(row) == wanted.z(row)
                            && direct.timeUs(row) == wanted.timeUs(row)
                            && Double.compare(direct.distance(row), wanted.distance(row)) == 0;
            require(same, "row " + row + " of queryInto differs");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    static JsonObject queryRun(CaseStage stage, Queries asked, JsonObject args) {
        JsonArray list = args.getAsJsonArray("queries");
        Query[] queries = new Query[list.size()];
        for (int at = 0; at < queries.length; at++) {
            queries[at] = read(stage, asked, list.get(at).getAsJsonObject());
        }
        Rows rows = asked.queryAll(queries);
        require(rows.queries() == queries.length, rows.queries() + " queries were answered");
        JsonArray results = new JsonArray();
        for (int q = 0; q < queries.length; q++) {
            JsonObject result = new JsonObject();
            result.add("rows", rows(asked, rows, rows.start(q), rows.end(q)));
            results.add(result);
        }
        JsonObject answer = new JsonObject();
        answer.add("results", results);
        return answer;
    }

    /** A query as a case writes it down, with ids and payloads. */
    private static Query read(CaseStage stage, Queries asked, JsonObject args) {
        Query query = kind(args);
        if (args.has("around")) {
            query.around(stage.handle(asked, args.get("around")));
        } else if (args.has("at")) {
            double[] at = CaseArgs.place(args, "at");
            query.at(at[0], at[1], at[2]);
        }
        if (args.has("limit")) {
            query.limit(CaseArgs.limit(args));
        }
        if (args.has("exclude_origin") && args.get("exclude_origin").getAsBoolean()) {
            query.excludeOrigin();
        }
        if (args.has("id_prefix")) {
            query.idPrefix(CaseArgs.text(args, "id_prefix"));
        }
        if (args.has("since_us")) {
            query.sinceUs(CaseArgs.whole(args.get("since_us")));
        }
        if (args.has("max_age_us")) {
            query.maxAge(CaseArgs.whole(args.get("max_age_us")), TimeUnit.MICROSECONDS);
        }
        if (args.has("altitude")) {
            double[] span = CaseArgs.numbers(args, "altitude");
            query.altitude(span[0], span[1]);
        }
        return query.withIds().withPayloads();
    }

    private static Query kind(JsonObject args) {
        double[] min = CaseArgs.numbers(args, "min");
        double[] max = CaseArgs.numbers(args, "max");
        double[] size = CaseArgs.numbers(args, "size");
        switch (CaseArgs.isRaw(args, "kind") ? "raw" : CaseArgs.text(args, "kind")) {
            case "circle":
                return Query.circle(CaseArgs.number(args, "radius"));
            case "sphere":
                return Query.sphere(CaseArgs.number(args, "radius"));
            case "cylinder":
                double lowest = CaseArgs.number(args, "min_z");
                double highest = CaseArgs.number(args, "max_z");
                return Query.cylinder(CaseArgs.number(args, "radius"), lowest, highest);
            case "nearest":
                Query nearest = Query.nearest(CaseArgs.limit(args));
                return args.has("radius") ? nearest.within(CaseArgs.number(args, "radius")) : nearest;
            case "box":
                return Query.box(min[0], min[1], max[0], max[1]);
            case "box_3d":
                return Query.box3d(min[0], min[1], min[2], max[0], max[1], max[2]);
            case "box_around":
                return Query.boxAround(size[0], size[1]);
            case "box_3d_around":
                return Query.box3dAround(size[0], size[1], size[2]);
            case "everywhere":
                return Query.everywhere();
            case "polygon":
                return Query.polygon(CaseArgs.polygon(args));
            case "raw":
                return new Query(CaseArgs.raw(args, "kind"));
            default:
                throw new CaseArgs.BadCase("kind of " + args);
        }
    }

    private static JsonObject rows(Queries asked, Rows rows) {
        JsonObject answer = new JsonObject();
        answer.add("rows", rows(asked, rows, 0, rows.size()));
        return answer;
    }

    /** Calls with names of their own, of namespaces, bring no payloads: those are asked for. */
    private static JsonArray rows(Queries asked, Rows rows, int start, int end) {
        JsonArray list = new JsonArray();
        boolean hasPayloads = (rows.counts[2] & 64) != 0;
        for (int row = start; row < end; row++) {
            byte[] payload = hasPayloads
                    ? rows.payload(row)
                    : ((Namespace) asked).payload(rows.handle(row));
            list.add(row(rows.id(row), rows, row, CaseObjects.text(payload)));
        }
        return list;
    }

    private static JsonObject row(String id, Rows rows, int row, String payload) {
        JsonObject fields = new JsonObject();
        fields.addProperty("id", id);
        fields.add("at", CaseCompare.place(rows.x(row), rows.y(row), rows.z(row)));
        fields.addProperty("time_us", rows.timeUs(row));
        if (!Double.isNaN(rows.distance(row))) {
            fields.add("distance", CaseCompare.number(rows.distance(row)));
        }
        if (payload != null) {
            fields.addProperty("payload", payload);
        }
        return fields;
    }

    private static JsonObject hull(double[] xy) {
        JsonArray ring = new JsonArray();
        for (int at = 0; at < xy.length; at += 2) {
            JsonArray point = new JsonArray();
            point.add(CaseCompare.number(xy[at]));
            point.add(CaseCompare.number(xy[at + 1]));
            ring.add(point);
        }
        JsonObject answer = new JsonObject();
        answer.add("ring", ring);
        return answer;
    }

    private static JsonObject bounds(Bounds bounds) {
        JsonObject answer = new JsonObject();
        answer.addProperty("empty", bounds == null);
        if (bounds != null) {
            answer.add("min", CaseCompare.place(bounds.minX(), bounds.minY(), bounds.minZ()));
            answer.add("max", CaseCompare.place(bounds.maxX(), bounds.maxY(), bounds.maxZ()));
        }
        return answer;
    }
}
