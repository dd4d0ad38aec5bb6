/* A clock that the program sets: a number that Go writes and the library reads. */
#ifndef SPATIO_GO_CLOCK_H
#define SPATIO_GO_CLOCK_H

#include <stdint.h>

/** A spatio_clock_callback; `user` points to the microseconds since 1970-01-01 UTC. */
int64_t spatio_go_clock_read(void *user);

#endif
