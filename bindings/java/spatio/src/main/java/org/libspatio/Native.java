package org.libspatio;

import java.nio.ByteBuffer;

/**
 * The native methods, one for each call of the C interface; they are registered when the library is
 * loaded. Pointers travel as longs: callers see to it that they are alive and that arrays are long
 * enough for the rows that they announce.
 */
final class Native {
    /** The version of the interface that this class was written for. */
    static final int ABI_VERSION = 1;

    static {
        Loader.load();
        Loader.checkAbi(abiVersion(), ABI_VERSION);
    }

    private Native() {}

    static native int abiVersion();

    static native String version();

    static native String statusName(int status);

    static native long liveHandles();

    static native double distance(
            int space, int metric, double x1, double y1, double z1, double x2, double y2, double z2);

    static native byte[] check(byte[] path, long[] numbers);

    static native byte[] salvage(byte[] source, byte[] target, long[] numbers);

    static native long callbacksNew(LogListener log, Clock clock);

    static native void callbacksFree(long callbacks);

    static native long open(byte[] path, int set, long[] values, long callbacks);

    static native void close(long db);

    static native void flush(long db);

    static native void sync(long db);

    static native void checkpoint(long db);

    static native long sweep(long db);

    static native void stats(long db, long[] numbers);

    static native void recovery(long db, long[] numbers);

    static native byte[] recoveryText(long db);

    static native long namespaces(long db, long result, long[] counts);

    static native long namespaceCreate(long db, byte[] name, int set, long[] values);

    static native long namespaceOpen(long db, byte[] name);

    static native void namespaceClose(long ns);

    static native void settings(long ns, long[] values);

    static native long count(long ns);

    static native long intern(long ns, byte[] id);

    static native void internBatch(long ns, int n, long[] offsets, byte[] ids, long[] handles);

    static native boolean findHandle(long ns, byte[] id, long[] handle);

    static native byte[] id(long ns, long handle);

    static native long ids(long ns, int n, long[] handles, long result, long[] counts);

    static native int upsert(
            long ns,
            byte[] id,
            double x,
            double y,
            double z,
            long timeUs,
            byte[] payload,
            long ttlUs,
            long[] handle);

    static native int move(long ns, long handle, double x, double y, double z, long timeUs);

    static native boolean delete(long ns, byte[] id);

    static native boolean get(long ns, byte[] id, long[] numbers);

    static native boolean getByHandle(long ns, long handle, long[] numbers);

    static native byte[] payload(long ns, long handle);

    static native void moveBatch(
            long ns,
            int n,
            long[] handles,
            double[] x,
            double[] y,
            double[] z,
            long[] timeUs,
            long[] outcome);

    static native void moveDirect(
            long ns, int n, ByteBuffer columns, int capacity, boolean hasTimes, long[] outcome);

    static native void upsertBatch(
            long ns,
            int n,
            long[] idOffsets,
            byte[] ids,
            double[] x,
            double[] y,
            double[] z,
            long[] timeUs,
            long[] payloadOffsets,
            byte[] payloads,
            long[] ttlUs,
            long[] handles,
            long[] outcome);

    static native long insertTrajectory(
            long ns, byte[] id, int n, long[] timeUs, double[] x, double[] y, double[] z);

    static native long deleteBatch(long ns, int n, long[] handles);

    static native void getBatch(
            long ns,
            int n,
            long[] handles,
            double[] x,
            double[] y,
            double[] z,
            long[] timeUs,
            boolean[] found);

    static native long upsertArrow(long ns, long schema, long array, long[] outcome);

    static native long queryRun(
            long ns,
            int n,
            int[] ints,
            long[] longs,
            double[] numbers,
            byte[] prefixes,
            long cancel,
            long result,
            long[] counts);

    static native int queryInto(
            long ns,
            int[] ints,
            long[] longs,
            double[] numbers,
            byte[] prefix,
            ByteBuffer columns,
            int capacity);

    static native long queryRadius(
            long ns, double x, double y, double z, double r, int limit, long result, long[] counts);

    static native long queryBox(
            long ns,
            double minX,
            double minY,
            double maxX,
            double maxY,
            int limit,
            long result,
            long[] counts);

    static native long queryPolygon(long ns, long polygon, int limit, long result, long[] counts);

    static native long queryNear(
            long ns, long origin, double radius, int limit, long result, long[] counts);

    static native long knn(
            long ns, double x, double y, double z, int k, long result, long[] counts);

    static native long convexHull(long ns, long result, long[] counts);

    static native boolean bounds(long ns, double[] corners);

    static native long trajectory(
            long ns,
            int n,
            long[] handles,
            long startUs,
            long endUs,
            int order,
            int limit,
            long cancel,
            long result,
            long[] counts);

    static native void positionsAt(
            long ns,
            int n,
            long[] handles,
            long timeUs,
            int interpolation,
            double[] x,
            double[] y,
            double[] z,
            boolean[] found);

    static native void distanceBetween(
            long ns, int n, long[] a, long[] b, int metric, double[] distance);

    static native void distanceTo(
            long ns, int n, long[] handles, double x, double y, double z, int metric, double[] distance);

    static native void copyColumns(
            long result,
            long[] offsets,
            long[] handles,
            double[] x,
            double[] y,
            double[] z,
            long[] timeUs,
            double[] distance);

    static native void copyTexts(
            long result, long[] idOffsets, byte[] ids, long[] payloadOffsets, byte[] payloads);

    static native void resultFree(long result);

    static native void exportArrow(long result, long schema, long array);

    static native long polygonNew(
            int rings, long[] ringOffsets, double[] xy, int numbers, int polygons, long[] offsets);

    static native void polygonContains(long polygon, int n, double[] x, double[] y, boolean[] inside);

    static native void polygonFree(long polygon);

    static native long cancelNew();

    static native void cancelFire(long cancel);

    static native void cancelReset(long cancel);

    static native void cancelFree(long cancel);

    static native long indexBuild(
            int dims,
            int numbers,
            int n,
            double[] min,
            double[] max,
            long[] payloadOffsets,
            byte[] payloads,
            double[] values,
            long[] masks,
            byte[][] words,
            int set,
            int[] choices);

    static native long indexWrite(
            byte[] path,
            int dims,
            int numbers,
            int n,
            double[] min,
            double[] max,
            long[] payloadOffsets,
            byte[] payloads,
            double[] values,
            long[] masks,
            byte[][] words,
            int set,
            int[] choices);

    static native long indexBuildTriangles(
            int dims, int numbers, int n, double[] corners, byte[][] words, int set, int[] choices);

    static native long indexOpen(byte[] path);

    static native long indexOpenBytes(byte[] bytes);

    static native void indexFree(long index);

    static native byte[] indexBytes(long index);

    static native void indexInfo(long index, long[] numbers, double[] corners);

    static native void indexMetadata(long index, byte[][] words);

    static native void indexVerify(long index);

    static native byte[] indexPayload(long index, int id);

    static native void indexBoxes(
            long index, int n, int numbers, int[] ids, double[] min, double[] max);

    static native void copyHits(
            long hits,
            long[] offsets,
            int[] ids,
            int[] others,
            int[] ranks,
            double[] distance,
            long[] payloadOffsets,
            byte[] payloads);

    static native void hitsFree(long hits);

    static native long indexSearch(
            long index, int n, int numbers, double[] min, double[] max, long hits, long[] counts);

    static native long indexSearchWithin(
            long index,
            int n,
            int numbers,
            double[] min,
            double[] max,
            double[] maxDistance,
            long hits,
            long[] counts);

    static native long indexNearest(
            long index,
            int n,
            int numbers,
            double[] min,
            double[] max,
            int k,
            double[] maxDistance,
            long hits,
            long[] counts);

    static native long indexNearestGreatCircle(
            long index,
            int n,
            double[] lon,
            double[] lat,
            int k,
            double[] maxDistance,
            long hits,
            long[] counts);

    static native long indexSearchGreatCircle(
            long index,
            int n,
            double[] lon,
            double[] lat,
            double[] maxDistance,
            long hits,
            long[] counts);

    static native long indexRaycast(
            long index,
            int n,
            int numbers,
            double[] origin,
            double[] direction,
            double[] maxT,
            long hits,
            long[] counts);

    static native long indexPayloads(long index, int n, int[] ids, long hits, long[] counts);

    static native long indexSearchPolygon(long index, long polygon, long hits, long[] counts);

    static native long indexPairs(
            long index, double maxDistance, long cancel, long hits, long[] counts);

    static native long indexJoin(
            long index, long other, double maxDistance, long cancel, long hits, long[] counts);

    static native void indexCount(
            long index, int n, int numbers, double[] min, double[] max, long[] counts);

    static native void indexAny(
            long index, int n, int numbers, double[] min, double[] max, boolean[] any);

    static native void indexRaycastAny(
            long index,
            int n,
            int numbers,
            double[] origin,
            double[] direction,
            double[] maxT,
            boolean[] any);

    static native void indexRaycastClosest(
            long index,
            int n,
            int numbers,
            double[] origin,
            double[] direction,
            double[] maxT,
            int[] ids,
            double[] t);

    static native void indexAggregate(
            long index,
            int n,
            int numbers,
            double[] min,
            double[] max,
            long[] counts,
            double[] sums,
            double[] least,
            double[] greatest,
            long[] masks);

    static native void indexEstimate(
            long index,
            int n,
            int numbers,
            double[] min,
            double[] max,
            int stopLevel,
            long[] lower,
            long[] upper,
            double[] guesses);

    static native void indexRaycastTriangles(
            long index,
            int n,
            int numbers,
            double[] origin,
            double[] direction,
            double[] maxT,
            int[] ids,
            double[] t);

    static native long indexAntiJoin(
            long index, long other, double maxDistance, long cancel, long hits, long[] counts);

    static native void indexClosestPair(
            long index, long other, long cancel, int[] ids, double[] distance);

    static native void indexComponents(
            long index, double maxDistance, long cancel, int n, int[] labels);

    static native long indexSearchRegion(long index, long region, long hits, long[] counts);

    static native long indexCountRegion(long index, long region);

    static native boolean indexAnyRegion(long index, long region);

    static native long regionBall(int dims, double[] centre, double radius);

    static native long regionCapsule(int dims, double[] from, double[] to, double radius);

    static native long regionCone(
            int dims, double[] apex, double[] direction, double halfAngleRad, double length);

    static native long regionHalfSpace(int dims, double[] normal, double offset);

    static native long regionConvex(int n, double[] xy);

    static native long regionPolygon(long polygon);

    static native long regionFrustum(double[] planes);

    static native long regionViewProjection(double[] matrix, int depthFromZero);

    static native void regionFree(long region);

    static native long streamBegin(long fileBytes, int set, long[] choices);

    static native long streamOpen(long fetch);

    static native void streamFree(long stream);

    static native void streamInfo(long stream, long[] numbers, double[] corners);

    static native long streamSearch(long stream, double[] min, double[] max);

    static native long streamCount(long stream, double[] min, double[] max);

    static native long streamAggregate(long stream, double[] min, double[] max);

    static native long streamNearest(long stream, double[] point, int k, double maxDistance);

    static native long streamSearchRegion(long stream, long region);

    static native long streamCountRegion(long stream, long region);

    static native long streamSearchWithin(
            long stream, double[] min, double[] max, double maxDistance);

    static native long streamCountWithin(
            long stream, double[] min, double[] max, double maxDistance);

    static native long streamNearestGreatCircle(
            long stream, double lon, double lat, int k, double maxDistance);

    static native long streamSearchGreatCircle(
            long stream, double lon, double lat, double maxDistance);

    static native long streamRaycastClosest(
            long stream, double[] origin, double[] direction, double maxT);

    static native long streamPayloads(long stream, int n, int[] ranks);

    static native long streamPrefixes(long stream, int n, int[] ranks);

    static native long[] fetchWanted(long fetch);

    static native void fetchFeed(long fetch, byte[][] parts);

    static native void fetchSpent(long fetch, long[] numbers);

    static native void fetchFree(long fetch);

    static native long fetchCount(long fetch);

    static native void fetchAggregate(long fetch, long[] whole, double[] parts);

    static native long fetchHits(long fetch, long hits, long[] counts);

    static native void freeze(long ns, byte[] path, int set, int[] choices, long[] written);

    static native long packOpen(byte[] path);

    static native long packOpenBytes(byte[] bytes);

    static native void packFree(long pack);

    static native void packInfo(long pack, long[] numbers);

    static native void packVerify(long pack);

    static native long packQuery(
            long pack,
            int n,
            int[] ints,
            long[] longs,
            double[] numbers,
            byte[] prefixes,
            long cancel,
            long result,
            long[] counts);

    static native int packQueryInto(
            long pack,
            int[] ints,
            long[] longs,
            double[] numbers,
            byte[] prefix,
            ByteBuffer columns,
            int capacity);

    static native boolean packGet(long pack, byte[] id, long[] numbers);

    static native byte[] packId(long pack, long handle);

    static native byte[] packPayload(long pack, long handle);

    static native long fencesBuild(
            int space,
            int n,
            long[] idOffsets,
            byte[] ids,
            long[] polygons,
            long[] payloadOffsets,
            byte[] payloads);

    static native long fencesWrite(
            byte[] path,
            int space,
            int n,
            long[] idOffsets,
            byte[] ids,
            long[] polygons,
            long[] payloadOffsets,
            byte[] payloads,
            int set,
            int[] choices);

    static native long fencesOpen(byte[] path);

    static native long fencesOpenBytes(byte[] bytes);

    static native void fencesFree(long fences);

    static native void fencesInfo(long fences, long[] numbers);

    static native void fencesVerify(long fences);

    static native long fencesContaining(
            long fences, int n, double[] x, double[] y, int flags, long result, long[] counts);

    static native long fencesIntersecting(
            long fences,
            int n,
            double[] minX,
            double[] minY,
            double[] maxX,
            double[] maxY,
            int flags,
            long result,
            long[] counts);

    static native boolean fencesGet(long fences, byte[] id, long[] handle, byte[][] texts);

    static native void fencesGetByHandle(long fences, long handle, byte[][] texts);

    /** Called by the library: a message for a listener. */
    static void onLog(LogListener listener, int level, byte[] message) {
        Callbacks.log(listener, level, message);
    }

    /** Called by the library: the time of a clock. */
    static long onClock(Clock clock) {
        return Callbacks.time(clock);
    }
}
