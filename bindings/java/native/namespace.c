/* Making, opening and closing namespaces; ids and handles. */
#include "spatio_jni.h"

/* The order of the values that org.libspatio.NamespaceOptions hands over, each a bit of `set`. */
enum { SPACE, HISTORY, TTL, SETTINGS };

static jlong JNICALL jni_namespaceCreate(JNIEnv *env, jclass type, jlong db, jbyteArray name,
                                         jint set, jlongArray values)
{
    spatio_error error = {0};
    spatio_namespace_options options;
    spatio_namespace *ns = NULL;
    size_t length;
    scratch s;
    char *text;
    int64_t *numbers;
    (void)type;
    scratch_init(&s, env);
    text = copy_bytes(&s, name, &length);
    numbers = copy_longs(&s, values, SETTINGS);
    if (!s.failed) {
        spatio_namespace_options_init(&options, sizeof options);
        if (set & (1 << SPACE))
            options.space = (uint32_t)numbers[SPACE];
        if (set & (1 << HISTORY))
            options.history = (uint32_t)numbers[HISTORY];
        if (set & (1 << TTL))
            options.ttl_us = numbers[TTL];
        is_ok(env,
              spatio_namespace_create(POINTER(spatio_db, db), text, length, &options, &ns, &error),
              &error);
    }
    scratch_free(&s);
    return (jlong)(intptr_t)ns;
}

static jlong JNICALL jni_namespaceOpen(JNIEnv *env, jclass type, jlong db, jbyteArray name)
{
    spatio_error error = {0};
    spatio_namespace *ns = NULL;
    size_t length;
    scratch s;
    char *text;
    (void)type;
    scratch_init(&s, env);
    text = copy_bytes(&s, name, &length);
    if (!s.failed)
        is_ok(env, spatio_namespace_open(POINTER(spatio_db, db), text, length, &ns, &error),
              &error);
    scratch_free(&s);
    return (jlong)(intptr_t)ns;
}

static void JNICALL jni_namespaceClose(JNIEnv *env, jclass type, jlong ns)
{
    (void)env, (void)type;
    spatio_namespace_close(POINTER(spatio_namespace, ns));
}

static void JNICALL jni_settings(JNIEnv *env, jclass type, jlong ns, jlongArray values)
{
    spatio_error error = {0};
    spatio_namespace_options settings = {0};
    (void)type;
    settings.struct_size = sizeof settings;
    if (is_ok(env, spatio_namespace_settings(POINTER(spatio_namespace, ns), &settings, &error),
              &error)) {
        const jlong found[] = {settings.space, settings.history, settings.ttl_us};
        give_longs(env, values, COUNT(found), found);
    }
}

static jlong JNICALL jni_count(JNIEnv *env, jclass type, jlong ns)
{
    spatio_error error = {0};
    uint64_t objects = 0;
    (void)type;
    is_ok(env, spatio_count(POINTER(spatio_namespace, ns), &objects, &error), &error);
    return (jlong)objects;
}

static jlong JNICALL jni_intern(JNIEnv *env, jclass type, jlong ns, jbyteArray id)
{
    spatio_error error = {0};
    uint64_t handle = 0;
    size_t length;
    scratch s;
    char *text;
    (void)type;
    scratch_init(&s, env);
    text = copy_bytes(&s, id, &length);
    if (!s.failed)
        is_ok(env, spatio_intern(POINTER(spatio_namespace, ns), text, length, &handle, &error),
              &error);
    scratch_free(&s);
    return (jlong)handle;
}

static void JNICALL jni_internBatch(JNIEnv *env, jclass type, jlong ns, jint n, jlongArray offsets,
                                    jbyteArray ids, jlongArray handles)
{
    spatio_error error = {0};
    scratch s;
    uint64_t *at, *found;
    char *text;
    (void)type;
    scratch_init(&s, env);
    at = (uint64_t *)copy_longs(&s, offsets, (size_t)n + 1);
    text = copy_bytes(&s, ids, NULL);
    found = room_for(&s, handles, (size_t)n, sizeof(uint64_t));
    if (!s.failed && is_ok(env,
                           spatio_intern_batch(POINTER(spatio_namespace, ns), (size_t)n, at, text,
                                               found, &error),
                           &error))
        give_longs(env, handles, (size_t)n, found);
    scratch_free(&s);
}

/* Whether the id has a handle, which goes to `handle`. */
static jboolean JNICALL jni_findHandle(JNIEnv *env, jclass type, jlong ns, jbyteArray id,
                                       jlongArray handle)
{
    spatio_error error = {0};
    spatio_status status = SPATIO_NOT_FOUND;
    uint64_t found = 0;
    size_t length;
    scratch s;
    char *text;
    (void)type;
    scratch_init(&s, env);
    text = copy_bytes(&s, id, &length);
    if (!s.failed) {
        status = spatio_find_handle(POINTER(spatio_namespace, ns), text, length, &found, &error);
        if (status == SPATIO_OK)
            give_longs(env, handle, 1, &found);
        else if (status != SPATIO_NOT_FOUND)
            throw_error(env, status, &error);
    }
    scratch_free(&s);
    return status == SPATIO_OK;
}

static jbyteArray JNICALL jni_id(JNIEnv *env, jclass type, jlong ns, jlong handle)
{
    spatio_error error = {0};
    const char *id = NULL;
    size_t length = 0;
    (void)type;
    if (!is_ok(env,
               spatio_id(POINTER(spatio_namespace, ns), (uint64_t)handle, &id, &length, &error),
               &error))
        return NULL;
    return new_bytes(env, id, length);
}

static jlong JNICALL jni_ids(JNIEnv *env, jclass type, jlong ns, jint n, jlongArray handles,
                             jlong given, jlongArray counts)
{
    spatio_error error = {0};
    spatio_result *result = POINTER(spatio_result, given);
    spatio_columns columns = {0};
    scratch s;
    uint64_t *asked;
    (void)type;
    columns.struct_size = sizeof columns;
    scratch_init(&s, env);
    asked = (uint64_t *)copy_longs(&s, handles, (size_t)n);
    if (!s.failed) {
        spatio_status status = spatio_ids(POINTER(spatio_namespace, ns), (size_t)n, asked, &result,
                                          &columns, &error);
        given = finish_result(env, status, &error, given, result, &columns, counts);
    }
    scratch_free(&s);
    return given;
}

static const JNINativeMethod methods[] = {
    METHOD(namespaceCreate, "(J[BI[J)J"),
    METHOD(namespaceOpen, "(J[B)J"),
    METHOD(namespaceClose, "(J)V"),
    METHOD(settings, "(J[J)V"),
    METHOD(count, "(J)J"),
    METHOD(intern, "(J[B)J"),
    METHOD(internBatch, "(JI[J[B[J)V"),
    METHOD(findHandle, "(J[B[J)Z"),
    METHOD(id, "(JJ)[B"),
    METHOD(ids, "(JI[JJ[J)J"),
};
const method_table namespace_methods = {methods, COUNT(methods)};
