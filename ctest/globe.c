/* The antimeridian and the poles are ordinary places. */
#include "support/oracle.h"
#include "topics.h"

#define COUNT 500

/* Asks every kind of query that has an origin or a box, at one place of the globe. */
static void ask_at(const fixture *f, const cloud *cloud, double x, double y, double radius)
{
    static const uint32_t KINDS[] = {
        SPATIO_QUERY_CIRCLE, SPATIO_QUERY_SPHERE, SPATIO_QUERY_CYLINDER, SPATIO_QUERY_NEAREST,
        SPATIO_QUERY_BOX_AROUND, SPATIO_QUERY_BOX_3D_AROUND,
    };
    size_t at;
    for (at = 0; at < sizeof KINDS / sizeof KINDS[0]; at++) {
        spatio_query query = query_at(KINDS[at], x, y, 100.0);
        char context[80];
        snprintf(context, sizeof context, "kind %u at %g, %g", (unsigned)KINDS[at], x, y);
        test_context(context);
        query.radius = radius;
        query.width = 8.0;
        query.height = 4.0;
        query.depth = 300.0;
        query.min_z = 50.0;
        query.max_z = 400.0;
        oracle_ask(f->ns, cloud, &query, NULL, 0);
        query.limit = 9;
        oracle_ask(f->ns, cloud, &query, NULL, 0);
    }
    test_context(NULL);
}

/* Moves everything beyond 180 degrees over to the other side. */
static void wrap(const spatio_namespace *ns, cloud *cloud)
{
    size_t row;
    for (row = 0; row < cloud->count; row++) {
        if (cloud->x[row] > 180.0) cloud->x[row] -= 360.0;
    }
    cloud_write(ns, cloud);
}

static cloud draw_cloud(const spatio_namespace *ns, place low, place high, uint64_t seed)
{
    cloud made = cloud_make(SPATIO_GEOGRAPHIC, "o", COUNT);
    prng prng = {seed};
    size_t row;
    for (row = 0; row < COUNT; row++) {
        made.x[row] = prng_between(&prng, low.x, high.x);
        made.y[row] = prng_between(&prng, low.y, high.y);
        made.z[row] = prng_between(&prng, low.z, high.z);
    }
    wrap(ns, &made);
    return made;
}

static void the_antimeridian_divides_nothing(void)
{
    const place low = {170.0, -5.0, 0.0}, high = {190.0, 5.0, 500.0};
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    cloud cloud = draw_cloud(f.ns, low, high, 60);
    ask_at(&f, &cloud, 179.5, 0.0, 400000.0);
    ask_at(&f, &cloud, -179.5, 1.0, 400000.0);
    ask_at(&f, &cloud, 180.0, 0.0, 400000.0);
    ask_at(&f, &cloud, -180.0, 0.0, 400000.0);
    cloud_free(&cloud);
    fixture_close(&f);
}

static void a_box_may_cross_the_antimeridian(void)
{
    const place low = {170.0, -5.0, 0.0}, high = {190.0, 5.0, 500.0};
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    cloud cloud = draw_cloud(f.ns, low, high, 61);
    spatio_query query = query_at(SPATIO_QUERY_BOX, 0.0, 0.0, 0.0);
    query.min_x = 175.0;
    query.max_x = -176.0;
    query.min_y = -3.0;
    query.max_y = 4.0;
    query.min_z = 100.0;
    query.max_z = 300.0;
    oracle_ask(f.ns, &cloud, &query, NULL, 0);
    query.kind = SPATIO_QUERY_BOX_3D;
    oracle_ask(f.ns, &cloud, &query, NULL, 0);
    cloud_free(&cloud);
    fixture_close(&f);
}

static void both_names_of_the_antimeridian_are_one(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    cloud cloud = cloud_make(SPATIO_GEOGRAPHIC, "o", 2);
    spatio_query query = query_at(SPATIO_QUERY_BOX, 0.0, 0.0, 0.0);
    cloud.x[0] = 180.0;
    cloud.x[1] = -180.0;
    cloud_write(f.ns, &cloud);
    query.min_x = 170.0;
    query.max_x = 180.0;
    query.min_y = -1.0;
    query.max_y = 1.0;
    oracle_ask(f.ns, &cloud, &query, NULL, 0);
    query.min_x = -180.0;
    query.max_x = -170.0;
    oracle_ask(f.ns, &cloud, &query, NULL, 0);
    query = query_at(SPATIO_QUERY_CIRCLE, 180.0, 0.0, 0.0);
    query.radius = 0.001;
    oracle_ask(f.ns, &cloud, &query, NULL, 0);
    cloud_free(&cloud);
    fixture_close(&f);
}

static void circles_reach_over_the_poles(void)
{
    const place north_low = {-180.0, 80.0, 0.0}, north_high = {180.0, 90.0, 500.0};
    const place south_low = {-180.0, -90.0, 0.0}, south_high = {180.0, -80.0, 500.0};
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    cloud cloud = draw_cloud(f.ns, north_low, north_high, 62);
    ask_at(&f, &cloud, 30.0, 88.0, 600000.0);
    ask_at(&f, &cloud, -150.0, 89.9, 600000.0);
    ask_at(&f, &cloud, 0.0, 90.0, 300000.0);
    cloud_free(&cloud);
    fixture_close(&f);
    f = fixture_open(SPATIO_GEOGRAPHIC);
    cloud = draw_cloud(f.ns, south_low, south_high, 63);
    ask_at(&f, &cloud, 179.9, -88.0, 600000.0);
    ask_at(&f, &cloud, 77.0, -90.0, 300000.0);
    cloud_free(&cloud);
    fixture_close(&f);
}

static void the_whole_globe_can_be_asked(void)
{
    const place low = {-180.0, -90.0, 0.0}, high = {180.0, 90.0, 500.0};
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    cloud cloud = draw_cloud(f.ns, low, high, 64);
    ask_at(&f, &cloud, 10.0, 45.0, 15000000.0);
    ask_at(&f, &cloud, -170.0, -60.0, 30000000.0);
    cloud_free(&cloud);
    fixture_close(&f);
}

void topic_globe(void)
{
    RUN(the_antimeridian_divides_nothing);
    RUN(a_box_may_cross_the_antimeridian);
    RUN(both_names_of_the_antimeridian_are_one);
    RUN(circles_reach_over_the_poles);
    RUN(the_whole_globe_can_be_asked);
}
