package spatio

// #include <stdlib.h>
// #include <spatio.h>
import "C"

import (
	"runtime"
	"time"
	"unsafe"
)

// Pack is the objects of a namespace as they were when [Namespace.Freeze] wrote them. It stands
// apart from any database, never changes, and any number of goroutines may ask it. Its handles are
// its own: the places of its objects in the order of their ids, from 0.
//
// Close it when it is no longer needed; one that is forgotten is freed by the garbage collector.
type Pack struct {
	core *frozen[*C.spatio_pack]
}

// OpenPack opens a file that [Namespace.Freeze] wrote. The file is mapped: opening costs the same
// for any number of objects. It must not be changed in place while it is open, but may be removed
// or replaced.
//
// It fails with [ErrNotFound] if there is none, with [ErrCorrupt] if it is no pack, and with
// [ErrUnsupported] if it holds fences. What is damaged further in is found by the question that
// comes upon it, or by [Pack.Verify].
func OpenPack(path string) (*Pack, error) {
	const op = "pack_open"
	text, err := cPath(op, path)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(text))
	var pack *C.spatio_pack
	var e C.spatio_error
	return openedPack(op, C.spatio_pack_open(text, &pack, &e), &pack, &e)
}

// OpenPackBytes opens a pack from the bytes of its file, which are copied.
func OpenPackBytes(bytes []byte) (*Pack, error) {
	const op = "pack_open_bytes"
	if misfit != nil {
		return nil, misfit
	}
	var pack *C.spatio_pack
	var e C.spatio_error
	status := C.spatio_pack_open_bytes(cBytes(bytes), C.size_t(len(bytes)), &pack, &e)
	return openedPack(op, status, &pack, &e)
}

// openedPack makes a Pack of what a call opened.
func openedPack(
	op string, status C.spatio_status, raw **C.spatio_pack, e *C.spatio_error,
) (*Pack, error) {
	if status != C.SPATIO_OK {
		return nil, failed(op, status, e)
	}
	give := func(raw *C.spatio_pack) { C.spatio_pack_free(raw) }
	core := &frozen[*C.spatio_pack]{raw: *raw, give: give, are: "the pack is"}
	p := &Pack{core: core}
	runtime.AddCleanup(p, func(core *frozen[*C.spatio_pack]) { core.shut() }, core)
	return p, nil
}

// Close frees the pack once no call uses it; a file that it was opened from stays. Closing again
// does nothing.
func (p *Pack) Close() {
	p.core.shut()
}

// PackInfo is what a pack is.
type PackInfo struct {
	// Space says what coordinates mean.
	Space Space
	// Objects is how many it has; their handles are 0 up to, not including, this.
	Objects int
	// Bytes of the file.
	Bytes uint64
	// Frozen is when it was frozen by the database's clock: the present of every question.
	Frozen time.Time
	// Dims is how many coordinates are stored: 2 if all altitudes are 0, else 3.
	Dims int
}

// Info tells what the pack is.
func (p *Pack) Info() (PackInfo, error) {
	raw := C.spatio_pack_info{struct_size: C.sizeof_spatio_pack_info}
	err := p.core.call("pack_get_info", func(
		pack *C.spatio_pack, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_pack_get_info(pack, &raw, e)
	})
	if err != nil {
		return PackInfo{}, err
	}
	return PackInfo{
		Space: Space(raw.space), Objects: int(raw.objects), Bytes: uint64(raw.bytes),
		Frozen: moment(int64(raw.frozen_us)), Dims: int(raw.dims),
	}, nil
}

// Verify looks through all of the pack: checksums, the tree, the order of ids. It reads the whole
// file, and fails with [ErrCorrupt] if something is not what was written.
func (p *Pack) Verify() error {
	return p.core.call("pack_verify", func(
		pack *C.spatio_pack, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_pack_verify(pack, e)
	})
}

// Get gives an object of the pack; [ErrNotFound] if it is not here.
func (p *Pack) Get(id string) (object Object, err error) {
	err = p.core.call("pack_get", func(pack *C.spatio_pack, e *C.spatio_error) C.spatio_status {
		raw := C.spatio_object{struct_size: C.sizeof_spatio_object}
		text, length := cText(id)
		status := C.spatio_pack_get(pack, text, length, &raw, e)
		if status != C.SPATIO_OK {
			return status
		}
		object.put(&raw)
		var payload *C.uint8_t
		var bytes C.size_t
		status = C.spatio_pack_payload(pack, raw.handle, &payload, &bytes, e)
		object.Payload = lent(payload, bytes, nil)
		return status
	})
	if err != nil {
		return Object{}, err
	}
	return object, nil
}

// ID gives the id of a handle; [ErrNotFound] if the pack has no such handle.
func (p *Pack) ID(handle Handle) (id string, err error) {
	err = p.core.call("pack_id", func(pack *C.spatio_pack, e *C.spatio_error) C.spatio_status {
		var text *C.char
		var length C.size_t
		status := C.spatio_pack_id(pack, C.uint64_t(handle), &text, &length, e)
		id = C.GoStringN(text, C.int(length))
		return status
	})
	return id, err
}

// Payload gives the payload of an object, in the memory of buffer if there is room; nil if it has
// none, [ErrNotFound] if the pack has no such handle.
func (p *Pack) Payload(handle Handle, buffer []byte) (payload []byte, err error) {
	err = p.core.call("pack_payload", func(
		pack *C.spatio_pack, e *C.spatio_error,
	) C.spatio_status {
		var bytes *C.uint8_t
		var length C.size_t
		status := C.spatio_pack_payload(pack, C.uint64_t(handle), &bytes, &length, e)
		payload = lent(bytes, length, buffer)
		return status
	})
	return payload, err
}
