package org.libspatio;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/** Files of a case: written, damaged, removed. */
final class CaseFiles {
    private CaseFiles() {}

    /** The file that a step is about: by its name, or the last one in a folder with an ending. */
    private static Path file(Path folder, JsonObject args) throws IOException {
        Path path = folder.resolve(CaseArgs.text(args, "file"));
        if (!args.has("ending")) {
            return path;
        }
        String ending = CaseArgs.text(args, "ending");
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .max(Comparator.naturalOrder())
                    .orElseThrow(() -> new CaseArgs.BadCase("no file ends with " + ending));
        }
    }

    static JsonObject play(Path folder, String op, JsonObject args) throws IOException {
        Path path = file(folder, args);
        if (op.equals("write_file")) {
            Files.write(path, CaseArgs.bytes(CaseArgs.text(args, "text")));
            return new JsonObject();
        }
        if (op.equals("remove_file")) {
            Files.delete(path);
            return new JsonObject();
        }
        byte[] bytes = Files.readAllBytes(path);
        if (op.equals("flip_byte")) {
            bytes[args.get("offset").getAsInt()] ^= (byte) 0xff;
        } else {
            JsonArray list = args.getAsJsonArray("bytes");
            String offset = CaseArgs.text(args, "offset");
            int at = offset.equals("end") ? bytes.length : Integer.parseInt(offset);
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length, at + list.size()));
            for (int i = 0; i < list.size(); i++) {
                bytes[at + i] = (byte) list.get(i).getAsInt();
            }
        }
        Files.write(path, bytes);
        return new JsonObject();
    }
}
