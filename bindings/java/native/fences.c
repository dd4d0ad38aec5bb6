/* Fences: built, written, opened, closed, what they are, and asked. */
#include "spatio_jni.h"

/* Texts of one fence, in the order in which they travel. */
enum { ID, PAYLOAD };

/* What fences are built from, out of Java's arrays. */
typedef struct items {
    uint64_t *id_offsets, *payload_offsets;
    char *ids;
    uint8_t *payloads;
    const spatio_polygon **polygons;
} items;

static void read_items(scratch *s, items *of, jint n, jlongArray id_offsets, jbyteArray ids,
                       jlongArray polygons, jlongArray payload_offsets, jbyteArray payloads)
{
    const int64_t *pointers = copy_longs(s, polygons, (size_t)n);
    jint fence;
    of->id_offsets = (uint64_t *)copy_longs(s, id_offsets, (size_t)n + 1);
    of->ids = copy_bytes(s, ids, NULL);
    of->polygons = scratch_take(s, (size_t)n * sizeof *of->polygons);
    of->payload_offsets = (uint64_t *)copy_longs(s, payload_offsets, (size_t)n + 1);
    of->payloads = (uint8_t *)copy_bytes(s, payloads, NULL);
    for (fence = 0; fence < n && !s->failed; fence++)
        of->polygons[fence] = POINTER(const spatio_polygon, pointers[fence]);
}

static jlong JNICALL jni_fencesBuild(JNIEnv *env, jclass type, jint space, jint n,
                                     jlongArray id_offsets, jbyteArray ids, jlongArray polygons,
                                     jlongArray payload_offsets, jbyteArray payloads)
{
    spatio_error error = {0};
    spatio_fences *fences = NULL;
    items of = {0};
    scratch s;
    (void)type;
    scratch_init(&s, env);
    read_items(&s, &of, n, id_offsets, ids, polygons, payload_offsets, payloads);
    if (!s.failed)
        is_ok(env,
              spatio_fences_build((uint32_t)space, (size_t)n, of.id_offsets, of.ids, of.polygons,
                                  of.payload_offsets, of.payloads, &fences, &error),
              &error);
    scratch_free(&s);
    return (jlong)(intptr_t)fences;
}

static jlong JNICALL jni_fencesWrite(JNIEnv *env, jclass type, jbyteArray path, jint space,
                                     jint n, jlongArray id_offsets, jbyteArray ids,
                                     jlongArray polygons, jlongArray payload_offsets,
                                     jbyteArray payloads, jint set, jintArray choices)
{
    spatio_error error = {0};
    spatio_freeze_options options;
    uint64_t bytes = 0;
    items of = {0};
    scratch s;
    char *at;
    (void)type;
    scratch_init(&s, env);
    at = copy_bytes(&s, path, NULL);
    read_items(&s, &of, n, id_offsets, ids, polygons, payload_offsets, payloads);
    read_freeze_options(&s, set, choices, &options);
    if (!s.failed)
        is_ok(env,
              spatio_fences_write(at, (uint32_t)space, (size_t)n, of.id_offsets, of.ids,
                                  of.polygons, of.payload_offsets, of.payloads, &options, &bytes,
                                  &error),
              &error);
    scratch_free(&s);
    return (jlong)bytes;
}

static jlong JNICALL jni_fencesOpen(JNIEnv *env, jclass type, jbyteArray path)
{
    spatio_error error = {0};
    spatio_fences *fences = NULL;
    scratch s;
    char *at;
    (void)type;
    scratch_init(&s, env);
    at = copy_bytes(&s, path, NULL);
    if (!s.failed)
        is_ok(env, spatio_fences_open(at, &fences, &error), &error);
    scratch_free(&s);
    return (jlong)(intptr_t)fences;
}

static jlong JNICALL jni_fencesOpenBytes(JNIEnv *env, jclass type, jbyteArray bytes)
{
    spatio_error error = {0};
    spatio_fences *fences = NULL;
    size_t length = 0;
    scratch s;
    uint8_t *file;
    (void)type;
    scratch_init(&s, env);
    file = (uint8_t *)copy_bytes(&s, bytes, &length);
    if (!s.failed)
        is_ok(env, spatio_fences_open_bytes(file, length, &fences, &error), &error);
    scratch_free(&s);
    return (jlong)(intptr_t)fences;
}

static void JNICALL jni_fencesFree(JNIEnv *env, jclass type, jlong fences)
{
    (void)env, (void)type;
    spatio_fences_free(POINTER(spatio_fences, fences));
}

/* Space, fences, bytes. */
static void JNICALL jni_fencesInfo(JNIEnv *env, jclass type, jlong fences, jlongArray numbers)
{
    spatio_error error = {0};
    spatio_fences_info info = {0};
    (void)type;
    info.struct_size = sizeof info;
    if (is_ok(env, spatio_fences_get_info(POINTER(const spatio_fences, fences), &info, &error),
              &error)) {
        const jlong found[] = {info.space, (jlong)info.fences, (jlong)info.bytes};
        give_longs(env, numbers, COUNT(found), found);
    }
}

static void JNICALL jni_fencesVerify(JNIEnv *env, jclass type, jlong fences)
{
    spatio_error error = {0};
    (void)type;
    is_ok(env, spatio_fences_verify(POINTER(const spatio_fences, fences), &error), &error);
}

static jlong JNICALL jni_fencesContaining(JNIEnv *env, jclass type, jlong fences, jint n,
                                          jdoubleArray x, jdoubleArray y, jint flags, jlong given,
                                          jlongArray counts)
{
    spatio_error error = {0};
    spatio_result *result = POINTER(spatio_result, given);
    spatio_columns columns = {0};
    size_t rows = (size_t)n;
    scratch s;
    double *xs, *ys;
    (void)type;
    columns.struct_size = sizeof columns;
    scratch_init(&s, env);
    xs = copy_doubles(&s, x, rows);
    ys = copy_doubles(&s, y, rows);
    if (!s.failed) {
        spatio_status status =
            spatio_fences_containing(POINTER(const spatio_fences, fences), rows, xs, ys,
                                     (uint32_t)flags, &result, &columns, &error);
        given = finish_result(env, status, &error, given, result, &columns, counts);
    }
    scratch_free(&s);
    return given;
}

static jlong JNICALL jni_fencesIntersecting(JNIEnv *env, jclass type, jlong fences, jint n,
                                            jdoubleArray min_x, jdoubleArray min_y,
                                            jdoubleArray max_x, jdoubleArray max_y, jint flags,
                                            jlong given, jlongArray counts)
{
    spatio_error error = {0};
    spatio_result *result = POINTER(spatio_result, given);
    spatio_columns columns = {0};
    size_t rows = (size_t)n;
    scratch s;
    double *west, *south, *east, *north;
    (void)type;
    columns.struct_size = sizeof columns;
    scratch_init(&s, env);
    west = copy_doubles(&s, min_x, rows);
    south = copy_doubles(&s, min_y, rows);
    east = copy_doubles(&s, max_x, rows);
    north = copy_doubles(&s, max_y, rows);
    if (!s.failed) {
        spatio_status status =
            spatio_fences_intersecting(POINTER(const spatio_fences, fences), rows, west, south,
                                       east, north, (uint32_t)flags, &result, &columns, &error);
        given = finish_result(env, status, &error, given, result, &columns, counts);
    }
    scratch_free(&s);
    return given;
}

static void give_fence(JNIEnv *env, const spatio_fence *fence, jlongArray handle,
                       jobjectArray texts)
{
    give_longs(env, handle, 1, &fence->handle);
    give_text(env, texts, ID, fence->id, fence->id_length);
    give_text(env, texts, PAYLOAD, fence->payload, fence->payload_length);
}

/* False if there is none; else its handle and texts go to the arrays. */
static jboolean JNICALL jni_fencesGet(JNIEnv *env, jclass type, jlong fences, jbyteArray id,
                                      jlongArray handle, jobjectArray texts)
{
    spatio_error error = {0};
    spatio_fence fence = {0};
    spatio_status status = SPATIO_NOT_FOUND;
    size_t length;
    scratch s;
    char *text;
    (void)type;
    fence.struct_size = sizeof fence;
    scratch_init(&s, env);
    text = copy_bytes(&s, id, &length);
    if (!s.failed) {
        const spatio_fences *in = POINTER(const spatio_fences, fences);
        status = spatio_fences_get(in, text, length, &fence, &error);
    }
    scratch_free(&s);
    if (status == SPATIO_NOT_FOUND || !is_ok(env, status, &error))
        return JNI_FALSE;
    give_fence(env, &fence, handle, texts);
    return JNI_TRUE;
}

/* Throws NOT_FOUND too. */
static void JNICALL jni_fencesGetByHandle(JNIEnv *env, jclass type, jlong fences, jlong handle,
                                          jobjectArray texts)
{
    spatio_error error = {0};
    spatio_fence fence = {0};
    (void)type;
    fence.struct_size = sizeof fence;
    if (is_ok(env,
              spatio_fences_get_by_handle(POINTER(const spatio_fences, fences), (uint64_t)handle,
                                          &fence, &error),
              &error))
        give_fence(env, &fence, NULL, texts);
}

static const JNINativeMethod methods[] = {
    METHOD(fencesBuild, "(II[J[B[J[J[B)J"),
    METHOD(fencesWrite, "([BII[J[B[J[J[BI[I)J"),
    METHOD(fencesOpen, "([B)J"),
    METHOD(fencesOpenBytes, "([B)J"),
    METHOD(fencesFree, "(J)V"),
    METHOD(fencesInfo, "(J[J)V"),
    METHOD(fencesVerify, "(J)V"),
    METHOD(fencesContaining, "(JI[D[DIJ[J)J"),
    METHOD(fencesIntersecting, "(JI[D[D[D[DIJ[J)J"),
    METHOD(fencesGet, "(J[B[J[[B)Z"),
    METHOD(fencesGetByHandle, "(JJ[[B)V"),
};
const method_table fences_methods = {methods, COUNT(methods)};
