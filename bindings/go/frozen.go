package spatio

// #include <spatio.h>
import "C"

// frozen is what a Pack or Fences stand for, by a handle of the library that does not change. It
// outlives them while calls are under way.
type frozen[P any] struct {
	guard
	raw P
	// give gives the handle back to the library.
	give func(P)
	// are says what it is, for an error.
	are     string
	answers pool[*answer]
}

func (f *frozen[P]) shut() {
	if _, idle := f.close(); idle {
		f.free()
	}
}

func (f *frozen[P]) free() {
	f.answers.free()
	f.give(f.raw)
}

// begin begins a call; every begin that succeeds needs an end.
func (f *frozen[P]) begin(op string) error {
	if !f.enter() {
		return refuse(op, ErrClosed, "%s closed", f.are)
	}
	return nil
}

func (f *frozen[P]) end() {
	if f.leave() {
		f.free()
	}
}

func (f *frozen[P]) kept() *pool[*answer] {
	return &f.answers
}

// call runs a call that gives no columns. What the library lends must be copied within run.
func (f *frozen[P]) call(op string, run func(P, *C.spatio_error) C.spatio_status) error {
	if err := f.begin(op); err != nil {
		return err
	}
	defer f.end()
	// Its error would be allocated for each call, if it were not kept.
	a := f.answers.take(newAnswer)
	defer f.answers.put(a)
	if status := run(f.raw, &a.raw); status != C.SPATIO_OK {
		return failed(op, status, &a.raw)
	}
	return nil
}
