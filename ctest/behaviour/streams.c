/* Streamed indexes: opened over the bytes of an index, fed, asked. */
#include "indexes.h"

/* A file in memory that belongs to a stream, and how often something of it was wanted. */
struct streamed {
    spatio_stream *stream;
    uint8_t *file;
    size_t length;
    uint64_t rounds;
};

static const char *name_or(const cJSON *args, const char *key, const char *otherwise)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(args, key);
    return value != NULL ? value->valuestring : otherwise;
}

static open_stream *find(stage *stage, const char *name)
{
    for (size_t at = 0; at < stage->stream_count; at++) {
        if (strcmp(stage->streams[at].name, name) == 0)
            return &stage->streams[at];
    }
    return NULL;
}

void close_stream(streamed *given)
{
    if (given == NULL)
        return;
    CALL(spatio_stream_free)(given->stream);
    free(given->file);
    free(given);
}

/* Keeps a stream under its name; one that was kept under it is given up. */
static void keep(stage *stage, const cJSON *args, streamed *given)
{
    const char *name = name_or(args, "as", "stream");
    open_stream *open = find(stage, name);
    if (open == NULL) {
        if (stage->stream_count == MOST_INDEXES)
            wrong_case("too many streams", args);
        open = &stage->streams[stage->stream_count++];
        memset(open, 0, sizeof *open);
        snprintf(open->name, sizeof open->name, "%s", name);
    }
    close_stream(open->streamed);
    open->streamed = given;
}

static streamed *stream_of(stage *stage, const cJSON *args)
{
    open_stream *open = find(stage, name_or(args, "stream", "stream"));
    if (open == NULL || open->streamed == NULL)
        wrong_case("no such stream", args);
    return open->streamed;
}

/* Feeds a question from the file until it wants nothing more; counts the rounds. */
static spatio_status feed(stage *stage, streamed *from, spatio_fetch *fetch)
{
    for (;;) {
        const uint64_t *offsets = NULL, *lengths = NULL;
        size_t n = 0;
        spatio_status status =
            CALL(spatio_fetch_wanted)(fetch, &n, &offsets, &lengths, &stage->error);
        if (status != SPATIO_OK || n == 0)
            return status;
        const uint8_t **bytes = calloc(n, sizeof *bytes);
        size_t *sizes = calloc(n, sizeof *sizes);
        for (size_t at = 0; at < n; at++) {
            bytes[at] = from->file + offsets[at];
            sizes[at] = (size_t)lengths[at];
        }
        from->rounds++;
        status = CALL(spatio_fetch_feed)(fetch, n, bytes, sizes, &stage->error);
        free(bytes);
        free(sizes);
        if (status != SPATIO_OK)
            return status;
    }
}

/* Feeds a question that was begun; its rounds are told, and are what it says itself. */
static spatio_status answer_of(stage *stage, streamed *from, spatio_status begun,
                               spatio_fetch *fetch, cJSON *answer)
{
    uint64_t rounds = 0;
    if (begun != SPATIO_OK)
        return begun;
    from->rounds = 0;
    spatio_status status = feed(stage, from, fetch);
    if (status == SPATIO_OK)
        status = CALL(spatio_fetch_spent)(fetch, &rounds, NULL, NULL, &stage->error);
    if (status == SPATIO_OK && rounds != from->rounds)
        wrong_case("the rounds that were played are not those that are told", NULL);
    cJSON_DeleteItemFromObjectCaseSensitive(answer, "rounds");
    cJSON_AddItemToObject(answer, "rounds", json_count(rounds));
    return status;
}

static spatio_stream_options options_of(const cJSON *args)
{
    spatio_stream_options options;
    CALL(spatio_stream_options_init)(&options, sizeof options);
    const struct {
        const char *name;
        uint64_t *field;
    } fields[] = {
        {"gap_bytes", &options.gap_bytes},     {"read_bytes", &options.read_bytes},
        {"round_bytes", &options.round_bytes}, {"kept_bytes", &options.kept_bytes},
        {"max_reads", &options.max_reads},     {"max_bytes", &options.max_bytes},
        {"max_items", &options.max_items},
    };
    for (size_t at = 0; at < sizeof fields / sizeof fields[0]; at++) {
        if (cJSON_HasObjectItem(args, fields[at].name))
            *fields[at].field = (uint64_t)whole(need(args, fields[at].name));
    }
    options.without_fast = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(args, "without_fast"));
    return options;
}

/* The file that a step streams: bytes of its own, or those of an index, copied. */
static spatio_status read_file(stage *stage, const cJSON *args, streamed *into)
{
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(args, "bytes"), *byte;
    const uint8_t *bytes = NULL;
    spatio_status status = SPATIO_OK;
    size_t length = (size_t)cJSON_GetArraySize(given);
    if (given == NULL) {
        status = CALL(spatio_index_bytes)(index_of(stage, args, "from"), &bytes, &length,
                                          &stage->error);
    }
    if (status != SPATIO_OK)
        return status;
    into->file = calloc(length + 1, 1);
    if (bytes != NULL) {
        memcpy(into->file, bytes, length);
        into->length = length;
    }
    cJSON_ArrayForEach(byte, given) into->file[into->length++] = (uint8_t)whole(byte);
    return SPATIO_OK;
}

static spatio_status open_one_stream(stage *stage, const cJSON *args, cJSON *answer)
{
    streamed *made = calloc(1, sizeof *made);
    spatio_stream_options options = options_of(args);
    spatio_fetch *fetch = NULL;
    spatio_status status = read_file(stage, args, made);
    if (status == SPATIO_OK)
        status = CALL(spatio_stream_begin)(made->length, &options, &fetch, &stage->error);
    status = answer_of(stage, made, status, fetch, answer);
    if (status == SPATIO_OK)
        status = CALL(spatio_stream_open)(fetch, &made->stream, &stage->error);
    CALL(spatio_fetch_free)(fetch);
    if (status == SPATIO_OK)
        keep(stage, args, made);
    else
        close_stream(made);
    return status;
}

static cJSON *json_side(const double *side, const spatio_stream_info *info)
{
    if (info->items == 0)
        return cJSON_CreateNull();
    cJSON *list = cJSON_CreateArray();
    for (uint32_t axis = 0; axis < info->dims; axis++)
        cJSON_AddItemToArray(list, json_number(side[axis]));
    return list;
}

static spatio_status tell_info(stage *stage, streamed *from, cJSON *answer)
{
    spatio_stream_info info = {.struct_size = sizeof info};
    spatio_status status = CALL(spatio_stream_get_info)(from->stream, &info, &stage->error);
    cJSON_AddItemToObject(answer, "dims", json_count(info.dims));
    cJSON_AddItemToObject(answer, "items", json_count(info.items));
    cJSON_AddBoolToObject(answer, "asks_fast", info.asks_fast != 0);
    cJSON_AddBoolToObject(answer, "has_payloads", info.has_payloads != 0);
    cJSON_AddItemToObject(answer, "prefix_bytes", json_count(info.prefix_bytes));
    cJSON_AddBoolToObject(answer, "has_aggregates", info.has_aggregates != 0);
    cJSON_AddItemToObject(answer, "min", json_side(info.min, &info));
    cJSON_AddItemToObject(answer, "max", json_side(info.max, &info));
    return status;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static double far_of(const cJSON *args, const char *name)
{
    return cJSON_HasObjectItem(args, name) ? number(need(args, name)) : INFINITY;
}

/* The items and ranks of an answer, packed into one number each, in the order of ids. */
static uint64_t *sorted(const spatio_hit_columns *found)
{
    uint64_t *rows = calloc(found->rows + 1, sizeof *rows);
    for (uint64_t row = 0; row < found->rows; row++)
        rows[row] = (uint64_t)found->ids[row] << 32 | found->ranks[row];
    qsort(rows, found->rows, sizeof *rows, by_number);
    return rows;
}

static spatio_status search(stage *stage, streamed *from, const cJSON *args, cJSON *answer,
                            spatio_hit_columns *found)
{
    list min = numbers(args, "min"), max = numbers(args, "max");
    spatio_fetch *fetch = NULL;
    spatio_status status = CALL(spatio_stream_search)(from->stream, min.numbers, max.numbers,
                                                      &fetch, &stage->error);
    status = answer_of(stage, from, status, fetch, answer);
    if (status == SPATIO_OK)
        status = CALL(spatio_fetch_hits)(fetch, &stage->hits, found, &stage->error);
    CALL(spatio_fetch_free)(fetch);
    list_free(&min);
    list_free(&max);
    return status;
}

static void tell_sorted(const spatio_hit_columns *found, cJSON *answer)
{
    uint64_t *rows = sorted(found);
    cJSON *ids = cJSON_AddArrayToObject(answer, "ids");
    for (uint64_t row = 0; row < found->rows; row++)
        cJSON_AddItemToArray(ids, json_count(rows[row] >> 32));
    free(rows);
}

static spatio_status tell_search(stage *stage, streamed *from, const cJSON *args, cJSON *answer)
{
    spatio_hit_columns found = {.struct_size = sizeof found};
    spatio_status status = search(stage, from, args, answer, &found);
    if (status == SPATIO_OK)
        tell_sorted(&found, answer);
    return status;
}

static spatio_status tell_count(stage *stage, streamed *from, const cJSON *args, cJSON *answer)
{
    list min = numbers(args, "min"), max = numbers(args, "max");
    spatio_fetch *fetch = NULL;
    uint64_t count = 0;
    spatio_status status = CALL(spatio_stream_count)(from->stream, min.numbers, max.numbers,
                                                     &fetch, &stage->error);
    status = answer_of(stage, from, status, fetch, answer);
    if (status == SPATIO_OK)
        status = CALL(spatio_fetch_count)(fetch, &count, &stage->error);
    cJSON_AddItemToObject(answer, "count", json_count(count));
    CALL(spatio_fetch_free)(fetch);
    list_free(&min);
    list_free(&max);
    return status;
}

static spatio_status tell_sums(stage *stage, streamed *from, const cJSON *args, cJSON *answer)
{
    list min = numbers(args, "min"), max = numbers(args, "max");
    spatio_fetch *fetch = NULL;
    uint64_t count = 0, mask = 0;
    double sum = 0, least = 0, greatest = 0;
    spatio_status status = CALL(spatio_stream_aggregate)(from->stream, min.numbers, max.numbers,
                                                         &fetch, &stage->error);
    status = answer_of(stage, from, status, fetch, answer);
    if (status == SPATIO_OK)
        status = CALL(spatio_fetch_aggregate)(fetch, &count, &sum, &least, &greatest, &mask,
                                              &stage->error);
    cJSON_AddItemToObject(answer, "count", json_count(count));
    cJSON_AddItemToObject(answer, "sum", json_number(sum));
    cJSON_AddItemToObject(answer, "least", json_number(least));
    cJSON_AddItemToObject(answer, "greatest", json_number(greatest));
    cJSON_AddItemToObject(answer, "mask", json_count(mask));
    CALL(spatio_fetch_free)(fetch);
    list_free(&min);
    list_free(&max);
    return status;
}

/* Begins a question about a shape. Its region is freed at once, which the question outlives. */
static spatio_status begin_shape(stage *stage, streamed *from, const char *op, const cJSON *args,
                                 spatio_fetch **fetch)
{
    list min = numbers(args, "min"), max = numbers(args, "max");
    spatio_region *region = NULL;
    double far = far_of(args, "max_distance");
    spatio_status status = SPATIO_OK;
    if (cJSON_HasObjectItem(args, "region"))
        status = region_of(stage, need(args, "region"), &region);
    if (status == SPATIO_OK && strcmp(op, "stream_search_region") == 0)
        status = CALL(spatio_stream_search_region)(from->stream, region, fetch, &stage->error);
    else if (status == SPATIO_OK && strcmp(op, "stream_count_region") == 0)
        status = CALL(spatio_stream_count_region)(from->stream, region, fetch, &stage->error);
    else if (strcmp(op, "stream_search_within") == 0)
        status = CALL(spatio_stream_search_within)(from->stream, min.numbers, max.numbers, far,
                                                   fetch, &stage->error);
    else if (strcmp(op, "stream_count_within") == 0)
        status = CALL(spatio_stream_count_within)(from->stream, min.numbers, max.numbers, far,
                                                  fetch, &stage->error);
    else if (strcmp(op, "stream_search_great_circle") == 0)
        status = CALL(spatio_stream_search_great_circle)(from->stream, number(need(args, "lon")),
                                                         number(need(args, "lat")), far, fetch,
                                                         &stage->error);
    CALL(spatio_region_free)(region);
    list_free(&min);
    list_free(&max);
    return status;
}

/* The items of a shape, or their number. */
static spatio_status tell_shape(stage *stage, streamed *from, const char *op, const cJSON *args,
                                cJSON *answer)
{
    spatio_fetch *fetch = NULL;
    spatio_hit_columns found = {.struct_size = sizeof found};
    uint64_t count = 0;
    spatio_status status = begin_shape(stage, from, op, args, &fetch);
    status = answer_of(stage, from, status, fetch, answer);
    if (status == SPATIO_OK && strncmp(op, "stream_count", strlen("stream_count")) == 0) {
        status = CALL(spatio_fetch_count)(fetch, &count, &stage->error);
        cJSON_AddItemToObject(answer, "count", json_count(count));
    } else if (status == SPATIO_OK) {
        status = CALL(spatio_fetch_hits)(fetch, &stage->hits, &found, &stage->error);
        tell_sorted(&found, answer);
    }
    CALL(spatio_fetch_free)(fetch);
    return status;
}

/* The nearest to a point of the index, or to a place on the globe. */
static spatio_status tell_nearest(stage *stage, streamed *from, const cJSON *args, cJSON *answer)
{
    list at = numbers(args, "at");
    uint32_t k = (uint32_t)whole_or(args, "k", SPATIO_NO_LIMIT);
    double far = far_of(args, "max_distance");
    spatio_fetch *fetch = NULL;
    spatio_hit_columns found = {.struct_size = sizeof found};
    spatio_status status;
    if (cJSON_HasObjectItem(args, "at"))
        status = CALL(spatio_stream_nearest)(from->stream, at.numbers, k, far, &fetch,
                                             &stage->error);
    else
        status = CALL(spatio_stream_nearest_great_circle)(from->stream, number(need(args, "lon")),
                                                          number(need(args, "lat")), k, far,
                                                          &fetch, &stage->error);
    status = answer_of(stage, from, status, fetch, answer);
    if (status == SPATIO_OK)
        status = CALL(spatio_fetch_hits)(fetch, &stage->hits, &found, &stage->error);
    cJSON *ids = cJSON_AddArrayToObject(answer, "ids");
    cJSON *distances = cJSON_AddArrayToObject(answer, "distances");
    for (uint64_t row = 0; status == SPATIO_OK && row < found.rows; row++) {
        cJSON_AddItemToArray(ids, json_count(found.ids[row]));
        cJSON_AddItemToArray(distances, json_number(found.distance[row]));
    }
    CALL(spatio_fetch_free)(fetch);
    list_free(&at);
    return status;
}

static spatio_status tell_ray(stage *stage, streamed *from, const cJSON *args, cJSON *answer)
{
    list origin = numbers(args, "origin"), direction = numbers(args, "direction");
    spatio_fetch *fetch = NULL;
    spatio_hit_columns found = {.struct_size = sizeof found};
    spatio_status status = CALL(spatio_stream_raycast_closest)(from->stream, origin.numbers,
                                                               direction.numbers,
                                                               far_of(args, "max_t"), &fetch,
                                                               &stage->error);
    status = answer_of(stage, from, status, fetch, answer);
    if (status == SPATIO_OK)
        status = CALL(spatio_fetch_hits)(fetch, &stage->hits, &found, &stage->error);
    bool is_hit = status == SPATIO_OK && found.rows == 1;
    cJSON_AddItemToObject(answer, "id", is_hit ? json_count(found.ids[0]) : cJSON_CreateNull());
    cJSON_AddItemToObject(answer, "distance",
                          is_hit ? json_number(found.distance[0]) : cJSON_CreateNull());
    CALL(spatio_fetch_free)(fetch);
    list_free(&origin);
    list_free(&direction);
    return status;
}

/* The ranks of a step, or of what lies in its window; of these the ids are told too. */
static spatio_status ranks_of(stage *stage, streamed *from, const cJSON *args, cJSON *answer,
                              uint32_t **ranks, size_t *n)
{
    spatio_hit_columns found = {.struct_size = sizeof found};
    if (cJSON_HasObjectItem(args, "ranks")) {
        list given = wholes(args, "ranks");
        *ranks = calloc(given.n + 1, sizeof **ranks);
        for (size_t at = 0; at < given.n; at++)
            (*ranks)[at] = (uint32_t)given.wholes[at];
        *n = given.n;
        list_free(&given);
        return SPATIO_OK;
    }
    spatio_status status = search(stage, from, args, answer, &found);
    if (status != SPATIO_OK)
        return status;
    uint64_t *rows = sorted(&found);
    cJSON *ids = cJSON_AddArrayToObject(answer, "ids");
    *ranks = calloc(found.rows + 1, sizeof **ranks);
    *n = (size_t)found.rows;
    for (size_t row = 0; row < *n; row++) {
        cJSON_AddItemToArray(ids, json_count(rows[row] >> 32));
        (*ranks)[row] = (uint32_t)rows[row];
    }
    free(rows);
    return status;
}

static spatio_status tell_payloads(stage *stage, streamed *from, const cJSON *args, cJSON *answer,
                                   bool wants_prefixes)
{
    uint32_t *ranks = NULL;
    size_t n = 0;
    spatio_fetch *fetch = NULL;
    spatio_hit_columns found = {.struct_size = sizeof found};
    spatio_status status = ranks_of(stage, from, args, answer, &ranks, &n);
    if (status == SPATIO_OK && wants_prefixes)
        status = CALL(spatio_stream_prefixes)(from->stream, n, ranks, &fetch, &stage->error);
    else if (status == SPATIO_OK)
        status = CALL(spatio_stream_payloads)(from->stream, n, ranks, &fetch, &stage->error);
    status = answer_of(stage, from, status, fetch, answer);
    if (status == SPATIO_OK)
        status = CALL(spatio_fetch_hits)(fetch, &stage->hits, &found, &stage->error);
    cJSON *payloads = cJSON_AddArrayToObject(answer, "payloads");
    for (uint64_t row = 0; status == SPATIO_OK && row < found.rows; row++) {
        uint64_t at = found.payload_offsets[row];
        cJSON_AddItemToArray(payloads, json_text((const char *)found.payloads + at,
                                                 found.payload_offsets[row + 1] - at));
    }
    CALL(spatio_fetch_free)(fetch);
    free(ranks);
    return status;
}

bool play_streams(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                  spatio_status *status)
{
    if (strcmp(op, "stream_open") == 0)
        *status = open_one_stream(stage, args, answer);
    else if (strcmp(op, "stream_info") == 0)
        *status = tell_info(stage, stream_of(stage, args), answer);
    else if (strcmp(op, "stream_search") == 0)
        *status = tell_search(stage, stream_of(stage, args), args, answer);
    else if (strcmp(op, "stream_count") == 0)
        *status = tell_count(stage, stream_of(stage, args), args, answer);
    else if (strcmp(op, "stream_aggregate") == 0)
        *status = tell_sums(stage, stream_of(stage, args), args, answer);
    else if (strcmp(op, "stream_search_region") == 0 || strcmp(op, "stream_count_region") == 0 ||
             strcmp(op, "stream_search_within") == 0 || strcmp(op, "stream_count_within") == 0 ||
             strcmp(op, "stream_search_great_circle") == 0)
        *status = tell_shape(stage, stream_of(stage, args), op, args, answer);
    else if (strcmp(op, "stream_nearest") == 0 || strcmp(op, "stream_nearest_great_circle") == 0)
        *status = tell_nearest(stage, stream_of(stage, args), args, answer);
    else if (strcmp(op, "stream_raycast_closest") == 0)
        *status = tell_ray(stage, stream_of(stage, args), args, answer);
    else if (strcmp(op, "stream_payloads") == 0 || strcmp(op, "stream_prefixes") == 0)
        *status = tell_payloads(stage, stream_of(stage, args), args, answer,
                                strcmp(op, "stream_prefixes") == 0);
    else if (strcmp(op, "stream_close") == 0) {
        close_stream(stream_of(stage, args));
        find(stage, name_or(args, "stream", "stream"))->streamed = NULL;
        *status = SPATIO_OK;
    } else
        return false;
    return true;
}
