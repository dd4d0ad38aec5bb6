/* Questions about the past, and distances between objects. */
#include "spatio_jni.h"

static jlong JNICALL jni_trajectory(JNIEnv *env, jclass type, jlong ns, jint n, jlongArray handles,
                                    jlong start_us, jlong end_us, jint order, jint limit,
                                    jlong cancel, jlong given, jlongArray counts)
{
    spatio_error error = {0};
    spatio_result *result = POINTER(spatio_result, given);
    spatio_columns columns = {0};
    scratch s;
    uint64_t *who;
    (void)type;
    columns.struct_size = sizeof columns;
    scratch_init(&s, env);
    who = (uint64_t *)copy_longs(&s, handles, (size_t)n);
    if (!s.failed) {
        spatio_status status = spatio_trajectory(
            POINTER(spatio_namespace, ns), (size_t)n, who, start_us, end_us, (uint32_t)order,
            (uint32_t)limit, POINTER(spatio_cancel, cancel), &result, &columns, &error);
        given = finish_result(env, status, &error, given, result, &columns, counts);
    }
    scratch_free(&s);
    return given;
}

static void JNICALL jni_positionsAt(JNIEnv *env, jclass type, jlong ns, jint n, jlongArray handles,
                                    jlong time_us, jint interpolation, jdoubleArray x,
                                    jdoubleArray y, jdoubleArray z, jbooleanArray found)
{
    spatio_error error = {0};
    size_t rows = (size_t)n;
    scratch s;
    uint64_t *who;
    double *xs, *ys, *zs;
    uint8_t *known;
    (void)type;
    scratch_init(&s, env);
    who = (uint64_t *)copy_longs(&s, handles, rows);
    xs = room_for(&s, x, rows, sizeof(double));
    ys = room_for(&s, y, rows, sizeof(double));
    zs = room_for(&s, z, rows, sizeof(double));
    known = room_for(&s, found, rows, 1);
    if (!s.failed && is_ok(env,
                           spatio_positions_at(POINTER(spatio_namespace, ns), rows, who, time_us,
                                               (uint32_t)interpolation, xs, ys, zs, known, &error),
                           &error)) {
        give_doubles(env, x, rows, xs);
        give_doubles(env, y, rows, ys);
        give_doubles(env, z, rows, zs);
        give_booleans(env, found, rows, known);
    }
    scratch_free(&s);
}

static void JNICALL jni_distanceBetween(JNIEnv *env, jclass type, jlong ns, jint n, jlongArray a,
                                        jlongArray b, jint metric, jdoubleArray distance)
{
    spatio_error error = {0};
    size_t rows = (size_t)n;
    scratch s;
    uint64_t *from, *to;
    double *found;
    (void)type;
    scratch_init(&s, env);
    from = (uint64_t *)copy_longs(&s, a, rows);
    to = (uint64_t *)copy_longs(&s, b, rows);
    found = room_for(&s, distance, rows, sizeof(double));
    if (!s.failed && is_ok(env,
                           spatio_distance_between(POINTER(spatio_namespace, ns), rows, from, to,
                                                   (uint32_t)metric, found, &error),
                           &error))
        give_doubles(env, distance, rows, found);
    scratch_free(&s);
}

static void JNICALL jni_distanceTo(JNIEnv *env, jclass type, jlong ns, jint n, jlongArray handles,
                                   jdouble x, jdouble y, jdouble z, jint metric,
                                   jdoubleArray distance)
{
    spatio_error error = {0};
    size_t rows = (size_t)n;
    scratch s;
    uint64_t *who;
    double *found;
    (void)type;
    scratch_init(&s, env);
    who = (uint64_t *)copy_longs(&s, handles, rows);
    found = room_for(&s, distance, rows, sizeof(double));
    if (!s.failed && is_ok(env,
                           spatio_distance_to(POINTER(spatio_namespace, ns), rows, who, x, y, z,
                                              (uint32_t)metric, found, &error),
                           &error))
        give_doubles(env, distance, rows, found);
    scratch_free(&s);
}

static const JNINativeMethod methods[] = {
    METHOD(trajectory, "(JI[JJJIIJJ[J)J"),
    METHOD(positionsAt, "(JI[JJI[D[D[D[Z)V"),
    METHOD(distanceBetween, "(JI[J[JI[D)V"),
    METHOD(distanceTo, "(JI[JDDDI[D)V"),
};
const method_table history_methods = {methods, COUNT(methods)};
