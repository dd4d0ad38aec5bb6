/* Moving arguments and answers between Java's arrays and C's. */
#include "spatio_jni.h"

#include <stdlib.h>

void scratch_init(scratch *s, JNIEnv *env)
{
    s->env = env;
    s->failed = 0;
    s->blocks = 0;
    s->used = 0;
}

void scratch_free(scratch *s)
{
    while (s->blocks > 0)
        free(s->block[--s->blocks]);
}

void *scratch_take(scratch *s, size_t bytes)
{
    size_t words = bytes / sizeof(double) + 1;
    void *block;
    if (s->failed)
        return NULL;
    if (s->used + words <= COUNT(s->near)) {
        block = &s->near[s->used];
        s->used += words;
        return block;
    }
    block = s->blocks < SCRATCH_BLOCKS ? malloc(words * sizeof(double)) : NULL;
    if (block == NULL) {
        s->failed = 1;
        throw_no_memory(s->env, "the columns of a call");
        return NULL;
    }
    s->block[s->blocks++] = block;
    return block;
}

/* An array that is shorter than was announced leaves an exception, after which nothing is called. */
static void note_exception(scratch *s)
{
    if ((*s->env)->ExceptionCheck(s->env))
        s->failed = 1;
}

int64_t *copy_longs(scratch *s, jlongArray array, size_t n)
{
    int64_t *copy = array == NULL ? NULL : scratch_take(s, n * sizeof(int64_t));
    if (copy != NULL) {
        (*s->env)->GetLongArrayRegion(s->env, array, 0, (jsize)n, (jlong *)copy);
        note_exception(s);
    }
    return copy;
}

uint32_t *copy_ints(scratch *s, jintArray array, size_t n)
{
    uint32_t *copy = array == NULL ? NULL : scratch_take(s, n * sizeof(uint32_t));
    if (copy != NULL) {
        (*s->env)->GetIntArrayRegion(s->env, array, 0, (jsize)n, (jint *)copy);
        note_exception(s);
    }
    return copy;
}

double *copy_doubles(scratch *s, jdoubleArray array, size_t n)
{
    double *copy = array == NULL ? NULL : scratch_take(s, n * sizeof(double));
    if (copy != NULL) {
        (*s->env)->GetDoubleArrayRegion(s->env, array, 0, (jsize)n, copy);
        note_exception(s);
    }
    return copy;
}

char *copy_bytes(scratch *s, jbyteArray array, size_t *length)
{
    jsize n = array == NULL || s->failed ? 0 : (*s->env)->GetArrayLength(s->env, array);
    char *copy = array == NULL ? NULL : scratch_take(s, (size_t)n + 1);
    if (length != NULL)
        *length = (size_t)n;
    if (copy != NULL) {
        (*s->env)->GetByteArrayRegion(s->env, array, 0, n, (jbyte *)copy);
        copy[n] = 0;
    }
    return copy;
}

void *room_for(scratch *s, jarray array, size_t n, size_t size)
{
    return array == NULL ? NULL : scratch_take(s, n * size);
}

void give_longs(JNIEnv *env, jlongArray array, size_t n, const void *from)
{
    if (array != NULL && from != NULL && !(*env)->ExceptionCheck(env))
        (*env)->SetLongArrayRegion(env, array, 0, (jsize)n, (const jlong *)from);
}

void give_ints(JNIEnv *env, jintArray array, size_t n, const void *from)
{
    if (array != NULL && from != NULL && !(*env)->ExceptionCheck(env))
        (*env)->SetIntArrayRegion(env, array, 0, (jsize)n, (const jint *)from);
}

void give_doubles(JNIEnv *env, jdoubleArray array, size_t n, const double *from)
{
    if (array != NULL && from != NULL && !(*env)->ExceptionCheck(env))
        (*env)->SetDoubleArrayRegion(env, array, 0, (jsize)n, from);
}

void give_booleans(JNIEnv *env, jbooleanArray array, size_t n, const uint8_t *from)
{
    if (array != NULL && from != NULL && !(*env)->ExceptionCheck(env))
        (*env)->SetBooleanArrayRegion(env, array, 0, (jsize)n, (const jboolean *)from);
}

jbyteArray new_bytes(JNIEnv *env, const void *from, size_t n)
{
    jbyteArray array = n > INT32_MAX ? NULL : (*env)->NewByteArray(env, (jsize)n);
    if (array != NULL)
        (*env)->SetByteArrayRegion(env, array, 0, (jsize)n, (const jbyte *)from);
    else if (!(*env)->ExceptionCheck(env))
        throw_no_memory(env, "more bytes than an array can hold");
    return array;
}

void give_text(JNIEnv *env, jobjectArray texts, jsize at, const void *from, size_t n)
{
    jbyteArray bytes;
    if (from == NULL || (*env)->ExceptionCheck(env))
        return;
    bytes = new_bytes(env, from, n);
    if (bytes == NULL)
        return;
    (*env)->SetObjectArrayElement(env, texts, at, bytes);
    (*env)->DeleteLocalRef(env, bytes);
}
