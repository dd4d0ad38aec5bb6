package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

/** Questions about the past, and distances between objects. */
final class CasePast {
    private CasePast() {}

    static JsonObject play(CaseStage stage, Namespace ns, String op, JsonObject args) {
        switch (op) {
            case "trajectory":
                return trajectory(stage, ns, args);
            case "positions_at":
                return positionsAt(stage, ns, args);
            case "distance_between":
                return distanceBetween(stage, ns, args);
            case "distance_to":
                return distanceTo(stage, ns, args);
            default:
                return null;
        }
    }

    private static JsonObject trajectory(CaseStage stage, Namespace ns, JsonObject args) {
        long[] handles = stage.handles(ns, args, "handles");
        long start = CaseArgs.whole(args.get("start_us"));
        long end = CaseArgs.whole(args.get("end_us"));
        int limit = CaseArgs.limit(args);
        if (CaseArgs.isRaw(args, "order")) {
            int order = CaseArgs.raw(args, "order");
            int n = handles.length;
            Native.trajectory(ns.pointer, n, handles, start, end, order, limit, 0, 0, new long[5]);
            return new JsonObject();
        }
        Order order = CaseArgs.named(Order.class, args, "order");
        Rows rows = new Rows();
        if (args.has("cancelled")) {
            try (Cancel cancel = new Cancel()) {
                cancel.fire();
                ns.trajectory(handles, start, end, order, limit, rows, cancel);
            }
        }
        ns.trajectory(handles, start, end, order, limit, rows, null);
        JsonArray tracks = new JsonArray();
        for (int at = 0; at < handles.length; at++) {
            JsonArray track = new JsonArray();
            for (int row = rows.start(at); row < rows.end(at); row++) {
                JsonArray point = new JsonArray();
                point.add(rows.timeUs(row));
                point.addAll(CaseCompare.place(rows.x(row), rows.y(row), rows.z(row)));
                track.add(point);
            }
            tracks.add(track);
        }
        JsonObject answer = new JsonObject();
        answer.add("tracks", tracks);
        return answer;
    }

    private static JsonObject positionsAt(CaseStage stage, Namespace ns, JsonObject args) {
        long[] handles = stage.handles(ns, args, "handles");
        long time = CaseArgs.whole(args.get("time_us"));
        int n = handles.length;
        if (CaseArgs.isRaw(args, "interpolation")) {
            double[] c = new double[n];
            int how = CaseArgs.raw(args, "interpolation");
            Native.positionsAt(ns.pointer, n, handles, time, how, c, c, c, new boolean[n]);
            return new JsonObject();
        }
        Interpolation how = CaseArgs.named(Interpolation.class, args, "interpolation");
        Positions at = ns.positionsAt(handles, time, how);
        JsonArray positions = new JsonArray();
        for (int row = 0; row < n; row++) {
            boolean found = at.found()[row];
            positions.add(
                    found ? CaseCompare.place(at.x()[row], at.y()[row], at.z()[row]) : JsonNull.INSTANCE);
        }
        JsonObject answer = new JsonObject();
        answer.add("positions", positions);
        return answer;
    }

    private static JsonObject distanceBetween(CaseStage stage, Namespace ns, JsonObject args) {
        long[] a = stage.handles(ns, args, "a");
        long[] b = stage.handles(ns, args, "b");
        if (CaseArgs.isRaw(args, "metric")) {
            int metric = CaseArgs.raw(args, "metric");
            Native.distanceBetween(ns.pointer, a.length, a, b, metric, new double[a.length]);
            return new JsonObject();
        }
        return distances(ns.distanceBetween(a, b, CaseArgs.named(Metric.class, args, "metric")));
    }

    private static JsonObject distanceTo(CaseStage stage, Namespace ns, JsonObject args) {
        long[] handles = stage.handles(ns, args, "handles");
        double[] at = CaseArgs.place(args, "at");
        int n = handles.length;
        if (CaseArgs.isRaw(args, "metric")) {
            int metric = CaseArgs.raw(args, "metric");
            Native.distanceTo(ns.pointer, n, handles, at[0], at[1], at[2], metric, new double[n]);
            return new JsonObject();
        }
        Metric metric = CaseArgs.named(Metric.class, args, "metric");
        return distances(ns.distanceTo(handles, at[0], at[1], at[2], metric));
    }

    private static JsonObject distances(double[] distances) {
        JsonArray list = new JsonArray();
        for (double distance : distances) {
            list.add(CaseCompare.orNull(distance));
        }
        JsonObject answer = new JsonObject();
        answer.add("distances", list);
        return answer;
    }
}
