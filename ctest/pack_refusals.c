/* Packs and fences: NULL for each pointer, sizes that cannot be, bytes that are none. */
#include "support/fixture.h"
#include "support/platform.h"
#include "topics.h"

/* The call says that a pointer is NULL, and says which. */
#define NULLS(name, call)                                                                          \
    do {                                                                                           \
        if (FAILS(SPATIO_NULL_POINTER, call)) SAYS(name);                                          \
    } while (0)

static const double AT[] = {0.25, 0.25};
static const uint64_t OFFSETS[] = {0, 1, 2};

/* A namespace of one object frozen, and one fence around it. */
typedef struct things {
    fixture f;
    char folder[PATH_BYTES], path[PATH_BYTES];
    spatio_pack *pack;
    spatio_polygon *polygon;
    const spatio_polygon *polygons[2];
    spatio_fences *fences;
} things;

static things things_make(void)
{
    static const double XY[] = {0, 0, 1, 0, 1, 1, 0, 1};
    static const uint64_t RING[] = {0, 4};
    things made;
    memset(&made, 0, sizeof made);
    made.f = fixture_open(SPATIO_CARTESIAN);
    put_payload(made.f.ns, "a", 0.25, 0.25, "bytes");
    platform_make_folder(made.folder);
    platform_join(made.path, made.folder, "things");
    OK(spatio_freeze(made.f.ns, made.path, NULL, NULL, NULL, ERR));
    OK(spatio_pack_open(made.path, &made.pack, ERR));
    OK(spatio_polygon_new(1, RING, XY, 0, NULL, &made.polygon, ERR));
    made.polygons[0] = made.polygons[1] = made.polygon;
    OK(spatio_fences_build(SPATIO_CARTESIAN, 2, OFFSETS, "fg", made.polygons, OFFSETS,
                           (const uint8_t *)"xy", &made.fences, ERR));
    return made;
}

static void things_free(things *things)
{
    spatio_fences_free(things->fences);
    spatio_polygon_free(things->polygon);
    spatio_pack_free(things->pack);
    platform_remove_folder(things->folder);
    fixture_close(&things->f);
}

static void null_where_a_pack_is_made(void)
{
    things t = things_make();
    spatio_pack *pack = NULL;
    const uint8_t one = 1;
    spatio_freeze_options_init(NULL, sizeof(spatio_freeze_options));
    NULLS("ns", spatio_freeze(NULL, t.path, NULL, NULL, NULL, ERR));
    NULLS("path", spatio_freeze(t.f.ns, NULL, NULL, NULL, NULL, ERR));
    NULLS("path", spatio_pack_open(NULL, &pack, ERR));
    NULLS("pack", spatio_pack_open(t.path, NULL, ERR));
    NULLS("bytes", spatio_pack_open_bytes(NULL, 1, &pack, ERR));
    NULLS("pack", spatio_pack_open_bytes(&one, 1, NULL, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_freeze(NULL, NULL, NULL, NULL, NULL, NULL));
    CHECK(pack == NULL);
    spatio_pack_free(NULL);
    things_free(&t);
}

static void null_where_a_pack_is_asked(void)
{
    things t = things_make();
    spatio_pack_info info;
    spatio_object object;
    spatio_query query;
    spatio_result *result = NULL;
    const char *id = NULL;
    const uint8_t *payload = NULL;
    size_t length = 0;
    info.struct_size = (uint32_t)sizeof info;
    object.struct_size = (uint32_t)sizeof object;
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_EVERYWHERE);
    NULLS("pack", spatio_pack_get_info(NULL, &info, ERR));
    NULLS("info", spatio_pack_get_info(t.pack, NULL, ERR));
    NULLS("pack", spatio_pack_verify(NULL, ERR));
    NULLS("pack", spatio_pack_get(NULL, "a", 1, &object, ERR));
    NULLS("id", spatio_pack_get(t.pack, NULL, 1, &object, ERR));
    NULLS("object", spatio_pack_get(t.pack, "a", 1, NULL, ERR));
    NULLS("pack", spatio_pack_id(NULL, 0, &id, &length, ERR));
    NULLS("id", spatio_pack_id(t.pack, 0, NULL, &length, ERR));
    NULLS("id_length", spatio_pack_id(t.pack, 0, &id, NULL, ERR));
    NULLS("pack", spatio_pack_payload(NULL, 0, &payload, &length, ERR));
    NULLS("payload", spatio_pack_payload(t.pack, 0, NULL, &length, ERR));
    NULLS("length", spatio_pack_payload(t.pack, 0, &payload, NULL, ERR));
    NULLS("pack", spatio_pack_query(NULL, &query, 1, NULL, &result, NULL, ERR));
    NULLS("queries", spatio_pack_query(t.pack, NULL, 1, NULL, &result, NULL, ERR));
    NULLS("result", spatio_pack_query(t.pack, &query, 1, NULL, NULL, NULL, ERR));
    NULLS("pack", spatio_pack_query_into(NULL, &query, 0, NULL, NULL, NULL, NULL, NULL, NULL,
                                         &length, ERR));
    NULLS("queries", spatio_pack_query_into(t.pack, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL,
                                            &length, ERR));
    NULLS("rows", spatio_pack_query_into(t.pack, &query, 0, NULL, NULL, NULL, NULL, NULL, NULL,
                                         NULL, ERR));
    CHECK(result == NULL && id == NULL && payload == NULL);
    things_free(&t);
}

static void null_where_fences_are_made(void)
{
    things t = things_make();
    spatio_fences *fences = NULL;
    const spatio_polygon *holes[2];
    const uint8_t one = 1;
    const uint32_t plane = SPATIO_CARTESIAN;
    holes[0] = t.polygon;
    holes[1] = NULL;
    NULLS("id_offsets", spatio_fences_build(plane, 1, NULL, "a", t.polygons, NULL, NULL, &fences,
                                            ERR));
    NULLS("ids", spatio_fences_build(plane, 1, OFFSETS, NULL, t.polygons, NULL, NULL, &fences,
                                     ERR));
    NULLS("polygons", spatio_fences_build(plane, 1, OFFSETS, "a", NULL, NULL, NULL, &fences, ERR));
    NULLS("polygons", spatio_fences_build(plane, 2, OFFSETS, "ab", holes, NULL, NULL, &fences,
                                          ERR));
    ROW(1);
    NULLS("payloads", spatio_fences_build(plane, 1, OFFSETS, "a", t.polygons, OFFSETS, NULL,
                                          &fences, ERR));
    NULLS("fences", spatio_fences_build(plane, 1, OFFSETS, "a", t.polygons, NULL, NULL, NULL, ERR));
    NULLS("path", spatio_fences_write(NULL, plane, 1, OFFSETS, "a", t.polygons, NULL, NULL, NULL,
                                      NULL, ERR));
    NULLS("polygons", spatio_fences_write(t.path, plane, 1, OFFSETS, "a", NULL, NULL, NULL, NULL,
                                          NULL, ERR));
    NULLS("path", spatio_fences_open(NULL, &fences, ERR));
    NULLS("fences", spatio_fences_open(t.path, NULL, ERR));
    NULLS("bytes", spatio_fences_open_bytes(NULL, 1, &fences, ERR));
    NULLS("fences", spatio_fences_open_bytes(&one, 1, NULL, ERR));
    CHECK(fences == NULL);
    spatio_fences_free(NULL);
    things_free(&t);
}

static void null_where_fences_are_asked(void)
{
    things t = things_make();
    spatio_fences_info info;
    spatio_fence fence;
    spatio_result *result = NULL;
    const spatio_fences *fences = t.fences;
    info.struct_size = (uint32_t)sizeof info;
    fence.struct_size = (uint32_t)sizeof fence;
    NULLS("fences", spatio_fences_get_info(NULL, &info, ERR));
    NULLS("info", spatio_fences_get_info(fences, NULL, ERR));
    NULLS("fences", spatio_fences_verify(NULL, ERR));
    NULLS("fences", spatio_fences_get(NULL, "f", 1, &fence, ERR));
    NULLS("id", spatio_fences_get(fences, NULL, 1, &fence, ERR));
    NULLS("fence", spatio_fences_get(fences, "f", 1, NULL, ERR));
    NULLS("fences", spatio_fences_get_by_handle(NULL, 0, &fence, ERR));
    NULLS("fence", spatio_fences_get_by_handle(fences, 0, NULL, ERR));
    NULLS("fences", spatio_fences_containing(NULL, 1, AT, AT, 0, &result, NULL, ERR));
    NULLS("x", spatio_fences_containing(fences, 1, NULL, AT, 0, &result, NULL, ERR));
    NULLS("y", spatio_fences_containing(fences, 1, AT, NULL, 0, &result, NULL, ERR));
    NULLS("result", spatio_fences_containing(fences, 1, AT, AT, 0, NULL, NULL, ERR));
    NULLS("fences", spatio_fences_intersecting(NULL, 1, AT, AT, AT, AT, 0, &result, NULL, ERR));
    NULLS("min_x", spatio_fences_intersecting(fences, 1, NULL, AT, AT, AT, 0, &result, NULL, ERR));
    NULLS("min_y", spatio_fences_intersecting(fences, 1, AT, NULL, AT, AT, 0, &result, NULL, ERR));
    NULLS("max_x", spatio_fences_intersecting(fences, 1, AT, AT, NULL, AT, 0, &result, NULL, ERR));
    NULLS("max_y", spatio_fences_intersecting(fences, 1, AT, AT, AT, NULL, 0, &result, NULL, ERR));
    CHECK(result == NULL);
    things_free(&t);
}

static void sizes_and_choices_that_cannot_be(void)
{
    things t = things_make();
    const size_t most = SIZE_MAX;
    const uint64_t back[] = {0, 2, 1}, huge[] = {0, 0, UINT64_MAX};
    const uint32_t plane = SPATIO_CARTESIAN;
    spatio_freeze_options options;
    spatio_fences *fences = NULL;
    spatio_pack *pack = NULL;
    spatio_result *result = NULL;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_fences_build(plane, most, OFFSETS, "ab", t.polygons, NULL,
                                                       NULL, &fences, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_fences_build(plane, 2, back, "ab", t.polygons, NULL, NULL,
                                                       &fences, ERR));
    ROW(1);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_fences_build(plane, 2, OFFSETS, "ab", t.polygons, huge,
                                                       (const uint8_t *)"x", &fences, ERR));
    FAILS(SPATIO_INVALID_UTF8, spatio_fences_build(plane, 2, OFFSETS, "a\xff", t.polygons, NULL,
                                                   NULL, &fences, ERR));
    ROW(1);
    FAILS(SPATIO_INVALID_UTF8, spatio_pack_open("\xff", &pack, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_pack_open_bytes((const uint8_t *)AT, most, &pack, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_fences_open_bytes((const uint8_t *)AT, most, &fences,
                                                            ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_fences_containing(t.fences, most, AT, AT, 0, &result,
                                                            NULL, ERR));
    FAILS(SPATIO_UNSUPPORTED, spatio_fences_containing(t.fences, 1, AT, AT, SPATIO_QUERY_AROUND_OBJECT,
                                                       &result, NULL, ERR));
    SAYS("flags");
    spatio_freeze_options_init(&options, sizeof options);
    options.layout = 3;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_freeze(t.f.ns, t.path, &options, NULL, NULL, ERR));
    SAYS("layout");
    options.layout = SPATIO_INDEX_BOTH;
    options.threads = 1u << 20;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_freeze(t.f.ns, t.path, &options, NULL, NULL, ERR));
    SAYS("threads");
    CHECK(fences == NULL && pack == NULL && result == NULL);
    things_free(&t);
}

static void a_refused_point_empties_the_result(void)
{
    things t = things_make();
    const double x[] = {0.5, NAN}, y[] = {0.5, 0.5};
    spatio_result *result = NULL, *same;
    spatio_columns found;
    memset(&found, 0, sizeof found);
    found.struct_size = (uint32_t)sizeof found;
    MUST(spatio_fences_containing(t.fences, 1, x, y, 0, &result, &found, ERR));
    EQ_U64(found.rows, 2);
    same = result;
    FAILS(SPATIO_OUT_OF_RANGE, spatio_fences_containing(t.fences, 2, x, y, 0, &result, &found, ERR));
    ROW(1);
    STATUS(SPATIO_OK, spatio_result_columns(result, &found));
    CHECK(result == same && found.rows == 0 && found.queries == 0);
    spatio_result_free(result);
    things_free(&t);
}

static void files_that_are_none(void)
{
    things t = things_make();
    char path[PATH_BYTES];
    spatio_pack *pack = NULL;
    spatio_fences *fences = NULL;
    FAILS(SPATIO_IO, spatio_pack_open(t.folder, &pack, ERR));
    FAILS(SPATIO_IO, spatio_fences_open(t.folder, &fences, ERR));
    FAILS(SPATIO_UNSUPPORTED, spatio_fences_open(t.path, &fences, ERR));
    /* What cannot be written leaves nothing behind, nor does it touch what was there. */
    FAILS(SPATIO_INVALID_ARGUMENT,
          spatio_fences_write(t.path, SPATIO_CARTESIAN, 2, OFFSETS, "aa", t.polygons, NULL, NULL,
                              NULL, NULL, ERR));
    OK(spatio_pack_open(t.path, &pack, ERR));
    spatio_pack_free(pack);
    pack = NULL;
    CHECK(!platform_find(path, t.folder, ".tmp"));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_freeze(t.f.ns, "/", NULL, NULL, NULL, ERR));
    CHECK(pack == NULL && fences == NULL);
    things_free(&t);
}

/* Every question to a pack of one object and to fences, whatever comes of it. */
static void ask_everything(const uint8_t *bytes, size_t length)
{
    static const double LOW[] = {-9, -9}, HIGH[] = {9, 9};
    spatio_pack *pack = NULL;
    spatio_fences *fences = NULL;
    spatio_result *result = NULL;
    spatio_query query;
    spatio_object object;
    spatio_fence fence;
    const uint8_t *payload;
    size_t count;
    object.struct_size = (uint32_t)sizeof object;
    fence.struct_size = (uint32_t)sizeof fence;
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_EVERYWHERE);
    query.flags = SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS;
    if (spatio_pack_open_bytes(bytes, length, &pack, NULL) == SPATIO_OK) {
        (void)spatio_pack_verify(pack, NULL);
        (void)spatio_pack_query(pack, &query, 1, NULL, &result, NULL, NULL);
        query.kind = SPATIO_QUERY_NEAREST;
        (void)spatio_pack_query(pack, &query, 1, NULL, &result, NULL, NULL);
        (void)spatio_pack_get(pack, "a", 1, &object, NULL);
        (void)spatio_pack_payload(pack, 0, &payload, &count, NULL);
    }
    if (spatio_fences_open_bytes(bytes, length, &fences, NULL) == SPATIO_OK) {
        (void)spatio_fences_verify(fences, NULL);
        (void)spatio_fences_containing(fences, 2, AT, AT, query.flags, &result, NULL, NULL);
        (void)spatio_fences_intersecting(fences, 2, LOW, LOW, HIGH, HIGH, query.flags, &result, NULL,
                                         NULL);
        (void)spatio_fences_get(fences, "g", 1, &fence, NULL);
    }
    spatio_result_free(result);
    spatio_pack_free(pack);
    spatio_fences_free(fences);
}

/* Each byte in turn is another one; nothing may be read that is not there. */
static void damaged_bytes_are_answered_or_refused(void)
{
    things t = things_make();
    int round;
    for (round = 0; round < 2; round++) {
        size_t length = 0, at;
        uint8_t *bytes = platform_read(t.path, &length);
        REQUIRE(bytes != NULL);
        for (at = 0; at < length; at++) {
            bytes[at] ^= 0xff;
            ask_everything(bytes, length);
            bytes[at] ^= 0xff;
        }
        for (at = 0; at < length; at += 7) ask_everything(bytes, at);
        free(bytes);
        OK(spatio_fences_write(t.path, SPATIO_CARTESIAN, 2, OFFSETS, "fg", t.polygons, NULL, NULL,
                               NULL, NULL, ERR));
    }
    things_free(&t);
}

void topic_pack_refusals(void)
{
    RUN(null_where_a_pack_is_made);
    RUN(null_where_a_pack_is_asked);
    RUN(null_where_fences_are_made);
    RUN(null_where_fences_are_asked);
    RUN(sizes_and_choices_that_cannot_be);
    RUN(a_refused_point_empties_the_result);
    RUN(files_that_are_none);
    RUN(damaged_bytes_are_answered_or_refused);
}
