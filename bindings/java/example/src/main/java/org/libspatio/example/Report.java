package org.libspatio.example;

/** Where a courier was at a moment, as his phone saw it. */
public final class Report {
    final long timeUs;
    final double longitude;
    final double latitude;

    public Report(long timeUs, double longitude, double latitude) {
        this.timeUs = timeUs;
        this.longitude = longitude;
        this.latitude = latitude;
    }
}
