/* Packed indexes: NULL for each pointer, sizes that cannot be, bytes that are none, and threads
 * that ask one index at the same time. */
#include "support/fixture.h"
#include "support/platform.h"
#include "topics.h"

#include <pthread.h>

/* The call says that a pointer is NULL, and says which. */
#define NULLS(name, call)                                                                          \
    do {                                                                                           \
        if (FAILS(SPATIO_NULL_POINTER, call)) SAYS(name);                                          \
    } while (0)

static const double AT[] = {0, 0, 1, 1, 2, 2, 3, 3};
static const double FAR[] = {1, 1, 1, 1};
static const uint64_t OFFSETS[] = {0, 1, 2, 3, 4};
static const uint32_t IDS[] = {0, 1};

/* Four points, each with a payload of one byte. */
static spatio_index *points(uint32_t layout, const double *values)
{
    spatio_index_options options;
    spatio_index *index = NULL;
    spatio_index_options_init(&options, sizeof options);
    options.layout = layout;
    OK(spatio_index_build(2, 4, AT, NULL, OFFSETS, (const uint8_t *)"abcd", values, NULL, NULL,
                          &options, &index, ERR));
    return index;
}

static void null_where_an_index_is_made(void)
{
    spatio_index *index = NULL;
    const uint8_t one = 1;
    spatio_index_options_init(NULL, sizeof(spatio_index_options));
    NULLS("index", spatio_index_build(2, 1, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                      ERR));
    NULLS("min", spatio_index_build(2, 1, NULL, AT, NULL, NULL, NULL, NULL, NULL, NULL, &index,
                                    ERR));
    NULLS("payloads",
          spatio_index_build(2, 1, AT, AT, OFFSETS, NULL, NULL, NULL, NULL, NULL, &index, ERR));
    NULLS("path", spatio_index_write(NULL, 2, 1, AT, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                     ERR));
    NULLS("min", spatio_index_write("x", 2, 1, NULL, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                                    ERR));
    NULLS("path", spatio_index_open(NULL, &index, ERR));
    NULLS("index", spatio_index_open("x", NULL, ERR));
    NULLS("bytes", spatio_index_open_bytes(NULL, 1, &index, ERR));
    NULLS("index", spatio_index_open_bytes(&one, 1, NULL, ERR));
    STATUS(SPATIO_NULL_POINTER,
           spatio_index_build(2, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    CHECK(index == NULL);
    spatio_index_free(NULL);
    spatio_hits_free(NULL);
}

static void null_where_an_index_is_looked_at(void)
{
    spatio_index *index = points(SPATIO_INDEX_BOTH, FAR);
    spatio_index_info info;
    spatio_index_metadata said;
    spatio_hit_columns found;
    const uint8_t *bytes = NULL;
    size_t length = 0;
    double min[4];
    spatio_hits *hits = NULL;
    info.struct_size = (uint32_t)sizeof info;
    said.struct_size = (uint32_t)sizeof said;
    found.struct_size = (uint32_t)sizeof found;
    NULLS("index", spatio_index_get_info(NULL, &info, ERR));
    NULLS("info", spatio_index_get_info(index, NULL, ERR));
    NULLS("index", spatio_index_get_metadata(NULL, &said, ERR));
    NULLS("metadata", spatio_index_get_metadata(index, NULL, ERR));
    NULLS("index", spatio_index_verify(NULL, ERR));
    NULLS("index", spatio_index_bytes(NULL, &bytes, &length, ERR));
    NULLS("bytes", spatio_index_bytes(index, NULL, &length, ERR));
    NULLS("length", spatio_index_bytes(index, &bytes, NULL, ERR));
    NULLS("index", spatio_index_payload(NULL, 0, &bytes, &length, ERR));
    NULLS("payload", spatio_index_payload(index, 0, NULL, &length, ERR));
    NULLS("length", spatio_index_payload(index, 0, &bytes, NULL, ERR));
    NULLS("index", spatio_index_payloads(NULL, 1, IDS, &hits, &found, ERR));
    NULLS("ids", spatio_index_payloads(index, 1, NULL, &hits, &found, ERR));
    NULLS("hits", spatio_index_payloads(index, 1, IDS, NULL, &found, ERR));
    NULLS("index", spatio_index_boxes(NULL, 1, IDS, min, min, ERR));
    NULLS("ids", spatio_index_boxes(index, 1, NULL, min, min, ERR));
    NULLS("min", spatio_index_boxes(index, 1, IDS, NULL, min, ERR));
    NULLS("index", spatio_index_aggregate(NULL, 1, AT, AT, NULL, min, NULL, NULL, NULL, ERR));
    NULLS("min", spatio_index_aggregate(index, 1, NULL, AT, NULL, min, NULL, NULL, NULL, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_hits_columns(NULL, &found));
    CHECK(hits == NULL);
    spatio_index_free(index);
}

static void null_where_an_index_is_asked(void)
{
    spatio_index *index = points(SPATIO_INDEX_FAST, NULL);
    spatio_hits *hits = NULL;
    uint64_t counts[1];
    uint8_t any[1];
    uint32_t ids[1];
    NULLS("index", spatio_index_search(NULL, 1, AT, NULL, &hits, NULL, ERR));
    NULLS("min", spatio_index_search(index, 1, NULL, AT, &hits, NULL, ERR));
    NULLS("hits", spatio_index_search(index, 1, AT, NULL, NULL, NULL, ERR));
    NULLS("index", spatio_index_count(NULL, 1, AT, NULL, counts, ERR));
    NULLS("min", spatio_index_count(index, 1, NULL, NULL, counts, ERR));
    NULLS("counts", spatio_index_count(index, 1, AT, NULL, NULL, ERR));
    NULLS("index", spatio_index_any(NULL, 1, AT, NULL, any, ERR));
    NULLS("any", spatio_index_any(index, 1, AT, NULL, NULL, ERR));
    NULLS("index", spatio_index_search_within(NULL, 1, AT, NULL, FAR, &hits, NULL, ERR));
    NULLS("max_distance", spatio_index_search_within(index, 1, AT, NULL, NULL, &hits, NULL, ERR));
    NULLS("hits", spatio_index_search_within(index, 1, AT, NULL, FAR, NULL, NULL, ERR));
    NULLS("index", spatio_index_search_polygon(NULL, NULL, &hits, NULL, ERR));
    NULLS("polygon", spatio_index_search_polygon(index, NULL, &hits, NULL, ERR));
    NULLS("index", spatio_index_nearest(NULL, 1, AT, NULL, 1, NULL, &hits, NULL, ERR));
    NULLS("min", spatio_index_nearest(index, 1, NULL, NULL, 1, NULL, &hits, NULL, ERR));
    NULLS("hits", spatio_index_nearest(index, 1, AT, NULL, 1, NULL, NULL, NULL, ERR));
    NULLS("index",
          spatio_index_nearest_great_circle(NULL, 1, AT, AT, 1, NULL, &hits, NULL, ERR));
    NULLS("lon", spatio_index_nearest_great_circle(index, 1, NULL, AT, 1, NULL, &hits, NULL, ERR));
    NULLS("lat", spatio_index_nearest_great_circle(index, 1, AT, NULL, 1, NULL, &hits, NULL, ERR));
    NULLS("index", spatio_index_search_great_circle(NULL, 1, AT, AT, FAR, &hits, NULL, ERR));
    NULLS("max_distance",
          spatio_index_search_great_circle(index, 1, AT, AT, NULL, &hits, NULL, ERR));
    NULLS("index", spatio_index_raycast(NULL, 1, AT, AT, NULL, &hits, NULL, ERR));
    NULLS("origin", spatio_index_raycast(index, 1, NULL, AT, NULL, &hits, NULL, ERR));
    NULLS("direction", spatio_index_raycast(index, 1, AT, NULL, NULL, &hits, NULL, ERR));
    NULLS("index", spatio_index_raycast_any(NULL, 1, AT, AT, NULL, any, ERR));
    NULLS("any", spatio_index_raycast_any(index, 1, AT, AT, NULL, NULL, ERR));
    NULLS("index", spatio_index_raycast_closest(NULL, 1, AT, AT, NULL, ids, NULL, ERR));
    NULLS("ids", spatio_index_raycast_closest(index, 1, AT, AT, NULL, NULL, NULL, ERR));
    NULLS("index", spatio_index_pairs(NULL, 0.0, NULL, &hits, NULL, ERR));
    NULLS("hits", spatio_index_pairs(index, 0.0, NULL, NULL, NULL, ERR));
    NULLS("index", spatio_index_join(NULL, index, 0.0, NULL, &hits, NULL, ERR));
    NULLS("other", spatio_index_join(index, NULL, 0.0, NULL, &hits, NULL, ERR));
    CHECK(hits == NULL);
    spatio_index_free(index);
}

/* Without rows nothing needs to point anywhere. */
static void no_rows_need_no_columns(void)
{
    spatio_index *index = NULL;
    spatio_hits *hits = NULL;
    spatio_hit_columns found;
    found.struct_size = (uint32_t)sizeof found;
    MUST(spatio_index_build(2, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &index, ERR));
    OK(spatio_index_search(index, 0, NULL, NULL, &hits, &found, ERR));
    CHECK(found.rows == 0 && found.queries == 0 && found.offsets[0] == 0);
    OK(spatio_index_search(index, 4, AT, NULL, &hits, &found, ERR));
    CHECK(found.rows == 0 && found.queries == 4 && found.offsets[4] == 0);
    OK(spatio_index_count(index, 0, NULL, NULL, NULL, ERR));
    OK(spatio_index_any(index, 0, NULL, NULL, NULL, ERR));
    OK(spatio_index_raycast_closest(index, 0, NULL, NULL, NULL, NULL, NULL, ERR));
    OK(spatio_index_boxes(index, 0, NULL, NULL, NULL, ERR));
    OK(spatio_index_payloads(index, 0, NULL, &hits, &found, ERR));
    EQ_U64(found.payload_offsets[0], 0);
    spatio_hits_free(hits);
    spatio_index_free(index);
}

static void sizes_that_cannot_be(void)
{
    const size_t most = SIZE_MAX, half = SIZE_MAX / 16 + 1;
    spatio_index *index = NULL, *small = points(SPATIO_INDEX_FAST, NULL);
    spatio_hits *hits = NULL;
    uint64_t counts[1];
    double min[2];
    const uint64_t back[] = {0, 3, 2, 4, 4}, huge[] = {0, 0, 0, 0, UINT64_MAX};
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_index_build(2, most, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &index, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_index_build(3, half, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &index, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_build(2, 4, AT, NULL, back, (const uint8_t *)"a",
                                                      NULL, NULL, NULL, NULL, &index, ERR));
    ROW(1);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_build(2, 4, AT, NULL, huge, (const uint8_t *)"a",
                                                      NULL, NULL, NULL, NULL, &index, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_open_bytes((const uint8_t *)AT, most, &index, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_search(small, most, AT, NULL, &hits, NULL, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_count(small, half, AT, NULL, counts, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_boxes(small, most, IDS, min, NULL, ERR));
    CHECK(index == NULL && hits == NULL);
    spatio_index_free(small);
}

static void words_that_are_no_text(void)
{
    spatio_index_metadata said;
    spatio_index *index = NULL;
    memset(&said, 0, sizeof said);
    said.struct_size = (uint32_t)sizeof said;
    said.content_type = "\xff\xfe";
    said.content_type_length = 2;
    FAILS(SPATIO_INVALID_UTF8,
          spatio_index_build(2, 1, AT, NULL, NULL, NULL, NULL, NULL, &said, NULL, &index, ERR));
    SAYS("content_type");
    said.content_type = NULL;
    FAILS(SPATIO_NULL_POINTER,
          spatio_index_build(2, 1, AT, NULL, NULL, NULL, NULL, NULL, &said, NULL, &index, ERR));
    CHECK(index == NULL);
}

/* Every question of one window, nearest and the rest, whatever comes of it. */
static void ask_everything(const spatio_index *index)
{
    static const double LOW[] = {-9, -9}, HIGH[] = {9, 9};
    spatio_hits *hits = NULL;
    spatio_hit_columns found;
    uint64_t counts[1], row;
    const uint8_t *payload;
    size_t length;
    found.struct_size = (uint32_t)sizeof found;
    if (spatio_index_search(index, 1, LOW, HIGH, &hits, &found, NULL) == SPATIO_OK) {
        for (row = 0; row < found.rows; row++) {
            (void)spatio_index_payload(index, found.ids[row], &payload, &length, NULL);
        }
    }
    (void)spatio_index_count(index, 1, LOW, HIGH, counts, NULL);
    (void)spatio_index_nearest(index, 1, LOW, HIGH, 3, NULL, &hits, NULL, NULL);
    (void)spatio_index_raycast(index, 1, LOW, HIGH, NULL, &hits, NULL, NULL);
    (void)spatio_index_pairs(index, 2.0, NULL, &hits, NULL, NULL);
    (void)spatio_index_payloads(index, 2, IDS, &hits, NULL, NULL);
    (void)spatio_index_verify(index, NULL);
    spatio_hits_free(hits);
}

static void damaged_bytes_are_answered_or_refused(void)
{
    uint32_t layout;
    for (layout = SPATIO_INDEX_FAST; layout <= SPATIO_INDEX_BOTH; layout++) {
        spatio_index *index = points(layout, NULL), *opened = NULL;
        const uint8_t *bytes = NULL;
        uint8_t *mine;
        size_t length = 0, at;
        MUST(spatio_index_bytes(index, &bytes, &length, ERR));
        mine = (uint8_t *)malloc(length);
        REQUIRE(mine != NULL);
        memcpy(mine, bytes, length);
        for (at = 0; at < length; at++) {
            opened = NULL;
            mine[at] ^= 0x81;
            if (spatio_index_open_bytes(mine, length, &opened, NULL) == SPATIO_OK) {
                ask_everything(opened);
            } else {
                CHECK(opened == NULL);
            }
            spatio_index_free(opened);
            mine[at] ^= 0x81;
        }
        for (at = 0; at < length; at++) {
            opened = NULL;
            if (spatio_index_open_bytes(mine, at, &opened, NULL) == SPATIO_OK) {
                ask_everything(opened);
            }
            spatio_index_free(opened);
        }
        free(mine);
        spatio_index_free(index);
    }
}

static void files_that_are_none(void)
{
    char folder[PATH_BYTES], path[PATH_BYTES];
    spatio_index *index = NULL;
    platform_make_folder(folder);
    FAILS(SPATIO_IO, spatio_index_open(folder, &index, ERR));
    platform_join(path, folder, "nowhere");
    FAILS(SPATIO_NOT_FOUND, spatio_index_open(path, &index, ERR));
    CHECK(platform_write(path, (const uint8_t *)"words", 5));
    FAILS(SPATIO_CORRUPT, spatio_index_open(path, &index, ERR));
    /* What cannot be written leaves nothing behind, nor does it touch what was there. */
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_index_write(path, 2, 1, AT + 2, AT, NULL, NULL, NULL,
                                                      NULL, NULL, NULL, NULL, ERR));
    FAILS(SPATIO_CORRUPT, spatio_index_open(path, &index, ERR));
    CHECK(!platform_find(path, folder, ".tmp"));
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_index_write("/", 2, 1, AT, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ERR));
    CHECK(index == NULL);
    platform_remove_folder(folder);
}

enum { THREADS = 4, ROUNDS = 200 };

typedef struct asker {
    pthread_t thread;
    const spatio_index *index;
    unsigned wrong;
} asker;

static void *ask_often(void *user)
{
    static const double LOW[] = {-1, -1}, HIGH[] = {2, 2};
    asker *mine = (asker *)user;
    spatio_hits *hits = NULL;
    spatio_hit_columns found;
    const uint8_t *payload = NULL;
    size_t length = 0;
    int round;
    found.struct_size = (uint32_t)sizeof found;
    for (round = 0; round < ROUNDS; round++) {
        mine->wrong += spatio_index_search(mine->index, 1, LOW, HIGH, &hits, &found, NULL) !=
                           SPATIO_OK || found.rows != 3;
        mine->wrong += spatio_index_nearest(mine->index, 1, HIGH, NULL, 2, NULL, &hits, &found,
                                            NULL) != SPATIO_OK || found.ids[0] != 2;
        mine->wrong += spatio_index_payload(mine->index, 3, &payload, &length, NULL) !=
                           SPATIO_OK || length != 1 || payload[0] != 'd';
    }
    spatio_hits_free(hits);
    return NULL;
}

static void many_threads_ask_one_index(void)
{
    spatio_index *index = points(SPATIO_INDEX_FAST, NULL);
    asker askers[THREADS];
    int at;
    memset(askers, 0, sizeof askers);
    for (at = 0; at < THREADS; at++) {
        askers[at].index = index;
        EQ_I64(pthread_create(&askers[at].thread, NULL, ask_often, &askers[at]), 0);
    }
    for (at = 0; at < THREADS; at++) {
        EQ_I64(pthread_join(askers[at].thread, NULL), 0);
        EQ_U64(askers[at].wrong, 0);
    }
    spatio_index_free(index);
}

void topic_index_refusals(void)
{
    RUN(null_where_an_index_is_made);
    RUN(null_where_an_index_is_looked_at);
    RUN(null_where_an_index_is_asked);
    RUN(no_rows_need_no_columns);
    RUN(sizes_that_cannot_be);
    RUN(words_that_are_no_text);
    RUN(damaged_bytes_are_answered_or_refused);
    RUN(files_that_are_none);
    RUN(many_threads_ask_one_index);
}
