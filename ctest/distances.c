/* Distances between objects and places, the convex hull, and the bounds of all objects. */
#include "support/oracle.h"
#include "topics.h"

static void distances_are_those_of_the_oracle(void)
{
    const place low = {-170.0, -80.0, 0.0}, high = {170.0, 80.0, 5000.0};
    const place at = {10.0, 20.0, 300.0};
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    cloud cloud = cloud_fill(f.ns, SPATIO_GEOGRAPHIC, "o", 200, low, high, 70);
    double between[100], to[200];
    size_t row;
    MUST(spatio_distance_between(f.ns, 100, cloud.handles, cloud.handles + 100,
                                 SPATIO_METRIC_HAVERSINE, between, ERR));
    MUST(spatio_distance_to(f.ns, 200, cloud.handles, at.x, at.y, at.z, SPATIO_METRIC_HAVERSINE,
                            to, ERR));
    for (row = 0; row < 200; row++) {
        const place a = {cloud.x[row], cloud.y[row], cloud.z[row]};
        const size_t other = (row + 100) % 200;
        const place b = {cloud.x[other], cloud.y[other], cloud.z[other]};
        double alone = 0.0;
        NEAR_F64(to[row], oracle_solid(SPATIO_GEOGRAPHIC, a, at), 1e-2);
        if (row < 100) NEAR_F64(between[row], oracle_solid(SPATIO_GEOGRAPHIC, a, b), 1e-2);
        OK(spatio_distance(SPATIO_GEOGRAPHIC, SPATIO_METRIC_HAVERSINE, a.x, a.y, a.z, at.x, at.y,
                           at.z, &alone, ERR));
        EQ_F64(alone, to[row]);
    }
    cloud_free(&cloud);
    fixture_close(&f);
}

static double distance(uint32_t space, uint32_t metric, place a, place b)
{
    double metres = -1.0;
    OK(spatio_distance(space, metric, a.x, a.y, a.z, b.x, b.y, b.z, &metres, ERR));
    return metres;
}

static void every_metric_has_its_known_values(void)
{
    const place zero = {0.0, 0.0, 0.0}, east = {1.0, 0.0, 0.0}, north = {0.0, 90.0, 0.0};
    const place up = {3.0, 4.0, 12.0}, jfk = {-73.8, 40.6, 0.0}, lhr = {-0.5, 51.6, 0.0};
    const double degree_m = EARTH_RADIUS_M * 3.14159265358979323846 / 180.0;
    NEAR_F64(distance(SPATIO_GEOGRAPHIC, SPATIO_METRIC_HAVERSINE, zero, east), degree_m, 1e-6);
    NEAR_F64(distance(SPATIO_GEOGRAPHIC, SPATIO_METRIC_RHUMB, zero, east), degree_m, 1e-6);
    /* A degree of the equator and a quarter of a meridian of WGS84. */
    NEAR_F64(distance(SPATIO_GEOGRAPHIC, SPATIO_METRIC_GEODESIC, zero, east), 111319.49079327357,
             1e-6);
    NEAR_F64(distance(SPATIO_GEOGRAPHIC, SPATIO_METRIC_GEODESIC, zero, north), 10001965.729312724,
             1e-5);
    /* The worked example of C. F. F. Karney's GeographicLib, JFK to LHR. */
    NEAR_F64(distance(SPATIO_GEOGRAPHIC, SPATIO_METRIC_GEODESIC, jfk, lhr), 5551759.400, 1e-3);
    NEAR_F64(distance(SPATIO_GEOGRAPHIC, SPATIO_METRIC_EUCLIDEAN, zero, up), 5.0, 1e-12);
    NEAR_F64(distance(SPATIO_CARTESIAN, SPATIO_METRIC_EUCLIDEAN, zero, up), 13.0, 1e-12);
}

static void a_metric_that_has_no_meaning_is_refused(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const uint64_t handle = put(f.ns, "a", 0.0, 0.0, 0.0, 1);
    double out = 0.0;
    FAILS(SPATIO_UNSUPPORTED, spatio_distance(SPATIO_CARTESIAN, SPATIO_METRIC_RHUMB, 0.0, 0.0, 0.0,
                                              1.0, 0.0, 0.0, &out, ERR));
    FAILS(SPATIO_UNSUPPORTED, spatio_distance_to(f.ns, 1, &handle, 0.0, 0.0, 0.0,
                                                 SPATIO_METRIC_HAVERSINE, &out, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_distance(2, SPATIO_METRIC_RHUMB, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, &out, ERR));
    SAYS("space");
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_distance(SPATIO_GEOGRAPHIC, 4, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, &out, ERR));
    SAYS("metric");
    FAILS(SPATIO_OUT_OF_RANGE, spatio_distance(SPATIO_GEOGRAPHIC, SPATIO_METRIC_RHUMB, 0.0, 91.0,
                                               0.0, 1.0, 0.0, 0.0, &out, ERR));
    SAYS("91");
    FAILS(SPATIO_OUT_OF_RANGE, spatio_distance_to(f.ns, 1, &handle, 0.0, NAN, 0.0,
                                                  SPATIO_METRIC_EUCLIDEAN, &out, ERR));
    fixture_close(&f);
}

static void what_is_not_here_has_no_distance(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint64_t a[2], b[2];
    double out[2] = {0.0, 0.0};
    a[0] = put(f.ns, "a", 0.0, 0.0, 0.0, 1);
    a[1] = put(f.ns, "b", 3.0, 4.0, 0.0, 1);
    b[0] = a[1];
    OK(spatio_intern(f.ns, "c", 1, &b[1], ERR));
    OK(spatio_distance_between(f.ns, 2, a, b, SPATIO_METRIC_EUCLIDEAN, out, ERR));
    EQ_F64(out[0], 5.0);
    CHECK(isnan(out[1]));
    b[1] = UINT64_MAX;
    FAILS(SPATIO_NOT_FOUND, spatio_distance_between(f.ns, 2, a, b, SPATIO_METRIC_EUCLIDEAN, out,
                                                    ERR));
    ROW(1);
    fixture_close(&f);
}

/* Twice the area to the left of a to b, of the triangle with c. */
static double turn(const spatio_columns *c, uint64_t a, uint64_t b, double x, double y)
{
    return (c->x[b] - c->x[a]) * (y - c->y[a]) - (c->y[b] - c->y[a]) * (x - c->x[a]);
}

static void the_hull_is_convex_and_around_everything(void)
{
    const place low = {-10.0, -10.0, 0.0}, high = {10.0, 10.0, 5.0};
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o", 300, low, high, 71);
    spatio_result *result = NULL;
    spatio_columns columns;
    uint64_t at;
    size_t row;
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_convex_hull(f.ns, &result, &columns, ERR));
    REQUIRE(columns.rows > 3);
    EQ_F64(columns.x[0], columns.x[columns.rows - 1]);
    EQ_F64(columns.y[0], columns.y[columns.rows - 1]);
    for (at = 0; at + 1 < columns.rows; at++) {
        int is_object = 0;
        for (row = 0; row < cloud.count; row++) {
            CHECK(turn(&columns, at, at + 1, cloud.x[row], cloud.y[row]) >= -1e-9);
            is_object |= cloud.x[row] == columns.x[at] && cloud.y[row] == columns.y[at];
        }
        CHECK(is_object);
        /* Corners only: it turns left at each. */
        CHECK(at == 0 || turn(&columns, at - 1, at, columns.x[at + 1], columns.y[at + 1]) > 0.0);
    }
    spatio_result_free(result);
    cloud_free(&cloud);
    fixture_close(&f);
}

static void bounds_are_the_least_and_the_greatest(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_bounds bounds;
    spatio_result *result = NULL;
    spatio_columns columns;
    memset(&bounds, 0xa5, sizeof bounds);
    bounds.struct_size = (uint32_t)sizeof bounds;
    columns.struct_size = (uint32_t)sizeof columns;
    OK(spatio_get_bounds(f.ns, &bounds, ERR));
    EQ_U64(bounds.is_empty, 1);
    OK(spatio_convex_hull(f.ns, &result, &columns, ERR));
    EQ_U64(columns.rows, 0);
    put(f.ns, "a", 1.0, -7.0, 3.0, 1);
    put(f.ns, "b", -2.0, 5.0, 9.0, 1);
    OK(spatio_get_bounds(f.ns, &bounds, ERR));
    EQ_U64(bounds.struct_size, sizeof bounds);
    EQ_U64(bounds.is_empty, 0);
    EQ_F64(bounds.min_x, -2.0);
    EQ_F64(bounds.min_y, -7.0);
    EQ_F64(bounds.min_z, 3.0);
    EQ_F64(bounds.max_x, 1.0);
    EQ_F64(bounds.max_y, 5.0);
    EQ_F64(bounds.max_z, 9.0);
    spatio_result_free(result);
    fixture_close(&f);
}

void topic_distances(void)
{
    RUN(distances_are_those_of_the_oracle);
    RUN(every_metric_has_its_known_values);
    RUN(a_metric_that_has_no_meaning_is_refused);
    RUN(what_is_not_here_has_no_distance);
    RUN(the_hull_is_convex_and_around_everything);
    RUN(bounds_are_the_least_and_the_greatest);
}
