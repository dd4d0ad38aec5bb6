/* Streamed indexes: answers against the index in memory over the same bytes, of both layouts; how
 * many rounds they take; what may be asked again. */
#include "support/fixture.h"
#include "support/ranges.h"
#include "topics.h"

#define MOST_AXES 4
enum { ITEMS = 5000, WINDOWS = 12, PREFIX = 4 };

/* An index in memory, its bytes, and what is streamed of them. */
typedef struct pair {
    spatio_index *index;
    spatio_stream *stream;
    const uint8_t *bytes;
    size_t length;
    uint32_t dims;
    double min[ITEMS * MOST_AXES], max[ITEMS * MOST_AXES];
} pair;

static spatio_hit_columns hit_columns(void)
{
    spatio_hit_columns columns;
    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    return columns;
}

/* Builds it with all that may stand beside it, and opens it with little kept, so that questions
 * fetch. */
static int pair_open(pair *pair, uint32_t dims, uint32_t layout, uint64_t kept_bytes)
{
    static uint64_t ends[ITEMS + 1];
    static double values[ITEMS];
    static uint64_t masks[ITEMS];
    static uint8_t payloads[ITEMS * 8];
    spatio_index_options options;
    spatio_stream_options streaming;
    prng prng = {dims};
    size_t at;
    pair->index = NULL;
    pair->stream = NULL;
    pair->dims = dims;
    for (at = 0; at < ITEMS * (size_t)dims; at++) {
        pair->min[at] = (double)prng_below(&prng, 1000);
        pair->max[at] = pair->min[at] + (double)prng_below(&prng, 9);
    }
    for (at = 0; at < ITEMS; at++) {
        values[at] = (double)prng_below(&prng, 100) - 50.0;
        masks[at] = UINT64_C(1) << prng_below(&prng, 64);
        ends[at + 1] = ends[at] + at % 8;
    }
    for (at = 0; at < ends[ITEMS]; at++) payloads[at] = (uint8_t)prng_below(&prng, 256);
    spatio_index_options_init(&options, sizeof options);
    options.layout = layout;
    options.prefix_bytes = PREFIX;
    spatio_stream_options_init(&streaming, sizeof streaming);
    streaming.kept_bytes = kept_bytes;
    streaming.without_fast = layout == SPATIO_INDEX_BOTH;
    return OK(spatio_index_build(dims, ITEMS, pair->min, pair->max, ends, payloads, values, masks,
                                 NULL, &options, &pair->index, ERR)) &&
           OK(spatio_index_bytes(pair->index, &pair->bytes, &pair->length, ERR)) &&
           OK(open_stream(pair->bytes, pair->length, &streaming, &pair->stream, NULL, ERR));
}

static void pair_close(pair *pair)
{
    spatio_stream_free(pair->stream);
    spatio_index_free(pair->index);
}

static int by_number(const void *a, const void *b)
{
    const uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;
    return (one > two) - (one < two);
}

/* The same numbers in any order. */
static void same_set(const uint32_t *one, const uint32_t *two, uint64_t count)
{
    static uint32_t a[ITEMS], b[ITEMS];
    REQUIRE(count <= ITEMS);
    if (count == 0) return;
    memcpy(a, one, count * sizeof *a);
    memcpy(b, two, count * sizeof *b);
    qsort(a, count, sizeof *a, by_number);
    qsort(b, count, sizeof *b, by_number);
    CHECK(memcmp(a, b, count * sizeof *a) == 0);
}

/* What was found has the payloads that the index has, asked by rank. */
static void compare_payloads(const pair *pair, const spatio_hit_columns *found)
{
    spatio_fetch *fetch = NULL;
    spatio_hits *hits = NULL;
    spatio_hit_columns told = hit_columns();
    uint64_t row;
    MUST(spatio_stream_payloads(pair->stream, found->rows, found->ranks, &fetch, ERR));
    OK(feed_all(fetch, pair->bytes, pair->length, ERR));
    MUST(spatio_fetch_hits(fetch, &hits, &told, ERR));
    CHECK(told.rows == found->rows && told.queries == 1 && told.ids == NULL);
    REQUIRE(told.payload_offsets != NULL && told.payloads != NULL);
    for (row = 0; row < told.rows; row++) {
        const uint8_t *payload = NULL;
        size_t length = 0;
        OK(spatio_index_payload(pair->index, found->ids[row], &payload, &length, ERR));
        EQ_U64(told.ranks[row], found->ranks[row]);
        EQ_U64(told.payload_offsets[row + 1] - told.payload_offsets[row], length);
        CHECK(memcmp(told.payloads + told.payload_offsets[row], payload, length) == 0);
    }
    spatio_hits_free(hits);
    spatio_fetch_free(fetch);
}

/* Their first bytes are those of the payloads, filled up with zeros. */
static void compare_prefixes(const pair *pair, const spatio_hit_columns *found)
{
    spatio_fetch *fetch = NULL;
    spatio_hits *hits = NULL;
    spatio_hit_columns told = hit_columns();
    uint64_t row;
    MUST(spatio_stream_prefixes(pair->stream, found->rows, found->ranks, &fetch, ERR));
    OK(feed_all(fetch, pair->bytes, pair->length, ERR));
    MUST(spatio_fetch_hits(fetch, &hits, &told, ERR));
    EQ_U64(told.payload_offsets[told.rows], PREFIX * found->rows);
    for (row = 0; row < told.rows; row++) {
        uint8_t wanted[PREFIX] = {0};
        const uint8_t *payload = NULL;
        size_t length = 0;
        OK(spatio_index_payload(pair->index, found->ids[row], &payload, &length, ERR));
        memcpy(wanted, payload, length < sizeof wanted ? length : sizeof wanted);
        CHECK(memcmp(told.payloads + told.payload_offsets[row], wanted, PREFIX) == 0);
    }
    spatio_hits_free(hits);
    spatio_fetch_free(fetch);
}

static void compare_window(const pair *pair, const double *min, const double *max)
{
    spatio_fetch *fetch = NULL;
    spatio_hits *hits = NULL, *known = NULL;
    spatio_hit_columns found = hit_columns(), expected = hit_columns();
    uint64_t count = 0, counted = 0, mask = 0, masks = 0;
    double sum = 0, least = 0, greatest = 0, sums, lows, highs;
    MUST(spatio_index_search(pair->index, 1, min, max, &known, &expected, ERR));
    MUST(spatio_stream_search(pair->stream, min, max, &fetch, ERR));
    OK(feed_all(fetch, pair->bytes, pair->length, ERR));
    MUST(spatio_fetch_hits(fetch, &hits, &found, ERR));
    CHECK(found.rows == expected.rows && found.queries == 1 && found.distance == NULL);
    same_set(found.ids, expected.ids, expected.rows);
    if (found.rows > 0) {
        compare_payloads(pair, &found);
        compare_prefixes(pair, &found);
    }
    spatio_fetch_free(fetch);
    MUST(spatio_stream_count(pair->stream, min, max, &fetch, ERR));
    OK(feed_all(fetch, pair->bytes, pair->length, ERR));
    OK(spatio_fetch_count(fetch, &count, ERR));
    EQ_U64(count, expected.rows);
    spatio_fetch_free(fetch);
    MUST(spatio_stream_aggregate(pair->stream, min, max, &fetch, ERR));
    OK(feed_all(fetch, pair->bytes, pair->length, ERR));
    OK(spatio_fetch_aggregate(fetch, &count, &sum, &least, &greatest, &mask, ERR));
    EQ_U64(count, expected.rows);
    OK(spatio_fetch_aggregate(fetch, NULL, NULL, NULL, NULL, NULL, ERR));
    MUST(spatio_index_aggregate(pair->index, 1, min, max, &counted, &sums, &lows, &highs, &masks,
                                ERR));
    CHECK(counted == count && masks == mask);
    /* Whole numbers, whose sums are exact in any order. */
    EQ_F64(sum, sums);
    EQ_F64(least, lows);
    EQ_F64(greatest, highs);
    spatio_fetch_free(fetch);
    spatio_hits_free(hits);
    spatio_hits_free(known);
}

static void compare_nearest(const pair *pair, const double *from, const double *direction)
{
    spatio_fetch *fetch = NULL;
    spatio_hits *hits = NULL, *known = NULL;
    spatio_hit_columns found = hit_columns(), expected = hit_columns();
    const double far_off = 300.0;
    uint32_t hit;
    double t;
    MUST(spatio_index_nearest(pair->index, 1, from, NULL, 30, &far_off, &known, &expected, ERR));
    MUST(spatio_stream_nearest(pair->stream, from, 30, far_off, &fetch, ERR));
    OK(feed_all(fetch, pair->bytes, pair->length, ERR));
    MUST(spatio_fetch_hits(fetch, &hits, &found, ERR));
    REQUIRE(found.rows == expected.rows && found.rows > 0);
    CHECK(memcmp(found.ids, expected.ids, found.rows * sizeof *found.ids) == 0);
    CHECK(memcmp(found.distance, expected.distance, found.rows * sizeof *found.distance) == 0);
    compare_payloads(pair, &found);
    spatio_fetch_free(fetch);
    MUST(spatio_index_raycast_closest(pair->index, 1, from, direction, NULL, &hit, &t, ERR));
    MUST(spatio_stream_raycast_closest(pair->stream, from, direction, HUGE_VAL, &fetch, ERR));
    OK(feed_all(fetch, pair->bytes, pair->length, ERR));
    MUST(spatio_fetch_hits(fetch, &hits, &found, ERR));
    EQ_U64(found.rows, hit != SPATIO_NO_ITEM);
    if (found.rows == 1) CHECK(found.ids[0] == hit && found.distance[0] == t);
    spatio_fetch_free(fetch);
    spatio_hits_free(hits);
    spatio_hits_free(known);
}

/* What a fetch that was begun finds is what the index in memory found, and `counted` what it
 * counts; both are freed. */
static void compare_found(const pair *pair, spatio_fetch *fetch, spatio_fetch *counted,
                          const spatio_hit_columns *expected)
{
    spatio_hits *hits = NULL;
    spatio_hit_columns found = hit_columns();
    uint64_t count = 0;
    OK(feed_all(fetch, pair->bytes, pair->length, ERR));
    MUST(spatio_fetch_hits(fetch, &hits, &found, ERR));
    EQ_U64(found.rows, expected->rows);
    CHECK(found.queries == 1 && found.distance == NULL);
    if (found.rows == expected->rows) same_set(found.ids, expected->ids, expected->rows);
    if (counted != NULL) {
        OK(feed_all(counted, pair->bytes, pair->length, ERR));
        OK(spatio_fetch_count(counted, &count, ERR));
        EQ_U64(count, expected->rows);
    }
    spatio_hits_free(hits);
    spatio_fetch_free(fetch);
    spatio_fetch_free(counted);
}

/* Regions and radii; how many each of them found. */
static uint64_t compare_shapes(const pair *pair, const double *min, const double *max, double reach)
{
    static const double SLOPE[] = {1.0, -0.5, 0.25, 2.0};
    spatio_region *regions[2] = {NULL, NULL};
    spatio_fetch *fetch = NULL, *counted = NULL;
    spatio_hits *known = NULL;
    spatio_hit_columns expected = hit_columns();
    uint64_t total = 0;
    int at;
    OK(spatio_region_ball(pair->dims, min, reach, &regions[0], ERR));
    OK(spatio_region_half_space(pair->dims, SLOPE, 300.0, &regions[1], ERR));
    for (at = 0; at < 2; at++) {
        OK(spatio_index_search_region(pair->index, regions[at], &known, &expected, ERR));
        OK(spatio_stream_search_region(pair->stream, regions[at], &fetch, ERR));
        OK(spatio_stream_count_region(pair->stream, regions[at], &counted, ERR));
        /* A question that was begun needs it no more. */
        spatio_region_free(regions[at]);
        compare_found(pair, fetch, counted, &expected);
        total += expected.rows;
    }
    OK(spatio_index_search_within(pair->index, 1, min, max, &reach, &known, &expected, ERR));
    OK(spatio_stream_search_within(pair->stream, min, max, reach, &fetch, ERR));
    OK(spatio_stream_count_within(pair->stream, min, max, reach, &counted, ERR));
    compare_found(pair, fetch, counted, &expected);
    total += expected.rows;
    spatio_hits_free(known);
    return total;
}

/* Places on the globe: most items lie beyond the poles, and have gone round. */
static void compare_globe(const pair *pair, double lon, double lat, double reach)
{
    spatio_fetch *fetch = NULL;
    spatio_hits *hits = NULL, *known = NULL;
    spatio_hit_columns found = hit_columns(), expected = hit_columns();
    MUST(spatio_index_search_great_circle(pair->index, 1, &lon, &lat, &reach, &known, &expected,
                                          ERR));
    MUST(spatio_stream_search_great_circle(pair->stream, lon, lat, reach, &fetch, ERR));
    compare_found(pair, fetch, NULL, &expected);
    MUST(spatio_index_nearest_great_circle(pair->index, 1, &lon, &lat, 30, &reach, &known,
                                           &expected, ERR));
    MUST(spatio_stream_nearest_great_circle(pair->stream, lon, lat, 30, reach, &fetch, ERR));
    OK(feed_all(fetch, pair->bytes, pair->length, ERR));
    MUST(spatio_fetch_hits(fetch, &hits, &found, ERR));
    REQUIRE(found.rows == expected.rows && found.rows > 0);
    CHECK(memcmp(found.ids, expected.ids, found.rows * sizeof *found.ids) == 0);
    CHECK(memcmp(found.distance, expected.distance, found.rows * sizeof *found.distance) == 0);
    compare_payloads(pair, &found);
    spatio_fetch_free(fetch);
    spatio_hits_free(hits);
    spatio_hits_free(known);
}

static void streamed_answers_are_those_in_memory(void)
{
    static pair pair;
    const uint64_t kept[] = {0, 3000, 1 << 20};
    uint32_t dims, layout;
    size_t at, window;
    for (dims = 2; dims <= 3; dims++) {
        for (layout = SPATIO_INDEX_FAST; layout <= SPATIO_INDEX_BOTH; layout++) {
            for (at = 0; at < 3; at++) {
                uint64_t in_shapes = 0;
                prng prng = {layout + at};
                if (!CHECK(pair_open(&pair, dims, layout, kept[at]))) continue;
                for (window = 0; window < WINDOWS; window++) {
                    double min[MOST_AXES], max[MOST_AXES], direction[MOST_AXES];
                    uint32_t k;
                    for (k = 0; k < dims; k++) {
                        min[k] = prng_between(&prng, -50, 900);
                        max[k] = min[k] + prng_between(&prng, 0, 400);
                        direction[k] = prng_between(&prng, -1, 1);
                    }
                    compare_window(&pair, min, max);
                    compare_window(&pair, min, NULL);
                    compare_nearest(&pair, min, direction);
                    in_shapes += compare_shapes(&pair, min, max, 100.0 * (double)(window % 4));
                    compare_globe(&pair, prng_between(&prng, -180, 180),
                                  prng_between(&prng, -20, 90), window % 2 == 0 ? 8e6 : HUGE_VAL);
                }
                CHECK(in_shapes > 0);
                pair_close(&pair);
            }
        }
    }
}

static void an_index_says_what_it_is(void)
{
    static pair pair;
    spatio_stream_info info;
    spatio_index_info known;
    info.struct_size = (uint32_t)sizeof info;
    known.struct_size = (uint32_t)sizeof known;
    REQUIRE(pair_open(&pair, 3, SPATIO_INDEX_FAST, 0));
    MUST(spatio_stream_get_info(pair.stream, &info, ERR));
    MUST(spatio_index_get_info(pair.index, &known, ERR));
    CHECK(info.dims == 3 && info.items == ITEMS && info.asks_fast == 1 && info.has_payloads == 1);
    CHECK(info.prefix_bytes == PREFIX && info.has_aggregates == 1);
    CHECK(memcmp(info.min, known.min, sizeof info.min) == 0);
    CHECK(memcmp(info.max, known.max, sizeof info.max) == 0);
    pair_close(&pair);
    REQUIRE(pair_open(&pair, 2, SPATIO_INDEX_BOTH, 0));
    MUST(spatio_stream_get_info(pair.stream, &info, ERR));
    CHECK(info.dims == 2 && info.asks_fast == 0 && info.max[2] == 0.0);
    pair_close(&pair);
}

static void few_rounds_are_told(void)
{
    static pair pair;
    static const double LOW[] = {-1, -1}, HIGH[] = {2000, 2000}, AT[] = {500, 500};
    spatio_fetch *fetch = NULL;
    spatio_stream *again = NULL;
    uint64_t rounds = 9, reads = 9, bytes = 9;
    REQUIRE(pair_open(&pair, 2, SPATIO_INDEX_FAST, 1 << 20));
    OK(open_stream(pair.bytes, pair.length, NULL, &again, &rounds, ERR));
    CHECK(rounds >= 1 && rounds <= 3);
    spatio_stream_free(again);
    /* All of them are known without a look. */
    MUST(spatio_stream_count(pair.stream, LOW, HIGH, &fetch, ERR));
    OK(spatio_fetch_spent(fetch, &rounds, &reads, &bytes, ERR));
    CHECK(rounds == 0 && reads == 0 && bytes == 0);
    spatio_fetch_free(fetch);
    MUST(spatio_stream_search(pair.stream, AT, NULL, &fetch, ERR));
    OK(spatio_fetch_spent(fetch, &rounds, &reads, &bytes, ERR));
    CHECK(rounds == 1 && reads >= 1 && bytes > 0 && bytes < pair.length);
    OK(feed_all(fetch, pair.bytes, pair.length, ERR));
    OK(spatio_fetch_spent(fetch, &rounds, NULL, NULL, ERR));
    EQ_U64(rounds, 1);
    spatio_fetch_free(fetch);
    pair_close(&pair);
}

/* An answer can be had again, and lives longer than the stream that was asked. */
static void an_answer_stays(void)
{
    static pair pair;
    static const double LOW[] = {100, 100}, HIGH[] = {400, 400};
    spatio_fetch *fetch = NULL;
    spatio_hits *hits = NULL, *other = NULL;
    spatio_hit_columns found = hit_columns(), again = hit_columns();
    REQUIRE(pair_open(&pair, 2, SPATIO_INDEX_FAST, 0));
    MUST(spatio_stream_search(pair.stream, LOW, HIGH, &fetch, ERR));
    spatio_stream_free(pair.stream);
    pair.stream = NULL;
    OK(feed_all(fetch, pair.bytes, pair.length, ERR));
    pair_close(&pair);
    MUST(spatio_fetch_hits(fetch, &hits, &found, ERR));
    MUST(spatio_fetch_hits(fetch, &other, &again, ERR));
    CHECK(found.rows > 0 && found.rows == again.rows);
    CHECK(memcmp(found.ids, again.ids, found.rows * sizeof *found.ids) == 0);
    MUST(spatio_fetch_hits(fetch, &hits, &found, ERR));
    EQ_U64(found.rows, again.rows);
    spatio_fetch_free(fetch);
    same_set(found.ids, again.ids, again.rows);
    spatio_hits_free(hits);
    spatio_hits_free(other);
}

void topic_streams(void)
{
    RUN(streamed_answers_are_those_in_memory);
    RUN(an_index_says_what_it_is);
    RUN(few_rounds_are_told);
    RUN(an_answer_stays);
}
