package org.libspatio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the clone is that the tests hold the binding against, and other folders. */
final class Clone {
    private Clone() {}

    static Path root() {
        return folder("spatio.clone");
    }

    /** A folder that the build names by a property. */
    static Path folder(String property) {
        Path path = java.nio.file.Paths.get(System.getProperty(property));
        if (!Files.isDirectory(path)) {
            throw new IllegalStateException(property + " is " + path + ", which is no folder");
        }
        return path;
    }

    static String text(Path path) throws IOException {
        return new String(Files.readAllBytes(path), Callbacks.UTF_8);
    }

    static void removeAll(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
