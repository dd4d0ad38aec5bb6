/* Packed indexes whose bytes lie elsewhere: questions that say what they want and are fed. */
#include "spatio_jni.h"

/* Choices, in the order in which they travel; what is not set keeps its default. */
enum {
    WITHOUT_FAST, GAP_BYTES, READ_BYTES, ROUND_BYTES, KEPT_BYTES, MAX_READS, MAX_BYTES, MAX_ITEMS,
    CHOICES
};

static void read_choices(scratch *s, jint set, jlongArray choices, spatio_stream_options *options)
{
    jlong given[CHOICES] = {0};
    uint64_t *fields[CHOICES];
    int choice;
    spatio_stream_options_init(options, sizeof *options);
    fields[GAP_BYTES] = &options->gap_bytes;
    fields[READ_BYTES] = &options->read_bytes;
    fields[ROUND_BYTES] = &options->round_bytes;
    fields[KEPT_BYTES] = &options->kept_bytes;
    fields[MAX_READS] = &options->max_reads;
    fields[MAX_BYTES] = &options->max_bytes;
    fields[MAX_ITEMS] = &options->max_items;
    if (s->failed)
        return;
    (*s->env)->GetLongArrayRegion(s->env, choices, 0, CHOICES, given);
    if (set & (1 << WITHOUT_FAST))
        options->without_fast = (uint32_t)given[WITHOUT_FAST];
    for (choice = GAP_BYTES; choice < CHOICES; choice++)
        if (set & (1 << choice))
            *fields[choice] = (uint64_t)given[choice];
}

static jlong JNICALL jni_streamBegin(JNIEnv *env, jclass type, jlong file_bytes, jint set,
                                     jlongArray choices)
{
    spatio_error error = {0};
    spatio_stream_options options;
    spatio_fetch *fetch = NULL;
    scratch s;
    (void)type;
    scratch_init(&s, env);
    read_choices(&s, set, choices, &options);
    is_ok(env, spatio_stream_begin((uint64_t)file_bytes, &options, &fetch, &error), &error);
    scratch_free(&s);
    return (jlong)(intptr_t)fetch;
}

static jlong JNICALL jni_streamOpen(JNIEnv *env, jclass type, jlong fetch)
{
    spatio_error error = {0};
    spatio_stream *stream = NULL;
    (void)type;
    is_ok(env, spatio_stream_open(POINTER(spatio_fetch, fetch), &stream, &error), &error);
    return (jlong)(intptr_t)stream;
}

static void JNICALL jni_streamFree(JNIEnv *env, jclass type, jlong stream)
{
    (void)env, (void)type;
    spatio_stream_free(POINTER(spatio_stream, stream));
}

static void JNICALL jni_streamInfo(JNIEnv *env, jclass type, jlong stream, jlongArray numbers,
                                   jdoubleArray corners)
{
    spatio_error error = {0};
    spatio_stream_info info = {0};
    double sides[8];
    int axis;
    (void)type;
    info.struct_size = sizeof info;
    if (!is_ok(env, spatio_stream_get_info(POINTER(spatio_stream, stream), &info, &error), &error))
        return;
    {
        const jlong found[] = {
            info.dims, (jlong)info.items, info.asks_fast, info.has_payloads, info.prefix_bytes,
            info.has_aggregates,
        };
        for (axis = 0; axis < 4; axis++) {
            sides[axis] = info.min[axis];
            sides[4 + axis] = info.max[axis];
        }
        give_longs(env, numbers, COUNT(found), found);
        give_doubles(env, corners, COUNT(sides), sides);
    }
}

/* What a question begins with: its point or points, as long as their arrays are. */
static double *point(scratch *s, jdoubleArray array)
{
    jsize n = array == NULL || s->failed ? 0 : (*s->env)->GetArrayLength(s->env, array);
    return copy_doubles(s, array, (size_t)n);
}

#define BEGIN(read, call)                                                                          \
    spatio_error error = {0};                                                                      \
    spatio_fetch *fetch = NULL;                                                                    \
    const spatio_stream *in = POINTER(const spatio_stream, stream);                                \
    scratch s;                                                                                     \
    (void)type;                                                                                    \
    scratch_init(&s, env);                                                                         \
    read;                                                                                          \
    if (!s.failed)                                                                                 \
        is_ok(env, call, &error);                                                                  \
    scratch_free(&s);                                                                              \
    return (jlong)(intptr_t)fetch

static jlong JNICALL jni_streamSearch(JNIEnv *env, jclass type, jlong stream, jdoubleArray min,
                                      jdoubleArray max)
{
    double *from, *to;
    BEGIN((from = point(&s, min), to = point(&s, max)),
          spatio_stream_search(in, from, to, &fetch, &error));
}

static jlong JNICALL jni_streamCount(JNIEnv *env, jclass type, jlong stream, jdoubleArray min,
                                     jdoubleArray max)
{
    double *from, *to;
    BEGIN((from = point(&s, min), to = point(&s, max)),
          spatio_stream_count(in, from, to, &fetch, &error));
}

static jlong JNICALL jni_streamAggregate(JNIEnv *env, jclass type, jlong stream, jdoubleArray min,
                                         jdoubleArray max)
{
    double *from, *to;
    BEGIN((from = point(&s, min), to = point(&s, max)),
          spatio_stream_aggregate(in, from, to, &fetch, &error));
}

static jlong JNICALL jni_streamNearest(JNIEnv *env, jclass type, jlong stream, jdoubleArray at,
                                       jint k, jdouble max_distance)
{
    double *from;
    BEGIN(from = point(&s, at),
          spatio_stream_nearest(in, from, (uint32_t)k, max_distance, &fetch, &error));
}

static jlong JNICALL jni_streamSearchRegion(JNIEnv *env, jclass type, jlong stream, jlong region)
{
    BEGIN((void)0, spatio_stream_search_region(in, POINTER(const spatio_region, region), &fetch,
                                               &error));
}

static jlong JNICALL jni_streamCountRegion(JNIEnv *env, jclass type, jlong stream, jlong region)
{
    BEGIN((void)0, spatio_stream_count_region(in, POINTER(const spatio_region, region), &fetch,
                                              &error));
}

static jlong JNICALL jni_streamSearchWithin(JNIEnv *env, jclass type, jlong stream,
                                            jdoubleArray min, jdoubleArray max,
                                            jdouble max_distance)
{
    double *from, *to;
    BEGIN((from = point(&s, min), to = point(&s, max)),
          spatio_stream_search_within(in, from, to, max_distance, &fetch, &error));
}

static jlong JNICALL jni_streamCountWithin(JNIEnv *env, jclass type, jlong stream,
                                           jdoubleArray min, jdoubleArray max,
                                           jdouble max_distance)
{
    double *from, *to;
    BEGIN((from = point(&s, min), to = point(&s, max)),
          spatio_stream_count_within(in, from, to, max_distance, &fetch, &error));
}

static jlong JNICALL jni_streamNearestGreatCircle(JNIEnv *env, jclass type, jlong stream,
                                                  jdouble lon, jdouble lat, jint k,
                                                  jdouble max_distance)
{
    BEGIN((void)0, spatio_stream_nearest_great_circle(in, lon, lat, (uint32_t)k, max_distance,
                                                      &fetch, &error));
}

static jlong JNICALL jni_streamSearchGreatCircle(JNIEnv *env, jclass type, jlong stream,
                                                 jdouble lon, jdouble lat, jdouble max_distance)
{
    BEGIN((void)0,
          spatio_stream_search_great_circle(in, lon, lat, max_distance, &fetch, &error));
}

static jlong JNICALL jni_streamRaycastClosest(JNIEnv *env, jclass type, jlong stream,
                                              jdoubleArray origin, jdoubleArray direction,
                                              jdouble max_t)
{
    double *from, *to;
    BEGIN((from = point(&s, origin), to = point(&s, direction)),
          spatio_stream_raycast_closest(in, from, to, max_t, &fetch, &error));
}

static jlong JNICALL jni_streamPayloads(JNIEnv *env, jclass type, jlong stream, jint n,
                                        jintArray ranks)
{
    uint32_t *places;
    BEGIN(places = copy_ints(&s, ranks, (size_t)n),
          spatio_stream_payloads(in, (size_t)n, places, &fetch, &error));
}

static jlong JNICALL jni_streamPrefixes(JNIEnv *env, jclass type, jlong stream, jint n,
                                        jintArray ranks)
{
    uint32_t *places;
    BEGIN(places = copy_ints(&s, ranks, (size_t)n),
          spatio_stream_prefixes(in, (size_t)n, places, &fetch, &error));
}

/* Offset and length of each range in turn; null if nothing is wanted. */
static jlongArray JNICALL jni_fetchWanted(JNIEnv *env, jclass type, jlong fetch)
{
    spatio_error error = {0};
    const uint64_t *offsets = NULL, *lengths = NULL;
    size_t n = 0, at;
    jlongArray wanted;
    (void)type;
    if (!is_ok(env,
               spatio_fetch_wanted(POINTER(spatio_fetch, fetch), &n, &offsets, &lengths, &error),
               &error) || n == 0)
        return NULL;
    wanted = n > INT32_MAX / 2 ? NULL : (*env)->NewLongArray(env, (jsize)(2 * n));
    for (at = 0; wanted != NULL && at < n; at++) {
        const jlong range[2] = {(jlong)offsets[at], (jlong)lengths[at]};
        (*env)->SetLongArrayRegion(env, wanted, (jsize)(2 * at), 2, range);
    }
    if (wanted == NULL && !(*env)->ExceptionCheck(env))
        throw_no_memory(env, "more ranges than an array can hold");
    return wanted;
}

/* The bytes of all ranges in one block of memory. */
static void JNICALL jni_fetchFeed(JNIEnv *env, jclass type, jlong fetch, jobjectArray parts)
{
    spatio_error error = {0};
    const jsize n = (*env)->GetArrayLength(env, parts);
    const uint8_t **bytes;
    size_t *sizes, total = 0;
    uint8_t *block;
    scratch s;
    jsize at;
    (void)type;
    scratch_init(&s, env);
    bytes = scratch_take(&s, (size_t)n * sizeof *bytes);
    sizes = scratch_take(&s, (size_t)n * sizeof *sizes);
    for (at = 0; !s.failed && at < n; at++) {
        jobject part = (*env)->GetObjectArrayElement(env, parts, at);
        sizes[at] = (size_t)(*env)->GetArrayLength(env, (jarray)part);
        total += sizes[at];
        (*env)->DeleteLocalRef(env, part);
    }
    block = scratch_take(&s, total);
    for (at = 0; !s.failed && at < n; at++) {
        jobject part = (*env)->GetObjectArrayElement(env, parts, at);
        (*env)->GetByteArrayRegion(env, (jbyteArray)part, 0, (jsize)sizes[at], (jbyte *)block);
        (*env)->DeleteLocalRef(env, part);
        bytes[at] = block;
        block += sizes[at];
    }
    if (!s.failed && !(*env)->ExceptionCheck(env))
        is_ok(env,
              spatio_fetch_feed(POINTER(spatio_fetch, fetch), (size_t)n, bytes, sizes, &error),
              &error);
    scratch_free(&s);
}

static void JNICALL jni_fetchSpent(JNIEnv *env, jclass type, jlong fetch, jlongArray numbers)
{
    spatio_error error = {0};
    uint64_t spent[3] = {0};
    (void)type;
    if (is_ok(env,
              spatio_fetch_spent(POINTER(spatio_fetch, fetch), &spent[0], &spent[1], &spent[2],
                                 &error),
              &error))
        give_longs(env, numbers, COUNT(spent), spent);
}

static void JNICALL jni_fetchFree(JNIEnv *env, jclass type, jlong fetch)
{
    (void)env, (void)type;
    spatio_fetch_free(POINTER(spatio_fetch, fetch));
}

static jlong JNICALL jni_fetchCount(JNIEnv *env, jclass type, jlong fetch)
{
    spatio_error error = {0};
    uint64_t count = 0;
    (void)type;
    is_ok(env, spatio_fetch_count(POINTER(spatio_fetch, fetch), &count, &error), &error);
    return (jlong)count;
}

static void JNICALL jni_fetchAggregate(JNIEnv *env, jclass type, jlong fetch, jlongArray whole,
                                       jdoubleArray parts)
{
    spatio_error error = {0};
    uint64_t numbers[2] = {0};
    double found[3] = {0};
    (void)type;
    if (is_ok(env,
              spatio_fetch_aggregate(POINTER(spatio_fetch, fetch), &numbers[0], &found[0],
                                     &found[1], &found[2], &numbers[1], &error),
              &error)) {
        give_longs(env, whole, COUNT(numbers), numbers);
        give_doubles(env, parts, COUNT(found), found);
    }
}

static jlong JNICALL jni_fetchHits(JNIEnv *env, jclass type, jlong fetch, jlong given,
                                   jlongArray counts)
{
    spatio_error error = {0};
    spatio_hits *hits = POINTER(spatio_hits, given);
    spatio_hit_columns c = {0};
    spatio_status status;
    (void)type;
    c.struct_size = sizeof c;
    status = spatio_fetch_hits(POINTER(spatio_fetch, fetch), &hits, &c, &error);
    return finish_hits(env, status, &error, given, hits, &c, counts);
}

static const JNINativeMethod methods[] = {
    METHOD(streamBegin, "(JI[J)J"),
    METHOD(streamOpen, "(J)J"),
    METHOD(streamFree, "(J)V"),
    METHOD(streamInfo, "(J[J[D)V"),
    METHOD(streamSearch, "(J[D[D)J"),
    METHOD(streamCount, "(J[D[D)J"),
    METHOD(streamAggregate, "(J[D[D)J"),
    METHOD(streamNearest, "(J[DID)J"),
    METHOD(streamSearchRegion, "(JJ)J"),
    METHOD(streamCountRegion, "(JJ)J"),
    METHOD(streamSearchWithin, "(J[D[DD)J"),
    METHOD(streamCountWithin, "(J[D[DD)J"),
    METHOD(streamNearestGreatCircle, "(JDDID)J"),
    METHOD(streamSearchGreatCircle, "(JDDD)J"),
    METHOD(streamRaycastClosest, "(J[D[DD)J"),
    METHOD(streamPayloads, "(JI[I)J"),
    METHOD(streamPrefixes, "(JI[I)J"),
    METHOD(fetchWanted, "(J)[J"),
    METHOD(fetchFeed, "(J[[B)V"),
    METHOD(fetchSpent, "(J[J)V"),
    METHOD(fetchFree, "(J)V"),
    METHOD(fetchCount, "(J)J"),
    METHOD(fetchAggregate, "(J[J[D)V"),
    METHOD(fetchHits, "(JJ[J)J"),
};
const method_table stream_methods = {methods, COUNT(methods)};
