package org.libspatio;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;

/**
 * Moves that are gathered where the library reads them: columns outside of Java's heap, which cross
 * without a copy. Make one, and use it again for every frame or packet.
 *
 * <pre>{@code
 * MoveBatch moves = new MoveBatch(1000);
 * moves.clear();
 * moves.add(handle, lon, lat, 0);
 * buses.move(moves);
 * }</pre>
 *
 * <p>For one thread at a time.
 */
public final class MoveBatch {
    final ByteBuffer columns;
    private final int capacity;
    private final LongBuffer handles;
    private final DoubleBuffer x;
    private final DoubleBuffer y;
    private final DoubleBuffer z;
    private final LongBuffer timeUs;
    private int size;
    private boolean hasTimes;

    /** A batch with room for {@code capacity} rows. */
    public MoveBatch(int capacity) {
        this.capacity = Check.rows(capacity, "capacity");
        columns = ByteBuffer.allocateDirect(Math.multiplyExact(capacity, 5 * 8));
        columns.order(ByteOrder.nativeOrder());
        handles = column(0).asLongBuffer();
        x = column(1).asDoubleBuffer();
        y = column(2).asDoubleBuffer();
        z = column(3).asDoubleBuffer();
        timeUs = column(4).asLongBuffer();
    }

    private ByteBuffer column(int number) {
        ByteBuffer column = columns.duplicate();
        column.position(number * capacity * 8);
        column.limit((number + 1) * capacity * 8);
        return column.slice().order(ByteOrder.nativeOrder());
    }

    /** Adds a row that happens now; all rows of a batch have a time, or none has. */
    public MoveBatch add(long handle, double x, double y, double z) {
        if (size > 0 && hasTimes) {
            throw new IllegalStateException("row " + size + " has no time, those before it have one");
        }
        return put(handle, x, y, z);
    }

    /** Adds a row with its event time in microseconds since 1970-01-01 UTC. */
    public MoveBatch add(long handle, double x, double y, double z, long timeUs) {
        if (size > 0 && !hasTimes) {
            throw new IllegalStateException("row " + size + " has a time, those before it have none");
        }
        put(handle, x, y, z);
        this.timeUs.put(size - 1, timeUs);
        hasTimes = true;
        return this;
    }

    private MoveBatch put(long handle, double x, double y, double z) {
        if (size == capacity) {
            throw new BufferOverflowException();
        }
        handles.put(size, handle);
        this.x.put(size, x);
        this.y.put(size, y);
        this.z.put(size, z);
        size++;
        return this;
    }

    /** Takes all rows out. */
    public MoveBatch clear() {
        size = 0;
        hasTimes = false;
        return this;
    }

    /** How many rows there are. */
    public int size() {
        return size;
    }

    /** How many rows there is room for. */
    public int capacity() {
        return capacity;
    }

    boolean hasTimes() {
        return hasTimes;
    }
}
