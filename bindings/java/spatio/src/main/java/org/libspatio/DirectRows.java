package org.libspatio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;

/**
 * Room for the rows of a query outside of Java's heap, where the library writes them without a copy
 * and without allocating anything: for the loop that must not make garbage. For one thread at a
 * time.
 */
public final class DirectRows {
    final ByteBuffer columns;
    private final int capacity;
    private final LongBuffer handles;
    private final DoubleBuffer x;
    private final DoubleBuffer y;
    private final DoubleBuffer z;
    private final LongBuffer timeUs;
    private final DoubleBuffer distance;
    int size;

    /** Room for {@code capacity} rows: a query finds no more, as with a limit. */
    public DirectRows(int capacity) {
        this.capacity = Check.rows(capacity, "capacity");
        columns = ByteBuffer.allocateDirect(Math.multiplyExact(capacity, 6 * 8));
        columns.order(ByteOrder.nativeOrder());
        handles = column(0).asLongBuffer();
        x = column(1).asDoubleBuffer();
        y = column(2).asDoubleBuffer();
        z = column(3).asDoubleBuffer();
        timeUs = column(4).asLongBuffer();
        distance = column(5).asDoubleBuffer();
    }

    private ByteBuffer column(int number) {
        ByteBuffer column = columns.duplicate();
        column.position(number * capacity * 8);
        column.limit((number + 1) * capacity * 8);
        return column.slice().order(ByteOrder.nativeOrder());
    }

    private int row(int row) {
        if (row < 0 || row >= size) {
            throw new IndexOutOfBoundsException("row " + row + " of " + size);
        }
        return row;
    }

    /** How many rows the last query found. */
    public int size() {
        return size;
    }

    /** How many rows there is room for. */
    public int capacity() {
        return capacity;
    }

    /** The handle of the object. */
    public long handle(int row) {
        return handles.get(row(row));
    }

    /** Longitude in degrees, or x. */
    public double x(int row) {
        return x.get(row(row));
    }

    /** Latitude in degrees, or y. */
    public double y(int row) {
        return y.get(row(row));
    }

    /** Altitude in metres, or z. */
    public double z(int row) {
        return z.get(row(row));
    }

    /** Event time in microseconds since 1970-01-01 UTC. */
    public long timeUs(int row) {
        return timeUs.get(row(row));
    }

    /** Distance from the origin in metres, or units; NaN if the query has no origin. */
    public double distance(int row) {
        return distance.get(row(row));
    }
}
