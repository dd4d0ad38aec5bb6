/* Streamed indexes: NULL for each pointer, answers asked for too early or of another kind, bytes
 * that are wrong, limits, and threads that ask one stream at the same time. */
#include "support/fixture.h"
#include "support/ranges.h"
#include "topics.h"

#include <pthread.h>

/* The call says that a pointer is NULL, and says which. */
#define NULLS(name, call)                                                                          \
    do {                                                                                           \
        if (FAILS(SPATIO_NULL_POINTER, call)) SAYS(name);                                          \
    } while (0)

enum { ITEMS = 3000 };

static const double AT[] = {100, 100}, HIGH[] = {600, 600}, NOWHERE[] = {NAN, 0};

typedef struct streamed {
    spatio_index *index;
    spatio_stream *stream;
    const uint8_t *bytes;
    size_t length;
} streamed;

/* Points without anything beside them, of which next to nothing is kept. */
static int streamed_open(streamed *mine, uint32_t layout, const spatio_stream_options *given)
{
    static double at[2 * ITEMS];
    spatio_index_options options;
    spatio_stream_options streaming;
    prng prng = {7};
    size_t row;
    memset(mine, 0, sizeof *mine);
    for (row = 0; row < 2 * ITEMS; row++) at[row] = (double)prng_below(&prng, 1000);
    spatio_index_options_init(&options, sizeof options);
    options.layout = layout;
    spatio_stream_options_init(&streaming, sizeof streaming);
    streaming.kept_bytes = 0;
    if (given != NULL) streaming = *given;
    return OK(spatio_index_build(2, ITEMS, at, NULL, NULL, NULL, NULL, NULL, NULL,
                                 &options, &mine->index, ERR)) &&
           OK(spatio_index_bytes(mine->index, &mine->bytes, &mine->length, ERR)) &&
           OK(open_stream(mine->bytes, mine->length, &streaming, &mine->stream, NULL, ERR));
}

static void streamed_close(streamed *mine)
{
    spatio_stream_free(mine->stream);
    spatio_index_free(mine->index);
}

static void null_where_a_stream_is_asked(void)
{
    streamed mine;
    spatio_fetch *fetch = NULL;
    spatio_stream *stream = NULL;
    spatio_stream_info info;
    spatio_region *region = NULL;
    const uint32_t rank = 0;
    info.struct_size = (uint32_t)sizeof info;
    REQUIRE(streamed_open(&mine, SPATIO_INDEX_FAST, NULL));
    spatio_stream_options_init(NULL, sizeof(spatio_stream_options));
    NULLS("fetch", spatio_stream_begin(100, NULL, NULL, ERR));
    NULLS("fetch", spatio_stream_open(NULL, &stream, ERR));
    NULLS("stream", spatio_stream_get_info(NULL, &info, ERR));
    NULLS("info", spatio_stream_get_info(mine.stream, NULL, ERR));
    NULLS("stream", spatio_stream_search(NULL, AT, HIGH, &fetch, ERR));
    NULLS("min", spatio_stream_search(mine.stream, NULL, HIGH, &fetch, ERR));
    NULLS("fetch", spatio_stream_search(mine.stream, AT, HIGH, NULL, ERR));
    NULLS("stream", spatio_stream_count(NULL, AT, HIGH, &fetch, ERR));
    NULLS("min", spatio_stream_count(mine.stream, NULL, HIGH, &fetch, ERR));
    NULLS("stream", spatio_stream_aggregate(NULL, AT, HIGH, &fetch, ERR));
    NULLS("min", spatio_stream_aggregate(mine.stream, NULL, HIGH, &fetch, ERR));
    NULLS("stream", spatio_stream_nearest(NULL, AT, 1, HUGE_VAL, &fetch, ERR));
    NULLS("point", spatio_stream_nearest(mine.stream, NULL, 1, HUGE_VAL, &fetch, ERR));
    NULLS("fetch", spatio_stream_nearest(mine.stream, AT, 1, HUGE_VAL, NULL, ERR));
    NULLS("stream", spatio_stream_raycast_closest(NULL, AT, HIGH, 1, &fetch, ERR));
    NULLS("origin", spatio_stream_raycast_closest(mine.stream, NULL, HIGH, 1, &fetch, ERR));
    NULLS("direction", spatio_stream_raycast_closest(mine.stream, AT, NULL, 1, &fetch, ERR));
    MUST(spatio_region_ball(2, AT, 9.0, &region, ERR));
    NULLS("stream", spatio_stream_search_region(NULL, region, &fetch, ERR));
    NULLS("region", spatio_stream_search_region(mine.stream, NULL, &fetch, ERR));
    NULLS("fetch", spatio_stream_search_region(mine.stream, region, NULL, ERR));
    NULLS("stream", spatio_stream_count_region(NULL, region, &fetch, ERR));
    NULLS("region", spatio_stream_count_region(mine.stream, NULL, &fetch, ERR));
    spatio_region_free(region);
    NULLS("stream", spatio_stream_search_within(NULL, AT, HIGH, 1.0, &fetch, ERR));
    NULLS("min", spatio_stream_search_within(mine.stream, NULL, HIGH, 1.0, &fetch, ERR));
    NULLS("fetch", spatio_stream_search_within(mine.stream, AT, HIGH, 1.0, NULL, ERR));
    NULLS("stream", spatio_stream_count_within(NULL, AT, HIGH, 1.0, &fetch, ERR));
    NULLS("min", spatio_stream_count_within(mine.stream, NULL, HIGH, 1.0, &fetch, ERR));
    NULLS("stream", spatio_stream_nearest_great_circle(NULL, 0, 0, 1, HUGE_VAL, &fetch, ERR));
    NULLS("fetch", spatio_stream_nearest_great_circle(mine.stream, 0, 0, 1, HUGE_VAL, NULL, ERR));
    NULLS("stream", spatio_stream_search_great_circle(NULL, 0, 0, 1.0, &fetch, ERR));
    NULLS("fetch", spatio_stream_search_great_circle(mine.stream, 0, 0, 1.0, NULL, ERR));
    NULLS("stream", spatio_stream_payloads(NULL, 1, &rank, &fetch, ERR));
    NULLS("ranks", spatio_stream_payloads(mine.stream, 1, NULL, &fetch, ERR));
    NULLS("stream", spatio_stream_prefixes(NULL, 1, &rank, &fetch, ERR));
    NULLS("ranks", spatio_stream_prefixes(mine.stream, 1, NULL, &fetch, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_stream_search(NULL, NULL, NULL, NULL, NULL));
    CHECK(fetch == NULL && stream == NULL);
    spatio_stream_free(NULL);
    spatio_fetch_free(NULL);
    streamed_close(&mine);
}

static void null_where_a_question_is_fed(void)
{
    streamed mine;
    spatio_fetch *fetch = NULL;
    spatio_hits *hits = NULL;
    const uint8_t *bytes[] = {NULL};
    size_t n = 0, sizes[] = {9};
    const uint64_t *offsets = NULL, *lengths = NULL;
    uint64_t count = 0;
    REQUIRE(streamed_open(&mine, SPATIO_INDEX_FAST, NULL));
    MUST(spatio_stream_search(mine.stream, AT, HIGH, &fetch, ERR));
    NULLS("fetch", spatio_fetch_wanted(NULL, &n, &offsets, &lengths, ERR));
    NULLS("n", spatio_fetch_wanted(fetch, NULL, &offsets, &lengths, ERR));
    NULLS("offsets", spatio_fetch_wanted(fetch, &n, NULL, &lengths, ERR));
    NULLS("lengths", spatio_fetch_wanted(fetch, &n, &offsets, NULL, ERR));
    NULLS("fetch", spatio_fetch_feed(NULL, 1, bytes, sizes, ERR));
    NULLS("bytes", spatio_fetch_feed(fetch, 1, NULL, sizes, ERR));
    NULLS("lengths", spatio_fetch_feed(fetch, 1, bytes, NULL, ERR));
    NULLS("bytes of a range", spatio_fetch_feed(fetch, 1, bytes, sizes, ERR));
    ROW(0);
    NULLS("fetch", spatio_fetch_spent(NULL, &count, NULL, NULL, ERR));
    NULLS("fetch", spatio_fetch_hits(NULL, &hits, NULL, ERR));
    NULLS("hits", spatio_fetch_hits(fetch, NULL, NULL, ERR));
    NULLS("fetch", spatio_fetch_count(NULL, &count, ERR));
    NULLS("count", spatio_fetch_count(fetch, NULL, ERR));
    NULLS("fetch", spatio_fetch_aggregate(NULL, &count, NULL, NULL, NULL, NULL, ERR));
    NULLS("stream", spatio_stream_open(fetch, NULL, ERR));
    /* None of these did anything to it. */
    OK(feed_all(fetch, mine.bytes, mine.length, ERR));
    OK(spatio_fetch_hits(fetch, &hits, NULL, ERR));
    spatio_hits_free(hits);
    spatio_fetch_free(fetch);
    streamed_close(&mine);
}

static void what_is_asked_is_checked_at_once(void)
{
    streamed mine;
    spatio_fetch *fetch = NULL;
    const double none[] = {0, 0}, back[] = {5, 5}, solid[] = {1, 0, 0};
    spatio_region *region = NULL;
    const uint32_t beyond = ITEMS;
    REQUIRE(streamed_open(&mine, SPATIO_INDEX_FAST, NULL));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_stream_search(mine.stream, NOWHERE, NULL, &fetch, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_stream_count(mine.stream, HIGH, back, &fetch, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_stream_nearest(mine.stream, NOWHERE, 1, HUGE_VAL, &fetch, ERR));
    FAILS(SPATIO_OUT_OF_RANGE, spatio_stream_nearest(mine.stream, AT, 1, -1.0, &fetch, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_stream_search_within(mine.stream, NOWHERE, NULL, 1.0, &fetch, ERR));
    FAILS(SPATIO_OUT_OF_RANGE,
          spatio_stream_count_within(mine.stream, AT, NULL, -1.0, &fetch, ERR));
    FAILS(SPATIO_OUT_OF_RANGE,
          spatio_stream_nearest_great_circle(mine.stream, 0.0, 91.0, 1, HUGE_VAL, &fetch, ERR));
    FAILS(SPATIO_OUT_OF_RANGE,
          spatio_stream_search_great_circle(mine.stream, 0.0, 0.0, NAN, &fetch, ERR));
    MUST(spatio_region_half_space(3, solid, 1.0, &region, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_stream_search_region(mine.stream, region, &fetch, ERR));
    SAYS("stream has 2 axes, region has 3");
    spatio_region_free(region);
    CHECK(spatio_stream_raycast_closest(mine.stream, AT, none, 1.0, &fetch, NULL) != SPATIO_OK ||
          fetch != NULL);
    spatio_fetch_free(fetch);
    FAILS(SPATIO_OUT_OF_RANGE,
          spatio_stream_raycast_closest(mine.stream, AT, HIGH, -1.0, &fetch, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_stream_aggregate(mine.stream, AT, HIGH, &fetch, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_stream_payloads(mine.stream, 1, &beyond, &fetch, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_stream_prefixes(mine.stream, 1, &beyond, &fetch, ERR));
    CHECK(fetch == NULL);
    streamed_close(&mine);
}

/* Too early it says how much is missing, for another kind it names both; and goes on. */
static void the_answer_comes_last(void)
{
    streamed mine;
    spatio_fetch *fetch = NULL, *opening = NULL;
    spatio_stream *stream = NULL;
    spatio_hits *hits = NULL;
    uint64_t count = 0;
    REQUIRE(streamed_open(&mine, SPATIO_INDEX_ORIGIN, NULL));
    MUST(spatio_stream_begin(mine.length, NULL, &opening, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_stream_open(opening, &stream, ERR));
    SAYS("still wants 1 range");
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_fetch_hits(opening, &hits, NULL, ERR));
    SAYS("is a stream, not hits");
    OK(feed_all(opening, mine.bytes, mine.length, ERR));
    MUST(spatio_stream_open(opening, &stream, ERR));
    spatio_stream_free(stream);
    spatio_fetch_free(opening);
    MUST(spatio_stream_search(mine.stream, AT, HIGH, &fetch, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_fetch_hits(fetch, &hits, NULL, ERR));
    SAYS("still wants");
    CHECK(hits == NULL);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_stream_open(fetch, &stream, ERR));
    SAYS("is hits, not a stream");
    CHECK(stream == NULL);
    OK(feed_all(fetch, mine.bytes, mine.length, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_fetch_count(fetch, &count, ERR));
    SAYS("is hits, not a count");
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_fetch_aggregate(fetch, &count, NULL, NULL, NULL, NULL, ERR));
    SAYS("is hits, not an aggregate");
    OK(spatio_fetch_hits(fetch, &hits, NULL, ERR));
    spatio_hits_free(hits);
    spatio_fetch_free(fetch);
    streamed_close(&mine);
}

static void other_bytes_than_were_wanted_end_it(void)
{
    streamed mine;
    uint8_t zeros[64] = {0};
    const uint8_t *bytes[] = {zeros};
    const size_t sizes[] = {sizeof zeros};
    size_t n = 9;
    const uint64_t *offsets = NULL, *lengths = NULL;
    int way;
    REQUIRE(streamed_open(&mine, SPATIO_INDEX_FAST, NULL));
    for (way = 0; way < 2; way++) {
        spatio_fetch *fetch = NULL;
        spatio_hits *hits = NULL;
        MUST(spatio_stream_search(mine.stream, AT, HIGH, &fetch, ERR));
        FAILS(SPATIO_IO, spatio_fetch_feed(fetch, (size_t)way, bytes, sizes, ERR));
        OK(spatio_fetch_wanted(fetch, &n, &offsets, &lengths, ERR));
        CHECK(n == 0 && offsets == NULL && lengths == NULL);
        FAILS(SPATIO_INVALID_ARGUMENT, spatio_fetch_hits(fetch, &hits, NULL, ERR));
        SAYS("failed");
        FAILS(SPATIO_INVALID_ARGUMENT, spatio_fetch_hits(fetch, &hits, NULL, ERR));
        CHECK(hits == NULL);
        spatio_fetch_free(fetch);
    }
    streamed_close(&mine);
}

static void limits_are_kept(void)
{
    spatio_stream_options options;
    streamed mine;
    spatio_fetch *fetch = NULL;
    uint64_t *limits[3];
    const char *names[] = {"reads", "bytes", "items"};
    const uint64_t too_few[] = {0, 100, 1};
    size_t at;
    REQUIRE(streamed_open(&mine, SPATIO_INDEX_FAST, NULL));
    for (at = 0; at < 3; at++) {
        spatio_stream *stream = NULL;
        spatio_status status;
        spatio_stream_options_init(&options, sizeof options);
        options.kept_bytes = 0;
        limits[0] = &options.max_reads;
        limits[1] = &options.max_bytes;
        limits[2] = &options.max_items;
        *limits[at] = too_few[at];
        status = open_stream(mine.bytes, mine.length, &options, &stream, NULL, ERR);
        if (status == SPATIO_OK) {
            MUST(spatio_stream_search(stream, AT, HIGH, &fetch, ERR));
            status = feed_all(fetch, mine.bytes, mine.length, ERR);
            spatio_fetch_free(fetch);
        }
        FAILS(SPATIO_LIMIT_EXCEEDED, status);
        SAYS(names[at]);
        spatio_stream_free(stream);
    }
    streamed_close(&mine);
}

/* Opens any bytes and asks; whatever comes of it, nothing breaks. */
static void ask_anything(const uint8_t *bytes, size_t length)
{
    spatio_stream_options options;
    spatio_stream *stream = NULL;
    spatio_fetch *fetch = NULL;
    spatio_hits *hits = NULL;
    spatio_stream_options_init(&options, sizeof options);
    options.kept_bytes = 0;
    if (open_stream(bytes, length, &options, &stream, NULL, NULL) != SPATIO_OK) {
        CHECK(stream == NULL);
        return;
    }
    if (spatio_stream_search(stream, AT, HIGH, &fetch, NULL) == SPATIO_OK) {
        (void)feed_all(fetch, bytes, length, NULL);
        (void)spatio_fetch_hits(fetch, &hits, NULL, NULL);
        spatio_fetch_free(fetch);
    }
    if (spatio_stream_nearest(stream, AT, 5, HUGE_VAL, &fetch, NULL) == SPATIO_OK) {
        (void)feed_all(fetch, bytes, length, NULL);
        (void)spatio_fetch_hits(fetch, &hits, NULL, NULL);
        spatio_fetch_free(fetch);
    }
    spatio_hits_free(hits);
    spatio_stream_free(stream);
}

static void damaged_bytes_are_answered_or_refused(void)
{
    uint32_t layout;
    for (layout = SPATIO_INDEX_FAST; layout <= SPATIO_INDEX_BOTH; layout++) {
        streamed mine;
        uint8_t *copy;
        size_t at;
        REQUIRE(streamed_open(&mine, layout, NULL));
        copy = (uint8_t *)malloc(mine.length);
        REQUIRE(copy != NULL);
        memcpy(copy, mine.bytes, mine.length);
        for (at = 0; at < mine.length; at += at < 400 ? 1 : 997) {
            copy[at] ^= 0x81;
            ask_anything(copy, mine.length);
            copy[at] ^= 0x81;
            ask_anything(copy, at);
        }
        free(copy);
        streamed_close(&mine);
    }
}

enum { THREADS = 4, ROUNDS = 50 };

typedef struct asker {
    pthread_t thread;
    const streamed *mine;
    uint64_t expected;
    unsigned wrong;
} asker;

static void *ask_often(void *user)
{
    asker *mine = (asker *)user;
    spatio_hits *hits = NULL;
    spatio_hit_columns found;
    int round;
    found.struct_size = (uint32_t)sizeof found;
    for (round = 0; round < ROUNDS; round++) {
        spatio_fetch *fetch = NULL;
        mine->wrong += spatio_stream_search(mine->mine->stream, AT, HIGH, &fetch, NULL) !=
                           SPATIO_OK ||
                       feed_all(fetch, mine->mine->bytes, mine->mine->length, NULL) != SPATIO_OK ||
                       spatio_fetch_hits(fetch, &hits, &found, NULL) != SPATIO_OK ||
                       found.rows != mine->expected;
        spatio_fetch_free(fetch);
    }
    spatio_hits_free(hits);
    return NULL;
}

static void many_threads_ask_one_stream(void)
{
    streamed mine;
    asker askers[THREADS];
    uint64_t expected = 0;
    int at;
    REQUIRE(streamed_open(&mine, SPATIO_INDEX_FAST, NULL));
    OK(spatio_index_count(mine.index, 1, AT, HIGH, &expected, ERR));
    memset(askers, 0, sizeof askers);
    for (at = 0; at < THREADS; at++) {
        askers[at].mine = &mine;
        askers[at].expected = expected;
        EQ_I64(pthread_create(&askers[at].thread, NULL, ask_often, &askers[at]), 0);
    }
    for (at = 0; at < THREADS; at++) {
        EQ_I64(pthread_join(askers[at].thread, NULL), 0);
        EQ_U64(askers[at].wrong, 0);
    }
    CHECK(expected > 0);
    streamed_close(&mine);
}

void topic_stream_refusals(void)
{
    RUN(null_where_a_stream_is_asked);
    RUN(null_where_a_question_is_fed);
    RUN(what_is_asked_is_checked_at_once);
    RUN(the_answer_comes_last);
    RUN(other_bytes_than_were_wanted_end_it);
    RUN(limits_are_kept);
    RUN(damaged_bytes_are_answered_or_refused);
    RUN(many_threads_ask_one_stream);
}
