package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole programs of the README run word for word, and print what stands there. */
class ReadmeTest {
    private static String block(String readme, String heading, String language) {
        int from = readme.indexOf("## " + heading);
        assertTrue(from >= 0, heading);
        Pattern fence = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL);
        Matcher block = fence.matcher(readme);
        assertTrue(block.find(from), language);
        return block.group(1);
    }

    @ParameterizedTest
    @CsvSource({"The first program,First", "Packs and fences,Zones"})
    void aProgramPrintsWhatItSays(String heading, String name)
            throws IOException, InterruptedException {
        String readme = Clone.text(Clone.root().resolve("bindings/java/README.md"));
        Path folder = Files.createTempDirectory("readme");
        Path program = folder.resolve(name + ".java");
        Files.write(program, block(readme, heading, "java").getBytes(Callbacks.UTF_8));
        String classes = Clone.folder("spatio.classes").toString();
        Process process =
                new ProcessBuilder(
                                System.getProperty("java.home") + "/bin/java",
                                "-cp",
                                classes,
                                program.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), Callbacks.UTF_8);
        process.waitFor();
        assertEquals(block(readme, heading, "text"), output);
        Clone.removeAll(folder);
    }
}
