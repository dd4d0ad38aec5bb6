/* Batches that come as Arrow: names, formats, offsets, and what is refused. */
#include "support/arrow.h"
#include "support/fixture.h"
#include "topics.h"

static const double X[4] = {1.0, 2.0, 3.0, 4.0};
static const double Y[4] = {-1.0, -2.0, -3.0, -4.0};
static const double Z[4] = {10.0, 20.0, 30.0, 40.0};
static const int32_t SHORT_OFFSETS[5] = {0, 1, 3, 6, 7};
static const int64_t LONG_OFFSETS[5] = {0, 1, 3, 6, 7};
static const char IDS[] = "abbcccd";

/* Imports and checks that nothing of the caller's was released. */
static spatio_status import(const spatio_namespace *ns, frame *frame, uint64_t *applied)
{
    const spatio_status status =
        spatio_upsert_arrow(ns, &frame->schema, &frame->array, applied, NULL, ERR);
    EQ_U64(frame->released, 0);
    CHECK(frame->schema.release != NULL && frame->array.release != NULL);
    return status;
}

static void expect(const spatio_namespace *ns, const char *id, double x, double y, double z,
                   int64_t time_us)
{
    spatio_object object;
    object.struct_size = (uint32_t)sizeof object;
    test_context(id);
    if (OK(spatio_get(ns, id, strlen(id), &object, ERR))) {
        EQ_F64(object.x, x);
        EQ_F64(object.y, y);
        EQ_F64(object.z, z);
        EQ_I64(object.time_us, time_us);
    }
    test_context(NULL);
}

static void rows_come_by_id(void)
{
    static const char *const FORMATS[2] = {"u", "U"};
    int is_large;
    for (is_large = 0; is_large < 2; is_large++) {
        fixture f = fixture_open(SPATIO_CARTESIAN);
        const int64_t times[4] = {11, 12, 13, 14};
        const void *offsets = is_large ? (const void *)LONG_OFFSETS : (const void *)SHORT_OFFSETS;
        uint64_t applied = 0;
        frame frame;
        frame_begin(&frame, 4);
        /* In any order, with columns that mean nothing here. */
        frame_add(&frame, "time", "tsu:UTC", times);
        frame_add(&frame, "y", "g", Y);
        frame_add(&frame, "speed", "g", Z);
        frame_add_bytes(&frame, "id", FORMATS[is_large], offsets, IDS);
        frame_add(&frame, "x", "g", X);
        OK(import(f.ns, &frame, &applied));
        EQ_U64(applied, 4);
        expect(f.ns, "a", 1.0, -1.0, 0.0, 11);
        expect(f.ns, "bb", 2.0, -2.0, 0.0, 12);
        expect(f.ns, "ccc", 3.0, -3.0, 0.0, 13);
        expect(f.ns, "d", 4.0, -4.0, 0.0, 14);
        fixture_close(&f);
    }
}

static void rows_come_by_handle_with_other_names(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    uint64_t handles[2], applied = 0;
    const int64_t times[2] = {2, 2};
    frame frame;
    handles[0] = put(f.ns, "a", 0.0, 0.0, 0.0, 1);
    handles[1] = put(f.ns, "bb", 0.0, 0.0, 0.0, 1);
    frame_begin(&frame, 2);
    frame_add(&frame, "handle", "L", handles);
    frame_add(&frame, "lon", "g", X);
    frame_add(&frame, "lat", "g", Y);
    frame_add(&frame, "alt", "g", Z);
    frame_add(&frame, "time", "l", times);
    OK(import(f.ns, &frame, &applied));
    EQ_U64(applied, 2);
    expect(f.ns, "a", 1.0, -1.0, 10.0, 2);
    expect(f.ns, "bb", 2.0, -2.0, 20.0, 2);
    fixture_close(&f);
}

static void every_unit_of_time_is_understood(void)
{
    static const char *const FORMATS[4] = {"tss:UTC", "tsm:", "tsu:Europe/Berlin", "tsn:UTC"};
    static const int64_t TIMES[4][2] = {
        {7, -7}, {7000, -7000}, {7000000, -7000000}, {INT64_C(7000000999), -INT64_C(7000000000)}};
    int at;
    for (at = 0; at < 4; at++) {
        fixture f = fixture_open(SPATIO_CARTESIAN);
        frame frame;
        frame_begin(&frame, 2);
        frame_add_bytes(&frame, "id", "u", SHORT_OFFSETS, IDS);
        frame_add(&frame, "x", "g", X);
        frame_add(&frame, "y", "g", Y);
        frame_add(&frame, "time", FORMATS[at], TIMES[at]);
        OK(import(f.ns, &frame, NULL));
        expect(f.ns, "a", 1.0, -1.0, 0.0, 7 * SECOND_US);
        expect(f.ns, "bb", 2.0, -2.0, 0.0, -7 * SECOND_US);
        fixture_close(&f);
    }
}

static void payloads_come_too_and_an_empty_one_keeps(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    static const uint8_t VALID[1] = {0x0f};
    static const char BYTES[] = "onethree!";
    static const int32_t OFFSETS[5] = {0, 3, 3, 8, 9};
    uint8_t payload[8];
    size_t length = 0;
    uint64_t handle;
    frame frame;
    handle = put_payload(f.ns, "bb", 0.0, 0.0, "kept");
    frame_begin(&frame, 4);
    frame_add_bytes(&frame, "id", "u", SHORT_OFFSETS, IDS);
    frame_add(&frame, "x", "g", X);
    frame_add(&frame, "y", "g", Y);
    frame_add_bytes(&frame, "payload", "z", OFFSETS, BYTES);
    frame.columns[3].flags = ARROW_FLAG_NULLABLE;
    /* -1: it was not counted how many are null; the bits say that none is. */
    frame.data[3].null_count = -1;
    frame.buffers[3][0] = VALID;
    OK(import(f.ns, &frame, NULL));
    OK(spatio_get_payload(f.ns, handle, payload, sizeof payload, &length, ERR));
    EQ_U64(length, 4);
    CHECK(memcmp(payload, "kept", 4) == 0);
    OK(spatio_find_handle(f.ns, "ccc", 3, &handle, ERR));
    OK(spatio_get_payload(f.ns, handle, payload, sizeof payload, &length, ERR));
    EQ_U64(length, 5);
    CHECK(memcmp(payload, "three", 5) == 0);
    fixture_close(&f);
}

static void short_floats_are_taken(void)
{
    static const float SHORT[4] = {0.5f, 1.5f, 2.5f, 0.1f};
    fixture f = fixture_open(SPATIO_CARTESIAN);
    frame frame;
    frame_begin(&frame, 4);
    frame_add_bytes(&frame, "id", "u", SHORT_OFFSETS, IDS);
    frame_add(&frame, "x", "f", SHORT);
    frame_add(&frame, "y", "g", Y);
    frame_add(&frame, "time", "l", LONG_OFFSETS);
    OK(import(f.ns, &frame, NULL));
    expect(f.ns, "bb", 1.5, -2.0, 0.0, 1);
    expect(f.ns, "d", (double)0.1f, -4.0, 0.0, 6);
    fixture_close(&f);
}

static void slices_begin_where_they_say(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint64_t applied = 0, objects = 0;
    frame frame;
    int64_t at;
    frame_begin(&frame, 3);
    frame_add_bytes(&frame, "id", "u", SHORT_OFFSETS, IDS);
    frame_add(&frame, "x", "g", X);
    frame_add(&frame, "y", "g", Y);
    /* The columns begin at 1, and the table at 1 of those: two rows are left. */
    for (at = 0; at < 3; at++) frame.data[at].offset = 1;
    frame.array.offset = 1;
    frame.array.length = 2;
    OK(import(f.ns, &frame, &applied));
    EQ_U64(applied, 2);
    OK(spatio_count(f.ns, &objects, ERR));
    EQ_U64(objects, 2);
    {
        spatio_object object;
        object.struct_size = (uint32_t)sizeof object;
        OK(spatio_get(f.ns, "ccc", 3, &object, ERR));
        EQ_F64(object.x, 3.0);
        OK(spatio_get(f.ns, "d", 1, &object, ERR));
        EQ_F64(object.y, -4.0);
    }
    fixture_close(&f);
}

/* A table with everything that is needed, for a test to spoil. */
static void whole(frame *frame)
{
    frame_begin(frame, 4);
    frame_add_bytes(frame, "id", "u", SHORT_OFFSETS, IDS);
    frame_add(frame, "x", "g", X);
    frame_add(frame, "y", "g", Y);
}

static void what_does_not_fit_is_refused(void)
{
    static const int32_t BACK[5] = {0, 3, 1, 6, 7}, NEGATIVE[5] = {-1, 1, 3, 6, 7};
    static const uint8_t VALID[1] = {0x07};
    static const double BAD[4] = {0.0, 0.0, NAN, 0.0};
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint64_t objects = 9;
    frame frame;
    whole(&frame);
    frame.columns[1].name = "easting";
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    SAYS("x");
    whole(&frame);
    frame.columns[0].name = "name";
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    SAYS("id");
    whole(&frame);
    frame.columns[1].format = "i";
    FAILS(SPATIO_UNSUPPORTED, import(f.ns, &frame, NULL));
    SAYS("x");
    whole(&frame);
    frame.data[2].length = 3;
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.schema.format = "g";
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.array.n_children = 2;
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.buffers[0][1] = BACK;
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.buffers[0][1] = NEGATIVE;
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.array.length = -1;
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.data[1].offset = -1;
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.array.length = INT64_MAX;
    frame.data[0].length = frame.data[1].length = frame.data[2].length = INT64_MAX;
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.data[1].n_buffers = 1;
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.columns[0].dictionary = &frame.columns[1];
    FAILS(SPATIO_UNSUPPORTED, import(f.ns, &frame, NULL));
    whole(&frame);
    frame.data[1].null_count = 1;
    frame.buffers[1][0] = VALID;
    FAILS(SPATIO_INVALID_ARGUMENT, import(f.ns, &frame, NULL));
    SAYS("x");
    ROW(3);
    whole(&frame);
    frame.buffers[1][1] = BAD;
    FAILS(SPATIO_OUT_OF_RANGE, import(f.ns, &frame, NULL));
    ROW(2);
    whole(&frame);
    frame.buffers[0][2] = "a\xff\xff" "cccd";
    FAILS(SPATIO_INVALID_UTF8, import(f.ns, &frame, NULL));
    ROW(1);
    whole(&frame);
    frame.schema.release = NULL;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_upsert_arrow(f.ns, &frame.schema, &frame.array, NULL,
                                                       NULL, ERR));
    OK(spatio_count(f.ns, &objects, ERR));
    EQ_U64(objects, 0);
    fixture_close(&f);
}

static void an_export_can_be_imported(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    spatio_namespace *copy = make_namespace(f.db, "copy", SPATIO_GEOGRAPHIC, SPATIO_HISTORY_OFF, 0);
    spatio_query query;
    spatio_result *result = NULL;
    struct ArrowSchema schema;
    struct ArrowArray array;
    uint64_t applied = 0;
    put(f.ns, "a", 13.4, 52.5, 34.0, 1700000000000000);
    put(f.ns, "b", -70.25, -33.5, 570.0, 1700000000000001);
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_EVERYWHERE);
    query.flags = SPATIO_QUERY_WITH_IDS;
    MUST(spatio_query_run(f.ns, &query, 1, NULL, &result, NULL, ERR));
    MUST(spatio_result_export_arrow(result, &schema, &array, ERR));
    /* Handles are of the other namespace, so that the ids must be taken: the column goes. */
    {
        int64_t at;
        for (at = 0; at < schema.n_children; at++) {
            if (strcmp(schema.children[at]->name, "handle") == 0) schema.children[at]->name = "-";
        }
    }
    OK(spatio_upsert_arrow(copy, &schema, &array, &applied, NULL, ERR));
    EQ_U64(applied, 2);
    expect(copy, "a", 13.4, 52.5, 34.0, 1700000000000000);
    expect(copy, "b", -70.25, -33.5, 570.0, 1700000000000001);
    schema.release(&schema);
    array.release(&array);
    spatio_result_free(result);
    spatio_namespace_close(copy);
    fixture_close(&f);
}

void topic_arrow_import(void)
{
    RUN(rows_come_by_id);
    RUN(rows_come_by_handle_with_other_names);
    RUN(every_unit_of_time_is_understood);
    RUN(payloads_come_too_and_an_empty_one_keeps);
    RUN(short_floats_are_taken);
    RUN(slices_begin_where_they_say);
    RUN(what_does_not_fit_is_refused);
    RUN(an_export_can_be_imported);
}
