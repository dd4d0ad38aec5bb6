/* What keeps a database in shape: figures, checkpoints, checking, salvaging. */
#include "support/fixture.h"
#include "support/platform.h"
#include "topics.h"

/* A closed database of 100 objects with history in `folder/db`; writes its path. */
static void make_database(const char *folder, char path[PATH_BYTES])
{
    spatio_db *db = NULL;
    spatio_options options;
    spatio_namespace *ns;
    int at;
    platform_join(path, folder, "db");
    spatio_options_init(&options, sizeof options);
    options.no_background = 1;
    if (!OK(spatio_open(path, &options, &db, ERR))) return;
    ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    for (at = 0; at < 100; at++) {
        char id[32];
        snprintf(id, sizeof id, "o%d", at);
        put(ns, id, at, -at, 0.0, at);
    }
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
}

/* Turns bits over in the middle of the log. */
static void damage(const char *path)
{
    char file[PATH_BYTES];
    size_t length = 0;
    uint8_t *bytes;
    REQUIRE(platform_find(file, path, ".log"));
    bytes = platform_read(file, &length);
    REQUIRE(bytes != NULL && length > 400);
    bytes[length / 2] ^= 0x5a;
    CHECK(platform_write(file, bytes, length));
    free(bytes);
}

static void figures_count_what_is_there(void)
{
    char folder[PATH_BYTES];
    spatio_options options;
    spatio_db *db = NULL;
    spatio_namespace *ns;
    spatio_stats stats;
    uint64_t handle = 0;
    platform_make_folder(folder);
    spatio_options_init(&options, sizeof options);
    options.no_background = 1;
    options.sync_period_us = INT64_C(3600) * SECOND_US;
    MUST(spatio_open(folder, &options, &db, ERR));
    ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    put(ns, "a", 1.0, 2.0, 0.0, 1);
    put(ns, "b", 1.0, 2.0, 0.0, 1);
    OK(spatio_intern(ns, "c", 1, &handle, ERR));
    memset(&stats, 0xa5, sizeof stats);
    stats.struct_size = (uint32_t)sizeof stats;
    OK(spatio_get_stats(db, &stats, ERR));
    EQ_U64(stats.struct_size, sizeof stats);
    EQ_U64(stats.reserved, 0);
    EQ_U64(stats.namespaces, 1);
    EQ_U64(stats.objects, 2);
    EQ_U64(stats.handles, 3);
    CHECK(stats.leaves > 0 && stats.memory_bytes > 0 && stats.disk_bytes > 0);
    EQ_U64(stats.segments, 1);
    CHECK(stats.records >= 4 && stats.last_seq >= 4);
    CHECK(stats.durable_seq <= stats.last_seq);
    OK(spatio_flush(db, ERR));
    OK(spatio_get_stats(db, &stats, ERR));
    EQ_U64(stats.buffered_records, 0);
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

static void a_checkpoint_is_where_the_next_opening_begins(void)
{
    char folder[PATH_BYTES];
    spatio_db *db = NULL;
    spatio_namespace *ns;
    spatio_recovery recovery;
    platform_make_folder(folder);
    MUST(spatio_open(folder, NULL, &db, ERR));
    ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    put(ns, "a", 1.0, 2.0, 0.0, 1);
    OK(spatio_checkpoint(db, ERR));
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
    MUST(spatio_open(folder, NULL, &db, ERR));
    recovery.struct_size = (uint32_t)sizeof recovery;
    OK(spatio_get_recovery(db, &recovery, ERR));
    EQ_U64(recovery.has_checkpoint, 1);
    CHECK(recovery.checkpoint_seq > 0);
    CHECK(recovery.segments > 0);
    EQ_U64(recovery.bytes_dropped, 0);
    EQ_U64(recovery.first_bad_offset, UINT64_MAX);
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

static void a_sound_database_is_called_sound(void)
{
    char folder[PATH_BYTES], path[PATH_BYTES], text[2048], small[4];
    spatio_check_report report;
    size_t length = 0, needed = 0;
    platform_make_folder(folder);
    make_database(folder, path);
    memset(&report, 0xa5, sizeof report);
    report.struct_size = (uint32_t)sizeof report;
    MUST(spatio_check(path, &report, text, sizeof text, &length, ERR));
    EQ_U64(report.is_sound, 1);
    CHECK(report.files >= 1 && report.records >= 100 && report.bytes > 0);
    EQ_U64(report.damaged_files, 0);
    EQ_U64(report.torn_tails, 0);
    EQ_U64(strlen(text), length);
    CHECK(strstr(text, "sound") != NULL);
    FAILS(SPATIO_BUFFER_TOO_SMALL, spatio_check(path, &report, small, 4, &needed, ERR));
    EQ_U64(needed, length);
    /* The text need not be asked for. */
    OK(spatio_check(path, &report, NULL, 0, NULL, ERR));
    platform_remove_folder(folder);
}

static void damage_is_found_refused_and_salvaged(void)
{
    char folder[PATH_BYTES], path[PATH_BYTES], target[PATH_BYTES], text[2048];
    spatio_check_report report;
    spatio_salvage_report salvage;
    spatio_options options;
    spatio_db *db = NULL;
    spatio_namespace *ns = NULL;
    uint64_t objects = 0;
    size_t length = 0;
    platform_make_folder(folder);
    make_database(folder, path);
    {
        char checkpoint[PATH_BYTES];
        if (platform_find(checkpoint, path, ".checkpoint")) remove(checkpoint);
    }
    damage(path);
    report.struct_size = (uint32_t)sizeof report;
    OK(spatio_check(path, &report, text, sizeof text, &length, ERR));
    EQ_U64(report.is_sound, 0);
    EQ_U64(report.damaged_files, 1);
    CHECK(strstr(text, "DAMAGED") != NULL);
    FAILS(SPATIO_CORRUPT, spatio_open(path, NULL, &db, ERR));
    CHECK(test_last.offset != UINT64_MAX && test_last.offset > 0);
    CHECK(db == NULL);
    platform_join(target, folder, "saved");
    memset(&salvage, 0xa5, sizeof salvage);
    salvage.struct_size = (uint32_t)sizeof salvage;
    OK(spatio_salvage(path, target, &salvage, text, sizeof text, &length, ERR));
    CHECK(salvage.segments >= 1 && salvage.damaged == 1);
    CHECK(salvage.records_kept >= 90 && salvage.bytes_dropped > 0);
    EQ_U64(strlen(text), length);
    MUST(spatio_open(target, NULL, &db, ERR));
    OK(spatio_namespace_open(db, "things", 6, &ns, ERR));
    OK(spatio_count(ns, &objects, ERR));
    CHECK(objects >= 90 && objects < 101);
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
    /* Or in place, when it is asked for. */
    spatio_options_init(&options, sizeof options);
    options.recovery = SPATIO_RECOVERY_SALVAGE;
    MUST(spatio_open(path, &options, &db, ERR));
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

static void what_is_not_there_cannot_be_checked(void)
{
    char folder[PATH_BYTES], path[PATH_BYTES], target[PATH_BYTES];
    spatio_check_report report;
    spatio_salvage_report salvage;
    report.struct_size = (uint32_t)sizeof report;
    salvage.struct_size = (uint32_t)sizeof salvage;
    platform_make_folder(folder);
    platform_join(path, folder, "missing");
    platform_join(target, folder, "saved");
    FAILS(SPATIO_NOT_FOUND, spatio_check(path, &report, NULL, 0, NULL, ERR));
    SAYS("missing");
    FAILS(SPATIO_NOT_FOUND, spatio_salvage(path, target, &salvage, NULL, 0, NULL, ERR));
    FAILS(SPATIO_INVALID_UTF8, spatio_check("\xff", &report, NULL, 0, NULL, ERR));
    FAILS(SPATIO_INVALID_UTF8, spatio_salvage(path, "\xff", &salvage, NULL, 0, NULL, ERR));
    platform_remove_folder(folder);
}

static void in_memory_there_is_nothing_to_write(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    uint64_t removed = 9;
    OK(spatio_flush(f.db, ERR));
    OK(spatio_sync(f.db, ERR));
    OK(spatio_checkpoint(f.db, ERR));
    OK(spatio_sweep(f.db, &removed, ERR));
    EQ_U64(removed, 0);
    OK(spatio_sweep(f.db, NULL, ERR));
    fixture_close(&f);
}

void topic_upkeep(void)
{
    RUN(figures_count_what_is_there);
    RUN(a_checkpoint_is_where_the_next_opening_begins);
    RUN(a_sound_database_is_called_sound);
    RUN(damage_is_found_refused_and_salvaged);
    RUN(what_is_not_there_cannot_be_checked);
    RUN(in_memory_there_is_nothing_to_write);
}
