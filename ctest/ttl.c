/* Time to live, on a clock that the test turns by hand. */
#include "support/fixture.h"
#include "topics.h"

typedef struct hand_clock {
    int64_t now_us;
    unsigned long reads;
} hand_clock;

static int64_t read_clock(void *user)
{
    hand_clock *clock = (hand_clock *)user;
    clock->reads++;
    return clock->now_us;
}

static fixture open_with_clock(hand_clock *clock, int64_t ttl_us)
{
    spatio_options options;
    spatio_options_init(&options, sizeof options);
    options.clock = read_clock;
    options.clock_user = clock;
    return fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_OFF, ttl_us, &options);
}

static int is_here(const spatio_namespace *ns, const char *id)
{
    spatio_object object;
    spatio_status status;
    object.struct_size = (uint32_t)sizeof object;
    status = spatio_get(ns, id, strlen(id), &object, NULL);
    CHECK(status == SPATIO_OK || status == SPATIO_NOT_FOUND);
    return status == SPATIO_OK;
}

static void an_expired_object_is_absent_from_every_read(void)
{
    hand_clock clock = {100 * SECOND_US, 0};
    fixture f = open_with_clock(&clock, 10 * SECOND_US);
    const uint64_t handle = put(f.ns, "a", 1.0, 2.0, 0.0, 1);
    spatio_result *result = NULL;
    spatio_columns columns;
    spatio_object object;
    uint64_t objects = 9, removed = 9;
    uint8_t found = 9;
    double distance = 0.0;
    columns.struct_size = (uint32_t)sizeof columns;
    object.struct_size = (uint32_t)sizeof object;
    clock.now_us += 10 * SECOND_US - 1;
    OK(spatio_get(f.ns, "a", 1, &object, ERR));
    EQ_I64(object.expires_us, 110 * SECOND_US);
    clock.now_us += 1;
    CHECK(!is_here(f.ns, "a"));
    OK(spatio_count(f.ns, &objects, ERR));
    EQ_U64(objects, 0);
    OK(spatio_query_radius(f.ns, 1.0, 2.0, 0.0, 5.0, SPATIO_NO_LIMIT, &result, &columns, ERR));
    EQ_U64(columns.rows, 0);
    OK(spatio_get_batch(f.ns, 1, &handle, NULL, NULL, NULL, NULL, &found, ERR));
    EQ_U64(found, 0);
    OK(spatio_distance_to(f.ns, 1, &handle, 0.0, 0.0, 0.0, SPATIO_METRIC_EUCLIDEAN, &distance,
                          ERR));
    CHECK(isnan(distance));
    OK(spatio_sweep(f.db, &removed, ERR));
    EQ_U64(removed, 1);
    OK(spatio_sweep(f.db, &removed, ERR));
    EQ_U64(removed, 0);
    CHECK(clock.reads > 0);
    spatio_result_free(result);
    fixture_close(&f);
}

static void an_update_may_say_for_itself_how_long(void)
{
    hand_clock clock = {0, 0};
    fixture f = open_with_clock(&clock, 10 * SECOND_US);
    const int64_t ttl_us[2] = {2 * SECOND_US, 0};
    const int64_t bad[2] = {1, -1};
    const double x[2] = {1.0, 2.0};
    id_list ids = ids_make("o", 0, 2);
    OK(spatio_upsert(f.ns, "short", 5, 0.0, 0.0, 0.0, 1, NULL, 0, 1 * SECOND_US, NULL, NULL, ERR));
    OK(spatio_upsert_batch(f.ns, 2, ids.offsets, ids.bytes, x, x, NULL, NULL, NULL, NULL, ttl_us,
                           NULL, NULL, NULL, ERR));
    clock.now_us = 1 * SECOND_US;
    CHECK(!is_here(f.ns, "short") && is_here(f.ns, "o000000") && is_here(f.ns, "o000001"));
    clock.now_us = 2 * SECOND_US;
    CHECK(!is_here(f.ns, "o000000") && is_here(f.ns, "o000001"));
    clock.now_us = 10 * SECOND_US;
    CHECK(!is_here(f.ns, "o000001"));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_upsert(f.ns, "a", 1, 0.0, 0.0, 0.0, 1, NULL, 0, -1, NULL,
                                                 NULL, ERR));
    SAYS("ttl");
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_upsert_batch(f.ns, 2, ids.offsets, ids.bytes, x, x, NULL, NULL, NULL, NULL, bad,
                              NULL, NULL, NULL, ERR));
    ROW(1);
    ids_free(&ids);
    fixture_close(&f);
}

static void an_update_makes_life_longer(void)
{
    hand_clock clock = {0, 0};
    fixture f = open_with_clock(&clock, 10 * SECOND_US);
    const uint64_t handle = put(f.ns, "a", 1.0, 2.0, 0.0, 1);
    clock.now_us = 9 * SECOND_US;
    OK(spatio_move(f.ns, handle, 1.0, 3.0, 0.0, 2, NULL, ERR));
    clock.now_us = 18 * SECOND_US;
    CHECK(is_here(f.ns, "a"));
    clock.now_us = 19 * SECOND_US;
    CHECK(!is_here(f.ns, "a"));
    fixture_close(&f);
}

void topic_ttl(void)
{
    RUN(an_expired_object_is_absent_from_every_read);
    RUN(an_update_may_say_for_itself_how_long);
    RUN(an_update_makes_life_longer);
}
