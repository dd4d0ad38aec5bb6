package org.libspatio;

/** What needs no open database. */
public final class Spatio {
    private Spatio() {}

    /** The version of the library, such as "0.1.0". */
    public static String version() {
        return Native.version();
    }

    /** The version of the interface that the loaded library offers. */
    public static int abiVersion() {
        return Native.abiVersion();
    }

    /** The name that the library has for the number of a status, such as "NOT_FOUND". */
    public static String statusName(int code) {
        return Native.statusName(code);
    }

    /**
     * How many native objects of the whole process were given out and not freed yet: 0 at the end of
     * a program that leaks nothing. For tests.
     */
    public static long liveHandles() {
        return Native.liveHandles();
    }

    /** How many objects were forgotten to be closed, and freed after the collector found them. */
    public static long leaks() {
        LeakNet.sweep();
        return LeakNet.leaks();
    }

    /** The distance between two points, altitude included: metres, or units. */
    public static double distance(
            Space space,
            Metric metric,
            double x1,
            double y1,
            double z1,
            double x2,
            double y2,
            double z2) {
        return Native.distance(space.code(), metric.code(), x1, y1, z1, x2, y2, z2);
    }

    /**
     * Reads every record of a database that is not open for writing, and says what is sound. Writes
     * nothing. Damage is an answer and not a failure.
     */
    public static CheckReport check(String directory) {
        long[] numbers = new long[CheckReport.NUMBERS];
        byte[] words = Native.check(Paths.bytes(directory, "directory"), numbers);
        return new CheckReport(numbers, Utf8.text(words));
    }

    /**
     * Writes what can be read of a damaged database into a new directory. The damaged one is not
     * changed.
     */
    public static SalvageReport salvage(String source, String target) {
        long[] numbers = new long[SalvageReport.NUMBERS];
        byte[] from = Paths.bytes(source, "source");
        byte[] words = Native.salvage(from, Paths.bytes(target, "target"), numbers);
        return new SalvageReport(numbers, Utf8.text(words));
    }
}
