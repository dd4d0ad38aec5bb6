/*
 * The work of bindings/go/bench/crossing.c for org.libspatio.bench.C: crossing into it costs once
 * for many times.
 */
#include "crossing.h"

#include <jni.h>

#define C_WORLD(value) ((c_world *)(intptr_t)(value))

JNIEXPORT jlong JNICALL Java_org_libspatio_bench_C_make(JNIEnv *env, jclass type)
{
    (void)env;
    (void)type;
    return (jlong)(intptr_t)c_world_new();
}

JNIEXPORT void JNICALL Java_org_libspatio_bench_C_free(JNIEnv *env, jclass type, jlong world)
{
    (void)env;
    (void)type;
    c_world_free(C_WORLD(world));
}

JNIEXPORT jdouble JNICALL Java_org_libspatio_bench_C_cpuNs(JNIEnv *env, jclass type)
{
    (void)env;
    (void)type;
    return c_cpu_ns();
}

#define WORK(java, c)                                                                              \
    JNIEXPORT jint JNICALL Java_org_libspatio_bench_C_##java(JNIEnv *env, jclass type,             \
                                                             jlong world, jint times)              \
    {                                                                                              \
        (void)env;                                                                                 \
        (void)type;                                                                                \
        return (jint)c(C_WORLD(world), (size_t)times);                                             \
    }

WORK(get, c_get)
WORK(move, c_move)
WORK(moveBatch, c_move_batch)
WORK(box, c_box)
