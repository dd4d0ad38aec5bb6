/* The calls: each is right in itself, so that only the state can be the reason for a refusal. */
#include "every_call.h"

#include "arrow.h"

static const double ONE[1] = {1.0};
static const int64_t TIME[1] = {1};
static const uint64_t OFFSETS[2] = {0, 1};

static void writing_calls(const spatio_namespace *ns, uint64_t handle, spatio_status status)
{
    uint64_t out = 0;
    frame frame;
    FAILS(status, spatio_intern(ns, "new", 3, &out, ERR));
    FAILS(status, spatio_intern_batch(ns, 1, OFFSETS, "n", &out, ERR));
    FAILS(status, spatio_upsert(ns, "a", 1, 0, 0, 0, 9, NULL, 0, 0, NULL, NULL, ERR));
    FAILS(status, spatio_move(ns, handle, 0, 0, 0, 9, NULL, ERR));
    FAILS(status, spatio_move_batch(ns, 1, &handle, ONE, ONE, NULL, TIME, NULL, NULL, ERR));
    FAILS(status, spatio_upsert_batch(ns, 1, OFFSETS, "a", ONE, ONE, NULL, NULL, NULL, NULL, NULL,
                                      NULL, NULL, NULL, ERR));
    FAILS(status, spatio_insert_trajectory(ns, "a", 1, 1, TIME, ONE, ONE, NULL, NULL, ERR));
    FAILS(status, spatio_delete(ns, "a", 1, NULL, ERR));
    FAILS(status, spatio_delete_batch(ns, 1, &handle, NULL, ERR));
    frame_begin(&frame, 1);
    frame_add(&frame, "handle", "L", &handle);
    frame_add(&frame, "x", "g", ONE);
    frame_add(&frame, "y", "g", ONE);
    FAILS(status, spatio_upsert_arrow(ns, &frame.schema, &frame.array, NULL, NULL, ERR));
}

static void reading_calls(const spatio_namespace *ns, uint64_t handle, spatio_status status)
{
    spatio_namespace_options settings;
    spatio_object object;
    spatio_bounds bounds;
    const char *id = NULL;
    size_t length = 0;
    uint64_t out = 0;
    double x = 0.0;
    settings.struct_size = (uint32_t)sizeof settings;
    object.struct_size = (uint32_t)sizeof object;
    bounds.struct_size = (uint32_t)sizeof bounds;
    FAILS(status, spatio_namespace_settings(ns, &settings, ERR));
    FAILS(status, spatio_count(ns, &out, ERR));
    FAILS(status, spatio_find_handle(ns, "a", 1, &out, ERR));
    FAILS(status, spatio_id(ns, handle, &id, &length, ERR));
    FAILS(status, spatio_get(ns, "a", 1, &object, ERR));
    FAILS(status, spatio_get_by_handle(ns, handle, &object, ERR));
    FAILS(status, spatio_get_payload(ns, handle, NULL, 0, &length, ERR));
    FAILS(status, spatio_get_batch(ns, 1, &handle, &x, NULL, NULL, NULL, NULL, ERR));
    FAILS(status, spatio_get_bounds(ns, &bounds, ERR));
    FAILS(status, spatio_positions_at(ns, 1, &handle, 5, 0, &x, &x, NULL, NULL, ERR));
    FAILS(status, spatio_distance_between(ns, 1, &handle, &handle, 3, &x, ERR));
    FAILS(status, spatio_distance_to(ns, 1, &handle, 0, 0, 0, 3, &x, ERR));
    FAILS(status, spatio_freeze(ns, "no-such-folder/pack", NULL, NULL, NULL, ERR));
}

static void asking_calls(const spatio_namespace *ns, uint64_t handle, spatio_status status)
{
    static const double XY[] = {0, 0, 1, 0, 1, 1};
    static const uint64_t RING[] = {0, 3};
    spatio_polygon *polygon = NULL;
    spatio_result *result = NULL;
    spatio_query query;
    size_t rows = 0;
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_EVERYWHERE);
    OK(spatio_polygon_new(1, RING, XY, 0, NULL, &polygon, ERR));
    FAILS(status, spatio_ids(ns, 1, &handle, &result, NULL, ERR));
    FAILS(status, spatio_query_run(ns, &query, 1, NULL, &result, NULL, ERR));
    FAILS(status, spatio_query_into(ns, &query, 0, NULL, NULL, NULL, NULL, NULL, NULL, &rows, ERR));
    FAILS(status, spatio_query_radius(ns, 0, 0, 0, 1, 9, &result, NULL, ERR));
    FAILS(status, spatio_query_box(ns, 0, 0, 1, 1, 9, &result, NULL, ERR));
    FAILS(status, spatio_query_polygon(ns, polygon, 9, &result, NULL, ERR));
    FAILS(status, spatio_query_near(ns, handle, 1, 9, &result, NULL, ERR));
    FAILS(status, spatio_knn(ns, 0, 0, 0, 9, &result, NULL, ERR));
    FAILS(status, spatio_convex_hull(ns, &result, NULL, ERR));
    FAILS(status, spatio_trajectory(ns, 1, &handle, 0, 9, 0, 9, NULL, &result, NULL, ERR));
    CHECK(result == NULL);
    spatio_polygon_free(polygon);
}

void every_namespace_call(const spatio_namespace *ns, uint64_t handle, spatio_status status)
{
    writing_calls(ns, handle, status);
    reading_calls(ns, handle, status);
    asking_calls(ns, handle, status);
}
