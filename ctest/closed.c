/* After spatio_close a namespace that is still open answers SPATIO_CLOSED to everything. */
#include "support/every_call.h"
#include "support/fixture.h"
#include "support/platform.h"
#include "topics.h"

static void a_namespace_outlives_its_database_and_says_closed(void)
{
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    spatio_namespace *second = make_namespace(f.db, "second", SPATIO_CARTESIAN, SPATIO_HISTORY_ON,
                                              0);
    const uint64_t handle = put(f.ns, "a", 1.0, 2.0, 3.0, 5);
    const uint64_t other = put(second, "a", 1.0, 2.0, 3.0, 5);
    const uint64_t open = spatio_live_handles();
    OK(spatio_close(f.db, ERR));
    EQ_U64(spatio_live_handles(), open - 1);
    every_namespace_call(f.ns, handle, SPATIO_CLOSED);
    every_namespace_call(second, other, SPATIO_CLOSED);
    spatio_namespace_close(f.ns);
    spatio_namespace_close(second);
}

static void the_files_are_free_although_a_namespace_is_open(void)
{
    char folder[PATH_BYTES];
    spatio_db *db = NULL, *again = NULL;
    spatio_namespace *ns, *seen = NULL;
    uint64_t objects = 0;
    platform_make_folder(folder);
    MUST(spatio_open(folder, NULL, &db, ERR));
    ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    put(ns, "a", 1.0, 2.0, 3.0, 5);
    OK(spatio_close(db, ERR));
    MUST(spatio_open(folder, NULL, &again, ERR));
    FAILS(SPATIO_CLOSED, spatio_count(ns, &objects, ERR));
    OK(spatio_namespace_open(again, "things", 6, &seen, ERR));
    OK(spatio_count(seen, &objects, ERR));
    EQ_U64(objects, 1);
    spatio_namespace_close(ns);
    OK(spatio_count(seen, &objects, ERR));
    spatio_namespace_close(seen);
    OK(spatio_close(again, ERR));
    platform_remove_folder(folder);
}

void topic_closed(void)
{
    RUN(a_namespace_outlives_its_database_and_says_closed);
    RUN(the_files_are_free_although_a_namespace_is_open);
}
