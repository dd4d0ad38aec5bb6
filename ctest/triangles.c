/* Triangles in a packed index: which one a ray meets, against every one looked at with arithmetic
 * of its own, and what is refused. */
#include "support/fixture.h"
#include "topics.h"

enum { ITEMS = 500, RAYS = 150 };

/* Where a ray passes through a triangle in space: by the volumes that it spans with the edges. */
static double volume(const double *a, const double *b, const double *c, const double *d)
{
    double x[3], y[3], z[3];
    int k;
    for (k = 0; k < 3; k++) {
        x[k] = b[k] - a[k];
        y[k] = c[k] - a[k];
        z[k] = d[k] - a[k];
    }
    return x[0] * (y[1] * z[2] - y[2] * z[1]) - x[1] * (y[0] * z[2] - y[2] * z[0]) +
           x[2] * (y[0] * z[1] - y[1] * z[0]);
}

static double through(const double *origin, const double *direction, const double *corners)
{
    const double *a = corners, *b = corners + 3, *c = corners + 6;
    double far[3], u, v, w, before, after;
    int k;
    for (k = 0; k < 3; k++) far[k] = origin[k] + direction[k];
    u = volume(origin, far, a, b);
    v = volume(origin, far, b, c);
    w = volume(origin, far, c, a);
    if (!((u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0))) return HUGE_VAL;
    before = volume(a, b, c, origin);
    after = volume(a, b, c, far);
    if (before == after) return HUGE_VAL;
    return before / (before - after) >= 0.0 ? before / (before - after) : HUGE_VAL;
}

static void triangles_are_met_exactly(void)
{
    static double corners[ITEMS * 9];
    double origin[RAYS * 3], direction[RAYS * 3], t[RAYS];
    uint32_t ids[RAYS];
    prng prng = {11};
    spatio_index *index = NULL;
    size_t at, ray, behind = 0, hits = 0;
    for (at = 0; at < ITEMS * 9; at++)
        corners[at] = (double)((at / 9 * 7919 + at % 3 * 104729) % 50) +
                      (double)prng_below(&prng, 16000) / 1000.0;
    for (at = 0; at < RAYS * 3; at++) {
        origin[at] = (double)prng_below(&prng, 50000) / 1000.0;
        direction[at] = (double)prng_below(&prng, 2001) / 1000.0 - 1.0;
    }
    MUST(spatio_index_build_triangles(3, ITEMS, corners, NULL, NULL, &index, ERR));
    MUST(spatio_index_raycast_triangles(index, RAYS, origin, direction, NULL, ids, t, ERR));
    for (ray = 0; ray < RAYS; ray++) {
        double least = HUGE_VAL, box = HUGE_VAL;
        uint32_t first = 0;
        for (at = 0; at < ITEMS; at++)
            least = fmin(least, through(origin + 3 * ray, direction + 3 * ray, corners + 9 * at));
        CHECK((ids[ray] == SPATIO_NO_ITEM) == (least == HUGE_VAL));
        if (ids[ray] == SPATIO_NO_ITEM) {
            CHECK(isnan(t[ray]));
            continue;
        }
        hits++;
        NEAR_F64(t[ray], least, 1e-9);
        NEAR_F64(through(origin + 3 * ray, direction + 3 * ray, corners + 9 * ids[ray]), least,
                 1e-9);
        MUST(spatio_index_raycast_closest(index, 1, origin + 3 * ray, direction + 3 * ray, NULL,
                                          &first, &box, ERR));
        behind += first != ids[ray];
    }
    /* Rays that met nothing but boxes would prove nothing. */
    CHECK(hits > 20 && behind > 5);
    spatio_index_free(index);
}

static void triangles_in_the_plane_and_what_is_none(void)
{
    double corners[] = {0, 0, 4, 0, 0, 4, 10, 0, 10, 5, 12, 0};
    const double origin[] = {-1, 3.5, -1, 1, 5, 5}, direction[] = {1, 0, 1, 0, 1, 1};
    const double far_t[] = {4.0, 9.0, 1.0};
    uint32_t ids[3];
    double t[3], low[2], high[2];
    const uint8_t *payload = NULL;
    size_t length = 0;
    spatio_index *index = NULL, *points = NULL, *four = NULL;
    MUST(spatio_index_build_triangles(2, 2, corners, NULL, NULL, &index, ERR));
    MUST(spatio_index_raycast_triangles(index, 3, origin, direction, far_t, ids, t, ERR));
    CHECK(ids[0] == 0 && ids[1] == 0 && ids[2] == SPATIO_NO_ITEM);
    CHECK(t[0] == 1.0 && t[1] == 1.0 && isnan(t[2]));
    OK(spatio_index_raycast_triangles(index, 3, origin, direction, NULL, ids, NULL, ERR));
    MUST(spatio_index_payload(index, 1, &payload, &length, ERR));
    CHECK(length == 48 && memcmp(payload, corners + 6, 48) == 0);
    ids[0] = 1;
    MUST(spatio_index_boxes(index, 1, ids, low, high, ERR));
    CHECK(low[0] == 10.0 && low[1] == 0.0 && high[0] == 12.0 && high[1] == 5.0);
    MUST(spatio_index_build(2, 2, corners, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &points, ERR));
    FAILS(SPATIO_UNSUPPORTED,
          spatio_index_raycast_triangles(points, 1, origin, direction, NULL, ids, NULL, ERR));
    MUST(spatio_index_build(4, 1, corners, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &four, ERR));
    FAILS(SPATIO_UNSUPPORTED,
          spatio_index_raycast_triangles(four, 1, corners, corners, NULL, ids, NULL, ERR));
    spatio_index_free(points);
    spatio_index_free(four);
    corners[0] = NAN;
    FAILS(SPATIO_OUT_OF_RANGE,
          spatio_index_raycast_triangles(index, 1, corners, direction, NULL, ids, t, ERR));
    ROW(0);
    corners[0] = 0.0;
    FAILS(SPATIO_NULL_POINTER,
          spatio_index_raycast_triangles(index, 1, NULL, direction, NULL, ids, t, ERR));
    FAILS(SPATIO_NULL_POINTER,
          spatio_index_raycast_triangles(index, 1, origin, direction, NULL, NULL, t, ERR));
    spatio_index_free(index);
    index = NULL;
    corners[7] = NAN;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_build_triangles(2, 2, corners, NULL, NULL, &index,
                                                                ERR));
    ROW(1);
    corners[7] = HUGE_VAL;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_build_triangles(2, 2, corners, NULL, NULL, &index,
                                                                ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_build_triangles(4, 1, corners, NULL, NULL, &index,
                                                                ERR));
    SAYS("dims is 4");
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_index_build_triangles(2, SIZE_MAX, corners, NULL, NULL, &index, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_build_triangles(2, 1, NULL, NULL, NULL, &index, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_build_triangles(2, 1, corners, NULL, NULL, NULL, ERR));
    CHECK(index == NULL);
}

void topic_triangles(void)
{
    RUN(triangles_are_met_exactly);
    RUN(triangles_in_the_plane_and_what_is_none);
}
