/* Arguments that are wrong: text that is not UTF-8, numbers that are none, impossible offsets,
 * pointers that cannot be. The row is named, and nothing is written. */
#include "support/fixture.h"
#include "topics.h"

static const double ONES[4] = {1.0, 1.0, 1.0, 1.0};

static const char *const NOT_UTF8[] = {
    "\xff",             /* no such byte */
    "\x80",             /* a continuation alone */
    "\xc3",             /* cut off */
    "\xc0\xaf",         /* longer than needed */
    "\xed\xa0\x80",     /* half of a surrogate pair */
    "\xf4\x90\x80\x80", /* beyond the last character */
};

static void expect_objects(const spatio_namespace *ns, uint64_t wanted)
{
    uint64_t objects = UINT64_MAX;
    OK(spatio_count(ns, &objects, ERR));
    EQ_U64(objects, wanted);
}

static void text_that_is_not_utf8(void)
{
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    spatio_object object;
    uint64_t handle;
    const int64_t time_us = 1;
    size_t at;
    object.struct_size = (uint32_t)sizeof object;
    for (at = 0; at < sizeof NOT_UTF8 / sizeof NOT_UTF8[0]; at++) {
        const char *id = NOT_UTF8[at];
        const size_t length = strlen(id);
        FAILS(SPATIO_INVALID_UTF8,
              spatio_upsert(f.ns, id, length, 0, 0, 0, 1, NULL, 0, 0, NULL, NULL, ERR));
        FAILS(SPATIO_INVALID_UTF8, spatio_intern(f.ns, id, length, &handle, ERR));
        FAILS(SPATIO_INVALID_UTF8, spatio_find_handle(f.ns, id, length, &handle, ERR));
        FAILS(SPATIO_INVALID_UTF8, spatio_get(f.ns, id, length, &object, ERR));
        FAILS(SPATIO_INVALID_UTF8, spatio_delete(f.ns, id, length, NULL, ERR));
        FAILS(SPATIO_INVALID_UTF8, spatio_insert_trajectory(f.ns, id, length, 1, &time_us, ONES,
                                                            ONES, NULL, NULL, ERR));
    }
    expect_objects(f.ns, 0);
    fixture_close(&f);
}

static void a_batch_with_text_that_is_not_utf8(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    static const uint64_t OFFSETS[5] = {0, 1, 3, 5, 6};
    /* The third of them lies in the middle of a character: both halves together would be fine. */
    static const uint64_t SPLIT[5] = {0, 1, 2, 4, 6};
    uint64_t handles[4];
    FAILS(SPATIO_INVALID_UTF8, spatio_upsert_batch(f.ns, 4, OFFSETS, "abb\xff" "cd", ONES, ONES,
                                                   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                                   ERR));
    ROW(2);
    FAILS(SPATIO_INVALID_UTF8, spatio_intern_batch(f.ns, 4, OFFSETS, "abb\xff" "cd", handles, ERR));
    ROW(2);
    FAILS(SPATIO_INVALID_UTF8, spatio_intern_batch(f.ns, 4, SPLIT, "a\xc3\xa4" "bcd", handles,
                                                   ERR));
    ROW(1);
    expect_objects(f.ns, 0);
    fixture_close(&f);
}

static void numbers_that_are_none(void)
{
    static const double BAD[3] = {NAN, HUGE_VAL, -HUGE_VAL};
    uint32_t space;
    size_t at, column;
    for (space = SPATIO_GEOGRAPHIC; space <= SPATIO_CARTESIAN; space++) {
        fixture f = fixture_open(space);
        const uint64_t handle = put(f.ns, "a", 1.0, 1.0, 1.0, 1);
        const uint64_t handles[4] = {handle, handle, handle, handle};
        for (at = 0; at < 3; at++) {
            for (column = 0; column < 3; column++) {
                double p[3] = {1.0, 1.0, 1.0}, bad[4] = {1.0, 1.0, 1.0, 1.0};
                p[column] = BAD[at];
                bad[3] = BAD[at];
                FAILS(SPATIO_OUT_OF_RANGE, spatio_upsert(f.ns, "b", 1, p[0], p[1], p[2], 9, NULL,
                                                         0, 0, NULL, NULL, ERR));
                FAILS(SPATIO_OUT_OF_RANGE,
                      spatio_move(f.ns, handle, p[0], p[1], p[2], 9, NULL, ERR));
                FAILS(SPATIO_OUT_OF_RANGE,
                      spatio_move_batch(f.ns, 4, handles, column == 0 ? bad : ONES,
                                        column == 1 ? bad : ONES, column == 2 ? bad : ONES, NULL,
                                        NULL, NULL, ERR));
                ROW(3);
            }
        }
        expect_objects(f.ns, 1);
        fixture_close(&f);
    }
}

static void places_off_the_globe(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    FAILS(SPATIO_OUT_OF_RANGE, spatio_upsert(f.ns, "a", 1, 180.0000001, 0, 0, 1, NULL, 0, 0, NULL,
                                             NULL, ERR));
    SAYS("lon");
    SAYS("180.0000001");
    FAILS(SPATIO_OUT_OF_RANGE,
          spatio_upsert(f.ns, "a", 1, 0, -90.5, 0, 1, NULL, 0, 0, NULL, NULL, ERR));
    SAYS("lat");
    put(f.ns, "corner", -180.0, 90.0, 0.0, 1);
    expect_objects(f.ns, 1);
    fixture_close(&f);
}

static void offsets_that_cannot_be(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    static const uint64_t BACK[3] = {0, 3, 1};
    static const uint64_t WRAPS[3] = {0, 1, UINT64_MAX};
    static const uint64_t SIGN[3] = {0, 1, UINT64_C(1) << 63};
    static const uint64_t GOOD[3] = {0, 1, 2};
    const uint8_t bytes[4] = {1, 2, 3, 4};
    uint64_t handles[2];
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_intern_batch(f.ns, 2, BACK, "abc", handles, ERR));
    ROW(1);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_intern_batch(f.ns, 2, WRAPS, "abc", handles, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_intern_batch(f.ns, 2, SIGN, "abc", handles, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_upsert_batch(f.ns, 2, BACK, "abc", ONES, ONES, NULL,
                                                       NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                                       ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_upsert_batch(f.ns, 2, GOOD, "ab", ONES, ONES, NULL, NULL,
                                                       BACK, bytes, NULL, NULL, NULL, NULL, ERR));
    SAYS("payload_offsets");
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_upsert_batch(f.ns, 2, GOOD, "ab", ONES, ONES, NULL, NULL,
                                                       WRAPS, bytes, NULL, NULL, NULL, NULL, ERR));
    expect_objects(f.ns, 0);
    fixture_close(&f);
}

/* Column lengths that no memory has: the pointers are good for a row, and must not be followed. */
static void batches_longer_than_memory(void)
{
    static const size_t LENGTHS[3] = {SIZE_MAX, SIZE_MAX / 8 + 1, SIZE_MAX / 2};
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    uint64_t handle = put(f.ns, "a", 1.0, 1.0, 1.0, 1);
    static const uint64_t OFFSETS[2] = {0, 1};
    static const double XY[6] = {0, 0, 1, 0, 1, 1};
    const int64_t time_us = 1;
    double out;
    uint8_t inside;
    spatio_query query;
    spatio_polygon *polygon = NULL;
    spatio_result *result = NULL;
    size_t at;
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_EVERYWHERE);
    for (at = 0; at < 3; at++) {
        const size_t n = LENGTHS[at];
        FAILS(SPATIO_INVALID_ARGUMENT,
              spatio_move_batch(f.ns, n, &handle, ONES, ONES, NULL, NULL, NULL, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT, spatio_intern_batch(f.ns, n, OFFSETS, "a", &handle, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT,
              spatio_upsert_batch(f.ns, n, OFFSETS, "a", ONES, ONES, NULL, NULL, NULL, NULL, NULL,
                                  NULL, NULL, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT, spatio_insert_trajectory(f.ns, "a", 1, n, &time_us, ONES,
                                                                ONES, NULL, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT, spatio_delete_batch(f.ns, n, &handle, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT,
              spatio_get_batch(f.ns, n, &handle, &out, NULL, NULL, NULL, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT, spatio_ids(f.ns, n, &handle, &result, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT,
              spatio_query_run(f.ns, &query, n, NULL, &result, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT, spatio_trajectory(f.ns, n, &handle, 0, 9, 0, 9, NULL,
                                                         &result, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT,
              spatio_positions_at(f.ns, n, &handle, 1, 0, &out, &out, NULL, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT,
              spatio_distance_between(f.ns, n, &handle, &handle, 3, &out, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT,
              spatio_distance_to(f.ns, n, &handle, 0, 0, 0, 3, &out, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT, spatio_polygon_new(n, OFFSETS, XY, 0, NULL, &polygon, ERR));
    }
    {
        static const uint64_t RING[2] = {0, 3};
        MUST(spatio_polygon_new(1, RING, XY, 0, NULL, &polygon, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT,
              spatio_polygon_contains(polygon, SIZE_MAX, ONES, ONES, &inside, ERR));
        spatio_polygon_free(polygon);
    }
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_upsert(f.ns, "a", SIZE_MAX, 0, 0, 0, 1, NULL, 0, 0, NULL, NULL, ERR));
    spatio_result_free(result);
    expect_objects(f.ns, 1);
    fixture_close(&f);
}

static void pointers_that_are_not_aligned(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint64_t handle = put(f.ns, "a", 1.0, 1.0, 1.0, 1);
    uint64_t room[4] = {0, 0, 0, 0};
    void *const askew = (char *)room + 1;
    spatio_result *result = NULL;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_move_batch(f.ns, 1, (const uint64_t *)askew, ONES, ONES,
                                                     NULL, NULL, NULL, NULL, ERR));
    SAYS("aligned");
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_move_batch(f.ns, 1, &handle, (const double *)askew, ONES,
                                                     NULL, NULL, NULL, NULL, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_count(f.ns, (uint64_t *)askew, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_knn(f.ns, 0, 0, 0, 1, (spatio_result **)askew, NULL,
                                              ERR));
    CHECK(result == NULL);
    fixture_close(&f);
}

void topic_refusals(void)
{
    RUN(text_that_is_not_utf8);
    RUN(a_batch_with_text_that_is_not_utf8);
    RUN(numbers_that_are_none);
    RUN(places_off_the_globe);
    RUN(offsets_that_cannot_be);
    RUN(batches_longer_than_memory);
    RUN(pointers_that_are_not_aligned);
}
