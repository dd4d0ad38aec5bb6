/* Writing and reading many objects in one call. */
#include "runner.h"

static void told(cJSON *answer, uint64_t applied, uint64_t late)
{
    cJSON_AddItemToObject(answer, "applied", json_count(applied));
    cJSON_AddItemToObject(answer, "late", json_count(late));
}

static spatio_status move_batch(stage *stage, spatio_namespace *ns, const cJSON *args,
                                cJSON *answer)
{
    list handles = handles_of(stage, args, "handles"), times = wholes(args, "time_us");
    list x = numbers(args, "x"), y = numbers(args, "y"), z = numbers(args, "z");
    uint64_t applied = 0, late = 0;
    spatio_status status =
        CALL(spatio_move_batch)(ns, handles.n, handles.handles, x.numbers, y.numbers, z.numbers,
                                times.wholes, &applied, &late, &stage->error);
    told(answer, applied, late);
    list *all[] = {&handles, &times, &x, &y, &z};
    for (size_t at = 0; at < 5; at++)
        list_free(all[at]);
    return status;
}

/* The handles that the batch gives are those that its ids have. */
static bool are_theirs(stage *stage, spatio_namespace *ns, const texts *ids, const uint64_t *handles)
{
    for (size_t row = 0; row < ids->n; row++) {
        uint64_t handle = 0, at = ids->offsets[row];
        if (CALL(spatio_find_handle)(ns, ids->bytes + at, ids->offsets[row + 1] - at, &handle,
                                     &stage->error) != SPATIO_OK ||
            handle != handles[row])
            return false;
    }
    return true;
}

static spatio_status upsert_batch(stage *stage, spatio_namespace *ns, const cJSON *args,
                                  cJSON *answer)
{
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(args, "payloads");
    texts ids = texts_of(need(args, "ids")), payloads = {0};
    list x = numbers(args, "x"), y = numbers(args, "y"), z = numbers(args, "z");
    list times = wholes(args, "time_us"), ttls = wholes(args, "ttl_us");
    uint64_t applied = 0, late = 0, *handles = calloc(ids.n + 1, sizeof *handles);
    if (given != NULL)
        payloads = texts_of(given);
    spatio_status status = CALL(spatio_upsert_batch)(
        ns, ids.n, ids.offsets, ids.bytes, x.numbers, y.numbers, z.numbers, times.wholes,
        payloads.offsets, (const uint8_t *)payloads.bytes, ttls.wholes, handles, &applied, &late,
        &stage->error);
    if (status == SPATIO_OK && !are_theirs(stage, ns, &ids, handles))
        status = SPATIO_INTERNAL;
    told(answer, applied, late);
    list *all[] = {&x, &y, &z, &times, &ttls};
    for (size_t at = 0; at < 5; at++)
        list_free(all[at]);
    texts_free(&ids);
    texts_free(&payloads);
    free(handles);
    return status;
}

static spatio_status insert_trajectory(stage *stage, spatio_namespace *ns, const cJSON *args,
                                       cJSON *answer)
{
    static const char not_utf8[] = {'a', (char)0xff, '\0'};
    bool is_text = cJSON_HasObjectItem(args, "id");
    const char *id = is_text ? word(args, "id") : not_utf8;
    list times = wholes(args, "time_us");
    list x = numbers(args, "x"), y = numbers(args, "y"), z = numbers(args, "z");
    uint64_t inserted = 0;
    spatio_status status =
        CALL(spatio_insert_trajectory)(ns, id, strlen(id), times.n, times.wholes, x.numbers,
                                       y.numbers, z.numbers, &inserted, &stage->error);
    cJSON_AddItemToObject(answer, "inserted", json_count(inserted));
    list *all[] = {&times, &x, &y, &z};
    for (size_t at = 0; at < 4; at++)
        list_free(all[at]);
    return status;
}

static spatio_status delete_batch(stage *stage, spatio_namespace *ns, const cJSON *args,
                                  cJSON *answer)
{
    list handles = handles_of(stage, args, "handles");
    uint64_t deleted = 0;
    spatio_status status =
        CALL(spatio_delete_batch)(ns, handles.n, handles.handles, &deleted, &stage->error);
    cJSON_AddItemToObject(answer, "deleted", json_count(deleted));
    list_free(&handles);
    return status;
}

static spatio_status get_batch(stage *stage, spatio_namespace *ns, const cJSON *args,
                               cJSON *answer)
{
    list handles = handles_of(stage, args, "handles");
    size_t n = handles.n;
    double *xyz = calloc(3 * n + 1, sizeof *xyz);
    int64_t *times = calloc(n + 1, sizeof *times);
    uint8_t *found = calloc(n + 1, 1);
    spatio_status status = CALL(spatio_get_batch)(ns, n, handles.handles, xyz, xyz + n, xyz + 2 * n,
                                                  times, found, &stage->error);
    static const char *const names[] = {"x", "y", "z"};
    for (size_t axis = 0; axis < 3; axis++) {
        cJSON *column = cJSON_AddArrayToObject(answer, names[axis]);
        for (size_t row = 0; row < n; row++)
            cJSON_AddItemToArray(column, json_number(xyz[axis * n + row]));
    }
    cJSON *time_us = cJSON_AddArrayToObject(answer, "time_us");
    cJSON *here = cJSON_AddArrayToObject(answer, "found");
    for (size_t row = 0; row < n; row++) {
        cJSON_AddItemToArray(time_us, json_whole(times[row]));
        cJSON_AddItemToArray(here, cJSON_CreateBool(found[row]));
    }
    list_free(&handles);
    free(xyz);
    free(times);
    free(found);
    return status;
}

bool play_batches(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                  spatio_status *status)
{
    static const struct {
        const char *op;
        spatio_status (*play)(struct stage *, spatio_namespace *, const cJSON *, cJSON *);
    } ops[] = {
        {"move_batch", move_batch},     {"upsert_batch", upsert_batch},
        {"delete_batch", delete_batch}, {"insert_trajectory", insert_trajectory},
        {"get_batch", get_batch},
    };
    for (size_t at = 0; at < sizeof ops / sizeof ops[0]; at++) {
        if (strcmp(ops[at].op, op) != 0)
            continue;
        spatio_namespace *ns = namespace_of(stage, args, status);
        if (*status == SPATIO_OK)
            *status = ops[at].play(stage, ns, args, answer);
        return true;
    }
    return false;
}
