package org.libspatio;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Finds and loads libspatio_jni. On Android: what the package manager unpacked. Elsewhere: the file
 * that the property {@code org.libspatio.library} names; what {@code java.library.path} leads to;
 * the one in the jar for this system, unpacked into the temporary folder.
 */
final class Loader {
    static final String PROPERTY = "org.libspatio.library";
    private static final String NAME = "spatio_jni";

    private Loader() {}

    static void load() {
        if (isAndroid(System.getProperty("java.vm.name"), System.getProperty("java.vendor"))) {
            System.loadLibrary(NAME);
            return;
        }
        String file = System.getProperty(PROPERTY);
        if (file != null) {
            System.load(new File(file).getAbsolutePath());
            return;
        }
        try {
            System.loadLibrary(NAME);
        } catch (UnsatisfiedLinkError notOnPath) {
            loadFromJar(notOnPath);
        }
    }

    /** The virtual machine of Android calls itself Dalvik to this day. */
    static boolean isAndroid(String machine, String vendor) {
        return "Dalvik".equals(machine) || "The Android Project".equals(vendor);
    }

    /** The folder of the jar that holds the library for a system, such as linux-x86_64. */
    static String folder(String os, String architecture, boolean isMusl) {
        String lower = os.toLowerCase(java.util.Locale.ROOT);
        String system = lower.startsWith("mac") ? "macos" : lower.startsWith("win") ? "windows" : lower;
        String processor = architecture.toLowerCase(java.util.Locale.ROOT);
        if (processor.equals("amd64") || processor.equals("x64")) {
            processor = "x86_64";
        } else if (processor.equals("arm64")) {
            processor = "aarch64";
        }
        return system + "-" + processor + (isMusl ? "-musl" : "");
    }

    static boolean isMusl(File root) {
        String[] names = new File(root, "lib").list();
        if (names != null) {
            for (String name : names) {
                if (name.startsWith("ld-musl-")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void loadFromJar(UnsatisfiedLinkError notOnPath) {
        boolean isMusl = isMusl(new File("/"));
        String folder =
                folder(System.getProperty("os.name"), System.getProperty("os.arch"), isMusl);
        String resource = "/native/" + folder + "/" + System.mapLibraryName(NAME);
        InputStream packed = Loader.class.getResourceAsStream(resource);
        if (packed == null) {
            throw failure("it is not on java.library.path, and not in the jar as " + resource, notOnPath);
        }
        try {
            File unpacked = unpack(packed);
            try {
                System.load(unpacked.getAbsolutePath());
            } finally {
                // Where a loaded file cannot be deleted (Windows), the end of the program does it.
                if (!unpacked.delete()) {
                    unpacked.deleteOnExit();
                }
            }
        } catch (IOException error) {
            throw failure("it could not be unpacked from the jar", error);
        }
    }

    private static File unpack(InputStream packed) throws IOException {
        try {
            File file = File.createTempFile("libspatio_jni-", ".so");
            try (OutputStream out = new FileOutputStream(file)) {
                byte[] buffer = new byte[1 << 16];
                for (int n = packed.read(buffer); n >= 0; n = packed.read(buffer)) {
                    out.write(buffer, 0, n);
                }
            }
            return file;
        } finally {
            packed.close();
        }
    }

    private static UnsatisfiedLinkError failure(String what, Throwable cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError("libspatio_jni: " + what);
        error.initCause(cause);
        return error;
    }

    /** Refuses a library that speaks another version of the interface than this jar. */
    static void checkAbi(int found, int wanted) {
        if (found != wanted) {
            throw new UnsatisfiedLinkError(
                    "libspatio_jni: the library that was loaded has version "
                            + found
                            + " of the interface, this jar needs version "
                            + wanted
                            + "; use the library and the jar of one release");
        }
    }
}
