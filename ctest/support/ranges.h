/* Feeds questions to a streamed index from the bytes of its file, which lie in memory. */
#ifndef SPATIO_CTEST_RANGES_H
#define SPATIO_CTEST_RANGES_H

#include <spatio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Goes round until nothing is wanted, and says by what it was refused. */
spatio_status feed_all(spatio_fetch *fetch, const uint8_t *file, size_t length,
                       spatio_error *error);
/* Opens what is streamed of a file, with options or NULL, and tells the rounds if asked to. */
spatio_status open_stream(const uint8_t *file, size_t length,
                          const spatio_stream_options *options, spatio_stream **stream,
                          uint64_t *rounds, spatio_error *error);

#ifdef __cplusplus
}
#endif

#endif
