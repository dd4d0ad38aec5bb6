/* Packed indexes: built, written, opened, closed, and what they are and hold. */
#include "spatio_jni.h"

/* Words of the metadata, in the order in which they travel. */
enum { CRS, CONTENT_TYPE, ATTRIBUTION, WORDS };
/* Choices, in the order in which they travel; what is not set keeps its default. */
enum { LAYOUT, COORDINATE_BITS, NODE_SIZE, INTERLEAVED, THREADS, PREFIX_BYTES, CHOICES };

/* What an index is built from, out of Java's arrays. */
typedef struct items {
    double *min, *max, *values;
    uint64_t *offsets, *masks;
    uint8_t *payloads;
    spatio_index_metadata metadata;
    spatio_index_options options;
} items;

static void read_words(scratch *s, jobjectArray words, spatio_index_metadata *metadata)
{
    const char *text[WORDS] = {NULL};
    size_t length[WORDS] = {0};
    int word;
    for (word = 0; word < WORDS && !s->failed; word++) {
        jbyteArray bytes = (*s->env)->GetObjectArrayElement(s->env, words, word);
        text[word] = copy_bytes(s, bytes, &length[word]);
        (*s->env)->DeleteLocalRef(s->env, bytes);
    }
    metadata->struct_size = sizeof *metadata;
    metadata->crs = text[CRS];
    metadata->crs_length = length[CRS];
    metadata->content_type = text[CONTENT_TYPE];
    metadata->content_type_length = length[CONTENT_TYPE];
    metadata->attribution = text[ATTRIBUTION];
    metadata->attribution_length = length[ATTRIBUTION];
}

static void read_choices(scratch *s, jint set, jintArray choices, spatio_index_options *options)
{
    jint given[CHOICES];
    uint32_t *fields[CHOICES];
    int choice;
    spatio_index_options_init(options, sizeof *options);
    fields[LAYOUT] = &options->layout;
    fields[COORDINATE_BITS] = &options->coordinate_bits;
    fields[NODE_SIZE] = &options->node_size;
    fields[INTERLEAVED] = &options->interleaved;
    fields[THREADS] = &options->threads;
    fields[PREFIX_BYTES] = &options->prefix_bytes;
    if (s->failed)
        return;
    (*s->env)->GetIntArrayRegion(s->env, choices, 0, CHOICES, given);
    for (choice = 0; choice < CHOICES; choice++)
        if (set & (1 << choice))
            *fields[choice] = (uint32_t)given[choice];
}

static void read_items(scratch *s, items *of, jint numbers, jint n, jdoubleArray min,
                       jdoubleArray max, jlongArray offsets, jbyteArray payloads,
                       jdoubleArray values, jlongArray masks, jobjectArray words, jint set,
                       jintArray choices)
{
    of->min = copy_doubles(s, min, (size_t)numbers);
    of->max = copy_doubles(s, max, (size_t)numbers);
    of->offsets = (uint64_t *)copy_longs(s, offsets, (size_t)n + 1);
    of->payloads = (uint8_t *)copy_bytes(s, payloads, NULL);
    of->values = copy_doubles(s, values, (size_t)n);
    of->masks = (uint64_t *)copy_longs(s, masks, (size_t)n);
    read_words(s, words, &of->metadata);
    read_choices(s, set, choices, &of->options);
}

static jlong JNICALL jni_indexBuild(JNIEnv *env, jclass type, jint dims, jint numbers, jint n,
                                    jdoubleArray min, jdoubleArray max, jlongArray offsets,
                                    jbyteArray payloads, jdoubleArray values, jlongArray masks,
                                    jobjectArray words, jint set, jintArray choices)
{
    spatio_error error = {0};
    spatio_index *index = NULL;
    items of = {0};
    scratch s;
    (void)type;
    scratch_init(&s, env);
    read_items(&s, &of, numbers, n, min, max, offsets, payloads, values, masks, words, set,
               choices);
    if (!s.failed)
        is_ok(env,
              spatio_index_build((uint32_t)dims, (size_t)n, of.min, of.max, of.offsets,
                                 of.payloads, of.values, of.masks, &of.metadata, &of.options,
                                 &index, &error),
              &error);
    scratch_free(&s);
    return (jlong)(intptr_t)index;
}

static jlong JNICALL jni_indexWrite(JNIEnv *env, jclass type, jbyteArray path, jint dims,
                                    jint numbers, jint n, jdoubleArray min, jdoubleArray max,
                                    jlongArray offsets, jbyteArray payloads, jdoubleArray values,
                                    jlongArray masks, jobjectArray words, jint set,
                                    jintArray choices)
{
    spatio_error error = {0};
    uint64_t bytes = 0;
    items of = {0};
    scratch s;
    char *at;
    (void)type;
    scratch_init(&s, env);
    at = copy_bytes(&s, path, NULL);
    read_items(&s, &of, numbers, n, min, max, offsets, payloads, values, masks, words, set,
               choices);
    if (!s.failed)
        is_ok(env,
              spatio_index_write(at, (uint32_t)dims, (size_t)n, of.min, of.max, of.offsets,
                                 of.payloads, of.values, of.masks, &of.metadata, &of.options,
                                 &bytes, &error),
              &error);
    scratch_free(&s);
    return (jlong)bytes;
}

static jlong JNICALL jni_indexBuildTriangles(JNIEnv *env, jclass type, jint dims, jint numbers,
                                             jint n, jdoubleArray corners, jobjectArray words,
                                             jint set, jintArray choices)
{
    spatio_error error = {0};
    spatio_index *index = NULL;
    spatio_index_metadata metadata = {0};
    spatio_index_options options;
    scratch s;
    double *copied;
    (void)type;
    scratch_init(&s, env);
    copied = copy_doubles(&s, corners, (size_t)numbers);
    read_words(&s, words, &metadata);
    read_choices(&s, set, choices, &options);
    if (!s.failed)
        is_ok(env,
              spatio_index_build_triangles((uint32_t)dims, (size_t)n, copied, &metadata, &options,
                                           &index, &error),
              &error);
    scratch_free(&s);
    return (jlong)(intptr_t)index;
}

static jlong JNICALL jni_indexOpen(JNIEnv *env, jclass type, jbyteArray path)
{
    spatio_error error = {0};
    spatio_index *index = NULL;
    scratch s;
    char *at;
    (void)type;
    scratch_init(&s, env);
    at = copy_bytes(&s, path, NULL);
    if (!s.failed)
        is_ok(env, spatio_index_open(at, &index, &error), &error);
    scratch_free(&s);
    return (jlong)(intptr_t)index;
}

static jlong JNICALL jni_indexOpenBytes(JNIEnv *env, jclass type, jbyteArray bytes)
{
    spatio_error error = {0};
    spatio_index *index = NULL;
    size_t length = 0;
    scratch s;
    uint8_t *file;
    (void)type;
    scratch_init(&s, env);
    file = (uint8_t *)copy_bytes(&s, bytes, &length);
    if (!s.failed)
        is_ok(env, spatio_index_open_bytes(file, length, &index, &error), &error);
    scratch_free(&s);
    return (jlong)(intptr_t)index;
}

static void JNICALL jni_indexFree(JNIEnv *env, jclass type, jlong index)
{
    (void)env, (void)type;
    spatio_index_free(POINTER(spatio_index, index));
}

static jbyteArray JNICALL jni_indexBytes(JNIEnv *env, jclass type, jlong index)
{
    spatio_error error = {0};
    const uint8_t *bytes = NULL;
    size_t length = 0;
    (void)type;
    if (!is_ok(env, spatio_index_bytes(POINTER(spatio_index, index), &bytes, &length, &error),
               &error))
        return NULL;
    return new_bytes(env, bytes, length);
}

/* Axes, items, bytes, layout, bits, payloads, values, masks, prefixes; and the corners of the whole, 4 each. */
static void JNICALL jni_indexInfo(JNIEnv *env, jclass type, jlong index, jlongArray numbers,
                                  jdoubleArray corners)
{
    spatio_error error = {0};
    spatio_index_info info = {0};
    double sides[8];
    int axis;
    (void)type;
    info.struct_size = sizeof info;
    if (!is_ok(env, spatio_index_get_info(POINTER(spatio_index, index), &info, &error), &error))
        return;
    const jlong found[] = {
        info.dims,         (jlong)info.items, (jlong)info.bytes, info.layout, info.coordinate_bits,
        info.has_payloads, info.has_values,   info.has_masks,    info.prefix_bytes,
    };
    for (axis = 0; axis < 4; axis++) {
        sides[axis] = info.min[axis];
        sides[4 + axis] = info.max[axis];
    }
    give_longs(env, numbers, COUNT(found), found);
    give_doubles(env, corners, COUNT(sides), sides);
}

/* The words; null stays where nothing is said. */
static void JNICALL jni_indexMetadata(JNIEnv *env, jclass type, jlong index, jobjectArray words)
{
    spatio_error error = {0};
    spatio_index_metadata said = {0};
    (void)type;
    said.struct_size = sizeof said;
    if (!is_ok(env, spatio_index_get_metadata(POINTER(spatio_index, index), &said, &error),
               &error))
        return;
    give_text(env, words, CRS, said.crs, said.crs_length);
    give_text(env, words, CONTENT_TYPE, said.content_type, said.content_type_length);
    give_text(env, words, ATTRIBUTION, said.attribution, said.attribution_length);
}

static void JNICALL jni_indexVerify(JNIEnv *env, jclass type, jlong index)
{
    spatio_error error = {0};
    (void)type;
    is_ok(env, spatio_index_verify(POINTER(spatio_index, index), &error), &error);
}

/* Null if the index has no payloads. */
static jbyteArray JNICALL jni_indexPayload(JNIEnv *env, jclass type, jlong index, jint id)
{
    spatio_error error = {0};
    const uint8_t *payload = NULL;
    size_t length = 0;
    (void)type;
    if (!is_ok(env,
               spatio_index_payload(POINTER(spatio_index, index), (uint32_t)id, &payload, &length,
                                    &error),
               &error))
        return NULL;
    return payload == NULL ? NULL : new_bytes(env, payload, length);
}

static void JNICALL jni_indexBoxes(JNIEnv *env, jclass type, jlong index, jint n, jint numbers,
                                   jintArray ids, jdoubleArray min, jdoubleArray max)
{
    spatio_error error = {0};
    scratch s;
    uint32_t *items;
    double *least, *greatest;
    (void)type;
    scratch_init(&s, env);
    items = copy_ints(&s, ids, (size_t)n);
    least = room_for(&s, min, (size_t)numbers, sizeof *least);
    greatest = room_for(&s, max, (size_t)numbers, sizeof *greatest);
    if (!s.failed && is_ok(env,
                           spatio_index_boxes(POINTER(spatio_index, index), (size_t)n, items,
                                              least, greatest, &error),
                           &error)) {
        give_doubles(env, min, (size_t)numbers, least);
        give_doubles(env, max, (size_t)numbers, greatest);
    }
    scratch_free(&s);
}

static const JNINativeMethod methods[] = {
    METHOD(indexBuild, "(III[D[D[J[B[D[J[[BI[I)J"),
    METHOD(indexWrite, "([BIII[D[D[J[B[D[J[[BI[I)J"),
    METHOD(indexBuildTriangles, "(III[D[[BI[I)J"),
    METHOD(indexOpen, "([B)J"),
    METHOD(indexOpenBytes, "([B)J"),
    METHOD(indexFree, "(J)V"),
    METHOD(indexBytes, "(J)[B"),
    METHOD(indexInfo, "(J[J[D)V"),
    METHOD(indexMetadata, "(J[[B)V"),
    METHOD(indexVerify, "(J)V"),
    METHOD(indexPayload, "(JI)[B"),
    METHOD(indexBoxes, "(JII[I[D[D)V"),
};
const method_table index_methods = {methods, COUNT(methods)};
