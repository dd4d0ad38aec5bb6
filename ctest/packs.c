/* Packs: every answer is that of the namespace that was frozen, which looking at every object
 * confirms; files replace each other whole, bytes do as well as files, many threads ask one. */
#include "support/oracle.h"
#include "support/platform.h"
#include "topics.h"

#include <pthread.h>

enum { OBJECTS = 400 };

static const uint32_t SPACES[] = {SPATIO_GEOGRAPHIC, SPATIO_CARTESIAN};

/* A folder with a namespace frozen into a file of it. */
typedef struct frozen {
    fixture f;
    char folder[PATH_BYTES], path[PATH_BYTES];
    spatio_pack *pack;
} frozen;

static frozen freeze(fixture f, uint32_t layout)
{
    frozen made;
    spatio_freeze_options options;
    uint64_t objects = 0, bytes = 0, here = 0;
    size_t length = 0;
    memset(&made, 0, sizeof made);
    made.f = f;
    platform_make_folder(made.folder);
    platform_join(made.path, made.folder, "things.psindex");
    spatio_freeze_options_init(&options, sizeof options);
    options.layout = layout;
    options.threads = 1 + layout;
    OK(spatio_freeze(f.ns, made.path, &options, &objects, &bytes, ERR));
    OK(spatio_count(f.ns, &here, ERR));
    EQ_U64(objects, here);
    free(platform_read(made.path, &length));
    EQ_U64(bytes, length);
    OK(spatio_pack_open(made.path, &made.pack, ERR));
    return made;
}

static void thaw(frozen *made)
{
    spatio_pack_free(made->pack);
    platform_remove_folder(made->folder);
    fixture_close(&made->f);
}

static spatio_columns some_columns(void)
{
    spatio_columns columns;
    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    return columns;
}

/* The cloud as the pack knows it: with the handles that the pack has. */
static void learn_handles(const spatio_pack *pack, cloud *cloud)
{
    spatio_object object;
    size_t row;
    object.struct_size = (uint32_t)sizeof object;
    for (row = 0; row < cloud->count; row++) {
        const uint64_t start = cloud->ids.offsets[row], end = cloud->ids.offsets[row + 1];
        MUST(spatio_pack_get(pack, cloud->ids.bytes + start, (size_t)(end - start), &object, ERR));
        EQ_F64(object.x, cloud->x[row]);
        EQ_F64(object.y, cloud->y[row]);
        EQ_F64(object.z, cloud->z[row]);
        EQ_I64(object.time_us, cloud->time_us[row]);
        EQ_I64(object.expires_us, INT64_MAX);
        cloud->handles[row] = object.handle;
    }
}

static void every_kind(const spatio_pack *pack, const cloud *cloud, place at, double unit)
{
    spatio_query queries[SPATIO_QUERY_BOX_3D_AROUND];
    spatio_result *result = NULL;
    spatio_columns found = some_columns();
    size_t n = 0, q;
    uint32_t kind;
    for (kind = SPATIO_QUERY_CIRCLE; kind <= SPATIO_QUERY_BOX_3D_AROUND; kind++) {
        spatio_query query = query_at(kind, at.x, at.y, at.z);
        if (kind == SPATIO_QUERY_POLYGON) continue; /* the behaviour cases ask them */
        query.radius = kind == SPATIO_QUERY_NEAREST ? HUGE_VAL : 4.0 * unit;
        query.limit = kind == SPATIO_QUERY_NEAREST ? 25 : SPATIO_NO_LIMIT;
        query.min_x = at.x - 3.0;
        query.max_x = at.x + 2.0;
        query.min_y = at.y - 2.0;
        query.max_y = at.y + 3.0;
        query.min_z = at.z - 40.0;
        query.max_z = at.z + 30.0;
        query.width = 5.0;
        query.height = 4.0;
        query.depth = 50.0;
        if (kind == SPATIO_QUERY_CYLINDER) {
            query.flags |= SPATIO_QUERY_AROUND_OBJECT | SPATIO_QUERY_EXCLUDE_ORIGIN;
            query.origin = cloud->handles[7];
        }
        queries[n++] = query;
    }
    MUST(spatio_pack_query(pack, queries, n, NULL, &result, &found, ERR));
    EQ_U64(found.queries, n);
    for (q = 0; q < n; q++) oracle_compare(cloud, &queries[q], NULL, 0, &found, q);
    spatio_result_free(result);
}

static void answers_are_those_of_looking_at_every_object(void)
{
    size_t space;
    uint32_t layout;
    for (space = 0; space < 2; space++) {
        const place low = {-8, -8, -50}, high = {8, 8, 50}, at = {0.5, -0.25, 3};
        for (layout = SPATIO_INDEX_FAST; layout <= SPATIO_INDEX_BOTH; layout++) {
            fixture f = fixture_open(SPACES[space]);
            cloud cloud = cloud_fill(f.ns, SPACES[space], "o:", OBJECTS, low, high, 3 + layout);
            frozen made = freeze(f, layout);
            learn_handles(made.pack, &cloud);
            every_kind(made.pack, &cloud, at, SPACES[space] == SPATIO_GEOGRAPHIC ? 111000 : 1);
            OK(spatio_pack_verify(made.pack, ERR));
            cloud_free(&cloud);
            thaw(&made);
        }
    }
}

static void a_pack_is_what_the_namespace_was(void)
{
    frozen made;
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_pack_info info;
    spatio_object object;
    spatio_result *result = NULL;
    spatio_columns found = some_columns();
    spatio_query query = query_at(SPATIO_QUERY_NEAREST, 0, 0, 0);
    const char *id = NULL;
    const uint8_t *payload = NULL;
    size_t length = 0;
    info.struct_size = (uint32_t)sizeof info;
    object.struct_size = (uint32_t)sizeof object;
    put_payload(f.ns, "b", 2, 0, "second");
    put_payload(f.ns, "a", 1, 0, "first");
    put(f.ns, "c", 3, 0, 0, 9);
    made = freeze(f, SPATIO_INDEX_BOTH);
    put(f.ns, "a", 9, 9, 9, 99);
    OK(spatio_delete(f.ns, "b", 1, NULL, ERR));
    MUST(spatio_pack_get_info(made.pack, &info, ERR));
    CHECK(info.space == SPATIO_CARTESIAN && info.objects == 3 && info.dims == 2);
    CHECK(info.bytes > 0 && info.frozen_us > 0);
    query.flags = SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS;
    MUST(spatio_pack_query(made.pack, &query, 1, NULL, &result, &found, ERR));
    EQ_U64(found.rows, 3);
    CHECK(memcmp(found.ids, "abc", 3) == 0 && memcmp(found.payloads, "firstsecond", 11) == 0);
    CHECK(found.handles[0] == 0 && found.handles[1] == 1 && found.handles[2] == 2);
    CHECK(found.payload_offsets[2] == 11 && found.payload_offsets[3] == 11);
    EQ_F64(found.distance[1], 2.0);
    MUST(spatio_pack_get(made.pack, "b", 1, &object, ERR));
    CHECK(object.handle == 1 && object.payload_length == 6 && object.x == 2.0);
    MUST(spatio_pack_id(made.pack, 2, &id, &length, ERR));
    CHECK(length == 1 && id[0] == 'c');
    MUST(spatio_pack_payload(made.pack, 0, &payload, &length, ERR));
    CHECK(length == 5 && memcmp(payload, "first", 5) == 0);
    MUST(spatio_pack_payload(made.pack, 2, &payload, &length, ERR));
    CHECK(length == 0 && payload == NULL);
    spatio_result_free(result);
    thaw(&made);
}

static void into_columns_of_the_caller(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    frozen made;
    uint64_t handles[2] = {9, 9};
    double x[2], y[2], z[2], distance[2];
    int64_t times[2];
    size_t rows = 7;
    spatio_query query = query_at(SPATIO_QUERY_NEAREST, 0, 0, 0);
    put(f.ns, "c", 3, 0, 4, 9);
    put(f.ns, "a", 1, 0, 0, 8);
    put(f.ns, "b", 2, 0, 0, 7);
    made = freeze(f, SPATIO_INDEX_FAST);
    MUST(spatio_pack_query_into(made.pack, &query, 2, handles, x, y, z, times, distance, &rows,
                                ERR));
    CHECK(rows == 2 && handles[0] == 0 && handles[1] == 1 && x[1] == 2.0 && times[0] == 8);
    EQ_F64(distance[1], 2.0);
    query.kind = SPATIO_QUERY_BOX;
    query.min_x = 3;
    query.max_x = 4;
    MUST(spatio_pack_query_into(made.pack, &query, 2, NULL, NULL, NULL, z, NULL, distance, &rows,
                                ERR));
    CHECK(rows == 1 && z[0] == 4.0 && isnan(distance[0]));
    thaw(&made);
}

static void bytes_do_as_well_as_a_file(void)
{
    const place low = {-8, -8, 0}, high = {8, 8, 0};
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o:", OBJECTS, low, high, 5);
    frozen made = freeze(f, SPATIO_INDEX_FAST);
    spatio_pack *copy = NULL;
    size_t length = 0, at;
    uint8_t *bytes = platform_read(made.path, &length);
    MUST(spatio_pack_open_bytes(bytes, length, &copy, ERR));
    /* They are copied. */
    for (at = 0; at < length; at++) bytes[at] = 0xa5;
    free(bytes);
    /* A mapped file is replaced and not changed. */
    OK(spatio_delete(f.ns, "o:1", 3, NULL, ERR));
    OK(spatio_freeze(f.ns, made.path, NULL, NULL, NULL, ERR));
    learn_handles(copy, &cloud);
    every_kind(copy, &cloud, low, 1);
    spatio_pack_free(copy);
    learn_handles(made.pack, &cloud);
    cloud_free(&cloud);
    thaw(&made);
}

static void a_question_is_stopped_and_the_result_is_used_again(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    frozen made;
    spatio_cancel *cancel = spatio_cancel_new();
    spatio_result *result = NULL, *same;
    spatio_columns found = some_columns();
    spatio_query query = query_at(SPATIO_QUERY_EVERYWHERE, 0, 0, 0);
    put(f.ns, "a", 1, 0, 0, 8);
    made = freeze(f, SPATIO_INDEX_FAST);
    MUST(spatio_query_run(f.ns, &query, 1, NULL, &result, &found, ERR));
    same = result;
    spatio_cancel_fire(cancel);
    FAILS(SPATIO_CANCELLED, spatio_pack_query(made.pack, &query, 1, cancel, &result, &found, ERR));
    STATUS(SPATIO_OK, spatio_result_columns(result, &found));
    CHECK(result == same && found.rows == 0);
    spatio_cancel_reset(cancel);
    OK(spatio_pack_query(made.pack, &query, 1, cancel, &result, &found, ERR));
    CHECK(result == same && found.rows == 1);
    thaw(&made);
    /* It outlives the pack. */
    EQ_F64(found.x[0], 1.0);
    spatio_result_free(result);
    spatio_cancel_free(cancel);
}

enum { THREADS = 4, ROUNDS = 100 };

typedef struct asker {
    pthread_t thread;
    const spatio_pack *pack;
    unsigned wrong;
} asker;

static void *ask_often(void *user)
{
    asker *mine = (asker *)user;
    spatio_query query = query_at(SPATIO_QUERY_NEAREST, 0, 0, 0);
    spatio_result *result = NULL;
    spatio_columns found = some_columns();
    uint64_t handle;
    size_t rows;
    int round;
    query.limit = 5;
    for (round = 0; round < ROUNDS; round++) {
        mine->wrong += spatio_pack_query(mine->pack, &query, 1, NULL, &result, &found, NULL) !=
                           SPATIO_OK || found.rows != 5;
        mine->wrong += spatio_pack_query_into(mine->pack, &query, 1, &handle, NULL, NULL, NULL,
                                              NULL, NULL, &rows, NULL) != SPATIO_OK ||
                       handle != found.handles[0];
    }
    spatio_result_free(result);
    return NULL;
}

static void many_threads_ask_one_pack(void)
{
    const place low = {-8, -8, 0}, high = {8, 8, 0};
    fixture f = fixture_open(SPATIO_CARTESIAN);
    cloud cloud = cloud_fill(f.ns, SPATIO_CARTESIAN, "o:", OBJECTS, low, high, 5);
    frozen made = freeze(f, SPATIO_INDEX_FAST);
    asker askers[THREADS];
    int at;
    memset(askers, 0, sizeof askers);
    for (at = 0; at < THREADS; at++) {
        askers[at].pack = made.pack;
        EQ_I64(pthread_create(&askers[at].thread, NULL, ask_often, &askers[at]), 0);
    }
    for (at = 0; at < THREADS; at++) {
        EQ_I64(pthread_join(askers[at].thread, NULL), 0);
        EQ_U64(askers[at].wrong, 0);
    }
    cloud_free(&cloud);
    thaw(&made);
}

void topic_packs(void)
{
    RUN(answers_are_those_of_looking_at_every_object);
    RUN(a_pack_is_what_the_namespace_was);
    RUN(into_columns_of_the_caller);
    RUN(bytes_do_as_well_as_a_file);
    RUN(a_question_is_stopped_and_the_result_is_used_again);
    RUN(many_threads_ask_one_pack);
}
