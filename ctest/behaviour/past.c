/* Questions about the past, and distances. */
#include "runner.h"

static spatio_status trajectory(stage *stage, spatio_namespace *ns, const cJSON *args,
                                cJSON *answer)
{
    static const char *const orders[] = {"oldest_first", "newest_first", NULL};
    list handles = handles_of(stage, args, "handles");
    spatio_columns *c = &stage->columns;
    spatio_cancel *cancel = CALL(spatio_cancel_new)();
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(args, "cancelled")))
        CALL(spatio_cancel_fire)(cancel);
    spatio_status status = CALL(spatio_trajectory)(
        ns, handles.n, handles.handles, whole(need(args, "start_us")), whole(need(args, "end_us")),
        choice(args, "order", orders, SPATIO_OLDEST_FIRST), limit_of(args), cancel, &stage->result,
        c, &stage->error);
    CALL(spatio_cancel_free)(cancel);
    cJSON *tracks = cJSON_AddArrayToObject(answer, "tracks");
    for (uint64_t at = 0; status == SPATIO_OK && at < c->queries; at++) {
        cJSON *track = cJSON_CreateArray();
        for (uint64_t row = c->offsets[at]; row < c->offsets[at + 1]; row++) {
            cJSON *point = json_place(c->x[row], c->y[row], c->z[row]);
            cJSON_InsertItemInArray(point, 0, json_whole(c->time_us[row]));
            cJSON_AddItemToArray(track, point);
            if (c->handles[row] != handles.handles[at])
                status = SPATIO_INTERNAL;
        }
        cJSON_AddItemToArray(tracks, track);
    }
    list_free(&handles);
    return status;
}

static spatio_status positions_at(stage *stage, spatio_namespace *ns, const cJSON *args,
                                  cJSON *answer)
{
    static const char *const ways[] = {"linear", "last", NULL};
    list handles = handles_of(stage, args, "handles");
    size_t n = handles.n;
    double *xyz = calloc(3 * n + 1, sizeof *xyz);
    uint8_t *found = calloc(n + 1, 1);
    spatio_status status = CALL(spatio_positions_at)(
        ns, n, handles.handles, whole(need(args, "time_us")),
        choice(args, "interpolation", ways, SPATIO_INTERPOLATE_LINEAR), xyz, xyz + n, xyz + 2 * n,
        found, &stage->error);
    cJSON *positions = cJSON_AddArrayToObject(answer, "positions");
    for (size_t row = 0; row < n; row++) {
        cJSON *position = json_place(xyz[row], xyz[n + row], xyz[2 * n + row]);
        if (!found[row]) {
            cJSON_Delete(position);
            position = cJSON_CreateNull();
        }
        cJSON_AddItemToArray(positions, position);
    }
    list_free(&handles);
    free(xyz);
    free(found);
    return status;
}

static void tell_distances(cJSON *answer, const double *distances, size_t n)
{
    cJSON *list = cJSON_AddArrayToObject(answer, "distances");
    for (size_t row = 0; row < n; row++) {
        bool is_there = !isnan(distances[row]);
        cJSON_AddItemToArray(list, is_there ? json_number(distances[row]) : cJSON_CreateNull());
    }
}

static spatio_status distance_between(stage *stage, spatio_namespace *ns, const cJSON *args,
                                      cJSON *answer)
{
    list a = handles_of(stage, args, "a"), b = handles_of(stage, args, "b");
    double *distances = calloc(a.n + 1, sizeof *distances);
    spatio_status status = CALL(spatio_distance_between)(ns, a.n, a.handles, b.handles,
                                                         metric_of(args), distances,
                                                         &stage->error);
    tell_distances(answer, distances, a.n);
    list_free(&a);
    list_free(&b);
    free(distances);
    return status;
}

static spatio_status distance_to(stage *stage, spatio_namespace *ns, const cJSON *args,
                                 cJSON *answer)
{
    list handles = handles_of(stage, args, "handles");
    double *distances = calloc(handles.n + 1, sizeof *distances), at[3];
    place(need(args, "at"), at);
    spatio_status status =
        CALL(spatio_distance_to)(ns, handles.n, handles.handles, at[0], at[1], at[2],
                                 metric_of(args), distances, &stage->error);
    tell_distances(answer, distances, handles.n);
    list_free(&handles);
    free(distances);
    return status;
}

bool play_past(stage *stage, const char *op, const cJSON *args, cJSON *answer,
               spatio_status *status)
{
    static const struct {
        const char *op;
        spatio_status (*play)(struct stage *, spatio_namespace *, const cJSON *, cJSON *);
    } ops[] = {
        {"trajectory", trajectory},
        {"positions_at", positions_at},
        {"distance_between", distance_between},
        {"distance_to", distance_to},
    };
    for (size_t at = 0; at < sizeof ops / sizeof ops[0]; at++) {
        if (strcmp(ops[at].op, op) != 0)
            continue;
        spatio_namespace *ns = namespace_of(stage, args, status);
        if (*status == SPATIO_OK)
            *status = ops[at].play(stage, ns, args, answer);
        return true;
    }
    return false;
}
