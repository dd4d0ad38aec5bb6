/* What was written is there after closing and opening again. */
#include "support/oracle.h"
#include "support/platform.h"
#include "topics.h"

static const place LOW = {-180.0, -90.0, -100.0};
static const place HIGH = {180.0, 90.0, 9000.0};

static spatio_namespace *open_things(const char *folder, spatio_db **db)
{
    spatio_namespace *ns = NULL;
    OK(spatio_open(folder, NULL, db, ERR));
    OK(spatio_namespace_open(*db, "things", 6, &ns, ERR));
    return ns;
}

static void every_object_comes_back_to_the_last_bit(void)
{
    char folder[PATH_BYTES];
    spatio_db *db = NULL;
    spatio_namespace *ns;
    spatio_namespace_options settings;
    spatio_query query = query_at(SPATIO_QUERY_EVERYWHERE, 0.0, 0.0, 0.0);
    cloud cloud;
    uint64_t gone = 0, found = 0;
    platform_make_folder(folder);
    MUST(spatio_open(folder, NULL, &db, ERR));
    ns = make_namespace(db, "things", SPATIO_GEOGRAPHIC, SPATIO_HISTORY_DEFAULT, 0);
    cloud = cloud_fill(ns, SPATIO_GEOGRAPHIC, "o", 500, LOW, HIGH, 90);
    gone = put(ns, "gone", 1.0, 2.0, 0.0, 1);
    OK(spatio_delete(ns, "gone", 4, NULL, ERR));
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));

    ns = open_things(folder, &db);
    settings.struct_size = (uint32_t)sizeof settings;
    OK(spatio_namespace_settings(ns, &settings, ERR));
    EQ_U64(settings.space, SPATIO_GEOGRAPHIC);
    EQ_U64(settings.history, SPATIO_HISTORY_ON);
    /* Handles are the same too, and so is that of what was deleted. */
    oracle_ask(ns, &cloud, &query, NULL, 0);
    OK(spatio_find_handle(ns, "gone", 4, &found, ERR));
    EQ_U64(found, gone);
    cloud_free(&cloud);
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

static void payloads_and_tracks_come_back(void)
{
    char folder[PATH_BYTES];
    spatio_db *db = NULL;
    spatio_namespace *ns;
    spatio_result *result = NULL;
    spatio_columns columns;
    uint64_t handle = 0;
    uint8_t payload[16];
    size_t length = 0, step;
    platform_make_folder(folder);
    MUST(spatio_open(folder, NULL, &db, ERR));
    ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    handle = put_payload(ns, "a", 0.0, 0.0, "payload");
    for (step = 2; step < 100; step++) {
        put(ns, "a", (double)step, 0.5, 0.25, (int64_t)step);
        if (step == 50) OK(spatio_checkpoint(db, ERR));
    }
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));

    ns = open_things(folder, &db);
    OK(spatio_get_payload(ns, handle, payload, sizeof payload, &length, ERR));
    EQ_U64(length, 7);
    CHECK(memcmp(payload, "payload", 7) == 0);
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_trajectory(ns, 1, &handle, INT64_MIN, INT64_MAX, SPATIO_OLDEST_FIRST,
                           SPATIO_NO_LIMIT, NULL, &result, &columns, ERR));
    EQ_U64(columns.rows, 99);
    for (step = 2; step < 100; step++) {
        EQ_I64(columns.time_us[step - 1], step);
        EQ_F64(columns.x[step - 1], (double)step);
        EQ_F64(columns.z[step - 1], 0.25);
    }
    spatio_result_free(result);
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
    platform_remove_folder(folder);
}

static void many_lives_of_one_database(void)
{
    char folder[PATH_BYTES];
    int life;
    platform_make_folder(folder);
    for (life = 0; life < 8; life++) {
        spatio_db *db = NULL;
        spatio_namespace *ns;
        uint64_t objects = 99;
        char id[32];
        MUST(spatio_open(folder, NULL, &db, ERR));
        ns = make_namespace(db, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
        OK(spatio_count(ns, &objects, ERR));
        EQ_U64(objects, life);
        snprintf(id, sizeof id, "life %d", life);
        put(ns, id, life, 0.0, 0.0, 1);
        spatio_namespace_close(ns);
        OK(spatio_close(db, ERR));
    }
    platform_remove_folder(folder);
}

static void readers_see_what_was_flushed_beside_a_writer(void)
{
    char folder[PATH_BYTES];
    spatio_db *writer = NULL, *reader = NULL;
    spatio_namespace *ns, *seen = NULL;
    spatio_options options;
    uint64_t objects = 0;
    platform_make_folder(folder);
    MUST(spatio_open(folder, NULL, &writer, ERR));
    ns = make_namespace(writer, "things", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0);
    put(ns, "a", 1.0, 2.0, 0.0, 1);
    OK(spatio_flush(writer, ERR));
    spatio_options_init(&options, sizeof options);
    options.read_only = 1;
    MUST(spatio_open(folder, &options, &reader, ERR));
    OK(spatio_namespace_open(reader, "things", 6, &seen, ERR));
    OK(spatio_count(seen, &objects, ERR));
    EQ_U64(objects, 1);
    spatio_namespace_close(seen);
    spatio_namespace_close(ns);
    OK(spatio_close(reader, ERR));
    OK(spatio_close(writer, ERR));
    platform_remove_folder(folder);
}

void topic_persistence(void)
{
    RUN(every_object_comes_back_to_the_last_bit);
    RUN(payloads_and_tracks_come_back);
    RUN(many_lives_of_one_database);
    RUN(readers_see_what_was_flushed_beside_a_writer);
}
