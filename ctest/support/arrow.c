/* The maker of Arrow tables. */
#include "arrow.h"

static void release_schema(struct ArrowSchema *schema)
{
    frame *owner = (frame *)schema->private_data;
    owner->released++;
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    frame *owner = (frame *)array->private_data;
    owner->released++;
    array->release = NULL;
}

void frame_begin(frame *frame, int64_t rows)
{
    memset(frame, 0, sizeof *frame);
    frame->schema.format = "+s";
    frame->schema.name = "";
    frame->schema.children = frame->schema_children;
    frame->schema.release = release_schema;
    frame->schema.private_data = frame;
    frame->array.length = rows;
    frame->array.n_buffers = 1;
    frame->array.buffers = frame->no_buffers;
    frame->array.children = frame->array_children;
    frame->array.release = release_array;
    frame->array.private_data = frame;
}

static int64_t add(frame *frame, const char *name, const char *format, int64_t buffers)
{
    const int64_t at = frame->schema.n_children++;
    struct ArrowSchema *column = &frame->columns[at];
    struct ArrowArray *data = &frame->data[at];
    if (at >= FRAME_COLUMNS) abort();
    frame->array.n_children++;
    frame->schema_children[at] = column;
    frame->array_children[at] = data;
    column->format = format;
    column->name = name;
    column->release = release_schema;
    column->private_data = frame;
    data->length = frame->array.length;
    data->n_buffers = buffers;
    data->buffers = frame->buffers[at];
    data->release = release_array;
    data->private_data = frame;
    return at;
}

void frame_add(frame *frame, const char *name, const char *format, const void *values)
{
    const int64_t at = add(frame, name, format, 2);
    frame->buffers[at][1] = values;
}

void frame_add_bytes(frame *frame, const char *name, const char *format, const void *offsets,
                     const void *bytes)
{
    const int64_t at = add(frame, name, format, 3);
    frame->buffers[at][1] = offsets;
    frame->buffers[at][2] = bytes;
}
