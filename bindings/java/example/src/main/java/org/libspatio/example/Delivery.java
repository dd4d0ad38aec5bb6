package org.libspatio.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An evening of a delivery app: couriers ride, their phones lose the network, the tracker is restarted
 * in the middle. Prints how many positions were seen and how many are in the tracks: all, once each.
 */
public final class Delivery {
    private static final int COURIERS = 12;
    private static final int MINUTES = 40;
    private static final long START_US = 1_700_000_000_000_000L;
    private static final long MINUTE_US = 60_000_000L;

    private Delivery() {}

    public static void main(String[] arguments) {
        Map<String, List<Report>> seen = evening(arguments[0]);
        try (Tracker tracker = new Tracker(arguments[0])) {
            int positions = 0;
            int kept = 0;
            for (Map.Entry<String, List<Report>> entry : seen.entrySet()) {
                positions += entry.getValue().size();
                kept += tracker.track(entry.getKey(), 0, Long.MAX_VALUE).size();
            }
            System.out.println("positions seen by phones: " + positions);
            System.out.println("positions in tracks:      " + kept);
            System.out.println("free near the restaurant: " + tracker.freeNear(13.4, 52.52, 5000, 3));
        }
    }

    /** Plays the evening into the tracker of a directory; what each phone saw. */
    static Map<String, List<Report>> evening(String directory) {
        Map<String, List<Report>> seen = new TreeMap<String, List<Report>>();
        List<Phone> phones = new ArrayList<Phone>();
        for (int i = 0; i < COURIERS; i++) {
            Phone phone = new Phone("courier:" + i, i);
            phones.add(phone);
            seen.put(phone.courier(), new ArrayList<Report>());
        }
        // The tracker is restarted half way; the phones notice a gap and nothing else.
        for (int half = 0; half < 2; half++) {
            try (Tracker tracker = new Tracker(directory)) {
                ride(tracker, phones, seen, half);
            }
        }
        return seen;
    }

    private static void ride(
            Tracker tracker, List<Phone> phones, Map<String, List<Report>> seen, int half) {
        for (int minute = 0; minute < MINUTES / 2; minute++) {
            long timeUs = START_US + (half * (MINUTES / 2) + minute) * MINUTE_US;
            for (int i = 0; i < phones.size(); i++) {
                Phone phone = phones.get(i);
                Report report = phone.see(timeUs);
                seen.get(phone.courier()).add(report);
                phone.send(tracker);
                if (minute == 5 && i % 4 == 0) {
                    tracker.assign(phone.courier(), "order:" + i, 13.4, 52.5);
                } else if (minute == 15 && i % 8 == 0) {
                    tracker.deliver(phone.courier());
                }
            }
        }
        for (Phone phone : phones) {
            phone.finish(tracker);
        }
    }
}
