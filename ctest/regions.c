/* Regions: what a packed index finds in them against every box looked at, with arithmetic of its
 * own, and what is refused. */
#include "support/fixture.h"
#include "topics.h"

#define MOST_AXES 4
enum { ITEMS = 600, BUDGET = 120 };

/* Boxes on whole numbers, so that what touches is not a matter of rounding. */
typedef struct boxes {
    uint32_t dims;
    double min[ITEMS * MOST_AXES], max[ITEMS * MOST_AXES];
} boxes;

/* Whether an item belongs to a region; UNSURE where the oracle's own rounding decides. */
enum { OUTSIDE, INSIDE, UNSURE };

static spatio_index *scatter(boxes *boxes, uint32_t dims, uint32_t layout, double side)
{
    prng prng = {dims};
    spatio_index_options options;
    spatio_index *index = NULL;
    size_t at;
    boxes->dims = dims;
    for (at = 0; at < ITEMS * (size_t)dims; at++) {
        boxes->min[at] = (double)prng_below(&prng, 60);
        boxes->max[at] = boxes->min[at] + (side > 0.0 ? (double)prng_below(&prng, 7) : 0.0);
    }
    spatio_index_options_init(&options, sizeof options);
    options.layout = layout;
    OK(spatio_index_build(dims, ITEMS, boxes->min, boxes->max, NULL, NULL, NULL, NULL, NULL,
                          &options, &index, ERR));
    return index;
}

/* The ids, the number and whether there is any are those that the oracle says. */
static void compare(const spatio_index *index, const spatio_region *region, const uint8_t *wanted)
{
    uint8_t seen[ITEMS] = {0}, any = 7;
    spatio_hits *hits = NULL;
    spatio_hit_columns found;
    uint64_t count = 0, row;
    size_t at, inside = 0;
    memset(&found, 0, sizeof found);
    found.struct_size = (uint32_t)sizeof found;
    MUST(spatio_index_search_region(index, region, &hits, &found, ERR));
    MUST(spatio_index_count_region(index, region, &count, ERR));
    MUST(spatio_index_any_region(index, region, &any, ERR));
    EQ_U64(found.queries, 1);
    EQ_U64(count, found.rows);
    EQ_U64(any, count > 0);
    for (row = 0; row < found.rows; row++) {
        REQUIRE(found.ids[row] < ITEMS && !seen[found.ids[row]]);
        seen[found.ids[row]] = 1;
    }
    for (at = 0; at < ITEMS; at++) {
        inside += wanted[at] == INSIDE;
        if (wanted[at] != UNSURE) EQ_U64(seen[at], wanted[at]);
    }
    /* An oracle that always says no would agree with a library that does. */
    CHECK(inside > 0 && inside < ITEMS);
    spatio_hits_free(hits);
}

/* How much further box `at` is from a place on a segment than the radius there. */
static double gap_at(const boxes *boxes, size_t at, const double *from, const double *to,
                     double radius_from, double radius_to, double place)
{
    const uint32_t dims = boxes->dims;
    double sum = 0.0;
    uint32_t k;
    for (k = 0; k < dims; k++) {
        const double x = from[k] + place * (to[k] - from[k]);
        const double low = boxes->min[at * dims + k], high = boxes->max[at * dims + k];
        const double apart = x < low ? low - x : x > high ? x - high : 0.0;
        sum += apart * apart;
    }
    return sqrt(sum) - (radius_from + place * (radius_to - radius_from));
}

/* Looks for the least such gap by thirds: it is convex. */
static void by_thirds(const boxes *boxes, const double *from, const double *to, double radius_from,
                      double radius_to, uint8_t *wanted)
{
    size_t at;
    int round;
    for (at = 0; at < ITEMS; at++) {
        double low = 0.0, high = 1.0, least;
        for (round = 0; round < BUDGET; round++) {
            const double a = low + (high - low) / 3.0, b = high - (high - low) / 3.0;
            if (gap_at(boxes, at, from, to, radius_from, radius_to, a) <=
                gap_at(boxes, at, from, to, radius_from, radius_to, b))
                high = b;
            else
                low = a;
        }
        least = gap_at(boxes, at, from, to, radius_from, radius_to, 0.5 * (low + high));
        wanted[at] = fabs(least) < 1e-7 ? UNSURE : least <= 0.0 ? INSIDE : OUTSIDE;
    }
}

static void balls_capsules_and_cones(void)
{
    static boxes boxes;
    static const double FROM[] = {20, 31, 17, 30}, TO[] = {41, 18, 35, 24};
    static const double ALONG[] = {3, -1, 2, 1};
    double end[MOST_AXES], norm = 0.0;
    uint8_t wanted[ITEMS];
    uint32_t dims, layout, k;
    size_t at;
    for (dims = 2; dims <= MOST_AXES; dims++) {
        for (layout = SPATIO_INDEX_FAST; layout <= SPATIO_INDEX_ORIGIN; layout++) {
            spatio_index *index;
            spatio_region *region = NULL;
            if (dims == 4 && layout != SPATIO_INDEX_FAST) continue;
            index = scatter(&boxes, dims, layout, 7.0);
            REQUIRE(index != NULL);
            MUST(spatio_region_ball(dims, FROM, 15.0, &region, ERR));
            for (at = 0; at < ITEMS; at++)
                wanted[at] = gap_at(&boxes, at, FROM, FROM, 15.0, 15.0, 0.0) <= 0.0;
            compare(index, region, wanted);
            spatio_region_free(region);
            MUST(spatio_region_capsule(dims, FROM, TO, 6.5, &region, ERR));
            by_thirds(&boxes, FROM, TO, 6.5, 6.5, wanted);
            compare(index, region, wanted);
            spatio_region_free(region);
            MUST(spatio_region_cone(dims, FROM, ALONG, 0.4, 30.0, &region, ERR));
            for (k = 0, norm = 0.0; k < dims; k++) norm += ALONG[k] * ALONG[k];
            for (k = 0; k < dims; k++) end[k] = FROM[k] + 30.0 * ALONG[k] / sqrt(norm);
            by_thirds(&boxes, FROM, end, 0.0, 30.0 * sin(0.4), wanted);
            compare(index, region, wanted);
            spatio_region_free(region);
            spatio_index_free(index);
        }
    }
}

/* Whether a box reaches to the side of a plane that is kept. */
static int reaches(const boxes *boxes, size_t at, const double *normal, double offset)
{
    double most = 0.0;
    uint32_t k;
    for (k = 0; k < boxes->dims; k++) {
        const double low = normal[k] * boxes->min[at * boxes->dims + k];
        const double high = normal[k] * boxes->max[at * boxes->dims + k];
        most += low > high ? low : high;
    }
    return most >= offset;
}

static void half_spaces_and_frustums(void)
{
    static boxes boxes;
    static const double NORMAL[] = {1, -2, 0, 3};
    static const double PLANES[] = {1, 0, 0, 10,  -1, 0, 1, -20,  0, 1, 0, 5,
                                    0, -2, 1, -60, 0, 0, 1, 12,  -1, -1, -1, -110};
    uint8_t wanted[ITEMS];
    spatio_region *region = NULL;
    spatio_index *index;
    uint32_t dims;
    size_t at, plane;
    for (dims = 2; dims <= MOST_AXES; dims++) {
        index = scatter(&boxes, dims, SPATIO_INDEX_FAST, 7.0);
        REQUIRE(index != NULL);
        MUST(spatio_region_half_space(dims, NORMAL, 20.0, &region, ERR));
        for (at = 0; at < ITEMS; at++)
            wanted[at] = (uint8_t)reaches(&boxes, at, NORMAL, 20.0);
        compare(index, region, wanted);
        spatio_region_free(region);
        if (dims == 3) {
            MUST(spatio_region_frustum(PLANES, &region, ERR));
            for (at = 0; at < ITEMS; at++) {
                wanted[at] = INSIDE;
                for (plane = 0; plane < 6; plane++) {
                    const double *side = PLANES + 4 * plane;
                    if (!reaches(&boxes, at, side, side[3])) wanted[at] = OUTSIDE;
                }
            }
            compare(index, region, wanted);
            spatio_region_free(region);
        }
        spatio_index_free(index);
    }
}

/* Points, which a matrix maps to where they are seen or not; all in whole numbers. */
static void what_a_camera_sees(void)
{
    static boxes boxes;
    static const double MATRIX[] = {2, 0, 1, -60,  0, 2, 1, -60,  0, 0, 2, -30,  0, 0, 1, 0};
    uint8_t wanted[ITEMS];
    spatio_region *region = NULL;
    spatio_index *index = scatter(&boxes, 3, SPATIO_INDEX_BOTH, 0.0);
    uint32_t from_zero;
    size_t at, row;
    REQUIRE(index != NULL);
    for (from_zero = 0; from_zero <= 1; from_zero++) {
        MUST(spatio_region_view_projection(MATRIX, from_zero, &region, ERR));
        for (at = 0; at < ITEMS; at++) {
            const double *p = boxes.min + 3 * at;
            double clip[4];
            for (row = 0; row < 4; row++) {
                const double *of = MATRIX + 4 * row;
                clip[row] = of[0] * p[0] + of[1] * p[1] + of[2] * p[2] + of[3];
            }
            wanted[at] = fabs(clip[0]) <= clip[3] && fabs(clip[1]) <= clip[3] &&
                         clip[2] <= clip[3] && clip[2] >= (from_zero ? 0.0 : -clip[3]);
        }
        compare(index, region, wanted);
        spatio_region_free(region);
    }
    spatio_index_free(index);
}

/* Whether a box lies wholly on the outer side of an edge of a triangle that turns left. */
static int is_right_of(const boxes *boxes, size_t at, const double *a, const double *b)
{
    const double *min = boxes->min + at * boxes->dims, *max = boxes->max + at * boxes->dims;
    int corner, right = 0;
    for (corner = 0; corner < 4; corner++) {
        const double x = corner & 1 ? min[0] : max[0], y = corner & 2 ? min[1] : max[1];
        right += (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) < 0.0;
    }
    return right == 4;
}

/* Both lie on the first two axes, whatever the index has. */
static void triangles_and_polygons(void)
{
    static boxes boxes;
    /* The point inside adds nothing to the hull. */
    static const double CORNERS[] = {5, 10, 50, 20, 22, 24, 18, 55};
    static const double SQUARE[] = {10, 10, 50, 10, 50, 50, 10, 50, 20, 20, 40, 20, 40, 40, 20, 40};
    static const uint64_t RINGS[] = {0, 4, 8};
    uint8_t wanted[ITEMS];
    spatio_polygon *polygon = NULL;
    spatio_region *convex = NULL, *holed = NULL;
    uint32_t dims;
    size_t at;
    MUST(spatio_region_convex(4, CORNERS, &convex, ERR));
    MUST(spatio_polygon_new(2, RINGS, SQUARE, 0, NULL, &polygon, ERR));
    MUST(spatio_region_polygon(polygon, &holed, ERR));
    spatio_polygon_free(polygon);
    for (dims = 2; dims <= MOST_AXES; dims++) {
        spatio_index *index = scatter(&boxes, dims, SPATIO_INDEX_FAST, 7.0);
        REQUIRE(index != NULL);
        for (at = 0; at < ITEMS; at++) {
            const double *min = boxes.min + at * dims, *max = boxes.max + at * dims;
            wanted[at] = !(max[0] < 5 || min[0] > 50 || max[1] < 10 || min[1] > 55) &&
                         !is_right_of(&boxes, at, CORNERS, CORNERS + 2) &&
                         !is_right_of(&boxes, at, CORNERS + 2, CORNERS + 6) &&
                         !is_right_of(&boxes, at, CORNERS + 6, CORNERS);
        }
        compare(index, convex, wanted);
        for (at = 0; at < ITEMS; at++) {
            const double *min = boxes.min + at * dims, *max = boxes.max + at * dims;
            wanted[at] = !(max[0] < 10 || min[0] > 50 || max[1] < 10 || min[1] > 50) &&
                         !(min[0] > 20 && max[0] < 40 && min[1] > 20 && max[1] < 40);
        }
        compare(index, holed, wanted);
        spatio_index_free(index);
    }
    spatio_region_free(convex);
    spatio_region_free(holed);
}

static void what_is_no_region(void)
{
    static const double AT[] = {1, 1, 1, 1}, ZERO[] = {0, 0, 0, 0};
    double odd[24] = {0};
    spatio_region *region = NULL;
    odd[22] = NAN;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_ball(1, AT, 1.0, &region, ERR));
    SAYS("dims is 1");
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_ball(2, AT, -1.0, &region, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_ball(2, AT, NAN, &region, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_capsule(3, AT, odd + 20, 1.0, &region, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_cone(3, AT, ZERO, 0.5, 1.0, &region, ERR));
    FAILS(SPATIO_OUT_OF_RANGE, spatio_region_cone(3, AT, AT, 2.0, 1.0, &region, ERR));
    SAYS("half_angle");
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_half_space(4, odd + 20, 1.0, &region, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_convex(0, AT, &region, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_convex(SIZE_MAX, AT, &region, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_convex(2, odd + 20, &region, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_frustum(odd, &region, ERR));
    ROW(5);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_region_view_projection(odd + 8, 0, &region, ERR));
    CHECK(region == NULL);
    FAILS(SPATIO_NULL_POINTER, spatio_region_ball(2, NULL, 1.0, &region, ERR));
    SAYS("centre");
    FAILS(SPATIO_NULL_POINTER, spatio_region_ball(2, AT, 1.0, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_region_capsule(2, AT, NULL, 1.0, &region, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_region_cone(2, AT, NULL, 1.0, 1.0, &region, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_region_half_space(2, NULL, 1.0, &region, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_region_convex(1, NULL, &region, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_region_polygon(NULL, &region, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_region_frustum(NULL, &region, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_region_view_projection(NULL, 1, &region, ERR));
    spatio_region_free(NULL);
}

static void regions_of_other_axes(void)
{
    static boxes boxes;
    static const double AT[] = {1, 1, 1};
    spatio_index *index = scatter(&boxes, 2, SPATIO_INDEX_FAST, 0.0);
    spatio_region *region = NULL;
    spatio_hits *hits = NULL;
    uint64_t count = 0;
    uint8_t any = 0;
    MUST(spatio_region_ball(3, AT, 1.0, &region, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_search_region(index, region, &hits, NULL, ERR));
    SAYS("index has 2 axes, region has 3");
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_count_region(index, region, &count, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_any_region(index, region, &any, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_search_region(NULL, region, &hits, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_search_region(index, NULL, &hits, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_search_region(index, region, NULL, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_count_region(index, NULL, &count, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_any_region(NULL, region, &any, ERR));
    spatio_region_free(region);
    MUST(spatio_region_ball(2, AT, 1.0, &region, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_count_region(index, region, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_any_region(index, region, NULL, ERR));
    CHECK(hits == NULL);
    spatio_region_free(region);
    spatio_index_free(index);
}

void topic_regions(void)
{
    RUN(balls_capsules_and_cones);
    RUN(half_spaces_and_frustums);
    RUN(what_a_camera_sees);
    RUN(triangles_and_polygons);
    RUN(what_is_no_region);
    RUN(regions_of_other_axes);
}
