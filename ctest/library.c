/* What can be asked without a database: versions, names of statuses, and defaults. */
#include "support/test.h"
#include "topics.h"

static void the_library_is_the_one_of_the_header(void)
{
    EQ_U64(spatio_abi_version(), SPATIO_ABI_VERSION);
}

static void the_version_has_three_numbers(void)
{
    const char *version = spatio_version();
    int major = -1, minor = -1, patch = -1;
    REQUIRE(version != NULL);
    EQ_I64(sscanf(version, "%d.%d.%d", &major, &minor, &patch), 3);
    CHECK(major >= 0 && minor >= 0 && patch >= 0);
    CHECK(spatio_version() == version);
}

static void every_status_has_its_name(void)
{
    static const struct {
        spatio_status status;
        const char *name;
    } NAMES[] = {
        {SPATIO_OK, "OK"},
        {SPATIO_INVALID_ARGUMENT, "INVALID_ARGUMENT"},
        {SPATIO_NULL_POINTER, "NULL_POINTER"},
        {SPATIO_OUT_OF_RANGE, "OUT_OF_RANGE"},
        {SPATIO_BUFFER_TOO_SMALL, "BUFFER_TOO_SMALL"},
        {SPATIO_NOT_FOUND, "NOT_FOUND"},
        {SPATIO_ALREADY_EXISTS, "ALREADY_EXISTS"},
        {SPATIO_CLOSED, "CLOSED"},
        {SPATIO_LOCKED, "LOCKED"},
        {SPATIO_UNSUPPORTED, "UNSUPPORTED"},
        {SPATIO_CANCELLED, "CANCELLED"},
        {SPATIO_LIMIT_EXCEEDED, "LIMIT_EXCEEDED"},
        {SPATIO_READ_ONLY, "READ_ONLY"},
        {SPATIO_INVALID_UTF8, "INVALID_UTF8"},
        {SPATIO_IO, "IO"},
        {SPATIO_CORRUPT, "CORRUPT"},
        {SPATIO_FORMAT_VERSION, "FORMAT_VERSION"},
        {SPATIO_NO_SPACE, "NO_SPACE"},
        {SPATIO_POISONED, "POISONED"},
        {SPATIO_OUT_OF_MEMORY, "OUT_OF_MEMORY"},
        {SPATIO_INTERNAL, "INTERNAL"},
        {SPATIO_PANIC, "PANIC"},
    };
    spatio_status status;
    size_t at, named = 0;
    for (at = 0; at < sizeof NAMES / sizeof NAMES[0]; at++) {
        EQ_TEXT(spatio_status_name(NAMES[at].status), NAMES[at].name);
    }
    /* Codes between and beyond have no name, so that the table above is the whole of it. */
    for (status = -10; status < 1000; status++) {
        if (strcmp(spatio_status_name(status), "UNKNOWN") != 0) named++;
    }
    EQ_U64(named, sizeof NAMES / sizeof NAMES[0]);
    EQ_TEXT(spatio_status_name(INT32_MIN), "UNKNOWN");
    EQ_TEXT(spatio_status_name(INT32_MAX), "UNKNOWN");
}

static void the_numbers_of_statuses_never_change(void)
{
    EQ_I64(SPATIO_OK, 0);
    EQ_I64(SPATIO_INVALID_ARGUMENT, 1);
    EQ_I64(SPATIO_NULL_POINTER, 2);
    EQ_I64(SPATIO_OUT_OF_RANGE, 3);
    EQ_I64(SPATIO_BUFFER_TOO_SMALL, 4);
    EQ_I64(SPATIO_NOT_FOUND, 5);
    EQ_I64(SPATIO_ALREADY_EXISTS, 6);
    EQ_I64(SPATIO_CLOSED, 7);
    EQ_I64(SPATIO_LOCKED, 8);
    EQ_I64(SPATIO_UNSUPPORTED, 9);
    EQ_I64(SPATIO_CANCELLED, 10);
    EQ_I64(SPATIO_LIMIT_EXCEEDED, 12);
    EQ_I64(SPATIO_READ_ONLY, 13);
    EQ_I64(SPATIO_INVALID_UTF8, 15);
    EQ_I64(SPATIO_IO, 32);
    EQ_I64(SPATIO_CORRUPT, 33);
    EQ_I64(SPATIO_FORMAT_VERSION, 34);
    EQ_I64(SPATIO_NO_SPACE, 35);
    EQ_I64(SPATIO_POISONED, 36);
    EQ_I64(SPATIO_OUT_OF_MEMORY, 64);
    EQ_I64(SPATIO_INTERNAL, 65);
    EQ_I64(SPATIO_PANIC, 66);
}

static void options_begin_with_their_defaults(void)
{
    spatio_options options;
    memset(&options, 0xa5, sizeof options);
    spatio_options_init(&options, sizeof options);
    EQ_U64(options.struct_size, sizeof options);
    EQ_U64(options.sync_policy, SPATIO_SYNC_EVERY);
    EQ_I64(options.sync_period_us, 1000000);
    EQ_U64(options.buffer_records, 512);
    EQ_U64(options.segment_bytes, 64u << 20);
    EQ_U64(options.recovery, SPATIO_RECOVERY_STRICT);
    EQ_U64(options.read_only, 0);
    EQ_U64(options.no_background, 0);
    CHECK(options.log == NULL && options.log_user == NULL);
    CHECK(options.clock == NULL && options.clock_user == NULL);
}

static void namespace_options_begin_with_their_defaults(void)
{
    spatio_namespace_options options;
    memset(&options, 0xa5, sizeof options);
    spatio_namespace_options_init(&options, sizeof options);
    EQ_U64(options.struct_size, sizeof options);
    EQ_U64(options.space, SPATIO_GEOGRAPHIC);
    EQ_U64(options.history, SPATIO_HISTORY_DEFAULT);
    EQ_I64(options.ttl_us, 0);
}

static void queries_begin_with_their_defaults(void)
{
    uint32_t kind;
    for (kind = SPATIO_QUERY_CIRCLE; kind <= SPATIO_QUERY_BOX_3D_AROUND; kind++) {
        spatio_query query;
        memset(&query, 0xa5, sizeof query);
        spatio_query_init(&query, sizeof query, kind);
        EQ_U64(query.struct_size, sizeof query);
        EQ_U64(query.kind, kind);
        EQ_U64(query.flags, 0);
        EQ_U64(query.limit, SPATIO_NO_LIMIT);
        EQ_F64(query.x, 0.0);
        EQ_F64(query.y, 0.0);
        EQ_F64(query.z, 0.0);
        EQ_F64(query.radius, kind == SPATIO_QUERY_NEAREST ? HUGE_VAL : 0.0);
        EQ_F64(query.min_altitude, -HUGE_VAL);
        EQ_F64(query.max_altitude, HUGE_VAL);
        EQ_I64(query.since_us, INT64_MIN);
        EQ_I64(query.max_age_us, -1);
        CHECK(query.id_prefix == NULL && query.polygon == NULL);
        EQ_U64(query.id_prefix_length, 0);
    }
}

static void cancels_and_closing_nothing(void)
{
    spatio_cancel *cancel = spatio_cancel_new();
    CHECK(cancel != NULL);
    spatio_cancel_fire(cancel);
    spatio_cancel_reset(cancel);
    spatio_cancel_free(cancel);
    OK(spatio_close(NULL, ERR));
    STATUS(SPATIO_OK, spatio_close(NULL, NULL));
    spatio_namespace_close(NULL);
    spatio_polygon_free(NULL);
    spatio_result_free(NULL);
    spatio_cancel_free(NULL);
}

void topic_library(void)
{
    RUN(the_library_is_the_one_of_the_header);
    RUN(the_version_has_three_numbers);
    RUN(every_status_has_its_name);
    RUN(the_numbers_of_statuses_never_change);
    RUN(options_begin_with_their_defaults);
    RUN(namespace_options_begin_with_their_defaults);
    RUN(queries_begin_with_their_defaults);
    RUN(cancels_and_closing_nothing);
}
