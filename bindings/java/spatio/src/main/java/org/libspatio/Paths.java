package org.libspatio;

/** Paths on their way to the library, where a NUL ends a text. */
final class Paths {
    private Paths() {}

    static byte[] bytes(String path, String argument) {
        byte[] bytes = Utf8.bytes(path, argument);
        if (path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(argument + " holds a NUL: " + path.replace('\0', '?'));
        }
        return bytes;
    }
}
