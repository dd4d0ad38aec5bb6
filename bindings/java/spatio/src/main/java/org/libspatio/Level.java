package org.libspatio;

/** How grave a message is. */
public enum Level {
    /** Something failed in the background. */
    ERROR(1),
    /** Something was lost or mended. */
    WARNING(2),
    /** What was done. */
    INFO(3);

    private final int code;

    Level(int code) {
        this.code = code;
    }

    /** The number that stands for it in the C interface. */
    public int code() {
        return code;
    }

    static Level of(int code) {
        for (Level value : values()) {
            if (value.code == code) {
                return value;
            }
        }
        throw new IllegalStateException("Level " + code + " is not known to this version");
    }
}
