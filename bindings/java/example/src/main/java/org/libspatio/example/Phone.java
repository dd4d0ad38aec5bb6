package org.libspatio.example;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A courier's phone: keeps what it saw until it knows that it arrived. The network drops what it
 * sends, or drops the answer, so that it sends again what has long arrived.
 */
public final class Phone {
    private final String courier;
    private final Random random;
    private final List<Report> unsent = new ArrayList<Report>();
    private double longitude;
    private double latitude;

    public Phone(String courier, long seed) {
        this.courier = courier;
        this.random = new Random(seed);
        this.longitude = 13.35 + 0.1 * random.nextDouble();
        this.latitude = 52.48 + 0.08 * random.nextDouble();
    }

    /** Rides on and sees where it is. */
    public Report see(long timeUs) {
        longitude += 0.0004 * (random.nextDouble() - 0.5);
        latitude += 0.0002 * (random.nextDouble() - 0.5);
        Report report = new Report(timeUs, longitude, latitude);
        unsent.add(report);
        return report;
    }

    /** Tries to send, in packets that may overtake each other. */
    public void send(Tracker tracker) {
        if (random.nextInt(3) == 0) {
            return; // no network
        }
        int half = unsent.size() / 2;
        List<Report> first = new ArrayList<Report>(unsent.subList(0, half));
        List<Report> second = new ArrayList<Report>(unsent.subList(half, unsent.size()));
        tracker.take(courier, second);
        if (random.nextInt(3) == 0) {
            return; // the answer was lost: all of it is sent again
        }
        tracker.take(courier, first);
        unsent.clear();
    }

    /** Stands in good reception until everything has arrived. */
    public void finish(Tracker tracker) {
        tracker.take(courier, unsent);
        unsent.clear();
    }

    public String courier() {
        return courier;
    }
}
