package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every way to the native library, each in a machine of its own. */
class LoaderTest {
    private Path folder;
    private Path library;
    private Path classesOnly;

    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createTempDirectory("loader");
        boolean isMusl = Loader.isMusl(new File("/"));
        String system =
                Loader.folder(System.getProperty("os.name"), System.getProperty("os.arch"), isMusl);
        library = Clone.folder("spatio.natives").resolve(system).resolve("libspatio_jni.so");
        assertTrue(Files.isRegularFile(library), library.toString());
        classesOnly = Files.createDirectories(folder.resolve("classes/org/libspatio"));
        Path classes = Clone.folder("spatio.classes").resolve("org/libspatio");
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, classesOnly.resolve(file.getFileName()));
            }
        }
    }

    @AfterEach
    void clean() throws IOException {
        Clone.removeAll(folder);
    }

    /** Runs a program of one line that prints the version; what it printed. */
    private String run(String classes, String... options) throws Exception {
        Path source = folder.resolve("Show.java");
        Files.write(
                source,
                Arrays.asList(
                        "public class Show {",
                        "    public static void main(String[] a) {",
                        "        System.out.println(\"version \" + org.libspatio.Spatio.version());",
                        "    }",
                        "}"));
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(Arrays.asList(options));
        command.addAll(Arrays.asList("-cp", classes, source.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), Callbacks.UTF_8);
        process.waitFor();
        return output;
    }

    private String classes() {
        return folder.resolve("classes").toString();
    }

    @Test
    void fromTheJar() throws Exception {
        String temporary = Files.createDirectories(folder.resolve("tmp")).toString();
        String withNatives = Clone.folder("spatio.classes").toString();
        String output = run(withNatives, "-Djava.io.tmpdir=" + temporary);
        assertEquals("version " + Spatio.version() + "\n", output);
        try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
            assertFalse(left.anyMatch(file -> file.toString().contains("spatio")), "a file is left");
        }
    }

    @Test
    void fromTheLibraryPath() throws Exception {
        String output = run(classes(), "-Djava.library.path=" + library.getParent());
        assertEquals("version " + Spatio.version() + "\n", output);
    }

    @Test
    void fromTheFileThatAPropertyNames() throws Exception {
        Path renamed = Files.copy(library, folder.resolve("mine.so"));
        String output = run(classes(), "-D" + Loader.PROPERTY + "=" + renamed);
        assertEquals("version " + Spatio.version() + "\n", output);
    }

    @Test
    void aLibraryThatIsNowhereSaysWhereItWasLookedFor() throws Exception {
        String output = run(classes());
        assertTrue(output.contains("not on java.library.path"), output);
        assertTrue(output.contains("in the jar as /native/linux-"), output);
    }

    @Test
    void aLibraryOfAnotherVersionIsRefused() {
        Loader.checkAbi(1, 1);
        UnsatisfiedLinkError error =
                assertThrows(UnsatisfiedLinkError.class, () -> Loader.checkAbi(2, 1));
        assertTrue(error.getMessage().contains("has version 2"), error.getMessage());
        assertTrue(error.getMessage().contains("needs version 1"), error.getMessage());
    }

    @Test
    void systemsHaveTheirFolders() throws IOException {
        assertEquals("linux-x86_64", Loader.folder("Linux", "amd64", false));
        assertEquals("linux-aarch64-musl", Loader.folder("Linux", "aarch64", true));
        assertEquals("macos-aarch64", Loader.folder("Mac OS X", "arm64", false));
        assertEquals("windows-x86_64", Loader.folder("Windows 11", "amd64", false));
        assertFalse(Loader.isMusl(folder.toFile()));
        Files.createDirectories(folder.resolve("lib"));
        Files.createFile(folder.resolve("lib/ld-musl-x86_64.so.1"));
        assertTrue(Loader.isMusl(folder.toFile()));
    }

    @Test
    void androidIsKnownByItsMachine() {
        assertTrue(Loader.isAndroid("Dalvik", "The Android Project"));
        assertFalse(Loader.isAndroid("OpenJDK 64-Bit Server VM", "Debian"));
    }
}
