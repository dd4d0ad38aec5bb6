/* Packed indexes: built, written, opened, closed, and what they are. */
#include "indexes.h"

static const char *name_or(const cJSON *args, const char *key, const char *otherwise)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(args, key);
    return value != NULL ? value->valuestring : otherwise;
}

static open_index *find(stage *stage, const char *name)
{
    for (size_t at = 0; at < stage->index_count; at++) {
        if (strcmp(stage->indexes[at].name, name) == 0)
            return &stage->indexes[at];
    }
    return NULL;
}

spatio_index *index_of(stage *stage, const cJSON *args, const char *name)
{
    open_index *open = find(stage, name_or(args, name, "index"));
    if (open == NULL || open->index == NULL)
        wrong_case("no such index", args);
    return open->index;
}

/* Keeps an index under its name; one that was kept under it is given up. */
static void keep(stage *stage, const cJSON *args, spatio_index *index)
{
    const char *name = name_or(args, "as", "index");
    open_index *open = find(stage, name);
    if (open == NULL) {
        if (stage->index_count == MOST_INDEXES)
            wrong_case("too many indexes", args);
        open = &stage->indexes[stage->index_count++];
        memset(open, 0, sizeof *open);
        snprintf(open->name, sizeof open->name, "%s", name);
    }
    CALL(spatio_index_free)(open->index);
    open->index = index;
}

rows rows_of(const cJSON *args, const char *name)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(args, name), *row, *value;
    rows rows = {0, NULL};
    size_t at = 0, count = 0;
    if (values == NULL)
        return rows;
    cJSON_ArrayForEach(row, values) count += (size_t)cJSON_GetArraySize(row);
    rows.numbers = calloc(count + 1, sizeof *rows.numbers);
    cJSON_ArrayForEach(row, values)
    {
        cJSON_ArrayForEach(value, row) rows.numbers[at++] = number(value);
        rows.n++;
    }
    return rows;
}

static spatio_index_metadata metadata_of(const cJSON *said)
{
    spatio_index_metadata metadata;
    memset(&metadata, 0, sizeof metadata);
    metadata.struct_size = sizeof metadata;
    metadata.crs = name_or(said, "crs", NULL);
    metadata.crs_length = metadata.crs != NULL ? strlen(metadata.crs) : 0;
    metadata.content_type = name_or(said, "content_type", NULL);
    metadata.content_type_length =
        metadata.content_type != NULL ? strlen(metadata.content_type) : 0;
    metadata.attribution = name_or(said, "attribution", NULL);
    metadata.attribution_length = metadata.attribution != NULL ? strlen(metadata.attribution) : 0;
    return metadata;
}

static spatio_index_options options_of(const cJSON *args)
{
    static const char *const layouts[] = {"fast", "origin", "both", NULL};
    spatio_index_options options;
    CALL(spatio_index_options_init)(&options, sizeof options);
    if (cJSON_HasObjectItem(args, "layout"))
        options.layout = choice(args, "layout", layouts, SPATIO_INDEX_FAST);
    options.coordinate_bits = (uint32_t)whole_or(args, "bits", options.coordinate_bits);
    options.node_size = (uint32_t)whole_or(args, "node_size", options.node_size);
    options.interleaved = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(args, "interleaved"));
    options.threads = (uint32_t)whole_or(args, "threads", options.threads);
    options.prefix_bytes = (uint32_t)whole_or(args, "prefix_bytes", options.prefix_bytes);
    return options;
}

/* Builds into memory, or into a file if the step has a path. */
static spatio_status build(stage *stage, const cJSON *args, cJSON *answer, bool writes)
{
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(args, "payloads");
    rows min = rows_of(args, "min"), max = rows_of(args, "max");
    texts payloads = texts_of(given);
    list values = numbers(args, "values"), masks = wholes(args, "masks");
    const uint64_t *bits = (const uint64_t *)masks.wholes;
    spatio_index_metadata said = metadata_of(cJSON_GetObjectItemCaseSensitive(args, "metadata"));
    spatio_index_options options = options_of(args);
    const uint64_t *offsets = given != NULL ? payloads.offsets : NULL;
    const uint8_t *bytes = (const uint8_t *)payloads.bytes;
    uint32_t dims = (uint32_t)whole(need(args, "dims"));
    spatio_index *index = NULL;
    spatio_status status;
    if (writes) {
        char path[1024];
        uint64_t length = 0;
        path_of(stage, word(args, "path"), path, sizeof path);
        status = CALL(spatio_index_write)(path, dims, min.n, min.numbers, max.numbers, offsets,
                                          bytes, values.numbers, bits, &said, &options, &length,
                                          &stage->error);
        cJSON_AddItemToObject(answer, "bytes", json_count(length));
    } else {
        status = CALL(spatio_index_build)(dims, min.n, min.numbers, max.numbers, offsets, bytes,
                                          values.numbers, bits, &said, &options, &index,
                                          &stage->error);
        if (status == SPATIO_OK)
            keep(stage, args, index);
    }
    free(min.numbers);
    free(max.numbers);
    texts_free(&payloads);
    list_free(&values);
    list_free(&masks);
    return status;
}

static spatio_status build_triangles(stage *stage, const cJSON *args)
{
    rows corners = rows_of(args, "corners");
    spatio_index_metadata said = metadata_of(cJSON_GetObjectItemCaseSensitive(args, "metadata"));
    spatio_index_options options = options_of(args);
    spatio_index *index = NULL;
    spatio_status status = CALL(spatio_index_build_triangles)(
        (uint32_t)whole(need(args, "dims")), corners.n / 3, corners.numbers, &said, &options,
        &index, &stage->error);
    if (status == SPATIO_OK)
        keep(stage, args, index);
    free(corners.numbers);
    return status;
}

static spatio_status open_file(stage *stage, const cJSON *args)
{
    char path[1024];
    spatio_index *index = NULL;
    path_of(stage, word(args, "path"), path, sizeof path);
    spatio_status status = CALL(spatio_index_open)(path, &index, &stage->error);
    if (status == SPATIO_OK)
        keep(stage, args, index);
    return status;
}

static spatio_status open_bytes(stage *stage, const cJSON *args)
{
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(args, "bytes"), *byte;
    size_t length = 0;
    const uint8_t *bytes = NULL;
    uint8_t *own = calloc((size_t)cJSON_GetArraySize(given) + 1, 1);
    spatio_index *index = NULL;
    spatio_status status = SPATIO_OK;
    if (given == NULL) {
        status = CALL(spatio_index_bytes)(index_of(stage, args, "from"), &bytes, &length,
                                          &stage->error);
    } else {
        cJSON_ArrayForEach(byte, given) own[length++] = (uint8_t)whole(byte);
        bytes = own;
    }
    if (status == SPATIO_OK)
        status = CALL(spatio_index_open_bytes)(bytes, length, &index, &stage->error);
    if (status == SPATIO_OK)
        keep(stage, args, index);
    free(own);
    return status;
}

static spatio_status close_index(stage *stage, const cJSON *args)
{
    CALL(spatio_index_free)(index_of(stage, args, "index"));
    find(stage, name_or(args, "index", "index"))->index = NULL;
    return SPATIO_OK;
}

static cJSON *json_side(const double *side, const spatio_index_info *info)
{
    cJSON *list = cJSON_CreateArray();
    if (info->items == 0) {
        cJSON_Delete(list);
        return cJSON_CreateNull();
    }
    for (uint32_t axis = 0; axis < info->dims; axis++)
        cJSON_AddItemToArray(list, json_number(side[axis]));
    return list;
}

spatio_status ask_info(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    static const char *const layouts[] = {"fast", "origin", "both"};
    spatio_index_info info = {.struct_size = sizeof info};
    spatio_status status = CALL(spatio_index_get_info)(index, &info, &stage->error);
    (void)args;
    cJSON_AddItemToObject(answer, "dims", json_count(info.dims));
    cJSON_AddItemToObject(answer, "items", json_count(info.items));
    cJSON_AddItemToObject(answer, "bytes", json_count(info.bytes));
    cJSON_AddStringToObject(answer, "layout", layouts[info.layout]);
    cJSON_AddItemToObject(answer, "bits", json_count(info.coordinate_bits));
    cJSON_AddBoolToObject(answer, "has_payloads", info.has_payloads != 0);
    cJSON_AddBoolToObject(answer, "has_values", info.has_values != 0);
    cJSON_AddBoolToObject(answer, "has_masks", info.has_masks != 0);
    cJSON_AddItemToObject(answer, "prefix_bytes", json_count(info.prefix_bytes));
    cJSON_AddItemToObject(answer, "min", json_side(info.min, &info));
    cJSON_AddItemToObject(answer, "max", json_side(info.max, &info));
    return status;
}

static void tell_word(cJSON *answer, const char *name, const char *word, size_t length)
{
    cJSON_AddItemToObject(answer, name,
                          word != NULL ? json_text(word, length) : cJSON_CreateNull());
}

spatio_status ask_metadata(stage *stage, const spatio_index *index, const cJSON *args,
                           cJSON *answer)
{
    spatio_index_metadata said = {.struct_size = sizeof said};
    spatio_status status = CALL(spatio_index_get_metadata)(index, &said, &stage->error);
    (void)args;
    tell_word(answer, "crs", said.crs, said.crs_length);
    tell_word(answer, "content_type", said.content_type, said.content_type_length);
    tell_word(answer, "attribution", said.attribution, said.attribution_length);
    return status;
}

spatio_status ask_verify(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    (void)args, (void)answer;
    return CALL(spatio_index_verify)(index, &stage->error);
}

bool play_indexes(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                  spatio_status *status)
{
    static const struct {
        const char *op;
        ask *ask;
    } ops[] = {
        {"index_info", ask_info},
        {"index_metadata", ask_metadata},
        {"index_verify", ask_verify},
        {"index_search", ask_search},
        {"index_count", ask_count},
        {"index_any", ask_any},
        {"index_search_within", ask_within},
        {"index_nearest", ask_nearest},
        {"index_search_polygon", ask_polygon},
        {"index_nearest_great_circle", ask_globe_nearest},
        {"index_search_great_circle", ask_globe_search},
        {"index_raycast", ask_raycast},
        {"index_raycast_any", ask_raycast_any},
        {"index_raycast_closest", ask_raycast_closest},
        {"index_pairs", ask_pairs},
        {"index_join", ask_join},
        {"index_payload", ask_payload},
        {"index_payloads", ask_payloads},
        {"index_boxes", ask_boxes},
        {"index_aggregate", ask_aggregate},
        {"index_region", ask_region},
        {"index_estimate", ask_estimate},
        {"index_anti_join", ask_anti_join},
        {"index_closest_pair", ask_closest_pair},
        {"index_components", ask_components},
        {"index_raycast_triangles", ask_triangles},
    };
    if (strcmp(op, "index_build") == 0 || strcmp(op, "index_write") == 0) {
        *status = build(stage, args, answer, strcmp(op, "index_write") == 0);
        return true;
    }
    if (strcmp(op, "index_build_triangles") == 0) {
        *status = build_triangles(stage, args);
        return true;
    }
    if (strcmp(op, "index_open") == 0) {
        *status = open_file(stage, args);
        return true;
    }
    if (strcmp(op, "index_open_bytes") == 0) {
        *status = open_bytes(stage, args);
        return true;
    }
    if (strcmp(op, "index_close") == 0) {
        *status = close_index(stage, args);
        return true;
    }
    for (size_t at = 0; at < sizeof ops / sizeof ops[0]; at++) {
        if (strcmp(ops[at].op, op) != 0)
            continue;
        *status = ops[at].ask(stage, index_of(stage, args, "index"), args, answer);
        return true;
    }
    return false;
}
