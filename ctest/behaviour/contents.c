/* What stands in a packed index: payloads, boxes, sums. */
#include "indexes.h"

spatio_status ask_payload(stage *stage, const spatio_index *index, const cJSON *args,
                          cJSON *answer)
{
    const uint8_t *payload = NULL;
    size_t length = 0;
    spatio_status status = CALL(spatio_index_payload)(index, (uint32_t)whole(need(args, "id")),
                                                      &payload, &length, &stage->error);
    cJSON_AddItemToObject(answer, "payload",
                          payload != NULL ? json_text((const char *)payload, length)
                                          : cJSON_CreateNull());
    return status;
}

/* The items of a step, to be freed. */
static uint32_t *ids_of(const cJSON *args, size_t *n)
{
    list given = wholes(args, "ids");
    uint32_t *ids = calloc(given.n + 1, sizeof *ids);
    for (size_t at = 0; at < given.n; at++)
        ids[at] = (uint32_t)given.wholes[at];
    *n = given.n;
    list_free(&given);
    return ids;
}

spatio_status ask_payloads(stage *stage, const spatio_index *index, const cJSON *args,
                           cJSON *answer)
{
    size_t n;
    uint32_t *ids = ids_of(args, &n);
    spatio_hit_columns found = {.struct_size = sizeof found};
    spatio_status status = CALL(spatio_index_payloads)(index, n, ids, &stage->hits, &found,
                                                       &stage->error);
    cJSON *list = cJSON_AddArrayToObject(answer, "payloads");
    for (uint64_t row = 0; status == SPATIO_OK && row < found.rows; row++) {
        uint64_t at = found.payload_offsets[row];
        cJSON_AddItemToArray(list, json_text((const char *)found.payloads + at,
                                             found.payload_offsets[row + 1] - at));
    }
    free(ids);
    return status;
}

static cJSON *json_points(const double *numbers, size_t n, uint32_t dims)
{
    cJSON *points = cJSON_CreateArray();
    for (size_t row = 0; row < n; row++) {
        cJSON *point = cJSON_CreateArray();
        for (uint32_t axis = 0; axis < dims; axis++)
            cJSON_AddItemToArray(point, json_number(numbers[row * dims + axis]));
        cJSON_AddItemToArray(points, point);
    }
    return points;
}

spatio_status ask_boxes(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    size_t n;
    uint32_t *ids = ids_of(args, &n);
    spatio_index_info info = {.struct_size = sizeof info};
    spatio_status status = CALL(spatio_index_get_info)(index, &info, &stage->error);
    double *min = calloc(8 * n + 1, sizeof *min), *max = min + 4 * n;
    if (status == SPATIO_OK)
        status = CALL(spatio_index_boxes)(index, n, ids, min, max, &stage->error);
    cJSON_AddItemToObject(answer, "min", json_points(min, n, info.dims));
    cJSON_AddItemToObject(answer, "max", json_points(max, n, info.dims));
    free(ids);
    free(min);
    return status;
}

spatio_status ask_aggregate(stage *stage, const spatio_index *index, const cJSON *args,
                            cJSON *answer)
{
    static const char *const names[] = {"sums", "least", "greatest"};
    rows min = rows_of(args, "min"), max = rows_of(args, "max");
    size_t n = min.n;
    uint64_t *counts = calloc(n + 1, sizeof *counts);
    uint64_t *masks = calloc(n + 1, sizeof *masks);
    double *found = calloc(3 * n + 1, sizeof *found);
    spatio_status status = CALL(spatio_index_aggregate)(index, n, min.numbers, max.numbers, counts,
                                                        found, found + n, found + 2 * n, masks,
                                                        &stage->error);
    cJSON *list = cJSON_AddArrayToObject(answer, "counts");
    for (size_t row = 0; row < n; row++)
        cJSON_AddItemToArray(list, json_count(counts[row]));
    list = cJSON_AddArrayToObject(answer, "masks");
    for (size_t row = 0; row < n; row++)
        cJSON_AddItemToArray(list, json_count(masks[row]));
    for (size_t at = 0; at < 3; at++) {
        list = cJSON_AddArrayToObject(answer, names[at]);
        for (size_t row = 0; row < n; row++)
            cJSON_AddItemToArray(list, json_number(found[at * n + row]));
    }
    free(min.numbers);
    free(max.numbers);
    free(counts);
    free(masks);
    free(found);
    return status;
}
