package org.libspatio;

/**
 * A call that failed, and so changed nothing. {@link #status} says why in a form for programs, the
 * message in one for people: operation, argument, value.
 */
public final class SpatioException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final int osError;
    private final long row;
    private final long offset;

    private SpatioException(int code, int osError, long row, long offset, String message) {
        super(message);
        this.code = code;
        this.osError = osError;
        this.row = row;
        this.offset = offset;
    }

    /** Called by the library. */
    static SpatioException of(int code, int osError, long row, long offset, byte[] message) {
        String text = message.length == 0 ? Status.of(code).name() : Utf8.text(message);
        return new SpatioException(code, osError, row, offset, text);
    }

    static SpatioException closed(String operation, String what) {
        String message = operation + ": this " + what + " was closed";
        return new SpatioException(Status.CLOSED.code(), 0, -1, -1, message);
    }

    static SpatioException notUtf8(String argument, int at) {
        String message = argument + ": half of a surrogate pair at index " + at + " has no UTF-8";
        return new SpatioException(Status.INVALID_UTF8.code(), 0, -1, -1, message);
    }

    /** Why it failed. */
    public Status status() {
        return Status.of(code);
    }

    /** The number of the status, also of one that this version has no name for. */
    public int code() {
        return code;
    }

    /** The number of the operating system (errno) where there is one, else 0. */
    public int osError() {
        return osError;
    }

    /** The row of a batch that it is about, counted from 0; -1 if it is about none. */
    public long row() {
        return row;
    }

    /** The byte of the file that the message names; -1 if it is about none. */
    public long offset() {
        return offset;
    }
}
