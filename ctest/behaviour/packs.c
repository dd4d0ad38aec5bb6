/* Packs: frozen, opened, asked. */
#include "packs.h"

const char *word_or(const cJSON *args, const char *key, const char *otherwise)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(args, key);
    return value != NULL ? value->valuestring : otherwise;
}

const char *space_word(uint32_t space)
{
    return space == SPATIO_GEOGRAPHIC ? "geographic" : "cartesian";
}

cJSON *json_payload(const uint8_t *payload, size_t length)
{
    return payload != NULL ? json_text((const char *)payload, length) : cJSON_CreateNull();
}

spatio_freeze_options freeze_options_of(const cJSON *args)
{
    static const char *const layouts[] = {"fast", "origin", "both", NULL};
    spatio_freeze_options options;
    CALL(spatio_freeze_options_init)(&options, sizeof options);
    if (cJSON_HasObjectItem(args, "layout"))
        options.layout = choice(args, "layout", layouts, SPATIO_INDEX_FAST);
    options.threads = (uint32_t)whole_or(args, "threads", options.threads);
    return options;
}

uint8_t *bytes_of(stage *stage, const cJSON *args, size_t *length)
{
    char path[1024];
    long end = -1;
    path_of(stage, word(args, "path"), path, sizeof path);
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (end = ftell(file)) < 0)
        wrong_case("the file cannot be read", args);
    rewind(file);
    uint8_t *bytes = calloc((size_t)end + 1, 1);
    *length = fread(bytes, 1, (size_t)end, file);
    fclose(file);
    return bytes;
}

static open_pack *find(stage *stage, const char *name)
{
    for (size_t at = 0; at < stage->pack_count; at++) {
        if (strcmp(stage->packs[at].name, name) == 0)
            return &stage->packs[at];
    }
    return NULL;
}

/* Keeps a pack under its name; one that was kept under it is given up. */
static void keep(stage *stage, const cJSON *args, spatio_pack *pack)
{
    const char *name = word_or(args, "as", "pack");
    open_pack *open = find(stage, name);
    if (open == NULL) {
        if (stage->pack_count == MOST_PACKS)
            wrong_case("too many packs", args);
        open = &stage->packs[stage->pack_count++];
        memset(open, 0, sizeof *open);
        snprintf(open->name, sizeof open->name, "%s", name);
    }
    CALL(spatio_pack_free)(open->pack);
    open->pack = pack;
}

uint64_t pack_handle_of(stage *stage, const spatio_pack *pack, const cJSON *value)
{
    const char *given = value->valuestring;
    spatio_object object = {.struct_size = sizeof object};
    if (given[0] == '#')
        return strtoull(given + 1, NULL, 10);
    if (CALL(spatio_pack_get)(pack, given, strlen(given), &object, &stage->error) != SPATIO_OK)
        wrong_case(stage->error.message, value);
    return object.handle;
}

static spatio_status freeze(stage *stage, const cJSON *args, cJSON *answer)
{
    char path[1024];
    spatio_status status;
    uint64_t objects = 0, bytes = 0;
    spatio_freeze_options options = freeze_options_of(args);
    spatio_namespace *ns = namespace_of(stage, args, &status);
    if (status != SPATIO_OK)
        return status;
    path_of(stage, word(args, "path"), path, sizeof path);
    status = CALL(spatio_freeze)(ns, path, &options, &objects, &bytes, &stage->error);
    cJSON_AddItemToObject(answer, "objects", json_count(objects));
    cJSON_AddItemToObject(answer, "bytes", json_count(bytes));
    return status;
}

static spatio_status open_file(stage *stage, const cJSON *args)
{
    char path[1024];
    spatio_pack *pack = NULL;
    path_of(stage, word(args, "path"), path, sizeof path);
    spatio_status status = CALL(spatio_pack_open)(path, &pack, &stage->error);
    if (status == SPATIO_OK)
        keep(stage, args, pack);
    return status;
}

static spatio_status open_bytes(stage *stage, const cJSON *args)
{
    size_t length = 0;
    spatio_pack *pack = NULL;
    uint8_t *bytes = bytes_of(stage, args, &length);
    spatio_status status = CALL(spatio_pack_open_bytes)(bytes, length, &pack, &stage->error);
    free(bytes);
    if (status == SPATIO_OK)
        keep(stage, args, pack);
    return status;
}

static spatio_status info(stage *stage, const spatio_pack *pack, cJSON *answer)
{
    spatio_pack_info info = {.struct_size = sizeof info};
    spatio_status status = CALL(spatio_pack_get_info)(pack, &info, &stage->error);
    cJSON_AddStringToObject(answer, "space", space_word(info.space));
    cJSON_AddItemToObject(answer, "objects", json_count(info.objects));
    cJSON_AddItemToObject(answer, "bytes", json_count(info.bytes));
    cJSON_AddItemToObject(answer, "dims", json_count(info.dims));
    cJSON_AddItemToObject(answer, "frozen_us", json_whole(info.frozen_us));
    return status;
}

static spatio_status payload(stage *stage, const spatio_pack *pack, uint64_t handle, cJSON *answer)
{
    const uint8_t *bytes = NULL;
    size_t length = 0;
    spatio_status status =
        CALL(spatio_pack_payload)(pack, handle, &bytes, &length, &stage->error);
    cJSON_AddItemToObject(answer, "payload", json_payload(bytes, length));
    return status;
}

static spatio_status id(stage *stage, const spatio_pack *pack, uint64_t handle, cJSON *answer)
{
    const char *id = NULL;
    size_t length = 0;
    spatio_status status = CALL(spatio_pack_id)(pack, handle, &id, &length, &stage->error);
    cJSON_AddItemToObject(answer, "id", json_text(id, length));
    return status;
}

static spatio_status get(stage *stage, const spatio_pack *pack, const cJSON *args, cJSON *answer)
{
    const char *given = word(args, "id");
    spatio_object object = {.struct_size = sizeof object};
    spatio_status status =
        CALL(spatio_pack_get)(pack, given, strlen(given), &object, &stage->error);
    bool is_here = status == SPATIO_OK;
    status = absent(stage, status, answer);
    if (!is_here)
        return status;
    cJSON_AddItemToObject(answer, "at", json_place(object.x, object.y, object.z));
    cJSON_AddItemToObject(answer, "time_us", json_whole(object.time_us));
    cJSON_AddItemToObject(answer, "expires_us",
                          object.expires_us == INT64_MAX ? cJSON_CreateNull()
                                                         : json_whole(object.expires_us));
    return payload(stage, pack, object.handle, answer);
}

static spatio_status ask(stage *stage, const spatio_pack *pack, const char *op, const cJSON *args,
                         cJSON *answer)
{
    asked asked = {NULL, pack};
    if (strcmp(op, "pack_query") == 0)
        return query_one(stage, asked, args, answer);
    if (strcmp(op, "pack_query_run") == 0)
        return query_run(stage, asked, args, answer);
    if (strcmp(op, "pack_info") == 0)
        return info(stage, pack, answer);
    if (strcmp(op, "pack_verify") == 0)
        return CALL(spatio_pack_verify)(pack, &stage->error);
    if (strcmp(op, "pack_get") == 0)
        return get(stage, pack, args, answer);
    if (strcmp(op, "pack_id") != 0 && strcmp(op, "pack_payload") != 0)
        wrong_case("no such operation", args);
    uint64_t handle = pack_handle_of(stage, pack, need(args, "handle"));
    return strcmp(op, "pack_id") == 0 ? id(stage, pack, handle, answer)
                                      : payload(stage, pack, handle, answer);
}

bool play_packs(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                spatio_status *status)
{
    if (strcmp(op, "freeze") == 0) {
        *status = freeze(stage, args, answer);
    } else if (strncmp(op, "pack_", 5) != 0) {
        return false;
    } else if (strcmp(op, "pack_open") == 0) {
        *status = open_file(stage, args);
    } else if (strcmp(op, "pack_open_bytes") == 0) {
        *status = open_bytes(stage, args);
    } else {
        open_pack *open = find(stage, word_or(args, "pack", "pack"));
        if (open == NULL || open->pack == NULL)
            wrong_case("no such pack", args);
        if (strcmp(op, "pack_close") == 0) {
            CALL(spatio_pack_free)(open->pack);
            open->pack = NULL;
        } else {
            *status = ask(stage, open->pack, op, args, answer);
        }
    }
    return true;
}
