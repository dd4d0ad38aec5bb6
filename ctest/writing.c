/* One object at a time: written, moved, read, deleted, and late. */
#include "support/fixture.h"
#include "topics.h"

static spatio_status upsert(const spatio_namespace *ns, const char *id, double x, double y,
                            int64_t time_us, uint32_t *outcome)
{
    return spatio_upsert(ns, id, strlen(id), x, y, 0.0, time_us, NULL, 0, 0, NULL,
                         outcome, ERR);
}

static void what_was_written_is_read(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    const double x = 13.404954123456789, y = 52.520006598765432, z = -12.3456789;
    const uint64_t handle = put(f.ns, "bus:7", x, y, z, 1700000000123456);
    spatio_object object;
    memset(&object, 0xa5, sizeof object);
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get(f.ns, "bus:7", 5, &object, ERR));
    EQ_U64(object.struct_size, sizeof object);
    EQ_U64(object.handle, handle);
    EQ_F64(object.x, x);
    EQ_F64(object.y, y);
    EQ_F64(object.z, z);
    EQ_I64(object.time_us, 1700000000123456);
    EQ_I64(object.expires_us, INT64_MAX);
    EQ_U64(object.payload_length, 0);
    memset(&object, 0xa5, sizeof object);
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get_by_handle(f.ns, handle, &object, ERR));
    EQ_F64(object.x, x);
    EQ_U64(object.handle, handle);
    fixture_close(&f);
}

static void the_outcome_says_what_an_update_did(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint32_t outcome = 99;
    uint64_t handle = 0;
    spatio_object object;
    OK(upsert(f.ns, "a", 1.0, 1.0, 100, &outcome));
    EQ_U64(outcome, SPATIO_OUTCOME_CREATED);
    OK(upsert(f.ns, "a", 2.0, 2.0, 100, &outcome));
    EQ_U64(outcome, SPATIO_OUTCOME_MOVED);
    OK(upsert(f.ns, "a", 3.0, 3.0, 99, &outcome));
    EQ_U64(outcome, SPATIO_OUTCOME_LATE);
    OK(spatio_find_handle(f.ns, "a", 1, &handle, ERR));
    OK(spatio_move(f.ns, handle, 4.0, 4.0, 0.5, 98, &outcome, ERR));
    EQ_U64(outcome, SPATIO_OUTCOME_LATE);
    OK(spatio_move(f.ns, handle, 5.0, 5.0, 0.5, 101, &outcome, ERR));
    EQ_U64(outcome, SPATIO_OUTCOME_MOVED);
    OK(spatio_move(f.ns, handle, 6.0, 6.0, 0.25, 102, NULL, ERR));
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get_by_handle(f.ns, handle, &object, ERR));
    EQ_F64(object.x, 6.0);
    EQ_F64(object.z, 0.25);
    EQ_I64(object.time_us, 102);
    fixture_close(&f);
}

static void a_move_creates_what_has_a_name_only(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint32_t outcome = 99;
    uint64_t handle = 0;
    OK(spatio_intern(f.ns, "a", 1, &handle, ERR));
    OK(spatio_move(f.ns, handle, 1.0, 2.0, 3.0, 1, &outcome, ERR));
    EQ_U64(outcome, SPATIO_OUTCOME_CREATED);
    FAILS(SPATIO_NOT_FOUND, spatio_move(f.ns, handle + 1, 1.0, 2.0, 3.0, 1, &outcome, ERR));
    fixture_close(&f);
}

static int64_t stopped_clock(void *user)
{
    return *(const int64_t *)user;
}

static void the_smallest_time_means_now(void)
{
    int64_t now_us = 123456789;
    spatio_options options;
    spatio_object object;
    fixture f;
    uint64_t handle;
    spatio_options_init(&options, sizeof options);
    options.clock = stopped_clock;
    options.clock_user = &now_us;
    f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_OFF, 0, &options);
    handle = put(f.ns, "a", 1.0, 2.0, 3.0, INT64_MIN);
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get(f.ns, "a", 1, &object, ERR));
    EQ_I64(object.time_us, 123456789);
    now_us++;
    OK(spatio_move(f.ns, handle, 1.0, 2.0, 3.0, INT64_MIN, NULL, ERR));
    OK(spatio_get(f.ns, "a", 1, &object, ERR));
    EQ_I64(object.time_us, 123456790);
    fixture_close(&f);
}

static void the_clock_of_the_system_is_the_default(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_object object;
    put(f.ns, "a", 1.0, 2.0, 3.0, INT64_MIN);
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get(f.ns, "a", 1, &object, ERR));
    /* After this was written and before the year 2200. */
    CHECK(object.time_us > INT64_C(1750000000000000));
    CHECK(object.time_us < INT64_C(7258118400000000));
    fixture_close(&f);
}

static void a_deleted_object_is_gone_and_comes_back_newer_only(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint8_t deleted = 9;
    uint32_t outcome = 99;
    uint64_t objects = 9;
    spatio_object object;
    put(f.ns, "a", 1.0, 2.0, 3.0, 10);
    OK(spatio_delete(f.ns, "a", 1, &deleted, ERR));
    EQ_U64(deleted, 1);
    OK(spatio_delete(f.ns, "a", 1, &deleted, ERR));
    EQ_U64(deleted, 0);
    OK(spatio_delete(f.ns, "never", 5, &deleted, ERR));
    EQ_U64(deleted, 0);
    OK(spatio_delete(f.ns, "never", 5, NULL, ERR));
    object.struct_size = (uint32_t)sizeof object;
    FAILS(SPATIO_NOT_FOUND, spatio_get(f.ns, "a", 1, &object, ERR));
    OK(spatio_count(f.ns, &objects, ERR));
    EQ_U64(objects, 0);
    OK(upsert(f.ns, "a", 5.0, 5.0, 10, &outcome));
    EQ_U64(outcome, SPATIO_OUTCOME_LATE);
    OK(upsert(f.ns, "a", 6.0, 6.0, 11, &outcome));
    EQ_U64(outcome, SPATIO_OUTCOME_CREATED);
    fixture_close(&f);
}

static void a_missing_object_is_not_found(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_object object;
    object.struct_size = (uint32_t)sizeof object;
    FAILS(SPATIO_NOT_FOUND, spatio_get(f.ns, "ghost", 5, &object, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_get_by_handle(f.ns, 1, &object, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_get(f.ns, "", 0, &object, ERR));
    fixture_close(&f);
}

void topic_writing(void)
{
    RUN(what_was_written_is_read);
    RUN(the_outcome_says_what_an_update_did);
    RUN(a_move_creates_what_has_a_name_only);
    RUN(the_smallest_time_means_now);
    RUN(the_clock_of_the_system_is_the_default);
    RUN(a_deleted_object_is_gone_and_comes_back_newer_only);
    RUN(a_missing_object_is_not_found);
}
