/* Cancelling, beforehand and from another thread. */
#include "support/oracle.h"
#include "support/platform.h"
#include "topics.h"

#include <pthread.h>

#define QUERIES 20000
#define MOST_CALLS 1000

static void a_cancel_that_was_fired_stops_every_call(void)
{
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    spatio_query query = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    spatio_cancel *cancel = spatio_cancel_new();
    spatio_result *result = NULL;
    spatio_columns columns;
    const uint64_t handle = put(f.ns, "a", 1.0, 2.0, 0.0, 1);
    columns.struct_size = (uint32_t)sizeof columns;
    OK(spatio_query_run(f.ns, &query, 1, cancel, &result, &columns, ERR));
    spatio_cancel_fire(cancel);
    FAILS(SPATIO_CANCELLED, spatio_query_run(f.ns, &query, 1, cancel, &result, &columns, ERR));
    FAILS(SPATIO_CANCELLED, spatio_trajectory(f.ns, 1, &handle, 0, 9, SPATIO_OLDEST_FIRST, 9,
                                              cancel, &result, &columns, ERR));
    spatio_cancel_fire(cancel);
    FAILS(SPATIO_CANCELLED, spatio_query_run(f.ns, &query, 1, cancel, &result, &columns, ERR));
    /* Others go on. */
    OK(spatio_query_run(f.ns, &query, 1, NULL, &result, &columns, ERR));
    spatio_cancel_reset(cancel);
    OK(spatio_query_run(f.ns, &query, 1, cancel, &result, &columns, ERR));
    EQ_U64(columns.rows, 1);
    spatio_cancel_free(cancel);
    spatio_result_free(result);
    fixture_close(&f);
}

static void *fire_soon(void *cancel)
{
    platform_sleep_ms(20);
    spatio_cancel_fire((spatio_cancel *)cancel);
    return NULL;
}

static void another_thread_stops_a_long_call(void)
{
    const place low = {-10.0, -10.0, -10.0}, high = {10.0, 10.0, 10.0};
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", 2000, low, high, 80);
    spatio_query *queries = (spatio_query *)malloc(QUERIES * sizeof *queries);
    spatio_cancel *cancel = spatio_cancel_new();
    spatio_result *result = NULL;
    spatio_status status = SPATIO_OK;
    pthread_t thread;
    size_t at;
    REQUIRE(queries != NULL);
    for (at = 0; at < QUERIES; at++) {
        queries[at] = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
        /* None has a row, so that memory does not grow, but each looks at every object. */
        queries[at].min_altitude = 1e9;
        queries[at].since_us = INT64_MAX;
    }
    REQUIRE(pthread_create(&thread, NULL, fire_soon, cancel) == 0);
    /* However quick the machine is: it goes on until it is stopped, or far beyond that. */
    for (at = 0; at < MOST_CALLS && status == SPATIO_OK; at++) {
        status = spatio_query_run(f.ns, queries, QUERIES, cancel, &result, NULL, NULL);
    }
    pthread_join(thread, NULL);
    EQ_I64(status, SPATIO_CANCELLED);
    spatio_result_free(result);
    spatio_cancel_free(cancel);
    free(queries);
    cloud_free(&cloud);
    fixture_close(&f);
}

void topic_cancel(void)
{
    RUN(a_cancel_that_was_fired_stops_every_call);
    RUN(another_thread_stops_a_long_call);
}
