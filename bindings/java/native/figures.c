/* What a packed index is asked of which the answer is one number, or a few, for each question. */
#include "spatio_jni.h"

/* Arguments of one call: questions in columns, and the index that is asked. */
typedef struct question {
    const spatio_index *index;
    size_t rows;
    double *from, *to, *most;
} question;

static question read(scratch *s, JNIEnv *env, jlong index, jint n, jint numbers,
                     jdoubleArray from, jdoubleArray to, jdoubleArray most)
{
    question q;
    scratch_init(s, env);
    q.index = POINTER(const spatio_index, index);
    q.rows = (size_t)n;
    q.from = copy_doubles(s, from, (size_t)numbers);
    q.to = copy_doubles(s, to, (size_t)numbers);
    q.most = copy_doubles(s, most, (size_t)n);
    return q;
}

static void JNICALL jni_indexCount(JNIEnv *env, jclass type, jlong index, jint n, jint numbers,
                                   jdoubleArray min, jdoubleArray max, jlongArray counts)
{
    spatio_error error = {0};
    scratch s;
    question q = read(&s, env, index, n, numbers, min, max, NULL);
    uint64_t *found = room_for(&s, counts, q.rows, sizeof *found);
    (void)type;
    if (!s.failed &&
        is_ok(env, spatio_index_count(q.index, q.rows, q.from, q.to, found, &error), &error))
        give_longs(env, counts, q.rows, found);
    scratch_free(&s);
}

static void JNICALL jni_indexAny(JNIEnv *env, jclass type, jlong index, jint n, jint numbers,
                                 jdoubleArray min, jdoubleArray max, jbooleanArray any)
{
    spatio_error error = {0};
    scratch s;
    question q = read(&s, env, index, n, numbers, min, max, NULL);
    uint8_t *found = room_for(&s, any, q.rows, 1);
    (void)type;
    if (!s.failed &&
        is_ok(env, spatio_index_any(q.index, q.rows, q.from, q.to, found, &error), &error))
        give_booleans(env, any, q.rows, found);
    scratch_free(&s);
}

static void JNICALL jni_indexRaycastAny(JNIEnv *env, jclass type, jlong index, jint n,
                                        jint numbers, jdoubleArray origin, jdoubleArray direction,
                                        jdoubleArray max_t, jbooleanArray any)
{
    spatio_error error = {0};
    scratch s;
    question q = read(&s, env, index, n, numbers, origin, direction, max_t);
    uint8_t *found = room_for(&s, any, q.rows, 1);
    (void)type;
    if (!s.failed && is_ok(env,
                           spatio_index_raycast_any(q.index, q.rows, q.from, q.to, q.most, found,
                                                    &error),
                           &error))
        give_booleans(env, any, q.rows, found);
    scratch_free(&s);
}

static void JNICALL jni_indexRaycastClosest(JNIEnv *env, jclass type, jlong index, jint n,
                                            jint numbers, jdoubleArray origin,
                                            jdoubleArray direction, jdoubleArray max_t,
                                            jintArray ids, jdoubleArray t)
{
    spatio_error error = {0};
    scratch s;
    question q = read(&s, env, index, n, numbers, origin, direction, max_t);
    uint32_t *items = room_for(&s, ids, q.rows, sizeof *items);
    double *enters = room_for(&s, t, q.rows, sizeof *enters);
    (void)type;
    if (!s.failed && is_ok(env,
                           spatio_index_raycast_closest(q.index, q.rows, q.from, q.to, q.most,
                                                        items, enters, &error),
                           &error)) {
        give_ints(env, ids, q.rows, items);
        give_doubles(env, t, q.rows, enters);
    }
    scratch_free(&s);
}

static void JNICALL jni_indexAggregate(JNIEnv *env, jclass type, jlong index, jint n, jint numbers,
                                       jdoubleArray min, jdoubleArray max, jlongArray counts,
                                       jdoubleArray sums, jdoubleArray least,
                                       jdoubleArray greatest, jlongArray masks)
{
    spatio_error error = {0};
    scratch s;
    question q = read(&s, env, index, n, numbers, min, max, NULL);
    uint64_t *count = room_for(&s, counts, q.rows, sizeof *count);
    double *sum = room_for(&s, sums, q.rows, sizeof *sum);
    double *low = room_for(&s, least, q.rows, sizeof *low);
    double *high = room_for(&s, greatest, q.rows, sizeof *high);
    uint64_t *bits = room_for(&s, masks, q.rows, sizeof *bits);
    (void)type;
    if (!s.failed && is_ok(env,
                           spatio_index_aggregate(q.index, q.rows, q.from, q.to, count, sum, low,
                                                  high, bits, &error),
                           &error)) {
        give_longs(env, counts, q.rows, count);
        give_doubles(env, sums, q.rows, sum);
        give_doubles(env, least, q.rows, low);
        give_doubles(env, greatest, q.rows, high);
        give_longs(env, masks, q.rows, bits);
    }
    scratch_free(&s);
}

static void JNICALL jni_indexRaycastTriangles(JNIEnv *env, jclass type, jlong index, jint n,
                                              jint numbers, jdoubleArray origin,
                                              jdoubleArray direction, jdoubleArray max_t,
                                              jintArray ids, jdoubleArray t)
{
    spatio_error error = {0};
    scratch s;
    question q = read(&s, env, index, n, numbers, origin, direction, max_t);
    uint32_t *items = room_for(&s, ids, q.rows, sizeof *items);
    double *meets = room_for(&s, t, q.rows, sizeof *meets);
    (void)type;
    if (!s.failed && is_ok(env,
                           spatio_index_raycast_triangles(q.index, q.rows, q.from, q.to, q.most,
                                                          items, meets, &error),
                           &error)) {
        give_ints(env, ids, q.rows, items);
        give_doubles(env, t, q.rows, meets);
    }
    scratch_free(&s);
}

static void JNICALL jni_indexEstimate(JNIEnv *env, jclass type, jlong index, jint n, jint numbers,
                                      jdoubleArray min, jdoubleArray max, jint stop_level,
                                      jlongArray lower, jlongArray upper, jdoubleArray guesses)
{
    spatio_error error = {0};
    scratch s;
    question q = read(&s, env, index, n, numbers, min, max, NULL);
    uint64_t *low = room_for(&s, lower, q.rows, sizeof *low);
    uint64_t *high = room_for(&s, upper, q.rows, sizeof *high);
    double *guess = room_for(&s, guesses, q.rows, sizeof *guess);
    (void)type;
    if (!s.failed && is_ok(env,
                           spatio_index_estimate(q.index, q.rows, q.from, q.to,
                                                 (uint32_t)stop_level, low, high, guess, &error),
                           &error)) {
        give_longs(env, lower, q.rows, low);
        give_longs(env, upper, q.rows, high);
        give_doubles(env, guesses, q.rows, guess);
    }
    scratch_free(&s);
}

static const JNINativeMethod methods[] = {
    METHOD(indexCount, "(JII[D[D[J)V"),
    METHOD(indexAny, "(JII[D[D[Z)V"),
    METHOD(indexRaycastAny, "(JII[D[D[D[Z)V"),
    METHOD(indexRaycastClosest, "(JII[D[D[D[I[D)V"),
    METHOD(indexRaycastTriangles, "(JII[D[D[D[I[D)V"),
    METHOD(indexAggregate, "(JII[D[D[J[D[D[D[J)V"),
    METHOD(indexEstimate, "(JII[D[DI[J[J[D)V"),
};
const method_table figures_methods = {methods, COUNT(methods)};
