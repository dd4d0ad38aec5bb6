package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.Arrays;

/** What a packed index is asked of regions, nearness, and about how many. */
final class CaseRegions {
    private CaseRegions() {}

    /** Plays a step; null if it is about something else. */
    static JsonObject play(CaseIndexes stage, Index index, String op, JsonObject args) {
        switch (op) {
            case "index_region":
                try (Region region = region(args.getAsJsonObject("region"))) {
                    return asked(index, region, stage.hits);
                }
            case "index_estimate":
                return estimate(index, args);
            case "index_anti_join":
                Index other = stage.index(args, "other");
                double most = CaseArgs.number(args, "max_distance");
                try (Cancel cancel = cancel(args)) {
                    return CaseAsking.ids(index.antiJoin(other, most, stage.hits, cancel));
                }
            case "index_closest_pair":
                Index second = args.has("other") ? stage.index(args, "other") : null;
                try (Cancel cancel = cancel(args)) {
                    return pair(index.closestPair(second, cancel));
                }
            case "index_components":
                try (Cancel cancel = cancel(args)) {
                    double far = CaseArgs.number(args, "max_distance");
                    int[] labels = index.components(far, cancel);
                    long[] wide = Arrays.stream(labels).mapToLong(CaseAsking::whole).toArray();
                    return CaseAsking.list("labels", CaseAsking.wholes(wide));
                }
            default:
                return null;
        }
    }

    /** A cancel, fired if the step is to be stopped. */
    private static Cancel cancel(JsonObject args) {
        Cancel cancel = new Cancel();
        if (args.has("cancelled")) {
            cancel.fire();
        }
        return cancel;
    }

    /** The region that a case describes. */
    static Region region(JsonObject given) {
        String shape = CaseArgs.text(given, "shape");
        switch (shape) {
            case "ball":
                return Region.ball(
                        CaseArgs.numbers(given, "centre"), CaseArgs.number(given, "radius"));
            case "capsule":
                return Region.capsule(
                        CaseArgs.numbers(given, "from"),
                        CaseArgs.numbers(given, "to"),
                        CaseArgs.number(given, "radius"));
            case "cone":
                return Region.cone(
                        CaseArgs.numbers(given, "apex"),
                        CaseArgs.numbers(given, "direction"),
                        CaseArgs.number(given, "half_angle_rad"),
                        CaseArgs.number(given, "length"));
            case "half_space":
                return Region.halfSpace(
                        CaseArgs.numbers(given, "normal"), CaseArgs.number(given, "offset"));
            case "convex":
                return Region.convex(CaseIndexes.points(given, "points"));
            case "polygon":
                try (Polygon polygon = CaseArgs.polygon(given)) {
                    return Region.polygon(polygon);
                }
            case "frustum":
                return Region.frustum(CaseIndexes.points(given, "planes"));
            case "view_projection":
                return Region.viewProjection(
                        CaseIndexes.points(given, "matrix"),
                        given.get("depth_from_zero").getAsBoolean());
            default:
                throw new CaseArgs.BadCase("no shape " + shape);
        }
    }

    private static JsonObject asked(Index index, Region region, Hits hits) {
        JsonObject answer = CaseAsking.ids(index.searchRegion(region, hits));
        answer.add("counts", CaseAsking.wholes(index.countRegion(region)));
        answer.add("any", CaseAsking.truths(new boolean[] {index.anyRegion(region)}));
        return answer;
    }

    private static JsonObject estimate(Index index, JsonObject args) {
        double[] min = CaseIndexes.points(args, "min");
        double[] max = CaseIndexes.points(args, "max");
        Estimates found = index.estimate(min, max, args.get("stop_level").getAsInt());
        JsonObject answer = CaseAsking.list("lower", CaseAsking.wholes(found.lower()));
        answer.add("upper", CaseAsking.wholes(found.upper()));
        answer.add("estimates", CaseIndexes.numbers(found.guesses()));
        return answer;
    }

    private static JsonObject pair(ClosestPair found) {
        JsonObject answer = new JsonObject();
        if (found == null) {
            answer.add("pair", JsonNull.INSTANCE);
            answer.add("distance", JsonNull.INSTANCE);
            return answer;
        }
        JsonArray ids = CaseAsking.wholes(
                CaseAsking.whole(found.id()), CaseAsking.whole(found.other()));
        answer.add("pair", ids);
        answer.add("distance", CaseCompare.number(found.distance()));
        return answer;
    }
}
