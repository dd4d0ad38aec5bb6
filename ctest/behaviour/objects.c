/* Writing and reading single objects. */
#include "runner.h"

/* The id of a step: text, or the bytes of one that is none. */
static const char *id_of(const cJSON *args, char *bytes, size_t *length)
{
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(args, "id_bytes"), *byte;
    if (given == NULL) {
        *length = strlen(word(args, "id"));
        return word(args, "id");
    }
    *length = 0;
    cJSON_ArrayForEach(byte, given) bytes[(*length)++] = (char)(unsigned char)whole(byte);
    return bytes;
}

static spatio_status upsert(stage *stage, spatio_namespace *ns, const cJSON *args, cJSON *answer)
{
    static const char *const outcomes[] = {"", "CREATED", "MOVED", "LATE"};
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(args, "payload");
    size_t filling = (size_t)whole_or(args, "payload_bytes", 0), id_length, length = 0;
    char bytes[16], *filled = NULL;
    const char *payload = NULL, *id = id_of(args, bytes, &id_length);
    double at[3];
    uint64_t handle = 0;
    uint32_t outcome = 0;
    place(need(args, "at"), at);
    if (given != NULL) {
        payload = given->valuestring;
        length = strlen(payload);
    } else if (filling > 0) {
        filled = malloc(filling);
        memset(filled, 'x', filling);
        payload = filled;
        length = filling;
    }
    spatio_status status = CALL(spatio_upsert)(
        ns, id, id_length, at[0], at[1], at[2], whole_or(args, "time_us", INT64_MIN),
        (const uint8_t *)payload, length, whole_or(args, "ttl_us", 0), &handle, &outcome,
        &stage->error);
    free(filled);
    if (status == SPATIO_OK) {
        cJSON_AddStringToObject(answer, "outcome", outcomes[outcome]);
        cJSON_AddItemToObject(answer, "handle", json_count(handle));
    }
    return status;
}

static spatio_status move(stage *stage, spatio_namespace *ns, const cJSON *args, cJSON *answer)
{
    double at[3];
    uint32_t outcome = 0;
    place(need(args, "at"), at);
    uint64_t handle = handle_of(stage, args, need(args, "handle"));
    spatio_status status =
        CALL(spatio_move)(ns, handle, at[0], at[1], at[2], whole_or(args, "time_us", INT64_MIN),
                          &outcome, &stage->error);
    cJSON_AddBoolToObject(answer, "late", outcome == SPATIO_OUTCOME_LATE);
    return status;
}

static spatio_status delete_one(stage *stage, spatio_namespace *ns, const cJSON *args,
                                cJSON *answer)
{
    char bytes[16];
    size_t length;
    uint8_t deleted = 0;
    const char *id = id_of(args, bytes, &length);
    spatio_status status = CALL(spatio_delete)(ns, id, length, &deleted, &stage->error);
    cJSON_AddBoolToObject(answer, "deleted", deleted != 0);
    return status;
}

/* The payload of an object; the length is asked for first. */
static spatio_status payload_of(stage *stage, spatio_namespace *ns, uint64_t handle, cJSON *answer)
{
    size_t length = 0, again = 0;
    spatio_status status =
        CALL(spatio_get_payload)(ns, handle, NULL, 0, &length, &stage->error);
    if (status != SPATIO_OK)
        return status;
    if (length == 0) {
        cJSON_AddNullToObject(answer, "payload");
        return status;
    }
    uint8_t *payload = malloc(length);
    if (length > 1 && CALL(spatio_get_payload)(ns, handle, payload, length - 1, &again,
                                               &stage->error) != SPATIO_BUFFER_TOO_SMALL)
        status = SPATIO_INTERNAL;
    else
        status = CALL(spatio_get_payload)(ns, handle, payload, length, &again, &stage->error);
    if (status == SPATIO_OK && again != length)
        status = SPATIO_INTERNAL;
    if (status == SPATIO_OK)
        cJSON_AddItemToObject(answer, "payload", json_text((const char *)payload, length));
    free(payload);
    return status;
}

static spatio_status tell(stage *stage, spatio_namespace *ns, const spatio_object *object,
                          cJSON *answer)
{
    bool is_mortal = object->expires_us != INT64_MAX;
    cJSON_AddItemToObject(answer, "at", json_place(object->x, object->y, object->z));
    cJSON_AddItemToObject(answer, "time_us", json_whole(object->time_us));
    cJSON_AddItemToObject(answer, "expires_us",
                          is_mortal ? json_whole(object->expires_us) : cJSON_CreateNull());
    spatio_status status = payload_of(stage, ns, object->handle, answer);
    const cJSON *payload = cJSON_GetObjectItemCaseSensitive(answer, "payload");
    size_t length = cJSON_IsString(payload) ? strlen(payload->valuestring) : 0;
    return status == SPATIO_OK && length != object->payload_length ? SPATIO_INTERNAL : status;
}

static spatio_status get(stage *stage, spatio_namespace *ns, const cJSON *args, cJSON *answer)
{
    char bytes[16];
    size_t length;
    spatio_object object = {.struct_size = sizeof object};
    const char *id = id_of(args, bytes, &length);
    spatio_status status = CALL(spatio_get)(ns, id, length, &object, &stage->error);
    if (status == SPATIO_OK)
        status = tell(stage, ns, &object, answer);
    return absent(stage, status, answer);
}

static spatio_status get_by_handle(stage *stage, spatio_namespace *ns, const cJSON *args,
                                   cJSON *answer)
{
    spatio_object object = {.struct_size = sizeof object};
    uint64_t handle = handle_of(stage, args, need(args, "handle"));
    spatio_status status = CALL(spatio_get_by_handle)(ns, handle, &object, &stage->error);
    if (status == SPATIO_OK)
        status = tell(stage, ns, &object, answer);
    return absent(stage, status, answer);
}

static spatio_status find_or_intern(stage *stage, spatio_namespace *ns, const char *op,
                                    const cJSON *args, cJSON *answer)
{
    char bytes[16];
    size_t length;
    uint64_t handle = 0;
    spatio_status status;
    const char *id = id_of(args, bytes, &length);
    if (strcmp(op, "intern") == 0)
        status = CALL(spatio_intern)(ns, id, length, &handle, &stage->error);
    else
        status = absent(stage, CALL(spatio_find_handle)(ns, id, length, &handle, &stage->error),
                        answer);
    cJSON_AddItemToObject(answer, "handle", json_count(handle));
    return status;
}

static spatio_status settings(stage *stage, spatio_namespace *ns, cJSON *answer)
{
    spatio_namespace_options s;
    CALL(spatio_namespace_options_init)(&s, sizeof s);
    spatio_status status = CALL(spatio_namespace_settings)(ns, &s, &stage->error);
    const char *space = s.space == SPATIO_CARTESIAN ? "cartesian" : "geographic";
    cJSON_AddStringToObject(answer, "space", space);
    cJSON_AddItemToObject(answer, "ttl_us", json_whole(s.ttl_us));
    cJSON_AddBoolToObject(answer, "history", s.history == SPATIO_HISTORY_ON);
    return status;
}

static spatio_status count(stage *stage, spatio_namespace *ns, cJSON *answer)
{
    uint64_t objects = 0;
    spatio_status status = CALL(spatio_count)(ns, &objects, &stage->error);
    cJSON_AddItemToObject(answer, "objects", json_count(objects));
    return status;
}

bool play_objects(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                  spatio_status *status)
{
    static const char *const ops[] = {"upsert", "move",   "delete",      "get",      "get_by_handle",
                                      "intern", "settings", "find_handle", "get_payload", "count"};
    size_t which = 0, known = sizeof ops / sizeof ops[0];
    while (which < known && strcmp(ops[which], op) != 0)
        which++;
    if (which == known)
        return false;
    spatio_namespace *ns = namespace_of(stage, args, status);
    if (*status != SPATIO_OK)
        return true;
    switch (which) {
    case 0: *status = upsert(stage, ns, args, answer); break;
    case 1: *status = move(stage, ns, args, answer); break;
    case 2: *status = delete_one(stage, ns, args, answer); break;
    case 3: *status = get(stage, ns, args, answer); break;
    case 4: *status = get_by_handle(stage, ns, args, answer); break;
    case 6: *status = settings(stage, ns, answer); break;
    case 8:
        *status = payload_of(stage, ns, handle_of(stage, args, need(args, "handle")), answer);
        *status = absent(stage, *status, answer);
        break;
    case 9: *status = count(stage, ns, answer); break;
    default: *status = find_or_intern(stage, ns, op, args, answer); break;
    }
    return true;
}
