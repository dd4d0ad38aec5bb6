/* Many objects in one call. */
#include "spatio_jni.h"

static void give_outcome(JNIEnv *env, jlongArray outcome, uint64_t applied, uint64_t late)
{
    const uint64_t numbers[] = {applied, late};
    give_longs(env, outcome, COUNT(numbers), numbers);
}

static void JNICALL jni_moveBatch(JNIEnv *env, jclass type, jlong ns, jint n, jlongArray handles,
                                  jdoubleArray x, jdoubleArray y, jdoubleArray z,
                                  jlongArray time_us, jlongArray outcome)
{
    spatio_error error = {0};
    size_t rows = (size_t)n;
    uint64_t applied = 0, late = 0;
    scratch s;
    uint64_t *who;
    double *xs, *ys, *zs;
    int64_t *times;
    (void)type;
    scratch_init(&s, env);
    who = (uint64_t *)copy_longs(&s, handles, rows);
    xs = copy_doubles(&s, x, rows);
    ys = copy_doubles(&s, y, rows);
    zs = copy_doubles(&s, z, rows);
    times = copy_longs(&s, time_us, rows);
    if (!s.failed && is_ok(env,
                           spatio_move_batch(POINTER(spatio_namespace, ns), rows, who, xs, ys, zs,
                                             times, &applied, &late, &error),
                           &error))
        give_outcome(env, outcome, applied, late);
    scratch_free(&s);
}

/* The columns of a direct buffer follow each other, each with room for `capacity` rows. */
static void JNICALL jni_moveDirect(JNIEnv *env, jclass type, jlong ns, jint n, jobject buffer,
                                   jint capacity, jboolean has_times, jlongArray outcome)
{
    spatio_error error = {0};
    const char *at = (*env)->GetDirectBufferAddress(env, buffer);
    size_t column = (size_t)capacity * sizeof(double);
    uint64_t applied = 0, late = 0;
    (void)type;
    if (is_ok(env,
              spatio_move_batch(POINTER(spatio_namespace, ns), (size_t)n, (const uint64_t *)at,
                                (const double *)(at + column), (const double *)(at + 2 * column),
                                (const double *)(at + 3 * column),
                                has_times ? (const int64_t *)(at + 4 * column) : NULL, &applied,
                                &late, &error),
              &error))
        give_outcome(env, outcome, applied, late);
}

static void JNICALL jni_upsertBatch(JNIEnv *env, jclass type, jlong ns, jint n, jlongArray offsets,
                                    jbyteArray ids, jdoubleArray x, jdoubleArray y, jdoubleArray z,
                                    jlongArray time_us, jlongArray payload_offsets,
                                    jbyteArray payloads, jlongArray ttl_us, jlongArray handles,
                                    jlongArray outcome)
{
    spatio_error error = {0};
    size_t rows = (size_t)n;
    uint64_t applied = 0, late = 0;
    scratch s;
    uint64_t *at, *payload_at, *given;
    double *xs, *ys, *zs;
    int64_t *times, *lives;
    char *text, *bytes;
    (void)type;
    scratch_init(&s, env);
    at = (uint64_t *)copy_longs(&s, offsets, rows + 1);
    text = copy_bytes(&s, ids, NULL);
    xs = copy_doubles(&s, x, rows);
    ys = copy_doubles(&s, y, rows);
    zs = copy_doubles(&s, z, rows);
    times = copy_longs(&s, time_us, rows);
    payload_at = (uint64_t *)copy_longs(&s, payload_offsets, rows + 1);
    bytes = copy_bytes(&s, payloads, NULL);
    lives = copy_longs(&s, ttl_us, rows);
    given = room_for(&s, handles, rows, sizeof(uint64_t));
    if (!s.failed &&
        is_ok(env,
              spatio_upsert_batch(POINTER(spatio_namespace, ns), rows, at, text, xs, ys, zs, times,
                                  payload_at, (const uint8_t *)bytes, lives, given, &applied,
                                  &late, &error),
              &error)) {
        give_longs(env, handles, rows, given);
        give_outcome(env, outcome, applied, late);
    }
    scratch_free(&s);
}

static jlong JNICALL jni_insertTrajectory(JNIEnv *env, jclass type, jlong ns, jbyteArray id,
                                          jint n, jlongArray time_us, jdoubleArray x,
                                          jdoubleArray y, jdoubleArray z)
{
    spatio_error error = {0};
    size_t rows = (size_t)n, length;
    uint64_t inserted = 0;
    scratch s;
    char *text;
    double *xs, *ys, *zs;
    int64_t *times;
    (void)type;
    scratch_init(&s, env);
    text = copy_bytes(&s, id, &length);
    times = copy_longs(&s, time_us, rows);
    xs = copy_doubles(&s, x, rows);
    ys = copy_doubles(&s, y, rows);
    zs = copy_doubles(&s, z, rows);
    if (!s.failed)
        is_ok(env,
              spatio_insert_trajectory(POINTER(spatio_namespace, ns), text, length, rows, times,
                                       xs, ys, zs, &inserted, &error),
              &error);
    scratch_free(&s);
    return (jlong)inserted;
}

static jlong JNICALL jni_deleteBatch(JNIEnv *env, jclass type, jlong ns, jint n,
                                     jlongArray handles)
{
    spatio_error error = {0};
    uint64_t deleted = 0;
    scratch s;
    uint64_t *who;
    (void)type;
    scratch_init(&s, env);
    who = (uint64_t *)copy_longs(&s, handles, (size_t)n);
    if (!s.failed)
        is_ok(env,
              spatio_delete_batch(POINTER(spatio_namespace, ns), (size_t)n, who, &deleted, &error),
              &error);
    scratch_free(&s);
    return (jlong)deleted;
}

static void JNICALL jni_getBatch(JNIEnv *env, jclass type, jlong ns, jint n, jlongArray handles,
                                 jdoubleArray x, jdoubleArray y, jdoubleArray z,
                                 jlongArray time_us, jbooleanArray found)
{
    spatio_error error = {0};
    size_t rows = (size_t)n;
    scratch s;
    uint64_t *who;
    double *xs, *ys, *zs;
    int64_t *times;
    uint8_t *here;
    (void)type;
    scratch_init(&s, env);
    who = (uint64_t *)copy_longs(&s, handles, rows);
    xs = room_for(&s, x, rows, sizeof(double));
    ys = room_for(&s, y, rows, sizeof(double));
    zs = room_for(&s, z, rows, sizeof(double));
    times = room_for(&s, time_us, rows, sizeof(int64_t));
    here = room_for(&s, found, rows, 1);
    if (!s.failed && is_ok(env,
                           spatio_get_batch(POINTER(spatio_namespace, ns), rows, who, xs, ys, zs,
                                            times, here, &error),
                           &error)) {
        give_doubles(env, x, rows, xs);
        give_doubles(env, y, rows, ys);
        give_doubles(env, z, rows, zs);
        give_longs(env, time_us, rows, times);
        give_booleans(env, found, rows, here);
    }
    scratch_free(&s);
}

static jlong JNICALL jni_upsertArrow(JNIEnv *env, jclass type, jlong ns, jlong schema, jlong array,
                                     jlongArray outcome)
{
    spatio_error error = {0};
    uint64_t applied = 0, late = 0;
    (void)type;
    if (is_ok(env,
              spatio_upsert_arrow(POINTER(spatio_namespace, ns),
                                  POINTER(const struct ArrowSchema, schema),
                                  POINTER(const struct ArrowArray, array), &applied, &late,
                                  &error),
              &error))
        give_outcome(env, outcome, applied, late);
    return (jlong)applied;
}

static const JNINativeMethod methods[] = {
    METHOD(moveBatch, "(JI[J[D[D[D[J[J)V"),
    METHOD(moveDirect, "(JILjava/nio/ByteBuffer;IZ[J)V"),
    METHOD(upsertBatch, "(JI[J[B[D[D[D[J[J[B[J[J[J)V"),
    METHOD(insertTrajectory, "(J[BI[J[D[D[D)J"),
    METHOD(deleteBatch, "(JI[J)J"),
    METHOD(getBatch, "(JI[J[D[D[D[J[Z)V"),
    METHOD(upsertArrow, "(JJJ[J)J"),
};
const method_table batch_methods = {methods, COUNT(methods)};
