/* Queries around an object, wherever it is at that moment. */
#include "support/oracle.h"
#include "topics.h"

#define COUNT 300

static const uint32_t KINDS[] = {
    SPATIO_QUERY_CIRCLE, SPATIO_QUERY_SPHERE,     SPATIO_QUERY_CYLINDER,
    SPATIO_QUERY_NEAREST, SPATIO_QUERY_BOX_AROUND, SPATIO_QUERY_BOX_3D_AROUND,
};

static void every_kind_with_an_origin_takes_an_object(void)
{
    const place low = {-10.0, -10.0, -10.0}, high = {10.0, 10.0, 10.0};
    uint32_t space, exclude;
    for (space = SPATIO_GEOGRAPHIC; space <= SPATIO_CARTESIAN; space++) {
        fixture f = fixture_open(space);
        cloud cloud = cloud_fill(f.ns, space, "o", COUNT, low, high, 20 + space);
        size_t at;
        for (at = 0; at < sizeof KINDS / sizeof KINDS[0]; at++) {
            for (exclude = 0; exclude < 2; exclude++) {
                /* The coordinates of the query do not matter then, not even foolish ones. */
                spatio_query query = query_at(KINDS[at], 1e9, NAN, 0.0);
                query.flags = SPATIO_QUERY_AROUND_OBJECT;
                if (exclude) query.flags |= SPATIO_QUERY_EXCLUDE_ORIGIN;
                query.origin = cloud.handles[(at * 37 + 5) % COUNT];
                query.radius = space == SPATIO_GEOGRAPHIC ? 500000.0 : 6.0;
                query.width = query.height = query.depth = 8.0;
                query.min_z = -5.0;
                query.max_z = 5.0;
                query.limit = 50;
                oracle_ask(f.ns, &cloud, &query, NULL, 0);
            }
        }
        cloud_free(&cloud);
        fixture_close(&f);
    }
}

static void the_origin_comes_first_unless_left_out(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_query query = query_at(SPATIO_QUERY_CIRCLE, 0.0, 0.0, 0.0);
    spatio_result *result = NULL;
    spatio_columns columns;
    uint64_t origin;
    /* Another at the same place, whose id comes before. */
    const uint64_t other = put(f.ns, "a", 1.0, 1.0, 0.0, 1);
    origin = put(f.ns, "b", 1.0, 1.0, 0.0, 1);
    query.flags = SPATIO_QUERY_AROUND_OBJECT;
    query.origin = origin;
    query.radius = 1.0;
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_query_run(f.ns, &query, 1, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 2);
    EQ_U64(columns.handles[0], origin);
    EQ_F64(columns.distance[0], 0.0);
    query.flags |= SPATIO_QUERY_EXCLUDE_ORIGIN;
    MUST(spatio_query_run(f.ns, &query, 1, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 1);
    EQ_U64(columns.handles[0], other);
    spatio_result_free(result);
    fixture_close(&f);
}

static void the_origin_is_where_the_object_is_now(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const uint64_t origin = put(f.ns, "walker", 0.0, 0.0, 0.0, 1);
    const uint64_t tree = put(f.ns, "tree", 100.0, 0.0, 0.0, 1);
    spatio_result *result = NULL;
    spatio_columns columns;
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_query_near(f.ns, origin, 5.0, SPATIO_NO_LIMIT, &result, &columns, ERR));
    EQ_U64(columns.rows, 1);
    OK(spatio_move(f.ns, origin, 97.0, 0.0, 4.0, 2, NULL, ERR));
    MUST(spatio_query_near(f.ns, origin, 5.0, SPATIO_NO_LIMIT, &result, &columns, ERR));
    EQ_U64(columns.rows, 2);
    EQ_U64(columns.handles[1], tree);
    EQ_F64(columns.distance[1], 5.0);
    spatio_result_free(result);
    fixture_close(&f);
}

static void an_origin_that_is_gone_is_not_found(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const uint64_t origin = put(f.ns, "a", 0.0, 0.0, 0.0, 1);
    spatio_result *result = NULL;
    OK(spatio_delete(f.ns, "a", 1, NULL, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_query_near(f.ns, origin, 5.0, 9, &result, NULL, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_query_near(f.ns, UINT64_MAX, 5.0, 9, &result, NULL, ERR));
    spatio_result_free(result);
    fixture_close(&f);
}

static void the_failing_query_of_several_is_named(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_query queries[3];
    spatio_result *result = NULL;
    size_t at;
    for (at = 0; at < 3; at++) {
        queries[at] = query_at(SPATIO_QUERY_CIRCLE, 0.0, 0.0, 0.0);
        queries[at].radius = 1.0;
    }
    queries[2].flags = SPATIO_QUERY_AROUND_OBJECT;
    queries[2].origin = 12345;
    FAILS(SPATIO_NOT_FOUND, spatio_query_run(f.ns, queries, 3, NULL, &result, NULL, ERR));
    ROW(2);
    spatio_result_free(result);
    fixture_close(&f);
}

void topic_origins(void)
{
    RUN(every_kind_with_an_origin_takes_an_object);
    RUN(the_origin_comes_first_unless_left_out);
    RUN(the_origin_is_where_the_object_is_now);
    RUN(an_origin_that_is_gone_is_not_found);
    RUN(the_failing_query_of_several_is_named);
}
