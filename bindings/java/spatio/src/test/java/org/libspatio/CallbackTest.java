package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callbacks from the library, also from its own threads; what they throw does not cross. */
class CallbackTest {
    private final PrintStream screen = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private Path folder;

    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createTempDirectory("callback");
        System.setErr(new PrintStream(printed, true));
    }

    @AfterEach
    void clean() throws IOException {
        System.setErr(screen);
        Clone.removeAll(folder);
    }

    /** A directory whose log has a torn end, which opening tells its listener. */
    private String tornDirectory() throws IOException {
        String path = folder.resolve("db").toString();
        try (Database db = Database.open(path)) {
            db.createNamespace("n").upsert("a", 1, 2);
        }
        Path log;
        try (java.util.stream.Stream<Path> files = Files.list(folder.resolve("db"))) {
            log = files.filter(file -> file.toString().endsWith(".log")).max(Path::compareTo).get();
        }
        byte[] bytes = Files.readAllBytes(log);
        byte[] torn = Arrays.copyOf(bytes, bytes.length + 7);
        Arrays.fill(torn, bytes.length, torn.length, (byte) 7);
        Files.write(log, torn);
        return path;
    }

    @Test
    void aListenerTakesMessages() throws IOException {
        List<String> messages = Collections.synchronizedList(new ArrayList<>());
        Options options = new Options().log((level, text) -> messages.add(level + " " + text));
        try (Database db = Database.open(tornDirectory(), options)) {
            assertEquals(7, db.recovery().bytesDropped());
        }
        assertTrue(messages.stream().anyMatch(text -> text.startsWith("WARNING")), "" + messages);
        assertEquals("", printed.toString());
    }

    @Test
    void whatAListenerThrowsIsPrintedAndGoesNoFurther() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        Options options =
                new Options()
                        .log(
                                (level, text) -> {
                                    calls.incrementAndGet();
                                    throw new IllegalArgumentException("thrown on purpose");
                                });
        try (Database db = Database.open(tornDirectory(), options)) {
            assertEquals(1, db.namespace("n").count());
        }
        assertTrue(calls.get() > 0);
        assertTrue(printed.toString().contains("thrown on purpose"), printed.toString());
    }

    @Test
    void anErrorOfTheMachineStopsThereToo() throws IOException {
        Options options =
                new Options()
                        .log(
                                (level, text) -> {
                                    throw new StackOverflowError("an Error on purpose");
                                });
        try (Database db = Database.open(tornDirectory(), options)) {
            assertEquals(1, db.namespace("n").count());
        }
        assertTrue(printed.toString().contains("an Error on purpose"), printed.toString());
    }

    @Test
    void aClockThatThrowsStandsStill() {
        AtomicLong now = new AtomicLong(1_000_000);
        AtomicBoolean isBroken = new AtomicBoolean();
        Clock clock =
                () -> {
                    if (isBroken.get()) {
                        throw new IllegalStateException("no time");
                    }
                    return now.get();
                };
        try (Database db = Database.memory(new Options().background(false).clock(clock))) {
            Namespace ns = db.createNamespace("n");
            ns.upsert("a", 1, 2);
            assertEquals(1_000_000, ns.get("a").timeUs());
            now.set(2_000_000);
            ns.upsert("a", 1, 2);
            isBroken.set(true);
            now.set(3_000_000);
            ns.upsert("a", 1, 3);
            assertEquals(2_000_000, ns.get("a").timeUs());
            assertEquals(3, ns.get("a").y());
        }
        assertTrue(printed.toString().contains("no time"), printed.toString());
    }

    @Test
    void theDatabasesOwnThreadMayAskTheClock() throws Exception {
        AtomicBoolean isForeign = new AtomicBoolean();
        AtomicBoolean isDaemon = new AtomicBoolean();
        Thread me = Thread.currentThread();
        Clock clock =
                () -> {
                    if (Thread.currentThread() != me) {
                        isDaemon.set(Thread.currentThread().isDaemon());
                        isForeign.set(true);
                    }
                    return System.currentTimeMillis() * 1000;
                };
        Options options =
                new Options().clock(clock).sync(SyncPolicy.EVERY).syncPeriod(1, TimeUnit.MILLISECONDS);
        String path = folder.resolve("db").toString();
        NamespaceOptions brief = NamespaceOptions.geographic().ttl(1, TimeUnit.MILLISECONDS);
        try (Database db = Database.open(path, options)) {
            Namespace ns = db.createNamespace("n", brief);
            for (int round = 0; round < 1000 && !isForeign.get(); round++) {
                ns.upsert("a", 1, 2);
                Thread.sleep(10);
            }
        }
        assertTrue(isForeign.get(), "the thread of the database asked for the time");
        assertTrue(isDaemon.get(), "and keeps no program from ending");
    }

    /** A listener of its own, as an object that the collector can find. */
    private static Options listening(List<WeakReference<Object>> listeners) {
        LogListener listener =
                new LogListener() {
                    @Override
                    public void onMessage(Level level, String message) {}
                };
        listeners.add(new WeakReference<>(listener));
        return new Options().log(listener).clock(() -> 1_000_000);
    }

    private void openAndClose(List<WeakReference<Object>> listeners) {
        Namespace ns;
        try (Database db = Database.memory(listening(listeners))) {
            ns = db.createNamespace("n");
        }
        assertThrows(SpatioException.class, ns::count);
        Options options = listening(listeners).readOnly(true);
        SpatioException error =
                assertThrows(
                        SpatioException.class,
                        () -> Database.open(folder.resolve("nothing").toString(), options));
        assertEquals(Status.NOT_FOUND, error.status());
    }

    @Test
    void callbacksAreLetGo() throws InterruptedException {
        List<WeakReference<Object>> listeners = new ArrayList<>();
        openAndClose(listeners);
        boolean isGone = false;
        for (int round = 0; round < 200 && !isGone; round++) {
            System.gc();
            Thread.sleep(10);
            isGone = listeners.stream().allMatch(listener -> listener.get() == null);
        }
        assertTrue(isGone, "the library still holds a listener");
    }
}
