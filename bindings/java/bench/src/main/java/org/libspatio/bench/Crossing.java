package org.libspatio.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a call from Java costs beside the same call from C, in turns, in one run. {@code cargo xtask
 * bench ffi} runs it beside the other languages.
 *
 * <pre>
 * bindings/java/bench/native/build.sh include target/release/libspatio.a LIBRARY
 * mvn -f bindings/java/pom.xml -pl spatio,bench package -DskipTests
 * java -cp TARGET/spatio-bench/classes:TARGET/spatio/classes org.libspatio.bench.Crossing LIBRARY
 * </pre>
 *
 * <p>With {@code --quick} behind it, it runs shorter. It prints a line of JSON for each piece of
 * work: what it is, and the nanoseconds of one operation in Java and in C. Each number is the best of
 * many rounds, once everything has been compiled.
 */
public final class Crossing {
    /** Something that is done so many times. */
    private interface Work {
        void run(int times);
    }

    private final int rounds;
    private final int warmUp;

    private Crossing(boolean isQuick) {
        rounds = isQuick ? 100 : 400;
        warmUp = isQuick ? 100 : 200;
    }

    public static void main(String[] arguments) {
        System.load(arguments[0]);
        Crossing crossing = new Crossing(Arrays.asList(arguments).contains("--quick"));
        long c = C.make();
        if (c == 0) {
            throw new IllegalStateException("the world of C could not be made");
        }
        try (World world = new World()) {
            crossing.run(world, c);
        } finally {
            C.free(c);
        }
    }

    private void run(World world, long c) {
        Work get = times -> check(C.get(c, times));
        Work move = times -> check(C.move(c, times));
        Work batch = times -> check(C.moveBatch(c, times));
        Work box = times -> check(C.box(c, times));
        int rows = World.FOLLOWED;
        measure("get by handle", 1, 10_000, world::get, get);
        measure("move by handle", 1, 10_000, world::move, move);
        measure("batch of 1,000 moves", rows, 20, world::moveDirect, batch);
        measure("batch of 1,000 moves, by arrays", rows, 20, world::moveArrays, batch);
        measure("box of 1,000 rows", rows, 100, world::box, box);
        measure("box of 1,000 rows, into buffers", rows, 100, world::boxDirect, box);
    }

    /** The best of rounds in which the two take turns. */
    private void measure(String name, int units, int times, Work ours, Work theirs) {
        // Time enough for the compiler, which works beside this.
        for (int round = 0; round < warmUp; round++) {
            time(ours, times);
        }
        double best = Double.POSITIVE_INFINITY;
        double other = best;
        for (int round = 0; round < rounds; round++) {
            best = Math.min(best, time(ours, times));
            other = Math.min(other, time(theirs, times));
        }
        String form = "{\"work\": \"%s\", \"ours\": %.3f, \"theirs\": %.3f}%n";
        System.out.printf(Locale.ROOT, form, name, best / units, other / units);
    }

    private static double time(Work work, int times) {
        double start = C.cpuNs();
        work.run(times);
        return (C.cpuNs() - start) / times;
    }

    private static void check(int status) {
        if (status != 0) {
            throw new IllegalStateException("in C: " + status);
        }
    }
}
