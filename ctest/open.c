/* Opening: in memory, in a folder, for reading only, under a lock, and what was found there. */
#include "support/fixture.h"
#include "support/platform.h"
#include "topics.h"

static void a_database_in_memory_needs_nothing(void)
{
    spatio_db *db = NULL;
    const uint64_t before = spatio_live_handles();
    MUST(spatio_open(NULL, NULL, &db, ERR));
    CHECK(db != NULL);
    EQ_U64(spatio_live_handles(), before + 1);
    OK(spatio_close(db, ERR));
    EQ_U64(spatio_live_handles(), before);
}

static void the_error_may_be_absent(void)
{
    spatio_db *db = NULL;
    STATUS(SPATIO_OK, spatio_open(NULL, NULL, &db, NULL));
    STATUS(SPATIO_OK, spatio_close(db, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_open(NULL, NULL, NULL, NULL));
}

static void a_folder_is_made_and_opened_again(void)
{
    char folder[PATH_BYTES], path[PATH_BYTES];
    spatio_db *db = NULL;
    platform_make_folder(folder);
    platform_join(path, folder, "db");
    MUST(spatio_open(path, NULL, &db, ERR));
    OK(spatio_close(db, ERR));
    db = NULL;
    MUST(spatio_open(path, NULL, &db, ERR));
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

static void one_at_a_time_has_it_open_for_writing(void)
{
    char folder[PATH_BYTES];
    spatio_db *first = NULL, *second = NULL;
    platform_make_folder(folder);
    MUST(spatio_open(folder, NULL, &first, ERR));
    FAILS(SPATIO_LOCKED, spatio_open(folder, NULL, &second, ERR));
    CHECK(second == NULL);
    OK(spatio_close(first, ERR));
    OK(spatio_open(folder, NULL, &second, ERR));
    OK(spatio_close(second, ERR));
    platform_remove_folder(folder);
}

static void reading_only_refuses_every_change(void)
{
    char folder[PATH_BYTES];
    spatio_options options;
    spatio_namespace_options settings;
    spatio_db *db = NULL;
    spatio_namespace *ns = NULL, *other = NULL;
    spatio_object object;
    uint64_t handle = 0, removed = 0;
    const double one = 1.0;
    platform_make_folder(folder);
    MUST(spatio_open(folder, NULL, &db, ERR));
    ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    handle = put(ns, "a", 1.0, 2.0, 3.0, 7);
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));

    spatio_options_init(&options, sizeof options);
    options.read_only = 1;
    MUST(spatio_open(folder, &options, &db, ERR));
    MUST(spatio_namespace_open(db, "things", 6, &ns, ERR));
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get(ns, "a", 1, &object, ERR));
    EQ_F64(object.y, 2.0);
    FAILS(SPATIO_READ_ONLY, spatio_upsert(ns, "a", 1, 0, 0, 0, 9, NULL, 0, 0, NULL, NULL, ERR));
    FAILS(SPATIO_READ_ONLY, spatio_move(ns, handle, 0.0, 0.0, 0.0, 9, NULL, ERR));
    FAILS(SPATIO_READ_ONLY,
          spatio_move_batch(ns, 1, &handle, &one, &one, NULL, NULL, NULL, NULL, ERR));
    FAILS(SPATIO_READ_ONLY, spatio_delete(ns, "a", 1, NULL, ERR));
    FAILS(SPATIO_READ_ONLY, spatio_delete_batch(ns, 1, &handle, NULL, ERR));
    FAILS(SPATIO_READ_ONLY, spatio_intern(ns, "b", 1, &handle, ERR));
    FAILS(SPATIO_READ_ONLY, spatio_checkpoint(db, ERR));
    FAILS(SPATIO_READ_ONLY, spatio_sweep(db, &removed, ERR));
    spatio_namespace_options_init(&settings, sizeof settings);
    FAILS(SPATIO_READ_ONLY, spatio_namespace_create(db, "new", 3, &settings, &other, ERR));
    CHECK(other == NULL);
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

static void reading_only_needs_something_to_read(void)
{
    char folder[PATH_BYTES], path[PATH_BYTES];
    spatio_options options;
    spatio_db *db = NULL;
    spatio_options_init(&options, sizeof options);
    options.read_only = 1;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_open(NULL, &options, &db, ERR));
    platform_make_folder(folder);
    platform_join(path, folder, "missing");
    FAILS(SPATIO_NOT_FOUND, spatio_open(path, &options, &db, ERR));
    CHECK(db == NULL);
    platform_remove_folder(folder);
}

static void every_policy_can_be_asked_for(void)
{
    uint32_t policy;
    for (policy = SPATIO_SYNC_EVERY; policy <= SPATIO_SYNC_NEVER; policy++) {
        char folder[PATH_BYTES];
        spatio_options options;
        spatio_db *db = NULL;
        spatio_namespace *ns;
        spatio_stats stats;
        platform_make_folder(folder);
        spatio_options_init(&options, sizeof options);
        options.sync_policy = policy;
        options.no_background = (uint8_t)(policy == SPATIO_SYNC_EVERY);
        options.sync_period_us = INT64_C(3600) * SECOND_US;
        options.buffer_records = 4;
        options.segment_bytes = 1 << 20;
        MUST(spatio_open(folder, &options, &db, ERR));
        ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
        put(ns, "a", 1.0, 2.0, 3.0, 7);
        stats.struct_size = (uint32_t)sizeof stats;
        OK(spatio_get_stats(db, &stats, ERR));
        CHECK(stats.last_seq > 0);
        /* Only then has the call waited for the disk. */
        CHECK((policy == SPATIO_SYNC_ALWAYS) == (stats.durable_seq == stats.last_seq));
        OK(spatio_sync(db, ERR));
        OK(spatio_get_stats(db, &stats, ERR));
        EQ_U64(stats.durable_seq, stats.last_seq);
        spatio_namespace_close(ns);
        OK(spatio_close(db, ERR));
        platform_remove_folder(folder);
    }
}

static void options_out_of_range_are_refused(void)
{
    spatio_options options;
    spatio_db *db = NULL;
    spatio_options_init(&options, sizeof options);
    options.sync_policy = 3;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_open(NULL, &options, &db, ERR));
    SAYS("sync_policy");
    spatio_options_init(&options, sizeof options);
    options.recovery = 2;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_open(NULL, &options, &db, ERR));
    SAYS("recovery");
    spatio_options_init(&options, sizeof options);
    options.sync_period_us = -1;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_open(NULL, &options, &db, ERR));
    SAYS("sync_period_us");
    CHECK(db == NULL);
}

static void what_is_not_a_folder_is_an_error_with_a_number(void)
{
    char folder[PATH_BYTES], path[PATH_BYTES];
    spatio_db *db = NULL;
    platform_make_folder(folder);
    platform_join(path, folder, "file");
    CHECK(platform_write(path, (const uint8_t *)"text", 4));
    FAILS(SPATIO_IO, spatio_open(path, NULL, &db, ERR));
    CHECK(test_last.os_error != 0);
    SAYS("file");
    CHECK(db == NULL);
    platform_remove_folder(folder);
}

static void a_path_that_is_not_utf8_is_refused(void)
{
    spatio_db *db = NULL;
    FAILS(SPATIO_INVALID_UTF8, spatio_open("\xff\xfe", NULL, &db, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_open("", NULL, &db, ERR));
    CHECK(db == NULL);
}

/* Cuts the last bytes off the log of a closed database. */
static void tear(const char *folder, size_t bytes)
{
    char path[PATH_BYTES];
    size_t length = 0;
    uint8_t *content;
    REQUIRE(platform_find(path, folder, ".log"));
    content = platform_read(path, &length);
    REQUIRE(content != NULL);
    CHECK(length > bytes && platform_write(path, content, length - bytes));
    free(content);
}

static void recovery_tells_what_was_found(void)
{
    char folder[PATH_BYTES], text[1024], small[8];
    size_t length = 0, needed = 0;
    spatio_options options;
    spatio_recovery recovery;
    spatio_db *db = NULL;
    platform_make_folder(folder);
    spatio_options_init(&options, sizeof options);
    MUST(spatio_open(folder, &options, &db, ERR));
    memset(&recovery, 0, sizeof recovery);
    recovery.struct_size = (uint32_t)sizeof recovery;
    OK(spatio_get_recovery(db, &recovery, ERR));
    EQ_U64(recovery.has_checkpoint, 0);
    EQ_U64(recovery.records_kept, 0);
    EQ_U64(recovery.first_bad_offset, UINT64_MAX);
    OK(spatio_close(db, ERR));

    MUST(spatio_open(folder, &options, &db, ERR));
    OK(spatio_recovery_text(db, text, sizeof text, &length, ERR));
    EQ_U64(strlen(text), length);
    CHECK(strstr(text, "records kept") != NULL);
    memset(small, 'x', sizeof small);
    FAILS(SPATIO_BUFFER_TOO_SMALL,
          spatio_recovery_text(db, small, sizeof small, &needed, ERR));
    EQ_U64(needed, length);
    CHECK(memcmp(small, "xxxxxxxx", sizeof small) == 0);
    /* Asking for the length alone. */
    needed = 0;
    OK(spatio_recovery_text(db, NULL, 0, &needed, ERR));
    EQ_U64(needed, length);
    OK(spatio_recovery_text(db, text, length + 1, &needed, ERR));
    FAILS(SPATIO_BUFFER_TOO_SMALL, spatio_recovery_text(db, text, length, &needed, ERR));
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

static void a_torn_tail_is_dropped_and_told(void)
{
    char folder[PATH_BYTES], text[1024];
    size_t length = 0;
    spatio_options options;
    spatio_recovery recovery;
    spatio_db *db = NULL;
    spatio_namespace *ns;
    platform_make_folder(folder);
    spatio_options_init(&options, sizeof options);
    MUST(spatio_open(folder, &options, &db, ERR));
    ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    put(ns, "a", 1.0, 2.0, 3.0, 7);
    OK(spatio_checkpoint(db, ERR));
    put(ns, "a", 4.0, 5.0, 6.0, 8);
    OK(spatio_flush(db, ERR));
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
    tear(folder, 3);
    MUST(spatio_open(folder, &options, &db, ERR));
    recovery.struct_size = (uint32_t)sizeof recovery;
    OK(spatio_get_recovery(db, &recovery, ERR));
    OK(spatio_recovery_text(db, text, sizeof text, &length, ERR));
    EQ_U64(recovery.segments, 1);
    CHECK(recovery.bytes_dropped > 0 && recovery.bytes_dropped < 1000);
    CHECK(recovery.first_bad_offset > 0 && recovery.first_bad_offset != UINT64_MAX);
    CHECK(strstr(text, "first bad byte") != NULL && strstr(text, ".log") != NULL);
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

void topic_open(void)
{
    RUN(a_database_in_memory_needs_nothing);
    RUN(the_error_may_be_absent);
    RUN(a_folder_is_made_and_opened_again);
    RUN(one_at_a_time_has_it_open_for_writing);
    RUN(reading_only_refuses_every_change);
    RUN(reading_only_needs_something_to_read);
    RUN(every_policy_can_be_asked_for);
    RUN(options_out_of_range_are_refused);
    RUN(what_is_not_a_folder_is_an_error_with_a_number);
    RUN(a_path_that_is_not_utf8_is_refused);
    RUN(recovery_tells_what_was_found);
    RUN(a_torn_tail_is_dropped_and_told);
}
