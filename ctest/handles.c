/* Ids and the numbers that stand for them. */
#include "support/fixture.h"
#include "topics.h"

static void an_id_keeps_its_handle(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    uint64_t first = 1, again = 2, found = 3, written;
    OK(spatio_intern(f.ns, "bus:7", 5, &first, ERR));
    OK(spatio_intern(f.ns, "bus:7", 5, &again, ERR));
    OK(spatio_find_handle(f.ns, "bus:7", 5, &found, ERR));
    written = put(f.ns, "bus:7", 1.0, 2.0, 0.0, 1);
    EQ_U64(again, first);
    EQ_U64(found, first);
    EQ_U64(written, first);
    OK(spatio_delete(f.ns, "bus:7", 5, NULL, ERR));
    OK(spatio_find_handle(f.ns, "bus:7", 5, &found, ERR));
    EQ_U64(found, first);
    fixture_close(&f);
}

static void an_id_never_seen_has_no_handle(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    uint64_t handle = 77;
    FAILS(SPATIO_NOT_FOUND, spatio_find_handle(f.ns, "ghost", 5, &handle, ERR));
    SAYS("ghost");
    fixture_close(&f);
}

static void a_name_without_a_place_is_not_an_object(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    spatio_object object;
    uint64_t handle = 0, objects = 99;
    OK(spatio_intern(f.ns, "later", 5, &handle, ERR));
    object.struct_size = (uint32_t)sizeof object;
    FAILS(SPATIO_NOT_FOUND, spatio_get(f.ns, "later", 5, &object, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_get_by_handle(f.ns, handle, &object, ERR));
    OK(spatio_count(f.ns, &objects, ERR));
    EQ_U64(objects, 0);
    fixture_close(&f);
}

static void the_name_of_a_handle_is_borrowed(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    const char *id = NULL;
    size_t length = 0;
    uint64_t handle = 0;
    OK(spatio_intern(f.ns, "stra\xc3\x9f" "e", 7, &handle, ERR));
    OK(spatio_id(f.ns, handle, &id, &length, ERR));
    EQ_U64(length, 7);
    CHECK(id != NULL && memcmp(id, "stra\xc3\x9f" "e", 7) == 0);
    FAILS(SPATIO_NOT_FOUND, spatio_id(f.ns, handle + 1000, &id, &length, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_id(f.ns, UINT64_MAX, &id, &length, ERR));
    fixture_close(&f);
}

static void a_borrowed_name_stays_while_others_come(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    const char *id = NULL;
    size_t length = 0;
    uint64_t handle = 0;
    uint64_t *handles = (uint64_t *)malloc(20000 * sizeof *handles);
    id_list ids = ids_make("more:", 0, 20000);
    OK(spatio_intern(f.ns, "first", 5, &handle, ERR));
    OK(spatio_id(f.ns, handle, &id, &length, ERR));
    OK(spatio_intern_batch(f.ns, ids.count, ids.offsets, ids.bytes, handles, ERR));
    CHECK(id != NULL && length == 5 && memcmp(id, "first", 5) == 0);
    free(handles);
    ids_free(&ids);
    fixture_close(&f);
}

static void many_are_named_at_once(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    uint64_t handles[500], again[500];
    id_list ids = ids_make("o", 0, 500);
    spatio_result *result = NULL;
    spatio_columns columns;
    size_t a, b, same = 0;
    OK(spatio_intern_batch(f.ns, 500, ids.offsets, ids.bytes, handles, ERR));
    OK(spatio_intern_batch(f.ns, 500, ids.offsets, ids.bytes, again, ERR));
    CHECK(memcmp(handles, again, sizeof handles) == 0);
    for (a = 0; a < 500; a++) {
        for (b = 0; b < a; b++) same += handles[a] == handles[b];
    }
    EQ_U64(same, 0);
    columns.struct_size = (uint32_t)sizeof columns;
    MUST(spatio_ids(f.ns, 500, handles, &result, &columns, ERR));
    EQ_U64(columns.rows, 500);
    CHECK(memcmp(columns.id_offsets, ids.offsets, 501 * sizeof(uint64_t)) == 0);
    CHECK(memcmp(columns.ids, ids.bytes, (size_t)ids.offsets[500]) == 0);
    CHECK(columns.x == NULL && columns.distance == NULL && columns.payloads == NULL);
    spatio_result_free(result);
    ids_free(&ids);
    fixture_close(&f);
}

static void a_foreign_handle_is_named_by_its_row(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    uint64_t handles[3] = {0, 0, UINT64_C(0xdeadbeef00000000)};
    spatio_result *result = NULL;
    OK(spatio_intern(f.ns, "a", 1, &handles[0], ERR));
    OK(spatio_intern(f.ns, "b", 1, &handles[1], ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_ids(f.ns, 3, handles, &result, NULL, ERR));
    ROW(2);
    spatio_result_free(result);
    fixture_close(&f);
}

static void ids_have_limits(void)
{
    fixture f = fixture_open(SPATIO_GEOGRAPHIC);
    char id[256];
    uint64_t handle = 0;
    memset(id, 'i', sizeof id);
    OK(spatio_intern(f.ns, id, 255, &handle, ERR));
    FAILS(SPATIO_LIMIT_EXCEEDED, spatio_intern(f.ns, id, 256, &handle, ERR));
    FAILS(SPATIO_INVALID_ARGUMENT, spatio_intern(f.ns, "", 0, &handle, ERR));
    /* A NUL is a character as any other. */
    OK(spatio_intern(f.ns, "a\0b", 3, &handle, ERR));
    FAILS(SPATIO_NOT_FOUND, spatio_find_handle(f.ns, "a", 1, &handle, ERR));
    fixture_close(&f);
}

void topic_handles(void)
{
    RUN(an_id_keeps_its_handle);
    RUN(an_id_never_seen_has_no_handle);
    RUN(a_name_without_a_place_is_not_an_object);
    RUN(the_name_of_a_handle_is_borrowed);
    RUN(a_borrowed_name_stays_while_others_come);
    RUN(many_are_named_at_once);
    RUN(a_foreign_handle_is_named_by_its_row);
    RUN(ids_have_limits);
}
