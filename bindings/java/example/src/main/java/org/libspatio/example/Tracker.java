package org.libspatio.example;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.libspatio.Database;
import org.libspatio.History;
import org.libspatio.Namespace;
import org.libspatio.NamespaceOptions;
import org.libspatio.Options;
import org.libspatio.Order;
import org.libspatio.Query;
import org.libspatio.Row;
import org.libspatio.Rows;
import org.libspatio.SyncPolicy;
import org.libspatio.Update;
import org.libspatio.Upserts;

/**
 * The tracker of a delivery app. Phones lose the network and send again what they do not know to have
 * arrived, so that reports come late, twice and out of order.
 *
 * <p>Late ones are the database's business: a report that is older than what is known goes to the
 * courier's track and moves him nowhere. What comes twice is ours, since the database keeps every
 * position that it is told: a report whose time is in the track already is passed over. So a phone may
 * send until it is told that all was taken.
 */
public final class Tracker implements AutoCloseable {
    private final Database db;
    private final Namespace couriers;
    private final Namespace orders;

    /** Opens the tracker in a directory. What {@link #take} took survives a crash of the machine. */
    public Tracker(String directory) {
        db = Database.open(directory, new Options().sync(SyncPolicy.ALWAYS));
        couriers = db.createNamespace("couriers");
        orders = db.createNamespace("orders", NamespaceOptions.geographic().history(History.OFF));
    }

    /** Takes the reports of a phone; once it returns, the phone may forget them. */
    public synchronized void take(String courier, List<Report> reports) {
        List<Report> fresh = withoutKnown(courier, reports);
        int n = fresh.size();
        String[] ids = new String[n];
        long[] times = new long[n];
        double[] longitudes = new double[n];
        double[] latitudes = new double[n];
        Arrays.fill(ids, courier);
        for (int row = 0; row < n; row++) {
            Report report = fresh.get(row);
            times[row] = report.timeUs;
            longitudes[row] = report.longitude;
            latitudes[row] = report.latitude;
        }
        couriers.upsert(new Upserts(ids, longitudes, latitudes).timeUs(times));
    }

    private List<Report> withoutKnown(String courier, List<Report> reports) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Report report : reports) {
            first = Math.min(first, report.timeUs);
            last = Math.max(last, report.timeUs);
        }
        Set<Long> known = new HashSet<Long>();
        if (first <= last) {
            for (Report report : track(courier, first, last)) {
                known.add(report.timeUs);
            }
        }
        List<Report> fresh = new ArrayList<Report>();
        for (Report report : reports) {
            if (known.add(report.timeUs)) {
                fresh.add(report);
            }
        }
        return fresh;
    }

    /** Notes the order that a courier carries, with the door that it goes to. */
    public void assign(String courier, String order, double longitude, double latitude) {
        Update update = new Update().payload(order.getBytes(StandardCharsets.UTF_8));
        orders.upsert(courier, longitude, latitude, 0, update);
    }

    /** The courier's order was delivered; whether he had one. */
    public boolean deliver(String courier) {
        return orders.delete(courier);
    }

    /** The couriers without an order within a distance in metres, nearest first. */
    public List<String> freeNear(double longitude, double latitude, double radius, int limit) {
        List<String> free = new ArrayList<String>();
        for (Row row : couriers.query(Query.circle(radius).at(longitude, latitude).withIds())) {
            if (free.size() < limit && orders.get(row.id()) == null) {
                free.add(row.id());
            }
        }
        return free;
    }

    /** Where a courier was between two moments, oldest first. */
    public List<Report> track(String courier, long startUs, long endUs) {
        List<Report> track = new ArrayList<Report>();
        OptionalLong handle = couriers.findHandle(courier);
        if (handle.isPresent()) {
            Rows rows =
                    couriers.trajectory(
                            handle.getAsLong(), startUs, endUs, Order.OLDEST_FIRST, Namespace.NO_LIMIT);
            for (Row row : rows) {
                track.add(new Report(row.timeUs(), row.x(), row.y()));
            }
        }
        return track;
    }

    @Override
    public void close() {
        db.close();
    }
}
