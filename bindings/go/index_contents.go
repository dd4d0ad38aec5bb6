package spatio

// #include <spatio.h>
import "C"

// Payload gives the payload of an item, in the memory of buffer if there is room; nil if the index
// has no payloads, [ErrNotFound] if there is no such item.
func (x *Index) Payload(id uint32, buffer []byte) ([]byte, error) {
	const op = "index_payload"
	if err := x.core.begin(op); err != nil {
		return nil, err
	}
	defer x.core.end()
	var payload *C.uint8_t
	var length C.size_t
	var e C.spatio_error
	status := C.spatio_index_payload(x.core.raw, C.uint32_t(id), &payload, &length, &e)
	if status != C.SPATIO_OK {
		return nil, failed(op, status, &e)
	}
	return lent(payload, length, buffer), nil
}

// lent copies a payload that the library lends, into the memory of buffer if there is room; nil for
// NULL.
func lent(payload *C.uint8_t, length C.size_t, buffer []byte) []byte {
	if payload == nil {
		return nil
	}
	found := sized(buffer, int(length))
	if found == nil {
		// No bytes are something else than no payload.
		found = []byte{}
	}
	copy(found, look[byte](payload, uint64(length)))
	return found
}

// Payloads gives the payloads of items, such as those of other hits, by [Hits.Payload]: one row
// for each. If the index has no payloads each has no bytes. On failure the error's row is the item
// that there is not.
func (x *Index) Payloads(ids []uint32, into *Hits) error {
	err := x.core.fill("index_payloads", into, func(
		raw *C.spatio_index, a *ask,
	) C.spatio_status {
		// The hits may be those that ids is a column of, so they are emptied afterwards.
		defer into.clear()
		return C.spatio_index_payloads(raw, C.size_t(len(ids)), cItems(ids), &a.hits, &a.columns,
			&a.raw)
	})
	if err != nil {
		into.clear()
	}
	return err
}

// Boxes gives the boxes of items as they are stored, in the memory of into if there is room: exact,
// or with coordinates of 32 bits a little larger. On failure the error's row is the item that there
// is not.
func (x *Index) Boxes(ids []uint32, into *Boxes) error {
	const op = "index_boxes"
	numbers := len(ids) * x.core.dims
	into.Min, into.Max = sized(into.Min, numbers), sized(into.Max, numbers)
	return x.core.call(op, func(raw *C.spatio_index, e *C.spatio_error) C.spatio_status {
		return C.spatio_index_boxes(raw, C.size_t(len(ids)), cItems(ids), cFloats(into.Min),
			cFloats(into.Max), e)
	})
}

// Aggregates are columns of what values and masks come to, one row for each window. Their memory is used
// again by the next call that they are given to.
type Aggregates struct {
	// Counts are how many items share a point with the window.
	Counts []uint64
	// Sums are 0 of no items or without values. The order of adding up is not told, so the last digits may differ
	// from those of another order.
	Sums []float64
	// Least and Greatest are the extreme values; NaN of no items or without values.
	Least, Greatest []float64
	// Masks are all bits of any mask; 0 of no items or without masks.
	Masks []uint64
}

// Aggregate tells how many items share a point with windows, and what their values and masks come
// to. What lies wholly inside of a window is not looked at. [ErrUnsupported] if the index has
// neither; else as [Index.Search].
func (x *Index) Aggregate(windows Boxes, into *Aggregates) error {
	const op = "index_aggregate"
	rows, err := windows.rows(op, x.core.dims)
	if err != nil {
		return err
	}
	into.Counts, into.Sums = sized(into.Counts, rows), sized(into.Sums, rows)
	into.Least, into.Greatest = sized(into.Least, rows), sized(into.Greatest, rows)
	into.Masks = sized(into.Masks, rows)
	return x.core.call(op, func(raw *C.spatio_index, e *C.spatio_error) C.spatio_status {
		return C.spatio_index_aggregate(raw, C.size_t(rows), cFloats(windows.Min),
			cFloats(windows.Max), cOffsets(into.Counts), cFloats(into.Sums),
			cFloats(into.Least), cFloats(into.Greatest), cOffsets(into.Masks), e)
	})
}
