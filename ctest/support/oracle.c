/* The oracle: brute force over every object. */
#include "oracle.h"

#define PI 3.14159265358979323846

static void *need(size_t bytes)
{
    void *memory = calloc(1, bytes ? bytes : 1);
    if (!memory) abort();
    return memory;
}

cloud cloud_make(uint32_t space, const char *prefix, size_t count)
{
    cloud made;
    size_t row;
    made.space = space;
    made.count = count;
    made.ids = ids_make(prefix, 0, count);
    made.handles = (uint64_t *)need(count * sizeof(uint64_t));
    made.x = (double *)need(count * sizeof(double));
    made.y = (double *)need(count * sizeof(double));
    made.z = (double *)need(count * sizeof(double));
    made.time_us = (int64_t *)need(count * sizeof(int64_t));
    for (row = 0; row < count; row++) made.time_us[row] = 1;
    return made;
}

void cloud_write(const spatio_namespace *ns, cloud *cloud)
{
    uint64_t applied = 0, late = 0;
    OK(spatio_upsert_batch(ns, cloud->count, cloud->ids.offsets, cloud->ids.bytes, cloud->x,
                           cloud->y, cloud->z, cloud->time_us, NULL, NULL, NULL, cloud->handles,
                           &applied, &late, ERR));
    EQ_U64(applied, cloud->count);
    EQ_U64(late, 0);
}

cloud cloud_fill(const spatio_namespace *ns, uint32_t space, const char *prefix, size_t count,
                 place low, place high, uint64_t seed)
{
    cloud made = cloud_make(space, prefix, count);
    prng prng = {seed};
    size_t row;
    for (row = 0; row < count; row++) {
        made.x[row] = prng_between(&prng, low.x, high.x);
        made.y[row] = prng_between(&prng, low.y, high.y);
        made.z[row] = prng_between(&prng, low.z, high.z);
        made.time_us[row] = 1 + (int64_t)prng_below(&prng, 1000);
    }
    cloud_write(ns, &made);
    return made;
}

void cloud_free(cloud *cloud)
{
    ids_free(&cloud->ids);
    free(cloud->handles);
    free(cloud->x);
    free(cloud->y);
    free(cloud->z);
    free(cloud->time_us);
}

size_t cloud_row(const cloud *cloud, uint64_t handle)
{
    size_t row;
    for (row = 0; row < cloud->count && cloud->handles[row] != handle; row++) {}
    return row;
}

double oracle_haversine_m(double x1, double y1, double x2, double y2)
{
    const double rad = PI / 180.0;
    const double lat = sin((y2 - y1) * rad / 2.0), lon = sin((x2 - x1) * rad / 2.0);
    const double a = lat * lat + cos(y1 * rad) * cos(y2 * rad) * lon * lon;
    return 2.0 * EARTH_RADIUS_M * asin(sqrt(a < 1.0 ? a : 1.0));
}

double oracle_ground(uint32_t space, place a, place b)
{
    if (space == SPATIO_GEOGRAPHIC) return oracle_haversine_m(a.x, a.y, b.x, b.y);
    return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

double oracle_solid(uint32_t space, place a, place b)
{
    const double ground = oracle_ground(space, a, b), dz = a.z - b.z;
    return sqrt(ground * ground + dz * dz);
}

static int in_ring(const double *xy, uint64_t points, double x, double y)
{
    uint64_t at;
    int inside = 0;
    for (at = 0; at < points; at++) {
        const double *a = xy + 2 * at, *b = xy + 2 * ((at + 1) % points);
        if ((a[1] > y) != (b[1] > y) && x < a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1])) {
            inside = !inside;
        }
    }
    return inside;
}

int oracle_in_rings(const rings *rings, double x, double y)
{
    const uint64_t all[2] = {0, rings->ring_count};
    const uint64_t *polygons = rings->polygon_offsets ? rings->polygon_offsets : all;
    const size_t count = rings->polygon_offsets ? rings->polygon_count : 1;
    size_t polygon;
    for (polygon = 0; polygon < count; polygon++) {
        uint64_t ring = polygons[polygon];
        int inside = 0;
        for (; ring < polygons[polygon + 1]; ring++) {
            const uint64_t from = rings->ring_offsets[ring], to = rings->ring_offsets[ring + 1];
            if (in_ring(rings->xy + 2 * from, to - from, x, y)) inside = !inside;
        }
        if (inside) return 1;
    }
    return 0;
}

/* Whether a coordinate lies in a box that may cross the antimeridian; +180 and -180 are one. */
static int in_box(uint32_t space, const double box[4], double x, double y)
{
    const double west = box[0], east = box[2];
    if (y < box[1] || y > box[3]) return 0;
    if (space == SPATIO_CARTESIAN) return west <= x && x <= east;
    if (west > east) return x >= west || x <= east;
    if (x == 180.0 || x == -180.0) return west <= -180.0 || east >= 180.0;
    return west <= x && x <= east;
}

/* Whether a place lies in the box of a width and height around a centre. */
static int in_box_around(const spatio_query *query, uint32_t space, place centre, place at)
{
    double dx = fabs(at.x - centre.x);
    if (space == SPATIO_GEOGRAPHIC && dx > 180.0) dx = 360.0 - dx;
    return dx <= query->width / 2.0 && fabs(at.y - centre.y) <= query->height / 2.0;
}

static int takes_shape(const cloud *cloud, const spatio_query *query, place origin, place at,
                       const rings *rings, double *distance)
{
    const double box[4] = {query->min_x, query->min_y, query->max_x, query->max_y};
    const double ground = oracle_ground(cloud->space, origin, at);
    const double solid = oracle_solid(cloud->space, origin, at);
    switch (query->kind) {
    case SPATIO_QUERY_CIRCLE:
        *distance = ground;
        return ground <= query->radius;
    case SPATIO_QUERY_SPHERE:
    case SPATIO_QUERY_NEAREST:
        *distance = solid;
        return solid <= query->radius;
    case SPATIO_QUERY_CYLINDER:
        *distance = ground;
        return ground <= query->radius && query->min_z <= at.z && at.z <= query->max_z;
    case SPATIO_QUERY_BOX_AROUND:
        *distance = ground;
        return in_box_around(query, cloud->space, origin, at);
    case SPATIO_QUERY_BOX_3D_AROUND:
        *distance = solid;
        return in_box_around(query, cloud->space, origin, at)
            && fabs(at.z - origin.z) <= query->depth / 2.0;
    case SPATIO_QUERY_BOX:
        return in_box(cloud->space, box, at.x, at.y);
    case SPATIO_QUERY_BOX_3D:
        return in_box(cloud->space, box, at.x, at.y) && query->min_z <= at.z
            && at.z <= query->max_z;
    case SPATIO_QUERY_POLYGON:
        return oracle_in_rings(rings, at.x, at.y);
    default:
        return query->kind == SPATIO_QUERY_EVERYWHERE;
    }
}

int oracle_takes(const cloud *cloud, size_t row, const spatio_query *query, place origin,
                 const rings *rings, int64_t now_us, double *distance)
{
    const place at = {cloud->x[row], cloud->y[row], cloud->z[row]};
    const uint64_t length = cloud->ids.offsets[row + 1] - cloud->ids.offsets[row];
    *distance = NAN;
    if (at.z < query->min_altitude || at.z > query->max_altitude) return 0;
    if (cloud->time_us[row] < query->since_us) return 0;
    if (query->max_age_us >= 0 && cloud->time_us[row] < now_us - query->max_age_us) return 0;
    if (query->id_prefix_length > length) return 0;
    if (query->id_prefix_length > 0
        && memcmp(cloud->ids.bytes + cloud->ids.offsets[row], query->id_prefix,
                  (size_t)query->id_prefix_length) != 0) {
        return 0;
    }
    if ((query->flags & SPATIO_QUERY_AROUND_OBJECT) && (query->flags & SPATIO_QUERY_EXCLUDE_ORIGIN)
        && cloud->handles[row] == query->origin) {
        return 0;
    }
    return takes_shape(cloud, query, origin, at, rings, distance);
}

static int ascending(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Checks the columns of one row, and that it stands in the answer for the first time. */
static void compare_row(const cloud *cloud, const spatio_columns *columns, uint64_t at,
                        const uint8_t *takes, uint8_t *seen, double tolerance,
                        const double *distances)
{
    const size_t row = cloud_row(cloud, columns->handles[at]);
    if (!CHECK(row < cloud->count)) return;
    CHECK(takes[row]);
    CHECK(!seen[row]);
    seen[row] = 1;
    EQ_F64(columns->x[at], cloud->x[row]);
    EQ_F64(columns->y[at], cloud->y[row]);
    EQ_F64(columns->z[at], cloud->z[row]);
    EQ_I64(columns->time_us[at], cloud->time_us[row]);
    if (isnan(distances[row])) {
        CHECK(!columns->distance || isnan(columns->distance[at]));
    } else if (CHECK(columns->distance != NULL)) {
        NEAR_F64(columns->distance[at], distances[row], tolerance);
    }
}

void oracle_compare(const cloud *cloud, const spatio_query *query, const rings *rings,
                    int64_t now_us, const spatio_columns *columns, size_t number)
{
    /* Haversines differ by rounding, by less than this on the whole globe. */
    const double tolerance = cloud->space == SPATIO_GEOGRAPHIC ? 1e-2 : 1e-9;
    uint8_t *takes = (uint8_t *)need(cloud->count), *seen = (uint8_t *)need(cloud->count);
    double *distances = (double *)need(cloud->count * sizeof(double));
    double *sorted = (double *)need(cloud->count * sizeof(double));
    const uint64_t start = columns->offsets[number], end = columns->offsets[number + 1];
    place origin = {query->x, query->y, query->z};
    uint64_t at, taken = 0;
    size_t row;
    if (query->flags & SPATIO_QUERY_AROUND_OBJECT) {
        row = cloud_row(cloud, query->origin);
        if (CHECK(row < cloud->count)) {
            origin.x = cloud->x[row];
            origin.y = cloud->y[row];
            origin.z = cloud->z[row];
        }
    }
    for (row = 0; row < cloud->count; row++) {
        takes[row] = (uint8_t)oracle_takes(cloud, row, query, origin, rings, now_us,
                                           &distances[row]);
        if (takes[row]) sorted[taken++] = distances[row];
    }
    EQ_U64(end - start, taken < query->limit ? taken : query->limit);
    for (at = start; at < end; at++) {
        compare_row(cloud, columns, at, takes, seen, tolerance, distances);
    }
    if (taken > 0 && !isnan(sorted[0]) && columns->distance) {
        qsort(sorted, (size_t)taken, sizeof(double), ascending);
        for (at = start; at < end && at - start < taken; at++) {
            NEAR_F64(columns->distance[at], sorted[at - start], tolerance);
            CHECK(at == start || columns->distance[at - 1] <= columns->distance[at]);
        }
    }
    free(takes);
    free(seen);
    free(distances);
    free(sorted);
}

void oracle_ask(const spatio_namespace *ns, const cloud *cloud, const spatio_query *query,
                const rings *rings, int64_t now_us)
{
    spatio_result *result = NULL;
    spatio_columns columns;
    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    if (OK(spatio_query_run(ns, query, 1, NULL, &result, &columns, ERR))) {
        EQ_U64(columns.queries, 1);
        EQ_U64(columns.offsets[0], 0);
        EQ_U64(columns.offsets[1], columns.rows);
        oracle_compare(cloud, query, rings, now_us, &columns, 0);
    }
    spatio_result_free(result);
}

spatio_query query_at(uint32_t kind, double x, double y, double z)
{
    spatio_query query;
    spatio_query_init(&query, sizeof query, kind);
    query.x = x;
    query.y = y;
    query.z = z;
    return query;
}
