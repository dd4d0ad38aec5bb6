package org.libspatio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What was forgotten is freed once the collector has found it, and not before. */
class LeakNetTest {
    /** Collects until so many native objects are left, or it is clear that it will not happen. */
    private static void collectUntil(long wanted) throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            System.gc();
            LeakNet.sweep();
            if (Spatio.liveHandles() == wanted) {
                return;
            }
            Thread.sleep(10);
        }
        assertEquals(wanted, Spatio.liveHandles(), "native objects after many collections");
    }

    private static void forget(Path folder) {
        Database db = Database.open(folder.toString());
        Namespace ns = db.createNamespace("n");
        ns.upsert("a", 1, 2);
        ns.query(Query.polygon(Polygon.of(0, 0, 4, 0, 2, 3)));
        new Cancel().fire();
    }

    @Test
    void whatWasForgottenIsFreedAndWrittenDown() throws Exception {
        long before = Spatio.liveHandles();
        long leaks = Spatio.leaks();
        Path folder = Files.createTempDirectory("leak");
        forget(folder);
        assertTrue(Spatio.liveHandles() > before);
        collectUntil(before);
        assertEquals(leaks + 4, Spatio.leaks(), "database, namespace, polygon and cancel");
        try (Database db = Database.open(folder.toString())) {
            assertEquals(1, db.namespace("n").count());
        }
        Clone.removeAll(folder);
    }

    @Test
    void whatWasClosedIsNoLeak() throws Exception {
        long before = Spatio.liveHandles();
        long leaks = Spatio.leaks();
        for (int round = 0; round < 10; round++) {
            try (Database db = Database.memory()) {
                db.createNamespace("n").close();
            }
        }
        collectUntil(before);
        assertEquals(leaks, Spatio.leaks());
    }

    /** Counts how often it was freed; it stands for a native object that can be looked at. */
    private static final class Probe extends Resource {
        private int freed;

        Probe() {
            super("Probe", 0, 2);
        }

        @Override
        void free() {
            freed++;
        }
    }

    private static void forgetOwner(Probe probe) {
        probe.watch(new Object());
    }

    @Test
    void aCallThatRunsKeepsWhatItUses() throws Exception {
        Probe probe = new Probe();
        forgetOwner(probe);
        long leaks = Spatio.leaks();
        int slot = probe.guard.enter("a long call");
        for (int round = 0; round < 200 && Spatio.leaks() == leaks; round++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(leaks + 1, Spatio.leaks(), "the owner was found");
        LeakNet.sweep();
        assertEquals(0, probe.freed, "a call is inside");
        probe.guard.exit(slot);
        LeakNet.sweep();
        assertEquals(1, probe.freed);
        LeakNet.sweep();
        assertEquals(1, probe.freed, "once");
    }

    @Test
    void aDatabaseThatIsForgottenWaitsForItsNamespaces() {
        Database db = Database.memory();
        Namespace ns = db.createNamespace("n");
        int slot = ns.guard.enter("a long call");
        assertFalse(db.engine.tryClose(), "as the leak net would");
        assertEquals(0, ns.count(), "it is still open");
        ns.guard.exit(slot);
        assertTrue(db.engine.tryClose());
        assertThrows(SpatioException.class, ns::count);
    }

    @Test
    void aNamespaceThatIsForgottenLeavesItsDatabaseOpen() throws IOException, InterruptedException {
        try (Database db = Database.memory()) {
            long before = Spatio.liveHandles();
            forgetNamespace(db);
            collectUntil(before);
            assertEquals(1, db.namespace("n").count());
        }
    }

    private static void forgetNamespace(Database db) {
        db.createNamespace("n").upsert("a", 1, 2);
    }
}
