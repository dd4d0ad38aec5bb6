/* The two structs of the Arrow C data interface, as its specification prints them, and a small
 * maker of columns to import.
 *
 * Source: https://arrow.apache.org/docs/format/CDataInterface.html */
#ifndef SPATIO_CTEST_ARROW_H
#define SPATIO_CTEST_ARROW_H

#include "test.h"

#define ARROW_FLAG_NULLABLE 2

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#define FRAME_COLUMNS 6

/* A table to import. Its buffers belong to the test; `released` counts calls of its callbacks. */
typedef struct frame {
    struct ArrowSchema schema, columns[FRAME_COLUMNS];
    struct ArrowArray array, data[FRAME_COLUMNS];
    struct ArrowSchema *schema_children[FRAME_COLUMNS];
    struct ArrowArray *array_children[FRAME_COLUMNS];
    const void *no_buffers[1];
    const void *buffers[FRAME_COLUMNS][3];
    int released;
} frame;

/* An empty table of `rows` rows. */
void frame_begin(frame *frame, int64_t rows);
/* Adds a column of fixed width. */
void frame_add(frame *frame, const char *name, const char *format, const void *values);
/* Adds a column of strings or bytes, with offsets of the width that the format says. */
void frame_add_bytes(frame *frame, const char *name, const char *format, const void *offsets,
                     const void *bytes);

#endif
