/* Comparing an answer with what a case expects: see tests/behaviour/README.md for the rules. */
#include "runner.h"

#define TOLERANCE 1e-9

static bool same(const char *key, const cJSON *wanted, const cJSON *found);

static bool is_computed(const char *key)
{
    return strcmp(key, "distance") == 0 || strcmp(key, "distances") == 0 ||
           strcmp(key, "positions") == 0;
}

static bool same_number(const char *key, double wanted, double found)
{
    if (is_computed(key) && isfinite(wanted))
        return fabs(wanted - found) <= TOLERANCE * fmax(fabs(wanted), 1.0);
    if (isnan(wanted))
        return isnan(found);
    /* Stored numbers come back as they were, the sign of a zero too. */
    return memcmp(&wanted, &found, sizeof wanted) == 0;
}

/* A third coordinate that is not given is 0. */
static bool same_place(const cJSON *wanted, const cJSON *found)
{
    for (int axis = 0; axis < 3; axis++) {
        const cJSON *w = cJSON_GetArrayItem(wanted, axis), *f = cJSON_GetArrayItem(found, axis);
        if (f == NULL || !(w == NULL ? number(f) == 0 : same("at", w, f)))
            return false;
    }
    return true;
}

static bool same_list(const char *key, const cJSON *wanted, const cJSON *found)
{
    if (!cJSON_IsArray(found) || cJSON_GetArraySize(wanted) != cJSON_GetArraySize(found))
        return false;
    const cJSON *w = wanted->child, *f = found->child;
    for (; w != NULL; w = w->next, f = f->next) {
        if (!same(key, w, f))
            return false;
    }
    return true;
}

static bool same(const char *key, const cJSON *wanted, const cJSON *found)
{
    int64_t w, f;
    if (found == NULL)
        return false;
    if (cJSON_IsObject(wanted)) {
        int64_t least = whole(need(wanted, "at_least"));
        return is_whole(found, &f) && f >= least;
    }
    if (cJSON_IsArray(wanted))
        return strcmp(key, "at") == 0 ? same_place(wanted, found) : same_list(key, wanted, found);
    if (cJSON_IsNull(wanted) || cJSON_IsBool(wanted))
        return wanted->type == found->type;
    if (cJSON_IsString(wanted) && cJSON_IsString(found) &&
        strcmp(wanted->valuestring, found->valuestring) == 0)
        return true;
    /* Found whole numbers are digits in quotes, computed ones are numbers. */
    if (cJSON_IsString(found) && is_whole(found, &f))
        return is_whole(wanted, &w) && w == f;
    return cJSON_IsNumber(found) && cJSON_IsNumber(wanted) &&
           same_number(key, wanted->valuedouble, found->valuedouble);
}

/* Each row with the same fields and no other. */
static bool same_rows(const cJSON *wanted, const cJSON *found)
{
    if (cJSON_GetArraySize(wanted) != cJSON_GetArraySize(found))
        return false;
    const cJSON *w = wanted->child, *f = found->child, *field;
    for (; w != NULL; w = w->next, f = f->next) {
        if (cJSON_GetArraySize(w) != cJSON_GetArraySize(f))
            return false;
        cJSON_ArrayForEach(field, w)
        {
            if (!same(field->string, field, cJSON_GetObjectItemCaseSensitive(f, field->string)))
                return false;
        }
    }
    return true;
}

static const char *id_of(const cJSON *row)
{
    return cJSON_GetObjectItemCaseSensitive(row, "id")->valuestring;
}

/* Bytes of UTF-8 are ordered as the cases are. */
static int by_id(const void *a, const void *b)
{
    return strcmp(id_of(*(cJSON *const *)a), id_of(*(cJSON *const *)b));
}

static bool same_rows_by_id(const cJSON *wanted, const cJSON *found)
{
    size_t n = 0, count = (size_t)cJSON_GetArraySize(found);
    cJSON **rows = calloc(count + 1, sizeof *rows), *row;
    cJSON *sorted = cJSON_CreateArray();
    cJSON_ArrayForEach(row, found) rows[n++] = row;
    qsort(rows, n, sizeof *rows, by_id);
    for (size_t at = 0; at < n; at++)
        cJSON_AddItemToArray(sorted, cJSON_Duplicate(rows[at], true));
    bool is_same = same_rows(wanted, sorted);
    cJSON_Delete(sorted);
    free(rows);
    return is_same;
}

/* Whether every row has an id of the list, and none twice. */
static bool among(const cJSON *ids, const cJSON *found)
{
    const cJSON *row;
    cJSON *left = cJSON_Duplicate(ids, true);
    bool is_so = true;
    cJSON_ArrayForEach(row, found)
    {
        int at = 0;
        const cJSON *id;
        cJSON_ArrayForEach(id, left)
        {
            if (strcmp(id->valuestring, id_of(row)) == 0)
                break;
            at++;
        }
        is_so = is_so && id != NULL;
        if (id != NULL)
            cJSON_DeleteItemFromArray(left, at);
    }
    cJSON_Delete(left);
    return is_so;
}

static bool contains(const cJSON *words, const cJSON *text)
{
    const cJSON *word;
    cJSON_ArrayForEach(word, words)
    {
        if (!cJSON_IsString(text) || strstr(text->valuestring, word->valuestring) == NULL)
            return false;
    }
    return true;
}

static bool same_handle(const stage *stage, const cJSON *wanted, const cJSON *found)
{
    const uint64_t *bound = bound_of(stage, wanted->valuestring + 1);
    return bound != NULL && cJSON_IsString(found) &&
           strtoull(found->valuestring, NULL, 10) == *bound;
}

static bool holds(const stage *stage, const cJSON *wanted, const cJSON *found)
{
    const char *key = wanted->string;
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(found, "rows");
    const cJSON *here = cJSON_GetObjectItemCaseSensitive(found, key);
    if (strcmp(key, "rows") == 0)
        return rows != NULL && same_rows(wanted, rows);
    if (strcmp(key, "rows_by_id") == 0)
        return rows != NULL && same_rows_by_id(wanted, rows);
    if (strcmp(key, "row_count") == 0)
        return rows != NULL && cJSON_GetArraySize(rows) == whole(wanted);
    if (strcmp(key, "among") == 0)
        return rows != NULL && among(wanted, rows);
    if (strcmp(key, "contains") == 0)
        return contains(wanted, cJSON_GetObjectItemCaseSensitive(found, "text"));
    if (strcmp(key, "handle") == 0)
        return same_handle(stage, wanted, here);
    if (strcmp(key, "results") != 0)
        return same(key, wanted, here);
    char told[64];
    const cJSON *w = wanted->child, *f = here != NULL ? here->child : NULL;
    for (; w != NULL && f != NULL; w = w->next, f = f->next) {
        if (!compare(stage, w, f, told, sizeof told))
            return false;
    }
    return w == NULL && f == NULL;
}

bool compare(const stage *stage, const cJSON *wanted, const cJSON *found, char *told, size_t room)
{
    const cJSON *part;
    cJSON_ArrayForEach(part, wanted)
    {
        if (holds(stage, part, found))
            continue;
        char *expected = cJSON_PrintUnformatted(part), *answer = cJSON_PrintUnformatted(found);
        snprintf(told, room, "%s: expected %s, found %s", part->string, expected, answer);
        free(expected);
        free(answer);
        return false;
    }
    return true;
}
