/* Namespaces: made, opened, listed, counted; their settings do not change. */
#include "support/fixture.h"
#include "topics.h"

static void a_namespace_remembers_its_settings(void)
{
    spatio_db *db = NULL;
    spatio_namespace *ns = NULL, *again = NULL;
    spatio_namespace_options settings;
    MUST(spatio_open(NULL, NULL, &db, ERR));
    ns = make_namespace(db, "ships", SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 5 * SECOND_US);
    MUST(spatio_namespace_open(db, "ships", 5, &again, ERR));
    CHECK(again != ns);
    memset(&settings, 0xa5, sizeof settings);
    settings.struct_size = (uint32_t)sizeof settings;
    OK(spatio_namespace_settings(again, &settings, ERR));
    EQ_U64(settings.struct_size, sizeof settings);
    EQ_U64(settings.space, SPATIO_CARTESIAN);
    EQ_U64(settings.history, SPATIO_HISTORY_ON);
    EQ_I64(settings.ttl_us, 5 * SECOND_US);
    spatio_namespace_close(again);
    spatio_namespace_close(ns);
    OK(spatio_close(db, ERR));
}

static void the_default_history_is_named_when_asked(void)
{
    fixture f = fixture_open_with(SPATIO_GEOGRAPHIC, SPATIO_HISTORY_DEFAULT, 0, NULL);
    spatio_namespace_options settings;
    settings.struct_size = (uint32_t)sizeof settings;
    OK(spatio_namespace_settings(f.ns, &settings, ERR));
    EQ_U64(settings.history, SPATIO_HISTORY_OFF);
    EQ_I64(settings.ttl_us, 0);
    fixture_close(&f);
}

static void the_same_settings_open_and_others_are_refused(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    spatio_namespace *same, *other = NULL;
    spatio_namespace_options options;
    uint64_t objects = 99;
    put(f.ns, "a", 1.0, 2.0, 0.0, 1);
    same = make_namespace(f.db, "things", SPATIO_GEOGRAPHIC, SPATIO_HISTORY_OFF, 0);
    OK(spatio_count(same, &objects, ERR));
    EQ_U64(objects, 1);
    spatio_namespace_options_init(&options, sizeof options);
    options.space = SPATIO_CARTESIAN;
    FAILS(SPATIO_ALREADY_EXISTS, spatio_namespace_create(f.db, "things", 6, &options, &other, ERR));
    SAYS("things");
    options.space = SPATIO_GEOGRAPHIC;
    options.history = SPATIO_HISTORY_ON;
    FAILS(SPATIO_ALREADY_EXISTS, spatio_namespace_create(f.db, "things", 6, &options, &other, ERR));
    options.history = SPATIO_HISTORY_OFF;
    options.ttl_us = 1;
    FAILS(SPATIO_ALREADY_EXISTS, spatio_namespace_create(f.db, "things", 6, &options, &other, ERR));
    CHECK(other == NULL);
    spatio_namespace_close(same);
    fixture_close(&f);
}

static void settings_out_of_range_are_refused(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    spatio_namespace *ns = NULL;
    spatio_namespace_options options;
    spatio_namespace_options_init(&options, sizeof options);
    options.space = 2;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_namespace_create(f.db, "n", 1, &options, &ns, ERR));
    SAYS("space");
    spatio_namespace_options_init(&options, sizeof options);
    options.history = 3;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_namespace_create(f.db, "n", 1, &options, &ns, ERR));
    SAYS("history");
    spatio_namespace_options_init(&options, sizeof options);
    options.ttl_us = -1;
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_namespace_create(f.db, "n", 1, &options, &ns, ERR));
    SAYS("ttl_us");
    CHECK(ns == NULL);
    fixture_close(&f);
}

static void names_have_limits(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    spatio_namespace *ns = NULL;
    spatio_namespace_options options;
    char name[256];
    memset(name, 'n', sizeof name);
    spatio_namespace_options_init(&options, sizeof options);
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_namespace_create(f.db, "", 0, &options, &ns, ERR));
    FAILS(SPATIO_LIMIT_EXCEEDED, spatio_namespace_create(f.db, name, 256, &options, &ns, ERR));
    FAILS(SPATIO_INVALID_UTF8, spatio_namespace_create(f.db, "\xc3(", 2, &options, &ns, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_namespace_open(f.db, "none", 4, &ns, ERR));
    SAYS("none");
    FAILS(SPATIO_INVALID_UTF8, spatio_namespace_open(f.db, "\xff", 1, &ns, ERR));
    CHECK(ns == NULL);
    OK(spatio_namespace_create(f.db, name, 255, &options, &ns, ERR));
    spatio_namespace_close(ns);
    /* The length counts, not a NUL: the rest of the text does not matter. */
    OK(spatio_namespace_open(f.db, "things and more", 6, &ns, ERR));
    spatio_namespace_close(ns);
    fixture_close(&f);
}

static void all_are_listed_in_the_order_they_were_made(void)
{
    static const char *const NAMES[3] = {"things", "z\xc3\xbcge", "a"};
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    spatio_result *result = NULL;
    spatio_columns columns;
    size_t row;
    for (row = 1; row < 3; row++) {
        spatio_namespace_close(
            make_namespace(f.db, NAMES[row], SPATIO_CARTESIAN, SPATIO_HISTORY_OFF, 0));
    }
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_namespaces(f.db, &result, &columns, ERR));
    EQ_U64(columns.rows, 3);
    for (row = 0; row < 3 && row < columns.rows; row++) {
        const uint64_t start = columns.id_offsets[row];
        EQ_U64(columns.id_offsets[row + 1] - start, strlen(NAMES[row]));
        CHECK(memcmp(columns.ids + start, NAMES[row], strlen(NAMES[row])) == 0);
    }
    spatio_result_free(result);
    fixture_close(&f);
}

static void a_database_without_namespaces_lists_none(void)
{
    spatio_db *db = NULL;
    spatio_result *result = NULL;
    spatio_columns columns;
    MUST(spatio_open(NULL, NULL, &db, ERR));
    columns.struct_size = (uint32_t)sizeof columns;
    OK(spatio_namespaces(db, &result, &columns, ERR));
    EQ_U64(columns.rows, 0);
    spatio_result_free(result);
    OK(spatio_close(db, ERR));
}

static void namespaces_do_not_see_each_other(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    spatio_namespace *other;
    spatio_object object;
    uint64_t handle, objects = 99;
    other = make_namespace(f.db, "other", SPATIO_GEOGRAPHIC, SPATIO_HISTORY_OFF, 0);
    handle = put(f.ns, "a", 1.0, 2.0, 0.0, 1);
    OK(spatio_count(other, &objects, ERR));
    EQ_U64(objects, 0);
    object.struct_size = (uint32_t)sizeof object;
    FAILS(SPATIO_NOT_FOUND, spatio_get(other, "a", 1, &object, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_get_by_handle(other, handle, &object, ERR));
    spatio_namespace_close(other);
    fixture_close(&f);
}

void topic_namespaces(void)
{
    RUN(a_namespace_remembers_its_settings);
    RUN(the_default_history_is_named_when_asked);
    RUN(the_same_settings_open_and_others_are_refused);
    RUN(settings_out_of_range_are_refused);
    RUN(names_have_limits);
    RUN(all_are_listed_in_the_order_they_were_made);
    RUN(a_database_without_namespaces_lists_none);
    RUN(namespaces_do_not_see_each_other);
}
