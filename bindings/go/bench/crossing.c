/* For the clock, where the standard is asked for by its name. */
#define _POSIX_C_SOURCE 199309L
#include "crossing.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct c_world {
    spatio_db *db;
    spatio_namespace *ns;
    spatio_result *result;
    size_t turn;
    uint64_t handles[C_FOLLOWED];
    /* Where the followed are: at home, and a step away. */
    double x[2][C_FOLLOWED], y[C_FOLLOWED], z[C_FOLLOWED];
};

/* Keeps the compiler from seeing through what is measured. */
static volatile double sum;

double c_cpu_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static spatio_status fill(c_world *world) {
    spatio_namespace_options options;
    spatio_namespace_options_init(&options, sizeof options);
    options.space = SPATIO_CARTESIAN;
    options.history = SPATIO_HISTORY_OFF;
    spatio_status status = spatio_open(NULL, NULL, &world->db, NULL);
    if (status == SPATIO_OK) {
        status = spatio_namespace_create(world->db, "world", 5, &options, &world->ns, NULL);
    }
    uint64_t handles[C_OBJECTS];
    for (int i = 0; i < C_OBJECTS && status == SPATIO_OK; i++) {
        char id[16];
        int length = snprintf(id, sizeof id, "unit:%d", i);
        status = spatio_upsert(world->ns, id, (size_t)length, i % C_SIDE * C_APART,
                               i / C_SIDE * C_APART, 0, INT64_MIN, NULL, 0, 0, &handles[i], NULL,
                               NULL);
    }
    for (int i = 0; i < C_FOLLOWED && status == SPATIO_OK; i++) {
        int at = i * C_STRIDE % C_OBJECTS;
        world->handles[i] = handles[at];
        world->x[0][i] = at % C_SIDE * C_APART;
        world->x[1][i] = world->x[0][i] + C_STEP;
        world->y[i] = at / C_SIDE * C_APART;
    }
    return status;
}

c_world *c_world_new(void) {
    c_world *world = (c_world *)calloc(1, sizeof *world);
    if (world != NULL && fill(world) != SPATIO_OK) {
        c_world_free(world);
        return NULL;
    }
    return world;
}

void c_world_free(c_world *world) {
    spatio_result_free(world->result);
    spatio_namespace_close(world->ns);
    spatio_close(world->db, NULL);
    free(world);
}

spatio_status c_get(c_world *world, size_t times) {
    for (size_t i = 0, at = 0; i < times; i++) {
        spatio_error error;
        error.struct_size = sizeof error;
        spatio_object object;
        object.struct_size = sizeof object;
        spatio_status status = spatio_get_by_handle(world->ns, world->handles[at], &object, &error);
        if (status != SPATIO_OK) return status;
        sum = object.x;
        if (++at == C_FOLLOWED) at = 0;
    }
    return SPATIO_OK;
}

spatio_status c_move(c_world *world, size_t times) {
    for (size_t i = 0, at = 0; i < times; i++) {
        spatio_error error;
        error.struct_size = sizeof error;
        uint32_t outcome = 0;
        spatio_status status = spatio_move(world->ns, world->handles[at], world->x[world->turn][at],
                                           world->y[at], 0, INT64_MIN, &outcome, &error);
        if (status != SPATIO_OK) return status;
        sum = outcome;
        if (++at == C_FOLLOWED) {
            at = 0;
            world->turn ^= 1;
        }
    }
    return SPATIO_OK;
}

spatio_status c_move_batch(c_world *world, size_t times) {
    for (size_t i = 0; i < times; i++) {
        spatio_error error;
        error.struct_size = sizeof error;
        uint64_t applied = 0, late = 0;
        spatio_status status =
            spatio_move_batch(world->ns, C_FOLLOWED, world->handles, world->x[world->turn],
                              world->y, world->z, NULL, &applied, &late, &error);
        if (status != SPATIO_OK) return status;
        sum = (double)applied;
        world->turn ^= 1;
    }
    return SPATIO_OK;
}

spatio_status c_box(c_world *world, size_t times) {
    spatio_query query;
    spatio_query_init(&query, sizeof query, SPATIO_QUERY_BOX);
    query.min_x = C_MIN_X;
    query.min_y = C_MIN_Y;
    query.max_x = C_MAX_X;
    query.max_y = C_MAX_Y;
    for (size_t i = 0; i < times; i++) {
        spatio_error error;
        error.struct_size = sizeof error;
        spatio_columns found;
        found.struct_size = sizeof found;
        spatio_status status =
            spatio_query_run(world->ns, &query, 1, NULL, &world->result, &found, &error);
        if (status != SPATIO_OK) return status;
        if (found.rows != C_FOLLOWED) return SPATIO_INVALID_ARGUMENT;
        sum = found.x[found.rows - 1] + (double)found.handles[0];
    }
    return SPATIO_OK;
}
