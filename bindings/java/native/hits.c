/* What a packed index is asked for items, and its hits taken apart into arrays. */
#include "spatio_jni.h"

/* Bits that say which columns hits have; org.libspatio.Hits knows them too. */
enum { HAS_OTHERS = 1, HAS_DISTANCES = 2, HAS_PAYLOADS = 4, HAS_RANKS = 8, HAS_IDS = 16 };

static jlong present(const spatio_hit_columns *c)
{
    return (c->others != NULL ? HAS_OTHERS : 0) | (c->distance != NULL ? HAS_DISTANCES : 0) |
           (c->payload_offsets != NULL ? HAS_PAYLOADS : 0) |
           (c->ranks != NULL ? HAS_RANKS : 0) | (c->ids != NULL ? HAS_IDS : 0);
}

/* Numbers of the hits that a call filled go to `counts`, the pointer back to Java. Hits that the
   call made although it failed are freed here; those that Java gave stay Java's. */
jlong finish_hits(JNIEnv *env, spatio_status status, const spatio_error *error, jlong given,
                  spatio_hits *hits, const spatio_hit_columns *c, jlongArray counts)
{
    jlong numbers[4];
    if (!is_ok(env, status, error)) {
        if (given == 0)
            spatio_hits_free(hits);
        return given;
    }
    numbers[0] = (jlong)c->rows;
    numbers[1] = (jlong)c->queries;
    numbers[2] = present(c);
    numbers[3] = c->payload_offsets == NULL ? 0 : (jlong)c->payload_offsets[c->rows];
    give_longs(env, counts, COUNT(numbers), numbers);
    return (jlong)(intptr_t)hits;
}

/* The arrays have room for the rows that the hits were said to have. */
static void JNICALL jni_copyHits(JNIEnv *env, jclass type, jlong hits, jlongArray offsets,
                                 jintArray ids, jintArray others, jintArray ranks,
                                 jdoubleArray distance, jlongArray payload_offsets,
                                 jbyteArray payloads)
{
    spatio_error error = {0};
    spatio_hit_columns c = {0};
    size_t rows;
    (void)type;
    c.struct_size = sizeof c;
    if (!is_ok(env, spatio_hits_columns(POINTER(spatio_hits, hits), &c), &error))
        return;
    rows = (size_t)c.rows;
    give_longs(env, offsets, (size_t)c.queries + 1, c.offsets);
    give_ints(env, ids, rows, c.ids);
    give_ints(env, others, rows, c.others);
    give_ints(env, ranks, rows, c.ranks);
    give_doubles(env, distance, rows, c.distance);
    give_longs(env, payload_offsets, rows + 1, c.payload_offsets);
    if (c.payload_offsets != NULL && c.payload_offsets[rows] > 0 && !(*env)->ExceptionCheck(env))
        (*env)->SetByteArrayRegion(env, payloads, 0, (jsize)c.payload_offsets[rows],
                                   (const jbyte *)c.payloads);
}

static void JNICALL jni_hitsFree(JNIEnv *env, jclass type, jlong hits)
{
    (void)env, (void)type;
    spatio_hits_free(POINTER(spatio_hits, hits));
}

/* What the calls below have in common: `read` takes the arguments out of Java's arrays. */
#define ASK(read, call)                                                                            \
    spatio_error error = {0};                                                                      \
    spatio_hits *hits = POINTER(spatio_hits, given);                                               \
    spatio_hit_columns c = {0};                                                                    \
    const spatio_index *in = POINTER(const spatio_index, index);                                   \
    size_t rows = (size_t)n, all = (size_t)numbers;                                                \
    scratch s;                                                                                     \
    (void)type, (void)rows, (void)all;                                                             \
    c.struct_size = sizeof c;                                                                      \
    scratch_init(&s, env);                                                                         \
    read;                                                                                          \
    if (!s.failed) {                                                                               \
        spatio_status status = call;                                                               \
        given = finish_hits(env, status, &error, given, hits, &c, counts);                         \
    }                                                                                              \
    scratch_free(&s);                                                                              \
    return given

static jlong JNICALL jni_indexSearch(JNIEnv *env, jclass type, jlong index, jint n, jint numbers,
                                     jdoubleArray min, jdoubleArray max, jlong given,
                                     jlongArray counts)
{
    double *from, *to;
    ASK((from = copy_doubles(&s, min, all), to = copy_doubles(&s, max, all)),
        spatio_index_search(in, rows, from, to, &hits, &c, &error));
}

static jlong JNICALL jni_indexSearchWithin(JNIEnv *env, jclass type, jlong index, jint n,
                                           jint numbers, jdoubleArray min, jdoubleArray max,
                                           jdoubleArray max_distance, jlong given,
                                           jlongArray counts)
{
    double *from, *to, *most;
    ASK((from = copy_doubles(&s, min, all), to = copy_doubles(&s, max, all),
         most = copy_doubles(&s, max_distance, rows)),
        spatio_index_search_within(in, rows, from, to, most, &hits, &c, &error));
}

static jlong JNICALL jni_indexNearest(JNIEnv *env, jclass type, jlong index, jint n, jint numbers,
                                      jdoubleArray min, jdoubleArray max, jint k,
                                      jdoubleArray max_distance, jlong given, jlongArray counts)
{
    double *from, *to, *most;
    ASK((from = copy_doubles(&s, min, all), to = copy_doubles(&s, max, all),
         most = copy_doubles(&s, max_distance, rows)),
        spatio_index_nearest(in, rows, from, to, (uint32_t)k, most, &hits, &c, &error));
}

static jlong JNICALL jni_indexNearestGreatCircle(JNIEnv *env, jclass type, jlong index, jint n,
                                                 jdoubleArray lon, jdoubleArray lat, jint k,
                                                 jdoubleArray max_distance, jlong given,
                                                 jlongArray counts)
{
    const jint numbers = n;
    double *x, *y, *most;
    ASK((x = copy_doubles(&s, lon, rows), y = copy_doubles(&s, lat, rows),
         most = copy_doubles(&s, max_distance, rows)),
        spatio_index_nearest_great_circle(in, rows, x, y, (uint32_t)k, most, &hits, &c, &error));
}

static jlong JNICALL jni_indexSearchGreatCircle(JNIEnv *env, jclass type, jlong index, jint n,
                                                jdoubleArray lon, jdoubleArray lat,
                                                jdoubleArray max_distance, jlong given,
                                                jlongArray counts)
{
    const jint numbers = n;
    double *x, *y, *most;
    ASK((x = copy_doubles(&s, lon, rows), y = copy_doubles(&s, lat, rows),
         most = copy_doubles(&s, max_distance, rows)),
        spatio_index_search_great_circle(in, rows, x, y, most, &hits, &c, &error));
}

static jlong JNICALL jni_indexRaycast(JNIEnv *env, jclass type, jlong index, jint n, jint numbers,
                                      jdoubleArray origin, jdoubleArray direction,
                                      jdoubleArray max_t, jlong given, jlongArray counts)
{
    double *from, *to, *most;
    ASK((from = copy_doubles(&s, origin, all), to = copy_doubles(&s, direction, all),
         most = copy_doubles(&s, max_t, rows)),
        spatio_index_raycast(in, rows, from, to, most, &hits, &c, &error));
}

static jlong JNICALL jni_indexPayloads(JNIEnv *env, jclass type, jlong index, jint n,
                                       jintArray ids, jlong given, jlongArray counts)
{
    const jint numbers = n;
    uint32_t *items;
    ASK(items = copy_ints(&s, ids, rows),
        spatio_index_payloads(in, rows, items, &hits, &c, &error));
}

static jlong JNICALL jni_indexSearchPolygon(JNIEnv *env, jclass type, jlong index, jlong polygon,
                                            jlong given, jlongArray counts)
{
    const jint n = 0, numbers = 0;
    ASK((void)0, spatio_index_search_polygon(in, POINTER(const spatio_polygon, polygon), &hits,
                                             &c, &error));
}

static jlong JNICALL jni_indexPairs(JNIEnv *env, jclass type, jlong index, jdouble max_distance,
                                    jlong cancel, jlong given, jlongArray counts)
{
    const jint n = 0, numbers = 0;
    ASK((void)0, spatio_index_pairs(in, max_distance, POINTER(spatio_cancel, cancel), &hits, &c,
                                    &error));
}

static jlong JNICALL jni_indexJoin(JNIEnv *env, jclass type, jlong index, jlong other,
                                   jdouble max_distance, jlong cancel, jlong given,
                                   jlongArray counts)
{
    const jint n = 0, numbers = 0;
    ASK((void)0,
        spatio_index_join(in, POINTER(const spatio_index, other), max_distance,
                          POINTER(spatio_cancel, cancel), &hits, &c, &error));
}

static jlong JNICALL jni_indexAntiJoin(JNIEnv *env, jclass type, jlong index, jlong other,
                                       jdouble max_distance, jlong cancel, jlong given,
                                       jlongArray counts)
{
    const jint n = 0, numbers = 0;
    ASK((void)0,
        spatio_index_anti_join(in, POINTER(const spatio_index, other), max_distance,
                               POINTER(spatio_cancel, cancel), &hits, &c, &error));
}

static jlong JNICALL jni_indexSearchRegion(JNIEnv *env, jclass type, jlong index, jlong region,
                                           jlong given, jlongArray counts)
{
    const jint n = 0, numbers = 0;
    ASK((void)0, spatio_index_search_region(in, POINTER(const spatio_region, region), &hits, &c,
                                            &error));
}

static const JNINativeMethod methods[] = {
    METHOD(copyHits, "(J[J[I[I[I[D[J[B)V"),
    METHOD(hitsFree, "(J)V"),
    METHOD(indexSearch, "(JII[D[DJ[J)J"),
    METHOD(indexSearchWithin, "(JII[D[D[DJ[J)J"),
    METHOD(indexNearest, "(JII[D[DI[DJ[J)J"),
    METHOD(indexNearestGreatCircle, "(JI[D[DI[DJ[J)J"),
    METHOD(indexSearchGreatCircle, "(JI[D[D[DJ[J)J"),
    METHOD(indexRaycast, "(JII[D[D[DJ[J)J"),
    METHOD(indexPayloads, "(JI[IJ[J)J"),
    METHOD(indexSearchPolygon, "(JJJ[J)J"),
    METHOD(indexPairs, "(JDJJ[J)J"),
    METHOD(indexJoin, "(JJDJJ[J)J"),
    METHOD(indexAntiJoin, "(JJDJJ[J)J"),
    METHOD(indexSearchRegion, "(JJJ[J)J"),
};
const method_table hits_methods = {methods, COUNT(methods)};
