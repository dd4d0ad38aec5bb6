package org.libspatio;

/** What an {@link Index} says about itself in words; null where it says nothing. */
public final class IndexMetadata {
    private final String crs;
    private final String contentType;
    private final String attribution;

    /**
     * Words, each of which may be null.
     *
     * @param crs the coordinate reference system, such as "EPSG:4326"
     * @param contentType what the payloads are, as a media type, such as "application/json"
     * @param attribution whose data it is
     */
    public IndexMetadata(String crs, String contentType, String attribution) {
        this.crs = crs;
        this.contentType = contentType;
        this.attribution = attribution;
    }

    /** Out of the shim's order. */
    static IndexMetadata of(byte[][] words) {
        return new IndexMetadata(text(words[0]), text(words[1]), text(words[2]));
    }

    private static String text(byte[] word) {
        return word == null ? null : Utf8.text(word);
    }

    byte[][] words() {
        return new byte[][] {
            bytes(crs, "crs"), bytes(contentType, "contentType"), bytes(attribution, "attribution")
        };
    }

    private static byte[] bytes(String word, String argument) {
        return word == null ? null : Utf8.bytes(word, argument);
    }

    /** The coordinate reference system, such as "EPSG:4326". */
    public String crs() {
        return crs;
    }

    /** What the payloads are, as a media type. */
    public String contentType() {
        return contentType;
    }

    /** Whose data it is. */
    public String attribution() {
        return attribution;
    }
}
