/* Reading the arguments of a step, and writing what the library answers. */
#include "runner.h"

#include <inttypes.h>

void wrong_case(const char *what, const cJSON *value)
{
    char *text = value != NULL ? cJSON_PrintUnformatted(value) : NULL;
    fprintf(stderr, "the case makes no sense: %s: %s\n", what, text != NULL ? text : "nothing");
    free(text);
    exit(2);
}

const cJSON *need(const cJSON *args, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(args, name);
    if (value == NULL)
        wrong_case(name, args);
    return value;
}

const char *word(const cJSON *args, const char *name)
{
    const cJSON *value = need(args, name);
    if (!cJSON_IsString(value))
        wrong_case(name, value);
    return value->valuestring;
}

static bool as_number(const cJSON *value, double *found)
{
    char *end;
    if (cJSON_IsNumber(value)) {
        *found = value->valuedouble;
        return true;
    }
    if (!cJSON_IsString(value))
        return false;
    /* strtod knows "NaN", "Infinity" and digits. */
    *found = strtod(value->valuestring, &end);
    return end != value->valuestring && *end == '\0';
}

double number(const cJSON *value)
{
    double found;
    if (!as_number(value, &found))
        wrong_case("a number", value);
    return found;
}

bool is_whole(const cJSON *value, int64_t *whole)
{
    char *end;
    if (cJSON_IsNumber(value)) {
        double found = value->valuedouble;
        if (!(fabs(found) <= 9007199254740992.0) || found != floor(found))
            return false;
        *whole = (int64_t)found;
        return true;
    }
    if (!cJSON_IsString(value) || value->valuestring[0] == '\0')
        return false;
    *whole = strtoll(value->valuestring, &end, 10);
    return *end == '\0';
}

int64_t whole(const cJSON *value)
{
    int64_t found;
    if (!is_whole(value, &found))
        wrong_case("a whole number", value);
    return found;
}

int64_t whole_or(const cJSON *args, const char *name, int64_t otherwise)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(args, name);
    return value != NULL ? whole(value) : otherwise;
}

uint32_t limit_of(const cJSON *args)
{
    return (uint32_t)whole_or(args, "limit", SPATIO_NO_LIMIT);
}

void place(const cJSON *value, double xyz[3])
{
    int n = cJSON_GetArraySize(value);
    if (n < 2 || n > 3)
        wrong_case("a place", value);
    xyz[2] = 0;
    for (int axis = 0; axis < n; axis++)
        xyz[axis] = number(cJSON_GetArrayItem(value, axis));
}

static void *column(size_t n, size_t size)
{
    void *column = calloc(n > 0 ? n : 1, size);
    if (column == NULL)
        abort();
    return column;
}

/* The numbers of an argument; no column if it is not there. */
list numbers(const cJSON *args, const char *name)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(args, name), *value;
    list list = {0};
    if (values == NULL)
        return list;
    list.numbers = column((size_t)cJSON_GetArraySize(values), sizeof(double));
    cJSON_ArrayForEach(value, values) list.numbers[list.n++] = number(value);
    return list;
}

list wholes(const cJSON *args, const char *name)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(args, name), *value;
    list list = {0};
    if (values == NULL)
        return list;
    list.wholes = column((size_t)cJSON_GetArraySize(values), sizeof(int64_t));
    cJSON_ArrayForEach(value, values) list.wholes[list.n++] = whole(value);
    return list;
}

list handles_of(stage *stage, const cJSON *args, const char *name)
{
    const cJSON *values = need(args, name), *value;
    list list = {0};
    list.handles = column((size_t)cJSON_GetArraySize(values), sizeof(uint64_t));
    cJSON_ArrayForEach(value, values) list.handles[list.n++] = handle_of(stage, args, value);
    return list;
}

void list_free(list *list)
{
    free(list->numbers);
    free(list->wholes);
    free(list->handles);
}

/* Texts; null has no bytes. */
texts texts_of(const cJSON *values)
{
    const cJSON *value;
    size_t bytes = 0;
    texts texts = {0};
    cJSON_ArrayForEach(value, values) bytes += cJSON_IsString(value) ? strlen(value->valuestring) : 0;
    texts.offsets = column((size_t)cJSON_GetArraySize(values) + 1, sizeof(uint64_t));
    texts.bytes = column(bytes, 1);
    bytes = 0;
    cJSON_ArrayForEach(value, values)
    {
        size_t length = cJSON_IsString(value) ? strlen(value->valuestring) : 0;
        if (length > 0)
            memcpy(texts.bytes + bytes, value->valuestring, length);
        bytes += length;
        texts.offsets[++texts.n] = bytes;
    }
    return texts;
}

void texts_free(texts *texts)
{
    free(texts->offsets);
    free(texts->bytes);
}

uint32_t choice(const cJSON *args, const char *name, const char *const *words, uint32_t first)
{
    const char *chosen = word(args, name);
    if (chosen[0] == '#')
        return (uint32_t)strtoul(chosen + 1, NULL, 10);
    for (uint32_t at = 0; words[at] != NULL; at++) {
        if (strcmp(words[at], chosen) == 0)
            return first + at;
    }
    wrong_case(name, args);
    return 0;
}

uint32_t space_of(const cJSON *args)
{
    static const char *const words[] = {"geographic", "cartesian", NULL};
    return choice(args, "space", words, SPATIO_GEOGRAPHIC);
}

uint32_t metric_of(const cJSON *args)
{
    static const char *const words[] = {"haversine", "geodesic", "rhumb", "euclidean", NULL};
    return choice(args, "metric", words, SPATIO_METRIC_HAVERSINE);
}

cJSON *json_number(double value)
{
    if (isnan(value))
        return cJSON_CreateString("NaN");
    if (isinf(value))
        return cJSON_CreateString(value > 0 ? "Infinity" : "-Infinity");
    return cJSON_CreateNumber(value);
}

/* As digits in quotes, which are exact. */
cJSON *json_whole(int64_t value)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    return cJSON_CreateString(digits);
}

cJSON *json_count(uint64_t value)
{
    if (value == UINT64_MAX)
        return cJSON_CreateNull();
    return json_whole((int64_t)value);
}

cJSON *json_text(const char *bytes, size_t length)
{
    char *text = column(length + 1, 1);
    if (length > 0)
        memcpy(text, bytes, length);
    cJSON *value = cJSON_CreateString(text);
    free(text);
    return value;
}

cJSON *json_place(double x, double y, double z)
{
    cJSON *at = cJSON_CreateArray();
    cJSON_AddItemToArray(at, json_number(x));
    cJSON_AddItemToArray(at, json_number(y));
    cJSON_AddItemToArray(at, json_number(z));
    return at;
}

cJSON *json_rows(const spatio_columns *c, uint64_t from, uint64_t to, bool is_measured)
{
    cJSON *rows = cJSON_CreateArray();
    for (uint64_t r = from; r < to; r++) {
        cJSON *row = cJSON_CreateObject();
        uint64_t at = c->id_offsets[r];
        cJSON_AddItemToObject(row, "id", json_text(c->ids + at, c->id_offsets[r + 1] - at));
        cJSON_AddItemToObject(row, "at", json_place(c->x[r], c->y[r], c->z[r]));
        cJSON_AddItemToObject(row, "time_us", json_whole(c->time_us[r]));
        if (is_measured)
            cJSON_AddItemToObject(row, "distance", json_number(c->distance[r]));
        at = c->payload_offsets[r];
        if (c->payload_offsets[r + 1] > at) {
            cJSON *payload =
                json_text((const char *)c->payloads + at, c->payload_offsets[r + 1] - at);
            cJSON_AddItemToObject(row, "payload", payload);
        }
        cJSON_AddItemToArray(rows, row);
    }
    return rows;
}
