/* Packs: frozen, opened, closed, what they are, and their objects; query.c asks them the rest. */
#include "spatio_jni.h"

/* Choices, in the order in which they travel. */
enum { LAYOUT, THREADS, CHOICES };

void read_freeze_options(scratch *s, jint set, jintArray choices, spatio_freeze_options *options)
{
    const uint32_t *given = copy_ints(s, choices, CHOICES);
    spatio_freeze_options_init(options, sizeof *options);
    if (s->failed)
        return;
    if (set & (1 << LAYOUT))
        options->layout = given[LAYOUT];
    if (set & (1 << THREADS))
        options->threads = given[THREADS];
}

/* Objects and bytes go to `written`. */
static void JNICALL jni_freeze(JNIEnv *env, jclass type, jlong ns, jbyteArray path, jint set,
                               jintArray choices, jlongArray written)
{
    spatio_error error = {0};
    spatio_freeze_options options;
    uint64_t found[2] = {0};
    scratch s;
    char *at;
    (void)type;
    scratch_init(&s, env);
    at = copy_bytes(&s, path, NULL);
    read_freeze_options(&s, set, choices, &options);
    if (!s.failed && is_ok(env,
                           spatio_freeze(POINTER(const spatio_namespace, ns), at, &options,
                                         &found[0], &found[1], &error),
                           &error))
        give_longs(env, written, COUNT(found), found);
    scratch_free(&s);
}

static jlong JNICALL jni_packOpen(JNIEnv *env, jclass type, jbyteArray path)
{
    spatio_error error = {0};
    spatio_pack *pack = NULL;
    scratch s;
    char *at;
    (void)type;
    scratch_init(&s, env);
    at = copy_bytes(&s, path, NULL);
    if (!s.failed)
        is_ok(env, spatio_pack_open(at, &pack, &error), &error);
    scratch_free(&s);
    return (jlong)(intptr_t)pack;
}

static jlong JNICALL jni_packOpenBytes(JNIEnv *env, jclass type, jbyteArray bytes)
{
    spatio_error error = {0};
    spatio_pack *pack = NULL;
    size_t length = 0;
    scratch s;
    uint8_t *file;
    (void)type;
    scratch_init(&s, env);
    file = (uint8_t *)copy_bytes(&s, bytes, &length);
    if (!s.failed)
        is_ok(env, spatio_pack_open_bytes(file, length, &pack, &error), &error);
    scratch_free(&s);
    return (jlong)(intptr_t)pack;
}

static void JNICALL jni_packFree(JNIEnv *env, jclass type, jlong pack)
{
    (void)env, (void)type;
    spatio_pack_free(POINTER(spatio_pack, pack));
}

/* Space, objects, bytes, the moment, coordinates. */
static void JNICALL jni_packInfo(JNIEnv *env, jclass type, jlong pack, jlongArray numbers)
{
    spatio_error error = {0};
    spatio_pack_info info = {0};
    (void)type;
    info.struct_size = sizeof info;
    if (is_ok(env, spatio_pack_get_info(POINTER(const spatio_pack, pack), &info, &error),
              &error)) {
        const jlong found[] = {info.space, (jlong)info.objects, (jlong)info.bytes, info.frozen_us,
                               info.dims};
        give_longs(env, numbers, COUNT(found), found);
    }
}

static void JNICALL jni_packVerify(JNIEnv *env, jclass type, jlong pack)
{
    spatio_error error = {0};
    (void)type;
    is_ok(env, spatio_pack_verify(POINTER(const spatio_pack, pack), &error), &error);
}

/* False if the object is not here. */
static jboolean JNICALL jni_packGet(JNIEnv *env, jclass type, jlong pack, jbyteArray id,
                                    jlongArray numbers)
{
    spatio_error error = {0};
    spatio_object object = {0};
    spatio_status status = SPATIO_NOT_FOUND;
    size_t length;
    scratch s;
    char *text;
    (void)type;
    object.struct_size = sizeof object;
    scratch_init(&s, env);
    text = copy_bytes(&s, id, &length);
    if (!s.failed)
        status = spatio_pack_get(POINTER(const spatio_pack, pack), text, length, &object, &error);
    scratch_free(&s);
    if (status == SPATIO_NOT_FOUND)
        return JNI_FALSE;
    return give_object(env, status, &error, &object, numbers);
}

static jbyteArray JNICALL jni_packId(JNIEnv *env, jclass type, jlong pack, jlong handle)
{
    spatio_error error = {0};
    const char *id = NULL;
    size_t length = 0;
    (void)type;
    if (!is_ok(env,
               spatio_pack_id(POINTER(const spatio_pack, pack), (uint64_t)handle, &id, &length,
                              &error),
               &error))
        return NULL;
    return new_bytes(env, id, length);
}

/* Null if the object has none. */
static jbyteArray JNICALL jni_packPayload(JNIEnv *env, jclass type, jlong pack, jlong handle)
{
    spatio_error error = {0};
    const uint8_t *payload = NULL;
    size_t length = 0;
    (void)type;
    if (!is_ok(env,
               spatio_pack_payload(POINTER(const spatio_pack, pack), (uint64_t)handle, &payload,
                                   &length, &error),
               &error))
        return NULL;
    return payload == NULL ? NULL : new_bytes(env, payload, length);
}

static const JNINativeMethod methods[] = {
    METHOD(freeze, "(J[BI[I[J)V"),
    METHOD(packOpen, "([B)J"),
    METHOD(packOpenBytes, "([B)J"),
    METHOD(packFree, "(J)V"),
    METHOD(packInfo, "(J[J)V"),
    METHOD(packVerify, "(J)V"),
    METHOD(packGet, "(J[B[J)Z"),
    METHOD(packId, "(JJ)[B"),
    METHOD(packPayload, "(JJ)[B"),
};
const method_table pack_methods = {methods, COUNT(methods)};
