/* The answers that a query must have, found the obvious, slow way: by looking at every object.
 *
 * Geographic distances are haversine on the mean Earth radius, others Euclidean. Nothing here is
 * shared with the library. */
#ifndef SPATIO_CTEST_ORACLE_H
#define SPATIO_CTEST_ORACLE_H

#include "fixture.h"

#define EARTH_RADIUS_M 6371008.8

typedef struct place {
    double x, y, z;
} place;

/* Objects that a namespace was filled with, a column for each field. */
typedef struct cloud {
    uint32_t space;
    size_t count;
    id_list ids;
    uint64_t *handles;
    double *x, *y, *z;
    int64_t *time_us;
} cloud;

/* Draws objects between two corners and writes them in one batch; times are 1 to 1000. */
cloud cloud_fill(const spatio_namespace *ns, uint32_t space, const char *prefix, size_t count,
                 place low, place high, uint64_t seed);
/* Takes the places of a cloud that were set by hand, and writes them. */
void cloud_write(const spatio_namespace *ns, cloud *cloud);
/* Room for `count` objects at 0, 0, 0 and time 1, not written yet. */
cloud cloud_make(uint32_t space, const char *prefix, size_t count);
void cloud_free(cloud *cloud);
/* The row of a handle, or the count. */
size_t cloud_row(const cloud *cloud, uint64_t handle);

double oracle_haversine_m(double x1, double y1, double x2, double y2);
/* Along the ground, or in the plane. */
double oracle_ground(uint32_t space, place a, place b);
/* With the difference in height. */
double oracle_solid(uint32_t space, place a, place b);

/* Rings in one row of numbers, as spatio_polygon_new takes them. */
typedef struct rings {
    size_t ring_count;
    const uint64_t *ring_offsets;
    const double *xy;
    size_t polygon_count;
    /* NULL: one polygon of all rings. */
    const uint64_t *polygon_offsets;
} rings;

/* Whether a point lies in any of the polygons, by counting the edges to its right. Not for points
 * on a border. */
int oracle_in_rings(const rings *rings, double x, double y);

/* Whether object `row` belongs to the answer, and its distance (NAN where there is none). `origin`
 * is the place of the origin, `rings` the polygon's, `now_us` the clock's. */
int oracle_takes(const cloud *cloud, size_t row, const spatio_query *query, place origin,
                 const rings *rings, int64_t now_us, double *distance);

/* Checks the rows of one query of an answer: exactly the objects that the oracle takes (or `limit`
 * of them, the nearest where there is an origin), each once, with its columns, in order. */
void oracle_compare(const cloud *cloud, const spatio_query *query, const rings *rings,
                    int64_t now_us, const spatio_columns *columns, size_t number);

/* Runs one query and compares. */
void oracle_ask(const spatio_namespace *ns, const cloud *cloud, const spatio_query *query,
                const rings *rings, int64_t now_us);

/* A query of a kind around a coordinate. */
spatio_query query_at(uint32_t kind, double x, double y, double z);

#endif
