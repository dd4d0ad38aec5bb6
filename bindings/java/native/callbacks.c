/*
 * The log and clock callbacks of a database: from any thread of the engine into Java.
 *
 * A thread that Java does not know is attached for as long as it lives, as a daemon, so that it
 * keeps no program from ending. What Java throws is caught on the Java side; what could not even
 * be called is cleared here: nothing crosses.
 */
#include "spatio_jni.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct callbacks {
    jobject log;
    jobject clock;
} callbacks;

static JavaVM *machine;
static jclass native_class;
static jmethodID on_log;
static jmethodID on_clock;
static pthread_key_t attached;

/* Runs when a thread ends that was attached here. */
static void detach(void *vm)
{
    (*(JavaVM *)vm)->DetachCurrentThread((JavaVM *)vm);
}

int callbacks_load(JNIEnv *env, JavaVM *vm, jclass natives)
{
    machine = vm;
    native_class = (jclass)(*env)->NewGlobalRef(env, natives);
    on_log = (*env)->GetStaticMethodID(env, natives, "onLog",
                                       "(Lorg/libspatio/LogListener;I[B)V");
    if (on_log == NULL)
        return 0;
    on_clock = (*env)->GetStaticMethodID(env, natives, "onClock", "(Lorg/libspatio/Clock;)J");
    return on_clock != NULL && pthread_key_create(&attached, detach) == 0;
}

/* The environment of this thread; NULL if the machine takes no more threads. */
static JNIEnv *environment(void)
{
    JNIEnv *env = NULL;
    if ((*machine)->GetEnv(machine, (void **)&env, JNI_VERSION_1_6) == JNI_OK)
        return env;
#ifdef __ANDROID__
    if ((*machine)->AttachCurrentThreadAsDaemon(machine, &env, NULL) != JNI_OK)
        return NULL;
#else
    if ((*machine)->AttachCurrentThreadAsDaemon(machine, (void **)&env, NULL) != JNI_OK)
        return NULL;
#endif
    pthread_setspecific(attached, machine);
    return env;
}

static void clear_exception(JNIEnv *env)
{
    if ((*env)->ExceptionCheck(env))
        (*env)->ExceptionClear(env);
}

static void take_message(void *user, int32_t level, const char *message, size_t length)
{
    const callbacks *self = user;
    JNIEnv *env = environment();
    jbyteArray text;
    if (env == NULL)
        return;
    text = new_bytes(env, message, length);
    if (text != NULL) {
        (*env)->CallStaticVoidMethod(env, native_class, on_log, self->log, (jint)level, text);
        (*env)->DeleteLocalRef(env, text);
    }
    clear_exception(env);
}

static int64_t tell_time(void *user)
{
    const callbacks *self = user;
    JNIEnv *env = environment();
    jlong time_us = 0;
    if (env == NULL)
        return 0;
    time_us = (*env)->CallStaticLongMethod(env, native_class, on_clock, self->clock);
    clear_exception(env);
    return time_us;
}

jlong JNICALL jni_callbacksNew(JNIEnv *env, jclass type, jobject log, jobject clock)
{
    callbacks *self = calloc(1, sizeof(callbacks));
    (void)type;
    if (self == NULL) {
        throw_no_memory(env, "callbacks");
        return 0;
    }
    self->log = log == NULL ? NULL : (*env)->NewGlobalRef(env, log);
    self->clock = clock == NULL ? NULL : (*env)->NewGlobalRef(env, clock);
    return (jlong)(intptr_t)self;
}

void JNICALL jni_callbacksFree(JNIEnv *env, jclass type, jlong address)
{
    callbacks *self = POINTER(callbacks, address);
    (void)type;
    if (self == NULL)
        return;
    if (self->log != NULL)
        (*env)->DeleteGlobalRef(env, self->log);
    if (self->clock != NULL)
        (*env)->DeleteGlobalRef(env, self->clock);
    free(self);
}

void callbacks_apply(jlong address, spatio_options *options)
{
    callbacks *self = POINTER(callbacks, address);
    if (self == NULL)
        return;
    if (self->log != NULL) {
        options->log = take_message;
        options->log_user = self;
    }
    if (self->clock != NULL) {
        options->clock = tell_time;
        options->clock_user = self;
    }
}
