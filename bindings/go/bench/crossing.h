/* The work that the benchmarks of all languages do, in C.
 *
 * It lies here because a package of Go compiles only what lies in its own folder; the programs for
 * C++, Java and Python compile this same file. The world: 10,000 objects on a grid of 100 by 100,
 * ten apart, of which every 97th is followed, 1,000 in all. Each function does its work so many
 * times, and each language has one that does exactly the same. */
#ifndef SPATIO_BENCH_CROSSING_H
#define SPATIO_BENCH_CROSSING_H

#include <stddef.h>
#include <stdint.h>
#include <spatio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { C_SIDE = 100, C_OBJECTS = 10000, C_FOLLOWED = 1000, C_STRIDE = 97, C_APART = 10 };

/** How far a followed object goes out and back. */
#define C_STEP 0.25

/** The box in which 1,000 objects are. */
#define C_MIN_X 95.0
#define C_MIN_Y 95.0
#define C_MAX_X 495.0
#define C_MAX_Y 345.0

typedef struct c_world c_world;

/** A world in a database of its own; NULL on failure. */
c_world *c_world_new(void);
void c_world_free(c_world *world);

/** Reads the followed objects by their handles, one a call. */
spatio_status c_get(c_world *world, size_t times);
/** Moves them by their handles, one a call, at the time of the call. */
spatio_status c_move(c_world *world, size_t times);
/** Moves them all in one call. */
spatio_status c_move_batch(c_world *world, size_t times);
/** Asks for the box, and has its columns. */
spatio_status c_box(c_world *world, size_t times);

/** The processor time of the calling thread, in nanoseconds: what every side is timed by, as other
    work of the machine would show on a clock. */
double c_cpu_ns(void);

#ifdef __cplusplus
}
#endif

#endif
