package spatio

// #include <spatio.h>
import "C"

import "context"

// Estimates are columns of about how many items windows have. Their memory is used again by the
// next call that they are given to.
type Estimates struct {
	// Lower and Upper hold the true number between them.
	Lower, Upper []uint64
	// Guess lies between both, as if items were spread evenly in the boxes of nodes.
	Guess []float64
}

// Estimate tells about how many items share a point with windows. At the stopLevel 0 all three
// numbers are the true one; at 1 items are not looked at, at 2 nor are the lowest nodes, and so on.
// Errors are as of [Index.Search].
func (x *Index) Estimate(windows Boxes, stopLevel int, into *Estimates) error {
	const op = "index_estimate"
	rows, err := windows.rows(op, x.core.dims)
	if err != nil {
		return err
	}
	var level C.uint32_t
	if err := setCount(op, "stopLevel", stopLevel, &level); err != nil {
		return err
	}
	into.Lower, into.Upper = sized(into.Lower, rows), sized(into.Upper, rows)
	into.Guess = sized(into.Guess, rows)
	return x.core.call(op, func(raw *C.spatio_index, e *C.spatio_error) C.spatio_status {
		return C.spatio_index_estimate(raw, C.size_t(rows), cFloats(windows.Min),
			cFloats(windows.Max), level, cOffsets(into.Lower), cOffsets(into.Upper),
			cFloats(into.Guess), e)
	})
}

// AntiJoin finds the items of this index that no item of another is within a Euclidean distance
// of, in no promised order; at 0 those that none touches. Errors are as of [Index.Join].
func (x *Index) AntiJoin(
	ctx context.Context, other *Index, maxDistance float64, into *Hits,
) error {
	const op = "index_anti_join"
	into.clear()
	if err := other.core.begin(op); err != nil {
		return err
	}
	defer other.core.end()
	return x.core.pairs(ctx, op, into, func(
		raw *C.spatio_index, cancel *C.spatio_cancel, a *ask,
	) C.spatio_status {
		return C.spatio_index_anti_join(raw, other.core.raw, C.double(maxDistance), cancel,
			&a.hits, &a.columns, &a.raw)
	})
}

// Pair is two items and the Euclidean distance between them.
type Pair struct {
	// ID is the first item; within one index the one with the smaller id.
	ID uint32
	// Other is the other item; of the other index, if there are two.
	Other uint32
	// Distance is how far they are apart; 0 if they touch.
	Distance float64
}

// ClosestPair finds the two items that are closest to each other, or with another index, which may
// be nil, an item of each. If there is no pair both are [NoItem] and the distance is NaN; of several
// that are equally close it is any one. A context that is done stops it, as of [Index.Pairs].
func (x *Index) ClosestPair(ctx context.Context, other *Index) (Pair, error) {
	const op = "index_closest_pair"
	var beside *C.spatio_index
	if other != nil {
		if err := other.core.begin(op); err != nil {
			return Pair{}, err
		}
		defer other.core.end()
		beside = other.core.raw
	}
	var id, otherID C.uint32_t
	var distance C.double
	err := x.core.stoppable(ctx, op, func(
		raw *C.spatio_index, cancel *C.spatio_cancel, a *ask,
	) C.spatio_status {
		return C.spatio_index_closest_pair(raw, beside, cancel, &id, &otherID, &distance, &a.raw)
	}, func(*ask) {})
	return Pair{ID: uint32(id), Other: uint32(otherID), Distance: float64(distance)}, err
}

// Components tells which items hang together, from one to the next within a Euclidean distance, in
// the memory of buffer if there is room: for each item, by id, the smallest id that it hangs
// together with; its own if it is alone. At 0 those hang together that touch. A context that is
// done stops it, as of [Index.Pairs].
func (x *Index) Components(
	ctx context.Context, maxDistance float64, buffer []uint32,
) ([]uint32, error) {
	const op = "index_components"
	info, err := x.Info()
	if err != nil {
		return nil, err
	}
	labels := sized(buffer, info.Items)
	return labels, x.core.stoppable(ctx, op, func(
		raw *C.spatio_index, cancel *C.spatio_cancel, a *ask,
	) C.spatio_status {
		return C.spatio_index_components(raw, C.double(maxDistance), cancel,
			C.size_t(len(labels)), cItems(labels), &a.raw)
	}, func(*ask) {})
}
