/* What needs no database: versions, names, distances, looking through and salvaging files. */
#include "spatio_jni.h"

#include <stdlib.h>

static jint JNICALL jni_abiVersion(JNIEnv *env, jclass type)
{
    (void)env, (void)type;
    return (jint)spatio_abi_version();
}

static jstring JNICALL jni_version(JNIEnv *env, jclass type)
{
    (void)type;
    return (*env)->NewStringUTF(env, spatio_version());
}

static jstring JNICALL jni_statusName(JNIEnv *env, jclass type, jint status)
{
    (void)type;
    return (*env)->NewStringUTF(env, spatio_status_name(status));
}

static jlong JNICALL jni_liveHandles(JNIEnv *env, jclass type)
{
    (void)env, (void)type;
    return (jlong)spatio_live_handles();
}

static jdouble JNICALL jni_distance(JNIEnv *env, jclass type, jint space, jint metric, jdouble x1,
                                    jdouble y1, jdouble z1, jdouble x2, jdouble y2, jdouble z2)
{
    spatio_error error = {0};
    double distance = 0;
    (void)type;
    is_ok(env,
          spatio_distance((uint32_t)space, (uint32_t)metric, x1, y1, z1, x2, y2, z2, &distance,
                          &error),
          &error);
    return distance;
}

/* Room for the words of a report: hundreds of damaged files. */
#define WORDS ((size_t)1 << 20)

/* The words of a report, whatever became of them, or NULL with an exception. */
static jbyteArray told(JNIEnv *env, spatio_status status, const spatio_error *error,
                       const char *words, size_t length)
{
    static const char too_long[] = "the words of this report are longer than a mebibyte";
    if (status == SPATIO_BUFFER_TOO_SMALL)
        return new_bytes(env, too_long, sizeof too_long - 1);
    return is_ok(env, status, error) ? new_bytes(env, words, length) : NULL;
}

static jbyteArray JNICALL jni_check(JNIEnv *env, jclass type, jbyteArray path, jlongArray numbers)
{
    spatio_error error = {0};
    spatio_check_report report = {0};
    size_t length = 0;
    jbyteArray answer = NULL;
    scratch s;
    char *at, *words;
    (void)type;
    report.struct_size = sizeof report;
    scratch_init(&s, env);
    at = copy_bytes(&s, path, NULL);
    words = scratch_take(&s, WORDS);
    if (!s.failed) {
        spatio_status status = spatio_check(at, &report, words, WORDS, &length, &error);
        const jlong found[] = {
            report.is_sound,           (jlong)report.files,         (jlong)report.records,
            (jlong)report.bytes,       (jlong)report.damaged_files, (jlong)report.torn_tails,
        };
        give_longs(env, numbers, COUNT(found), found);
        answer = told(env, status, &error, words, length);
    }
    scratch_free(&s);
    return answer;
}

static jbyteArray JNICALL jni_salvage(JNIEnv *env, jclass type, jbyteArray source,
                                      jbyteArray target, jlongArray numbers)
{
    spatio_error error = {0};
    spatio_salvage_report report = {0};
    size_t length = 0;
    jbyteArray answer = NULL;
    scratch s;
    char *from, *to, *words;
    (void)type;
    report.struct_size = sizeof report;
    scratch_init(&s, env);
    from = copy_bytes(&s, source, NULL);
    to = copy_bytes(&s, target, NULL);
    words = scratch_take(&s, WORDS);
    if (!s.failed) {
        spatio_status status = spatio_salvage(from, to, &report, words, WORDS, &length, &error);
        const jlong found[] = {
            (jlong)report.segments,
            (jlong)report.damaged,
            (jlong)report.records_kept,
            (jlong)report.bytes_dropped,
        };
        give_longs(env, numbers, COUNT(found), found);
        answer = told(env, status, &error, words, length);
    }
    scratch_free(&s);
    return answer;
}

static const JNINativeMethod methods[] = {
    METHOD(abiVersion, "()I"),
    METHOD(version, "()Ljava/lang/String;"),
    METHOD(statusName, "(I)Ljava/lang/String;"),
    METHOD(liveHandles, "()J"),
    METHOD(distance, "(IIDDDDDD)D"),
    METHOD(check, "([B[J)[B"),
    METHOD(salvage, "([B[B[J)[B"),
};
const method_table library_methods = {methods, COUNT(methods)};
