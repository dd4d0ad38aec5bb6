package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The binding holds every function and every number of the header. */
class HeaderTest {
    /** Functions that no method of their own stands for, and why. */
    private static final Map<String, String> INSIDE = new TreeMap<>();

    /** The public method that reaches a function, where its name is another one. */
    private static final Map<String, String> REACHED = new TreeMap<>();

    static {
        INSIDE.put("spatio_options_init", "Database.open begins with it");
        INSIDE.put("spatio_namespace_options_init", "Database.createNamespace begins with it");
        INSIDE.put("spatio_query_init", "every query begins with it");
        INSIDE.put("spatio_result_columns", "Rows are filled by it");
        INSIDE.put("spatio_result_free", "the pool of results does it");
        INSIDE.put("spatio_index_options_init", "Index.build begins with it");
        INSIDE.put("spatio_freeze_options_init", "Namespace.freeze begins with it");
        INSIDE.put("spatio_hits_columns", "Hits are filled by it");
        INSIDE.put("spatio_stream_options_init", "StreamIndex.open begins with it");
        INSIDE.put("spatio_stream_begin", "StreamIndex.open does it");
        INSIDE.put("spatio_fetch_wanted", "every question to a stream goes round by it");
        INSIDE.put("spatio_fetch_feed", "every question to a stream goes round by it");
        INSIDE.put("spatio_fetch_hits", "questions to a stream that find rows end with it");
        INSIDE.put("spatio_fetch_count", "StreamIndex.count ends with it");
        INSIDE.put("spatio_fetch_aggregate", "StreamIndex.aggregate ends with it");
        INSIDE.put("spatio_fetch_free", "every question to a stream ends with it");
        INSIDE.put("spatio_hits_free", "the pool of hits does it");
        String[] pairs = {
            "spatio_index_get_info Index.info", "spatio_index_get_metadata Index.metadata",
            "spatio_stream_get_info StreamIndex.info", "spatio_stream_free StreamIndex.close",
            "spatio_fetch_spent StreamIndex.spent",
            "spatio_index_free Index.close", "spatio_region_free Region.close",
            "spatio_pack_get_info Pack.info",
            "spatio_pack_free Pack.close", "spatio_fences_get_info Fences.info",
            "spatio_fences_free Fences.close", "spatio_fences_get_by_handle Fences.get",
            "spatio_get_stats Database.stats", "spatio_get_recovery Database.recovery",
            "spatio_recovery_text Recovery.toString", "spatio_namespace_create Database.createNamespace",
            "spatio_namespace_open Database.namespace", "spatio_namespace_settings Namespace.settings",
            "spatio_namespace_close Namespace.close", "spatio_intern_batch Namespace.intern",
            "spatio_move_batch Namespace.move", "spatio_upsert_batch Namespace.upsert",
            "spatio_delete_batch Namespace.delete", "spatio_get_by_handle Namespace.get",
            "spatio_get_payload Namespace.payload", "spatio_get_batch Namespace.get",
            "spatio_polygon_new Polygon.of", "spatio_polygon_contains Polygon.contains",
            "spatio_polygon_free Polygon.close", "spatio_query_run Namespace.queryAll",
            "spatio_get_bounds Namespace.bounds", "spatio_cancel_new Cancel.<init>",
            "spatio_cancel_fire Cancel.fire", "spatio_cancel_reset Cancel.reset",
            "spatio_cancel_free Cancel.close", "spatio_result_export_arrow Namespace.queryArrow",
        };
        for (String pair : pairs) {
            REACHED.put(pair.split(" ")[0], pair.split(" ")[1]);
        }
    }

    private static String header() throws IOException {
        return Clone.text(Clone.root().resolve("include/spatio.h"));
    }

    private static Set<String> functions() throws IOException {
        String code = header().replaceAll("(?s)/\\*.*?\\*/", "");
        Matcher names = Pattern.compile("\\b(spatio_[a-z0-9_]+)\\(").matcher(code);
        Set<String> found = new TreeSet<>();
        while (names.find()) {
            found.add(names.group(1));
        }
        assertTrue(found.size() > 90, found.size() + " functions were found in the header");
        return found;
    }

    /** spatio_query_into is queryInto, of Namespace, Database or Spatio; spatio_index_any Index.any. */
    private static String[] candidates(String function) {
        for (String type : new String[] {"StreamIndex", "Index", "Pack", "Fences", "Region"}) {
            String word = type.replace("StreamIndex", "Stream");
            String prefix = "spatio_" + word.toLowerCase(java.util.Locale.ROOT) + "_";
            if (function.startsWith(prefix)) {
                return new String[] {type + "." + words(function.substring(prefix.length()))};
            }
        }
        String name = words(function.substring("spatio_".length()));
        return new String[] {"Namespace." + name, "Database." + name, "Spatio." + name};
    }

    private static String words(String function) {
        StringBuilder name = new StringBuilder();
        for (String word : function.split("_")) {
            String first = word.substring(0, 1);
            name.append(name.length() == 0 ? first : first.toUpperCase(java.util.Locale.ROOT));
            name.append(word.substring(1));
        }
        return name.toString();
    }

    private static boolean isPublic(String method) {
        String[] parts = method.split("\\.");
        Class<?> type;
        try {
            type = Class.forName("org.libspatio." + parts[0]);
        } catch (ClassNotFoundException unknown) {
            return false;
        }
        if (parts[1].equals("<init>")) {
            return type.getConstructors().length > 0;
        }
        return Arrays.stream(type.getMethods()).map(Method::getName).anyMatch(parts[1]::equals);
    }

    @Test
    void everyFunctionIsReachedByAPublicMethod() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (String function : functions()) {
            String reached = REACHED.get(function);
            boolean found =
                    INSIDE.containsKey(function)
                            || (reached == null
                                    ? Arrays.stream(candidates(function)).anyMatch(HeaderTest::isPublic)
                                    : isPublic(reached));
            if (!found) {
                missing.add(function);
            }
        }
        assertEquals(new TreeSet<String>(), missing, "functions of the header without a method");
        Set<String> gone = new TreeSet<>(REACHED.keySet());
        gone.addAll(INSIDE.keySet());
        gone.removeAll(functions());
        assertEquals(new TreeSet<String>(), gone, "functions that the header does not have");
    }

    private static String shim() throws IOException {
        StringBuilder shim = new StringBuilder();
        Path folder = Clone.root().resolve("bindings/java/native");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".c")).collect(Collectors.toList())) {
                shim.append(Clone.text(file));
            }
        }
        return shim.toString();
    }

    @Test
    void everyFunctionIsCalledByTheShim() throws IOException {
        String shim = shim();
        Set<String> missing = new TreeSet<>();
        for (String function : functions()) {
            if (!Pattern.compile("\\b" + function + "\\(").matcher(shim).find()) {
                missing.add(function);
            }
        }
        assertEquals(new TreeSet<String>(), missing, "functions that the shim does not call");
    }

    private static Map<String, Long> numbers() throws IOException {
        Pattern define = Pattern.compile("#define SPATIO_([A-Z0-9_]+) (\\d+|0x[0-9A-F]+)U?\\s");
        Matcher numbers = define.matcher(header());
        Map<String, Long> found = new TreeMap<>();
        while (numbers.find()) {
            found.put(numbers.group(1), Long.decode(numbers.group(2)));
        }
        return found;
    }

    private static void take(Map<String, Long> numbers, String name, long value) {
        assertEquals(numbers.remove(name), Long.valueOf(value), "SPATIO_" + name);
    }

    @Test
    void everyNumberIsTheHeaders() throws IOException {
        Map<String, Long> numbers = numbers();
        take(numbers, "ABI_VERSION", Native.ABI_VERSION);
        for (Status status : Status.values()) {
            take(numbers, status.name(), status.code());
            assertEquals(status.name(), Spatio.statusName(status.code()));
        }
        for (Space value : Space.values()) {
            take(numbers, value.name(), value.code());
        }
        for (SyncPolicy value : SyncPolicy.values()) {
            take(numbers, "SYNC_" + value.name(), value.code());
        }
        for (RecoveryMode value : RecoveryMode.values()) {
            take(numbers, "RECOVERY_" + value.name(), value.code());
        }
        for (History value : History.values()) {
            take(numbers, "HISTORY_" + value.name(), value.code());
        }
        for (Order value : Order.values()) {
            take(numbers, value.name(), value.code());
        }
        for (Interpolation value : Interpolation.values()) {
            take(numbers, "INTERPOLATE_" + value.name(), value.code());
        }
        for (Metric value : Metric.values()) {
            take(numbers, "METRIC_" + value.name(), value.code());
        }
        for (Outcome value : Outcome.values()) {
            take(numbers, "OUTCOME_" + value.name(), value.code());
        }
        for (Level value : Level.values()) {
            take(numbers, "LEVEL_" + value.name(), value.code());
        }
        for (Layout value : Layout.values()) {
            take(numbers, "INDEX_" + value.name(), value.code());
        }
        takeQueries(numbers);
        take(numbers, "NO_ITEM", Hits.NO_ITEM & 0xFFFFFFFFL);
        take(numbers, "OK", 0);
        take(numbers, "NO_LIMIT", 0xFFFFFFFFL);
        assertEquals(new TreeMap<String, Long>(), numbers, "numbers that the binding lacks");
    }

    private static void takeQueries(Map<String, Long> numbers) {
        try (Polygon polygon = Polygon.of(0, 0, 4, 0, 2, 3)) {
            take(numbers, "QUERY_CIRCLE", Query.circle(1).ints[0]);
            take(numbers, "QUERY_SPHERE", Query.sphere(1).ints[0]);
            take(numbers, "QUERY_CYLINDER", Query.cylinder(1, 2, 3).ints[0]);
            take(numbers, "QUERY_BOX", Query.box(1, 2, 3, 4).ints[0]);
            take(numbers, "QUERY_BOX_3D", Query.box3d(1, 2, 3, 4, 5, 6).ints[0]);
            take(numbers, "QUERY_POLYGON", Query.polygon(polygon).ints[0]);
            take(numbers, "QUERY_EVERYWHERE", Query.everywhere().ints[0]);
            take(numbers, "QUERY_NEAREST", Query.nearest(1).ints[0]);
            take(numbers, "QUERY_BOX_AROUND", Query.boxAround(1, 2).ints[0]);
            take(numbers, "QUERY_BOX_3D_AROUND", Query.box3dAround(1, 2, 3).ints[0]);
        }
        take(numbers, "QUERY_AROUND_OBJECT", Query.everywhere().around(1).ints[2]);
        take(numbers, "QUERY_EXCLUDE_ORIGIN", Query.everywhere().excludeOrigin().ints[2]);
        take(numbers, "QUERY_WITH_IDS", Query.everywhere().withIds().ints[2]);
        take(numbers, "QUERY_WITH_PAYLOADS", Query.everywhere().withPayloads().ints[2]);
        FoundFences found = new FoundFences();
        assertEquals(Query.everywhere().withIds().ints[2], found.withIds().flags);
        Query both = Query.everywhere().withIds().withPayloads();
        assertEquals(both.ints[2], found.withPayloads().flags);
    }

    @Test
    void aStatusOfALaterVersionIsInternal() {
        assertEquals(Status.INTERNAL, Status.of(4711));
        SpatioException error = SpatioException.of(4711, 5, -1, -1, new byte[0]);
        assertEquals(4711, error.code());
        assertEquals(Status.INTERNAL, error.status());
        assertEquals(5, error.osError());
    }

    /** One that is not would be found missing when it is first called, by a user. */
    @Test
    void everyNativeMethodIsRegistered() throws IOException {
        Set<String> registered = new TreeSet<>();
        Matcher entries = Pattern.compile("METHOD\\((\\w+), \"").matcher(shim());
        while (entries.find()) {
            assertTrue(registered.add(entries.group(1)), entries.group(1) + " stands there twice");
        }
        Set<String> natives = new TreeSet<>();
        for (Method method : Native.class.getDeclaredMethods()) {
            if (Modifier.isNative(method.getModifiers())) {
                assertTrue(natives.add(method.getName()), method + " has a namesake");
            }
        }
        assertEquals(natives, registered);
    }
}
