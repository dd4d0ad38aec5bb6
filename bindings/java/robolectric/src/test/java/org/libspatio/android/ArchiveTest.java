package org.libspatio.android;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.codehaus.mojo.animal_sniffer.SignatureChecker;
import org.codehaus.mojo.animal_sniffer.logging.Logger;
import org.codehaus.mojo.animal_sniffer.logging.PrintWriterLogger;
import org.junit.Test;

/** The AAR as a build of Android finds it, and its classes against the signatures of API 24. */
public class ArchiveTest {
    private static Path path(String property) {
        return Paths.get(System.getProperty(property));
    }

    private static String text(ZipFile archive, String entry) throws IOException {
        ZipEntry found = archive.getEntry(entry);
        assertTrue(entry, found != null);
        try (InputStream in = archive.getInputStream(found)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    public void theArchiveHasWhatAndroidLooksFor() throws IOException {
        try (ZipFile archive = new ZipFile(path("spatio.aar").toFile())) {
            String manifest = text(archive, "AndroidManifest.xml");
            assertTrue(manifest, manifest.contains("android:minSdkVersion=\"24\""));
            assertTrue(text(archive, "proguard.txt").contains("-keep class org.libspatio.Native"));
            assertEquals("", text(archive, "R.txt"));
            Set<String> names = new TreeSet<>();
            try (ZipInputStream classes =
                    new ZipInputStream(archive.getInputStream(archive.getEntry("classes.jar")))) {
                for (ZipEntry e = classes.getNextEntry(); e != null; e = classes.getNextEntry()) {
                    names.add(e.getName());
                    if (e.getName().endsWith(".class")) {
                        byte[] head = classes.readNBytes(8);
                        assertEquals("Java 8: " + e.getName(), 52, head[7]);
                    }
                }
            }
            assertTrue(names.contains("org/libspatio/Database.class"));
            assertFalse("libraries of other systems", names.toString().contains("linux"));
        }
    }

    /** What the checker says of classes, against the signatures of API 24. */
    private static String broken(Path classes) throws IOException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Logger logger = new PrintWriterLogger(new PrintStream(told, true));
        try (InputStream signatures = Files.newInputStream(path("spatio.signatures"))) {
            SignatureChecker checker =
                    new SignatureChecker(signatures, Collections.singleton("org.libspatio.*"), logger);
            checker.setSourcePath(Collections.emptyList());
            checker.process(classes.toFile());
            return checker.isSignatureBroken() ? "broken: " + told : "";
        }
    }

    @Test
    public void theClassesUseWhatAndroidHas() throws IOException {
        Path classes = path("spatio.aar").resolveSibling("classes.jar");
        assertEquals("", broken(classes));
    }

    @Test
    public void whatAndroidLacksIsFound() throws IOException {
        String[] lacking = {
            "Object field = java.time.Duration.ZERO;",
            "Object field = java.lang.ThreadLocal.withInitial(null);",
            "Object field = new java.io.File(\"a\").toPath();",
        };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        for (String line : lacking) {
            Path folder = Files.createTempDirectory("planted");
            Path source = folder.resolve("Planted.java");
            Files.write(source, ("class Planted { " + line + " }").getBytes(StandardCharsets.UTF_8));
            int code = compiler.run(null, null, null, "-Xlint:-options", "--release", "8", source.toString());
            assertEquals(line, 0, code);
            String told = broken(folder.resolve("Planted.class"));
            assertTrue(line + ": " + told, told.startsWith("broken"));
        }
    }
}
