package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Plays every behaviour case of the clone over the Java interface. */
class BehaviourTest {
    private static final Map<String, Integer> REACHED = new TreeMap<>();
    private static int played;

    @TestFactory
    List<DynamicTest> everyCaseHolds() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path topic : topics()) {
            JsonObject file;
            try (Reader reader = Files.newBufferedReader(topic)) {
                file = JsonParser.parseReader(reader).getAsJsonObject();
            }
            for (JsonElement one : file.getAsJsonArray("cases")) {
                JsonObject played = one.getAsJsonObject();
                String name = played.get("name").getAsString();
                tests.add(DynamicTest.dynamicTest(name, () -> play(played)));
            }
        }
        assertTrue(tests.size() >= 300, tests.size() + " cases: where are the others?");
        return tests;
    }

    private static List<Path> topics() throws IOException {
        try (Stream<Path> files = Files.list(Clone.root().resolve("tests/behaviour"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static void play(JsonObject played) throws IOException {
        long before = Spatio.liveHandles();
        Path folder = Files.createTempDirectory("behaviour");
        try (CaseStage stage = new CaseStage(folder, played)) {
            int number = 0;
            for (JsonElement element : played.getAsJsonArray("steps")) {
                JsonObject step = element.getAsJsonObject();
                REACHED.merge(step.get("op").getAsString(), 1, Integer::sum);
                String wrong = stage.step(step);
                assertNull(wrong, "step " + number + ", " + step.get("op").getAsString());
                number++;
            }
        } finally {
            Clone.removeAll(folder);
        }
        BehaviourTest.played++;
        assertEquals(before, Spatio.liveHandles(), "native objects that the case left");
    }

    @AfterAll
    static void report() {
        System.out.println("behaviour: " + played + " cases held; reached: " + REACHED);
    }

    @Test
    void aWrongAnswerIsToldFromARightOne() {
        Map<String, Long> bound = new HashMap<>();
        bound.put("h", 7L);
        bound.put("i", 8L);
        String row = "{\"rows\":[{\"id\":\"a\",\"at\":[1,2,0],\"distance\":5.0}]}";
        String[][] holding = {
            {"{\"rows\":[{\"id\":\"a\",\"at\":[1,2],\"distance\":5.000000001}]}", row},
            {"{\"row_count\":1,\"among\":[\"b\",\"a\"]}", row},
            {"{\"handle\":\"@h\"}", "{\"handle\":7}"},
            {"{\"n\":{\"at_least\":2}}", "{\"n\":2}"},
            {"{\"x\":[1]}", "{\"x\":[1.0]}"},
        };
        String[][] failing = {
            {"{\"rows\":[{\"id\":\"a\",\"at\":[1,2],\"distance\":5.0001}]}", row},
            {"{\"rows\":[{\"id\":\"a\",\"at\":[1,2.000000001],\"distance\":5}]}", row},
            {"{\"rows\":[{\"id\":\"a\",\"at\":[1,2]}]}", row},
            {"{\"rows\":[]}", row},
            {"{\"row_count\":1,\"among\":[\"b\"]}", row},
            {"{\"found\":true}", "{\"found\":false}"},
            {"{\"found\":true}", "{}"},
            {"{\"handle\":\"@i\"}", "{\"handle\":7}"},
            {"{\"x\":[0.0]}", "{\"x\":[-0.0]}"},
            {"{\"n\":{\"at_least\":3}}", "{\"n\":2}"},
            {"{\"t\":\"9223372036854775807\"}", "{\"t\":\"9223372036854775806\"}"},
            {"{\"payload\":null}", "{\"payload\":\"x\"}"},
        };
        CaseCompare compare = new CaseCompare(bound);
        for (String[] pair : holding) {
            assertNull(compare.difference(parse(pair[0]), parse(pair[1])), pair[0]);
        }
        for (String[] pair : failing) {
            assertNotNull(compare.difference(parse(pair[0]), parse(pair[1])), pair[0]);
        }
    }

    private static JsonObject parse(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
