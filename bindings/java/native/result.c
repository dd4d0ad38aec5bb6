/* Taking a result apart: its numbers, its columns into arrays, its texts, or all as Arrow. */
#include "spatio_jni.h"

/* Bits that say which columns a result has; org.libspatio.Rows knows them too. */
enum {
    HAS_OFFSETS = 1,
    HAS_HANDLES = 2,
    HAS_PLACES = 4,
    HAS_TIMES = 8,
    HAS_DISTANCES = 16,
    HAS_IDS = 32,
    HAS_PAYLOADS = 64
};

static jlong present(const spatio_columns *c)
{
    return (c->offsets != NULL ? HAS_OFFSETS : 0) | (c->handles != NULL ? HAS_HANDLES : 0) |
           (c->x != NULL ? HAS_PLACES : 0) | (c->time_us != NULL ? HAS_TIMES : 0) |
           (c->distance != NULL ? HAS_DISTANCES : 0) | (c->id_offsets != NULL ? HAS_IDS : 0) |
           (c->payload_offsets != NULL ? HAS_PAYLOADS : 0);
}

jlong finish_result(JNIEnv *env, spatio_status status, const spatio_error *error, jlong given,
                    spatio_result *result, const spatio_columns *columns, jlongArray counts)
{
    jlong numbers[5];
    if (!is_ok(env, status, error)) {
        if (given == 0)
            spatio_result_free(result);
        return given;
    }
    numbers[0] = (jlong)columns->rows;
    numbers[1] = (jlong)columns->queries;
    numbers[2] = present(columns);
    numbers[3] = columns->id_offsets == NULL ? 0 : (jlong)columns->id_offsets[columns->rows];
    numbers[4] =
        columns->payload_offsets == NULL ? 0 : (jlong)columns->payload_offsets[columns->rows];
    give_longs(env, counts, COUNT(numbers), numbers);
    return (jlong)(intptr_t)result;
}

static int columns_of(JNIEnv *env, jlong result, spatio_columns *columns)
{
    spatio_error error = {0};
    spatio_status status;
    columns->struct_size = sizeof *columns;
    status = spatio_result_columns(POINTER(spatio_result, result), columns);
    return is_ok(env, status, &error);
}

/* The arrays have room for the rows that the result was said to have. */
static void JNICALL jni_copyColumns(JNIEnv *env, jclass type, jlong result, jlongArray offsets,
                                    jlongArray handles, jdoubleArray x, jdoubleArray y,
                                    jdoubleArray z, jlongArray time_us, jdoubleArray distance)
{
    spatio_columns c = {0};
    (void)type;
    if (!columns_of(env, result, &c))
        return;
    give_longs(env, offsets, (size_t)c.queries + 1, c.offsets);
    give_longs(env, handles, (size_t)c.rows, c.handles);
    give_doubles(env, x, (size_t)c.rows, c.x);
    give_doubles(env, y, (size_t)c.rows, c.y);
    give_doubles(env, z, (size_t)c.rows, c.z);
    give_longs(env, time_us, (size_t)c.rows, c.time_us);
    give_doubles(env, distance, (size_t)c.rows, c.distance);
}

static void give_bytes(JNIEnv *env, jbyteArray array, const uint64_t *offsets, uint64_t rows,
                       const void *bytes)
{
    if (array != NULL && offsets != NULL && offsets[rows] > 0 && !(*env)->ExceptionCheck(env))
        (*env)->SetByteArrayRegion(env, array, 0, (jsize)offsets[rows], bytes);
}

static void JNICALL jni_copyTexts(JNIEnv *env, jclass type, jlong result, jlongArray id_offsets,
                                  jbyteArray ids, jlongArray payload_offsets, jbyteArray payloads)
{
    spatio_columns c = {0};
    (void)type;
    if (!columns_of(env, result, &c))
        return;
    give_longs(env, id_offsets, (size_t)c.rows + 1, c.id_offsets);
    give_bytes(env, ids, c.id_offsets, c.rows, c.ids);
    give_longs(env, payload_offsets, (size_t)c.rows + 1, c.payload_offsets);
    give_bytes(env, payloads, c.payload_offsets, c.rows, c.payloads);
}

static void JNICALL jni_resultFree(JNIEnv *env, jclass type, jlong result)
{
    (void)env, (void)type;
    spatio_result_free(POINTER(spatio_result, result));
}

static void JNICALL jni_exportArrow(JNIEnv *env, jclass type, jlong result, jlong schema,
                                    jlong array)
{
    spatio_error error = {0};
    (void)type;
    is_ok(env,
          spatio_result_export_arrow(POINTER(spatio_result, result),
                                     POINTER(struct ArrowSchema, schema),
                                     POINTER(struct ArrowArray, array), &error),
          &error);
}

static const JNINativeMethod methods[] = {
    METHOD(copyColumns, "(J[J[J[D[D[D[J[D)V"),
    METHOD(copyTexts, "(J[J[B[J[B)V"),
    METHOD(resultFree, "(J)V"),
    METHOD(exportArrow, "(JJJ)V"),
};
const method_table result_methods = {methods, COUNT(methods)};
