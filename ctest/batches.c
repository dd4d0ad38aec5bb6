/* Many objects in one call: columns in, columns out. */
#include "support/oracle.h"
#include "topics.h"

#define COUNT 1000

static const place LOW = {-100.0, -50.0, -10.0};
static const place HIGH = {100.0, 50.0, 10.0};

/* Compares every object with the columns of `cloud`, by one call. */
static void compare_all(const spatio_namespace *ns, const cloud *cloud)
{
    double x[COUNT], y[COUNT], z[COUNT];
    int64_t time_us[COUNT];
    uint8_t found[COUNT];
    size_t row;
    MUST(spatio_get_batch(ns, cloud->count, cloud->handles, x, y, z, time_us, found, ERR));
    for (row = 0; row < cloud->count; row++) {
        EQ_U64(found[row], 1);
        EQ_F64(x[row], cloud->x[row]);
        EQ_F64(y[row], cloud->y[row]);
        EQ_F64(z[row], cloud->z[row]);
        EQ_I64(time_us[row], cloud->time_us[row]);
    }
}

static void a_batch_writes_what_single_calls_write(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", COUNT, LOW, HIGH, 1);
    uint64_t objects = 0;
    size_t row;
    OK(spatio_count(f.ns, &objects, ERR));
    EQ_U64(objects, COUNT);
    compare_all(f.ns, &cloud);
    for (row = 0; row < COUNT; row += 97) {
        const uint64_t start = cloud.ids.offsets[row];
        spatio_object object;
        object.struct_size = (uint32_t)sizeof object;
        OK(spatio_get(f.ns, cloud.ids.bytes + start, (size_t)(cloud.ids.offsets[row + 1] - start),
                      &object, ERR));
        EQ_U64(object.handle, cloud.handles[row]);
        EQ_F64(object.x, cloud.x[row]);
        EQ_F64(object.y, cloud.y[row]);
    }
    cloud_free(&cloud);
    fixture_close(&f);
}

static void moves_change_every_column(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", COUNT, LOW, HIGH, 2);
    prng prng = {3};
    uint64_t applied = 0, late = 9;
    size_t row;
    for (row = 0; row < COUNT; row++) {
        cloud.x[row] = prng_between(&prng, -1e6, 1e6);
        cloud.y[row] = prng_between(&prng, -1e6, 1e6);
        cloud.z[row] = prng_between(&prng, -1e6, 1e6);
        cloud.time_us[row] += 1000;
    }
    OK(spatio_move_batch(f.ns, COUNT, cloud.handles, cloud.x, cloud.y, cloud.z, cloud.time_us,
                         &applied, &late, ERR));
    EQ_U64(applied, COUNT);
    EQ_U64(late, 0);
    compare_all(f.ns, &cloud);
    cloud_free(&cloud);
    fixture_close(&f);
}

static int64_t fixed_clock(void *user)
{
    (void)user;
    return INT64_C(5000000);
}

static void absent_columns_have_their_meaning(void)
{
    spatio_options options;
    fixture f;
    cloud cloud;
    size_t row;
    spatio_options_init(&options, sizeof options);
    options.clock = fixed_clock;
    f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_OFF, 0, &options);
    cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", 10, LOW, HIGH, 4);
    /* Without z it is 0, without times it is now. */
    OK(spatio_move_batch(f.ns, 10, cloud.handles, cloud.x, cloud.y, NULL, NULL, NULL, NULL, ERR));
    for (row = 0; row < 10; row++) {
        cloud.z[row] = 0.0;
        cloud.time_us[row] = INT64_C(5000000);
    }
    compare_all(f.ns, &cloud);
    OK(spatio_upsert_batch(f.ns, 10, cloud.ids.offsets, cloud.ids.bytes, cloud.y, cloud.x, NULL,
                           NULL, NULL, NULL, NULL, NULL, NULL, NULL, ERR));
    for (row = 0; row < 10; row++) {
        const double x = cloud.x[row];
        cloud.x[row] = cloud.y[row];
        cloud.y[row] = x;
    }
    compare_all(f.ns, &cloud);
    cloud_free(&cloud);
    fixture_close(&f);
}

static void late_rows_are_counted_apart(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint64_t handles[3], applied = 0, late = 0;
    const double x[4] = {10.0, 20.0, 30.0, 40.0};
    const int64_t times[4] = {4, 6, 5, 7};
    double seen[3];
    handles[0] = put(f.ns, "a", 1.0, 1.0, 0.0, 5);
    handles[1] = put(f.ns, "b", 2.0, 2.0, 0.0, 5);
    handles[2] = put(f.ns, "c", 3.0, 3.0, 0.0, 5);
    OK(spatio_move_batch(f.ns, 3, handles, x, x, NULL, times, &applied, &late, ERR));
    EQ_U64(applied, 2);
    EQ_U64(late, 1);
    OK(spatio_get_batch(f.ns, 3, handles, seen, NULL, NULL, NULL, NULL, ERR));
    EQ_F64(seen[0], 1.0);
    EQ_F64(seen[1], 20.0);
    EQ_F64(seen[2], 30.0);
    fixture_close(&f);
}

static void an_object_twice_in_a_batch_takes_effect_in_order(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint64_t handles[3], applied = 0;
    const double x[3] = {10.0, 20.0, 30.0};
    const int64_t times[3] = {5, 5, 5};
    double seen;
    handles[0] = handles[1] = handles[2] = put(f.ns, "a", 1.0, 1.0, 0.0, 5);
    OK(spatio_move_batch(f.ns, 3, handles, x, x, NULL, times, &applied, NULL, ERR));
    EQ_U64(applied, 3);
    OK(spatio_get_batch(f.ns, 1, handles, &seen, NULL, NULL, NULL, NULL, ERR));
    EQ_F64(seen, 30.0);
    fixture_close(&f);
}

static void a_batch_with_a_bad_row_writes_none(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    cloud cloud = cloud_fill(f.ns, SPATIO_GEOGRAPHIC, "o", 100, LOW, HIGH, 5);
    double x[100];
    uint64_t handles[100], applied = 9;
    memcpy(x, cloud.x, sizeof x);
    memcpy(handles, cloud.handles, sizeof handles);
    x[0] += 0.5;
    x[61] = 180.5;
    FAILS(SPATIO_OUT_OF_RANGE, spatio_move_batch(f.ns, 100, handles, x, cloud.y, NULL, NULL,
                                                 &applied, NULL, ERR));
    ROW(61);
    SAYS("180.5");
    x[61] = 0.0;
    handles[77] = UINT64_MAX;
    FAILS(SPATIO_NOT_FOUND, spatio_move_batch(f.ns, 100, handles, x, cloud.y, NULL, NULL, &applied,
                                              NULL, ERR));
    ROW(77);
    compare_all(f.ns, &cloud);
    cloud_free(&cloud);
    fixture_close(&f);
}

static void deletes_are_counted(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", 10, LOW, HIGH, 6);
    uint64_t deleted = 0, objects = 0;
    uint8_t found[10];
    double x[10];
    size_t row;
    OK(spatio_delete_batch(f.ns, 4, cloud.handles, &deleted, ERR));
    EQ_U64(deleted, 4);
    OK(spatio_delete_batch(f.ns, 6, cloud.handles, &deleted, ERR));
    EQ_U64(deleted, 2);
    OK(spatio_delete_batch(f.ns, 1, cloud.handles, NULL, ERR));
    OK(spatio_count(f.ns, &objects, ERR));
    EQ_U64(objects, 4);
    OK(spatio_get_batch(f.ns, 10, cloud.handles, x, NULL, NULL, NULL, found, ERR));
    for (row = 0; row < 10; row++) {
        EQ_U64(found[row], row >= 6);
        EQ_F64(x[row], row >= 6 ? cloud.x[row] : 0.0);
    }
    cloud_free(&cloud);
    fixture_close(&f);
}

static void an_empty_batch_is_fine_and_does_nothing(void)
{
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    spatio_result *result = NULL;
    spatio_columns columns;
    uint64_t a = 9, b = 9;
    columns.struct_size = (uint32_t)sizeof columns;
    put(f.ns, "a", 1.0, 1.0, 0.0, 5);
    OK(spatio_intern_batch(f.ns, 0, NULL, NULL, NULL, ERR));
    OK(spatio_move_batch(f.ns, 0, NULL, NULL, NULL, NULL, NULL, &a, &b, ERR));
    EQ_U64(a, 0);
    EQ_U64(b, 0);
    a = b = 9;
    OK(spatio_upsert_batch(f.ns, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &a,
                           &b, ERR));
    EQ_U64(a, 0);
    EQ_U64(b, 0);
    a = 9;
    OK(spatio_delete_batch(f.ns, 0, NULL, &a, ERR));
    EQ_U64(a, 0);
    a = 9;
    OK(spatio_insert_trajectory(f.ns, "b", 1, 0, NULL, NULL, NULL, NULL, &a, ERR));
    EQ_U64(a, 0);
    OK(spatio_get_batch(f.ns, 0, NULL, NULL, NULL, NULL, NULL, NULL, ERR));
    OK(spatio_positions_at(f.ns, 0, NULL, 0, SPATIO_INTERPOLATE_LAST, NULL, NULL, NULL, NULL, ERR));
    OK(spatio_distance_between(f.ns, 0, NULL, NULL, SPATIO_METRIC_EUCLIDEAN, NULL, ERR));
    OK(spatio_distance_to(f.ns, 0, NULL, 0.0, 0.0, 0.0, SPATIO_METRIC_EUCLIDEAN, NULL, ERR));
    OK(spatio_ids(f.ns, 0, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 0);
    OK(spatio_query_run(f.ns, NULL, 0, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 0);
    EQ_U64(columns.queries, 0);
    OK(spatio_trajectory(f.ns, 0, NULL, 0, 1, SPATIO_OLDEST_FIRST, 9, NULL, &result, &columns,
                         ERR));
    EQ_U64(columns.rows, 0);
    spatio_result_free(result);
    OK(spatio_count(f.ns, &a, ERR));
    EQ_U64(a, 1);
    fixture_close(&f);
}

void topic_batches(void)
{
    RUN(a_batch_writes_what_single_calls_write);
    RUN(moves_change_every_column);
    RUN(absent_columns_have_their_meaning);
    RUN(late_rows_are_counted_apart);
    RUN(an_object_twice_in_a_batch_takes_effect_in_order);
    RUN(a_batch_with_a_bad_row_writes_none);
    RUN(deletes_are_counted);
    RUN(an_empty_batch_is_fine_and_does_nothing);
}
