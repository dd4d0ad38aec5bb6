package spatio

// #include <stdlib.h>
// #include <spatio.h>
import "C"

import (
	"runtime"
	"unsafe"
)

// Fences are polygons with ids that do not change, in memory or in a file: which of them contain a
// point? Any number of goroutines may ask them. Their handles are their places in the order of
// their ids, from 0.
//
// Close them when they are no longer needed; what is forgotten is freed by the garbage collector.
type Fences struct {
	core *frozen[*C.spatio_fences]
}

// OpenFences opens a file that [WriteFences] wrote, as [OpenPack] opens that of a pack. It fails
// with [ErrNotFound] if there is none, with [ErrCorrupt] if it holds no fences, and with
// [ErrUnsupported] if it is a pack.
func OpenFences(path string) (*Fences, error) {
	const op = "fences_open"
	text, err := cPath(op, path)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(text))
	var fences *C.spatio_fences
	var e C.spatio_error
	return openedFences(op, C.spatio_fences_open(text, &fences, &e), &fences, &e)
}

// OpenFencesBytes opens fences from the bytes of their file, which are copied.
func OpenFencesBytes(bytes []byte) (*Fences, error) {
	const op = "fences_open_bytes"
	if misfit != nil {
		return nil, misfit
	}
	var fences *C.spatio_fences
	var e C.spatio_error
	status := C.spatio_fences_open_bytes(cBytes(bytes), C.size_t(len(bytes)), &fences, &e)
	return openedFences(op, status, &fences, &e)
}

// openedFences makes Fences of what a call opened or built.
func openedFences(
	op string, status C.spatio_status, raw **C.spatio_fences, e *C.spatio_error,
) (*Fences, error) {
	if status != C.SPATIO_OK {
		return nil, failed(op, status, e)
	}
	give := func(raw *C.spatio_fences) { C.spatio_fences_free(raw) }
	core := &frozen[*C.spatio_fences]{raw: *raw, give: give, are: "the fences are"}
	f := &Fences{core: core}
	runtime.AddCleanup(f, func(core *frozen[*C.spatio_fences]) { core.shut() }, core)
	return f, nil
}

// Close frees the fences once no call uses them; a file that they were opened from stays. Closing
// again does nothing.
func (f *Fences) Close() {
	f.core.shut()
}

// FencesInfo is what fences are.
type FencesInfo struct {
	// Space says what coordinates mean.
	Space Space
	// Fences is how many there are; their handles are 0 up to, not including, this.
	Fences int
	// Bytes that they take, in memory or as a file.
	Bytes uint64
}

// Info tells what the fences are.
func (f *Fences) Info() (FencesInfo, error) {
	raw := C.spatio_fences_info{struct_size: C.sizeof_spatio_fences_info}
	err := f.core.call("fences_get_info", func(
		fences *C.spatio_fences, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_fences_get_info(fences, &raw, e)
	})
	if err != nil {
		return FencesInfo{}, err
	}
	return FencesInfo{
		Space: Space(raw.space), Fences: int(raw.fences), Bytes: uint64(raw.bytes),
	}, nil
}

// Verify looks through all of the fences: checksums, the tree, every ring. It reads the whole file,
// and fails with [ErrCorrupt] if something is not what was written.
func (f *Fences) Verify() error {
	return f.core.call("fences_verify", func(
		fences *C.spatio_fences, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_fences_verify(fences, e)
	})
}

// Fence is one of [Fences]. What it holds is yours.
type Fence struct {
	Handle Handle
	ID     string
	// Payload is nil if it has none.
	Payload []byte
}

// Get gives the fence with an id; [ErrNotFound] if there is none.
func (f *Fences) Get(id string) (Fence, error) {
	return f.one("fences_get", func(
		fences *C.spatio_fences, fence *C.spatio_fence, e *C.spatio_error,
	) C.spatio_status {
		text, length := cText(id)
		return C.spatio_fences_get(fences, text, length, fence, e)
	})
}

// GetByHandle gives the fence of a handle; [ErrNotFound] if they have no such handle.
func (f *Fences) GetByHandle(handle Handle) (Fence, error) {
	return f.one("fences_get_by_handle", func(
		fences *C.spatio_fences, fence *C.spatio_fence, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_fences_get_by_handle(fences, C.uint64_t(handle), fence, e)
	})
}

// one runs a call that gives one fence, and copies it.
func (f *Fences) one(
	op string, run func(*C.spatio_fences, *C.spatio_fence, *C.spatio_error) C.spatio_status,
) (fence Fence, err error) {
	err = f.core.call(op, func(fences *C.spatio_fences, e *C.spatio_error) C.spatio_status {
		raw := C.spatio_fence{struct_size: C.sizeof_spatio_fence}
		status := run(fences, &raw, e)
		if status == C.SPATIO_OK {
			fence = Fence{
				Handle: Handle(raw.handle), ID: C.GoStringN(raw.id, C.int(raw.id_length)),
				Payload: lent(raw.payload, raw.payload_length, nil),
			}
		}
		return status
	})
	return fence, err
}
