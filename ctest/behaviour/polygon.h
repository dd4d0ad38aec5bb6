/* Polygons of the cases. */
#ifndef SPATIO_BEHAVIOUR_POLYGON_H
#define SPATIO_BEHAVIOUR_POLYGON_H

#include "runner.h"

/* The polygon of a step; NULL on failure. */
spatio_status make_polygon(stage *stage, const cJSON *args, spatio_polygon **polygon);
/* The polygon of such a list of parts. */
spatio_status polygon_of(stage *stage, const cJSON *parts, spatio_polygon **polygon);

#endif
