package main

// #include "crossing.h"
import "C"

import (
	"errors"
	"fmt"

	spatio "github.com/spatio/libspatio/bindings/go"
)

// cWorld does the work in C; crossing into it costs once for many times.
type cWorld struct {
	raw *C.c_world
}

func newCWorld() (*cWorld, error) {
	raw := C.c_world_new()
	if raw == nil {
		return nil, errors.New("the world of C could not be made")
	}
	return &cWorld{raw: raw}, nil
}

func (w *cWorld) close() {
	C.c_world_free(w.raw)
}

// cpuNS is the processor time of the thread, which must be locked.
func cpuNS() float64 {
	return float64(C.c_cpu_ns())
}

func (w *cWorld) get(times int) error {
	return judge(C.c_get(w.raw, C.size_t(times)))
}

func (w *cWorld) move(times int) error {
	return judge(C.c_move(w.raw, C.size_t(times)))
}

func (w *cWorld) moveBatch(times int) error {
	return judge(C.c_move_batch(w.raw, C.size_t(times)))
}

func (w *cWorld) box(times int) error {
	return judge(C.c_box(w.raw, C.size_t(times)))
}

func judge(status C.spatio_status) error {
	if status != C.SPATIO_OK {
		return fmt.Errorf("in C: %w", spatio.Code(status))
	}
	return nil
}
