/* Fences: built, written, opened, asked. */
#include "packs.h"
#include "polygon.h"

static open_fences *find(stage *stage, const char *name)
{
    for (size_t at = 0; at < stage->fences_count; at++) {
        if (strcmp(stage->fences[at].name, name) == 0)
            return &stage->fences[at];
    }
    return NULL;
}

/* Keeps fences under their name; those that were kept under it are given up. */
static void keep(stage *stage, const cJSON *args, spatio_fences *fences)
{
    const char *name = word_or(args, "as", "fences");
    open_fences *open = find(stage, name);
    if (open == NULL) {
        if (stage->fences_count == MOST_PACKS)
            wrong_case("too many fences", args);
        open = &stage->fences[stage->fences_count++];
        memset(open, 0, sizeof *open);
        snprintf(open->name, sizeof open->name, "%s", name);
    }
    CALL(spatio_fences_free)(open->fences);
    open->fences = fences;
}

static spatio_status make(stage *stage, const cJSON *args, cJSON *answer, bool writes, size_t n,
                          const spatio_polygon *const *polygons)
{
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(args, "payloads");
    texts ids = texts_of(need(args, "ids")), payloads = texts_of(given);
    const uint64_t *offsets = given != NULL ? payloads.offsets : NULL;
    const uint8_t *bytes = (const uint8_t *)payloads.bytes;
    spatio_status status;
    if (writes) {
        char path[1024];
        uint64_t length = 0;
        spatio_freeze_options options = freeze_options_of(args);
        path_of(stage, word(args, "path"), path, sizeof path);
        status = CALL(spatio_fences_write)(path, space_of(args), n, ids.offsets, ids.bytes,
                                           polygons, offsets, bytes, &options, &length,
                                           &stage->error);
        cJSON_AddItemToObject(answer, "bytes", json_count(length));
    } else {
        spatio_fences *fences = NULL;
        status = CALL(spatio_fences_build)(space_of(args), n, ids.offsets, ids.bytes, polygons,
                                           offsets, bytes, &fences, &stage->error);
        if (status == SPATIO_OK)
            keep(stage, args, fences);
    }
    texts_free(&ids);
    texts_free(&payloads);
    return status;
}

/* Builds into memory, or into a file if the step has a path. */
static spatio_status build(stage *stage, const cJSON *args, cJSON *answer, bool writes)
{
    const cJSON *parts, *given = need(args, "polygons");
    size_t n = 0;
    spatio_status status = SPATIO_OK;
    spatio_polygon **polygons =
        calloc((size_t)cJSON_GetArraySize(given) + 1, sizeof *polygons);
    cJSON_ArrayForEach(parts, given)
    {
        if (status == SPATIO_OK)
            status = polygon_of(stage, parts, &polygons[n++]);
    }
    if (status == SPATIO_OK)
        status = make(stage, args, answer, writes, n, (const spatio_polygon *const *)polygons);
    while (n > 0)
        CALL(spatio_polygon_free)(polygons[--n]);
    free(polygons);
    return status;
}

static spatio_status open_file(stage *stage, const cJSON *args)
{
    char path[1024];
    spatio_fences *fences = NULL;
    path_of(stage, word(args, "path"), path, sizeof path);
    spatio_status status = CALL(spatio_fences_open)(path, &fences, &stage->error);
    if (status == SPATIO_OK)
        keep(stage, args, fences);
    return status;
}

static spatio_status open_bytes(stage *stage, const cJSON *args)
{
    size_t length = 0;
    spatio_fences *fences = NULL;
    uint8_t *bytes = bytes_of(stage, args, &length);
    spatio_status status = CALL(spatio_fences_open_bytes)(bytes, length, &fences, &stage->error);
    free(bytes);
    if (status == SPATIO_OK)
        keep(stage, args, fences);
    return status;
}

static spatio_status info(stage *stage, const spatio_fences *fences, cJSON *answer)
{
    spatio_fences_info info = {.struct_size = sizeof info};
    spatio_status status = CALL(spatio_fences_get_info)(fences, &info, &stage->error);
    cJSON_AddStringToObject(answer, "space", space_word(info.space));
    cJSON_AddItemToObject(answer, "fences", json_count(info.fences));
    cJSON_AddItemToObject(answer, "bytes", json_count(info.bytes));
    return status;
}

static void tell(cJSON *answer, const spatio_fence *fence)
{
    cJSON_AddItemToObject(answer, "id", json_text(fence->id, fence->id_length));
    cJSON_AddItemToObject(answer, "payload", json_payload(fence->payload, fence->payload_length));
}

static spatio_status get(stage *stage, const spatio_fences *fences, const cJSON *args,
                         cJSON *answer)
{
    const char *given = word(args, "id");
    spatio_fence fence = {.struct_size = sizeof fence};
    spatio_status status =
        CALL(spatio_fences_get)(fences, given, strlen(given), &fence, &stage->error);
    if (status == SPATIO_OK)
        tell(answer, &fence);
    return absent(stage, status, answer);
}

static spatio_status get_by_handle(stage *stage, const spatio_fences *fences, const cJSON *args,
                                   cJSON *answer)
{
    const char *given = word(args, "handle");
    spatio_fence fence = {.struct_size = sizeof fence};
    spatio_status status = SPATIO_OK;
    if (given[0] == '#')
        fence.handle = strtoull(given + 1, NULL, 10);
    else
        status = CALL(spatio_fences_get)(fences, given, strlen(given), &fence, &stage->error);
    if (status == SPATIO_OK)
        status = CALL(spatio_fences_get_by_handle)(fences, fence.handle, &fence, &stage->error);
    if (status == SPATIO_OK)
        tell(answer, &fence);
    return status;
}

/* The ids and payloads of each question's fences; their handles must lead to the same ids. */
static spatio_status tell_found(stage *stage, const spatio_fences *fences, cJSON *answer)
{
    const spatio_columns *c = &stage->columns;
    cJSON *ids = cJSON_AddArrayToObject(answer, "ids");
    cJSON *payloads = cJSON_AddArrayToObject(answer, "payloads");
    for (uint64_t q = 0; q < c->queries; q++) {
        cJSON *found = cJSON_CreateArray(), *bytes = cJSON_CreateArray();
        cJSON_AddItemToArray(ids, found);
        cJSON_AddItemToArray(payloads, bytes);
        for (uint64_t row = c->offsets[q]; row < c->offsets[q + 1]; row++) {
            spatio_fence fence = {.struct_size = sizeof fence};
            const char *id = c->ids + c->id_offsets[row];
            uint64_t length = c->id_offsets[row + 1] - c->id_offsets[row];
            uint64_t at = c->payload_offsets[row];
            spatio_status status = CALL(spatio_fences_get_by_handle)(fences, c->handles[row],
                                                                     &fence, &stage->error);
            if (status != SPATIO_OK)
                return status;
            if (fence.id_length != length || memcmp(fence.id, id, length) != 0)
                return SPATIO_INTERNAL; /* no case expects this */
            cJSON_AddItemToArray(found, json_text(id, length));
            cJSON_AddItemToArray(bytes, json_text((const char *)c->payloads + at,
                                                  c->payload_offsets[row + 1] - at));
        }
    }
    return SPATIO_OK;
}

/* One of the two numbers of each point. */
static double *axis_of(const cJSON *points, int axis)
{
    const cJSON *point;
    size_t at = 0;
    double *column = calloc((size_t)cJSON_GetArraySize(points) + 1, sizeof *column);
    cJSON_ArrayForEach(point, points) column[at++] = number(cJSON_GetArrayItem(point, axis));
    return column;
}

static spatio_status find_fences(stage *stage, const spatio_fences *fences, const cJSON *args,
                                 cJSON *answer, bool of_boxes)
{
    const uint32_t flags = SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS;
    const cJSON *low = need(args, of_boxes ? "min" : "points");
    const cJSON *high = of_boxes ? need(args, "max") : low;
    size_t n = (size_t)cJSON_GetArraySize(low);
    double *min_x = axis_of(low, 0), *min_y = axis_of(low, 1);
    double *max_x = axis_of(high, 0), *max_y = axis_of(high, 1);
    spatio_status status;
    if (of_boxes)
        status = CALL(spatio_fences_intersecting)(fences, n, min_x, min_y, max_x, max_y, flags,
                                                  &stage->result, &stage->columns, &stage->error);
    else
        status = CALL(spatio_fences_containing)(fences, n, min_x, min_y, flags, &stage->result,
                                                &stage->columns, &stage->error);
    if (status == SPATIO_OK)
        status = tell_found(stage, fences, answer);
    free(min_x);
    free(min_y);
    free(max_x);
    free(max_y);
    return status;
}

static spatio_status ask(stage *stage, const spatio_fences *fences, const char *op,
                         const cJSON *args, cJSON *answer)
{
    if (strcmp(op, "fences_info") == 0)
        return info(stage, fences, answer);
    if (strcmp(op, "fences_verify") == 0)
        return CALL(spatio_fences_verify)(fences, &stage->error);
    if (strcmp(op, "fences_get") == 0)
        return get(stage, fences, args, answer);
    if (strcmp(op, "fences_get_by_handle") == 0)
        return get_by_handle(stage, fences, args, answer);
    if (strcmp(op, "fences_containing") != 0 && strcmp(op, "fences_intersecting") != 0)
        wrong_case("no such operation", args);
    return find_fences(stage, fences, args, answer, strcmp(op, "fences_intersecting") == 0);
}

bool play_fences(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                 spatio_status *status)
{
    if (strncmp(op, "fences_", 7) != 0)
        return false;
    if (strcmp(op, "fences_build") == 0 || strcmp(op, "fences_write") == 0) {
        *status = build(stage, args, answer, strcmp(op, "fences_write") == 0);
    } else if (strcmp(op, "fences_open") == 0) {
        *status = open_file(stage, args);
    } else if (strcmp(op, "fences_open_bytes") == 0) {
        *status = open_bytes(stage, args);
    } else {
        open_fences *open = find(stage, word_or(args, "fences", "fences"));
        if (open == NULL || open->fences == NULL)
            wrong_case("no such fences", args);
        if (strcmp(op, "fences_close") == 0) {
            CALL(spatio_fences_free)(open->fences);
            open->fences = NULL;
        } else {
            *status = ask(stage, open->fences, op, args, answer);
        }
    }
    return true;
}
