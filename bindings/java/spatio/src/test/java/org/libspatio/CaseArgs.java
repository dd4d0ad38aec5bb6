package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reading the arguments of a step. What is missing or of another form is an error of the case. */
final class CaseArgs {
    private CaseArgs() {}

    static final class BadCase extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadCase(String what) {
            super("the case: " + what);
        }
    }

    static double number(JsonElement value) {
        String text = value.getAsString();
        switch (text) {
            case "NaN":
                return Double.NaN;
            case "Infinity":
                return Double.POSITIVE_INFINITY;
            case "-Infinity":
                return Double.NEGATIVE_INFINITY;
            default:
                return Double.parseDouble(text);
        }
    }

    /** A whole number of 64 bits, with or without quotes. */
    static long whole(JsonElement value) {
        return Long.parseLong(value.getAsString());
    }

    /** Whether it is written as a whole number. */
    static boolean isWhole(JsonElement value) {
        if (!value.isJsonPrimitive() || value.getAsJsonPrimitive().isBoolean()) {
            return false;
        }
        JsonPrimitive primitive = value.getAsJsonPrimitive();
        if (primitive.isNumber() && primitive.getAsNumber() instanceof Double) {
            return false;
        }
        return primitive.getAsString().matches("-?[0-9]{1,19}");
    }

    static String text(JsonObject args, String name) {
        if (!args.has(name)) {
            throw new BadCase(name + " is missing in " + args);
        }
        return args.get(name).getAsString();
    }

    static double number(JsonObject args, String name) {
        if (!args.has(name)) {
            throw new BadCase(name + " is missing in " + args);
        }
        return number(args.get(name));
    }

    static double[] numbers(JsonObject args, String name) {
        if (!args.has(name)) {
            return null;
        }
        JsonArray list = args.getAsJsonArray(name);
        double[] numbers = new double[list.size()];
        for (int at = 0; at < numbers.length; at++) {
            numbers[at] = number(list.get(at));
        }
        return numbers;
    }

    /** The elements of a list. */
    static List<JsonElement> list(JsonArray list) {
        List<JsonElement> elements = new ArrayList<>();
        list.forEach(elements::add);
        return elements;
    }

    static boolean isList(JsonObject args, String name) {
        return args.has(name) && args.get(name).isJsonArray();
    }

    static long[] wholes(JsonObject args, String name) {
        if (!args.has(name)) {
            return null;
        }
        JsonArray list = args.getAsJsonArray(name);
        long[] wholes = new long[list.size()];
        for (int at = 0; at < wholes.length; at++) {
            wholes[at] = whole(list.get(at));
        }
        return wholes;
    }

    static String[] texts(JsonObject args, String name) {
        JsonArray list = args.getAsJsonArray(name);
        String[] texts = new String[list.size()];
        for (int at = 0; at < texts.length; at++) {
            texts[at] = list.get(at).getAsString();
        }
        return texts;
    }

    /** The column of payloads; null where a row keeps what its object has. */
    static byte[][] payloads(JsonObject args) {
        if (!args.has("payloads")) {
            return null;
        }
        JsonArray list = args.getAsJsonArray("payloads");
        byte[][] payloads = new byte[list.size()][];
        for (int at = 0; at < payloads.length; at++) {
            JsonElement payload = list.get(at);
            payloads[at] = payload.isJsonNull() ? null : bytes(payload.getAsString());
        }
        return payloads;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An id as bytes, which need not be UTF-8. */
    static byte[] idBytes(JsonObject args) {
        long[] numbers = wholes(args, "id_bytes");
        byte[] bytes = new byte[numbers.length];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = (byte) numbers[at];
        }
        return bytes;
    }

    /** A position of two or three numbers; the third is 0 without one. */
    static double[] place(JsonObject args, String name) {
        double[] numbers = numbers(args, name);
        if (numbers == null || numbers.length < 2 || numbers.length > 3) {
            throw new BadCase(name + " of " + args + " is no place");
        }
        return new double[] {numbers[0], numbers[1], numbers.length == 3 ? numbers[2] : 0};
    }

    static int limit(JsonObject args) {
        return args.has("limit") ? (int) whole(args.get("limit")) : Namespace.NO_LIMIT;
    }

    static Polygon polygon(JsonObject args) {
        return polygon(args.getAsJsonArray("polygon"));
    }

    static Polygon polygon(JsonArray parts) {
        double[][][] polygons = new double[parts.size()][][];
        for (int p = 0; p < polygons.length; p++) {
            JsonArray rings = parts.get(p).getAsJsonArray();
            polygons[p] = new double[rings.size()][];
            for (int r = 0; r < rings.size(); r++) {
                JsonArray points = rings.get(r).getAsJsonArray();
                polygons[p][r] = new double[2 * points.size()];
                for (int at = 0; at < points.size(); at++) {
                    polygons[p][r][2 * at] = number(points.get(at).getAsJsonArray().get(0));
                    polygons[p][r][2 * at + 1] = number(points.get(at).getAsJsonArray().get(1));
                }
            }
        }
        return Polygon.ofPolygons(polygons);
    }

    /** Whether an argument is a bare number that no name stands for, as in "#7". */
    static boolean isRaw(JsonObject args, String name) {
        return args.has(name) && args.get(name).getAsString().startsWith("#");
    }

    static int raw(JsonObject args, String name) {
        return Integer.parseInt(text(args, name).substring(1));
    }

    static <E extends Enum<E>> E named(Class<E> type, JsonObject args, String name) {
        return Enum.valueOf(type, text(args, name).toUpperCase(java.util.Locale.ROOT));
    }
}
