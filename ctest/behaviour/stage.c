/* What a case plays on: a folder, a clock, the databases and namespaces it has open. */
#define _XOPEN_SOURCE 700
#include "runner.h"

#include <ftw.h>
#include <unistd.h>

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about, (void)kind, (void)where;
    return remove(path);
}

static int64_t clock_of(void *user)
{
    return ((stage *)user)->clock_us;
}

void path_of(const stage *stage, const char *name, char *path, size_t room)
{
    snprintf(path, room, "%s/%s", stage->folder, name);
}

/* The options of a case; the runner's own clock, and no thread of the library. */
static void read_options(stage *stage, const cJSON *given, spatio_options *options)
{
    static const char *const policies[] = {"every", "always", "never", NULL};
    static const char *const recoveries[] = {"strict", "salvage", NULL};
    CALL(spatio_options_init)(options, sizeof *options);
    options->no_background = 1;
    options->clock = clock_of;
    options->clock_user = stage;
    if (cJSON_HasObjectItem(given, "sync"))
        options->sync_policy = choice(given, "sync", policies, SPATIO_SYNC_EVERY);
    if (cJSON_HasObjectItem(given, "recovery"))
        options->recovery = choice(given, "recovery", recoveries, SPATIO_RECOVERY_STRICT);
    options->sync_period_us = whole_or(given, "sync_period_us", options->sync_period_us);
    options->segment_bytes =
        (uint64_t)whole_or(given, "segment_bytes", (int64_t)options->segment_bytes);
    options->buffer_records =
        (uint64_t)whole_or(given, "buffer_records", (int64_t)options->buffer_records);
    options->read_only = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(given, "read_only"));
}

static const char *name_or(const cJSON *args, const char *key, const char *otherwise)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(args, key);
    return value != NULL ? value->valuestring : otherwise;
}

static open_database *find_database(stage *stage, const char *name)
{
    for (size_t at = 0; at < stage->database_count; at++) {
        if (strcmp(stage->databases[at].name, name) == 0)
            return &stage->databases[at];
    }
    return NULL;
}

static void forget_namespaces(open_database *database)
{
    for (size_t at = 0; at < database->count; at++)
        CALL(spatio_namespace_close)(database->spaces[at].ns);
    database->count = 0;
}

/* Opens a database under a name; one that was open under it is given up. */
spatio_status open_one(stage *stage, const cJSON *args)
{
    char path[1024];
    spatio_options options;
    spatio_db *db = NULL;
    const char *name = name_or(args, "as", "db");
    bool in_memory = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(args, "memory"));
    read_options(stage, cJSON_GetObjectItemCaseSensitive(args, "options"), &options);
    path_of(stage, name_or(args, "path", "db"), path, sizeof path);
    spatio_status status = CALL(spatio_open)(in_memory ? NULL : path, &options, &db, &stage->error);
    if (status != SPATIO_OK)
        return status;
    open_database *database = find_database(stage, name);
    if (database == NULL) {
        if (stage->database_count == MOST_DATABASES)
            wrong_case("too many databases", args);
        database = &stage->databases[stage->database_count++];
        memset(database, 0, sizeof *database);
        snprintf(database->name, sizeof database->name, "%s", name);
    }
    forget_namespaces(database);
    if (database->db != NULL)
        status = CALL(spatio_close)(database->db, &stage->error);
    database->db = db;
    return status;
}

/* Closes a database; its namespaces stay, to be asked. */
spatio_status close_one(stage *stage, const cJSON *args)
{
    open_database *database = find_database(stage, name_or(args, "db", "db"));
    if (database == NULL || database->db == NULL)
        wrong_case("no database to close", args);
    spatio_db *db = database->db;
    database->db = NULL;
    return CALL(spatio_close)(db, &stage->error);
}

spatio_db *database_of(stage *stage, const cJSON *args)
{
    open_database *database = find_database(stage, name_or(args, "db", "db"));
    if (database == NULL || database->db == NULL)
        wrong_case("no such database", args);
    return database->db;
}

spatio_namespace *namespace_of(stage *stage, const cJSON *args, spatio_status *status)
{
    const char *name = name_or(args, "ns", "main");
    open_database *database = find_database(stage, name_or(args, "db", "db"));
    spatio_namespace *ns = NULL;
    *status = SPATIO_OK;
    if (database == NULL)
        wrong_case("no such database", args);
    for (size_t at = 0; at < database->count; at++) {
        if (strcmp(database->spaces[at].name, name) == 0)
            return database->spaces[at].ns;
    }
    *status = CALL(spatio_namespace_open)(database->db, name, strlen(name), &ns, &stage->error);
    if (*status != SPATIO_OK)
        return NULL;
    if (database->count == MOST_NAMESPACES)
        wrong_case("too many namespaces", args);
    open_namespace *space = &database->spaces[database->count++];
    snprintf(space->name, sizeof space->name, "%s", name);
    space->ns = ns;
    return ns;
}

const uint64_t *bound_of(const stage *stage, const char *name)
{
    for (size_t at = 0; at < stage->bound_count; at++) {
        if (strcmp(stage->bound[at].name, name) == 0)
            return &stage->bound[at].handle;
    }
    return NULL;
}

/* The handle that a case means: @name of a bound one, #number, or the id of an object. */
uint64_t handle_of(stage *stage, const cJSON *args, const cJSON *value)
{
    const char *given = value->valuestring;
    uint64_t handle = 0;
    spatio_status status;
    if (given[0] == '#')
        return strtoull(given + 1, NULL, 10);
    if (given[0] == '@') {
        const uint64_t *bound = bound_of(stage, given + 1);
        if (bound == NULL)
            wrong_case("not bound", value);
        return *bound;
    }
    spatio_namespace *ns = namespace_of(stage, args, &status);
    status = CALL(spatio_find_handle)(ns, given, strlen(given), &handle, &stage->error);
    if (status != SPATIO_OK)
        wrong_case(stage->error.message, value);
    return handle;
}

static void bind(stage *stage, const char *name, const cJSON *handle)
{
    if (handle == NULL || stage->bound_count == MOST_BOUND)
        wrong_case("no handle to bind, or too many", NULL);
    bound_handle *bound = &stage->bound[stage->bound_count++];
    snprintf(bound->name, sizeof bound->name, "%s", name);
    bound->handle = strtoull(handle->valuestring, NULL, 10);
}

spatio_status absent(stage *stage, spatio_status status, cJSON *answer)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(stage->expect, "found");
    if (status == SPATIO_NOT_FOUND && cJSON_IsFalse(found)) {
        cJSON_AddFalseToObject(answer, "found");
        return SPATIO_OK;
    }
    if (status == SPATIO_OK)
        cJSON_AddTrueToObject(answer, "found");
    return status;
}

void stage_begin(stage *stage, const cJSON *test)
{
    memset(stage, 0, sizeof *stage);
    stage->columns.struct_size = sizeof stage->columns;
    stage->error.struct_size = sizeof stage->error;
    stage->clock_us = whole(need(test, "clock_us"));
    const char *temporary = getenv("TMPDIR");
    snprintf(stage->folder, sizeof stage->folder, "%s/spatio-behaviour-XXXXXX",
             temporary != NULL ? temporary : "/tmp");
    if (mkdtemp(stage->folder) == NULL)
        wrong_case("no temporary folder", NULL);
    cJSON *args = cJSON_CreateObject();
    if (cJSON_HasObjectItem(test, "options")) {
        const cJSON *options = cJSON_GetObjectItemCaseSensitive(test, "options");
        cJSON_AddItemToObject(args, "options", cJSON_Duplicate(options, true));
    }
    cJSON_AddBoolToObject(args, "memory", strcmp(word(test, "where"), "memory") == 0);
    if (open_one(stage, args) != SPATIO_OK)
        wrong_case(stage->error.message, test);
    cJSON_Delete(args);
}

void stage_end(stage *stage)
{
    CALL(spatio_result_free)(stage->result);
    CALL(spatio_hits_free)(stage->hits);
    for (size_t at = 0; at < stage->index_count; at++)
        CALL(spatio_index_free)(stage->indexes[at].index);
    for (size_t at = 0; at < stage->stream_count; at++)
        close_stream(stage->streams[at].streamed);
    for (size_t at = 0; at < stage->pack_count; at++)
        CALL(spatio_pack_free)(stage->packs[at].pack);
    for (size_t at = 0; at < stage->fences_count; at++)
        CALL(spatio_fences_free)(stage->fences[at].fences);
    for (size_t at = 0; at < stage->database_count; at++) {
        forget_namespaces(&stage->databases[at]);
        CALL(spatio_close)(stage->databases[at].db, NULL);
    }
    nftw(stage->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool check_error(stage *stage, const cJSON *step, spatio_status status, char *told,
                        size_t room)
{
    const char *wanted = word(step, "error"), *name = CALL(spatio_status_name)(status);
    const cJSON *part, *row = cJSON_GetObjectItemCaseSensitive(step, "row");
    if (strcmp(wanted, name) != 0 || stage->error.code != status) {
        snprintf(told, room, "expected %s, found %s: %s", wanted, name, stage->error.message);
        return false;
    }
    cJSON_ArrayForEach(part, cJSON_GetObjectItemCaseSensitive(step, "message"))
    {
        if (strstr(stage->error.message, part->valuestring) == NULL) {
            snprintf(told, room, "\"%s\" is not in \"%s\"", part->valuestring,
                     stage->error.message);
            return false;
        }
    }
    if (row != NULL && stage->error.row != (uint64_t)whole(row)) {
        snprintf(told, room, "expected row %d, found %llu", row->valueint,
                 (unsigned long long)stage->error.row);
        return false;
    }
    return true;
}

/* Plays a step and checks what came of it. */
bool stage_step(stage *stage, const cJSON *step, char *told, size_t room_left)
{
    static room *const rooms[] = {play_whole,   play_files,  play_objects, play_batches,
                                  play_handles, play_queries, play_shapes, play_past,
                                  play_arrow,   play_indexes, play_streams, play_packs,
                                  play_fences};
    const char *op = word(step, "op");
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(step, "args");
    cJSON *none = cJSON_CreateObject(), *answer = cJSON_CreateObject();
    const cJSON *args = given != NULL ? given : none;
    spatio_status status = SPATIO_OK;
    bool is_played = false, is_right;
    stage->expect = cJSON_GetObjectItemCaseSensitive(step, "expect");
    for (size_t at = 0; at < sizeof rooms / sizeof rooms[0] && !is_played; at++)
        is_played = rooms[at](stage, op, args, answer, &status);
    if (!is_played)
        wrong_case("no such operation", step);
    if (cJSON_HasObjectItem(step, "error")) {
        is_right = check_error(stage, step, status, told, room_left);
    } else if (status != SPATIO_OK) {
        snprintf(told, room_left, "refused: %s: %s", CALL(spatio_status_name)(status),
                 stage->error.message);
        is_right = false;
    } else {
        if (cJSON_HasObjectItem(step, "bind"))
            bind(stage, word(step, "bind"), cJSON_GetObjectItemCaseSensitive(answer, "handle"));
        is_right = compare(stage, stage->expect, answer, told, room_left);
    }
    cJSON_Delete(none);
    cJSON_Delete(answer);
    return is_right;
}
