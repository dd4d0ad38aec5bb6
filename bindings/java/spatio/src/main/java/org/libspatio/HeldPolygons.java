package org.libspatio;

/** Polygons that several rows of a call hold; null where a row holds none. */
class HeldPolygons {
    private final Polygon[] polygons;
    private final int[] slots;

    HeldPolygons(Polygon[] polygons) {
        this.polygons = polygons;
        this.slots = new int[polygons.length];
    }

    /** How many rows there are. */
    final int size() {
        return polygons.length;
    }

    /** Keeps the polygons from being freed during a call. */
    final void enter(String operation) {
        int entered = 0;
        try {
            for (; entered < polygons.length; entered++) {
                if (polygons[entered] != null) {
                    slots[entered] = polygons[entered].resource.guard.enter(operation);
                }
            }
        } catch (SpatioException closed) {
            exit(entered);
            throw closed;
        }
    }

    final void exit() {
        exit(polygons.length);
    }

    private void exit(int entered) {
        for (int row = 0; row < entered; row++) {
            if (polygons[row] != null) {
                polygons[row].resource.guard.exit(slots[row]);
            }
        }
    }
}
