/* The past: tracks of objects, and where they were at an instant. */
#include "support/fixture.h"
#include "topics.h"

#define STEPS 200

static spatio_columns no_columns(void)
{
    spatio_columns columns;
    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    return columns;
}

/* Two objects with history: at time 10 t, "a" is at x = t and "b" at y = -t, for t = 0 to 199. */
static fixture open_tracks(uint64_t handles[2])
{
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    int step;
    for (step = 0; step < STEPS; step++) {
        handles[0] = put(f.ns, "a", step, 0.0, 1.0, step * 10);
        handles[1] = put(f.ns, "b", 0.0, -step, 2.0, step * 10);
    }
    return f;
}

static void a_track_is_every_position_of_an_interval(void)
{
    uint64_t handles[2];
    fixture f = open_tracks(handles);
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    size_t row;
    MUST(spatio_trajectory(f.ns, 2, handles, 100, 200, SPATIO_OLDEST_FIRST, SPATIO_NO_LIMIT, NULL,
                           &result, &columns, ERR));
    EQ_U64(columns.queries, 2);
    EQ_U64(columns.rows, 22);
    EQ_U64(columns.offsets[1], 11);
    for (row = 0; row < 11; row++) {
        EQ_I64(columns.time_us[row], 100 + 10 * (int64_t)row);
        EQ_F64(columns.x[row], 10.0 + (double)row);
        EQ_F64(columns.z[row], 1.0);
        EQ_U64(columns.handles[row], handles[0]);
        EQ_F64(columns.y[11 + row], -10.0 - (double)row);
        EQ_U64(columns.handles[11 + row], handles[1]);
    }
    spatio_result_free(result);
    fixture_close(&f);
}

static void the_limit_is_for_each_object_and_follows_the_order(void)
{
    uint64_t handles[2];
    fixture f = open_tracks(handles);
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    MUST(spatio_trajectory(f.ns, 2, handles, INT64_MIN, INT64_MAX, SPATIO_NEWEST_FIRST, 3, NULL,
                           &result, &columns, ERR));
    EQ_U64(columns.rows, 6);
    EQ_I64(columns.time_us[0], 1990);
    EQ_I64(columns.time_us[2], 1970);
    EQ_I64(columns.time_us[3], 1990);
    MUST(spatio_trajectory(f.ns, 2, handles, INT64_MIN, INT64_MAX, SPATIO_OLDEST_FIRST, 3, NULL,
                           &result, &columns, ERR));
    EQ_I64(columns.time_us[0], 0);
    EQ_I64(columns.time_us[2], 20);
    MUST(spatio_trajectory(f.ns, 1, handles, 5, 9, SPATIO_OLDEST_FIRST, 3, NULL, &result,
                           &columns, ERR));
    EQ_U64(columns.rows, 0);
    spatio_result_free(result);
    fixture_close(&f);
}

static void late_updates_are_part_of_the_track(void)
{
    uint64_t handles[2], inserted = 0;
    const int64_t times[2] = {15, 25};
    const double x[2] = {1.5, 2.5}, y[2] = {7.0, 8.0};
    fixture f = open_tracks(handles);
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    spatio_object object;
    OK(spatio_insert_trajectory(f.ns, "a", 1, 2, times, x, y, NULL, &inserted, ERR));
    EQ_U64(inserted, 2);
    MUST(spatio_trajectory(f.ns, 1, handles, 10, 30, SPATIO_OLDEST_FIRST, 9, NULL, &result,
                           &columns, ERR));
    EQ_U64(columns.rows, 5);
    EQ_I64(columns.time_us[1], 15);
    EQ_F64(columns.y[1], 7.0);
    EQ_F64(columns.z[1], 0.0);
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get(f.ns, "a", 1, &object, ERR));
    EQ_I64(object.time_us, 1990);
    spatio_result_free(result);
    fixture_close(&f);
}

static void a_bulk_of_the_past_makes_an_object(void)
{
    fixture f = fixture_open_with(SPATIO_GEOGRAPHIC, SPATIO_HISTORY_ON, 0, NULL);
    const int64_t times[3] = {30, 10, 20};
    const double x[3] = {3.0, 1.0, 2.0}, y[3] = {0.0, 0.0, 0.0}, bad[3] = {0.0, 0.0, 91.0};
    spatio_object object;
    OK(spatio_insert_trajectory(f.ns, "new", 3, 3, times, x, y, NULL, NULL, ERR));
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get(f.ns, "new", 3, &object, ERR));
    EQ_I64(object.time_us, 30);
    EQ_F64(object.x, 3.0);
    FAILS(SPATIO_OUT_OF_RANGE,
          spatio_insert_trajectory(f.ns, "other", 5, 3, times, x, bad, NULL, NULL, ERR));
    ROW(2);
    FAILS(SPATIO_NOT_FOUND, spatio_get(f.ns, "other", 5, &object, ERR));
    fixture_close(&f);
}

static void positions_between_are_interpolated(void)
{
    uint64_t handles[3];
    double x[3], y[3], z[3];
    uint8_t found[3];
    fixture f = open_tracks(handles);
    OK(spatio_intern(f.ns, "named only", 10, &handles[2], ERR));
    MUST(spatio_positions_at(f.ns, 3, handles, 105, SPATIO_INTERPOLATE_LINEAR, x, y, z, found,
                             ERR));
    EQ_U64(found[0], 1);
    NEAR_F64(x[0], 10.5, 1e-12);
    NEAR_F64(y[1], -10.5, 1e-12);
    EQ_F64(z[1], 2.0);
    EQ_U64(found[2], 0);
    MUST(spatio_positions_at(f.ns, 2, handles, 105, SPATIO_INTERPOLATE_LAST, x, y, z, found, ERR));
    EQ_F64(x[0], 10.0);
    EQ_F64(y[1], -10.0);
    MUST(spatio_positions_at(f.ns, 2, handles, -1, SPATIO_INTERPOLATE_LINEAR, x, y, z, found,
                             ERR));
    EQ_U64(found[0], 0);
    EQ_U64(found[1], 0);
    MUST(spatio_positions_at(f.ns, 2, handles, INT64_MAX, SPATIO_INTERPOLATE_LINEAR, x, y, z,
                             found, ERR));
    EQ_U64(found[0], 1);
    EQ_F64(x[0], 199.0);
    MUST(spatio_positions_at(f.ns, 2, handles, 50, SPATIO_INTERPOLATE_LAST, x, y, NULL, NULL,
                             ERR));
    EQ_F64(y[1], -5.0);
    fixture_close(&f);
}

static void the_way_over_the_antimeridian_is_the_short_one(void)
{
    fixture f = fixture_open_with(SPATIO_GEOGRAPHIC, SPATIO_HISTORY_ON, 0, NULL);
    const uint64_t handle = put(f.ns, "ship", 179.0, 0.0, 0.0, 0);
    double x = 0.0, y = 0.0;
    put(f.ns, "ship", -179.0, 0.0, 0.0, 100);
    MUST(spatio_positions_at(f.ns, 1, &handle, 25, SPATIO_INTERPOLATE_LINEAR, &x, &y, NULL, NULL,
                             ERR));
    NEAR_F64(x, 179.5, 1e-9);
    MUST(spatio_positions_at(f.ns, 1, &handle, 75, SPATIO_INTERPOLATE_LINEAR, &x, &y, NULL, NULL,
                             ERR));
    NEAR_F64(x, -179.5, 1e-9);
    fixture_close(&f);
}

static void a_namespace_without_history_says_so(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const uint64_t handle = put(f.ns, "a", 0.0, 0.0, 0.0, 1);
    const int64_t time_us = 1;
    const double x = 1.0;
    double out = 0.0;
    spatio_result *result = NULL;
    FAILS(SPATIO_UNSUPPORTED, spatio_trajectory(f.ns, 1, &handle, 0, 9, SPATIO_OLDEST_FIRST, 9,
                                                NULL, &result, NULL, ERR));
    SAYS("history");
    FAILS(SPATIO_UNSUPPORTED, spatio_positions_at(f.ns, 1, &handle, 0, SPATIO_INTERPOLATE_LAST,
                                                  &out, &out, NULL, NULL, ERR));
    FAILS(SPATIO_UNSUPPORTED,
          spatio_insert_trajectory(f.ns, "a", 1, 1, &time_us, &x, &x, NULL, NULL, ERR));
    spatio_result_free(result);
    fixture_close(&f);
}

static void foolish_questions_about_the_past_are_refused(void)
{
    uint64_t handles[2];
    fixture f = open_tracks(handles);
    double out = 0.0;
    spatio_result *result = NULL;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_trajectory(f.ns, 1, handles, 9, 8, SPATIO_OLDEST_FIRST,
                                                     9, NULL, &result, NULL, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_trajectory(f.ns, 1, handles, 0, 8, 2, 9, NULL, &result,
                                                     NULL, ERR));
    SAYS("order");
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_positions_at(f.ns, 1, handles, 0, 2, &out, &out, NULL,
                                                       NULL, ERR));
    SAYS("interpolation");
    handles[1] = UINT64_MAX;
    FAILS(SPATIO_NOT_FOUND, spatio_trajectory(f.ns, 2, handles, 0, 8, SPATIO_OLDEST_FIRST, 9, NULL,
                                              &result, NULL, ERR));
    ROW(1);
    spatio_result_free(result);
    fixture_close(&f);
}

void topic_past(void)
{
    RUN(a_track_is_every_position_of_an_interval);
    RUN(the_limit_is_for_each_object_and_follows_the_order);
    RUN(late_updates_are_part_of_the_track);
    RUN(a_bulk_of_the_past_makes_an_object);
    RUN(positions_between_are_interpolated);
    RUN(the_way_over_the_antimeridian_is_the_short_one);
    RUN(a_namespace_without_history_says_so);
    RUN(foolish_questions_about_the_past_are_refused);
}
