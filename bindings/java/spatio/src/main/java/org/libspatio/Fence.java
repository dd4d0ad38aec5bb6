package org.libspatio;

/** One fence of {@link Fences}. */
public final class Fence {
    /** Its id and its payload. */
    static final int TEXTS = 2;

    private final long handle;
    private final String id;
    private final byte[] payload;

    Fence(long handle, byte[][] texts) {
        this(handle, Utf8.text(texts[0]), texts[1]);
    }

    Fence(long handle, String id, byte[] payload) {
        this.handle = handle;
        this.id = id;
        this.payload = payload;
    }

    /** Its handle: its place in the order of ids. */
    public long handle() {
        return handle;
    }

    /** Its id. */
    public String id() {
        return id;
    }

    /** Its payload; null if it has none. */
    public byte[] payload() {
        return payload;
    }
}
