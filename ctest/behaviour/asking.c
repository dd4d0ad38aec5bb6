/* What a packed index is asked. Ids and pairs that have no order are sorted for the comparison. */
#include "indexes.h"
#include "polygon.h"

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The columns of the last answer, which the library is asked for once more. */
static spatio_hit_columns columns_of(stage *stage)
{
    spatio_hit_columns found = {.struct_size = sizeof found};
    if (CALL(spatio_hits_columns)(stage->hits, &found) != SPATIO_OK)
        wrong_case("no columns", NULL);
    return found;
}

/* The rows of each query as a list of lists: of ids, or of distances. */
static cJSON *json_queries(const spatio_hit_columns *c, bool in_order, bool tells_distance)
{
    cJSON *queries = cJSON_CreateArray();
    for (uint64_t q = 0; q < c->queries; q++) {
        uint64_t from = c->offsets[q], n = c->offsets[q + 1] - from;
        uint64_t *ids = calloc(n + 1, sizeof *ids);
        cJSON *list = cJSON_CreateArray();
        for (uint64_t row = 0; row < n; row++)
            ids[row] = c->ids[from + row];
        if (!in_order)
            qsort(ids, n, sizeof *ids, by_number);
        for (uint64_t row = 0; row < n; row++) {
            cJSON_AddItemToArray(list, tells_distance ? json_number(c->distance[from + row])
                                                      : json_count(ids[row]));
        }
        free(ids);
        cJSON_AddItemToArray(queries, list);
    }
    return queries;
}

spatio_status tell_ids(stage *stage, spatio_status status, cJSON *answer)
{
    if (status == SPATIO_OK) {
        spatio_hit_columns found = columns_of(stage);
        cJSON_AddItemToObject(answer, "ids", json_queries(&found, false, false));
    }
    return status;
}

static spatio_status tell_ranked(stage *stage, spatio_status status, cJSON *answer)
{
    if (status == SPATIO_OK) {
        spatio_hit_columns found = columns_of(stage);
        cJSON_AddItemToObject(answer, "ids", json_queries(&found, true, false));
        cJSON_AddItemToObject(answer, "distances", json_queries(&found, true, true));
    }
    return status;
}

static uint32_t k_of(const cJSON *args)
{
    return (uint32_t)whole_or(args, "k", SPATIO_NO_LIMIT);
}

spatio_status ask_search(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    rows min = rows_of(args, "min"), max = rows_of(args, "max");
    spatio_hit_columns found = {.struct_size = sizeof found};
    spatio_status status = CALL(spatio_index_search)(index, min.n, min.numbers, max.numbers,
                                                     &stage->hits, &found, &stage->error);
    free(min.numbers);
    free(max.numbers);
    return tell_ids(stage, status, answer);
}

spatio_status ask_count(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    rows min = rows_of(args, "min"), max = rows_of(args, "max");
    uint64_t *counts = calloc(min.n + 1, sizeof *counts);
    spatio_status status = CALL(spatio_index_count)(index, min.n, min.numbers, max.numbers, counts,
                                                    &stage->error);
    cJSON *list = cJSON_AddArrayToObject(answer, "counts");
    for (size_t row = 0; row < min.n; row++)
        cJSON_AddItemToArray(list, json_count(counts[row]));
    free(min.numbers);
    free(max.numbers);
    free(counts);
    return status;
}

void tell_any(cJSON *answer, const uint8_t *any, size_t n)
{
    cJSON *list = cJSON_AddArrayToObject(answer, "any");
    for (size_t row = 0; row < n; row++)
        cJSON_AddItemToArray(list, cJSON_CreateBool(any[row]));
}

spatio_status ask_any(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    rows min = rows_of(args, "min"), max = rows_of(args, "max");
    uint8_t *any = calloc(min.n + 1, 1);
    spatio_status status =
        CALL(spatio_index_any)(index, min.n, min.numbers, max.numbers, any, &stage->error);
    tell_any(answer, any, min.n);
    free(min.numbers);
    free(max.numbers);
    free(any);
    return status;
}

spatio_status ask_within(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    rows min = rows_of(args, "min"), max = rows_of(args, "max");
    list farthest = numbers(args, "max_distance");
    spatio_status status =
        CALL(spatio_index_search_within)(index, min.n, min.numbers, max.numbers, farthest.numbers,
                                         &stage->hits, NULL, &stage->error);
    free(min.numbers);
    free(max.numbers);
    list_free(&farthest);
    return tell_ids(stage, status, answer);
}

spatio_status ask_nearest(stage *stage, const spatio_index *index, const cJSON *args,
                          cJSON *answer)
{
    rows min = rows_of(args, "min"), max = rows_of(args, "max");
    list farthest = numbers(args, "max_distance");
    spatio_status status =
        CALL(spatio_index_nearest)(index, min.n, min.numbers, max.numbers, k_of(args),
                                   farthest.numbers, &stage->hits, NULL, &stage->error);
    free(min.numbers);
    free(max.numbers);
    list_free(&farthest);
    return tell_ranked(stage, status, answer);
}

spatio_status ask_polygon(stage *stage, const spatio_index *index, const cJSON *args,
                          cJSON *answer)
{
    spatio_polygon *polygon = NULL;
    spatio_status status = make_polygon(stage, args, &polygon);
    if (status == SPATIO_OK)
        status = CALL(spatio_index_search_polygon)(index, polygon, &stage->hits, NULL,
                                                   &stage->error);
    CALL(spatio_polygon_free)(polygon);
    return tell_ids(stage, status, answer);
}

spatio_status ask_globe_nearest(stage *stage, const spatio_index *index, const cJSON *args,
                                cJSON *answer)
{
    list lon = numbers(args, "lon"), lat = numbers(args, "lat");
    list farthest = numbers(args, "max_distance");
    spatio_status status = CALL(spatio_index_nearest_great_circle)(
        index, lon.n, lon.numbers, lat.numbers, k_of(args), farthest.numbers, &stage->hits, NULL,
        &stage->error);
    list_free(&lon);
    list_free(&lat);
    list_free(&farthest);
    return tell_ranked(stage, status, answer);
}

spatio_status ask_globe_search(stage *stage, const spatio_index *index, const cJSON *args,
                               cJSON *answer)
{
    list lon = numbers(args, "lon"), lat = numbers(args, "lat");
    list farthest = numbers(args, "max_distance");
    spatio_status status =
        CALL(spatio_index_search_great_circle)(index, lon.n, lon.numbers, lat.numbers,
                                               farthest.numbers, &stage->hits, NULL, &stage->error);
    list_free(&lon);
    list_free(&lat);
    list_free(&farthest);
    return tell_ids(stage, status, answer);
}

/* Calls one of the four questions of a ray; the others of `any` and `ids` are NULL. */
static spatio_status cast(stage *stage, const spatio_index *index, const cJSON *args,
                          cJSON *answer, const char *kind)
{
    rows origin = rows_of(args, "origin"), direction = rows_of(args, "direction");
    list farthest = numbers(args, "max_t");
    size_t n = origin.n;
    const double *from = origin.numbers, *to = direction.numbers, *far = farthest.numbers;
    uint8_t *any = calloc(n + 1, 1);
    uint32_t *ids = calloc(n + 1, sizeof *ids);
    double *t = calloc(n + 1, sizeof *t);
    spatio_status status;
    if (strcmp(kind, "all") == 0) {
        status = CALL(spatio_index_raycast)(index, n, from, to, far, &stage->hits, NULL,
                                            &stage->error);
        tell_ranked(stage, status, answer);
    } else if (strcmp(kind, "any") == 0) {
        status = CALL(spatio_index_raycast_any)(index, n, from, to, far, any, &stage->error);
        tell_any(answer, any, n);
    } else {
        if (strcmp(kind, "closest") == 0)
            status = CALL(spatio_index_raycast_closest)(index, n, from, to, far, ids, t,
                                                        &stage->error);
        else
            status = CALL(spatio_index_raycast_triangles)(index, n, from, to, far, ids, t,
                                                          &stage->error);
        cJSON *hit = cJSON_AddArrayToObject(answer, "ids");
        cJSON *distances = cJSON_AddArrayToObject(answer, "distances");
        for (size_t row = 0; row < n; row++) {
            bool is_hit = ids[row] != SPATIO_NO_ITEM;
            cJSON_AddItemToArray(hit, is_hit ? json_count(ids[row]) : cJSON_CreateNull());
            cJSON_AddItemToArray(distances, is_hit ? json_number(t[row]) : cJSON_CreateNull());
        }
    }
    free(origin.numbers);
    free(direction.numbers);
    list_free(&farthest);
    free(any);
    free(ids);
    free(t);
    return status;
}

spatio_status ask_raycast(stage *stage, const spatio_index *index, const cJSON *args,
                          cJSON *answer)
{
    return cast(stage, index, args, answer, "all");
}

spatio_status ask_raycast_any(stage *stage, const spatio_index *index, const cJSON *args,
                              cJSON *answer)
{
    return cast(stage, index, args, answer, "any");
}

spatio_status ask_raycast_closest(stage *stage, const spatio_index *index, const cJSON *args,
                                  cJSON *answer)
{
    return cast(stage, index, args, answer, "closest");
}

spatio_status ask_triangles(stage *stage, const spatio_index *index, const cJSON *args,
                            cJSON *answer)
{
    return cast(stage, index, args, answer, "triangles");
}

/* Pairs in the order of their two numbers. */
static spatio_status tell_pairs(stage *stage, spatio_status status, cJSON *answer)
{
    if (status != SPATIO_OK)
        return status;
    spatio_hit_columns found = columns_of(stage);
    uint64_t *pairs = calloc(found.rows + 1, sizeof *pairs);
    cJSON *list = cJSON_AddArrayToObject(answer, "pairs");
    for (uint64_t row = 0; row < found.rows; row++)
        pairs[row] = (uint64_t)found.ids[row] << 32 | found.others[row];
    qsort(pairs, found.rows, sizeof *pairs, by_number);
    for (uint64_t row = 0; row < found.rows; row++) {
        cJSON *pair = cJSON_CreateArray();
        cJSON_AddItemToArray(pair, json_count(pairs[row] >> 32));
        cJSON_AddItemToArray(pair, json_count(pairs[row] & 0xffffffff));
        cJSON_AddItemToArray(list, pair);
    }
    free(pairs);
    return status;
}

spatio_cancel *cancel_of(const cJSON *args)
{
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(args, "cancelled")))
        return NULL;
    spatio_cancel *cancel = CALL(spatio_cancel_new)();
    CALL(spatio_cancel_fire)(cancel);
    return cancel;
}

spatio_status ask_pairs(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    spatio_cancel *cancel = cancel_of(args);
    spatio_status status =
        CALL(spatio_index_pairs)(index, number(need(args, "max_distance")), cancel, &stage->hits,
                                 NULL, &stage->error);
    CALL(spatio_cancel_free)(cancel);
    return tell_pairs(stage, status, answer);
}

spatio_status ask_join(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    spatio_cancel *cancel = cancel_of(args);
    spatio_status status = CALL(spatio_index_join)(index, index_of(stage, args, "other"),
                                                   number(need(args, "max_distance")), cancel,
                                                   &stage->hits, NULL, &stage->error);
    CALL(spatio_cancel_free)(cancel);
    return tell_pairs(stage, status, answer);
}
