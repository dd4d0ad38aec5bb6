/* What else a packed index is asked: regions of any shape, nearness, estimates, triangles. */
#include "indexes.h"
#include "polygon.h"

static double size_of(const cJSON *region, const char *name)
{
    return number(need(region, name));
}

/* A column of a region's numbers; how many there are says how many axes it has. */
static list axes_of(const cJSON *region, const char *name)
{
    need(region, name);
    return numbers(region, name);
}

/* The shapes of a number of axes. */
static spatio_status solid(stage *stage, const cJSON *given, const char *shape,
                           spatio_region **region)
{
    bool is_ball = strcmp(shape, "ball") == 0, is_cone = strcmp(shape, "cone") == 0;
    bool is_capsule = strcmp(shape, "capsule") == 0;
    list one = axes_of(given,
                       is_ball ? "centre" : is_cone ? "apex" : is_capsule ? "from" : "normal");
    list two = {0, NULL, NULL, NULL};
    uint32_t dims = (uint32_t)one.n;
    spatio_status status;
    if (is_cone || is_capsule)
        two = axes_of(given, is_cone ? "direction" : "to");
    if (is_ball)
        status = CALL(spatio_region_ball)(dims, one.numbers, size_of(given, "radius"), region,
                                          &stage->error);
    else if (is_capsule)
        status = CALL(spatio_region_capsule)(dims, one.numbers, two.numbers,
                                             size_of(given, "radius"), region, &stage->error);
    else if (is_cone)
        status = CALL(spatio_region_cone)(dims, one.numbers, two.numbers,
                                          size_of(given, "half_angle_rad"),
                                          size_of(given, "length"), region, &stage->error);
    else
        status = CALL(spatio_region_half_space)(dims, one.numbers, size_of(given, "offset"),
                                                region, &stage->error);
    list_free(&one);
    list_free(&two);
    return status;
}

spatio_status region_of(stage *stage, const cJSON *given, spatio_region **region)
{
    const char *shape = word(given, "shape");
    spatio_status status;
    if (strcmp(shape, "convex") == 0) {
        rows points = rows_of(given, "points");
        status = CALL(spatio_region_convex)(points.n, points.numbers, region, &stage->error);
        free(points.numbers);
    } else if (strcmp(shape, "frustum") == 0) {
        rows planes = rows_of(given, "planes");
        status = CALL(spatio_region_frustum)(planes.numbers, region, &stage->error);
        free(planes.numbers);
    } else if (strcmp(shape, "view_projection") == 0) {
        rows matrix = rows_of(given, "matrix");
        bool from_zero = cJSON_IsTrue(need(given, "depth_from_zero"));
        status = CALL(spatio_region_view_projection)(matrix.numbers, from_zero, region,
                                                     &stage->error);
        free(matrix.numbers);
    } else if (strcmp(shape, "polygon") == 0) {
        spatio_polygon *polygon = NULL;
        status = make_polygon(stage, given, &polygon);
        if (status == SPATIO_OK)
            status = CALL(spatio_region_polygon)(polygon, region, &stage->error);
        CALL(spatio_polygon_free)(polygon);
    } else {
        status = solid(stage, given, shape, region);
    }
    return status;
}

/* The three questions of a region. */
spatio_status ask_region(stage *stage, const spatio_index *index, const cJSON *args, cJSON *answer)
{
    spatio_region *region = NULL;
    uint64_t count = 0;
    uint8_t any = 0;
    spatio_status status = region_of(stage, need(args, "region"), &region);
    if (status == SPATIO_OK)
        status = CALL(spatio_index_search_region)(index, region, &stage->hits, NULL, &stage->error);
    tell_ids(stage, status, answer);
    if (status == SPATIO_OK)
        status = CALL(spatio_index_count_region)(index, region, &count, &stage->error);
    if (status == SPATIO_OK)
        status = CALL(spatio_index_any_region)(index, region, &any, &stage->error);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(answer, "counts"), json_count(count));
    tell_any(answer, &any, 1);
    CALL(spatio_region_free)(region);
    return status;
}

spatio_status ask_estimate(stage *stage, const spatio_index *index, const cJSON *args,
                           cJSON *answer)
{
    rows min = rows_of(args, "min"), max = rows_of(args, "max");
    size_t n = min.n;
    uint64_t *bounds = calloc(2 * n + 1, sizeof *bounds);
    double *guesses = calloc(n + 1, sizeof *guesses);
    spatio_status status =
        CALL(spatio_index_estimate)(index, n, min.numbers, max.numbers,
                                    (uint32_t)whole(need(args, "stop_level")), bounds, bounds + n,
                                    guesses, &stage->error);
    cJSON *lower = cJSON_AddArrayToObject(answer, "lower");
    cJSON *upper = cJSON_AddArrayToObject(answer, "upper");
    cJSON *estimates = cJSON_AddArrayToObject(answer, "estimates");
    for (size_t row = 0; row < n; row++) {
        cJSON_AddItemToArray(lower, json_count(bounds[row]));
        cJSON_AddItemToArray(upper, json_count(bounds[n + row]));
        cJSON_AddItemToArray(estimates, json_number(guesses[row]));
    }
    free(min.numbers);
    free(max.numbers);
    free(bounds);
    free(guesses);
    return status;
}

spatio_status ask_anti_join(stage *stage, const spatio_index *index, const cJSON *args,
                            cJSON *answer)
{
    spatio_cancel *cancel = cancel_of(args);
    spatio_status status = CALL(spatio_index_anti_join)(index, index_of(stage, args, "other"),
                                                        number(need(args, "max_distance")), cancel,
                                                        &stage->hits, NULL, &stage->error);
    CALL(spatio_cancel_free)(cancel);
    return tell_ids(stage, status, answer);
}

spatio_status ask_closest_pair(stage *stage, const spatio_index *index, const cJSON *args,
                               cJSON *answer)
{
    const spatio_index *other =
        cJSON_HasObjectItem(args, "other") ? index_of(stage, args, "other") : NULL;
    spatio_cancel *cancel = cancel_of(args);
    uint32_t one = 0, two = 0;
    double distance = 0.0;
    spatio_status status = CALL(spatio_index_closest_pair)(index, other, cancel, &one, &two,
                                                           &distance, &stage->error);
    CALL(spatio_cancel_free)(cancel);
    if (status == SPATIO_OK && one == SPATIO_NO_ITEM) {
        cJSON_AddNullToObject(answer, "pair");
        cJSON_AddNullToObject(answer, "distance");
    } else {
        cJSON *pair = cJSON_AddArrayToObject(answer, "pair");
        cJSON_AddItemToArray(pair, json_count(one));
        cJSON_AddItemToArray(pair, json_count(two));
        cJSON_AddItemToObject(answer, "distance", json_number(distance));
    }
    return status;
}

spatio_status ask_components(stage *stage, const spatio_index *index, const cJSON *args,
                             cJSON *answer)
{
    spatio_index_info info = {.struct_size = sizeof info};
    spatio_status status = CALL(spatio_index_get_info)(index, &info, &stage->error);
    size_t n = (size_t)info.items;
    uint32_t *labels = calloc(n + 1, sizeof *labels);
    spatio_cancel *cancel = cancel_of(args);
    if (status == SPATIO_OK)
        status = CALL(spatio_index_components)(index, number(need(args, "max_distance")), cancel,
                                               n, labels, &stage->error);
    CALL(spatio_cancel_free)(cancel);
    cJSON *list = cJSON_AddArrayToObject(answer, "labels");
    for (size_t row = 0; row < n; row++)
        cJSON_AddItemToArray(list, json_count(labels[row]));
    free(labels);
    return status;
}
