/* Regions of any shape, and what an index is asked of nearness: numbers out of Java's arrays. */
#include "spatio_jni.h"

/* What a call made of the copied numbers, or what went wrong. */
#define MAKE(read, call)                                                                           \
    spatio_error error = {0};                                                                      \
    spatio_region *region = NULL;                                                                  \
    scratch s;                                                                                     \
    (void)type;                                                                                    \
    scratch_init(&s, env);                                                                         \
    read;                                                                                          \
    if (!s.failed)                                                                                 \
        is_ok(env, call, &error);                                                                  \
    scratch_free(&s);                                                                              \
    return (jlong)(intptr_t)region

static jlong JNICALL jni_regionBall(JNIEnv *env, jclass type, jint dims, jdoubleArray centre,
                                    jdouble radius)
{
    double *at;
    MAKE(at = copy_doubles(&s, centre, (size_t)dims),
         spatio_region_ball((uint32_t)dims, at, radius, &region, &error));
}

static jlong JNICALL jni_regionCapsule(JNIEnv *env, jclass type, jint dims, jdoubleArray from,
                                       jdoubleArray to, jdouble radius)
{
    double *one, *two;
    MAKE((one = copy_doubles(&s, from, (size_t)dims), two = copy_doubles(&s, to, (size_t)dims)),
         spatio_region_capsule((uint32_t)dims, one, two, radius, &region, &error));
}

static jlong JNICALL jni_regionCone(JNIEnv *env, jclass type, jint dims, jdoubleArray apex,
                                    jdoubleArray direction, jdouble half_angle_rad, jdouble length)
{
    double *at, *along;
    MAKE((at = copy_doubles(&s, apex, (size_t)dims),
          along = copy_doubles(&s, direction, (size_t)dims)),
         spatio_region_cone((uint32_t)dims, at, along, half_angle_rad, length, &region, &error));
}

static jlong JNICALL jni_regionHalfSpace(JNIEnv *env, jclass type, jint dims, jdoubleArray normal,
                                         jdouble offset)
{
    double *at;
    MAKE(at = copy_doubles(&s, normal, (size_t)dims),
         spatio_region_half_space((uint32_t)dims, at, offset, &region, &error));
}

static jlong JNICALL jni_regionConvex(JNIEnv *env, jclass type, jint n, jdoubleArray xy)
{
    double *points;
    MAKE(points = copy_doubles(&s, xy, 2 * (size_t)n),
         spatio_region_convex((size_t)n, points, &region, &error));
}

static jlong JNICALL jni_regionPolygon(JNIEnv *env, jclass type, jlong polygon)
{
    MAKE((void)0, spatio_region_polygon(POINTER(const spatio_polygon, polygon), &region, &error));
}

static jlong JNICALL jni_regionFrustum(JNIEnv *env, jclass type, jdoubleArray planes)
{
    double *sides;
    MAKE(sides = copy_doubles(&s, planes, 24), spatio_region_frustum(sides, &region, &error));
}

static jlong JNICALL jni_regionViewProjection(JNIEnv *env, jclass type, jdoubleArray matrix,
                                              jint depth_from_zero)
{
    double *rows;
    MAKE(rows = copy_doubles(&s, matrix, 16),
         spatio_region_view_projection(rows, (uint32_t)depth_from_zero, &region, &error));
}

static void JNICALL jni_regionFree(JNIEnv *env, jclass type, jlong region)
{
    (void)env, (void)type;
    spatio_region_free(POINTER(spatio_region, region));
}

static jlong JNICALL jni_indexCountRegion(JNIEnv *env, jclass type, jlong index, jlong region)
{
    spatio_error error = {0};
    uint64_t count = 0;
    (void)type;
    is_ok(env,
          spatio_index_count_region(POINTER(const spatio_index, index),
                                    POINTER(const spatio_region, region), &count, &error),
          &error);
    return (jlong)count;
}

static jboolean JNICALL jni_indexAnyRegion(JNIEnv *env, jclass type, jlong index, jlong region)
{
    spatio_error error = {0};
    uint8_t any = 0;
    (void)type;
    is_ok(env,
          spatio_index_any_region(POINTER(const spatio_index, index),
                                  POINTER(const spatio_region, region), &any, &error),
          &error);
    return any != 0;
}

static void JNICALL jni_indexClosestPair(JNIEnv *env, jclass type, jlong index, jlong other,
                                         jlong cancel, jintArray ids, jdoubleArray distance)
{
    spatio_error error = {0};
    uint32_t found[2] = {SPATIO_NO_ITEM, SPATIO_NO_ITEM};
    double apart = 0.0;
    (void)type;
    if (!is_ok(env,
               spatio_index_closest_pair(POINTER(const spatio_index, index),
                                         POINTER(const spatio_index, other),
                                         POINTER(spatio_cancel, cancel), &found[0], &found[1],
                                         &apart, &error),
               &error))
        return;
    give_ints(env, ids, 2, found);
    give_doubles(env, distance, 1, &apart);
}

static void JNICALL jni_indexComponents(JNIEnv *env, jclass type, jlong index,
                                        jdouble max_distance, jlong cancel, jint n,
                                        jintArray labels)
{
    spatio_error error = {0};
    scratch s;
    uint32_t *found;
    (void)type;
    scratch_init(&s, env);
    found = room_for(&s, labels, (size_t)n, sizeof *found);
    if (!s.failed && is_ok(env,
                           spatio_index_components(POINTER(const spatio_index, index),
                                                   max_distance, POINTER(spatio_cancel, cancel),
                                                   (size_t)n, found, &error),
                           &error))
        give_ints(env, labels, (size_t)n, found);
    scratch_free(&s);
}

static const JNINativeMethod methods[] = {
    METHOD(regionBall, "(I[DD)J"),
    METHOD(regionCapsule, "(I[D[DD)J"),
    METHOD(regionCone, "(I[D[DDD)J"),
    METHOD(regionHalfSpace, "(I[DD)J"),
    METHOD(regionConvex, "(I[D)J"),
    METHOD(regionPolygon, "(J)J"),
    METHOD(regionFrustum, "([D)J"),
    METHOD(regionViewProjection, "([DI)J"),
    METHOD(regionFree, "(J)V"),
    METHOD(indexCountRegion, "(JJ)J"),
    METHOD(indexAnyRegion, "(JJ)Z"),
    METHOD(indexClosestPair, "(JJJ[I[D)V"),
    METHOD(indexComponents, "(JDJI[I)V"),
};
const method_table region_methods = {methods, COUNT(methods)};
