package spatio

// #include <stdlib.h>
// #include <spatio.h>
import "C"

import "unsafe"

// FenceItems is what fences are built from, a slice for each field: entries with the same index
// belong to one fence.
type FenceItems struct {
	// Space says what coordinates mean.
	Space Space
	// IDs have 1 to 255 bytes each; none is there twice.
	IDs []string
	// Polygons are the areas. The same one may be there several times. Edges are straight in
	// longitude and latitude; what crosses the antimeridian is to be cut there.
	Polygons []*Polygon
	// Payloads are bytes for each fence; one without bytes is none. Nil: no fence has one.
	Payloads [][]byte
}

// BuildFences builds fences in memory, of copies. On failure the error's row is the fence that was
// refused: [ErrInvalidArgument] for an id that is empty or there twice, [ErrOutOfRange] for a
// polygon that leaves the globe.
func BuildFences(items FenceItems) (*Fences, error) {
	const op = "fences_build"
	if misfit != nil {
		return nil, misfit
	}
	b, err := items.ready(op)
	if err != nil {
		return nil, err
	}
	defer b.leave()
	var fences *C.spatio_fences
	var e C.spatio_error
	status := C.spatio_fences_build(C.uint32_t(items.Space), C.size_t(len(b.polygons)),
		cOffsets(b.ids.offsets), cChars(b.ids.bytes), unsafe.SliceData(b.polygons),
		cOffsets(b.payloads.offsets), cBytes(b.payloads.bytes), &fences, &e)
	return openedFences(op, status, &fences, &e)
}

// WriteFences builds fences into a file, and tells how long that is. The file appears under its
// name as that of [Namespace.Freeze] does; errors are as of [BuildFences].
func WriteFences(path string, items FenceItems, options FreezeOptions) (bytes uint64, err error) {
	const op = "fences_write"
	how, err := options.raw(op)
	if err != nil {
		return 0, err
	}
	text, err := cPath(op, path)
	if err != nil {
		return 0, err
	}
	defer C.free(unsafe.Pointer(text))
	b, err := items.ready(op)
	if err != nil {
		return 0, err
	}
	defer b.leave()
	var length C.uint64_t
	var e C.spatio_error
	status := C.spatio_fences_write(text, C.uint32_t(items.Space), C.size_t(len(b.polygons)),
		cOffsets(b.ids.offsets), cChars(b.ids.bytes), unsafe.SliceData(b.polygons),
		cOffsets(b.payloads.offsets), cBytes(b.payloads.bytes), &how, &length, &e)
	if status != C.SPATIO_OK {
		return 0, failed(op, status, &e)
	}
	return uint64(length), nil
}

// fencing is what fences are built from, as the library wants it.
type fencing struct {
	ids, payloads texts
	polygons      []*C.spatio_polygon
	// entered are those of the polygons, which stay open until leave.
	entered []*polygon
}

// ready checks the columns and puts them into the library's words. If it does not fail, what it
// gives is to be left.
func (items *FenceItems) ready(op string) (*fencing, error) {
	rows := len(items.IDs)
	for _, err := range [...]error{
		whole(op, "Polygons", items.Polygons, rows), same(op, "Payloads", items.Payloads, rows),
	} {
		if err != nil {
			return nil, err
		}
	}
	b := new(fencing)
	put(&b.ids, items.IDs)
	if items.Payloads != nil {
		put(&b.payloads, items.Payloads)
	}
	for _, polygon := range items.Polygons {
		if err := polygon.core.begin(op); err != nil {
			b.leave()
			return nil, err
		}
		b.entered = append(b.entered, polygon.core)
		b.polygons = append(b.polygons, polygon.core.raw)
	}
	return b, nil
}

// leave ends what ready began.
func (b *fencing) leave() {
	for _, polygon := range b.entered {
		polygon.end()
	}
}
