/*
 * The shim between Java and include/spatio.h: what its files share.
 *
 * Every native method of org.libspatio.Native does one call of the C interface: it takes its
 * arguments out of Java's arrays, calls, puts the answers into arrays, or throws what went wrong.
 * Pointers travel as longs; that they are alive, and that arrays are long enough, is the business
 * of the Java side.
 */
#ifndef SPATIO_JNI_H
#define SPATIO_JNI_H

#include <jni.h>
#include <spatio.h>
#include <stddef.h>
#include <stdint.h>

#define POINTER(type, value) ((type *)(intptr_t)(value))
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* Native methods are registered by name, so nothing but JNI_OnLoad is exported. */
#define METHOD(name, signature) {#name, signature, (void *)jni_##name}

typedef struct method_table {
    const JNINativeMethod *methods;
    size_t count;
} method_table;

extern const method_table library_methods;
extern const method_table database_methods;
extern const method_table namespace_methods;
extern const method_table object_methods;
extern const method_table batch_methods;
extern const method_table query_methods;
extern const method_table history_methods;
extern const method_table result_methods;
extern const method_table shape_methods;
extern const method_table index_methods;
extern const method_table hits_methods;
extern const method_table stream_methods;
extern const method_table figures_methods;
extern const method_table region_methods;
extern const method_table pack_methods;
extern const method_table fences_methods;

/* Finds the Java classes and methods that the shim calls; 0 with a pending exception. */
int errors_load(JNIEnv *env);
int callbacks_load(JNIEnv *env, JavaVM *vm, jclass natives);

/* Throws a SpatioException with what `error` says. */
void throw_error(JNIEnv *env, spatio_status status, const spatio_error *error);
/* Throws an OutOfMemoryError. */
void throw_no_memory(JNIEnv *env, const char *what);
/* Throws if `status` is not SPATIO_OK; whether it is. */
int is_ok(JNIEnv *env, spatio_status status, const spatio_error *error);

/* Memory for the arguments of one call, given back all at once by scratch_free. */
#define SCRATCH_BLOCKS 12
typedef struct scratch {
    JNIEnv *env;
    int failed; /* an exception is pending: make no call */
    int blocks;
    void *block[SCRATCH_BLOCKS];
    size_t used;
    double near[96]; /* for what is small, such as an id */
} scratch;

void scratch_init(scratch *s, JNIEnv *env);
void scratch_free(scratch *s);
/* `bytes` of memory; NULL with an exception if there is none. */
void *scratch_take(scratch *s, size_t bytes);
/* Copies of the first `n` elements of a Java array; NULL for null. */
int64_t *copy_longs(scratch *s, jlongArray array, size_t n);
uint32_t *copy_ints(scratch *s, jintArray array, size_t n);
double *copy_doubles(scratch *s, jdoubleArray array, size_t n);
/* A copy of a whole byte array with a NUL behind it, and its length; NULL for null. */
char *copy_bytes(scratch *s, jbyteArray array, size_t *length);
/* Room for `n` elements, if the array that they go to is not null. */
void *room_for(scratch *s, jarray array, size_t n, size_t size);

/* Give the first `n` elements to a Java array, unless it is null. */
void give_longs(JNIEnv *env, jlongArray array, size_t n, const void *from);
void give_ints(JNIEnv *env, jintArray array, size_t n, const void *from);
void give_doubles(JNIEnv *env, jdoubleArray array, size_t n, const double *from);
void give_booleans(JNIEnv *env, jbooleanArray array, size_t n, const uint8_t *from);
jbyteArray new_bytes(JNIEnv *env, const void *from, size_t n);
/* Bytes into one place of an array of them; null stays there if there are none. */
void give_text(JNIEnv *env, jobjectArray texts, jsize at, const void *from, size_t n);
/* Whether an object is here; its numbers go to the array, or what went wrong is thrown. */
jboolean give_object(JNIEnv *env, spatio_status status, const spatio_error *error,
                     const spatio_object *object, jlongArray given);

/* The result that a call filled: its numbers go to `counts`, the pointer back to Java. One that
   the call made although it failed is freed here; one that Java gave stays Java's. */
jlong finish_result(JNIEnv *env, spatio_status status, const spatio_error *error, jlong given,
                    spatio_result *result, const spatio_columns *columns, jlongArray counts);

/* The same of the hits that a call filled. */
jlong finish_hits(JNIEnv *env, spatio_status status, const spatio_error *error, jlong given,
                  spatio_hits *hits, const spatio_hit_columns *columns, jlongArray counts);

/* How a pack or fences are written; what is not set keeps its default. */
void read_freeze_options(scratch *s, jint set, jintArray choices, spatio_freeze_options *options);

/* The callbacks of a database, made by callbacks_new. */
void callbacks_apply(jlong callbacks, spatio_options *options);
jlong JNICALL jni_callbacksNew(JNIEnv *env, jclass type, jobject log, jobject clock);
void JNICALL jni_callbacksFree(JNIEnv *env, jclass type, jlong callbacks);

#endif
