/* The one exported function: registers the native methods of org.libspatio.Native. */
#include "spatio_jni.h"

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
    const method_table *const tables[] = {
        &library_methods, &database_methods, &namespace_methods, &object_methods, &batch_methods,
        &query_methods,   &history_methods,  &result_methods,    &shape_methods,
        &index_methods,   &hits_methods,     &stream_methods,   &figures_methods,
        &region_methods,
        &pack_methods,    &fences_methods,
    };
    JNIEnv *env = NULL;
    jclass natives;
    size_t table;
    (void)reserved;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_6) != JNI_OK)
        return JNI_ERR;
    natives = (*env)->FindClass(env, "org/libspatio/Native");
    if (natives == NULL)
        return JNI_ERR;
    for (table = 0; table < COUNT(tables); table++) {
        const method_table *t = tables[table];
        if ((*env)->RegisterNatives(env, natives, t->methods, (jint)t->count) != 0)
            return JNI_ERR;
    }
    if (!errors_load(env) || !callbacks_load(env, vm, natives))
        return JNI_ERR;
    (*env)->DeleteLocalRef(env, natives);
    return JNI_VERSION_1_6;
}
