/* Filters: altitude, time, age and the beginning of the id, alone and together. */
#include "support/oracle.h"
#include "topics.h"

#define COUNT 500
#define NOW_US 900

static int64_t clock_900(void *user)
{
    (void)user;
    return NOW_US;
}

static const uint32_t KINDS[] = {
    SPATIO_QUERY_CIRCLE, SPATIO_QUERY_BOX, SPATIO_QUERY_EVERYWHERE, SPATIO_QUERY_NEAREST,
};

static void set_filters(spatio_query *query, unsigned which, prng *prng)
{
    if (which & 1) {
        query->min_altitude = prng_between(prng, -10.0, 0.0);
        query->max_altitude = prng_between(prng, 0.0, 10.0);
    }
    if (which & 2) query->since_us = 1 + (int64_t)prng_below(prng, 1000);
    if (which & 4) query->max_age_us = (int64_t)prng_below(prng, 900);
    if (which & 8) {
        query->id_prefix = "o0001";
        query->id_prefix_length = 5;
    }
}

static void every_set_of_filters_with_every_kind(void)
{
    const place low = {-10.0, -10.0, -10.0}, high = {10.0, 10.0, 10.0};
    spatio_options options;
    fixture f;
    cloud cloud;
    prng prng = {77};
    unsigned which;
    size_t at;
    spatio_options_init(&options, sizeof options);
    options.clock = clock_900;
    f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_OFF, 0, &options);
    cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", COUNT, low, high, 30);
    for (which = 0; which < 16; which++) {
        for (at = 0; at < sizeof KINDS / sizeof KINDS[0]; at++) {
            spatio_query query = query_at(KINDS[at], 1.0, 2.0, 0.0);
            char context[64];
            snprintf(context, sizeof context, "filters %u kind %u", which, (unsigned)KINDS[at]);
            test_context(context);
            query.radius = 8.0;
            query.min_x = query.min_y = -7.0;
            query.max_x = query.max_y = 7.0;
            set_filters(&query, which, &prng);
            oracle_ask(f.ns, &cloud, &query, NULL, NOW_US);
            query.limit = 7;
            oracle_ask(f.ns, &cloud, &query, NULL, NOW_US);
        }
    }
    test_context(NULL);
    cloud_free(&cloud);
    fixture_close(&f);
}

/* How many objects a query finds; UINT64_MAX if it fails. */
static uint64_t count_rows(const spatio_namespace *ns, const spatio_query *query)
{
    spatio_result *result = NULL;
    spatio_columns columns;
    uint64_t rows = UINT64_MAX;
    columns.struct_size = (uint32_t)sizeof columns;
    if (OK(spatio_query_run(ns, query, 1, NULL, &result, &columns, ERR))) rows = columns.rows;
    spatio_result_free(result);
    return rows;
}

static void borders_of_filters_are_inside(void)
{
    spatio_options options;
    fixture f;
    spatio_query query = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    spatio_options_init(&options, sizeof options);
    options.clock = clock_900;
    f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_OFF, 0, &options);
    put(f.ns, "abc", 0.0, 0.0, 5.0, 800);
    query.min_altitude = query.max_altitude = 5.0;
    query.since_us = 800;
    query.max_age_us = 100;
    query.id_prefix = "abc";
    query.id_prefix_length = 3;
    EQ_U64(count_rows(f.ns, &query), 1);
    query.max_age_us = 99;
    EQ_U64(count_rows(f.ns, &query), 0);
    query.max_age_us = -1;
    query.since_us = 801;
    EQ_U64(count_rows(f.ns, &query), 0);
    query.since_us = INT64_MIN;
    query.id_prefix = "abcd";
    query.id_prefix_length = 4;
    EQ_U64(count_rows(f.ns, &query), 0);
    query.id_prefix_length = 0;
    EQ_U64(count_rows(f.ns, &query), 1);
    fixture_close(&f);
}

static void foolish_filters_are_refused(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_query query = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    spatio_result *result = NULL;
    query.min_altitude = 2.0;
    query.max_altitude = 1.0;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    query = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    query.max_altitude = NAN;
    FAILS(SPATIO_OUT_OF_RANGE, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    query = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    query.id_prefix = "\xf0\x28";
    query.id_prefix_length = 2;
    FAILS(SPATIO_INVALID_UTF8, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    query.id_prefix = NULL;
    FAILS(SPATIO_NULL_POINTER, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    SAYS("id_prefix");
    spatio_result_free(result);
    fixture_close(&f);
}

void topic_filters(void)
{
    RUN(every_set_of_filters_with_every_kind);
    RUN(borders_of_filters_are_inside);
    RUN(foolish_filters_are_refused);
}
