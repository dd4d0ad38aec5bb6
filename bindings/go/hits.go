package spatio

// #include <spatio.h>
import "C"

import "unsafe"

// NoItem is no item: what is told of a ray that hits none, or where there is no closest pair.
const NoItem uint32 = C.SPATIO_NO_ITEM

// Hits are the answer of an [Index], a slice for each field: entries with the same index belong to
// one row. A column that the answer does not have is empty. They are yours, and their memory is
// used again by the next call that they are given to, of whichever index: once they have grown to
// their size nothing is allocated. One goroutine at a time may use them.
type Hits struct {
	// Offsets has one number more than there were queries: the rows of query q are Offsets[q] up
	// to, not including, Offsets[q+1]. See Of.
	Offsets []uint64
	// IDs are the items.
	IDs []uint32
	// Others are the other items of pairs.
	Others []uint32
	// Ranks are the places of the items in the tree, by which a [StreamIndex] is asked for their
	// payloads.
	Ranks []uint32
	// Distance is how far the items are, in what the query measures; of rays the t at which they
	// enter.
	Distance []float64

	payloads texts
}

// Len is the number of rows.
func (h *Hits) Len() int {
	return max(len(h.IDs), len(h.Ranks))
}

// Queries is the number of queries that were answered.
func (h *Hits) Queries() int {
	return max(len(h.Offsets), 1) - 1
}

// Of gives the items of one query by themselves. It copies nothing.
func (h *Hits) Of(query int) []uint32 {
	from, to := h.Offsets[query], h.Offsets[query+1]
	return h.IDs[from:to:to]
}

// DistanceOf gives the distances of the items of one query by themselves; nil if the answer has
// none.
func (h *Hits) DistanceOf(query int) []float64 {
	from, to := h.Offsets[query], h.Offsets[query+1]
	if uint64(len(h.Distance)) < to || from == to {
		return nil
	}
	return h.Distance[from:to:to]
}

// Payload is the payload of a row of [Index.Payloads] or [StreamIndex.Payloads] in the memory of
// the hits, which the next call writes over; nil of any other answer.
func (h *Hits) Payload(row int) []byte {
	if len(h.payloads.offsets) == 0 {
		return nil
	}
	return h.payloads.at(row)
}

// clear empties them, so that a call that fails leaves no rows of an earlier one.
func (h *Hits) clear() {
	h.Offsets, h.IDs, h.Others = h.Offsets[:0], h.IDs[:0], h.Others[:0]
	h.Ranks, h.Distance = h.Ranks[:0], h.Distance[:0]
	h.payloads.offsets, h.payloads.bytes = h.payloads.offsets[:0], h.payloads.bytes[:0]
}

// ask is what a call that gives hits works with: the library's memory for them, and the cancel
// that goes in. It is used by one call at a time.
type ask struct {
	stopper
	hits    *C.spatio_hits
	columns C.spatio_hit_columns
	raw     C.spatio_error
}

func newAsk() *ask {
	return &ask{columns: C.spatio_hit_columns{struct_size: C.sizeof_spatio_hit_columns}}
}

func (a *ask) reset() uint64 {
	a.raw.code = C.SPATIO_OK
	return uint64(a.columns.rows)
}

func (a *ask) free() {
	C.spatio_hits_free(a.hits)
	a.hits = nil
	a.stopper.free()
}

// copyTo copies what the call found.
func (a *ask) copyTo(into *Hits) {
	c := &a.columns
	rows := uint64(c.rows)
	into.Offsets = append(into.Offsets, look[uint64](c.offsets, uint64(c.queries)+1)...)
	into.IDs = append(into.IDs, look[uint32](c.ids, rows)...)
	into.Others = append(into.Others, look[uint32](c.others, rows)...)
	into.Ranks = append(into.Ranks, look[uint32](c.ranks, rows)...)
	into.Distance = append(into.Distance, look[float64](c.distance, rows)...)
	found := lookTexts(c.payload_offsets, unsafe.Pointer(c.payloads), rows)
	into.payloads.offsets = append(into.payloads.offsets, found.offsets...)
	into.payloads.bytes = append(into.payloads.bytes, found.bytes...)
}

// fill runs a call that gives hits, and copies them.
func (i *index) fill(
	op string, into *Hits, run func(*C.spatio_index, *ask) C.spatio_status,
) error {
	if err := i.begin(op); err != nil {
		return err
	}
	defer i.end()
	a := i.asks.take(newAsk)
	defer i.asks.put(a)
	if status := run(i.raw, a); status != C.SPATIO_OK {
		return failed(op, status, &a.raw)
	}
	a.copyTo(into)
	return nil
}
