/* Ids and handles, many in one call. */
#include "runner.h"

static spatio_status intern_batch(stage *stage, spatio_namespace *ns, const cJSON *args,
                                  cJSON *answer)
{
    texts ids = texts_of(need(args, "ids"));
    uint64_t *handles = calloc(ids.n + 1, sizeof *handles), distinct = 0;
    spatio_status status = CALL(spatio_intern_batch)(ns, ids.n, ids.offsets, ids.bytes, handles,
                                                     &stage->error);
    for (size_t row = 0; row < ids.n; row++) {
        bool is_new = true;
        for (size_t before = 0; before < row; before++)
            is_new = is_new && handles[before] != handles[row];
        distinct += is_new;
    }
    cJSON_AddItemToObject(answer, "distinct", json_count(distinct));
    texts_free(&ids);
    free(handles);
    return status;
}

static spatio_status id(stage *stage, spatio_namespace *ns, const cJSON *args, cJSON *answer)
{
    const char *id = NULL;
    size_t length = 0;
    uint64_t handle = handle_of(stage, args, need(args, "handle"));
    spatio_status status = CALL(spatio_id)(ns, handle, &id, &length, &stage->error);
    if (status == SPATIO_OK)
        cJSON_AddItemToObject(answer, "id", json_text(id, length));
    return status;
}

static spatio_status ids(stage *stage, spatio_namespace *ns, const cJSON *args, cJSON *answer)
{
    list handles = handles_of(stage, args, "handles");
    spatio_columns *c = &stage->columns;
    spatio_status status = CALL(spatio_ids)(ns, handles.n, handles.handles, &stage->result, c,
                                            &stage->error);
    cJSON *list = cJSON_AddArrayToObject(answer, "ids");
    for (uint64_t row = 0; status == SPATIO_OK && row < c->rows; row++) {
        uint64_t at = c->id_offsets[row];
        cJSON_AddItemToArray(list, json_text(c->ids + at, c->id_offsets[row + 1] - at));
    }
    list_free(&handles);
    return status;
}

bool play_handles(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                  spatio_status *status)
{
    bool is_batch = strcmp(op, "intern_batch") == 0, is_id = strcmp(op, "id") == 0;
    if (!is_batch && !is_id && strcmp(op, "ids") != 0)
        return false;
    spatio_namespace *ns = namespace_of(stage, args, status);
    if (*status != SPATIO_OK)
        return true;
    if (is_batch)
        *status = intern_batch(stage, ns, args, answer);
    else
        *status = is_id ? id(stage, ns, args, answer) : ids(stage, ns, args, answer);
    return true;
}
