package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Comparing an answer with what a case expects: what is expected must be there; an answer may say
 * more than is asked, but a row may not.
 */
final class CaseCompare {
    private static final double TOLERANCE = 1e-9;
    private static final List<String> COMPUTED =
            Arrays.asList("distance", "distances", "positions");

    private final Map<String, Long> bound;

    CaseCompare(Map<String, Long> bound) {
        this.bound = bound;
    }

    /** What is not as expected; null if all is. */
    String difference(JsonObject expected, JsonObject found) {
        for (Map.Entry<String, JsonElement> entry : expected.entrySet()) {
            if (!holds(entry.getKey(), entry.getValue(), found)) {
                return entry.getKey() + ": expected " + entry.getValue() + ", found " + found;
            }
        }
        return null;
    }

    private boolean holds(String key, JsonElement wanted, JsonObject found) {
        switch (key) {
            case "rows":
                return sameRows(wanted.getAsJsonArray(), rows(found));
            case "rows_by_id":
                return sameRows(wanted.getAsJsonArray(), byId(rows(found)));
            case "row_count":
                return wanted.getAsInt() == rows(found).size();
            case "among":
                return among(wanted.getAsJsonArray(), rows(found));
            case "contains":
                return contains(wanted.getAsJsonArray(), found.get("text").getAsString());
            case "handle":
                return bound.get(wanted.getAsString().substring(1)).equals(found.get(key).getAsLong());
            case "results":
                return sameResults(wanted.getAsJsonArray(), found.getAsJsonArray(key));
            default:
                return found.has(key) && same(key, wanted, found.get(key));
        }
    }

    private static JsonArray rows(JsonObject found) {
        return found.getAsJsonArray("rows");
    }

    private boolean sameResults(JsonArray wanted, JsonArray found) {
        boolean holds = wanted.size() == found.size();
        for (int at = 0; holds && at < wanted.size(); at++) {
            JsonObject result = found.get(at).getAsJsonObject();
            holds = difference(wanted.get(at).getAsJsonObject(), result) == null;
        }
        return holds;
    }

    private boolean sameRows(JsonArray wanted, JsonArray found) {
        boolean holds = wanted.size() == found.size();
        for (int at = 0; holds && at < wanted.size(); at++) {
            JsonObject row = wanted.get(at).getAsJsonObject();
            JsonObject other = found.get(at).getAsJsonObject();
            holds = row.size() == other.size();
            for (Map.Entry<String, JsonElement> entry : row.entrySet()) {
                String key = entry.getKey();
                holds = holds && other.has(key) && same(key, entry.getValue(), other.get(key));
            }
        }
        return holds;
    }

    private static JsonArray byId(JsonArray rows) {
        List<JsonElement> sorted = new ArrayList<>();
        rows.forEach(sorted::add);
        sorted.sort((a, b) -> Arrays.compareUnsigned(id(a), id(b)));
        JsonArray array = new JsonArray();
        sorted.forEach(array::add);
        return array;
    }

    private static byte[] id(JsonElement row) {
        return row.getAsJsonObject().get("id").getAsString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean among(JsonArray ids, JsonArray rows) {
        List<JsonElement> left = new ArrayList<>();
        ids.forEach(left::add);
        for (JsonElement row : rows) {
            if (!left.remove(row.getAsJsonObject().get("id"))) {
                return false;
            }
        }
        return true;
    }

    private static boolean contains(JsonArray words, String text) {
        for (JsonElement word : words) {
            if (!text.contains(word.getAsString())) {
                return false;
            }
        }
        return true;
    }

    private boolean same(String key, JsonElement wanted, JsonElement found) {
        if (wanted.isJsonObject()) {
            return CaseArgs.whole(found) >= CaseArgs.whole(wanted.getAsJsonObject().get("at_least"));
        }
        if (wanted.isJsonArray()) {
            return found.isJsonArray() && sameList(key, wanted.getAsJsonArray(), found.getAsJsonArray());
        }
        if (wanted.isJsonNull() || found.isJsonNull() || isBoolean(wanted) || isBoolean(found)) {
            return wanted.equals(found);
        }
        if (wanted.getAsString().equals(found.getAsString())) {
            return true;
        }
        if (CaseArgs.isWhole(wanted) && CaseArgs.isWhole(found)) {
            return CaseArgs.whole(wanted) == CaseArgs.whole(found);
        }
        try {
            return sameNumber(key, CaseArgs.number(wanted), CaseArgs.number(found));
        } catch (NumberFormatException text) {
            return false;
        }
    }

    private static boolean isBoolean(JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
    }

    private boolean sameList(String key, JsonArray wanted, JsonArray found) {
        if (key.equals("at")) {
            return samePlace(wanted, found);
        }
        boolean holds = wanted.size() == found.size();
        for (int at = 0; holds && at < wanted.size(); at++) {
            holds = same(key, wanted.get(at), found.get(at));
        }
        return holds;
    }

    /** A third coordinate that is not given is 0. */
    private boolean samePlace(JsonArray wanted, JsonArray found) {
        for (int axis = 0; axis < found.size(); axis++) {
            boolean isGiven = axis < wanted.size();
            double number = CaseArgs.number(found.get(axis));
            if (isGiven ? !same("at", wanted.get(axis), found.get(axis)) : number != 0) {
                return false;
            }
        }
        return wanted.size() <= found.size();
    }

    /** Stored numbers come back as they were, the sign of a zero too. */
    private static boolean sameNumber(String key, double wanted, double found) {
        if (COMPUTED.contains(key) && !Double.isInfinite(wanted) && !Double.isNaN(wanted)) {
            return Math.abs(wanted - found) <= TOLERANCE * Math.max(Math.abs(wanted), 1);
        }
        return Double.doubleToLongBits(wanted) == Double.doubleToLongBits(found);
    }

    /** A number as an answer has it. */
    static JsonElement number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return new com.google.gson.JsonPrimitive(Double.toString(value));
        }
        return new com.google.gson.JsonPrimitive(value);
    }

    /** The same, and NaN for what is not there. */
    static JsonElement orNull(double value) {
        return Double.isNaN(value) ? JsonNull.INSTANCE : number(value);
    }

    static JsonArray place(double x, double y, double z) {
        JsonArray place = new JsonArray();
        place.add(number(x));
        place.add(number(y));
        place.add(number(z));
        return place;
    }
}
