/* A bug in the library: told, kept within the database that it happened in, and closed.
 *
 * The function that provokes it is exported by test builds alone (cargo feature test-panic). */
#include "support/every_call.h"
#include "support/fixture.h"
#include "support/platform.h"
#include "topics.h"

CTEST_C spatio_status spatio__test_panic(const spatio_db *db, spatio_error *error);

static void every_database_call(spatio_db *db, spatio_status status)
{
    spatio_stats stats;
    spatio_recovery recovery;
    spatio_namespace_options options;
    spatio_namespace *ns = NULL;
    spatio_result *result = NULL;
    uint64_t removed;
    size_t length;
    stats.struct_size = (uint32_t)sizeof stats;
    recovery.struct_size = (uint32_t)sizeof recovery;
    spatio_namespace_options_init(&options, sizeof options);
    FAILS(status, spatio_flush(db, ERR));
    FAILS(status, spatio_sync(db, ERR));
    FAILS(status, spatio_checkpoint(db, ERR));
    FAILS(status, spatio_sweep(db, &removed, ERR));
    FAILS(status, spatio_get_stats(db, &stats, ERR));
    FAILS(status, spatio_get_recovery(db, &recovery, ERR));
    FAILS(status, spatio_recovery_text(db, NULL, 0, &length, ERR));
    FAILS(status, spatio_namespaces(db, &result, NULL, ERR));
    FAILS(status, spatio_namespace_create(db, "n", 1, &options, &ns, ERR));
    FAILS(status, spatio_namespace_open(db, "things", 6, &ns, ERR));
    CHECK(ns == NULL && result == NULL);
}

static void a_panic_is_told_and_stays(void)
{
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    fixture other = fixture_open(SPATIO_CARTESIAN);
    spatio_namespace *second = make_namespace(f.db, "second", SPATIO_CARTESIAN, SPATIO_HISTORY_ON,
                                              0);
    const uint64_t handle = put(f.ns, "a", 1.0, 2.0, 3.0, 5);
    spatio_result *result = NULL;
    spatio_columns columns;
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_knn(f.ns, 0, 0, 0, 1, &result, &columns, ERR));
    FAILS(SPATIO_PANIC, spatio__test_panic(f.db, ERR));
    SAYS("bug");
    every_database_call(f.db, SPATIO_PANIC);
    every_namespace_call(f.ns, handle, SPATIO_PANIC);
    every_namespace_call(second, handle, SPATIO_PANIC);
    /* Results are nobody's but the caller's, and other databases go on. */
    EQ_F64(columns.x[0], 1.0);
    STATUS(SPATIO_OK, spatio_result_columns(result, &columns));
    put(other.ns, "a", 1.0, 2.0, 3.0, 5);
    spatio_result_free(result);
    spatio_namespace_close(second);
    fixture_close(&f);
    fixture_close(&other);
}

static void what_was_written_before_a_panic_is_kept(void)
{
    char folder[PATH_BYTES];
    spatio_db *db = NULL;
    spatio_namespace *ns, *seen = NULL;
    spatio_object object;
    platform_make_folder(folder);
    MUST(spatio_open(folder, NULL, &db, ERR));
    ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    put(ns, "a", 1.0, 2.0, 3.0, 5);
    STATUS(SPATIO_PANIC, spatio__test_panic(db, NULL));
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
    MUST(spatio_open(folder, NULL, &db, ERR));
    OK(spatio_namespace_open(db, "things", 6, &seen, ERR));
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get(seen, "a", 1, &object, ERR));
    EQ_F64(object.x, 1.0);
    spatio_namespace_close(seen);
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

void topic_panic(void)
{
    RUN(a_panic_is_told_and_stays);
    RUN(what_was_written_before_a_panic_is_kept);
}
