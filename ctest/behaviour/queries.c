/* Questions about the present: every kind of query, and the calls with names of their own. */
#include "runner.h"
#include "packs.h"
#include "polygon.h"

static const char *const KINDS[] = {"circle",  "sphere",     "cylinder",   "box",
                                    "box_3d",  "polygon",    "everywhere", "nearest",
                                    "box_around", "box_3d_around", NULL};

static void read_box(const cJSON *args, spatio_query *query)
{
    const cJSON *min = need(args, "min"), *max = need(args, "max");
    query->min_x = number(cJSON_GetArrayItem(min, 0));
    query->min_y = number(cJSON_GetArrayItem(min, 1));
    query->max_x = number(cJSON_GetArrayItem(max, 0));
    query->max_y = number(cJSON_GetArrayItem(max, 1));
    if (cJSON_GetArraySize(min) == 3) {
        query->min_z = number(cJSON_GetArrayItem(min, 2));
        query->max_z = number(cJSON_GetArrayItem(max, 2));
    }
}

static void read_size(const cJSON *size, spatio_query *query)
{
    query->width = number(cJSON_GetArrayItem(size, 0));
    query->height = number(cJSON_GetArrayItem(size, 1));
    if (cJSON_GetArraySize(size) == 3)
        query->depth = number(cJSON_GetArrayItem(size, 2));
}

static void read_filters(const cJSON *args, spatio_query *query)
{
    const cJSON *altitude = cJSON_GetObjectItemCaseSensitive(args, "altitude");
    const cJSON *prefix = cJSON_GetObjectItemCaseSensitive(args, "id_prefix");
    query->limit = limit_of(args);
    query->since_us = whole_or(args, "since_us", query->since_us);
    query->max_age_us = whole_or(args, "max_age_us", query->max_age_us);
    if (altitude != NULL) {
        query->min_altitude = number(cJSON_GetArrayItem(altitude, 0));
        query->max_altitude = number(cJSON_GetArrayItem(altitude, 1));
    }
    if (prefix != NULL) {
        query->id_prefix = prefix->valuestring;
        query->id_prefix_length = strlen(prefix->valuestring);
    }
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(args, "exclude_origin")))
        query->flags |= SPATIO_QUERY_EXCLUDE_ORIGIN;
}

/* The object that a query is laid around. */
static uint64_t origin_of(stage *stage, asked asked, const cJSON *args, const cJSON *around)
{
    if (asked.pack != NULL)
        return pack_handle_of(stage, asked.pack, around);
    return handle_of(stage, args, around);
}

/* A query as a case writes it down; its polygon is the caller's to free. */
static spatio_status read_query(stage *stage, asked asked, const cJSON *args, spatio_query *query,
                                spatio_polygon **polygon)
{
    const cJSON *radius = cJSON_GetObjectItemCaseSensitive(args, "radius"), *around;
    uint32_t kind = choice(args, "kind", KINDS, SPATIO_QUERY_CIRCLE);
    double at[3];
    CALL(spatio_query_init)(query, sizeof *query, kind);
    query->flags = SPATIO_QUERY_WITH_IDS | SPATIO_QUERY_WITH_PAYLOADS;
    if (cJSON_HasObjectItem(args, "at")) {
        place(need(args, "at"), at);
        query->x = at[0];
        query->y = at[1];
        query->z = at[2];
    }
    if ((around = cJSON_GetObjectItemCaseSensitive(args, "around")) != NULL) {
        query->origin = origin_of(stage, asked, args, around);
        query->flags |= SPATIO_QUERY_AROUND_OBJECT;
    }
    if (radius != NULL)
        query->radius = number(radius);
    if (cJSON_HasObjectItem(args, "min"))
        read_box(args, query);
    if (cJSON_HasObjectItem(args, "min_z")) {
        query->min_z = number(need(args, "min_z"));
        query->max_z = number(need(args, "max_z"));
    }
    if (cJSON_HasObjectItem(args, "size"))
        read_size(need(args, "size"), query);
    read_filters(args, query);
    if (kind != SPATIO_QUERY_POLYGON)
        return SPATIO_OK;
    spatio_status status = make_polygon(stage, args, polygon);
    query->polygon = *polygon;
    return status;
}

static bool is_measured(uint32_t kind)
{
    return kind != SPATIO_QUERY_BOX && kind != SPATIO_QUERY_BOX_3D &&
           kind != SPATIO_QUERY_POLYGON && kind != SPATIO_QUERY_EVERYWHERE;
}

/* Into columns of the runner: x, y, z and distances behind each other, or none of them. */
static spatio_status into(stage *stage, asked asked, const spatio_query *query, size_t capacity,
                          uint64_t *handles, double *columns, int64_t *times, size_t *rows)
{
    double *x = columns, *y = NULL, *z = NULL, *distance = NULL;
    if (columns != NULL) {
        y = x + capacity;
        z = y + capacity;
        distance = z + capacity;
    }
    if (asked.pack != NULL)
        return CALL(spatio_pack_query_into)(asked.pack, query, capacity, handles, x, y, z, times,
                                            distance, rows, &stage->error);
    return CALL(spatio_query_into)(asked.ns, query, capacity, handles, x, y, z, times, distance,
                                   rows, &stage->error);
}

static spatio_status run(stage *stage, asked asked, const spatio_query *queries, size_t n,
                         spatio_cancel *cancel, spatio_columns *columns)
{
    if (asked.pack != NULL)
        return CALL(spatio_pack_query)(asked.pack, queries, n, cancel, &stage->result, columns,
                                       &stage->error);
    return CALL(spatio_query_run)(asked.ns, queries, n, cancel, &stage->result, columns,
                                  &stage->error);
}

/* Asks the same into columns of the runner: as many rows as there were and more, and one alone. */
static bool into_says_the_same(stage *stage, asked asked, const spatio_query *query)
{
    const spatio_columns *c = &stage->columns;
    size_t capacity = c->rows + 3, rows = 0, one = 0;
    double *columns = calloc(4 * capacity, sizeof *columns);
    double *x = columns, *y = x + capacity, *z = y + capacity, *distance = z + capacity;
    uint64_t *handles = calloc(capacity, sizeof *handles), first = 0;
    int64_t *times = calloc(capacity, sizeof *times);
    bool same = into(stage, asked, query, capacity, handles, columns, times, &rows) == SPATIO_OK &&
                rows == c->rows;
    for (size_t row = 0; same && row < rows; row++) {
        bool no_distance = c->distance == NULL && isnan(distance[row]);
        same = handles[row] == c->handles[row] && x[row] == c->x[row] && y[row] == c->y[row] &&
               z[row] == c->z[row] && times[row] == c->time_us[row] &&
               (no_distance || distance[row] == c->distance[row]);
    }
    same = same && into(stage, asked, query, 1, &first, NULL, NULL, &one) == SPATIO_OK;
    same = same && one == (rows > 0) && (rows == 0 || !is_measured(query->kind) ||
                                         first == c->handles[0]);
    free(columns);
    free(handles);
    free(times);
    return same;
}

spatio_status query_one(stage *stage, asked asked, const cJSON *args, cJSON *answer)
{
    spatio_query query;
    spatio_polygon *polygon = NULL;
    spatio_cancel *cancel = CALL(spatio_cancel_new)();
    spatio_status status = read_query(stage, asked, args, &query, &polygon);
    /* Fired and reset, it is as if it had never been. */
    CALL(spatio_cancel_fire)(cancel);
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(args, "cancelled")))
        CALL(spatio_cancel_reset)(cancel);
    if (status == SPATIO_OK)
        status = run(stage, asked, &query, 1, cancel, &stage->columns);
    if (status == SPATIO_OK) {
        bool measured = is_measured(query.kind);
        cJSON *rows = json_rows(&stage->columns, 0, stage->columns.rows, measured);
        cJSON_AddItemToObject(answer, "rows", rows);
        if (!into_says_the_same(stage, asked, &query)) {
            snprintf(stage->error.message, sizeof stage->error.message,
                     "the query into columns and that into a result differ");
            status = SPATIO_INTERNAL;
        }
    }
    CALL(spatio_polygon_free)(polygon);
    CALL(spatio_cancel_free)(cancel);
    return status;
}

spatio_status query_run(stage *stage, asked asked, const cJSON *args, cJSON *answer)
{
    const cJSON *given = need(args, "queries"), *one;
    size_t n = (size_t)cJSON_GetArraySize(given), at = 0;
    spatio_query *queries = calloc(n + 1, sizeof *queries);
    spatio_polygon **polygons = calloc(n + 1, sizeof *polygons);
    spatio_columns *c = &stage->columns;
    spatio_status status = SPATIO_OK;
    cJSON_ArrayForEach(one, given)
    {
        if (status == SPATIO_OK)
            status = read_query(stage, asked, one, &queries[at], &polygons[at]);
        at++;
    }
    if (status == SPATIO_OK)
        status = run(stage, asked, queries, n, NULL, NULL);
    if (status == SPATIO_OK)
        status = CALL(spatio_result_columns)(stage->result, c);
    cJSON *results = cJSON_AddArrayToObject(answer, "results");
    for (at = 0; status == SPATIO_OK && at < c->queries; at++) {
        cJSON *result = cJSON_CreateObject();
        cJSON_AddItemToObject(result, "rows", json_rows(c, c->offsets[at], c->offsets[at + 1],
                                                        is_measured(queries[at].kind)));
        cJSON_AddItemToArray(results, result);
    }
    for (at = 0; at < n; at++)
        CALL(spatio_polygon_free)(polygons[at]);
    free(queries);
    free(polygons);
    return status;
}

static spatio_status call_by_name(stage *stage, spatio_namespace *ns, const char *op,
                                  const cJSON *args, spatio_polygon *polygon)
{
    spatio_result **result = &stage->result;
    spatio_columns *columns = &stage->columns;
    spatio_error *error = &stage->error;
    uint32_t limit = limit_of(args);
    spatio_query box;
    double at[3];
    if (strcmp(op, "query_box") == 0) {
        read_box(args, &box);
        return CALL(spatio_query_box)(ns, box.min_x, box.min_y, box.max_x, box.max_y, limit,
                                      result, columns, error);
    }
    if (strcmp(op, "query_polygon") == 0)
        return CALL(spatio_query_polygon)(ns, polygon, limit, result, columns, error);
    if (strcmp(op, "query_near") == 0) {
        uint64_t origin = handle_of(stage, args, need(args, "origin"));
        double radius = number(need(args, "radius"));
        return CALL(spatio_query_near)(ns, origin, radius, limit, result, columns, error);
    }
    place(need(args, "at"), at);
    if (strcmp(op, "knn") == 0)
        return CALL(spatio_knn)(ns, at[0], at[1], at[2], (uint32_t)whole(need(args, "k")), result,
                                columns, error);
    return CALL(spatio_query_radius)(ns, at[0], at[1], at[2], number(need(args, "radius")), limit,
                                     result, columns, error);
}

/* The calls with names of their own have neither ids nor payloads: those are asked for. */
static cJSON *rows_by_handle(stage *stage, spatio_namespace *ns, spatio_status *status)
{
    const spatio_columns *c = &stage->columns;
    cJSON *rows = cJSON_CreateArray();
    for (uint64_t r = 0; *status == SPATIO_OK && r < c->rows; r++) {
        cJSON *row = cJSON_CreateObject();
        const char *id = NULL;
        size_t length = 0;
        spatio_object object = {.struct_size = sizeof object};
        *status = CALL(spatio_id)(ns, c->handles[r], &id, &length, &stage->error);
        if (*status == SPATIO_OK)
            *status = CALL(spatio_get_by_handle)(ns, c->handles[r], &object, &stage->error);
        cJSON_AddItemToObject(row, "id", json_text(id, length));
        cJSON_AddItemToObject(row, "at", json_place(c->x[r], c->y[r], c->z[r]));
        cJSON_AddItemToObject(row, "time_us", json_whole(c->time_us[r]));
        if (c->distance != NULL)
            cJSON_AddItemToObject(row, "distance", json_number(c->distance[r]));
        if (object.payload_length > 0)
            *status = SPATIO_INTERNAL; /* no case has one here */
        cJSON_AddItemToArray(rows, row);
    }
    return rows;
}

static spatio_status named(stage *stage, spatio_namespace *ns, const char *op, const cJSON *args,
                           cJSON *answer)
{
    spatio_polygon *polygon = NULL;
    spatio_status status = SPATIO_OK;
    if (cJSON_HasObjectItem(args, "polygon"))
        status = make_polygon(stage, args, &polygon);
    if (status == SPATIO_OK)
        status = call_by_name(stage, ns, op, args, polygon);
    if (status == SPATIO_OK)
        cJSON_AddItemToObject(answer, "rows", rows_by_handle(stage, ns, &status));
    CALL(spatio_polygon_free)(polygon);
    return status;
}

static spatio_status convex_hull(stage *stage, spatio_namespace *ns, cJSON *answer)
{
    spatio_columns *c = &stage->columns;
    spatio_status status = CALL(spatio_convex_hull)(ns, &stage->result, c, &stage->error);
    cJSON *ring = cJSON_AddArrayToObject(answer, "ring");
    for (uint64_t row = 0; status == SPATIO_OK && row < c->rows; row++) {
        cJSON *point = json_place(c->x[row], c->y[row], 0);
        cJSON_DeleteItemFromArray(point, 2);
        cJSON_AddItemToArray(ring, point);
    }
    return status;
}

static spatio_status bounds(stage *stage, spatio_namespace *ns, cJSON *answer)
{
    spatio_bounds b = {.struct_size = sizeof b};
    spatio_status status = CALL(spatio_get_bounds)(ns, &b, &stage->error);
    cJSON_AddBoolToObject(answer, "empty", b.is_empty != 0);
    cJSON_AddItemToObject(answer, "min", json_place(b.min_x, b.min_y, b.min_z));
    cJSON_AddItemToObject(answer, "max", json_place(b.max_x, b.max_y, b.max_z));
    return status;
}

bool play_queries(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                  spatio_status *status)
{
    static const char *const ops[] = {"query",      "query_run", "convex_hull",   "bounds",
                                      "query_radius", "query_box", "query_polygon", "query_near",
                                      "knn"};
    size_t which = 0, known = sizeof ops / sizeof ops[0];
    while (which < known && strcmp(ops[which], op) != 0)
        which++;
    if (which == known)
        return false;
    spatio_namespace *ns = namespace_of(stage, args, status);
    if (*status != SPATIO_OK)
        return true;
    asked asked = {ns, NULL};
    switch (which) {
    case 0: *status = query_one(stage, asked, args, answer); break;
    case 1: *status = query_run(stage, asked, args, answer); break;
    case 2: *status = convex_hull(stage, ns, answer); break;
    case 3: *status = bounds(stage, ns, answer); break;
    default: *status = named(stage, ns, op, args, answer); break;
    }
    return true;
}
