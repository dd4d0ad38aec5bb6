/*
 * Messages of the library on their way to Go: written into a pipe, which a goroutine reads. So no
 * thread of the library ever runs Go, and what the program's function does cannot harm it.
 */
#ifndef SPATIO_GO_NOTICES_H
#define SPATIO_GO_NOTICES_H

#include <stddef.h>
#include <stdint.h>

/** The longest text; longer ones are cut. With its head it is written in one piece. */
#define SPATIO_GO_NOTICE_BYTES 4000

/** Where messages go. */
typedef struct spatio_go_notices spatio_go_notices;

/** `pipe` is the writing end of a pipe that does not block: a descriptor, or a HANDLE. */
spatio_go_notices *spatio_go_notices_new(intptr_t pipe);

/** A spatio_log_callback; `user` is a spatio_go_notices. */
void spatio_go_notice(void *user, int32_t level, const char *message, size_t length);

/** Lets go of the pipe, and tells how many messages found it full. Later ones are dropped. */
uint64_t spatio_go_notices_end(spatio_go_notices *notices);

void spatio_go_notices_free(spatio_go_notices *notices);

#endif
