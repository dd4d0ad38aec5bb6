package org.libspatio;

import java.io.ByteArrayOutputStream;

/** Texts on their way to the library: UTF-8, never mended quietly. */
final class Utf8 {
    private Utf8() {}

    static byte[] bytes(String text, String argument) {
        if (text == null) {
            throw new NullPointerException(argument + " is null");
        }
        refuseHalves(text, argument);
        return text.getBytes(Callbacks.UTF_8);
    }

    /** Half of a surrogate pair has no UTF-8; Java would put a question mark in its place. */
    private static void refuseHalves(String text, String argument) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            boolean isPair =
                    Character.isHighSurrogate(c)
                            && at + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(at + 1));
            if (!isPair) {
                throw SpatioException.notUtf8(argument, at);
            }
            at++;
        }
    }

    /** Texts behind each other, with their offsets in {@code offsets}, one more than there are. */
    static byte[] join(String[] texts, long[] offsets, String argument) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(texts.length * 12);
        for (int row = 0; row < texts.length; row++) {
            offsets[row] = all.size();
            byte[] bytes = bytes(texts[row], argument + "[" + row + "]");
            all.write(bytes, 0, bytes.length);
        }
        offsets[texts.length] = all.size();
        return all.toByteArray();
    }

    /** The same for bytes; null stands for none. */
    static byte[] join(byte[][] parts, long[] offsets) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int row = 0; row < parts.length; row++) {
            offsets[row] = all.size();
            if (parts[row] != null) {
                all.write(parts[row], 0, parts[row].length);
            }
        }
        offsets[parts.length] = all.size();
        return all.toByteArray();
    }

    static String text(byte[] bytes) {
        return new String(bytes, Callbacks.UTF_8);
    }
}
