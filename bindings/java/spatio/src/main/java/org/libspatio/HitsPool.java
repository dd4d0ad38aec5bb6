package org.libspatio;

/** The hits of an index that are not in use. */
final class HitsPool extends ResultPool {
    @Override
    void release(long hits) {
        Native.hitsFree(hits);
    }
}
