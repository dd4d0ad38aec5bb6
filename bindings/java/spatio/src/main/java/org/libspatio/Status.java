package org.libspatio;

/** What went wrong, as the library names it. */
public enum Status {
    /** An argument has a wrong form: an empty id, an inverted box. */
    INVALID_ARGUMENT(1),
    /** A pointer is NULL that must not be; a bug of this binding. */
    NULL_POINTER(2),
    /** A number is outside of what it may be: NaN, a latitude beyond 90, a negative radius. */
    OUT_OF_RANGE(3),
    /** A buffer is too small; a bug of this binding. */
    BUFFER_TOO_SMALL(4),
    /** A namespace, an object or a file that was named does not exist. */
    NOT_FOUND(5),
    /** It exists already, with other settings. */
    ALREADY_EXISTS(6),
    /** The database, or the handle that was used, was closed. */
    CLOSED(7),
    /** Another process, or another Database of this one, has it open for writing. */
    LOCKED(8),
    /** Not offered for this kind of space, in this mode, or by this version of the library. */
    UNSUPPORTED(9),
    /** It was cancelled by {@link Cancel#fire}. */
    CANCELLED(10),
    /** A size is beyond a documented limit: an id over 255 bytes, a payload over 64 KiB. */
    LIMIT_EXCEEDED(12),
    /** The database was opened for reading only. */
    READ_ONLY(13),
    /** A text that has no UTF-8, such as half of a surrogate pair. */
    INVALID_UTF8(15),
    /** The operating system refused to read or write. */
    IO(32),
    /** Stored bytes are not what was written. */
    CORRUPT(33),
    /** The files are of a newer version of the format. */
    FORMAT_VERSION(34),
    /** The disk is full; what was acknowledged is intact, and writing goes on when there is room. */
    NO_SPACE(35),
    /** An earlier fsync failed: writes are refused until the database is opened again. */
    POISONED(36),
    /** Memory could not be had. */
    OUT_OF_MEMORY(64),
    /** A bug in the library, or a status that this version does not know. */
    INTERNAL(65),
    /** A bug in the library stopped a call half way; only closing is possible. */
    PANIC(66);

    private final int code;

    Status(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }

    /** The status of a number; {@link #INTERNAL} for one that this version does not know. */
    public static Status of(int code) {
        for (Status status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return INTERNAL;
    }
}
