/* The database as a whole: opening, namespaces, durability, figures, and the library itself. */
#include "runner.h"

static bool is(const char *op, const char *name)
{
    return strcmp(op, name) == 0;
}

static spatio_status create_namespace(stage *stage, const cJSON *args)
{
    static const char *const histories[] = {"default", "on", "off", NULL};
    const char *name = word(args, "name");
    spatio_namespace_options options;
    spatio_namespace *ns = NULL;
    CALL(spatio_namespace_options_init)(&options, sizeof options);
    options.space = space_of(args);
    options.ttl_us = whole_or(args, "ttl_us", 0);
    if (cJSON_HasObjectItem(args, "history"))
        options.history = choice(args, "history", histories, SPATIO_HISTORY_DEFAULT);
    spatio_status status = CALL(spatio_namespace_create)(database_of(stage, args), name,
                                                         strlen(name), &options, &ns,
                                                         &stage->error);
    CALL(spatio_namespace_close)(ns);
    return status;
}

static spatio_status open_namespace_of(stage *stage, const cJSON *args)
{
    const char *name = word(args, "name");
    spatio_namespace *ns = NULL;
    spatio_status status = CALL(spatio_namespace_open)(database_of(stage, args), name,
                                                       strlen(name), &ns, &stage->error);
    CALL(spatio_namespace_close)(ns);
    return status;
}

static spatio_status stats(stage *stage, const cJSON *args, cJSON *answer)
{
    spatio_stats s = {.struct_size = sizeof s};
    spatio_status status = CALL(spatio_get_stats)(database_of(stage, args), &s, &stage->error);
    const struct {
        const char *name;
        uint64_t value;
    } figures[] = {
        {"namespaces", s.namespaces},     {"objects", s.objects},
        {"handles", s.handles},           {"leaves", s.leaves},
        {"memory_bytes", s.memory_bytes}, {"disk_bytes", s.disk_bytes},
        {"segments", s.segments},         {"records", s.records},
        {"last_seq", s.last_seq},         {"durable_seq", s.durable_seq},
        {"buffered_records", s.buffered_records},
    };
    for (size_t at = 0; at < sizeof figures / sizeof figures[0]; at++)
        cJSON_AddItemToObject(answer, figures[at].name, json_count(figures[at].value));
    return status;
}

static spatio_status recovery(stage *stage, const cJSON *args, cJSON *answer)
{
    spatio_recovery r = {.struct_size = sizeof r};
    spatio_status status = CALL(spatio_get_recovery)(database_of(stage, args), &r, &stage->error);
    cJSON_AddBoolToObject(answer, "has_checkpoint", r.has_checkpoint != 0);
    cJSON_AddItemToObject(answer, "segments", json_count(r.segments));
    cJSON_AddItemToObject(answer, "records_kept", json_count(r.records_kept));
    cJSON_AddItemToObject(answer, "bytes_dropped", json_count(r.bytes_dropped));
    cJSON_AddItemToObject(answer, "first_bad_offset", json_count(r.first_bad_offset));
    return status;
}

/* Asks for the length first, then for the words. */
static spatio_status recovery_text(stage *stage, const cJSON *args, cJSON *answer)
{
    spatio_db *db = database_of(stage, args);
    char text[4096], none[1];
    size_t length = 0, again = 0;
    spatio_status status = CALL(spatio_recovery_text)(db, none, 1, &length, &stage->error);
    if (status != SPATIO_BUFFER_TOO_SMALL || length == 0 || length >= sizeof text)
        return status != SPATIO_OK ? status : SPATIO_INTERNAL;
    status = CALL(spatio_recovery_text)(db, text, length + 1, &again, &stage->error);
    if (status == SPATIO_OK && (again != length || strlen(text) != length))
        return SPATIO_INTERNAL;
    cJSON_AddStringToObject(answer, "text", text);
    return status;
}

static spatio_status namespaces(stage *stage, const cJSON *args, cJSON *answer)
{
    spatio_columns *c = &stage->columns;
    spatio_status status =
        CALL(spatio_namespaces)(database_of(stage, args), &stage->result, c, &stage->error);
    cJSON *names = cJSON_AddArrayToObject(answer, "names");
    for (uint64_t row = 0; status == SPATIO_OK && row < c->rows; row++) {
        uint64_t at = c->id_offsets[row];
        cJSON_AddItemToArray(names, json_text(c->ids + at, c->id_offsets[row + 1] - at));
    }
    return status;
}

static spatio_status sweep(stage *stage, const cJSON *args, cJSON *answer)
{
    uint64_t removed = 0;
    spatio_status status = CALL(spatio_sweep)(database_of(stage, args), &removed, &stage->error);
    cJSON_AddItemToObject(answer, "removed", json_count(removed));
    return status;
}

static bool play_library(const char *op, const cJSON *args, cJSON *answer)
{
    if (is(op, "abi_version")) {
        cJSON_AddItemToObject(answer, "version", json_count(CALL(spatio_abi_version)()));
    } else if (is(op, "version")) {
        const char *version = CALL(spatio_version)();
        uint64_t parts = 1;
        while ((version = strchr(version, '.')) != NULL) {
            parts++;
            version++;
        }
        cJSON_AddItemToObject(answer, "parts", json_count(parts));
    } else if (is(op, "status_name")) {
        spatio_status status = (spatio_status)whole(need(args, "status"));
        cJSON_AddStringToObject(answer, "name", CALL(spatio_status_name)(status));
    } else {
        return false;
    }
    return true;
}

bool play_whole(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                spatio_status *status)
{
    if (play_library(op, args, answer))
        return true;
    if (is(op, "clock"))
        stage->clock_us += whole(need(args, "advance_us"));
    else if (is(op, "open"))
        *status = open_one(stage, args);
    else if (is(op, "close"))
        *status = close_one(stage, args);
    else if (is(op, "flush"))
        *status = CALL(spatio_flush)(database_of(stage, args), &stage->error);
    else if (is(op, "sync"))
        *status = CALL(spatio_sync)(database_of(stage, args), &stage->error);
    else if (is(op, "checkpoint"))
        *status = CALL(spatio_checkpoint)(database_of(stage, args), &stage->error);
    else if (is(op, "sweep"))
        *status = sweep(stage, args, answer);
    else if (is(op, "stats"))
        *status = stats(stage, args, answer);
    else if (is(op, "recovery"))
        *status = recovery(stage, args, answer);
    else if (is(op, "recovery_text"))
        *status = recovery_text(stage, args, answer);
    else if (is(op, "namespaces"))
        *status = namespaces(stage, args, answer);
    else if (is(op, "create_namespace"))
        *status = create_namespace(stage, args);
    else if (is(op, "open_namespace"))
        *status = open_namespace_of(stage, args);
    else
        return false;
    return true;
}
