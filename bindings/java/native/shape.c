/* Polygons and cancels: what queries are handed. */
#include "spatio_jni.h"

static jlong JNICALL jni_polygonNew(JNIEnv *env, jclass type, jint rings, jlongArray ring_offsets,
                                    jdoubleArray xy, jint numbers, jint polygons,
                                    jlongArray polygon_offsets)
{
    spatio_error error = {0};
    spatio_polygon *polygon = NULL;
    scratch s;
    uint64_t *ring_at, *polygon_at;
    double *points;
    (void)type;
    scratch_init(&s, env);
    ring_at = (uint64_t *)copy_longs(&s, ring_offsets, (size_t)rings + 1);
    points = copy_doubles(&s, xy, (size_t)numbers);
    polygon_at = (uint64_t *)copy_longs(&s, polygon_offsets, (size_t)polygons + 1);
    if (!s.failed)
        is_ok(env,
              spatio_polygon_new((size_t)rings, ring_at, points, (size_t)polygons, polygon_at,
                                 &polygon, &error),
              &error);
    scratch_free(&s);
    return (jlong)(intptr_t)polygon;
}

static void JNICALL jni_polygonContains(JNIEnv *env, jclass type, jlong polygon, jint n,
                                        jdoubleArray x, jdoubleArray y, jbooleanArray inside)
{
    spatio_error error = {0};
    size_t rows = (size_t)n;
    scratch s;
    double *xs, *ys;
    uint8_t *found;
    (void)type;
    scratch_init(&s, env);
    xs = copy_doubles(&s, x, rows);
    ys = copy_doubles(&s, y, rows);
    found = room_for(&s, inside, rows, 1);
    if (!s.failed && is_ok(env,
                           spatio_polygon_contains(POINTER(spatio_polygon, polygon), rows, xs, ys,
                                                   found, &error),
                           &error))
        give_booleans(env, inside, rows, found);
    scratch_free(&s);
}

static void JNICALL jni_polygonFree(JNIEnv *env, jclass type, jlong polygon)
{
    (void)env, (void)type;
    spatio_polygon_free(POINTER(spatio_polygon, polygon));
}

static jlong JNICALL jni_cancelNew(JNIEnv *env, jclass type)
{
    spatio_cancel *cancel = spatio_cancel_new();
    (void)type;
    if (cancel == NULL)
        throw_no_memory(env, "a cancel");
    return (jlong)(intptr_t)cancel;
}

static void JNICALL jni_cancelFire(JNIEnv *env, jclass type, jlong cancel)
{
    (void)env, (void)type;
    spatio_cancel_fire(POINTER(spatio_cancel, cancel));
}

static void JNICALL jni_cancelReset(JNIEnv *env, jclass type, jlong cancel)
{
    (void)env, (void)type;
    spatio_cancel_reset(POINTER(spatio_cancel, cancel));
}

static void JNICALL jni_cancelFree(JNIEnv *env, jclass type, jlong cancel)
{
    (void)env, (void)type;
    spatio_cancel_free(POINTER(spatio_cancel, cancel));
}

static const JNINativeMethod methods[] = {
    METHOD(polygonNew, "(I[J[DII[J)J"),
    METHOD(polygonContains, "(JI[D[D[Z)V"),
    METHOD(polygonFree, "(J)V"),
    METHOD(cancelNew, "()J"),
    METHOD(cancelFire, "(J)V"),
    METHOD(cancelReset, "(J)V"),
    METHOD(cancelFree, "(J)V"),
};
const method_table shape_methods = {methods, COUNT(methods)};
