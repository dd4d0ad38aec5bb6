package spatio

// #include <spatio.h>
import "C"

import "context"

// Window is a box, or a point, that a [StreamIndex] is asked about: a number for each axis.
type Window struct {
	// Min are its least coordinates.
	Min []float64
	// Max are its greatest; nil: it is a point.
	Max []float64
}

// check refuses a window of other axes than the index has.
func (w *Window) check(op string, dims int) error {
	if err := whole(op, "Min", w.Min, dims); err != nil {
		return err
	}
	return same(op, "Max", w.Max, dims)
}

// begins is a call that begins a question, answers one that takes its answer.
type (
	begins  func(*C.spatio_stream, **C.spatio_fetch, *C.spatio_error) C.spatio_status
	answers func(*C.spatio_fetch, *ask) C.spatio_status
)

// ask asks a question: begins it, feeds it, and takes the answer.
func (s *stream) ask(
	ctx context.Context, op string, begin begins, take answers, keep func(*ask),
) error {
	if err := s.begin(op); err != nil {
		return err
	}
	defer s.end()
	a := s.asks.take(newAsk)
	defer s.asks.put(a)
	var fetch *C.spatio_fetch
	if status := begin(s.raw, &fetch, &a.raw); status != C.SPATIO_OK {
		return failed(op, status, &a.raw)
	}
	defer C.spatio_fetch_free(fetch)
	if err := s.feed(ctx, op, fetch); err != nil {
		return err
	}
	if status := take(fetch, a); status != C.SPATIO_OK {
		return failed(op, status, &a.raw)
	}
	keep(a)
	return nil
}

// find asks a question whose answer is hits.
func (s *stream) find(ctx context.Context, op string, into *Hits, begin begins) error {
	// The hits may be those whose ranks are asked for, so they are emptied afterwards.
	err := s.ask(ctx, op, begin, func(fetch *C.spatio_fetch, a *ask) C.spatio_status {
		return C.spatio_fetch_hits(fetch, &a.hits, &a.columns, &a.raw)
	}, func(a *ask) {
		into.clear()
		a.copyTo(into)
	})
	if err != nil {
		into.clear()
	}
	return err
}

// number asks a question whose answer is a number.
func (s *stream) number(ctx context.Context, op string, begin begins) (count uint64, err error) {
	var found C.uint64_t
	err = s.ask(ctx, op, begin, func(fetch *C.spatio_fetch, a *ask) C.spatio_status {
		return C.spatio_fetch_count(fetch, &found, &a.raw)
	}, func(*ask) { count = uint64(found) })
	return count, err
}

// Search finds the items that share a point with a window, its borders included: their ids and
// ranks, in no promised order. [ErrInvalidArgument] for a NaN or a Min above its Max, and what the
// reader fails with.
func (x *StreamIndex) Search(ctx context.Context, window Window, into *Hits) error {
	const op = "stream_search"
	if err := window.check(op, x.core.dims); err != nil {
		into.clear()
		return err
	}
	return x.core.find(ctx, op, into, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_search(raw, cFloats(window.Min), cFloats(window.Max), fetch, e)
	})
}

// Count tells how many items share a point with a window. What lies wholly inside is not read.
func (x *StreamIndex) Count(ctx context.Context, window Window) (uint64, error) {
	const op = "stream_count"
	if err := window.check(op, x.core.dims); err != nil {
		return 0, err
	}
	return x.core.number(ctx, op, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_count(raw, cFloats(window.Min), cFloats(window.Max), fetch, e)
	})
}

// StreamAggregate is what the items of a window come to.
type StreamAggregate struct {
	Count uint64
	// Sum is 0 of no items.
	Sum float64
	// Least and Greatest are the extreme values; NaN of no items.
	Least, Greatest float64
	// Mask has all bits of their masks.
	Mask uint64
}

// Aggregate tells what the values of the items of a window come to. [ErrNotFound] if the index has
// nothing to add up.
func (x *StreamIndex) Aggregate(
	ctx context.Context, window Window,
) (found StreamAggregate, err error) {
	const op = "stream_aggregate"
	if err := window.check(op, x.core.dims); err != nil {
		return found, err
	}
	var count, mask C.uint64_t
	var sum, least, greatest C.double
	err = x.core.ask(ctx, op, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_aggregate(raw, cFloats(window.Min), cFloats(window.Max), fetch, e)
	}, func(fetch *C.spatio_fetch, a *ask) C.spatio_status {
		return C.spatio_fetch_aggregate(fetch, &count, &sum, &least, &greatest, &mask, &a.raw)
	}, func(*ask) {
		found = StreamAggregate{
			Count: uint64(count), Sum: float64(sum), Least: float64(least),
			Greatest: float64(greatest), Mask: uint64(mask),
		}
	})
	return found, err
}

// Nearest finds the k items nearest to a point by Euclidean distance, nearest first, of equal
// distances the smaller id first; k may be [NoLimit]. Nothing further than maxDistance is found,
// which may be infinite.
func (x *StreamIndex) Nearest(
	ctx context.Context, point []float64, k int, maxDistance float64, into *Hits,
) error {
	const op = "stream_nearest"
	if err := whole(op, "point", point, x.core.dims); err != nil {
		into.clear()
		return err
	}
	return x.core.find(ctx, op, into, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_nearest(raw, cFloats(point), cLimit(k), C.double(maxDistance),
			fetch, e)
	})
}

// RaycastClosest finds the item that a ray enters first, of several the one with the smallest id:
// one row or none. Its distance is the t at which the ray enters; maxT may be infinite.
func (x *StreamIndex) RaycastClosest(
	ctx context.Context, origin, direction []float64, maxT float64, into *Hits,
) error {
	const op = "stream_raycast_closest"
	err := whole(op, "origin", origin, x.core.dims)
	if err == nil {
		err = whole(op, "direction", direction, x.core.dims)
	}
	if err != nil {
		into.clear()
		return err
	}
	return x.core.find(ctx, op, into, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_raycast_closest(raw, cFloats(origin), cFloats(direction),
			C.double(maxT), fetch, e)
	})
}

// Payloads gives the payloads of items by their ranks, such as those of other hits, by
// [Hits.Payload]: one row for each. [ErrNotFound] if the index has no payloads,
// [ErrInvalidArgument] for a rank beyond its items.
func (x *StreamIndex) Payloads(ctx context.Context, ranks []uint32, into *Hits) error {
	return x.core.find(ctx, "stream_payloads", into, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_payloads(raw, C.size_t(len(ranks)), cItems(ranks), fetch, e)
	})
}

// Prefixes gives the first bytes of payloads, which lie close together, by [Hits.Payload]: as many
// of each as [StreamInfo.PrefixBytes] says. [ErrNotFound] if the file does not have them apart.
func (x *StreamIndex) Prefixes(ctx context.Context, ranks []uint32, into *Hits) error {
	return x.core.find(ctx, "stream_prefixes", into, func(
		raw *C.spatio_stream, fetch **C.spatio_fetch, e *C.spatio_error,
	) C.spatio_status {
		return C.spatio_stream_prefixes(raw, C.size_t(len(ranks)), cItems(ranks), fetch, e)
	})
}
