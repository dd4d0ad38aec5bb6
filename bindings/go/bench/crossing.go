package main

// #include "crossing.h"
import "C"

import (
	"fmt"
	"unsafe"

	spatio "github.com/spatio/libspatio/bindings/go"
)

// cWorld does the work in C; crossing into it costs once for many times.
type cWorld struct {
	raw *C.c_world
}

func newCWorld(ids []string, x, y []float64) *cWorld {
	offsets, bytes := []uint64{0}, []byte{}
	for _, id := range ids {
		bytes = append(bytes, id...)
		offsets = append(offsets, uint64(len(bytes)))
	}
	raw := C.c_world_new(C.size_t(len(ids)), batch,
		(*C.uint64_t)(unsafe.Pointer(&offsets[0])), (*C.char)(unsafe.Pointer(&bytes[0])),
		(*C.double)(unsafe.Pointer(&x[0])), (*C.double)(unsafe.Pointer(&y[0])))
	if raw == nil {
		return nil
	}
	return &cWorld{raw: raw}
}

func (w *cWorld) close() {
	C.c_world_free(w.raw)
}

func (w *cWorld) findHandle(times int) error {
	return judge(C.c_find_handle(w.raw, C.size_t(times)))
}

func (w *cWorld) move(times int) error {
	return judge(C.c_move(w.raw, C.size_t(times)))
}

func (w *cWorld) moveBatch(times int) error {
	return judge(C.c_move_batch(w.raw, C.size_t(times)))
}

func (w *cWorld) query(times int) error {
	return judge(C.c_query(w.raw, C.size_t(times)))
}

func judge(status C.spatio_status) error {
	if status != C.SPATIO_OK {
		return fmt.Errorf("in C: %w", spatio.Code(status))
	}
	return nil
}
