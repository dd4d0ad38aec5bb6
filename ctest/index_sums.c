/* Packed indexes: what is near nothing, the closest pair, what hangs together, estimates, sums and
 * bits, against every item looked at; prefixes. */
#include "support/fixture.h"
#include "topics.h"

enum { ITEMS = 500, ASKED = 30 };

/* Points on whole numbers, or boxes around them. */
typedef struct cloud {
    uint32_t dims;
    size_t n;
    double min[ITEMS * 3], max[ITEMS * 3];
} cloud;

static void scatter(cloud *cloud, uint32_t dims, size_t n, uint64_t below, uint64_t side,
                    uint64_t seed)
{
    prng prng = {seed};
    size_t at;
    cloud->dims = dims;
    cloud->n = n;
    for (at = 0; at < n * dims; at++) {
        cloud->min[at] = (double)prng_below(&prng, below);
        cloud->max[at] = cloud->min[at] + (double)prng_below(&prng, side);
    }
}

static spatio_index *build(const cloud *cloud)
{
    spatio_index *index = NULL;
    OK(spatio_index_build(cloud->dims, cloud->n, cloud->min, cloud->max, NULL, NULL, NULL, NULL,
                          NULL, NULL, &index, ERR));
    return index;
}

static spatio_hit_columns hit_columns(void)
{
    spatio_hit_columns columns;
    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    return columns;
}

static double gap(const cloud *one, size_t a, const cloud *two, size_t b)
{
    double sum = 0.0;
    uint32_t k;
    for (k = 0; k < one->dims; k++) {
        const double under = one->min[a * one->dims + k] - two->max[b * two->dims + k];
        const double over = two->min[b * two->dims + k] - one->max[a * one->dims + k];
        const double apart = under > over ? under : over;
        if (apart > 0.0) sum += apart * apart;
    }
    return sum;
}

/* The items of one that have none of the other so near. */
static void compare_alone(const cloud *one, const cloud *two, double far)
{
    spatio_index *index = build(one), *other = build(two);
    spatio_hits *hits = NULL;
    spatio_hit_columns found = hit_columns();
    uint8_t seen[ITEMS] = {0};
    uint64_t row;
    size_t a, b, alone = 0;
    MUST(spatio_index_anti_join(index, other, far, NULL, &hits, &found, ERR));
    EQ_U64(found.queries, 1);
    for (row = 0; row < found.rows; row++) seen[found.ids[row]]++;
    for (a = 0; a < one->n; a++) {
        int is_alone = 1;
        for (b = 0; b < two->n; b++) is_alone &= gap(one, a, two, b) > far * far;
        EQ_U64(seen[a], is_alone);
        alone += (size_t)is_alone;
    }
    CHECK(alone > 0 && alone < one->n);
    spatio_hits_free(hits);
    spatio_index_free(index);
    spatio_index_free(other);
}

static void compare_closest(const cloud *one, const cloud *two)
{
    spatio_index *index = build(one), *other = build(two);
    double within = HUGE_VAL, between = HUGE_VAL, distance = 0.0;
    uint32_t a = 0, b = 0;
    size_t i, j;
    for (i = 0; i < one->n; i++) {
        for (j = 0; j < two->n; j++) between = fmin(between, gap(one, i, two, j));
        for (j = i + 1; j < one->n; j++) within = fmin(within, gap(one, i, one, j));
    }
    MUST(spatio_index_closest_pair(index, NULL, NULL, &a, &b, &distance, ERR));
    REQUIRE(a < b && b < one->n);
    EQ_F64(gap(one, a, one, b), within);
    NEAR_F64(distance, sqrt(within), 1e-12);
    MUST(spatio_index_closest_pair(index, other, NULL, &a, &b, NULL, ERR));
    REQUIRE(a < one->n && b < two->n);
    EQ_F64(gap(one, a, two, b), between);
    spatio_index_free(index);
    spatio_index_free(other);
}

/* Labels are the least id of those that can be reached, found by walking on until nothing new. */
static void compare_components(const cloud *items, double far)
{
    spatio_index *index = build(items);
    static uint32_t labels[ITEMS], wanted[ITEMS];
    size_t a, b, groups = 0;
    int changed = 1;
    MUST(spatio_index_components(index, far, NULL, items->n, labels, ERR));
    for (a = 0; a < items->n; a++) wanted[a] = (uint32_t)a;
    while (changed) {
        changed = 0;
        for (a = 0; a < items->n; a++) {
            for (b = 0; b < items->n; b++) {
                if (wanted[b] < wanted[a] && gap(items, a, items, b) <= far * far) {
                    wanted[a] = wanted[b];
                    changed = 1;
                }
            }
        }
    }
    for (a = 0; a < items->n; a++) {
        EQ_U64(labels[a], wanted[a]);
        groups += labels[a] == a;
    }
    CHECK(groups > 1 && groups < items->n);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_components(index, far, NULL, 1, labels, ERR));
    SAYS("n is 1");
    spatio_index_free(index);
}

static void nearness_is_that_of_looking_at_every_pair(void)
{
    static cloud one, two;
    uint32_t dims;
    for (dims = 2; dims <= 3; dims++) {
        const uint64_t wide = dims == 2 ? 160 : 50;
        scatter(&one, dims, ITEMS, wide, 4, dims);
        scatter(&two, dims, ITEMS / 2, wide, 4, 7 + dims);
        compare_alone(&one, &two, 0.0);
        compare_alone(&one, &two, 3.0);
        compare_components(&one, 0.0);
        compare_components(&one, 2.0);
        scatter(&one, dims, 60, 1000, 3, 20 + dims);
        scatter(&two, dims, 40, 1000, 3, 30 + dims);
        compare_closest(&one, &two);
    }
}

static void no_pair_and_other_axes(void)
{
    static const double AT[] = {0, 0, 1, 1, 2, 2};
    spatio_index *none = NULL, *flat = NULL, *solid = NULL;
    spatio_hits *hits = NULL;
    spatio_hit_columns found = hit_columns();
    uint32_t a = 1, b = 1, labels[1];
    double far = 1.0;
    MUST(spatio_index_build(2, 0, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &none, ERR));
    MUST(spatio_index_build(2, 1, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &flat, ERR));
    MUST(spatio_index_build(3, 2, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &solid, ERR));
    MUST(spatio_index_closest_pair(flat, NULL, NULL, &a, &b, &far, ERR));
    CHECK(a == SPATIO_NO_ITEM && b == SPATIO_NO_ITEM && isnan(far));
    MUST(spatio_index_closest_pair(flat, none, NULL, &a, &b, &far, ERR));
    CHECK(a == SPATIO_NO_ITEM && b == SPATIO_NO_ITEM && isnan(far));
    MUST(spatio_index_anti_join(flat, none, 9.0, NULL, &hits, &found, ERR));
    EQ_U64(found.rows, 1);
    OK(spatio_index_components(none, 1.0, NULL, 0, NULL, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_closest_pair(flat, solid, NULL, &a, &b, NULL, ERR));
    SAYS("index has 2 axes, other has 3");
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_index_anti_join(flat, solid, 0.0, NULL, &hits, NULL, ERR));
    SAYS("index has 2 axes, other has 3");
    FAILS(SPATIO_OUT_OF_RANGE, spatio_index_anti_join(flat, flat, -1.0, NULL, &hits, NULL, ERR));
    FAILS(SPATIO_OUT_OF_RANGE, spatio_index_components(flat, NAN, NULL, 1, labels, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_anti_join(flat, NULL, 0.0, NULL, &hits, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_anti_join(flat, flat, 0.0, NULL, NULL, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_closest_pair(NULL, flat, NULL, &a, &b, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_closest_pair(flat, NULL, NULL, NULL, &b, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_closest_pair(flat, NULL, NULL, &a, NULL, NULL, ERR));
    FAILS(SPATIO_NULL_POINTER, spatio_index_components(flat, 0.0, NULL, 1, NULL, ERR));
    spatio_hits_free(hits);
    spatio_index_free(none);
    spatio_index_free(flat);
    spatio_index_free(solid);
}

static void estimates_bracket_the_truth(void)
{
    static cloud items, asked;
    spatio_index *index;
    uint64_t lower[ASKED], upper[ASKED];
    double estimates[ASKED];
    uint32_t dims, level;
    size_t q, at, rough = 0;
    for (dims = 2; dims <= 3; dims++) {
        scatter(&items, dims, ITEMS, 100, 6, dims);
        scatter(&asked, dims, ASKED, 80, 50, 40 + dims);
        index = build(&items);
        for (level = 0; level < 4; level++) {
            MUST(spatio_index_estimate(index, ASKED, asked.min, asked.max, level, lower, upper,
                                       estimates, ERR));
            for (q = 0; q < ASKED; q++) {
                uint64_t count = 0;
                for (at = 0; at < ITEMS; at++) count += gap(&items, at, &asked, q) <= 0.0;
                CHECK(lower[q] <= count && count <= upper[q]);
                CHECK((double)lower[q] <= estimates[q] && estimates[q] <= (double)upper[q]);
                if (level == 0) CHECK(lower[q] == count && upper[q] == count);
                rough += lower[q] < upper[q];
            }
        }
        OK(spatio_index_estimate(index, 1, asked.min, NULL, 1, NULL, NULL, NULL, ERR));
        FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_estimate(index, 1, asked.max, asked.min, 1,
                                                             lower, NULL, NULL, ERR));
        ROW(0);
        FAILS(SPATIO_NULL_POINTER,
              spatio_index_estimate(index, 1, NULL, NULL, 1, lower, upper, estimates, ERR));
        spatio_index_free(index);
    }
    FAILS(SPATIO_NULL_POINTER,
          spatio_index_estimate(NULL, 1, asked.min, NULL, 1, lower, upper, estimates, ERR));
    CHECK(rough > 0);
}

/* Values and masks, both or one of them, over each layout. */
static void masks_are_united(void)
{
    static cloud items, asked;
    static double values[ITEMS];
    static uint64_t masks[ITEMS];
    uint32_t layout;
    int given;
    size_t at, q;
    for (at = 0; at < ITEMS; at++) {
        values[at] = (double)(at % 97) - 40.0;
        masks[at] = UINT64_C(1) << (at % 64);
    }
    scatter(&items, 2, ITEMS, 200, 6, 3);
    scatter(&asked, 2, ASKED, 200, 30, 4);
    for (layout = SPATIO_INDEX_FAST; layout <= SPATIO_INDEX_BOTH; layout++) {
        for (given = 1; given < 4; given++) {
            uint64_t counts[ASKED], united[ASKED];
            double sums[ASKED], least[ASKED];
            const double *with_values = given & 1 ? values : NULL;
            const uint64_t *with_masks = given & 2 ? masks : NULL;
            spatio_index_options options;
            spatio_index_info info;
            spatio_index *index = NULL;
            info.struct_size = (uint32_t)sizeof info;
            spatio_index_options_init(&options, sizeof options);
            options.layout = layout;
            MUST(spatio_index_build(2, ITEMS, items.min, items.max, NULL, NULL, with_values,
                                    with_masks, NULL, &options, &index, ERR));
            MUST(spatio_index_get_info(index, &info, ERR));
            CHECK(info.has_values == (given & 1) && info.has_masks == (uint32_t)(given >> 1));
            MUST(spatio_index_aggregate(index, ASKED, asked.min, asked.max, counts, sums, least,
                                        NULL, united, ERR));
            for (q = 0; q < ASKED; q++) {
                uint64_t count = 0, bits = 0;
                double sum = 0.0, lowest = NAN;
                for (at = 0; at < ITEMS; at++) {
                    if (gap(&items, at, &asked, q) > 0.0) continue;
                    count++;
                    bits |= masks[at];
                    sum += values[at];
                    lowest = fmin(lowest, values[at]);
                }
                EQ_U64(counts[q], count);
                EQ_U64(united[q], given & 2 ? bits : 0);
                EQ_F64(sums[q], given & 1 ? sum : 0.0);
                EQ_F64(least[q], given & 1 ? lowest : NAN);
            }
            spatio_index_free(index);
        }
    }
}

static void prefixes_stand_in_the_file(void)
{
    static const double AT[] = {0, 0, 1, 1, 2, 2};
    static const uint64_t OFFSETS[] = {0, 6, 6, 16};
    const uint8_t *payloads = (const uint8_t *)"onebox and a half", *payload = NULL;
    spatio_index_options options;
    spatio_index_info info;
    spatio_index *index = NULL;
    size_t length = 0;
    info.struct_size = (uint32_t)sizeof info;
    spatio_index_options_init(&options, sizeof options);
    EQ_U64(options.prefix_bytes, 0);
    options.prefix_bytes = 4;
    MUST(spatio_index_build(2, 3, AT, NULL, OFFSETS, payloads, NULL, NULL, NULL, &options, &index,
                            ERR));
    MUST(spatio_index_get_info(index, &info, ERR));
    EQ_U64(info.prefix_bytes, 4);
    MUST(spatio_index_payload(index, 0, &payload, &length, ERR));
    CHECK(length == 6 && memcmp(payload, "onebox", 6) == 0);
    OK(spatio_index_verify(index, ERR));
    spatio_index_free(index);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_build(2, 3, AT, NULL, NULL, NULL, NULL, NULL, NULL,
                                                      &options, &index, ERR));
    SAYS("prefix_bytes");
    MUST(spatio_index_build(2, 3, AT, NULL, OFFSETS, payloads, NULL, NULL, NULL, NULL, &index,
                            ERR));
    MUST(spatio_index_get_info(index, &info, ERR));
    EQ_U64(info.prefix_bytes, 0);
    spatio_index_free(index);
}

void topic_index_sums(void)
{
    RUN(nearness_is_that_of_looking_at_every_pair);
    RUN(no_pair_and_other_axes);
    RUN(estimates_bracket_the_truth);
    RUN(masks_are_united);
    RUN(prefixes_stand_in_the_file);
}
