package spatio

// #include <spatio.h>
import "C"

import "context"

// FenceColumns say which columns the fences that are found have beside their handles, which are the
// quickest by themselves; added up by |.
type FenceColumns uint32

const (
	// FenceHandles has no other.
	FenceHandles FenceColumns = 0
	// FenceIDs has ids, for [Columns.ID].
	FenceIDs FenceColumns = C.SPATIO_QUERY_WITH_IDS
	// FencePayloads has payloads, for [Columns.Payload].
	FencePayloads FenceColumns = C.SPATIO_QUERY_WITH_PAYLOADS
)

// Containing finds the fences that contain each of many points, borders included, in the order of
// their ids, and copies the answer: the fences of point i are Of(i). x are longitudes and y
// latitudes in degrees, or x and y. On failure the error's row is the point that was refused:
// [ErrOutOfRange] for one that is not on the globe, or not finite; [ErrCorrupt] for what is damaged
// on the way.
func (f *Fences) Containing(x, y []float64, with FenceColumns) (*Columns, error) {
	var copied *Columns
	err := f.containing(x, y, with, copyTo(&copied))
	return copied, err
}

// ViewContaining is [Fences.Containing] without a copy: it shows the answer to look where the
// library has it, and returns the error of look.
func (f *Fences) ViewContaining(
	look func(found *Columns) error, x, y []float64, with FenceColumns,
) error {
	return f.containing(x, y, with, show(look))
}

func (f *Fences) containing(
	x, y []float64, with FenceColumns, take func(*answer) error,
) error {
	const op = "fences_containing"
	rows := len(x)
	if err := whole(op, "y", y, rows); err != nil {
		return err
	}
	return f.found(op, take, func(fences *C.spatio_fences, a *answer) C.spatio_status {
		return C.spatio_fences_containing(fences, C.size_t(rows), cFloats(x), cFloats(y),
			C.uint32_t(with), &a.result, &a.columns, &a.raw)
	})
}

// Intersecting finds the fences that share a point with each of many boxes, as [Fences.Containing]
// does. A minX above maxX crosses the antimeridian in geographic fences.
func (f *Fences) Intersecting(
	minX, minY, maxX, maxY []float64, with FenceColumns,
) (*Columns, error) {
	var copied *Columns
	err := f.intersecting(minX, minY, maxX, maxY, with, copyTo(&copied))
	return copied, err
}

// ViewIntersecting is [Fences.Intersecting] without a copy: it shows the answer to look where the
// library has it, and returns the error of look.
func (f *Fences) ViewIntersecting(
	look func(found *Columns) error, minX, minY, maxX, maxY []float64, with FenceColumns,
) error {
	return f.intersecting(minX, minY, maxX, maxY, with, show(look))
}

func (f *Fences) intersecting(
	minX, minY, maxX, maxY []float64, with FenceColumns, take func(*answer) error,
) error {
	const op = "fences_intersecting"
	rows := len(minX)
	for _, err := range [...]error{
		whole(op, "minY", minY, rows), whole(op, "maxX", maxX, rows),
		whole(op, "maxY", maxY, rows),
	} {
		if err != nil {
			return err
		}
	}
	return f.found(op, take, func(fences *C.spatio_fences, a *answer) C.spatio_status {
		return C.spatio_fences_intersecting(fences, C.size_t(rows), cFloats(minX), cFloats(minY),
			cFloats(maxX), cFloats(maxY), C.uint32_t(with), &a.result, &a.columns, &a.raw)
	})
}

// found runs a call that finds fences and hands the columns to take.
func (f *Fences) found(
	op string, take func(*answer) error, run func(*C.spatio_fences, *answer) C.spatio_status,
) error {
	core := f.core
	return answered(context.Background(), core, op, take, func(
		_ *C.spatio_cancel, a *answer,
	) (C.spatio_status, error) {
		return run(core.raw, a), nil
	})
}
