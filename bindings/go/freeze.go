package spatio

// #include <stdlib.h>
// #include <spatio.h>
import "C"

import "unsafe"

// FreezeOptions say how the file of a pack or of fences is written; what is 0 has its default.
type FreezeOptions struct {
	// Layout says which trees it has; LayoutFast by default. With LayoutOrigin or LayoutBoth every
	// reader of the format PSINDEX finds boxes in it.
	Layout Layout
	// Threads that build LayoutFast; 1 by default. The bytes do not depend on it.
	Threads int
}

// raw puts the options into the library's words.
func (o FreezeOptions) raw(op string) (C.spatio_freeze_options, error) {
	var raw C.spatio_freeze_options
	C.spatio_freeze_options_init(&raw, C.sizeof_spatio_freeze_options)
	raw.layout = C.uint32_t(o.Layout)
	return raw, setCount(op, "Threads", o.Threads, &raw.threads)
}

// Frozen says what a namespace was frozen into.
type Frozen struct {
	// Objects is how many were written.
	Objects int
	// Bytes is the length of the file.
	Bytes uint64
}

// Freeze writes all live objects of the namespace, with ids, positions, times and payloads, into a
// file that never changes: [OpenPack] answers queries from it as the namespace does now.
//
// The file appears under its name whole and durable, or not at all. One that was there is replaced,
// and a pack that has it open keeps what it had. Writers go on meanwhile: each object is as one
// update left it, and one that comes or goes during the call may be in it or not. The folder must
// exist, or it fails with [ErrNotFound].
func (n *Namespace) Freeze(path string, options FreezeOptions) (Frozen, error) {
	const op = "freeze"
	how, err := options.raw(op)
	if err != nil {
		return Frozen{}, err
	}
	text, err := cPath(op, path)
	if err != nil {
		return Frozen{}, err
	}
	defer C.free(unsafe.Pointer(text))
	ns := n.core
	if err := ns.begin(op); err != nil {
		return Frozen{}, err
	}
	defer ns.end()
	var objects, bytes C.uint64_t
	var e C.spatio_error
	status := C.spatio_freeze(ns.raw, text, &how, &objects, &bytes, &e)
	if status != C.SPATIO_OK {
		return Frozen{}, failed(op, status, &e)
	}
	return Frozen{Objects: int(objects), Bytes: uint64(bytes)}, nil
}
