/* Packed indexes: what building, opening and asking share. */
#ifndef SPATIO_BEHAVIOUR_INDEXES_H
#define SPATIO_BEHAVIOUR_INDEXES_H

#include "runner.h"

/* Rows of numbers, one after the other; NULL if the argument is not there. */
typedef struct rows {
    size_t n;
    double *numbers;
} rows;

rows rows_of(const cJSON *args, const char *name);
/* The index that a step asks, by the argument of that name, or "index". */
spatio_index *index_of(stage *stage, const cJSON *args, const char *name);

/* Makes the region that a case describes, to be freed. */
spatio_status region_of(stage *stage, const cJSON *given, spatio_region **region);

typedef spatio_status ask(stage *stage, const spatio_index *index, const cJSON *args,
                          cJSON *answer);
ask ask_info, ask_metadata, ask_verify, ask_payload, ask_payloads, ask_boxes, ask_aggregate;
ask ask_search, ask_count, ask_any, ask_within, ask_nearest, ask_polygon, ask_globe_nearest,
    ask_globe_search, ask_raycast, ask_raycast_any, ask_raycast_closest, ask_pairs, ask_join;
ask ask_region, ask_estimate, ask_anti_join, ask_closest_pair, ask_components, ask_triangles;

/* A cancel that was fired, if the step is to be stopped; else none. */
spatio_cancel *cancel_of(const cJSON *args);

/* The ids of the last answer, sorted within each query; and whether there are any. */
spatio_status tell_ids(stage *stage, spatio_status status, cJSON *answer);
void tell_any(cJSON *answer, const uint8_t *any, size_t n);

#endif
