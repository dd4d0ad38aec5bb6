package org.libspatio;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Fences} are built from: polygons with ids, and perhaps with payloads. The polygons must
 * stay open until the fences are built, which copies them. For one thread at a time.
 *
 * <pre>{@code
 * Fences.build(new FenceItems(Space.GEOGRAPHIC).add("park", park).add("harbour", harbour, rules));
 * }</pre>
 */
public final class FenceItems {
    final int space;
    private final List<byte[]> ids = new ArrayList<byte[]>();
    private final List<Polygon> polygons = new ArrayList<Polygon>();
    private final List<byte[]> payloads = new ArrayList<byte[]>();

    /** No fences yet, in a space. */
    public FenceItems(Space space) {
        this(space.code());
    }

    /** A space by its number, as the tests know it. */
    FenceItems(int space) {
        this.space = space;
    }

    /**
     * Adds a fence without a payload.
     *
     * @param id 1 to 255 bytes of UTF-8, which no other one has
     * @param polygon one polygon, or several with holes; it may be that of another fence, too. Edges
     *     are straight in longitude and latitude; one that crosses the antimeridian is to be cut there
     */
    public FenceItems add(String id, Polygon polygon) {
        return add(id, polygon, null);
    }

    /** Adds a fence with a payload; null, or no bytes: without one. */
    public FenceItems add(String id, Polygon polygon, byte[] payload) {
        if (polygon == null) {
            throw new NullPointerException("polygon is null");
        }
        ids.add(Utf8.bytes(id, "id"));
        polygons.add(polygon);
        payloads.add(payload);
        return this;
    }

    /** How many there are. */
    public int size() {
        return polygons.size();
    }

    /** Them as columns, as the shim reads them. */
    Columns columns() {
        return new Columns(this);
    }

    static final class Columns extends HeldPolygons {
        final long[] idOffsets;
        final byte[] ids;
        final long[] pointers;
        final long[] payloadOffsets;
        final byte[] payloads;

        Columns(FenceItems items) {
            super(items.polygons.toArray(new Polygon[0]));
            int rows = size();
            pointers = new long[rows];
            for (int row = 0; row < rows; row++) {
                pointers[row] = items.polygons.get(row).resource.pointer;
            }
            idOffsets = new long[rows + 1];
            ids = Utf8.join(items.ids.toArray(new byte[0][]), idOffsets);
            payloadOffsets = new long[rows + 1];
            payloads = Utf8.join(items.payloads.toArray(new byte[0][]), payloadOffsets);
        }
    }
}
