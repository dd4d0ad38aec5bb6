/* Results as Arrow: what the structs hold, who frees what, and what stays behind. */
#include "support/arrow.h"
#include "support/fixture.h"
#include "topics.h"

/* The number of a child by its name; -1 if there is none. */
static int64_t find(const struct ArrowSchema *schema, const char *name)
{
    int64_t at;
    for (at = 0; at < schema->n_children; at++) {
        if (strcmp(schema->children[at]->name, name) == 0) return at;
    }
    return -1;
}

/* Finds a column, checks its form, and gives its array; NULL if it is not as it should be. */
static const struct ArrowArray *column(const struct ArrowSchema *schema,
                                       const struct ArrowArray *array, const char *name,
                                       const char *format, int64_t buffers)
{
    const int64_t at = find(schema, name);
    const struct ArrowArray *data;
    test_context(name);
    if (!CHECK(at >= 0)) return NULL;
    EQ_TEXT(schema->children[at]->format, format);
    CHECK(schema->children[at]->release != NULL);
    CHECK(schema->children[at]->dictionary == NULL);
    EQ_I64(schema->children[at]->n_children, 0);
    data = array->children[at];
    EQ_I64(data->length, array->length);
    EQ_I64(data->offset, 0);
    EQ_I64(data->n_children, 0);
    CHECK(data->dictionary == NULL && data->release != NULL);
    if (!EQ_I64(data->n_buffers, buffers)) return NULL;
    test_context(NULL);
    return data;
}

static void check_numbers(const struct ArrowSchema *schema, const struct ArrowArray *array,
                          const uint64_t handles[2])
{
    const struct ArrowArray *data = column(schema, array, "handle", "L", 2);
    REQUIRE(data);
    CHECK(memcmp(data->buffers[1], handles, 2 * sizeof handles[0]) == 0);
    data = column(schema, array, "x", "g", 2);
    REQUIRE(data);
    EQ_F64(((const double *)data->buffers[1])[0], 1.0);
    EQ_F64(((const double *)data->buffers[1])[1], 3.0);
    data = column(schema, array, "y", "g", 2);
    REQUIRE(data);
    EQ_F64(((const double *)data->buffers[1])[1], 4.0);
    data = column(schema, array, "z", "g", 2);
    REQUIRE(data);
    EQ_F64(((const double *)data->buffers[1])[0], 0.0);
    data = column(schema, array, "time", "tsu:UTC", 2);
    REQUIRE(data);
    EQ_I64(((const int64_t *)data->buffers[1])[0], 1);
    data = column(schema, array, "distance", "g", 2);
    REQUIRE(data);
    EQ_F64(((const double *)data->buffers[1])[0], 1.0);
    EQ_F64(((const double *)data->buffers[1])[1], 5.0);
}

static int bit(const void *bits, int64_t at)
{
    return bits == NULL || (((const uint8_t *)bits)[at / 8] >> (at % 8) & 1);
}

/* Offsets of strings are 32 or 64 bits wide, as the format says. */
static int64_t offset_at(const struct ArrowArray *data, int is_large, int64_t at)
{
    return is_large ? ((const int64_t *)data->buffers[1])[at]
                    : ((const int32_t *)data->buffers[1])[at];
}

static void check_bytes(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    const int64_t id = find(schema, "id"), payload = find(schema, "payload");
    const struct ArrowArray *data;
    int is_large;
    REQUIRE(id >= 0 && payload >= 0);
    is_large = strcmp(schema->children[id]->format, "U") == 0;
    data = column(schema, array, "id", is_large ? "U" : "u", 3);
    REQUIRE(data);
    EQ_I64(data->null_count, 0);
    EQ_I64(offset_at(data, is_large, 0), 0);
    EQ_I64(offset_at(data, is_large, 1), 2);
    EQ_I64(offset_at(data, is_large, 2), 4);
    CHECK(memcmp(data->buffers[2], "aabb", 4) == 0);
    is_large = strcmp(schema->children[payload]->format, "Z") == 0;
    data = column(schema, array, "payload", is_large ? "Z" : "z", 3);
    REQUIRE(data);
    /* The second object has none: null, or empty. */
    EQ_I64(offset_at(data, is_large, 1), 7);
    EQ_I64(offset_at(data, is_large, 2), 7);
    CHECK(bit(data->buffers[0], 0));
    EQ_I64(data->null_count, bit(data->buffers[0], 1) ? 0 : 1);
    if (data->null_count > 0) CHECK(schema->children[payload]->flags & ARROW_FLAG_NULLABLE);
    CHECK(memcmp(data->buffers[2], "payload", 7) == 0);
}

static spatio_result *ask(const fixture *f, uint32_t flags, spatio_columns *columns)
{
    spatio_result *result = NULL;
    spatio_query query;
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_CIRCLE);
    query.radius = 100.0;
    query.flags = flags;
    columns->struct_size = (uint32_t)sizeof *columns;
    OK(spatio_query_run(f->ns, &query, 1, NULL, &result, columns, ERR));
    return result;
}

static void an_export_holds_every_column_and_outlives_the_result(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    struct ArrowSchema schema;
    struct ArrowArray array;
    spatio_columns columns;
    spatio_result *result;
    uint64_t handles[2];
    handles[0] = put_payload(f.ns, "aa", 1.0, 0.0, "payload");
    handles[1] = put(f.ns, "bb", 3.0, 4.0, 0.0, 1);
    result = ask(&f, SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS, &columns);
    memset(&schema, 0xa5, sizeof schema);
    memset(&array, 0xa5, sizeof array);
    MUST(spatio_result_export_arrow(result, &schema, &array, ERR));
    spatio_result_free(result);
    fixture_close(&f);
    EQ_TEXT(schema.format, "+s");
    CHECK(schema.release != NULL && array.release != NULL);
    CHECK(schema.dictionary == NULL && array.dictionary == NULL);
    EQ_I64(schema.n_children, 8);
    EQ_I64(array.n_children, schema.n_children);
    EQ_I64(array.length, 2);
    EQ_I64(array.offset, 0);
    EQ_I64(array.null_count, 0);
    EQ_I64(array.n_buffers, 1);
    check_numbers(&schema, &array, handles);
    check_bytes(&schema, &array);
    /* In either order; each marks itself as released. */
    array.release(&array);
    CHECK(array.release == NULL);
    EQ_TEXT(schema.format, "+s");
    schema.release(&schema);
    CHECK(schema.release == NULL);
}

static void columns_that_are_absent_are_not_exported(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    struct ArrowSchema schema;
    struct ArrowArray array;
    spatio_result *result = NULL;
    put(f.ns, "bb", 3.0, 4.0, 0.0, 1);
    MUST(spatio_query_box(f.ns, 0.0, 0.0, 9.0, 9.0, 9, &result, NULL, ERR));
    MUST(spatio_result_export_arrow(result, &schema, &array, ERR));
    CHECK(find(&schema, "distance") < 0 && find(&schema, "id") < 0);
    CHECK(find(&schema, "payload") < 0 && find(&schema, "handle") >= 0);
    EQ_I64(array.length, 1);
    schema.release(&schema);
    array.release(&array);
    spatio_result_free(result);
    fixture_close(&f);
}

static void a_child_may_be_moved_out(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    struct ArrowSchema schema;
    struct ArrowArray array, moved;
    spatio_columns columns;
    spatio_result *result;
    int64_t x;
    put(f.ns, "a", 3.0, 4.0, 0.0, 1);
    result = ask(&f, 0, &columns);
    MUST(spatio_result_export_arrow(result, &schema, &array, ERR));
    x = find(&schema, "x");
    REQUIRE(x >= 0);
    /* As the specification says: copy the struct and mark the source as released. */
    moved = *array.children[x];
    array.children[x]->release = NULL;
    array.release(&array);
    EQ_F64(((const double *)moved.buffers[1])[0], 3.0);
    moved.release(&moved);
    CHECK(moved.release == NULL);
    schema.release(&schema);
    spatio_result_free(result);
    fixture_close(&f);
}

/* The number in column x of the first row. */
static double first_x(const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    const int64_t x = find(schema, "x");
    if (!CHECK(x >= 0)) return NAN;
    return ((const double *)array->children[x]->buffers[1])[0];
}

static void an_export_shares_and_keeps_what_the_result_had(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    struct ArrowSchema schemas[2];
    struct ArrowArray arrays[2];
    spatio_columns columns, again;
    spatio_result *result;
    int at;
    put(f.ns, "a", 3.0, 4.0, 0.0, 1);
    result = ask(&f, 0, &columns);
    /* Twice, and without a copy; the result and its columns stay as they are. */
    for (at = 0; at < 2; at++) {
        MUST(spatio_result_export_arrow(result, &schemas[at], &arrays[at], ERR));
        CHECK(arrays[at].children[find(&schemas[at], "x")]->buffers[1] == columns.x);
    }
    again.struct_size = (uint32_t)sizeof again;
    STATUS(SPATIO_OK, spatio_result_columns(result, &again));
    EQ_U64(again.rows, 1);
    CHECK(again.x == columns.x);
    EQ_F64(columns.x[0], 3.0);
    /* Filled anew, it takes other memory. */
    put(f.ns, "a", 5.0, 6.0, 0.0, 2);
    MUST(spatio_knn(f.ns, 0.0, 0.0, 0.0, 1, &result, &columns, ERR));
    EQ_F64(columns.x[0], 5.0);
    EQ_F64(first_x(&schemas[0], &arrays[0]), 3.0);
    schemas[0].release(&schemas[0]);
    arrays[0].release(&arrays[0]);
    spatio_result_free(result);
    EQ_F64(first_x(&schemas[1], &arrays[1]), 3.0);
    schemas[1].release(&schemas[1]);
    arrays[1].release(&arrays[1]);
    fixture_close(&f);
}

static void an_empty_answer_is_an_array_without_rows(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    struct ArrowSchema schema;
    struct ArrowArray array;
    spatio_columns columns;
    spatio_result *result = ask(&f, SPATIO_QUERY_WITH_IDS, &columns);
    MUST(spatio_result_export_arrow(result, &schema, &array, ERR));
    EQ_I64(array.length, 0);
    CHECK(array.n_children == schema.n_children && array.n_children >= 5);
    schema.release(&schema);
    array.release(&array);
    spatio_result_free(result);
    fixture_close(&f);
}

void topic_arrow_export(void)
{
    RUN(an_export_holds_every_column_and_outlives_the_result);
    RUN(columns_that_are_absent_are_not_exported);
    RUN(a_child_may_be_moved_out);
    RUN(an_export_shares_and_keeps_what_the_result_had);
    RUN(an_empty_answer_is_an_array_without_rows);
}
