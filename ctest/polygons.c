/* Polygons: with holes, several at once, their borders, and what is not one. */
#include "support/oracle.h"
#include "topics.h"

/* A square with a square hole. */
static const double FRAME_XY[] = {0, 0, 10, 0, 10, 10, 0, 10, 3, 3, 7, 3, 7, 7, 3, 7};
static const uint64_t FRAME_RINGS[] = {0, 4, 8};

/* A frame, a star of five points in place of a plain hole, and a triangle apart; rings closed or
 * open, in either direction. */
static const double MANY_XY[] = {
    -40, -30, 40, -30, 40, 30, -40, 30, -40, -30,
    0, 20, -4, 6, -19, 6, -7, -3, -12, -17, 0, -8, 12, -17, 7, -3, 19, 6, 4, 6,
    50, 0, 90, 5, 60, 40, 50, 0,
};
static const uint64_t MANY_RINGS[] = {0, 5, 15, 19};
static const uint64_t MANY_POLYGONS[] = {0, 2, 3};

static spatio_polygon *make(const rings *rings)
{
    spatio_polygon *polygon = NULL;
    OK(spatio_polygon_new(rings->ring_count, rings->ring_offsets, rings->xy, rings->polygon_count,
                          rings->polygon_offsets, &polygon, ERR));
    return polygon;
}

static rings frame(void)
{
    rings rings = {2, FRAME_RINGS, FRAME_XY, 0, NULL};
    return rings;
}

static rings many(void)
{
    rings rings = {3, MANY_RINGS, MANY_XY, 2, MANY_POLYGONS};
    return rings;
}

static void compare_inside(const rings *rings, uint64_t seed)
{
    enum { POINTS = 2000 };
    double x[POINTS], y[POINTS];
    uint8_t inside[POINTS];
    prng prng = {seed};
    spatio_polygon *polygon = make(rings);
    size_t at, count = 0;
    for (at = 0; at < POINTS; at++) {
        x[at] = prng_between(&prng, -50.0, 100.0);
        y[at] = prng_between(&prng, -40.0, 50.0);
    }
    MUST(spatio_polygon_contains(polygon, POINTS, x, y, inside, ERR));
    for (at = 0; at < POINTS; at++) {
        EQ_U64(inside[at], oracle_in_rings(rings, x[at], y[at]));
        count += inside[at];
    }
    CHECK(count > 0 && count < POINTS);
    spatio_polygon_free(polygon);
}

static void inside_is_what_counting_edges_says(void)
{
    const rings one = frame(), several = many();
    compare_inside(&one, 50);
    compare_inside(&several, 51);
}

static void borders_are_inside(void)
{
    const rings rings = frame();
    const double x[7] = {0.0, 5.0, 10.0, 3.0, 5.0, 5.0, 10.000000001};
    const double y[7] = {0.0, 0.0, 10.0, 3.0, 7.0, 5.0, 5.0};
    const uint8_t wanted[7] = {1, 1, 1, 1, 1, 0, 0};
    uint8_t inside[7];
    spatio_polygon *polygon = make(&rings);
    MUST(spatio_polygon_contains(polygon, 7, x, y, inside, ERR));
    CHECK(memcmp(inside, wanted, 7) == 0);
    spatio_polygon_free(polygon);
}

static void queries_find_what_is_inside(void)
{
    const place low = {-50.0, -40.0, 0.0}, high = {100.0, 50.0, 10.0};
    uint32_t space;
    for (space = SPATIO_GEOGRAPHIC; space <= SPATIO_CARTESIAN; space++) {
        fixture f = fixture_open(space);
        cloud cloud = cloud_fill(f.ns, space, "o", 600, low, high, 52 + space);
        const rings rings = many();
        spatio_polygon *polygon = make(&rings);
        spatio_query query = query_at(SPATIO_QUERY_POLYGON, 0.0, 0.0, 0.0);
        spatio_result *result = NULL;
        spatio_columns columns;
        columns.struct_size = (uint32_t)sizeof columns;
        query.polygon = polygon;
        oracle_ask(f.ns, &cloud, &query, &rings, 0);
        query.limit = 20;
        oracle_ask(f.ns, &cloud, &query, &rings, 0);
        query.min_altitude = 5.0;
        query.limit = SPATIO_NO_LIMIT;
        oracle_ask(f.ns, &cloud, &query, &rings, 0);
        query.min_altitude = -HUGE_VAL;
        if (OK(spatio_query_polygon(f.ns, polygon, SPATIO_NO_LIMIT, &result, &columns, ERR))) {
            oracle_compare(&cloud, &query, &rings, 0, &columns, 0);
            CHECK(columns.distance == NULL);
        }
        spatio_result_free(result);
        spatio_polygon_free(polygon);
        cloud_free(&cloud);
        fixture_close(&f);
    }
}

static void what_is_not_a_polygon_is_refused(void)
{
    static const double BOW[] = {0, 0, 10, 10, 10, 0, 0, 10};
    static const double BAD[] = {0, 0, 10, 0, 10, NAN};
    static const double OUTSIDE[] = {0, 0, 10, 0, 10, 10, 0, 10, 20, 20, 21, 20, 21, 21};
    static const uint64_t TWO_RINGS[] = {0, 4, 7};
    static const uint64_t FOUR[] = {0, 4}, THREE[] = {0, 3}, TWO[] = {0, 2};
    static const uint64_t BACK[] = {0, 4, 3}, NO_RINGS[] = {0, 0};
    static const uint64_t HUGE_END[] = {0, UINT64_MAX}, WRONG[] = {0, 2}, WRAPS[] = {0, 1ull << 60};
    spatio_polygon *polygon = NULL;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_polygon_new(1, FOUR, BOW, 0, NULL, &polygon, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_polygon_new(1, TWO, BOW, 0, NULL, &polygon, ERR));
    FAILS(SPATIO_OUT_OF_RANGE, spatio_polygon_new(1, THREE, BAD, 0, NULL, &polygon, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_polygon_new(2, TWO_RINGS, OUTSIDE, 0, NULL, &polygon,
                                                      ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_polygon_new(2, BACK, OUTSIDE, 0, NULL, &polygon, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_polygon_new(0, NO_RINGS, BOW, 0, NULL, &polygon, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_polygon_new(1, HUGE_END, BOW, 0, NULL, &polygon, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_polygon_new(1, WRAPS, BOW, 0, NULL, &polygon, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_polygon_new(1, FOUR, FRAME_XY, 1, WRONG, &polygon, ERR));
    CHECK(polygon == NULL);
}

static void a_polygon_off_the_globe_is_refused_by_a_geographic_query(void)
{
    static const double XY[] = {170, 0, 190, 0, 190, 10, 170, 10};
    static const uint64_t RING[] = {0, 4};
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    spatio_polygon *polygon = NULL;
    spatio_result *result = NULL;
    MUST(spatio_polygon_new(1, RING, XY, 0, NULL, &polygon, ERR));
    FAILS(SPATIO_OUT_OF_RANGE, spatio_query_polygon(f.ns, polygon, 9, &result, NULL, ERR));
    SAYS("190");
    spatio_result_free(result);
    spatio_polygon_free(polygon);
    fixture_close(&f);
}

void topic_polygons(void)
{
    RUN(inside_is_what_counting_edges_says);
    RUN(borders_are_inside);
    RUN(queries_find_what_is_inside);
    RUN(what_is_not_a_polygon_is_refused);
    RUN(a_polygon_off_the_globe_is_refused_by_a_geographic_query);
}
