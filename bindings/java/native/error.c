/* From a spatio_error to a Java exception. */
#include "spatio_jni.h"

#include <string.h>

static jclass exception_class;
static jclass no_memory_class;
static jmethodID exception_of;

static jclass find_class(JNIEnv *env, const char *name)
{
    jclass local = (*env)->FindClass(env, name);
    jclass global = local == NULL ? NULL : (jclass)(*env)->NewGlobalRef(env, local);
    if (local != NULL)
        (*env)->DeleteLocalRef(env, local);
    return global;
}

int errors_load(JNIEnv *env)
{
    exception_class = find_class(env, "org/libspatio/SpatioException");
    no_memory_class = find_class(env, "java/lang/OutOfMemoryError");
    if (exception_class == NULL || no_memory_class == NULL)
        return 0;
    exception_of = (*env)->GetStaticMethodID(env, exception_class, "of",
                                             "(IIJJ[B)Lorg/libspatio/SpatioException;");
    return exception_of != NULL;
}

void throw_error(JNIEnv *env, spatio_status status, const spatio_error *error)
{
    /* The text is UTF-8, and not what JNI calls UTF: Java decodes it. */
    jbyteArray text = new_bytes(env, error->message, strlen(error->message));
    jobject exception;
    if (text == NULL)
        return;
    exception = (*env)->CallStaticObjectMethod(env, exception_class, exception_of, (jint)status,
                                               (jint)error->os_error, (jlong)error->row,
                                               (jlong)error->offset, text);
    if (exception != NULL && !(*env)->ExceptionCheck(env))
        (*env)->Throw(env, (jthrowable)exception);
}

void throw_no_memory(JNIEnv *env, const char *what)
{
    (*env)->ThrowNew(env, no_memory_class, what);
}

int is_ok(JNIEnv *env, spatio_status status, const spatio_error *error)
{
    if (status == SPATIO_OK)
        return 1;
    throw_error(env, status, error);
    return 0;
}
