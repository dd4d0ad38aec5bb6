/* Opening and closing databases, and what is asked of them as a whole. */
#include "spatio_jni.h"

/* The order of the values that org.libspatio.Options hands over, each with a bit of `set`. */
enum { SYNC, PERIOD, BUFFER, SEGMENT, RECOVERY, READ_ONLY, NO_BACKGROUND, OPTIONS };

static void apply_options(spatio_options *options, jint set, const int64_t *values)
{
    if (set & (1 << SYNC))
        options->sync_policy = (uint32_t)values[SYNC];
    if (set & (1 << PERIOD))
        options->sync_period_us = values[PERIOD];
    if (set & (1 << BUFFER))
        options->buffer_records = (uint64_t)values[BUFFER];
    if (set & (1 << SEGMENT))
        options->segment_bytes = (uint64_t)values[SEGMENT];
    if (set & (1 << RECOVERY))
        options->recovery = (uint32_t)values[RECOVERY];
    if (set & (1 << READ_ONLY))
        options->read_only = (uint8_t)values[READ_ONLY];
    if (set & (1 << NO_BACKGROUND))
        options->no_background = (uint8_t)values[NO_BACKGROUND];
}

static jlong JNICALL jni_open(JNIEnv *env, jclass type, jbyteArray path, jint set,
                              jlongArray values, jlong callbacks)
{
    spatio_error error = {0};
    spatio_options options;
    spatio_db *db = NULL;
    scratch s;
    char *at;
    int64_t *numbers;
    (void)type;
    scratch_init(&s, env);
    at = copy_bytes(&s, path, NULL);
    numbers = copy_longs(&s, values, OPTIONS);
    if (!s.failed) {
        spatio_options_init(&options, sizeof options);
        apply_options(&options, set, numbers);
        callbacks_apply(callbacks, &options);
        is_ok(env, spatio_open(at, &options, &db, &error), &error);
    }
    scratch_free(&s);
    return (jlong)(intptr_t)db;
}

static void JNICALL jni_close(JNIEnv *env, jclass type, jlong db)
{
    spatio_error error = {0};
    (void)type;
    is_ok(env, spatio_close(POINTER(spatio_db, db), &error), &error);
}

static void JNICALL jni_flush(JNIEnv *env, jclass type, jlong db)
{
    spatio_error error = {0};
    (void)type;
    is_ok(env, spatio_flush(POINTER(spatio_db, db), &error), &error);
}

static void JNICALL jni_sync(JNIEnv *env, jclass type, jlong db)
{
    spatio_error error = {0};
    (void)type;
    is_ok(env, spatio_sync(POINTER(spatio_db, db), &error), &error);
}

static void JNICALL jni_checkpoint(JNIEnv *env, jclass type, jlong db)
{
    spatio_error error = {0};
    (void)type;
    is_ok(env, spatio_checkpoint(POINTER(spatio_db, db), &error), &error);
}

static jlong JNICALL jni_sweep(JNIEnv *env, jclass type, jlong db)
{
    spatio_error error = {0};
    uint64_t removed = 0;
    (void)type;
    is_ok(env, spatio_sweep(POINTER(spatio_db, db), &removed, &error), &error);
    return (jlong)removed;
}

static void JNICALL jni_stats(JNIEnv *env, jclass type, jlong db, jlongArray numbers)
{
    spatio_error error = {0};
    spatio_stats stats = {0};
    (void)type;
    stats.struct_size = sizeof stats;
    if (is_ok(env, spatio_get_stats(POINTER(spatio_db, db), &stats, &error), &error)) {
        const uint64_t found[] = {
            stats.namespaces,   stats.objects,  stats.handles, stats.leaves,
            stats.memory_bytes, stats.disk_bytes, stats.segments, stats.records,
            stats.last_seq,     stats.durable_seq, stats.buffered_records,
        };
        give_longs(env, numbers, COUNT(found), found);
    }
}

static void JNICALL jni_recovery(JNIEnv *env, jclass type, jlong db, jlongArray numbers)
{
    spatio_error error = {0};
    spatio_recovery recovery = {0};
    (void)type;
    recovery.struct_size = sizeof recovery;
    if (is_ok(env, spatio_get_recovery(POINTER(spatio_db, db), &recovery, &error), &error)) {
        const uint64_t found[] = {
            recovery.has_checkpoint, recovery.segments,       recovery.records_kept,
            recovery.bytes_dropped,  recovery.checkpoint_seq, recovery.first_bad_offset,
        };
        give_longs(env, numbers, COUNT(found), found);
    }
}

static jbyteArray JNICALL jni_recoveryText(JNIEnv *env, jclass type, jlong db)
{
    spatio_error error = {0};
    const spatio_db *handle = POINTER(const spatio_db, db);
    size_t length = 0;
    jbyteArray answer = NULL;
    scratch s;
    (void)type;
    scratch_init(&s, env);
    if (is_ok(env, spatio_recovery_text(handle, NULL, 0, &length, &error), &error)) {
        /* What opening found does not change, and so its length does not either. */
        char *text = scratch_take(&s, length + 1);
        if (text != NULL &&
            is_ok(env, spatio_recovery_text(handle, text, length + 1, &length, &error), &error))
            answer = new_bytes(env, text, length);
    }
    scratch_free(&s);
    return answer;
}

static jlong JNICALL jni_namespaces(JNIEnv *env, jclass type, jlong db, jlong given,
                                    jlongArray counts)
{
    spatio_error error = {0};
    spatio_result *result = POINTER(spatio_result, given);
    spatio_columns columns = {0};
    spatio_status status;
    (void)type;
    columns.struct_size = sizeof columns;
    status = spatio_namespaces(POINTER(spatio_db, db), &result, &columns, &error);
    return finish_result(env, status, &error, given, result, &columns, counts);
}

static const JNINativeMethod methods[] = {
    METHOD(callbacksNew, "(Lorg/libspatio/LogListener;Lorg/libspatio/Clock;)J"),
    METHOD(callbacksFree, "(J)V"),
    METHOD(open, "([BI[JJ)J"),
    METHOD(close, "(J)V"),
    METHOD(flush, "(J)V"),
    METHOD(sync, "(J)V"),
    METHOD(checkpoint, "(J)V"),
    METHOD(sweep, "(J)J"),
    METHOD(stats, "(J[J)V"),
    METHOD(recovery, "(J[J)V"),
    METHOD(recoveryText, "(J)[B"),
    METHOD(namespaces, "(JJ[J)J"),
};
const method_table database_methods = {methods, COUNT(methods)};
