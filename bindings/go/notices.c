#include "notices.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <unistd.h>
#endif

struct spatio_go_notices {
    /* Held while the pipe is written to, so that it is not closed meanwhile. */
    pthread_mutex_t mutex;
    intptr_t pipe;
    uint64_t dropped;
};

static const intptr_t NO_PIPE = -1;

/* Level and length, both 32 bits in the machine's order, and then the text. */
enum { HEAD_BYTES = 8 };

static int put(intptr_t pipe, const char *bytes, size_t length) {
#ifdef _WIN32
    DWORD written = 0;
    return WriteFile((HANDLE)pipe, bytes, (DWORD)length, &written, NULL) && written == length;
#else
    return write((int)pipe, bytes, length) == (ssize_t)length;
#endif
}

spatio_go_notices *spatio_go_notices_new(intptr_t pipe) {
    spatio_go_notices *notices = calloc(1, sizeof *notices);
    if (notices != NULL) {
        pthread_mutex_init(&notices->mutex, NULL);
        notices->pipe = pipe;
    }
    return notices;
}

void spatio_go_notice(void *user, int32_t level, const char *message, size_t length) {
    spatio_go_notices *notices = user;
    char bytes[HEAD_BYTES + SPATIO_GO_NOTICE_BYTES];
    uint32_t kept = length < SPATIO_GO_NOTICE_BYTES ? (uint32_t)length : SPATIO_GO_NOTICE_BYTES;
    memcpy(bytes, &level, sizeof level);
    memcpy(bytes + sizeof level, &kept, sizeof kept);
    memcpy(bytes + HEAD_BYTES, message, kept);
    pthread_mutex_lock(&notices->mutex);
    if (notices->pipe == NO_PIPE || !put(notices->pipe, bytes, HEAD_BYTES + kept)) {
        notices->dropped++;
    }
    pthread_mutex_unlock(&notices->mutex);
}

uint64_t spatio_go_notices_end(spatio_go_notices *notices) {
    pthread_mutex_lock(&notices->mutex);
    notices->pipe = NO_PIPE;
    uint64_t dropped = notices->dropped;
    pthread_mutex_unlock(&notices->mutex);
    return dropped;
}

void spatio_go_notices_free(spatio_go_notices *notices) {
    pthread_mutex_destroy(&notices->mutex);
    free(notices);
}
