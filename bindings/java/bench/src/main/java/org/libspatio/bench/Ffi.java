package org.libspatio.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What a call from Java costs beside the same call from C, in one run: a JSON row for each workload.
 *
 * <pre>
 * mvn -f bindings/java/pom.xml -pl spatio,bench package -DskipTests
 * java -cp TARGET/spatio-bench/classes:$(cat TARGET/spatio-bench/classpath) \
 *     org.libspatio.bench.Ffi PROGRAM
 * </pre>
 *
 * <p>PROGRAM is bench/ffi.c, built as its head says. It runs before and after, and the better of the
 * two counts. {@code org.openjdk.jmh.Main} in place of Ffi runs the benchmarks alone.
 */
public final class Ffi {
    private Ffi() {}

    public static void main(String[] arguments) throws IOException, RunnerException {
        Map<String, Double> c = new HashMap<String, Double>();
        runC(arguments[0], c);
        Map<String, Double> java = runJava();
        runC(arguments[0], c);
        double added = java.get("scalar") - c.get("scalar");
        double ratio = java.get("scalar") / c.get("scalar");
        print("one scalar call", "added time", "ns", added, c.get("scalar"), ratio, 15);
        ratio = java.get("move") / c.get("move");
        print("one move", "time", "ns", java.get("move"), c.get("move"), ratio, 1.3);
        row("batch of 1,000 moves, direct", "moveBatch", java, "moveBatch", c, 1.3);
        row("batch of 1,000 moves, arrays", "moveArrays", java, "moveBatch", c, 1.3);
        row("1,000-row result, columns", "queryRows", java, "queryRows", c, 2.0);
        row("1,000-row result, direct", "queryDirect", java, "queryRows", c, 2.0);
    }

    private static void row(
            String workload,
            String ours,
            Map<String, Double> java,
            String theirs,
            Map<String, Double> c,
            double target) {
        double mine = java.get(ours) / World.ROWS;
        double other = c.get(theirs) / World.ROWS;
        print(workload, "time a row", "ns", mine, other, mine / other, target);
    }

    private static void print(
            String workload,
            String metric,
            String unit,
            double ours,
            double theirs,
            double ratio,
            double target) {
        String form =
                "{\"workload\":\"java: %s\",\"metric\":\"%s\",\"unit\":\"%s\",\"ours\":%.2f,"
                        + "\"peer\":\"C ABI\",\"theirs\":%.2f,\"ratio\":%.3f,\"target\":%.1f}%n";
        System.out.printf(
                Locale.ROOT, form, workload, metric, unit, ours, theirs, ratio, target);
    }

    private static void runC(String program, Map<String, Double> best) throws IOException {
        Process process = new ProcessBuilder(program).start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), "UTF-8"))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                double time = Double.parseDouble(words[1]);
                Double before = best.get(words[0]);
                best.put(words[0], before == null ? time : Math.min(before, time));
            }
        }
    }

    /** The best of many rounds of 20 ms, as in C: what else runs on the machine spoils some. */
    private static Map<String, Double> runJava() throws RunnerException {
        Map<String, Double> best = new HashMap<String, Double>();
        OptionsBuilder options = new OptionsBuilder();
        options.include(World.class.getName() + "\\.").forks(1);
        options.warmupIterations(3).warmupTime(TimeValue.seconds(1));
        options.measurementIterations(50).measurementTime(TimeValue.milliseconds(20));
        options.verbosity(VerboseMode.SILENT);
        for (RunResult result : new Runner(options.build()).run()) {
            String name = result.getParams().getBenchmark();
            double least = result.getPrimaryResult().getStatistics().getMin();
            best.put(name.substring(name.lastIndexOf('.') + 1), least);
        }
        return best;
    }
}
