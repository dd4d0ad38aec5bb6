/* The loop that every program with a stream has, over memory. */
#include "ranges.h"

#include <stdlib.h>

/* Feeds one round; ranges that do not lie in the file are given no bytes. */
static spatio_status feed_once(spatio_fetch *fetch, size_t n, const uint64_t *offsets,
                               const uint64_t *lengths, const uint8_t *file, size_t length,
                               spatio_error *error)
{
    const uint8_t **bytes = (const uint8_t **)malloc(n * sizeof *bytes);
    size_t *sizes = (size_t *)malloc(n * sizeof *sizes), at;
    spatio_status status = SPATIO_OUT_OF_MEMORY;
    if (bytes != NULL && sizes != NULL) {
        for (at = 0; at < n; at++) {
            const int is_there = offsets[at] <= length && lengths[at] <= length - offsets[at];
            bytes[at] = file + (is_there ? offsets[at] : 0);
            sizes[at] = is_there ? (size_t)lengths[at] : 0;
        }
        status = spatio_fetch_feed(fetch, n, bytes, sizes, error);
    }
    free((void *)bytes);
    free(sizes);
    return status;
}

spatio_status feed_all(spatio_fetch *fetch, const uint8_t *file, size_t length,
                       spatio_error *error)
{
    for (;;) {
        const uint64_t *offsets = NULL, *lengths = NULL;
        size_t n = 0;
        spatio_status status = spatio_fetch_wanted(fetch, &n, &offsets, &lengths, error);
        if (status == SPATIO_OK && n > 0) {
            status = feed_once(fetch, n, offsets, lengths, file, length, error);
        }
        if (status != SPATIO_OK || n == 0) return status;
    }
}

spatio_status open_stream(const uint8_t *file, size_t length,
                          const spatio_stream_options *options, spatio_stream **stream,
                          uint64_t *rounds, spatio_error *error)
{
    spatio_fetch *fetch = NULL;
    spatio_status status = spatio_stream_begin(length, options, &fetch, error);
    if (status == SPATIO_OK) status = feed_all(fetch, file, length, error);
    if (status == SPATIO_OK) status = spatio_stream_open(fetch, stream, error);
    if (status == SPATIO_OK) status = spatio_fetch_spent(fetch, rounds, NULL, NULL, error);
    spatio_fetch_free(fetch);
    return status;
}
