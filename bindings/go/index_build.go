package spatio

// #include <stdlib.h>
// #include <spatio.h>
import "C"

import (
	"runtime"
	"unsafe"
)

// Layout says which trees an index has. All give the same answers.
type Layout uint32

const (
	// LayoutFast is the library's own tree: the smallest and the fastest one, which other programs
	// do not know.
	LayoutFast Layout = C.SPATIO_INDEX_FAST
	// LayoutOrigin is the tree of the format PSINDEX, which other programs read; of two or three
	// axes.
	LayoutOrigin Layout = C.SPATIO_INDEX_ORIGIN
	// LayoutBoth has both: other programs read the one, this library asks the other.
	LayoutBoth Layout = C.SPATIO_INDEX_BOTH
)

// Boxes are boxes, or points, in columns: as many numbers for each as the index has axes, those of
// box 0, then those of box 1.
type Boxes struct {
	// Min are their least coordinates.
	Min []float64
	// Max are their greatest; nil: they are points.
	Max []float64
}

// Points are boxes that are points: as many numbers for each as the index has axes.
func Points(coordinates ...float64) Boxes {
	return Boxes{Min: coordinates}
}

// IndexItems is what an index is built from.
type IndexItems struct {
	// Dims are the axes of the boxes: 2, 3 or 4.
	Dims int
	// Boxes are the items. Infinities are fine, NaN is not.
	Boxes
	// Payloads are bytes for each item; nil: none.
	Payloads [][]byte
	// Values are a number for each item, to be summed up by [Index.Aggregate]; nil: none. A tree of
	// the format needs 64 bits for them.
	Values []float64
	// Masks are 64 bits for each item, to be united by [Index.Aggregate]; nil: none. As for Values.
	Masks []uint64
	// Metadata is what the index says about itself.
	Metadata IndexMetadata
}

// IndexMetadata is what an index says about itself in words; nil where it says nothing.
type IndexMetadata struct {
	// CRS is the coordinate reference system, such as "EPSG:4326".
	CRS *string
	// ContentType says what the payloads are, as a media type, such as "application/json".
	ContentType *string
	// Attribution says whose data it is.
	Attribution *string
}

// IndexOptions say how an index is built; what is 0 has its default.
type IndexOptions struct {
	// Layout says which trees it has; LayoutFast by default.
	Layout Layout
	// CoordinateBits of the tree of the format: 64, the default, or 32, which takes half the room
	// and makes boxes a little larger, so that items near a border may be found too.
	CoordinateBits int
	// NodeSize is the most children of a node of the tree of the format; 16 by default.
	NodeSize int
	// Interleaved puts the number of a box behind it in the tree of the format, for readers that
	// fetch parts of a file.
	Interleaved bool
	// Threads that build LayoutFast; 1 by default. The bytes do not depend on it.
	Threads int
	// PrefixBytes is how many bytes of each payload stand once more, close together, for readers
	// that fetch parts of a file; none by default. It needs payloads.
	PrefixBytes int
}

// BuildIndex builds an index in memory, of copies. On failure the error's row is the box that was
// refused: [ErrInvalidArgument] for a NaN or a box whose least coordinate is above its greatest.
func BuildIndex(items IndexItems, options IndexOptions) (*Index, error) {
	const op = "index_build"
	if misfit != nil {
		return nil, misfit
	}
	b, err := items.ready(op, &options)
	defer b.pins.Unpin()
	if err != nil {
		return nil, err
	}
	core := new(index)
	var raw C.spatio_error
	status := C.spatio_index_build(C.uint32_t(items.Dims), b.rows, cFloats(items.Min),
		cFloats(items.Max), cOffsets(b.payloads.offsets), cBytes(b.payloads.bytes),
		cFloats(items.Values), cOffsets(items.Masks), &b.metadata, &b.options, &core.raw, &raw)
	return core.opened(op, status, &raw)
}

// WriteIndex builds an index into a file, and tells how long that is. The file is written under
// another name beside it, made durable and then renamed: one that was there is replaced as a
// whole, and an index that has it open keeps what it had. Errors are as of [BuildIndex].
func WriteIndex(path string, items IndexItems, options IndexOptions) (bytes uint64, err error) {
	const op = "index_write"
	text, err := cPath(op, path)
	if err != nil {
		return 0, err
	}
	defer C.free(unsafe.Pointer(text))
	b, err := items.ready(op, &options)
	defer b.pins.Unpin()
	if err != nil {
		return 0, err
	}
	var length C.uint64_t
	var raw C.spatio_error
	status := C.spatio_index_write(text, C.uint32_t(items.Dims), b.rows, cFloats(items.Min),
		cFloats(items.Max), cOffsets(b.payloads.offsets), cBytes(b.payloads.bytes),
		cFloats(items.Values), cOffsets(items.Masks), &b.metadata, &b.options, &length, &raw)
	if status != C.SPATIO_OK {
		return 0, failed(op, status, &raw)
	}
	return uint64(length), nil
}

// building is what an index is built from, as the library wants it.
type building struct {
	rows     C.size_t
	payloads texts
	metadata C.spatio_index_metadata
	options  C.spatio_index_options
	// pins keep the words of the metadata in place.
	pins runtime.Pinner
}

// emptyText is where a text without bytes lies, which says something else than NULL.
var emptyText = C.CString("")

// ready checks the columns and puts them into the library's words. Its pins are to be taken out,
// also if it fails.
func (items *IndexItems) ready(op string, options *IndexOptions) (*building, error) {
	b := new(building)
	rows, err := items.Boxes.rows(op, items.Dims)
	if err != nil {
		return b, err
	}
	for _, err := range [...]error{
		same(op, "Payloads", items.Payloads, rows), same(op, "Values", items.Values, rows),
		same(op, "Masks", items.Masks, rows),
	} {
		if err != nil {
			return b, err
		}
	}
	b.rows = C.size_t(rows)
	if items.Payloads != nil {
		b.payloads.offsets = make([]uint64, 0, rows+1)
		put(&b.payloads, items.Payloads)
	}
	b.say(&items.Metadata)
	return b, b.choose(op, options)
}

// say puts the words into the library's struct.
func (b *building) say(m *IndexMetadata) {
	b.metadata.struct_size = C.sizeof_spatio_index_metadata
	b.metadata.crs, b.metadata.crs_length = b.pin(m.CRS)
	b.metadata.content_type, b.metadata.content_type_length = b.pin(m.ContentType)
	b.metadata.attribution, b.metadata.attribution_length = b.pin(m.Attribution)
}

// pin is a view of a text that stays in place; NULL if there is none.
func (b *building) pin(text *string) (*C.char, C.size_t) {
	if text == nil {
		return nil, 0
	}
	if *text == "" {
		return emptyText, 0
	}
	b.pins.Pin(unsafe.StringData(*text))
	return cText(*text)
}

// choose puts the options into the library's words.
func (b *building) choose(op string, options *IndexOptions) error {
	C.spatio_index_options_init(&b.options, C.sizeof_spatio_index_options)
	b.options.layout = C.uint32_t(options.Layout)
	if options.Interleaved {
		b.options.interleaved = 1
	}
	for _, given := range [...]struct {
		name  string
		value int
		raw   *C.uint32_t
	}{
		{"CoordinateBits", options.CoordinateBits, &b.options.coordinate_bits},
		{"NodeSize", options.NodeSize, &b.options.node_size},
		{"Threads", options.Threads, &b.options.threads},
		{"PrefixBytes", options.PrefixBytes, &b.options.prefix_bytes},
	} {
		if err := setCount(op, given.name, given.value, given.raw); err != nil {
			return err
		}
	}
	return nil
}

// setCount puts a number of an option into the library's words; 0 leaves the default.
func setCount(op, name string, value int, raw *C.uint32_t) error {
	if value < 0 || int64(value) > 1<<31 {
		return refuse(op, ErrInvalidArgument, "%s is %d", name, value)
	}
	if value > 0 {
		*raw = C.uint32_t(value)
	}
	return nil
}

// rows is how many boxes there are.
func (b *Boxes) rows(op string, dims int) (int, error) {
	if dims <= 0 {
		// The library says what is wrong with it.
		return 0, same(op, "Max", b.Max, len(b.Min))
	}
	if len(b.Min)%dims != 0 {
		return 0, refuse(op, ErrInvalidArgument,
			"column Min has %d numbers, which are no boxes of %d axes", len(b.Min), dims)
	}
	return len(b.Min) / dims, same(op, "Max", b.Max, len(b.Min))
}
