/* Every kind of query in both spaces, against looking at every object. */
#include "support/oracle.h"
#include "topics.h"

#define COUNT 600
#define ROUNDS 12

typedef struct scene {
    fixture f;
    cloud objects;
    place low, high;
    /* How large a radius is of use here, and a width in coordinates. */
    double reach, width;
    prng dice;
} scene;

static scene scene_open(uint32_t space, uint64_t seed)
{
    scene scene;
    const place geo_low = {12.9, 52.2, 0.0}, geo_high = {13.9, 52.8, 500.0};
    const place flat_low = {-100.0, -100.0, -100.0}, flat_high = {100.0, 100.0, 100.0};
    const int is_geographic = space == SPATIO_GEOGRAPHIC;
    scene.low = is_geographic ? geo_low : flat_low;
    scene.high = is_geographic ? geo_high : flat_high;
    scene.reach = is_geographic ? 30000.0 : 90.0;
    scene.width = is_geographic ? 0.6 : 110.0;
    scene.dice.state = seed;
    scene.f = fixture_open(space);
    scene.objects = cloud_fill(scene.f.ns, space, "o", COUNT, scene.low, scene.high, seed);
    return scene;
}

static void scene_close(scene *scene)
{
    cloud_free(&scene->objects);
    fixture_close(&scene->f);
}

static place draw(scene *scene)
{
    place at;
    at.x = prng_between(&scene->dice, scene->low.x, scene->high.x);
    at.y = prng_between(&scene->dice, scene->low.y, scene->high.y);
    at.z = prng_between(&scene->dice, scene->low.z, scene->high.z);
    return at;
}

/* A query of this kind at a random place, of a random size. */
static spatio_query draw_query(scene *scene, uint32_t kind)
{
    const place a = draw(scene), b = draw(scene);
    spatio_query query = query_at(kind, a.x, a.y, a.z);
    query.min_x = a.x < b.x ? a.x : b.x;
    query.max_x = a.x < b.x ? b.x : a.x;
    query.min_y = a.y < b.y ? a.y : b.y;
    query.max_y = a.y < b.y ? b.y : a.y;
    query.min_z = a.z < b.z ? a.z : b.z;
    query.max_z = a.z < b.z ? b.z : a.z;
    query.radius = prng_between(&scene->dice, 0.0, scene->reach);
    query.width = prng_between(&scene->dice, 0.0, scene->width);
    query.height = prng_between(&scene->dice, 0.0, scene->width);
    query.depth = prng_between(&scene->dice, 0.0, scene->high.z - scene->low.z);
    return query;
}

static void ask_often(uint32_t space, uint32_t kind)
{
    scene scene = scene_open(space, 100 + kind);
    int round;
    for (round = 0; round < ROUNDS; round++) {
        spatio_query query = draw_query(&scene, kind);
        char context[64];
        snprintf(context, sizeof context, "space %u kind %u round %d", (unsigned)space,
                 (unsigned)kind, round);
        test_context(context);
        oracle_ask(scene.f.ns, &scene.objects, &query, NULL, 0);
        query.limit = (uint32_t)prng_below(&scene.dice, 40);
        oracle_ask(scene.f.ns, &scene.objects, &query, NULL, 0);
        if (kind == SPATIO_QUERY_NEAREST) {
            query.radius = HUGE_VAL;
            oracle_ask(scene.f.ns, &scene.objects, &query, NULL, 0);
        }
    }
    test_context(NULL);
    scene_close(&scene);
}

static void in_both_spaces(uint32_t kind)
{
    ask_often(SPATIO_GEOGRAPHIC, kind);
    ask_often(SPATIO_CARTESIAN, kind);
}

static void circles(void) { in_both_spaces(SPATIO_QUERY_CIRCLE); }
static void spheres(void) { in_both_spaces(SPATIO_QUERY_SPHERE); }
static void cylinders(void) { in_both_spaces(SPATIO_QUERY_CYLINDER); }
static void boxes(void) { in_both_spaces(SPATIO_QUERY_BOX); }
static void boxes_3d(void) { in_both_spaces(SPATIO_QUERY_BOX_3D); }
static void everywhere(void) { in_both_spaces(SPATIO_QUERY_EVERYWHERE); }
static void the_nearest(void) { in_both_spaces(SPATIO_QUERY_NEAREST); }
static void boxes_around(void) { in_both_spaces(SPATIO_QUERY_BOX_AROUND); }
static void boxes_3d_around(void) { in_both_spaces(SPATIO_QUERY_BOX_3D_AROUND); }

/* Compares what a convenient call gave with the query that it stands for. */
static void same_as(const scene *scene, const spatio_query *query, spatio_result *result,
                    const spatio_columns *columns)
{
    EQ_U64(columns->queries, 1);
    oracle_compare(&scene->objects, query, NULL, 0, columns, 0);
    spatio_result_free(result);
}

static void convenient_calls_are_queries(void)
{
    scene scene = scene_open(SPATIO_GEOGRAPHIC, 55);
    int round;
    for (round = 0; round < ROUNDS; round++) {
        spatio_query query = draw_query(&scene, SPATIO_QUERY_SPHERE);
        spatio_result *result = NULL;
        spatio_columns columns;
        columns.struct_size = (uint32_t)sizeof columns;
        query.limit = 1 + (uint32_t)prng_below(&scene.dice, 100);
        MUST(spatio_query_radius(scene.f.ns, query.x, query.y, query.z, query.radius, query.limit,
                                 &result, &columns, ERR));
        same_as(&scene, &query, result, &columns);
        result = NULL;
        query.kind = SPATIO_QUERY_BOX;
        MUST(spatio_query_box(scene.f.ns, query.min_x, query.min_y, query.max_x, query.max_y,
                              query.limit, &result, &columns, ERR));
        same_as(&scene, &query, result, &columns);
        result = NULL;
        query.kind = SPATIO_QUERY_NEAREST;
        query.radius = HUGE_VAL;
        MUST(spatio_knn(scene.f.ns, query.x, query.y, query.z, query.limit, &result, &columns,
                        ERR));
        same_as(&scene, &query, result, &columns);
        result = NULL;
        query.kind = SPATIO_QUERY_SPHERE;
        query.radius = scene.reach / 2.0;
        query.flags = SPATIO_QUERY_AROUND_OBJECT;
        query.origin = scene.objects.handles[prng_below(&scene.dice, COUNT)];
        MUST(spatio_query_near(scene.f.ns, query.origin, query.radius, query.limit, &result,
                               &columns, ERR));
        same_as(&scene, &query, result, &columns);
    }
    scene_close(&scene);
}

static void a_limit_of_nothing_finds_nothing(void)
{
    scene scene = scene_open(SPATIO_CARTESIAN, 56);
    uint32_t kind;
    for (kind = SPATIO_QUERY_CIRCLE; kind <= SPATIO_QUERY_BOX_3D_AROUND; kind++) {
        spatio_query query = draw_query(&scene, kind);
        if (kind == SPATIO_QUERY_POLYGON) continue;
        query.limit = 0;
        oracle_ask(scene.f.ns, &scene.objects, &query, NULL, 0);
    }
    scene_close(&scene);
}

static void ties_are_in_the_order_of_ids(void)
{
    static const char *const IDS[4] = {"d", "b", "a", "c"};
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_query query = query_at(SPATIO_QUERY_NEAREST, 0.0, 0.0, 0.0);
    spatio_result *result = NULL;
    spatio_columns columns;
    size_t at;
    for (at = 0; at < 4; at++) put(f.ns, IDS[at], 3.0, 4.0, 0.0, 1);
    query.flags = SPATIO_QUERY_WITH_IDS;
    query.limit = 3;
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_query_run(f.ns, &query, 1, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 3);
    CHECK(columns.ids && memcmp(columns.ids, "abc", 3) == 0);
    EQ_F64(columns.distance[0], 5.0);
    spatio_result_free(result);
    fixture_close(&f);
}

static void what_cannot_be_asked_is_refused(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    spatio_result *result = NULL;
    spatio_query query = query_at(SPATIO_QUERY_CIRCLE, 0.0, 0.0, 0.0);
    query.radius = -1.0;
    FAILS(SPATIO_OUT_OF_RANGE, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    SAYS("radius");
    query = query_at(SPATIO_QUERY_CIRCLE, 181.0, 0.0, 0.0);
    FAILS(SPATIO_OUT_OF_RANGE, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    SAYS("181");
    query = query_at(0, 0.0, 0.0, 0.0);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    SAYS("kind");
    query = query_at(11, 0.0, 0.0, 0.0);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    query = query_at(SPATIO_QUERY_CIRCLE, 0.0, 0.0, 0.0);
    query.flags = 0x80000000u;
    FAILS(SPATIO_UNSUPPORTED, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    SAYS("flags");
    query = query_at(SPATIO_QUERY_BOX, 0.0, 0.0, 0.0);
    query.min_y = 2.0;
    query.max_y = 1.0;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    SAYS("min_y");
    query = query_at(SPATIO_QUERY_POLYGON, 0.0, 0.0, 0.0);
    FAILS(SPATIO_NULL_POINTER, spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    SAYS("polygon");
    spatio_result_free(result);
    fixture_close(&f);
}

void topic_queries(void)
{
    RUN(circles);
    RUN(spheres);
    RUN(cylinders);
    RUN(boxes);
    RUN(boxes_3d);
    RUN(everywhere);
    RUN(the_nearest);
    RUN(boxes_around);
    RUN(boxes_3d_around);
    RUN(convenient_calls_are_queries);
    RUN(a_limit_of_nothing_finds_nothing);
    RUN(ties_are_in_the_order_of_ids);
    RUN(what_cannot_be_asked_is_refused);
}
