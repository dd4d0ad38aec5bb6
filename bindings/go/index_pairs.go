package spatio

// #include <spatio.h>
import "C"

import "context"

// Pairs finds all pairs of items that are within a Euclidean distance of each other, each once
// with the smaller id in IDs and the other in Others, in no promised order; at 0 those that touch.
// There may be as many as items squared. A context that is done stops it: the error is then
// [ErrCancelled] and the context's cause. [ErrOutOfRange] for a distance that is negative or NaN.
func (x *Index) Pairs(ctx context.Context, maxDistance float64, into *Hits) error {
	return x.core.pairs(ctx, "index_pairs", into, func(
		raw *C.spatio_index, cancel *C.spatio_cancel, a *ask,
	) C.spatio_status {
		return C.spatio_index_pairs(raw, C.double(maxDistance), cancel, &a.hits, &a.columns,
			&a.raw)
	})
}

// Join finds all pairs of an item of this index, in IDs, and one of another, in Others, that are
// within a Euclidean distance of each other; at 0 those that touch. [ErrInvalidArgument] if they
// have not the same number of axes; otherwise see [Index.Pairs].
func (x *Index) Join(
	ctx context.Context, other *Index, maxDistance float64, into *Hits,
) error {
	const op = "index_join"
	into.clear()
	if err := other.core.begin(op); err != nil {
		return err
	}
	defer other.core.end()
	return x.core.pairs(ctx, op, into, func(
		raw *C.spatio_index, cancel *C.spatio_cancel, a *ask,
	) C.spatio_status {
		return C.spatio_index_join(raw, other.core.raw, C.double(maxDistance), cancel, &a.hits,
			&a.columns, &a.raw)
	})
}

// pairs runs a call that finds items, and that a context may stop.
func (i *index) pairs(
	ctx context.Context, op string, into *Hits,
	run func(*C.spatio_index, *C.spatio_cancel, *ask) C.spatio_status,
) error {
	into.clear()
	return i.stoppable(ctx, op, run, func(a *ask) { a.copyTo(into) })
}

// stoppable runs a call that a context may stop, and takes its answer.
func (i *index) stoppable(
	ctx context.Context, op string,
	run func(*C.spatio_index, *C.spatio_cancel, *ask) C.spatio_status, take func(*ask),
) error {
	if err := i.begin(op); err != nil {
		return err
	}
	defer i.end()
	a := i.asks.take(newAsk)
	defer i.asks.put(a)
	cancel, end := a.watch(ctx)
	status := run(i.raw, cancel, a)
	end()
	if status != C.SPATIO_OK {
		return caused(ctx, failed(op, status, &a.raw))
	}
	take(a)
	return nil
}
