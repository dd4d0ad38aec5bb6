/* struct_size: too short is refused, longer is of a newer caller. */
#include "support/fixture.h"
#include "support/platform.h"
#include "support/ranges.h"
#include "topics.h"

#define TAIL 24

/* A struct as a newer header would have it: with unknown fields at its end, and a guard behind. */
#define LONGER(type)                                                                               \
    typedef struct longer_##type {                                                                 \
        type known;                                                                                \
        uint8_t tail[TAIL];                                                                        \
        uint8_t guard[8];                                                                          \
    } longer_##type

LONGER(spatio_options);
LONGER(spatio_namespace_options);
LONGER(spatio_query);
LONGER(spatio_columns);
LONGER(spatio_object);
LONGER(spatio_bounds);
LONGER(spatio_stats);
LONGER(spatio_recovery);
LONGER(spatio_check_report);
LONGER(spatio_salvage_report);
LONGER(spatio_index_options);
LONGER(spatio_index_metadata);
LONGER(spatio_index_info);
LONGER(spatio_hit_columns);
LONGER(spatio_stream_options);
LONGER(spatio_stream_info);
LONGER(spatio_freeze_options);
LONGER(spatio_pack_info);
LONGER(spatio_fences_info);
LONGER(spatio_fence);

/* Sizes that no version of the struct had. */
static size_t short_sizes(size_t whole, uint32_t sizes[4])
{
    sizes[0] = 0;
    sizes[1] = 4;
    sizes[2] = (uint32_t)whole / 2;
    sizes[3] = (uint32_t)whole - 1;
    return 4;
}

/* For an answer: short sizes are refused, and then nothing of the struct is written; a longer one
 * is filled, no further than it says. `call` uses `given`, a pointer to the struct. */
#define ANSWER_SIZES(type, call)                                                                   \
    do {                                                                                           \
        longer_##type mine;                                                                        \
        type *given = &mine.known;                                                                 \
        uint8_t before[sizeof mine];                                                               \
        uint32_t sizes[4];                                                                         \
        size_t at, count = short_sizes(sizeof(type), sizes);                                       \
        test_context(#type);                                                                       \
        for (at = 0; at < count; at++) {                                                           \
            memset(&mine, 0xa5, sizeof mine);                                                      \
            given->struct_size = sizes[at];                                                        \
            memcpy(before, &mine, sizeof mine);                                                    \
            FAILS(SPATIO_INVALID_ARGUMENT, call);                                                  \
            SAYS("struct_size");                                                                   \
            CHECK(memcmp(before, &mine, sizeof mine) == 0);                                        \
        }                                                                                          \
        memset(&mine, 0xa5, sizeof mine);                                                          \
        given->struct_size = (uint32_t)(sizeof(type) + TAIL);                                      \
        OK(call);                                                                                  \
        EQ_U64(given->struct_size, sizeof(type) + TAIL);                                           \
        for (at = 0; at < TAIL; at++) EQ_U64(mine.tail[at], 0);                                    \
        for (at = 0; at < sizeof mine.guard; at++) EQ_U64(mine.guard[at], 0xa5);                   \
        test_context(NULL);                                                                        \
    } while (0)

/* For a question: short sizes are refused, longer ones are taken if what is not known is zero. */
#define QUESTION_SIZES(type, fill, call, undo)                                                     \
    do {                                                                                           \
        longer_##type mine;                                                                        \
        type *given = &mine.known;                                                                 \
        uint32_t sizes[4];                                                                         \
        size_t at, count = short_sizes(sizeof(type), sizes);                                       \
        test_context(#type);                                                                       \
        memset(&mine, 0, sizeof mine);                                                             \
        fill;                                                                                      \
        for (at = 0; at < count; at++) {                                                           \
            given->struct_size = sizes[at];                                                        \
            FAILS(SPATIO_INVALID_ARGUMENT, call);                                                  \
            SAYS("struct_size");                                                                   \
        }                                                                                          \
        given->struct_size = (uint32_t)(sizeof(type) + TAIL);                                      \
        memset(mine.guard, 0xff, sizeof mine.guard);                                               \
        if (OK(call)) undo;                                                                        \
        mine.tail[TAIL - 1] = 1;                                                                   \
        FAILS(SPATIO_UNSUPPORTED, call);                                                           \
        SAYS(#type);                                                                               \
        test_context(NULL);                                                                        \
    } while (0)

static void options_of_other_versions(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_db *db = NULL;
    spatio_namespace *ns = NULL;
    QUESTION_SIZES(spatio_options, spatio_options_init(given, sizeof *given),
                   spatio_open(NULL, given, &db, ERR), spatio_close(db, NULL));
    QUESTION_SIZES(spatio_namespace_options, spatio_namespace_options_init(given, sizeof *given),
                   spatio_namespace_create(f.db, "n", 1, given, &ns, ERR),
                   spatio_namespace_close(ns));
    fixture_close(&f);
}

static void queries_of_other_versions(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_result *result = NULL;
    size_t rows = 9;
    put(f.ns, "a", 1.0, 2.0, 3.0, 1);
    QUESTION_SIZES(spatio_query, spatio_query_init(given, sizeof *given, SPATIO_QUERY_EVERYWHERE),
                   spatio_query_run(f.ns, given, 1, NULL, &result, NULL, ERR), (void)0);
    QUESTION_SIZES(spatio_query, spatio_query_init(given, sizeof *given, SPATIO_QUERY_EVERYWHERE),
                   spatio_query_into(f.ns, given, 0, NULL, NULL, NULL, NULL, NULL, NULL, &rows,
                                     ERR), (void)0);
    spatio_result_free(result);
    fixture_close(&f);
}

static void longer_queries_lie_as_far_apart_as_they_say(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    longer_spatio_query queries[3];
    spatio_result *result = NULL;
    spatio_columns columns;
    size_t at;
    put(f.ns, "a", 1.0, 0.0, 0.0, 1);
    put(f.ns, "b", 3.0, 0.0, 0.0, 1);
    memset(queries, 0, sizeof queries);
    for (at = 0; at < 3; at++) {
        spatio_query_init(&queries[at].known, sizeof queries[at], SPATIO_QUERY_CIRCLE);
        EQ_U64(queries[at].known.struct_size, sizeof queries[at]);
        queries[at].known.radius = 2.0 * (double)at;
    }
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_query_run(f.ns, &queries[0].known, 3, NULL, &result, &columns, ERR));
    EQ_U64(columns.queries, 3);
    EQ_U64(columns.offsets[1], 0);
    EQ_U64(columns.offsets[2], 1);
    EQ_U64(columns.offsets[3], 3);
    /* All have one size. */
    queries[2].known.struct_size = (uint32_t)sizeof(spatio_query);
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_query_run(f.ns, &queries[0].known, 3, NULL, &result, NULL, ERR));
    ROW(2);
    spatio_result_free(result);
    fixture_close(&f);
}

static void answers_to_other_versions(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const uint64_t handle = put(f.ns, "a", 1.0, 2.0, 3.0, 1);
    spatio_result *result = NULL;
    ANSWER_SIZES(spatio_object, spatio_get(f.ns, "a", 1, given, ERR));
    ANSWER_SIZES(spatio_object, spatio_get_by_handle(f.ns, handle, given, ERR));
    ANSWER_SIZES(spatio_bounds, spatio_get_bounds(f.ns, given, ERR));
    ANSWER_SIZES(spatio_stats, spatio_get_stats(f.db, given, ERR));
    ANSWER_SIZES(spatio_recovery, spatio_get_recovery(f.db, given, ERR));
    ANSWER_SIZES(spatio_namespace_options, spatio_namespace_settings(f.ns, given, ERR));
    ANSWER_SIZES(spatio_columns, spatio_knn(f.ns, 0, 0, 0, 1, &result, given, ERR));
    ANSWER_SIZES(spatio_columns, spatio_namespaces(f.db, &result, given, ERR));
    ANSWER_SIZES(spatio_columns, spatio_ids(f.ns, 1, &handle, &result, given, ERR));
    ANSWER_SIZES(spatio_columns, spatio_convex_hull(f.ns, &result, given, ERR));
    spatio_result_free(result);
    fixture_close(&f);
}

static void reports_to_other_versions(void)
{
    char folder[PATH_BYTES], path[PATH_BYTES], target[PATH_BYTES];
    spatio_db *db = NULL;
    platform_make_folder(folder);
    platform_join(path, folder, "db");
    platform_join(target, folder, "saved");
    MUST(spatio_open(path, NULL, &db, ERR));
    OK(spatio_close(db, ERR));
    ANSWER_SIZES(spatio_check_report, spatio_check(path, given, NULL, 0, NULL, ERR));
    ANSWER_SIZES(spatio_salvage_report, spatio_salvage(path, target, given, NULL, 0, NULL, ERR));
    platform_remove_folder(folder);
}

static void indexes_of_other_versions(void)
{
    static const double AT[] = {1, 2};
    spatio_index *index = NULL;
    spatio_hits *hits = NULL;
    longer_spatio_hit_columns mine;
    QUESTION_SIZES(spatio_index_options, spatio_index_options_init(given, sizeof *given),
                   spatio_index_build(2, 1, AT, NULL, NULL, NULL, NULL, NULL, NULL, given, &index,
                                      ERR),
                   spatio_index_free(index));
    QUESTION_SIZES(spatio_index_metadata, given->crs = "x",
                   spatio_index_build(2, 1, AT, NULL, NULL, NULL, NULL, NULL, given, NULL, &index,
                                      ERR),
                   spatio_index_free(index));
    MUST(spatio_index_build(2, 1, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &index, ERR));
    ANSWER_SIZES(spatio_index_info, spatio_index_get_info(index, given, ERR));
    ANSWER_SIZES(spatio_index_metadata, spatio_index_get_metadata(index, given, ERR));
    ANSWER_SIZES(spatio_hit_columns, spatio_index_search(index, 1, AT, NULL, &hits, given, ERR));
    ANSWER_SIZES(spatio_hit_columns,
                 spatio_index_nearest(index, 1, AT, NULL, 1, NULL, &hits, given, ERR));
    mine.known.struct_size = 4;
    STATUS(SPATIO_INVALID_ARGUMENT, spatio_hits_columns(hits, &mine.known));
    mine.known.struct_size = (uint32_t)(sizeof mine.known + TAIL);
    STATUS(SPATIO_OK, spatio_hits_columns(hits, &mine.known));
    EQ_U64(mine.known.rows, 1);
    EQ_U64(mine.tail[TAIL - 1], 0);
    spatio_hits_free(hits);
    spatio_index_free(index);
}

static void streams_of_other_versions(void)
{
    static const double AT[] = {1, 2};
    const uint8_t *bytes = NULL;
    size_t length = 0;
    spatio_index *index = NULL;
    spatio_stream *stream = NULL;
    spatio_fetch *fetch = NULL;
    spatio_hits *hits = NULL;
    MUST(spatio_index_build(2, 1, AT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &index, ERR));
    MUST(spatio_index_bytes(index, &bytes, &length, ERR));
    QUESTION_SIZES(spatio_stream_options, spatio_stream_options_init(given, sizeof *given),
                   spatio_stream_begin(length, given, &fetch, ERR), spatio_fetch_free(fetch));
    MUST(open_stream(bytes, length, NULL, &stream, NULL, ERR));
    ANSWER_SIZES(spatio_stream_info, spatio_stream_get_info(stream, given, ERR));
    MUST(spatio_stream_search(stream, AT, NULL, &fetch, ERR));
    OK(feed_all(fetch, bytes, length, ERR));
    ANSWER_SIZES(spatio_hit_columns, spatio_fetch_hits(fetch, &hits, given, ERR));
    spatio_hits_free(hits);
    spatio_fetch_free(fetch);
    spatio_stream_free(stream);
    spatio_index_free(index);
}

static void packs_and_fences_of_other_versions(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    static const double XY[] = {0, 0, 1, 0, 1, 1}, AT[] = {0.75};
    static const uint64_t RING[] = {0, 3}, OFFSETS[] = {0, 1};
    char folder[PATH_BYTES], path[PATH_BYTES];
    const spatio_polygon *polygons[1];
    spatio_polygon *polygon = NULL;
    spatio_pack *pack = NULL;
    spatio_fences *fences = NULL;
    spatio_result *result = NULL;
    spatio_query query;
    platform_make_folder(folder);
    platform_join(path, folder, "things");
    put(f.ns, "a", 1.0, 2.0, 3.0, 1);
    QUESTION_SIZES(spatio_freeze_options, spatio_freeze_options_init(given, sizeof *given),
                   spatio_freeze(f.ns, path, given, NULL, NULL, ERR), (void)0);
    MUST(spatio_pack_open(path, &pack, ERR));
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_EVERYWHERE);
    ANSWER_SIZES(spatio_pack_info, spatio_pack_get_info(pack, given, ERR));
    ANSWER_SIZES(spatio_object, spatio_pack_get(pack, "a", 1, given, ERR));
    ANSWER_SIZES(spatio_columns, spatio_pack_query(pack, &query, 1, NULL, &result, given, ERR));
    QUESTION_SIZES(spatio_query, spatio_query_init(given, sizeof *given, SPATIO_QUERY_EVERYWHERE),
                   spatio_pack_query(pack, given, 1, NULL, &result, NULL, ERR), (void)0);
    MUST(spatio_polygon_new(1, RING, XY, 0, NULL, &polygon, ERR));
    polygons[0] = polygon;
    QUESTION_SIZES(spatio_freeze_options, spatio_freeze_options_init(given, sizeof *given),
                   spatio_fences_write(path, SPATIO_CARTESIAN, 1, OFFSETS, "f", polygons, NULL,
                                       NULL, given, NULL, ERR), (void)0);
    MUST(spatio_fences_open(path, &fences, ERR));
    ANSWER_SIZES(spatio_fences_info, spatio_fences_get_info(fences, given, ERR));
    ANSWER_SIZES(spatio_fence, spatio_fences_get(fences, "f", 1, given, ERR));
    ANSWER_SIZES(spatio_fence, spatio_fences_get_by_handle(fences, 0, given, ERR));
    ANSWER_SIZES(spatio_columns,
                 spatio_fences_containing(fences, 1, AT, AT, 0, &result, given, ERR));
    spatio_result_free(result);
    spatio_fences_free(fences);
    spatio_polygon_free(polygon);
    spatio_pack_free(pack);
    platform_remove_folder(folder);
    fixture_close(&f);
}

static void columns_of_a_result_of_other_versions(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_result *result = NULL;
    longer_spatio_columns mine;
    size_t at;
    put(f.ns, "a", 1.0, 2.0, 3.0, 1);
    MUST(spatio_knn(f.ns, 0, 0, 0, 1, &result, NULL, ERR));
    mine.known.struct_size = 4;
    STATUS(SPATIO_INVALID_ARGUMENT, spatio_result_columns(result, &mine.known));
    memset(&mine, 0xa5, sizeof mine);
    mine.known.struct_size = (uint32_t)(sizeof mine.known + TAIL);
    STATUS(SPATIO_OK, spatio_result_columns(result, &mine.known));
    EQ_U64(mine.known.rows, 1);
    for (at = 0; at < TAIL; at++) EQ_U64(mine.tail[at], 0);
    EQ_U64(mine.guard[0], 0xa5);
    spatio_result_free(result);
    fixture_close(&f);
}

static void initialisers_keep_to_the_size(void)
{
    longer_spatio_query mine;
    memset(&mine, 0xa5, sizeof mine);
    spatio_query_init(&mine.known, sizeof(uint32_t) * 2, SPATIO_QUERY_NEAREST);
    EQ_U64(mine.known.struct_size, 8);
    EQ_U64(mine.known.kind, SPATIO_QUERY_NEAREST);
    EQ_U64(mine.known.flags, 0xa5a5a5a5u);
    memset(&mine, 0xa5, sizeof mine);
    spatio_query_init(&mine.known, sizeof mine.known + TAIL, SPATIO_QUERY_CIRCLE);
    EQ_U64(mine.known.struct_size, sizeof mine.known + TAIL);
    EQ_U64(mine.tail[0], 0);
    EQ_U64(mine.tail[TAIL - 1], 0);
    EQ_U64(mine.guard[0], 0xa5);
    memset(&mine, 0xa5, sizeof mine);
    spatio_query_init(&mine.known, 0, SPATIO_QUERY_CIRCLE);
    EQ_U64(mine.known.struct_size, 0xa5a5a5a5u);
}

static void errors_of_other_versions(void)
{
    struct {
        spatio_error known;
        uint8_t guard[16];
    } mine;
    size_t at;
    /* 0, as `spatio_error error = {0}` leaves it, is the size of the first version. */
    memset(&mine, 0, sizeof mine);
    STATUS(SPATIO_NULL_POINTER, spatio_flush(NULL, &mine.known));
    EQ_I64(mine.known.code, SPATIO_NULL_POINTER);
    EQ_U64(mine.known.row, UINT64_MAX);
    EQ_U64(mine.known.offset, UINT64_MAX);
    EQ_I64(mine.known.os_error, 0);
    CHECK(mine.known.message[0] != '\0');
    /* One that is too short for any version is left alone. */
    memset(&mine, 0xa5, sizeof mine);
    mine.known.struct_size = 16;
    STATUS(SPATIO_NULL_POINTER, spatio_flush(NULL, &mine.known));
    EQ_U64((uint32_t)mine.known.code, 0xa5a5a5a5u);
    memset(&mine, 0xa5, sizeof mine);
    mine.known.struct_size = (uint32_t)sizeof mine;
    STATUS(SPATIO_NULL_POINTER, spatio_flush(NULL, &mine.known));
    EQ_I64(mine.known.code, SPATIO_NULL_POINTER);
    memset(&mine, 0xa5, sizeof mine);
    mine.known.struct_size = (uint32_t)sizeof mine.known;
    STATUS(SPATIO_NULL_POINTER, spatio_flush(NULL, &mine.known));
    for (at = 0; at < sizeof mine.guard; at++) EQ_U64(mine.guard[at], 0xa5);
}

static void a_long_message_is_cut_at_a_character(void)
{
    char id[256];
    size_t at;
    spatio_object object;
    fixture f = fixture_open(SPATIO_CARTESIAN);
    object.struct_size = (uint32_t)sizeof object;
    /* Snowmen, of three bytes each, come out as they are or as longer escapes. */
    for (at = 0; at + 3 <= 255; at += 3) memcpy(id + at, "\xe2\x98\x83", 3);
    FAILS(SPATIO_NOT_FOUND, spatio_get(f.ns, id, 255, &object, ERR));
    CHECK(strlen(test_last.message) < sizeof test_last.message);
    for (at = 0; at < 255; at++) id[at] = '\x01';
    FAILS(SPATIO_NOT_FOUND, spatio_get(f.ns, id, 255, &object, ERR));
    /* Every one of them becomes an escape of several bytes, so that this one was cut. */
    EQ_U64(strlen(test_last.message), sizeof test_last.message - 1);
    fixture_close(&f);
}

void topic_sizes(void)
{
    RUN(options_of_other_versions);
    RUN(queries_of_other_versions);
    RUN(longer_queries_lie_as_far_apart_as_they_say);
    RUN(answers_to_other_versions);
    RUN(reports_to_other_versions);
    RUN(indexes_of_other_versions);
    RUN(streams_of_other_versions);
    RUN(packs_and_fences_of_other_versions);
    RUN(columns_of_a_result_of_other_versions);
    RUN(initialisers_keep_to_the_size);
    RUN(errors_of_other_versions);
    RUN(a_long_message_is_cut_at_a_character);
}
