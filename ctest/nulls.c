/* NULL for each pointer of every function: said so where it is not allowed, with or without an
 * error to write to, and nothing is done. What may be NULL is written in the other files. */
#include "support/arrow.h"
#include "support/fixture.h"
#include "topics.h"

static const double ONE[1] = {1.0};
static const int64_t TIME[1] = {1};
static const uint64_t OFFSETS[2] = {0, 1};

/* The call says that a pointer is NULL, and says which. */
#define NULLS(name, call)                                                                          \
    do {                                                                                           \
        if (FAILS(SPATIO_NULL_POINTER, call)) SAYS(name);                                          \
    } while (0)

static spatio_columns some_columns(void)
{
    spatio_columns columns;
    memset(&columns, 0, sizeof columns);
    columns.struct_size = (uint32_t)sizeof columns;
    return columns;
}

static void initialisers_take_null_and_do_nothing(void)
{
    spatio_options_init(NULL, sizeof(spatio_options));
    spatio_namespace_options_init(NULL, sizeof(spatio_namespace_options));
    spatio_query_init(NULL, sizeof(spatio_query), SPATIO_QUERY_CIRCLE);
    spatio_cancel_fire(NULL);
    spatio_cancel_reset(NULL);
}

static void databases(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_stats stats;
    spatio_recovery recovery;
    spatio_result *result = NULL;
    spatio_columns columns = some_columns();
    char text[8];
    size_t length;
    uint64_t removed;
    stats.struct_size = (uint32_t)sizeof stats;
    recovery.struct_size = (uint32_t)sizeof recovery;
    NULLS("db", spatio_open(NULL, NULL, NULL, ERR));
    NULLS("db", spatio_flush(NULL, ERR));
    NULLS("db", spatio_sync(NULL, ERR));
    NULLS("db", spatio_checkpoint(NULL, ERR));
    NULLS("db", spatio_sweep(NULL, &removed, ERR));
    NULLS("db", spatio_get_stats(NULL, &stats, ERR));
    NULLS("stats", spatio_get_stats(f.db, NULL, ERR));
    NULLS("db", spatio_get_recovery(NULL, &recovery, ERR));
    NULLS("recovery", spatio_get_recovery(f.db, NULL, ERR));
    NULLS("db", spatio_recovery_text(NULL, text, sizeof text, &length, ERR));
    NULLS("db", spatio_namespaces(NULL, &result, &columns, ERR));
    NULLS("result", spatio_namespaces(f.db, NULL, &columns, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_flush(NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_sync(NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_checkpoint(NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_sweep(NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_get_stats(NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_get_recovery(NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_recovery_text(NULL, NULL, 0, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_namespaces(NULL, NULL, NULL, NULL));
    CHECK(result == NULL);
    fixture_close(&f);
}

static void files(void)
{
    spatio_check_report report;
    spatio_salvage_report salvage;
    char text[8];
    size_t length;
    report.struct_size = (uint32_t)sizeof report;
    salvage.struct_size = (uint32_t)sizeof salvage;
    NULLS("path", spatio_check(NULL, &report, text, sizeof text, &length, ERR));
    NULLS("report", spatio_check("x", NULL, text, sizeof text, &length, ERR));
    NULLS("source", spatio_salvage(NULL, "x", &salvage, text, sizeof text, &length, ERR));
    NULLS("target", spatio_salvage("x", NULL, &salvage, text, sizeof text, &length, ERR));
    NULLS("report", spatio_salvage("x", "y", NULL, text, sizeof text, &length, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_check(NULL, NULL, NULL, 0, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_salvage(NULL, NULL, NULL, NULL, 0, NULL, NULL));
}

static void namespaces(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    spatio_namespace *ns = NULL;
    spatio_namespace_options options;
    uint64_t objects;
    spatio_namespace_options_init(&options, sizeof options);
    NULLS("db", spatio_namespace_create(NULL, "n", 1, &options, &ns, ERR));
    NULLS("name", spatio_namespace_create(f.db, NULL, 1, &options, &ns, ERR));
    NULLS("ns", spatio_namespace_create(f.db, "n", 1, &options, NULL, ERR));
    NULLS("db", spatio_namespace_open(NULL, "n", 1, &ns, ERR));
    NULLS("name", spatio_namespace_open(f.db, NULL, 1, &ns, ERR));
    NULLS("ns", spatio_namespace_open(f.db, "things", 6, NULL, ERR));
    NULLS("ns", spatio_namespace_settings(NULL, &options, ERR));
    NULLS("settings", spatio_namespace_settings(f.ns, NULL, ERR));
    NULLS("ns", spatio_count(NULL, &objects, ERR));
    NULLS("objects", spatio_count(f.ns, NULL, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_namespace_create(NULL, NULL, 1, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_namespace_open(NULL, NULL, 1, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_namespace_settings(NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_count(NULL, NULL, NULL));
    CHECK(ns == NULL);
    fixture_close(&f);
}

static void ids(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const char *id = NULL;
    size_t length;
    spatio_result *result = NULL;
    spatio_columns columns = some_columns();
    uint64_t handle = put(f.ns, "a", 1.0, 2.0, 3.0, 1);
    NULLS("ns", spatio_intern(NULL, "a", 1, &handle, ERR));
    NULLS("id", spatio_intern(f.ns, NULL, 1, &handle, ERR));
    NULLS("handle", spatio_intern(f.ns, "a", 1, NULL, ERR));
    NULLS("ns", spatio_intern_batch(NULL, 1, OFFSETS, "a", &handle, ERR));
    NULLS("id_offsets", spatio_intern_batch(f.ns, 1, NULL, "a", &handle, ERR));
    NULLS("ids", spatio_intern_batch(f.ns, 1, OFFSETS, NULL, &handle, ERR));
    NULLS("handles", spatio_intern_batch(f.ns, 1, OFFSETS, "a", NULL, ERR));
    NULLS("ns", spatio_find_handle(NULL, "a", 1, &handle, ERR));
    NULLS("id", spatio_find_handle(f.ns, NULL, 1, &handle, ERR));
    NULLS("handle", spatio_find_handle(f.ns, "a", 1, NULL, ERR));
    NULLS("ns", spatio_id(NULL, handle, &id, &length, ERR));
    NULLS("id", spatio_id(f.ns, handle, NULL, &length, ERR));
    NULLS("id_length", spatio_id(f.ns, handle, &id, NULL, ERR));
    NULLS("ns", spatio_ids(NULL, 1, &handle, &result, &columns, ERR));
    NULLS("handles", spatio_ids(f.ns, 1, NULL, &result, &columns, ERR));
    NULLS("result", spatio_ids(f.ns, 1, &handle, NULL, &columns, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_intern(NULL, NULL, 1, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_intern_batch(NULL, 1, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_find_handle(NULL, NULL, 1, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_id(NULL, 0, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_ids(NULL, 1, NULL, NULL, NULL, NULL));
    CHECK(result == NULL);
    fixture_close(&f);
}

static void writing(void)
{
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    uint64_t handle = put(f.ns, "a", 5.0, 2.0, 3.0, 1);
    uint64_t counts[2];
    uint32_t outcome;
    uint8_t deleted;
    spatio_object object;
    const uint8_t byte = 7;
    NULLS("ns", spatio_upsert(NULL, "a", 1, 0, 0, 0, 9, &byte, 1, 0, &handle, &outcome, ERR));
    NULLS("id", spatio_upsert(f.ns, NULL, 1, 0, 0, 0, 9, &byte, 1, 0, &handle, &outcome, ERR));
    NULLS("payload", spatio_upsert(f.ns, "a", 1, 0, 0, 0, 9, NULL, 1, 0, &handle, &outcome, ERR));
    NULLS("ns", spatio_move(NULL, handle, 0, 0, 0, 9, &outcome, ERR));
    NULLS("ns", spatio_move_batch(NULL, 1, &handle, ONE, ONE, ONE, TIME, counts, counts, ERR));
    NULLS("handles", spatio_move_batch(f.ns, 1, NULL, ONE, ONE, ONE, TIME, counts, counts, ERR));
    NULLS("x", spatio_move_batch(f.ns, 1, &handle, NULL, ONE, ONE, TIME, counts, counts, ERR));
    NULLS("y", spatio_move_batch(f.ns, 1, &handle, ONE, NULL, ONE, TIME, counts, counts, ERR));
    NULLS("ns", spatio_upsert_batch(NULL, 1, OFFSETS, "a", ONE, ONE, NULL, NULL, NULL, NULL, NULL,
                                    NULL, NULL, NULL, ERR));
    NULLS("id_offsets", spatio_upsert_batch(f.ns, 1, NULL, "a", ONE, ONE, NULL, NULL, NULL, NULL,
                                            NULL, NULL, NULL, NULL, ERR));
    NULLS("ids", spatio_upsert_batch(f.ns, 1, OFFSETS, NULL, ONE, ONE, NULL, NULL, NULL, NULL,
                                     NULL, NULL, NULL, NULL, ERR));
    NULLS("x", spatio_upsert_batch(f.ns, 1, OFFSETS, "a", NULL, ONE, NULL, NULL, NULL, NULL, NULL,
                                   NULL, NULL, NULL, ERR));
    NULLS("y", spatio_upsert_batch(f.ns, 1, OFFSETS, "a", ONE, NULL, NULL, NULL, NULL, NULL, NULL,
                                   NULL, NULL, NULL, ERR));
    NULLS("payloads", spatio_upsert_batch(f.ns, 1, OFFSETS, "a", ONE, ONE, NULL, NULL, OFFSETS,
                                          NULL, NULL, NULL, NULL, NULL, ERR));
    NULLS("ns", spatio_insert_trajectory(NULL, "a", 1, 1, TIME, ONE, ONE, ONE, counts, ERR));
    NULLS("id", spatio_insert_trajectory(f.ns, NULL, 1, 1, TIME, ONE, ONE, ONE, counts, ERR));
    NULLS("time_us", spatio_insert_trajectory(f.ns, "a", 1, 1, NULL, ONE, ONE, ONE, counts, ERR));
    NULLS("x", spatio_insert_trajectory(f.ns, "a", 1, 1, TIME, NULL, ONE, ONE, counts, ERR));
    NULLS("y", spatio_insert_trajectory(f.ns, "a", 1, 1, TIME, ONE, NULL, ONE, counts, ERR));
    NULLS("ns", spatio_delete(NULL, "a", 1, &deleted, ERR));
    NULLS("id", spatio_delete(f.ns, NULL, 1, &deleted, ERR));
    NULLS("ns", spatio_delete_batch(NULL, 1, &handle, counts, ERR));
    NULLS("handles", spatio_delete_batch(f.ns, 1, NULL, counts, ERR));
    STATUS(SPATIO_NULL_POINTER,
           spatio_upsert(NULL, NULL, 1, 0, 0, 0, 9, NULL, 0, 0, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_move(NULL, 0, 0, 0, 0, 9, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER,
           spatio_move_batch(NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_upsert_batch(NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL,
                                                    NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER,
           spatio_insert_trajectory(NULL, NULL, 1, 1, NULL, NULL, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_delete(NULL, NULL, 1, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_delete_batch(NULL, 1, NULL, NULL, NULL));
    /* None of this has moved the object. */
    object.struct_size = (uint32_t)sizeof object;
    OK(spatio_get(f.ns, "a", 1, &object, ERR));
    EQ_F64(object.x, 5.0);
    EQ_I64(object.time_us, 1);
    fixture_close(&f);
}

static void reading(void)
{
    fixture f = fixture_open_with(SPATIO_CARTESIAN, SPATIO_HISTORY_ON, 0, NULL);
    const uint64_t handle = put(f.ns, "a", 5.0, 2.0, 3.0, 1);
    spatio_object object;
    spatio_bounds bounds;
    spatio_result *result = NULL;
    spatio_columns columns = some_columns();
    uint8_t byte;
    size_t length;
    double out;
    object.struct_size = (uint32_t)sizeof object;
    bounds.struct_size = (uint32_t)sizeof bounds;
    NULLS("ns", spatio_get(NULL, "a", 1, &object, ERR));
    NULLS("id", spatio_get(f.ns, NULL, 1, &object, ERR));
    NULLS("object", spatio_get(f.ns, "a", 1, NULL, ERR));
    NULLS("ns", spatio_get_by_handle(NULL, handle, &object, ERR));
    NULLS("object", spatio_get_by_handle(f.ns, handle, NULL, ERR));
    NULLS("ns", spatio_get_payload(NULL, handle, &byte, 1, &length, ERR));
    NULLS("length", spatio_get_payload(f.ns, handle, &byte, 1, NULL, ERR));
    NULLS("ns", spatio_get_batch(NULL, 1, &handle, &out, NULL, NULL, NULL, NULL, ERR));
    NULLS("handles", spatio_get_batch(f.ns, 1, NULL, &out, NULL, NULL, NULL, NULL, ERR));
    NULLS("ns", spatio_get_bounds(NULL, &bounds, ERR));
    NULLS("bounds", spatio_get_bounds(f.ns, NULL, ERR));
    NULLS("ns", spatio_trajectory(NULL, 1, &handle, 0, 9, 0, 9, NULL, &result, &columns, ERR));
    NULLS("handles", spatio_trajectory(f.ns, 1, NULL, 0, 9, 0, 9, NULL, &result, &columns, ERR));
    NULLS("result", spatio_trajectory(f.ns, 1, &handle, 0, 9, 0, 9, NULL, NULL, &columns, ERR));
    NULLS("ns", spatio_positions_at(NULL, 1, &handle, 0, 0, &out, &out, NULL, NULL, ERR));
    NULLS("handles", spatio_positions_at(f.ns, 1, NULL, 0, 0, &out, &out, NULL, NULL, ERR));
    NULLS("x", spatio_positions_at(f.ns, 1, &handle, 0, 0, NULL, &out, NULL, NULL, ERR));
    NULLS("y", spatio_positions_at(f.ns, 1, &handle, 0, 0, &out, NULL, NULL, NULL, ERR));
    NULLS("ns", spatio_distance_between(NULL, 1, &handle, &handle, 3, &out, ERR));
    NULLS("a", spatio_distance_between(f.ns, 1, NULL, &handle, 3, &out, ERR));
    NULLS("b", spatio_distance_between(f.ns, 1, &handle, NULL, 3, &out, ERR));
    NULLS("distance", spatio_distance_between(f.ns, 1, &handle, &handle, 3, NULL, ERR));
    NULLS("ns", spatio_distance_to(NULL, 1, &handle, 0, 0, 0, 3, &out, ERR));
    NULLS("handles", spatio_distance_to(f.ns, 1, NULL, 0, 0, 0, 3, &out, ERR));
    NULLS("distance", spatio_distance_to(f.ns, 1, &handle, 0, 0, 0, 3, NULL, ERR));
    NULLS("distance", spatio_distance(1, 3, 0, 0, 0, 1, 1, 1, NULL, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_get(NULL, NULL, 1, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_get_by_handle(NULL, 0, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_get_payload(NULL, 0, NULL, 0, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER,
           spatio_get_batch(NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_get_bounds(NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER,
           spatio_trajectory(NULL, 1, NULL, 0, 9, 0, 9, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER,
           spatio_positions_at(NULL, 1, NULL, 0, 0, NULL, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_distance_between(NULL, 1, NULL, NULL, 3, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_distance_to(NULL, 1, NULL, 0, 0, 0, 3, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_distance(1, 3, 0, 0, 0, 1, 1, 1, NULL, NULL));
    CHECK(result == NULL);
    fixture_close(&f);
}

static void asking(void)
{
    fixture f = fixture_open(SPATIO_CARTESIAN);
    const uint64_t handle = put(f.ns, "a", 5.0, 2.0, 3.0, 1);
    static const double XY[] = {0, 0, 1, 0, 1, 1};
    static const uint64_t RING[] = {0, 3};
    spatio_polygon *polygon = NULL;
    spatio_result *result = NULL;
    spatio_columns columns = some_columns();
    spatio_query query;
    size_t rows;
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_EVERYWHERE);
    MUST(spatio_polygon_new(1, RING, XY, 0, NULL, &polygon, ERR));
    NULLS("ns", spatio_query_run(NULL, &query, 1, NULL, &result, &columns, ERR));
    NULLS("queries", spatio_query_run(f.ns, NULL, 1, NULL, &result, &columns, ERR));
    NULLS("result", spatio_query_run(f.ns, &query, 1, NULL, NULL, &columns, ERR));
    NULLS("ns", spatio_query_into(NULL, &query, 0, NULL, NULL, NULL, NULL, NULL, NULL, &rows, ERR));
    NULLS("quer", spatio_query_into(f.ns, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, &rows, ERR));
    NULLS("rows",
          spatio_query_into(f.ns, &query, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ERR));
    NULLS("ns", spatio_query_radius(NULL, 0, 0, 0, 1, 9, &result, &columns, ERR));
    NULLS("result", spatio_query_radius(f.ns, 0, 0, 0, 1, 9, NULL, &columns, ERR));
    NULLS("ns", spatio_query_box(NULL, 0, 0, 1, 1, 9, &result, &columns, ERR));
    NULLS("result", spatio_query_box(f.ns, 0, 0, 1, 1, 9, NULL, &columns, ERR));
    NULLS("ns", spatio_query_polygon(NULL, polygon, 9, &result, &columns, ERR));
    NULLS("polygon", spatio_query_polygon(f.ns, NULL, 9, &result, &columns, ERR));
    NULLS("result", spatio_query_polygon(f.ns, polygon, 9, NULL, &columns, ERR));
    NULLS("ns", spatio_query_near(NULL, handle, 1, 9, &result, &columns, ERR));
    NULLS("result", spatio_query_near(f.ns, handle, 1, 9, NULL, &columns, ERR));
    NULLS("ns", spatio_knn(NULL, 0, 0, 0, 9, &result, &columns, ERR));
    NULLS("result", spatio_knn(f.ns, 0, 0, 0, 9, NULL, &columns, ERR));
    NULLS("ns", spatio_convex_hull(NULL, &result, &columns, ERR));
    NULLS("result", spatio_convex_hull(f.ns, NULL, &columns, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_query_run(NULL, NULL, 1, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER,
           spatio_query_into(NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_query_radius(NULL, 0, 0, 0, 1, 9, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_query_box(NULL, 0, 0, 1, 1, 9, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_query_polygon(NULL, NULL, 9, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_query_near(NULL, handle, 1, 9, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_knn(NULL, 0, 0, 0, 9, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_convex_hull(NULL, NULL, NULL, NULL));
    CHECK(result == NULL);
    spatio_polygon_free(polygon);
    fixture_close(&f);
}

static void polygons_and_results(void)
{
    static const double XY[] = {0, 0, 1, 0, 1, 1};
    static const uint64_t RING[] = {0, 3};
    spatio_polygon *polygon = NULL;
    spatio_result *result = NULL;
    spatio_columns columns = some_columns();
    struct ArrowSchema schema;
    struct ArrowArray array;
    fixture f = fixture_open(SPATIO_CARTESIAN);
    frame frame;
    uint8_t inside;
    NULLS("ring_offsets", spatio_polygon_new(1, NULL, XY, 0, NULL, &polygon, ERR));
    NULLS("xy", spatio_polygon_new(1, RING, NULL, 0, NULL, &polygon, ERR));
    NULLS("polygon", spatio_polygon_new(1, RING, XY, 0, NULL, NULL, ERR));
    MUST(spatio_polygon_new(1, RING, XY, 0, NULL, &polygon, ERR));
    NULLS("polygon", spatio_polygon_contains(NULL, 1, ONE, ONE, &inside, ERR));
    NULLS("x", spatio_polygon_contains(polygon, 1, NULL, ONE, &inside, ERR));
    NULLS("y", spatio_polygon_contains(polygon, 1, ONE, NULL, &inside, ERR));
    NULLS("inside", spatio_polygon_contains(polygon, 1, ONE, ONE, NULL, ERR));
    OK(spatio_polygon_contains(polygon, 0, NULL, NULL, NULL, ERR));
    MUST(spatio_knn(f.ns, 0, 0, 0, 1, &result, NULL, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_result_columns(NULL, &columns));
    STATUS(SPATIO_NULL_POINTER, spatio_result_columns(result, NULL));
    NULLS("result", spatio_result_export_arrow(NULL, &schema, &array, ERR));
    NULLS("schema", spatio_result_export_arrow(result, NULL, &array, ERR));
    NULLS("array", spatio_result_export_arrow(result, &schema, NULL, ERR));
    frame_begin(&frame, 0);
    NULLS("ns", spatio_upsert_arrow(NULL, &frame.schema, &frame.array, NULL, NULL, ERR));
    NULLS("schema", spatio_upsert_arrow(f.ns, NULL, &frame.array, NULL, NULL, ERR));
    NULLS("array", spatio_upsert_arrow(f.ns, &frame.schema, NULL, NULL, NULL, ERR));
    STATUS(SPATIO_NULL_POINTER, spatio_polygon_new(1, NULL, NULL, 0, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_polygon_contains(NULL, 1, NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_result_export_arrow(NULL, NULL, NULL, NULL));
    STATUS(SPATIO_NULL_POINTER, spatio_upsert_arrow(NULL, NULL, NULL, NULL, NULL, NULL));
    spatio_polygon_free(polygon);
    spatio_result_free(result);
    fixture_close(&f);
}

void topic_nulls(void)
{
    RUN(initialisers_take_null_and_do_nothing);
    RUN(databases);
    RUN(files);
    RUN(namespaces);
    RUN(ids);
    RUN(writing);
    RUN(reading);
    RUN(asking);
    RUN(polygons_and_results);
}
