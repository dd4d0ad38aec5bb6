/* One object at a time: said where it is, asked where it is, removed. */
#include "spatio_jni.h"

#include <string.h>

static jint JNICALL jni_upsert(JNIEnv *env, jclass type, jlong ns, jbyteArray id, jdouble x,
                               jdouble y, jdouble z, jlong time_us, jbyteArray payload,
                               jlong ttl_us, jlongArray handle)
{
    spatio_error error = {0};
    uint64_t given = 0;
    uint32_t outcome = 0;
    size_t length, payload_length;
    scratch s;
    char *text, *bytes;
    (void)type;
    scratch_init(&s, env);
    text = copy_bytes(&s, id, &length);
    bytes = copy_bytes(&s, payload, &payload_length);
    if (!s.failed &&
        is_ok(env,
              spatio_upsert(POINTER(spatio_namespace, ns), text, length, x, y, z, time_us,
                            (const uint8_t *)bytes, payload_length, ttl_us, &given, &outcome,
                            &error),
              &error))
        give_longs(env, handle, 1, &given);
    scratch_free(&s);
    return (jint)outcome;
}

static jint JNICALL jni_move(JNIEnv *env, jclass type, jlong ns, jlong handle, jdouble x,
                             jdouble y, jdouble z, jlong time_us)
{
    /* Only the size is set: this is the quickest call, and the rest is written before it is read. */
    spatio_error error;
    uint32_t outcome = 0;
    (void)type;
    error.struct_size = sizeof error;
    is_ok(env,
          spatio_move(POINTER(spatio_namespace, ns), (uint64_t)handle, x, y, z, time_us, &outcome,
                      &error),
          &error);
    return (jint)outcome;
}

static jboolean JNICALL jni_delete(JNIEnv *env, jclass type, jlong ns, jbyteArray id)
{
    spatio_error error = {0};
    uint8_t deleted = 0;
    size_t length;
    scratch s;
    char *text;
    (void)type;
    scratch_init(&s, env);
    text = copy_bytes(&s, id, &length);
    if (!s.failed)
        is_ok(env, spatio_delete(POINTER(spatio_namespace, ns), text, length, &deleted, &error),
              &error);
    scratch_free(&s);
    return deleted != 0;
}

jboolean give_object(JNIEnv *env, spatio_status status, const spatio_error *error,
                     const spatio_object *object, jlongArray given)
{
    const double at[] = {object->x, object->y, object->z};
    jlong numbers[4 + COUNT(at)] = {(jlong)object->handle, object->time_us, object->expires_us,
                                    object->payload_length};
    if (status != SPATIO_OK) {
        throw_error(env, status, error);
        return JNI_FALSE;
    }
    /* One array and one call into the machine: each costs as much as the search for the object. */
    memcpy(numbers + 4, at, sizeof at);
    (*env)->SetLongArrayRegion(env, given, 0, (jsize)COUNT(numbers), numbers);
    return JNI_TRUE;
}

/* False if the object is not here. */
static jboolean JNICALL jni_get(JNIEnv *env, jclass type, jlong ns, jbyteArray id,
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
        status = spatio_get(POINTER(spatio_namespace, ns), text, length, &object, &error);
    scratch_free(&s);
    if (status == SPATIO_NOT_FOUND)
        return JNI_FALSE;
    return give_object(env, status, &error, &object, numbers);
}

/* Throws NOT_FOUND too: it tells a handle that was not given out from an object that is gone. */
static jboolean JNICALL jni_getByHandle(JNIEnv *env, jclass type, jlong ns, jlong handle,
                                        jlongArray numbers)
{
    /* Only the sizes are set, as in jni_move. */
    spatio_error error;
    spatio_object object;
    spatio_status status;
    (void)type;
    error.struct_size = sizeof error;
    object.struct_size = sizeof object;
    status = spatio_get_by_handle(POINTER(spatio_namespace, ns), (uint64_t)handle, &object, &error);
    return give_object(env, status, &error, &object, numbers);
}

static jbyteArray JNICALL jni_payload(JNIEnv *env, jclass type, jlong ns, jlong handle)
{
    spatio_error error = {0};
    const spatio_namespace *in = POINTER(const spatio_namespace, ns);
    uint8_t near[512];
    uint8_t *bytes = near;
    size_t capacity = sizeof near, length = 0;
    spatio_status status;
    jbyteArray answer = NULL;
    scratch s;
    (void)type;
    scratch_init(&s, env);
    status = spatio_get_payload(in, (uint64_t)handle, bytes, capacity, &length, &error);
    /* Another thread may give it a longer one meanwhile: then it is asked for again. */
    while (status == SPATIO_BUFFER_TOO_SMALL && !s.failed) {
        scratch_free(&s);
        scratch_init(&s, env);
        capacity = length;
        bytes = scratch_take(&s, capacity);
        if (bytes != NULL)
            status = spatio_get_payload(in, (uint64_t)handle, bytes, capacity, &length, &error);
    }
    if (!s.failed && is_ok(env, status, &error))
        answer = new_bytes(env, bytes, length);
    scratch_free(&s);
    return answer;
}

static const JNINativeMethod methods[] = {
    METHOD(upsert, "(J[BDDDJ[BJ[J)I"),
    METHOD(move, "(JJDDDJ)I"),
    METHOD(delete, "(J[B)Z"),
    METHOD(get, "(J[B[J)Z"),
    METHOD(getByHandle, "(JJ[J)Z"),
    METHOD(payload, "(JJ)[B"),
};
const method_table object_methods = {methods, COUNT(methods)};
