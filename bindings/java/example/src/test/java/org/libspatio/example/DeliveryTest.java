package org.libspatio.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libspatio.Spatio;

/** The example keeps its promise: what the phones saw is in the tracks, all of it, once each. */
class DeliveryTest {
    @TempDir Path folder;

    @AfterEach
    void nothingIsLeft() {
        assertEquals(0, Spatio.liveHandles());
    }

    @Test
    void everyTrackIsWhatThePhoneSaw() {
        String directory = folder.resolve("delivery").toString();
        Map<String, List<Report>> seen = Delivery.evening(directory);
        assertEquals(12, seen.size());
        try (Tracker tracker = new Tracker(directory)) {
            for (Map.Entry<String, List<Report>> entry : seen.entrySet()) {
                List<Report> track = tracker.track(entry.getKey(), 0, Long.MAX_VALUE);
                assertEquals(entry.getValue().size(), track.size(), entry.getKey());
                for (int at = 0; at < track.size(); at++) {
                    Report wanted = entry.getValue().get(at);
                    assertEquals(wanted.timeUs, track.get(at).timeUs);
                    assertEquals(wanted.longitude, track.get(at).longitude);
                    assertEquals(wanted.latitude, track.get(at).latitude);
                }
            }
            assertTrue(tracker.track("nobody", 0, Long.MAX_VALUE).isEmpty());
        }
    }

    @Test
    void aCourierWithAnOrderIsNotFree() {
        try (Tracker tracker = new Tracker(folder.resolve("free").toString())) {
            Report here = new Report(1_000_000, 13.4, 52.5);
            tracker.take("a", java.util.Collections.singletonList(here));
            tracker.take("b", java.util.Collections.singletonList(here));
            tracker.assign("a", "order:1", 13.5, 52.5);
            assertEquals("[b]", tracker.freeNear(13.4, 52.5, 10, 5).toString());
            assertTrue(tracker.deliver("a"));
            assertFalse(tracker.deliver("a"));
            assertEquals("[a, b]", tracker.freeNear(13.4, 52.5, 10, 5).toString());
            assertEquals("[a]", tracker.freeNear(13.4, 52.5, 10, 1).toString());
        }
    }

    @Test
    void whatComesTwiceAndLateIsThereOnce() {
        try (Tracker tracker = new Tracker(folder.resolve("twice").toString())) {
            Report first = new Report(1_000_000, 13.4, 52.5);
            Report second = new Report(2_000_000, 13.5, 52.6);
            tracker.take("a", java.util.Arrays.asList(second, second));
            tracker.take("a", java.util.Arrays.asList(first, second));
            tracker.take("a", java.util.Collections.emptyList());
            List<Report> track = tracker.track("a", 0, Long.MAX_VALUE);
            assertEquals(2, track.size());
            assertEquals(13.4, track.get(0).longitude);
            assertEquals("[a]", tracker.freeNear(13.5, 52.6, 10, 1).toString(), "he did not go back");
        }
    }

    @Test
    void theProgramTellsThatNothingWasLost() {
        PrintStream screen = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true));
        try {
            Delivery.main(new String[] {folder.resolve("program").toString()});
        } finally {
            System.setOut(screen);
        }
        assertTrue(printed.toString().contains("positions in tracks:      480"), printed.toString());
        assertFalse(printed.toString().contains("restaurant: []"), printed.toString());
    }
}
