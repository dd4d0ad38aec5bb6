/* Payloads: any bytes, kept until another comes, read alone and with an answer. */
#include "support/fixture.h"
#include "topics.h"

/* Checks the payload of one object, by the caller's buffer. */
static void expect_payload(const spatio_namespace *ns, uint64_t handle, const char *wanted)
{
    uint8_t bytes[64];
    size_t length = 999;
    spatio_object object;
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get_by_handle(ns, handle, &object, ERR));
    EQ_U64(object.payload_length, strlen(wanted));
    OK(spatio_get_payload(ns, handle, bytes, sizeof bytes, &length, ERR));
    EQ_U64(length, strlen(wanted));
    CHECK(length <= sizeof bytes && memcmp(bytes, wanted, length) == 0);
}

static void a_payload_stays_until_another_comes(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const uint64_t handle = put_payload(f.ns, "a", 1.0, 2.0, "line 100");
    expect_payload(f.ns, handle, "line 100");
    put(f.ns, "a", 2.0, 2.0, 0.0, 2);
    expect_payload(f.ns, handle, "line 100");
    OK(spatio_move(f.ns, handle, 3.0, 2.0, 0.0, 3, NULL, ERR));
    expect_payload(f.ns, handle, "line 100");
    OK(spatio_upsert(f.ns, "a", 1, 4.0, 2.0, 0.0, 4, (const uint8_t *)"200", 3, 0, NULL, NULL,
                     ERR));
    expect_payload(f.ns, handle, "200");
    fixture_close(&f);
}

static void an_empty_payload_removes(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const uint64_t handle = put_payload(f.ns, "a", 1.0, 2.0, "line 100");
    OK(spatio_upsert(f.ns, "a", 1, 1.0, 2.0, 0.0, 2, (const uint8_t *)"", 0, 0, NULL, NULL, ERR));
    expect_payload(f.ns, handle, "");
    fixture_close(&f);
}

static void a_small_buffer_is_told_the_length(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const uint64_t handle = put_payload(f.ns, "a", 1.0, 2.0, "line 100");
    uint8_t bytes[8] = {0};
    size_t length = 0;
    FAILS(SPATIO_BUFFER_TOO_SMALL, spatio_get_payload(f.ns, handle, bytes, 7, &length, ERR));
    EQ_U64(length, 8);
    length = 0;
    OK(spatio_get_payload(f.ns, handle, NULL, 0, &length, ERR));
    EQ_U64(length, 8);
    OK(spatio_get_payload(f.ns, handle, bytes, 8, &length, ERR));
    CHECK(memcmp(bytes, "line 100", 8) == 0);
    FAILS(SPATIO_NOT_FOUND, spatio_get_payload(f.ns, handle + 1, bytes, 8, &length, ERR));
    OK(spatio_delete(f.ns, "a", 1, NULL, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_get_payload(f.ns, handle, bytes, 8, &length, ERR));
    fixture_close(&f);
}

static void a_payload_has_a_largest_size(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const size_t most = 64 * 1024;
    uint8_t *bytes = (uint8_t *)calloc(1, most + 1), *back = (uint8_t *)malloc(most);
    size_t length = 0;
    uint64_t handle = 0;
    bytes[0] = 0xff;
    bytes[most - 1] = 0xfe;
    OK(spatio_upsert(f.ns, "a", 1, 0.0, 0.0, 0.0, 1, bytes, most, 0, &handle, NULL, ERR));
    OK(spatio_get_payload(f.ns, handle, back, most, &length, ERR));
    EQ_U64(length, most);
    CHECK(memcmp(bytes, back, most) == 0);
    FAILS(SPATIO_LIMIT_EXCEEDED,
          spatio_upsert(f.ns, "a", 1, 0.0, 0.0, 0.0, 1, bytes, most + 1, 0, NULL, NULL, ERR));
    free(bytes);
    free(back);
    fixture_close(&f);
}

static void a_batch_carries_payloads(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    static const char BYTES[] = "onethree";
    const uint64_t offsets[4] = {0, 3, 3, 8};
    const double x[3] = {1.0, 2.0, 3.0};
    uint64_t handles[3];
    id_list ids = ids_make("o", 0, 3);
    const uint64_t again[4] = {0, 0, 5, 5};
    put_payload(f.ns, "o000001", 0.0, 0.0, "kept");
    OK(spatio_upsert_batch(f.ns, 3, ids.offsets, ids.bytes, x, x, NULL, NULL, offsets,
                           (const uint8_t *)BYTES, NULL, handles, NULL, NULL, ERR));
    expect_payload(f.ns, handles[0], "one");
    expect_payload(f.ns, handles[1], "kept");
    expect_payload(f.ns, handles[2], "three");
    OK(spatio_upsert_batch(f.ns, 3, ids.offsets, ids.bytes, x, x, NULL, NULL, again,
                           (const uint8_t *)"again", NULL, NULL, NULL, NULL, ERR));
    expect_payload(f.ns, handles[0], "one");
    expect_payload(f.ns, handles[1], "again");
    expect_payload(f.ns, handles[2], "three");
    ids_free(&ids);
    fixture_close(&f);
}

static void an_answer_has_payloads_where_asked(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_query query;
    spatio_result *result = NULL;
    spatio_columns columns;
    put_payload(f.ns, "a", 1.0, 0.0, "first");
    put(f.ns, "b", 2.0, 0.0, 0.0, 1);
    put_payload(f.ns, "c", 3.0, 0.0, "third");
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_CIRCLE);
    query.radius = 10.0;
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_query_run(f.ns, &query, 1, NULL, &result, &columns, ERR));
    CHECK(columns.payload_offsets == NULL && columns.payloads == NULL);
    CHECK(columns.id_offsets == NULL && columns.ids == NULL);
    query.flags = SPATIO_QUERY_WITH_PAYLOADS | SPATIO_QUERY_WITH_IDS;
    MUST(spatio_query_run(f.ns, &query, 1, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 3);
    REQUIRE(columns.payload_offsets != NULL && columns.id_offsets != NULL);
    EQ_U64(columns.payload_offsets[0], 0);
    EQ_U64(columns.payload_offsets[1], 5);
    EQ_U64(columns.payload_offsets[2], 5);
    EQ_U64(columns.payload_offsets[3], 10);
    CHECK(memcmp(columns.payloads, "firstthird", 10) == 0);
    EQ_U64(columns.id_offsets[3], 3);
    CHECK(memcmp(columns.ids, "abc", 3) == 0);
    spatio_result_free(result);
    fixture_close(&f);
}

void topic_payloads(void)
{
    RUN(a_payload_stays_until_another_comes);
    RUN(an_empty_payload_removes);
    RUN(a_small_buffer_is_told_the_length);
    RUN(a_payload_has_a_largest_size);
    RUN(a_batch_carries_payloads);
    RUN(an_answer_has_payloads_where_asked);
}
