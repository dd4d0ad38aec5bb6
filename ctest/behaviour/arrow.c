/* Columns of Arrow, in and out: the structs of the C data interface are written out here, as a
 * program without Arrow would do it. */
#include "runner.h"

struct ArrowSchema {
    const char *format, *name, *metadata;
    int64_t flags, n_children;
    struct ArrowSchema **children, *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children, *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#define MOST_COLUMNS 6

/* A table that the runner lends to the library. */
typedef struct lent {
    struct ArrowSchema schema, types[MOST_COLUMNS], *type_of[MOST_COLUMNS];
    struct ArrowArray array, columns[MOST_COLUMNS], *column_of[MOST_COLUMNS];
    const void *buffers[MOST_COLUMNS][3];
    int64_t n;
} lent;

/* Never called: the library must leave to the caller what is the caller's. */
static void release_schema(struct ArrowSchema *schema)
{
    (void)schema;
    abort();
}

static void release_array(struct ArrowArray *array)
{
    (void)array;
    abort();
}

static void lend(lent *table, const char *name, const char *format, const void *values,
                 const void *bytes)
{
    int64_t at = table->n++;
    struct ArrowSchema *type = &table->types[at];
    struct ArrowArray *column = &table->columns[at];
    table->buffers[at][1] = values;
    table->buffers[at][2] = bytes;
    type->format = format;
    type->name = name;
    type->release = release_schema;
    column->length = table->array.length;
    column->n_buffers = bytes != NULL ? 3 : 2;
    column->buffers = table->buffers[at];
    column->release = release_array;
    table->type_of[at] = type;
    table->column_of[at] = column;
    table->schema.n_children = table->array.n_children = table->n;
}

static int32_t *narrow(const texts *texts)
{
    int32_t *offsets = calloc(texts->n + 1, sizeof *offsets);
    for (size_t row = 0; row <= texts->n; row++)
        offsets[row] = (int32_t)texts->offsets[row];
    return offsets;
}

static spatio_status upsert_arrow(stage *stage, spatio_namespace *ns, const cJSON *args,
                                  cJSON *answer)
{
    static const void *no_validity[1] = {NULL};
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(args, "payloads");
    texts ids = texts_of(need(args, "ids")), payloads = texts_of(given);
    list x = numbers(args, "x"), y = numbers(args, "y"), z = numbers(args, "z");
    list times = wholes(args, "time_us");
    int32_t *id_offsets = narrow(&ids), *payload_offsets = narrow(&payloads);
    uint64_t applied = 0, late = 0;
    lent table;
    memset(&table, 0, sizeof table);
    table.schema.format = "+s";
    table.schema.release = release_schema;
    table.schema.children = table.type_of;
    table.array.length = (int64_t)ids.n;
    table.array.n_buffers = 1;
    table.array.buffers = no_validity;
    table.array.release = release_array;
    table.array.children = table.column_of;
    lend(&table, "id", "u", id_offsets, ids.bytes);
    lend(&table, "lon", "g", x.numbers, NULL);
    lend(&table, "lat", "g", y.numbers, NULL);
    if (z.numbers != NULL)
        lend(&table, "alt", "g", z.numbers, NULL);
    if (times.wholes != NULL)
        lend(&table, "time", "tsu:UTC", times.wholes, NULL);
    if (given != NULL)
        lend(&table, "payload", "z", payload_offsets, payloads.bytes);
    spatio_status status = CALL(spatio_upsert_arrow)(ns, &table.schema, &table.array, &applied,
                                                     &late, &stage->error);
    cJSON_AddItemToObject(answer, "applied", json_count(applied));
    cJSON_AddItemToObject(answer, "late", json_count(late));
    list *all[] = {&x, &y, &z, &times};
    for (size_t at = 0; at < 4; at++)
        list_free(all[at]);
    texts_free(&ids);
    texts_free(&payloads);
    free(id_offsets);
    free(payload_offsets);
    return status;
}

/* The buffer of the column of that name, if it has that format. */
static const void *buffer_of(const struct ArrowSchema *schema, const struct ArrowArray *array,
                             const char *name, const char *format, int64_t buffer)
{
    for (int64_t at = 0; at < schema->n_children; at++) {
        const struct ArrowSchema *type = schema->children[at];
        const struct ArrowArray *column = array->children[at];
        if (strcmp(type->name, name) != 0)
            continue;
        if (strcmp(type->format, format) != 0 || buffer >= column->n_buffers ||
            column->length != array->length || column->offset != 0)
            return NULL;
        return column->buffers[buffer];
    }
    return NULL;
}

/* Views of an exported table, as if it were the library's own columns. */
static spatio_columns view(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    spatio_columns c = {.struct_size = sizeof c};
    c.rows = (uint64_t)array->length;
    c.handles = buffer_of(schema, array, "handle", "L", 1);
    c.x = buffer_of(schema, array, "x", "g", 1);
    c.y = buffer_of(schema, array, "y", "g", 1);
    c.z = buffer_of(schema, array, "z", "g", 1);
    c.time_us = buffer_of(schema, array, "time", "tsu:UTC", 1);
    c.distance = buffer_of(schema, array, "distance", "g", 1);
    c.id_offsets = buffer_of(schema, array, "id", "U", 1);
    c.ids = buffer_of(schema, array, "id", "U", 2);
    c.payload_offsets = buffer_of(schema, array, "payload", "Z", 1);
    c.payloads = buffer_of(schema, array, "payload", "Z", 2);
    return c;
}

/* Asks, gives the answer away as Arrow, frees the result, and only then reads. */
static spatio_status query_arrow(stage *stage, spatio_namespace *ns, const cJSON *args,
                                 cJSON *answer)
{
    static const char *const kinds[] = {"everywhere", "nearest", NULL};
    spatio_query query;
    spatio_result *result = NULL;
    struct ArrowSchema schema;
    struct ArrowArray array;
    double at[3];
    CALL(spatio_query_init)(&query, sizeof query,
                            choice(args, "kind", kinds, SPATIO_QUERY_EVERYWHERE));
    query.flags = SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS;
    query.limit = limit_of(args);
    bool measured = query.kind == SPATIO_QUERY_NEAREST;
    if (measured) {
        place(need(args, "at"), at);
        query.x = at[0];
        query.y = at[1];
        query.z = at[2];
    }
    spatio_status status =
        CALL(spatio_query_run)(ns, &query, 1, NULL, &result, NULL, &stage->error);
    if (status == SPATIO_OK)
        status = CALL(spatio_result_export_arrow)(result, &schema, &array, &stage->error);
    CALL(spatio_result_free)(result);
    if (status != SPATIO_OK)
        return status;
    spatio_columns c = view(&schema, &array);
    bool is_whole = c.rows == 0 || (c.x != NULL && c.y != NULL && c.z != NULL && c.time_us != NULL &&
                                    c.handles != NULL && c.id_offsets != NULL &&
                                    c.payload_offsets != NULL && (c.distance != NULL) == measured);
    if (is_whole)
        cJSON_AddItemToObject(answer, "rows", json_rows(&c, 0, c.rows, measured));
    array.release(&array);
    schema.release(&schema);
    is_whole = is_whole && array.release == NULL && schema.release == NULL;
    return is_whole ? SPATIO_OK : SPATIO_INTERNAL;
}

bool play_arrow(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                spatio_status *status)
{
    bool goes_in = strcmp(op, "upsert_arrow") == 0;
    if (!goes_in && strcmp(op, "query_arrow") != 0)
        return false;
    spatio_namespace *ns = namespace_of(stage, args, status);
    if (*status != SPATIO_OK)
        return true;
    *status = goes_in ? upsert_arrow(stage, ns, args, answer)
                      : query_arrow(stage, ns, args, answer);
    return true;
}
