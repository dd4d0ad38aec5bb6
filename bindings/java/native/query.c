/* Questions about the present, and those to packs. */
#include "spatio_jni.h"

#include <string.h>

/*
 * A query of org.libspatio.Query, as it travels. Ints: kind, which values are set, flags, limit,
 * bytes of the prefix. Longs: origin, since_us, max_age_us, polygon. Doubles: as in the struct,
 * from x to max_altitude. What is not set keeps the default that spatio_query_init gave it.
 */
enum { KIND, SET, FLAGS, LIMIT, PREFIX, INTS };
enum { ORIGIN, SINCE, MAX_AGE, POLYGON, LONGS };
enum { DOUBLES = 15, SET_SINCE = 1 << 15, SET_MAX_AGE = 1 << 16, SET_LIMIT = 1 << 17 };

static void read_query(spatio_query *query, const jint *ints, const jlong *longs,
                       const double *numbers, const char *prefix)
{
    double *fields[DOUBLES];
    int field;
    spatio_query_init(query, sizeof *query, (uint32_t)ints[KIND]);
    fields[0] = &query->x, fields[1] = &query->y, fields[2] = &query->z;
    fields[3] = &query->radius;
    fields[4] = &query->min_x, fields[5] = &query->min_y, fields[6] = &query->min_z;
    fields[7] = &query->max_x, fields[8] = &query->max_y, fields[9] = &query->max_z;
    fields[10] = &query->width, fields[11] = &query->height, fields[12] = &query->depth;
    fields[13] = &query->min_altitude, fields[14] = &query->max_altitude;
    for (field = 0; field < DOUBLES; field++)
        if (ints[SET] & (1 << field))
            *fields[field] = numbers[field];
    query->flags = (uint32_t)ints[FLAGS];
    query->origin = (uint64_t)longs[ORIGIN];
    query->polygon = POINTER(const spatio_polygon, longs[POLYGON]);
    if (ints[SET] & SET_LIMIT)
        query->limit = (uint32_t)ints[LIMIT];
    if (ints[SET] & SET_SINCE)
        query->since_us = longs[SINCE];
    if (ints[SET] & SET_MAX_AGE)
        query->max_age_us = longs[MAX_AGE];
    if (prefix != NULL && ints[PREFIX] >= 0) {
        query->id_prefix = prefix;
        query->id_prefix_length = (uint64_t)ints[PREFIX];
    }
}

/* Another thread gave the query another prefix between two looks at it. */
static void refuse_changed(scratch *s)
{
    spatio_error error = {0};
    error.row = error.offset = UINT64_MAX;
    strcpy(error.message, "query: it was changed while it was asked");
    s->failed = 1;
    throw_error(s->env, SPATIO_INVALID_ARGUMENT, &error);
}

/* `n` queries out of Java's arrays; NULL with an exception. */
static spatio_query *read_queries(scratch *s, size_t n, jintArray ints, jlongArray longs,
                                  jdoubleArray numbers, jbyteArray prefixes)
{
    spatio_query *queries = scratch_take(s, n * sizeof(spatio_query));
    jint *whole = scratch_take(s, n * INTS * sizeof(jint));
    int64_t *wide = copy_longs(s, longs, n * LONGS);
    double *real = copy_doubles(s, numbers, n * DOUBLES);
    size_t left;
    const char *prefix = copy_bytes(s, prefixes, &left);
    size_t query;
    if (s->failed)
        return NULL;
    (*s->env)->GetIntArrayRegion(s->env, ints, 0, (jsize)(n * INTS), whole);
    for (query = 0; query < n; query++) {
        const jint *of = whole + query * INTS;
        size_t length = of[PREFIX] < 0 ? 0 : (size_t)of[PREFIX];
        if (length > left) {
            refuse_changed(s);
            return NULL;
        }
        left -= length;
        read_query(&queries[query], of, (const jlong *)wide + query * LONGS,
                   real + query * DOUBLES, prefix);
        if (prefix != NULL)
            prefix += length;
    }
    return queries;
}

/* Asks a namespace; or a pack, and no namespace. */
static jlong run(JNIEnv *env, const spatio_namespace *ns, const spatio_pack *pack, jint n,
                 jintArray ints, jlongArray longs, jdoubleArray numbers, jbyteArray prefixes,
                 spatio_cancel *cancel, jlong given, jlongArray counts)
{
    spatio_error error = {0};
    spatio_result *result = POINTER(spatio_result, given);
    spatio_columns columns = {0};
    spatio_query *queries;
    scratch s;
    columns.struct_size = sizeof columns;
    scratch_init(&s, env);
    queries = read_queries(&s, (size_t)n, ints, longs, numbers, prefixes);
    if (!s.failed) {
        spatio_status status =
            pack != NULL
                ? spatio_pack_query(pack, queries, (size_t)n, cancel, &result, &columns, &error)
                : spatio_query_run(ns, queries, (size_t)n, cancel, &result, &columns, &error);
        given = finish_result(env, status, &error, given, result, &columns, counts);
    }
    scratch_free(&s);
    return given;
}

static jlong JNICALL jni_queryRun(JNIEnv *env, jclass type, jlong ns, jint n, jintArray ints,
                                  jlongArray longs, jdoubleArray numbers, jbyteArray prefixes,
                                  jlong cancel, jlong given, jlongArray counts)
{
    (void)type;
    return run(env, POINTER(const spatio_namespace, ns), NULL, n, ints, longs, numbers, prefixes,
               POINTER(spatio_cancel, cancel), given, counts);
}

static jlong JNICALL jni_packQuery(JNIEnv *env, jclass type, jlong pack, jint n, jintArray ints,
                                   jlongArray longs, jdoubleArray numbers, jbyteArray prefixes,
                                   jlong cancel, jlong given, jlongArray counts)
{
    (void)type;
    return run(env, NULL, POINTER(const spatio_pack, pack), n, ints, longs, numbers, prefixes,
               POINTER(spatio_cancel, cancel), given, counts);
}

/* Into a direct buffer: its columns follow each other, each with room for `capacity` rows. */
static jint run_into(JNIEnv *env, const spatio_namespace *ns, const spatio_pack *pack,
                     jintArray ints, jlongArray longs, jdoubleArray numbers, jbyteArray prefix,
                     jobject buffer, jint capacity)
{
    spatio_error error = {0};
    char *at = (*env)->GetDirectBufferAddress(env, buffer);
    size_t room = (size_t)capacity, column = room * sizeof(double), rows = 0;
    spatio_query *query;
    scratch s;
    scratch_init(&s, env);
    query = read_queries(&s, 1, ints, longs, numbers, prefix);
    if (!s.failed) {
        uint64_t *handles = (uint64_t *)at;
        double *x = (double *)(at + column), *y = (double *)(at + 2 * column);
        double *z = (double *)(at + 3 * column), *distance = (double *)(at + 5 * column);
        int64_t *time_us = (int64_t *)(at + 4 * column);
        spatio_status status =
            pack != NULL ? spatio_pack_query_into(pack, query, room, handles, x, y, z, time_us,
                                                  distance, &rows, &error)
                         : spatio_query_into(ns, query, room, handles, x, y, z, time_us, distance,
                                             &rows, &error);
        is_ok(env, status, &error);
    }
    scratch_free(&s);
    return (jint)rows;
}

static jint JNICALL jni_queryInto(JNIEnv *env, jclass type, jlong ns, jintArray ints,
                                  jlongArray longs, jdoubleArray numbers, jbyteArray prefix,
                                  jobject buffer, jint capacity)
{
    (void)type;
    return run_into(env, POINTER(const spatio_namespace, ns), NULL, ints, longs, numbers, prefix,
                    buffer, capacity);
}

static jint JNICALL jni_packQueryInto(JNIEnv *env, jclass type, jlong pack, jintArray ints,
                                      jlongArray longs, jdoubleArray numbers, jbyteArray prefix,
                                      jobject buffer, jint capacity)
{
    (void)type;
    return run_into(env, NULL, POINTER(const spatio_pack, pack), ints, longs, numbers, prefix,
                    buffer, capacity);
}

/* What the calls below have in common. */
#define ASK(call)                                                                                  \
    spatio_error error = {0};                                                                      \
    spatio_result *result = POINTER(spatio_result, given);                                         \
    spatio_columns columns = {0};                                                                  \
    spatio_status status;                                                                          \
    const spatio_namespace *in = POINTER(const spatio_namespace, ns);                              \
    (void)type;                                                                                    \
    columns.struct_size = sizeof columns;                                                          \
    status = call;                                                                                 \
    return finish_result(env, status, &error, given, result, &columns, counts)

static jlong JNICALL jni_queryRadius(JNIEnv *env, jclass type, jlong ns, jdouble x, jdouble y,
                                     jdouble z, jdouble radius, jint limit, jlong given,
                                     jlongArray counts)
{
    ASK(spatio_query_radius(in, x, y, z, radius, (uint32_t)limit, &result, &columns, &error));
}

static jlong JNICALL jni_queryBox(JNIEnv *env, jclass type, jlong ns, jdouble min_x, jdouble min_y,
                                  jdouble max_x, jdouble max_y, jint limit, jlong given,
                                  jlongArray counts)
{
    ASK(spatio_query_box(in, min_x, min_y, max_x, max_y, (uint32_t)limit, &result, &columns,
                         &error));
}

static jlong JNICALL jni_queryPolygon(JNIEnv *env, jclass type, jlong ns, jlong polygon,
                                      jint limit, jlong given, jlongArray counts)
{
    ASK(spatio_query_polygon(in, POINTER(const spatio_polygon, polygon), (uint32_t)limit, &result,
                             &columns, &error));
}

static jlong JNICALL jni_queryNear(JNIEnv *env, jclass type, jlong ns, jlong origin,
                                   jdouble radius, jint limit, jlong given, jlongArray counts)
{
    ASK(spatio_query_near(in, (uint64_t)origin, radius, (uint32_t)limit, &result, &columns,
                          &error));
}

static jlong JNICALL jni_knn(JNIEnv *env, jclass type, jlong ns, jdouble x, jdouble y, jdouble z,
                             jint k, jlong given, jlongArray counts)
{
    ASK(spatio_knn(in, x, y, z, (uint32_t)k, &result, &columns, &error));
}

static jlong JNICALL jni_convexHull(JNIEnv *env, jclass type, jlong ns, jlong given,
                                    jlongArray counts)
{
    ASK(spatio_convex_hull(in, &result, &columns, &error));
}

/* False if there are no objects. */
static jboolean JNICALL jni_bounds(JNIEnv *env, jclass type, jlong ns, jdoubleArray corners)
{
    spatio_error error = {0};
    spatio_bounds b = {0};
    (void)type;
    b.struct_size = sizeof b;
    if (is_ok(env, spatio_get_bounds(POINTER(spatio_namespace, ns), &b, &error), &error)) {
        const double found[] = {b.min_x, b.min_y, b.min_z, b.max_x, b.max_y, b.max_z};
        give_doubles(env, corners, COUNT(found), found);
    }
    return !b.is_empty;
}

static const JNINativeMethod methods[] = {
    METHOD(queryRun, "(JI[I[J[D[BJJ[J)J"),
    METHOD(queryInto, "(J[I[J[D[BLjava/nio/ByteBuffer;I)I"),
    METHOD(packQuery, "(JI[I[J[D[BJJ[J)J"),
    METHOD(packQueryInto, "(J[I[J[D[BLjava/nio/ByteBuffer;I)I"),
    METHOD(queryRadius, "(JDDDDIJ[J)J"),
    METHOD(queryBox, "(JDDDDIJ[J)J"),
    METHOD(queryPolygon, "(JJIJ[J)J"),
    METHOD(queryNear, "(JJDIJ[J)J"),
    METHOD(knn, "(JDDDIJ[J)J"),
    METHOD(convexHull, "(JJ[J)J"),
    METHOD(bounds, "(J[D)Z"),
};
const method_table query_methods = {methods, COUNT(methods)};
