/* The same work as world.go has, in C: each function does it so many times, and tells the status. */
#ifndef SPATIO_GO_BENCH_CROSSING_H
#define SPATIO_GO_BENCH_CROSSING_H

#include <stddef.h>
#include <stdint.h>
#include <spatio.h>

typedef struct c_world {
    spatio_db *db;
    spatio_namespace *ns;
    spatio_result *result;
    size_t objects;
    size_t batch;
    uint64_t *handles;
    double *x, *y, *z;
} c_world;

/** NULL on failure. */
c_world *c_world_new(size_t objects, size_t batch, const uint64_t *id_offsets, const char *ids,
                     const double *x, const double *y);
void c_world_free(c_world *world);

spatio_status c_find_handle(c_world *world, size_t times);
spatio_status c_move(c_world *world, size_t times);
spatio_status c_move_batch(c_world *world, size_t times);
spatio_status c_query(c_world *world, size_t times);

#endif
