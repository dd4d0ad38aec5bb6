/* Polygons of the cases. */
#ifndef SPATIO_BEHAVIOUR_POLYGON_H
#define SPATIO_BEHAVIOUR_POLYGON_H

#include "runner.h"

/* The polygon of a step; NULL on failure. */
spatio_status make_polygon(stage *stage, const cJSON *args, spatio_polygon **polygon);

#endif
