/* Results: several queries in one call, one result used again, and the caller's own buffers. */
#include "support/oracle.h"
#include "topics.h"

#define COUNT 400

static const place LOW = {-10.0, -10.0, -10.0};
static const place HIGH = {10.0, 10.0, 10.0};

static spatio_columns no_columns(void)
{
    spatio_columns columns;
    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    return columns;
}

static void several_queries_are_one_answer(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", COUNT, LOW, HIGH, 40);
    spatio_query queries[200];
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    prng prng = {41};
    size_t at;
    for (at = 0; at < 200; at++) {
        /* All kinds but the polygon, which has a file of its own. */
        uint32_t kind = 1 + (uint32_t)(at % 10);
        if (kind == SPATIO_QUERY_POLYGON) kind = SPATIO_QUERY_CIRCLE;
        queries[at] = query_at(kind, prng_between(&prng, -10.0, 10.0),
                               prng_between(&prng, -10.0, 10.0), 0.0);
        queries[at].radius = prng_between(&prng, 0.0, 8.0);
        queries[at].width = queries[at].height = queries[at].depth = 6.0;
        queries[at].min_x = queries[at].min_y = queries[at].min_z = -3.0;
        queries[at].max_x = queries[at].max_y = queries[at].max_z = 4.0;
        queries[at].limit = (uint32_t)prng_below(&prng, 60);
    }
    MUST(spatio_query_run(f.ns, queries, 200, NULL, &result, &columns, ERR));
    EQ_U64(columns.queries, 200);
    EQ_U64(columns.offsets[0], 0);
    EQ_U64(columns.offsets[200], columns.rows);
    for (at = 0; at < 200; at++) {
        CHECK(columns.offsets[at] <= columns.offsets[at + 1]);
        oracle_compare(&cloud, &queries[at], NULL, 0, &columns, at);
    }
    spatio_result_free(result);
    cloud_free(&cloud);
    fixture_close(&f);
}

static void rows_without_a_distance_have_nan_beside_those_with_one(void)
{
    static const uint32_t KINDS[4] = {SPATIO_QUERY_EVERYWHERE, SPATIO_QUERY_CIRCLE,
                                      SPATIO_QUERY_EVERYWHERE, SPATIO_QUERY_NEAREST};
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_query queries[4];
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    size_t at;
    put(f.ns, "a", 3.0, 4.0, 0.0, 1);
    for (at = 0; at < 4; at++) {
        queries[at] = query_at(KINDS[at], 0.0, 0.0, 0.0);
        queries[at].radius = 10.0;
    }
    MUST(spatio_query_run(f.ns, queries, 4, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 4);
    REQUIRE(columns.distance != NULL);
    for (at = 0; at < 4; at++) EQ_F64(columns.distance[at], at % 2 == 0 ? (double)NAN : 5.0);
    /* Where no query has an origin, there is no such column. */
    queries[1] = queries[0];
    MUST(spatio_query_run(f.ns, queries, 2, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 2);
    CHECK(columns.distance == NULL);
    spatio_result_free(result);
    fixture_close(&f);
}

static void one_query_may_ask_for_ids_and_another_not(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_query queries[2];
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    put(f.ns, "abc", 1.0, 0.0, 0.0, 1);
    queries[0] = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    queries[1] = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    queries[1].flags = SPATIO_QUERY_WITH_IDS;
    MUST(spatio_query_run(f.ns, queries, 2, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 2);
    REQUIRE(columns.id_offsets != NULL);
    /* The row of the query that asked has its id. */
    EQ_U64(columns.id_offsets[2] - columns.id_offsets[1], 3);
    CHECK(memcmp(columns.ids + columns.id_offsets[1], "abc", 3) == 0);
    spatio_result_free(result);
    fixture_close(&f);
}

static void a_result_is_filled_again(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", COUNT, LOW, HIGH, 42);
    spatio_result *result = NULL, *first = NULL;
    spatio_columns columns = no_columns(), again = no_columns();
    uint64_t handles = spatio_live_handles();
    int round;
    for (round = 0; round < 50; round++) {
        spatio_query query = query_at(SPATIO_QUERY_CIRCLE, 0.0, 0.0, 0.0);
        query.radius = (double)(round % 10);
        query.flags = round % 3 == 0 ? SPATIO_QUERY_WITH_IDS : 0;
        MUST(spatio_query_run(f.ns, &query, 1, NULL, &result, &columns, ERR));
        if (!first) first = result;
        CHECK(result == first);
        oracle_compare(&cloud, &query, NULL, 0, &columns, 0);
        CHECK((columns.id_offsets != NULL) == (round % 3 == 0));
    }
    EQ_U64(spatio_live_handles(), handles + 1);
    STATUS(SPATIO_OK, spatio_result_columns(result, &again));
    EQ_U64(again.rows, columns.rows);
    CHECK(again.handles == columns.handles && again.distance == columns.distance);
    spatio_result_free(result);
    EQ_U64(spatio_live_handles(), handles);
    cloud_free(&cloud);
    fixture_close(&f);
}

static void columns_may_be_asked_for_later(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    put(f.ns, "a", 1.0, 2.0, 3.0, 4);
    MUST(spatio_knn(f.ns, 0.0, 0.0, 0.0, 1, &result, NULL, ERR));
    STATUS(SPATIO_OK, spatio_result_columns(result, &columns));
    EQ_U64(columns.rows, 1);
    EQ_F64(columns.x[0], 1.0);
    EQ_F64(columns.y[0], 2.0);
    EQ_F64(columns.z[0], 3.0);
    EQ_I64(columns.time_us[0], 4);
    spatio_result_free(result);
    fixture_close(&f);
}

static void results_outlive_what_they_came_from(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_query query = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    put_payload(f.ns, "abc", 1.0, 2.0, "payload");
    query.flags = SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS;
    MUST(spatio_query_run(f.ns, &query, 1, NULL, &result, &columns, ERR));
    fixture_close(&f);
    EQ_U64(columns.rows, 1);
    EQ_F64(columns.x[0], 1.0);
    CHECK(memcmp(columns.ids, "abc", 3) == 0);
    CHECK(memcmp(columns.payloads, "payload", 7) == 0);
    spatio_result_free(result);
}

static void an_empty_answer_is_not_an_error(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    MUST(spatio_query_radius(f.ns, 0.0, 0.0, 0.0, 1.0, 10, &result, &columns, ERR));
    EQ_U64(columns.rows, 0);
    EQ_U64(columns.queries, 1);
    EQ_U64(columns.offsets[1], 0);
    spatio_result_free(result);
    fixture_close(&f);
}

static void a_failure_leaves_the_result_with_its_owner(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    put(f.ns, "a", 1.0, 2.0, 3.0, 4);
    MUST(spatio_knn(f.ns, 0.0, 0.0, 0.0, 1, &result, &columns, ERR));
    FAILS(SPATIO_OUT_OF_RANGE, spatio_query_radius(f.ns, NAN, 0.0, 0.0, 1.0, 1, &result, NULL,
                                                   ERR));
    CHECK(result != NULL);
    MUST(spatio_knn(f.ns, 0.0, 0.0, 0.0, 1, &result, &columns, ERR));
    EQ_U64(columns.rows, 1);
    spatio_result_free(result);
    fixture_close(&f);
}

/* Asks for the same into buffers, and compares them with the columns of a run. */
static void compare_into(const spatio_namespace *ns, const spatio_query *query, size_t capacity)
{
    uint64_t handles[COUNT];
    double x[COUNT], y[COUNT], z[COUNT], distance[COUNT];
    int64_t time_us[COUNT];
    spatio_query limited = *query;
    spatio_result *result = NULL;
    spatio_columns columns = no_columns();
    size_t rows = 12345, row;
    if (limited.limit > capacity) limited.limit = (uint32_t)capacity;
    MUST(spatio_query_into(ns, query, capacity, handles, x, y, z, time_us, distance, &rows, ERR));
    if (OK(spatio_query_run(ns, &limited, 1, NULL, &result, &columns, ERR))) {
        EQ_U64(rows, columns.rows);
        for (row = 0; row < rows && row < columns.rows; row++) {
            EQ_U64(handles[row], columns.handles[row]);
            EQ_F64(x[row], columns.x[row]);
            EQ_F64(y[row], columns.y[row]);
            EQ_F64(z[row], columns.z[row]);
            EQ_I64(time_us[row], columns.time_us[row]);
            EQ_F64(distance[row], columns.distance ? columns.distance[row] : NAN);
        }
    }
    spatio_result_free(result);
}

static void buffers_of_the_caller_are_filled(void)
{
    static const uint32_t KINDS[4] = {SPATIO_QUERY_CIRCLE, SPATIO_QUERY_NEAREST, SPATIO_QUERY_BOX,
                                      SPATIO_QUERY_EVERYWHERE};
    static const size_t CAPACITIES[4] = {0, 1, 16, COUNT};
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", COUNT, LOW, HIGH, 43);
    size_t kind, capacity;
    for (kind = 0; kind < 4; kind++) {
        for (capacity = 0; capacity < 4; capacity++) {
            spatio_query query = query_at(KINDS[kind], 1.0, 1.0, 1.0);
            query.radius = 7.0;
            query.min_x = query.min_y = -5.0;
            query.max_x = query.max_y = 5.0;
            compare_into(f.ns, &query, CAPACITIES[capacity]);
            query.limit = 5;
            compare_into(f.ns, &query, CAPACITIES[capacity]);
        }
    }
    cloud_free(&cloud);
    fixture_close(&f);
}

static void columns_that_are_not_wanted_may_be_absent(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_query query = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    double y[4] = {0.0, 0.0, 0.0, 0.0};
    size_t rows = 0;
    put(f.ns, "a", 1.0, 2.0, 3.0, 4);
    OK(spatio_query_into(f.ns, &query, 4, NULL, NULL, y, NULL, NULL, NULL, &rows, ERR));
    EQ_U64(rows, 1);
    EQ_F64(y[0], 2.0);
    OK(spatio_query_into(f.ns, &query, 4, NULL, NULL, NULL, NULL, NULL, NULL, &rows, ERR));
    EQ_U64(rows, 1);
    fixture_close(&f);
}

void topic_results(void)
{
    RUN(several_queries_are_one_answer);
    RUN(rows_without_a_distance_have_nan_beside_those_with_one);
    RUN(one_query_may_ask_for_ids_and_another_not);
    RUN(a_result_is_filled_again);
    RUN(columns_may_be_asked_for_later);
    RUN(results_outlive_what_they_came_from);
    RUN(an_empty_answer_is_not_an_error);
    RUN(a_failure_leaves_the_result_with_its_owner);
    RUN(buffers_of_the_caller_are_filled);
    RUN(columns_that_are_not_wanted_may_be_absent);
}
