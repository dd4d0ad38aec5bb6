/* Packed indexes: answers against every box looked at, in memory, as bytes and as a file; answers
 * that are filled anew; many threads. */
#include "support/fixture.h"
#include "support/platform.h"
#include "topics.h"

#define MOST_AXES 4
enum { ITEMS = 700, ASKED = 40 };

/* Boxes on whole numbers, so that what touches is not a matter of rounding. */
typedef struct boxes {
    uint32_t dims;
    double min[ITEMS * MOST_AXES], max[ITEMS * MOST_AXES];
} boxes;

static void scatter(boxes *boxes, uint32_t dims, uint64_t seed)
{
    prng prng = {seed};
    size_t at;
    boxes->dims = dims;
    for (at = 0; at < ITEMS * (size_t)dims; at++) {
        boxes->min[at] = (double)prng_below(&prng, 200);
        boxes->max[at] = boxes->min[at] + (double)prng_below(&prng, 9);
    }
}

static spatio_index *build(const boxes *boxes, uint32_t layout)
{
    spatio_index_options options;
    spatio_index *index = NULL;
    spatio_index_options_init(&options, sizeof options);
    options.layout = layout;
    OK(spatio_index_build(boxes->dims, ITEMS, boxes->min, boxes->max, NULL, NULL, NULL, NULL, NULL,
                          &options, &index, ERR));
    return index;
}

static spatio_hit_columns hit_columns(void)
{
    spatio_hit_columns columns;
    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    return columns;
}

/* The gap between box `a` of one and box `b` of another, squared; exact in whole numbers. */
static double gap(const boxes *one, size_t a, const boxes *two, size_t b)
{
    const uint32_t dims = one->dims;
    double sum = 0.0;
    uint32_t k;
    for (k = 0; k < dims; k++) {
        const double under = one->min[a * dims + k] - two->max[b * dims + k];
        const double over = two->min[b * dims + k] - one->max[a * dims + k];
        const double apart = under > over ? under : over;
        if (apart > 0.0) sum += apart * apart;
    }
    return sum;
}

/* The ids of a query are these of the items no further than so far: each once. */
static void same_items(const spatio_hit_columns *found, size_t query, const boxes *items,
                       const boxes *asked, double far_squared)
{
    uint8_t seen[ITEMS] = {0};
    uint64_t row;
    size_t at;
    for (row = found->offsets[query]; row < found->offsets[query + 1]; row++) {
        REQUIRE(found->ids[row] < ITEMS && !seen[found->ids[row]]);
        seen[found->ids[row]] = 1;
    }
    for (at = 0; at < ITEMS; at++) EQ_U64(seen[at], gap(items, at, asked, query) <= far_squared);
}

static void compare_windows(const spatio_index *index, const boxes *items, const boxes *asked)
{
    spatio_hits *hits = NULL;
    spatio_hit_columns found = hit_columns();
    uint64_t counts[ASKED];
    uint8_t any[ASKED];
    double radii[ASKED];
    size_t q;
    MUST(spatio_index_search(index, ASKED, asked->min, asked->max, &hits, &found, ERR));
    MUST(spatio_index_count(index, ASKED, asked->min, asked->max, counts, ERR));
    MUST(spatio_index_any(index, ASKED, asked->min, asked->max, any, ERR));
    EQ_U64(found.queries, ASKED);
    EQ_U64(found.rows, found.offsets[ASKED]);
    for (q = 0; q < ASKED; q++) {
        same_items(&found, q, items, asked, 0.0);
        EQ_U64(counts[q], found.offsets[q + 1] - found.offsets[q]);
        EQ_U64(any[q], counts[q] > 0);
        radii[q] = 10.0;
    }
    MUST(spatio_index_search_within(index, ASKED, asked->min, asked->max, radii, &hits, &found,
                                    ERR));
    for (q = 0; q < ASKED; q++) same_items(&found, q, items, asked, 100.0);
    spatio_hits_free(hits);
}

static void compare_nearest(const spatio_index *index, const boxes *items, const boxes *asked)
{
    enum { K = 20 };
    spatio_hits *hits = NULL;
    spatio_hit_columns found = hit_columns();
    size_t q, at, nearer;
    MUST(spatio_index_nearest(index, ASKED, asked->min, asked->max, K, NULL, &hits, NULL, ERR));
    STATUS(SPATIO_OK, spatio_hits_columns(hits, &found));
    EQ_U64(found.rows, ASKED * K);
    for (q = 0; q < ASKED; q++) {
        const uint32_t *ids = found.ids + q * K;
        const double *distance = found.distance + q * K;
        const double last = gap(items, ids[K - 1], asked, q);
        for (at = 0; at < K; at++) {
            const double here = gap(items, ids[at], asked, q);
            NEAR_F64(distance[at], sqrt(here), 1e-12);
            if (at == 0) continue;
            CHECK(gap(items, ids[at - 1], asked, q) < here ||
                  (gap(items, ids[at - 1], asked, q) == here && ids[at - 1] < ids[at]));
        }
        for (at = 0, nearer = 0; at < ITEMS; at++) {
            const double here = gap(items, at, asked, q);
            nearer += here < last || (here == last && at <= ids[K - 1]);
        }
        EQ_U64(nearer, K);
    }
    spatio_hits_free(hits);
}

static void compare_pairs(const spatio_index *index, const boxes *items)
{
    spatio_hits *hits = NULL;
    spatio_hit_columns found = hit_columns();
    uint64_t count = 0, row;
    size_t a, b;
    MUST(spatio_index_pairs(index, 3.0, NULL, &hits, &found, ERR));
    for (a = 0; a < ITEMS; a++) {
        for (b = a + 1; b < ITEMS; b++) count += gap(items, a, items, b) <= 9.0;
    }
    EQ_U64(found.rows, count);
    for (row = 0; row < found.rows; row++) {
        CHECK(found.ids[row] < found.others[row]);
        CHECK(gap(items, found.ids[row], items, found.others[row]) <= 9.0);
    }
    MUST(spatio_index_join(index, index, 3.0, NULL, &hits, &found, ERR));
    EQ_U64(found.rows, 2 * count + ITEMS);
    spatio_hits_free(hits);
}

static void answers_are_those_of_looking_at_every_box(void)
{
    static boxes items, asked;
    uint32_t dims, layout;
    for (dims = 2; dims <= MOST_AXES; dims++) {
        scatter(&items, dims, dims);
        scatter(&asked, dims, 10 + dims);
        for (layout = SPATIO_INDEX_FAST; layout <= SPATIO_INDEX_BOTH; layout++) {
            spatio_index *index;
            if (dims == 4 && layout != SPATIO_INDEX_FAST) continue;
            index = build(&items, layout);
            if (!CHECK(index != NULL)) continue;
            compare_windows(index, &items, &asked);
            compare_nearest(index, &items, &asked);
            if (dims == 2) compare_pairs(index, &items);
            STATUS(SPATIO_OK, spatio_index_verify(index, ERR));
            spatio_index_free(index);
        }
    }
}

/* A wall of unit boxes along x, and rays along it. */
static void rays_enter_in_order(void)
{
    double min[20], max[20], t[3];
    const double origin[] = {-1, 0.5, 20, 0.5, 5, 5}, direction[] = {1, 0, -2, 0, 0, 1};
    const double far_t[] = {3.0, HUGE_VAL, HUGE_VAL};
    uint32_t ids[3];
    uint8_t any[3];
    spatio_index *index = NULL;
    spatio_hits *hits = NULL;
    spatio_hit_columns found = hit_columns();
    size_t at;
    for (at = 0; at < 10; at++) {
        min[2 * at] = (double)at + 0.25;
        min[2 * at + 1] = 0.0;
        max[2 * at] = (double)at + 0.75;
        max[2 * at + 1] = 1.0;
    }
    MUST(spatio_index_build(2, 10, min, max, NULL, NULL, NULL, NULL, NULL, NULL, &index, ERR));
    MUST(spatio_index_raycast(index, 3, origin, direction, far_t, &hits, &found, ERR));
    EQ_U64(found.offsets[1], 2);
    EQ_U64(found.offsets[2], 12);
    EQ_U64(found.offsets[3], 12);
    EQ_U64(found.ids[1], 1);
    EQ_F64(found.distance[1], 2.25);
    EQ_U64(found.ids[2], 9);
    EQ_F64(found.distance[2], 5.125);
    MUST(spatio_index_raycast_any(index, 3, origin, direction, NULL, any, ERR));
    CHECK(any[0] == 1 && any[1] == 1 && any[2] == 0);
    MUST(spatio_index_raycast_closest(index, 3, origin, direction, NULL, ids, t, ERR));
    CHECK(ids[0] == 0 && ids[1] == 9 && ids[2] == SPATIO_NO_ITEM);
    CHECK(t[0] == 1.25 && t[1] == 5.125 && isnan(t[2]));
    OK(spatio_index_raycast_closest(index, 3, origin, direction, NULL, ids, NULL, ERR));
    spatio_hits_free(hits);
    spatio_index_free(index);
}

static void polygons_and_the_globe(void)
{
    static const double TOWNS[] = {13.4, 52.5, 2.35, 48.86, 179.9, -17.1, -179.8, -16.5};
    static const double XY[] = {0, 45, 15, 45, 15, 55, 0, 55};
    static const uint64_t RING[] = {0, 4};
    const double lon = 180.0, lat = -17.0, far_m = 1e5;
    spatio_polygon *polygon = NULL;
    spatio_index *index = NULL;
    spatio_hits *hits = NULL;
    spatio_hit_columns found = hit_columns();
    MUST(spatio_index_build(2, 4, TOWNS, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &index, ERR));
    MUST(spatio_polygon_new(1, RING, XY, 0, NULL, &polygon, ERR));
    MUST(spatio_index_search_polygon(index, polygon, &hits, &found, ERR));
    EQ_U64(found.rows, 2);
    EQ_U64(found.ids[0] + found.ids[1], 1);
    MUST(spatio_index_nearest_great_circle(index, 1, &lon, &lat, 3, NULL, &hits, &found, ERR));
    EQ_U64(found.rows, 3);
    CHECK(found.ids[0] == 2 && found.ids[1] == 3);
    NEAR_F64(found.distance[0], 15362.0, 50.0);
    MUST(spatio_index_search_great_circle(index, 1, &lon, &lat, &far_m, &hits, &found, ERR));
    EQ_U64(found.rows, 2);
    spatio_polygon_free(polygon);
    spatio_hits_free(hits);
    spatio_index_free(index);
}

static void what_stands_beside_the_boxes_comes_back(void)
{
    static const double AT[] = {0, 0, 1, 1, 2, 2};
    static const uint64_t OFFSETS[] = {0, 3, 3, 7};
    static const double VALUES[] = {1.5, -2.0, 8.0};
    static const double LOW[] = {-1, -1}, HIGH[] = {1, 1};
    const uint32_t ids[] = {2, 0, 1};
    spatio_index_options options;
    spatio_index_metadata said, told;
    spatio_index_info info;
    spatio_index *index = NULL;
    spatio_hits *hits = NULL;
    spatio_hit_columns found = hit_columns();
    const uint8_t *payload = NULL;
    size_t length = 9;
    uint64_t count = 0;
    double min[6], max[6], sum = 0.0, least = 0.0, greatest = 0.0;
    memset(&said, 0, sizeof said);
    said.struct_size = told.struct_size = (uint32_t)sizeof said;
    info.struct_size = (uint32_t)sizeof info;
    said.crs = "EPSG:3857";
    said.crs_length = 9;
    said.attribution = "";
    spatio_index_options_init(&options, sizeof options);
    options.layout = SPATIO_INDEX_BOTH;
    MUST(spatio_index_build(2, 3, AT, NULL, OFFSETS, (const uint8_t *)"onefour", VALUES, NULL,
                            &said, &options, &index, ERR));
    MUST(spatio_index_get_info(index, &info, ERR));
    CHECK(info.dims == 2 && info.items == 3 && info.has_payloads == 1 && info.has_values == 1);
    CHECK(info.layout == SPATIO_INDEX_BOTH && info.coordinate_bits == 64);
    CHECK(info.min[0] == 0.0 && info.max[1] == 2.0 && info.max[2] == 0.0);
    MUST(spatio_index_get_metadata(index, &told, ERR));
    CHECK(told.crs_length == 9 && memcmp(told.crs, "EPSG:3857", 9) == 0);
    CHECK(told.content_type == NULL && told.attribution != NULL && told.attribution_length == 0);
    MUST(spatio_index_payload(index, 2, &payload, &length, ERR));
    CHECK(length == 4 && memcmp(payload, "four", 4) == 0);
    MUST(spatio_index_payload(index, 1, &payload, &length, ERR));
    CHECK(length == 0 && payload != NULL);
    MUST(spatio_index_payloads(index, 3, ids, &hits, &found, ERR));
    CHECK(found.rows == 3 && memcmp(found.payloads, "fourone", 7) == 0);
    CHECK(found.payload_offsets[1] == 4 && found.payload_offsets[3] == 7 && found.ids[0] == 2);
    MUST(spatio_index_boxes(index, 3, ids, min, max, ERR));
    CHECK(min[0] == 2.0 && max[1] == 2.0 && min[4] == 1.0);
    MUST(spatio_index_boxes(index, 3, ids, min, NULL, ERR));
    MUST(spatio_index_aggregate(index, 1, LOW, HIGH, &count, &sum, &least, &greatest, NULL, ERR));
    CHECK(count == 2 && sum == -0.5 && least == -2.0 && greatest == 1.5);
    MUST(spatio_index_aggregate(index, 1, LOW, LOW, NULL, &sum, &least, NULL, NULL, ERR));
    CHECK(sum == 0.0 && isnan(least));
    spatio_hits_free(hits);
    spatio_index_free(index);
}

static void files_and_bytes_are_the_same_index(void)
{
    static boxes items, asked;
    char folder[PATH_BYTES], path[PATH_BYTES];
    const uint8_t *bytes = NULL;
    size_t length = 0;
    uint64_t written = 0;
    spatio_index *file = NULL, *copy = NULL;
    spatio_index_info info;
    info.struct_size = (uint32_t)sizeof info;
    platform_make_folder(folder);
    platform_join(path, folder, "boxes.idx");
    scatter(&items, 3, 5);
    scatter(&asked, 3, 6);
    OK(spatio_index_write(path, 3, ITEMS, items.min, items.max, NULL, NULL, NULL, NULL, NULL, NULL,
                          &written, ERR));
    MUST(spatio_index_open(path, &file, ERR));
    MUST(spatio_index_bytes(file, &bytes, &length, ERR));
    EQ_U64(length, written);
    MUST(spatio_index_get_info(file, &info, ERR));
    EQ_U64(info.bytes, written);
    MUST(spatio_index_open_bytes(bytes, length, &copy, ERR));
    /* A mapped file is replaced and not changed. */
    OK(spatio_index_write(path, 2, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ERR));
    compare_windows(file, &items, &asked);
    spatio_index_free(file);
    compare_windows(copy, &items, &asked);
    spatio_index_free(copy);
    MUST(spatio_index_open(path, &file, ERR));
    MUST(spatio_index_get_info(file, &info, ERR));
    CHECK(info.items == 0 && info.min[0] == HUGE_VAL && info.max[1] == -HUGE_VAL);
    spatio_index_free(file);
    platform_remove_folder(folder);
}

static void hits_are_filled_anew_and_outlive_their_index(void)
{
    static boxes items, asked;
    spatio_index *index;
    spatio_hits *hits = NULL, *same;
    spatio_hit_columns found = hit_columns();
    const double nan = NAN;
    const double none[2] = {nan, nan};
    scatter(&items, 2, 3);
    scatter(&asked, 2, 4);
    index = build(&items, SPATIO_INDEX_FAST);
    MUST(spatio_index_search(index, ASKED, asked.min, asked.max, &hits, &found, ERR));
    same = hits;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_search(index, 1, none, NULL, &hits, &found, ERR));
    ROW(0);
    CHECK(hits == same);
    STATUS(SPATIO_OK, spatio_hits_columns(hits, &found));
    CHECK(found.rows == 0 && found.queries == 0);
    MUST(spatio_index_search(index, ASKED, asked.min, asked.max, &hits, &found, ERR));
    CHECK(hits == same);
    spatio_index_free(index);
    same_items(&found, 7, &items, &asked, 0.0);
    spatio_hits_free(hits);
    hits = NULL;
    index = build(&items, SPATIO_INDEX_ORIGIN);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_search(index, 1, none, NULL, &hits, &found, ERR));
    CHECK(hits == NULL);
    spatio_index_free(index);
}

static void a_join_is_stopped(void)
{
    static boxes items;
    spatio_cancel *cancel = spatio_cancel_new();
    spatio_hits *hits = NULL;
    spatio_index *index;
    uint32_t one = 7, two = 7, labels[ITEMS] = {7};
    scatter(&items, 2, 8);
    index = build(&items, SPATIO_INDEX_FAST);
    spatio_cancel_fire(cancel);
    FAILS(SPATIO_CANCELLED, spatio_index_pairs(index, 500.0, cancel, &hits, NULL, ERR));
    FAILS(SPATIO_CANCELLED, spatio_index_join(index, index, 1.0, cancel, &hits, NULL, ERR));
    FAILS(SPATIO_CANCELLED, spatio_index_anti_join(index, index, 1.0, cancel, &hits, NULL, ERR));
    CHECK(hits == NULL);
    FAILS(SPATIO_CANCELLED, spatio_index_closest_pair(index, NULL, cancel, &one, &two, NULL, ERR));
    FAILS(SPATIO_CANCELLED, spatio_index_closest_pair(index, index, cancel, &one, &two, NULL, ERR));
    CHECK(one == 7 && two == 7);
    FAILS(SPATIO_CANCELLED, spatio_index_components(index, 1.0, cancel, ITEMS, labels, ERR));
    CHECK(labels[0] == 7);
    spatio_cancel_reset(cancel);
    OK(spatio_index_anti_join(index, index, 1.0, cancel, &hits, NULL, ERR));
    OK(spatio_index_closest_pair(index, NULL, cancel, &one, &two, NULL, ERR));
    OK(spatio_index_components(index, 1.0, cancel, ITEMS, labels, ERR));
    OK(spatio_index_pairs(index, 500.0, cancel, &hits, NULL, ERR));
    spatio_cancel_free(cancel);
    spatio_hits_free(hits);
    spatio_index_free(index);
}

void topic_indexes(void)
{
    RUN(answers_are_those_of_looking_at_every_box);
    RUN(rays_enter_in_order);
    RUN(polygons_and_the_globe);
    RUN(what_stands_beside_the_boxes_comes_back);
    RUN(files_and_bytes_are_the_same_index);
    RUN(hits_are_filled_anew_and_outlive_their_index);
    RUN(a_join_is_stopped);
}
