package spatio

// #include <stdlib.h>
// #include <spatio.h>
import "C"

import (
	"runtime"
	"slices"
	"unsafe"
)

// Index is a packed index: boxes, or points, of two, three or four axes that do not change, such
// as towns, roads and walls. It stands apart from any database, is built once and then asked by
// any number of goroutines. The ids of its items are their places in what it was built from.
//
// Coordinates of many boxes lie in one column: those of box 0 on each axis, then of box 1. Close
// it when it is no longer needed; one that is forgotten is freed by the garbage collector.
type Index struct {
	core *index
}

// index is what an Index stands for. It outlives the Index while calls are under way.
type index struct {
	guard
	raw  *C.spatio_index
	dims int
	asks pool[*ask]
}

// OpenIndex opens the file of an index, made by [WriteIndex] or by another program that writes the
// format PSINDEX. The file is mapped: opening costs the same for any number of items. It must not
// be changed in place while it is open, but may be removed or replaced.
//
// It fails with [ErrNotFound] if there is none, and with [ErrCorrupt] if it is no index. What is
// damaged further in is found by the question that comes upon it, or by [Index.Verify].
func OpenIndex(path string) (*Index, error) {
	const op = "index_open"
	text, err := cPath(op, path)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(text))
	core := new(index)
	var raw C.spatio_error
	return core.opened(op, C.spatio_index_open(text, &core.raw, &raw), &raw)
}

// OpenIndexBytes opens an index from the bytes of its file, which are copied.
func OpenIndexBytes(bytes []byte) (*Index, error) {
	const op = "index_open_bytes"
	if misfit != nil {
		return nil, misfit
	}
	core := new(index)
	var raw C.spatio_error
	status := C.spatio_index_open_bytes(cBytes(bytes), C.size_t(len(bytes)), &core.raw, &raw)
	return core.opened(op, status, &raw)
}

// opened makes an Index of what a call opened.
func (i *index) opened(op string, status C.spatio_status, raw *C.spatio_error) (*Index, error) {
	if status != C.SPATIO_OK {
		return nil, failed(op, status, raw)
	}
	info, err := i.info(op)
	if err != nil {
		C.spatio_index_free(i.raw)
		return nil, err
	}
	i.dims = info.Dims
	x := &Index{core: i}
	runtime.AddCleanup(x, func(core *index) { core.shut() }, i)
	return x, nil
}

// Close frees the index once no call uses it; a file that it was opened from stays. Closing again
// does nothing.
func (x *Index) Close() {
	x.core.shut()
}

func (i *index) shut() {
	if _, idle := i.close(); idle {
		i.free()
	}
}

func (i *index) free() {
	i.asks.free()
	C.spatio_index_free(i.raw)
}

// begin begins a call; every begin that succeeds needs an end.
func (i *index) begin(op string) error {
	if !i.enter() {
		return refuse(op, ErrClosed, "the index is closed")
	}
	return nil
}

func (i *index) end() {
	if i.leave() {
		i.free()
	}
}

// IndexInfo is what an index is.
type IndexInfo struct {
	// Dims are the axes of its boxes: 2, 3 or 4.
	Dims int
	// Items is how many it has; their ids are 0 up to, not including, this.
	Items int
	// Bytes that it takes, in memory or as a file.
	Bytes uint64
	// Layout says which trees it has.
	Layout Layout
	// CoordinateBits of the tree of the format: 64 or 32; 0 if it has none.
	CoordinateBits int
	// HasPayloads tells whether its items have payloads, HasValues whether they have values.
	HasPayloads, HasValues bool
	// HasMasks tells whether its items have masks.
	HasMasks bool
	// PrefixBytes of each payload stand once more; 0: none.
	PrefixBytes int
	// Min and Max are the box of all its items, a number for each axis; nil if it has no item.
	Min, Max []float64
}

// Info tells what the index is.
func (x *Index) Info() (IndexInfo, error) {
	const op = "index_get_info"
	if err := x.core.begin(op); err != nil {
		return IndexInfo{}, err
	}
	defer x.core.end()
	return x.core.info(op)
}

func (i *index) info(op string) (IndexInfo, error) {
	raw := C.spatio_index_info{struct_size: C.sizeof_spatio_index_info}
	var e C.spatio_error
	if status := C.spatio_index_get_info(i.raw, &raw, &e); status != C.SPATIO_OK {
		return IndexInfo{}, failed(op, status, &e)
	}
	info := IndexInfo{
		Dims: int(raw.dims), Items: int(raw.items), Bytes: uint64(raw.bytes),
		Layout: Layout(raw.layout), CoordinateBits: int(raw.coordinate_bits),
		HasPayloads: raw.has_payloads != 0, HasValues: raw.has_values != 0,
		HasMasks: raw.has_masks != 0, PrefixBytes: int(raw.prefix_bytes),
	}
	if info.Items > 0 {
		for axis := range info.Dims {
			info.Min = append(info.Min, float64(raw.min[axis]))
			info.Max = append(info.Max, float64(raw.max[axis]))
		}
	}
	return info, nil
}

// Metadata gives what the index says about itself in words.
func (x *Index) Metadata() (IndexMetadata, error) {
	const op = "index_get_metadata"
	if err := x.core.begin(op); err != nil {
		return IndexMetadata{}, err
	}
	defer x.core.end()
	raw := C.spatio_index_metadata{struct_size: C.sizeof_spatio_index_metadata}
	var e C.spatio_error
	if status := C.spatio_index_get_metadata(x.core.raw, &raw, &e); status != C.SPATIO_OK {
		return IndexMetadata{}, failed(op, status, &e)
	}
	return IndexMetadata{
		CRS:         said(raw.crs, raw.crs_length),
		ContentType: said(raw.content_type, raw.content_type_length),
		Attribution: said(raw.attribution, raw.attribution_length),
	}, nil
}

// said copies a text of the library's; nil for NULL.
func said(text *C.char, length C.size_t) *string {
	if text == nil {
		return nil
	}
	copied := string(look[byte](text, uint64(length)))
	return &copied
}

// Bytes copies the bytes of the index, which are those of its file: to be kept or sent, and to be
// opened by [OpenIndexBytes].
func (x *Index) Bytes() ([]byte, error) {
	const op = "index_bytes"
	if err := x.core.begin(op); err != nil {
		return nil, err
	}
	defer x.core.end()
	var bytes *C.uint8_t
	var length C.size_t
	var e C.spatio_error
	status := C.spatio_index_bytes(x.core.raw, &bytes, &length, &e)
	if status != C.SPATIO_OK {
		return nil, failed(op, status, &e)
	}
	return slices.Clone(look[byte](bytes, uint64(length))), nil
}

// Verify looks through all of the index: checksums, the structure of its trees, payloads, words.
// It reads the whole file, and fails with [ErrCorrupt] if something is not what was written.
func (x *Index) Verify() error {
	const op = "index_verify"
	if err := x.core.begin(op); err != nil {
		return err
	}
	defer x.core.end()
	var e C.spatio_error
	if status := C.spatio_index_verify(x.core.raw, &e); status != C.SPATIO_OK {
		return failed(op, status, &e)
	}
	return nil
}
