/* What needs no namespace: polygons, and distances of bare coordinates. */
#include "runner.h"
#include "polygon.h"

spatio_status make_polygon(stage *stage, const cJSON *args, spatio_polygon **polygon)
{
    return polygon_of(stage, need(args, "polygon"), polygon);
}

spatio_status polygon_of(stage *stage, const cJSON *parts, spatio_polygon **polygon)
{
    const cJSON *part, *ring, *point;
    size_t rings = 0, points = 0, polygons = 0;
    cJSON_ArrayForEach(part, parts)
    {
        rings += (size_t)cJSON_GetArraySize(part);
        cJSON_ArrayForEach(ring, part) points += (size_t)cJSON_GetArraySize(ring);
    }
    double *xy = calloc(2 * points + 1, sizeof *xy);
    uint64_t *ring_offsets = calloc(rings + 1, sizeof *ring_offsets);
    uint64_t *polygon_offsets =
        calloc((size_t)cJSON_GetArraySize(parts) + 1, sizeof *polygon_offsets);
    rings = points = 0;
    cJSON_ArrayForEach(part, parts)
    {
        cJSON_ArrayForEach(ring, part)
        {
            cJSON_ArrayForEach(point, ring)
            {
                xy[2 * points] = number(cJSON_GetArrayItem(point, 0));
                xy[2 * points + 1] = number(cJSON_GetArrayItem(point, 1));
                points++;
            }
            ring_offsets[++rings] = points;
        }
        polygon_offsets[++polygons] = rings;
    }
    /* One polygon of all rings needs no offsets of polygons. */
    bool is_one = polygons == 1;
    spatio_status status = CALL(spatio_polygon_new)(rings, ring_offsets, xy, is_one ? 0 : polygons,
                                                    is_one ? NULL : polygon_offsets, polygon,
                                                    &stage->error);
    free(xy);
    free(ring_offsets);
    free(polygon_offsets);
    return status;
}

static spatio_status contains(stage *stage, const cJSON *args, cJSON *answer)
{
    const cJSON *points = need(args, "points"), *point;
    size_t n = (size_t)cJSON_GetArraySize(points), at = 0;
    spatio_polygon *polygon = NULL;
    double *x = calloc(2 * n + 1, sizeof *x), *y = x + n;
    uint8_t *inside = calloc(n + 1, 1);
    cJSON_ArrayForEach(point, points)
    {
        x[at] = number(cJSON_GetArrayItem(point, 0));
        y[at++] = number(cJSON_GetArrayItem(point, 1));
    }
    spatio_status status = make_polygon(stage, args, &polygon);
    if (status == SPATIO_OK)
        status = CALL(spatio_polygon_contains)(polygon, n, x, y, inside, &stage->error);
    CALL(spatio_polygon_free)(polygon);
    cJSON *list = cJSON_AddArrayToObject(answer, "inside");
    for (at = 0; at < n; at++)
        cJSON_AddItemToArray(list, cJSON_CreateBool(inside[at]));
    free(x);
    free(inside);
    return status;
}

static spatio_status distance(stage *stage, const cJSON *args, cJSON *answer)
{
    double a[3], b[3], found = 0;
    place(need(args, "from"), a);
    place(need(args, "to"), b);
    spatio_status status = CALL(spatio_distance)(space_of(args), metric_of(args), a[0], a[1], a[2],
                                                 b[0], b[1], b[2], &found, &stage->error);
    cJSON_AddItemToObject(answer, "distance", json_number(found));
    return status;
}

bool play_shapes(stage *stage, const char *op, const cJSON *args, cJSON *answer,
                 spatio_status *status)
{
    if (strcmp(op, "polygon") == 0) {
        spatio_polygon *polygon = NULL;
        *status = make_polygon(stage, args, &polygon);
        CALL(spatio_polygon_free)(polygon);
    } else if (strcmp(op, "polygon_contains") == 0) {
        *status = contains(stage, args, answer);
    } else if (strcmp(op, "distance") == 0) {
        *status = distance(stage, args, answer);
    } else {
        return false;
    }
    return true;
}
