package spatio

// #include <spatio.h>
import "C"

import (
	"context"
	"runtime"
)

// answer is what a call that gives columns works with: the library's result, and the queries and
// the cancel that go in. It is used by one call at a time.
type answer struct {
	stopper
	result  *C.spatio_result
	columns C.spatio_columns
	queries []C.spatio_query
	pins    runtime.Pinner
	raw     C.spatio_error
}

func newAnswer() *answer {
	return &answer{columns: C.spatio_columns{struct_size: C.sizeof_spatio_columns}}
}

func (a *answer) reset() uint64 {
	a.raw.code = C.SPATIO_OK
	return uint64(a.columns.rows)
}

func (a *answer) free() {
	C.spatio_result_free(a.result)
	a.result = nil
	a.stopper.free()
}

// stopper holds the cancel by which a context stops a call of the library.
type stopper struct {
	cancel *C.spatio_cancel
}

func (s *stopper) free() {
	C.spatio_cancel_free(s.cancel)
	s.cancel = nil
}

// watch gives the cancel that the context fires, and what ends that: it must be called once the
// library's call is over.
func (s *stopper) watch(ctx context.Context) (cancel *C.spatio_cancel, end func()) {
	if ctx.Done() == nil {
		return nil, func() {}
	}
	if s.cancel == nil {
		s.cancel = C.spatio_cancel_new()
	}
	cancel = s.cancel
	if ctx.Err() != nil {
		// The library sees it, and refuses.
		C.spatio_cancel_fire(cancel)
		return cancel, func() { C.spatio_cancel_reset(cancel) }
	}
	fired := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		C.spatio_cancel_fire(cancel)
		close(fired)
	})
	return cancel, func() {
		if !stop() {
			<-fired
			C.spatio_cancel_reset(cancel)
		}
	}
}

// failed is the error of a call, with the context's cause if that was what stopped it.
func (a *answer) failed(ctx context.Context, op string, status C.spatio_status) error {
	return caused(ctx, failed(op, status, &a.raw))
}

// caused gives an error the context's cause if that was what stopped the call.
func caused(ctx context.Context, err error) error {
	if told, ok := err.(*Error); ok && told.Code == ErrCancelled {
		told.cause = context.Cause(ctx)
	}
	return err
}
