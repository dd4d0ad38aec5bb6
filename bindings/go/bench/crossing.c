#include "crossing.h"

#include <stdlib.h>
#include <string.h>

/* Keeps the compiler from seeing through what is measured. */
static volatile double sum;

static double *copy(const double *column, size_t rows) {
    double *copied = calloc(rows, sizeof *copied);
    if (copied != NULL && column != NULL) memcpy(copied, column, rows * sizeof *copied);
    return copied;
}

static spatio_status fill(c_world *world, const uint64_t *id_offsets, const char *ids) {
    spatio_namespace_options options;
    spatio_namespace_options_init(&options, sizeof options);
    options.space = SPATIO_CARTESIAN;
    options.history = SPATIO_HISTORY_OFF;
    spatio_status status = spatio_open(NULL, NULL, &world->db, NULL);
    if (status == SPATIO_OK) {
        status = spatio_namespace_create(world->db, "world", 5, &options, &world->ns, NULL);
    }
    if (status == SPATIO_OK) {
        status = spatio_upsert_batch(world->ns, world->objects, id_offsets, ids, world->x, world->y,
                                     NULL, NULL, NULL, NULL, NULL, world->handles, NULL, NULL,
                                     NULL);
    }
    return status;
}

c_world *c_world_new(size_t objects, size_t batch, const uint64_t *id_offsets, const char *ids,
                     const double *x, const double *y) {
    c_world *world = calloc(1, sizeof *world);
    if (world == NULL) return NULL;
    world->objects = objects;
    world->batch = batch;
    world->handles = calloc(objects, sizeof *world->handles);
    world->x = copy(x, objects);
    world->y = copy(y, objects);
    world->z = copy(NULL, objects);
    if (world->handles == NULL || world->x == NULL || world->y == NULL || world->z == NULL ||
        fill(world, id_offsets, ids) != SPATIO_OK) {
        c_world_free(world);
        return NULL;
    }
    return world;
}

void c_world_free(c_world *world) {
    spatio_result_free(world->result);
    spatio_namespace_close(world->ns);
    spatio_close(world->db, NULL);
    free(world->handles);
    free(world->x);
    free(world->y);
    free(world->z);
    free(world);
}

spatio_status c_find_handle(c_world *world, size_t times) {
    for (size_t i = 0; i < times; i++) {
        spatio_error error;
        error.struct_size = sizeof error;
        uint64_t handle = 0;
        spatio_status status = spatio_find_handle(world->ns, "unit:77", 7, &handle, &error);
        if (status != SPATIO_OK) return status;
        sum = (double)handle;
    }
    return SPATIO_OK;
}

spatio_status c_move(c_world *world, size_t times) {
    for (size_t i = 0; i < times; i++) {
        size_t at = i % world->objects;
        spatio_error error;
        error.struct_size = sizeof error;
        uint32_t outcome = 0;
        spatio_status status = spatio_move(world->ns, world->handles[at], world->x[at],
                                           world->y[at], 0, (int64_t)i + 1, &outcome, &error);
        if (status != SPATIO_OK) return status;
        sum = outcome;
    }
    return SPATIO_OK;
}

spatio_status c_move_batch(c_world *world, size_t times) {
    for (size_t i = 0; i < times; i++) {
        spatio_error error;
        error.struct_size = sizeof error;
        uint64_t applied = 0, late = 0;
        spatio_status status =
            spatio_move_batch(world->ns, world->batch, world->handles, world->x, world->y, world->z,
                              NULL, &applied, &late, &error);
        if (status != SPATIO_OK) return status;
        sum = (double)applied;
    }
    return SPATIO_OK;
}

spatio_status c_query(c_world *world, size_t times) {
    spatio_query query;
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_CIRCLE);
    query.x = 500;
    query.y = 500;
    query.radius = 5000;
    query.limit = (uint32_t)world->batch;
    for (size_t i = 0; i < times; i++) {
        spatio_error error;
        error.struct_size = sizeof error;
        spatio_columns found;
        found.struct_size = sizeof found;
        spatio_status status =
            spatio_query_run(world->ns, &query, 1, NULL, &world->result, &found, &error);
        if (status != SPATIO_OK) return status;
        double all = 0;
        for (uint64_t row = 0; row < found.rows; row++) all += found.x[row] + found.distance[row];
        sum = all;
    }
    return SPATIO_OK;
}
