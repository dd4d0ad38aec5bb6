package spatio

/*
#include <stdint.h>
#include <stdlib.h>
#include <spatio.h>

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE
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
#endif

typedef struct spatio_go_arrow {
    struct ArrowSchema schema;
    struct ArrowArray array;
} spatio_go_arrow;

// Releases what was not moved out by another library, and frees the structs.
static void spatio_go_arrow_free(spatio_go_arrow *arrow) {
    if (arrow->array.release != NULL) arrow->array.release(&arrow->array);
    if (arrow->schema.release != NULL) arrow->schema.release(&arrow->schema);
    free(arrow);
}
*/
import "C"

import (
	"context"
	"runtime"
	"sync/atomic"
	"unsafe"
)

// ArrowBatch is an answer as an Arrow struct array (Arrow C data interface, version 1), for
// libraries that read these without a copy.
//
// With the module github.com/apache/arrow-go:
//
//	record, err := cdata.ImportCRecordBatch(
//		(*cdata.CArrowArray)(batch.Array()), (*cdata.CArrowSchema)(batch.Schema()))
type ArrowBatch struct {
	core *arrowBatch
}

type arrowBatch struct {
	raw atomic.Pointer[C.spatio_go_arrow]
}

// Schema points to the struct ArrowSchema; nil once it is released.
func (b *ArrowBatch) Schema() unsafe.Pointer {
	raw := b.core.raw.Load()
	if raw == nil {
		return nil
	}
	return unsafe.Pointer(&raw.schema)
}

// Array points to the struct ArrowArray; nil once it is released.
func (b *ArrowBatch) Array() unsafe.Pointer {
	raw := b.core.raw.Load()
	if raw == nil {
		return nil
	}
	return unsafe.Pointer(&raw.array)
}

// Release frees the structs, and what of them was not moved out by the library that they were
// handed to. Releasing again does nothing.
func (b *ArrowBatch) Release() {
	b.core.release()
}

func (b *arrowBatch) release() {
	if raw := b.raw.Swap(nil); raw != nil {
		C.spatio_go_arrow_free(raw)
	}
}

// QueryArrow asks any number of questions in one call and gives the answer as an Arrow struct
// array without copying it. The columns are handle, x, y, z, time; distance where a query has an
// origin; id and payload where they were asked for. The rows of several queries follow each other.
func (n *Namespace) QueryArrow(ctx context.Context, queries ...Query) (*ArrowBatch, error) {
	const op = "query_arrow"
	return exported(op, func(take func(*answer) error) error {
		return n.run(ctx, op, queries, take)
	})
}

// exported runs a call that gives columns and exports them.
func exported(op string, run func(take func(*answer) error) error) (*ArrowBatch, error) {
	core := new(arrowBatch)
	batch := &ArrowBatch{core: core}
	err := run(func(a *answer) error {
		raw := (*C.spatio_go_arrow)(C.calloc(1, C.sizeof_spatio_go_arrow))
		core.raw.Store(raw)
		status := C.spatio_result_export_arrow(a.result, &raw.schema, &raw.array, &a.raw)
		if status != C.SPATIO_OK {
			core.release()
			return failed(op, status, &a.raw)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	runtime.AddCleanup(batch, func(core *arrowBatch) { core.release() }, core)
	return batch, nil
}

// UpsertArrow writes the rows of an Arrow struct array (Arrow C data interface, version 1): column
// id or handle; x or lon, y or lat; and, if they are there, z or alt, time, payload (by id only).
// The structs stay the caller's. On failure the error's row is the one that was refused.
func (n *Namespace) UpsertArrow(schema, array unsafe.Pointer) (Applied, error) {
	const op = "upsert_arrow"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return Applied{}, err
	}
	defer ns.end()
	var applied, late C.uint64_t
	var e C.spatio_error
	status := C.spatio_upsert_arrow(ns.raw, (*C.struct_ArrowSchema)(schema),
		(*C.struct_ArrowArray)(array), &applied, &late, &e)
	if status != C.SPATIO_OK {
		return Applied{}, failed(op, status, &e)
	}
	return Applied{Applied: int(applied), Late: int(late)}, nil
}
