package spatio

// #include <spatio.h>
import "C"

import (
	"context"
	"time"
)

// Order says in which order a track is given, and which end of it a limit keeps.
type Order uint32

const (
	// OldestFirst gives positions in the order of their times.
	OldestFirst Order = C.SPATIO_OLDEST_FIRST
	// NewestFirst gives positions against the order of their times.
	NewestFirst Order = C.SPATIO_NEWEST_FIRST
)

// Interpolation says where an object was between two known positions.
type Interpolation uint32

const (
	// Linear: on the straight line between them; after the last one, there.
	Linear Interpolation = C.SPATIO_INTERPOLATE_LINEAR
	// Last: at the earlier one.
	Last Interpolation = C.SPATIO_INTERPOLATE_LAST
)

// Span is a part of the past: from Start to End, which both belong to it, and of each object at
// most Limit positions, the first in the order ([NoLimit] for all).
type Span struct {
	Start, End time.Time
	Order      Order
	Limit      int
}

// Track is the positions of one object for [Namespace.InsertTrajectory].
type Track struct {
	// TimeUS are event times in microseconds since 1970-01-01 UTC.
	TimeUS []int64
	X, Y   []float64
	// Z may be nil: all 0.
	Z []float64
}

// InsertTrajectory adds past positions to an object's track, in any order, and tells how many.
// The newest becomes its present state, unless that is newer still. It fails with
// [ErrUnsupported] if the namespace keeps no history.
func (n *Namespace) InsertTrajectory(id string, track Track) (inserted int, err error) {
	const op = "insert_trajectory"
	rows := len(track.TimeUS)
	if err := checkPlaces(op, track.X, track.Y, track.Z, nil, rows); err != nil {
		return 0, err
	}
	ns := n.core
	if err := ns.begin(op); err != nil {
		return 0, err
	}
	defer ns.end()
	var count C.uint64_t
	var e C.spatio_error
	text, length := cText(id)
	status := C.spatio_insert_trajectory(ns.raw, text, length, C.size_t(rows),
		cTimes(track.TimeUS), cFloats(track.X), cFloats(track.Y), cFloats(track.Z), &count, &e)
	if status != C.SPATIO_OK {
		return 0, failed(op, status, &e)
	}
	return int(count), nil
}

// Trajectory gives the positions that objects had in a span of time, the rows of object i by
// Of(i). What was not flushed yet is part of the answer. It fails with [ErrUnsupported] if the
// namespace keeps no history; a context that is done stops it.
func (n *Namespace) Trajectory(
	ctx context.Context, span Span, handles ...Handle,
) (*Columns, error) {
	var copied *Columns
	err := n.ViewTrajectory(ctx, func(found *Columns) error {
		copied = found.Clone()
		return nil
	}, span, handles...)
	return copied, err
}

// ViewTrajectory is [Namespace.Trajectory] without a copy: it shows the answer to look where the
// library has it.
func (n *Namespace) ViewTrajectory(
	ctx context.Context, look func(found *Columns) error, span Span, handles ...Handle,
) error {
	return n.answer(ctx, "trajectory", show(look), func(
		ns *C.spatio_namespace, cancel *C.spatio_cancel, a *answer,
	) (C.spatio_status, error) {
		return C.spatio_trajectory(ns, C.size_t(len(handles)), cHandles(handles),
			C.int64_t(span.Start.UnixMicro()), C.int64_t(span.End.UnixMicro()),
			C.uint32_t(span.Order), cLimit(span.Limit), cancel, &a.result, &a.columns,
			&a.raw), nil
	})
}

// PositionsAt tells where objects were at an instant; not found is what has no position known
// from before it. On failure the error's row is the handle that was refused.
func (n *Namespace) PositionsAt(
	handles []Handle, at time.Time, how Interpolation, into *Positions,
) error {
	const op = "positions_at"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return err
	}
	defer ns.end()
	into.size(len(handles))
	into.TimeUS = nil
	var e C.spatio_error
	status := C.spatio_positions_at(ns.raw, C.size_t(len(handles)), cHandles(handles),
		C.int64_t(at.UnixMicro()), C.uint32_t(how), cFloats(into.X), cFloats(into.Y),
		cFloats(into.Z), cFlags(into.Found), &e)
	if status != C.SPATIO_OK {
		return failed(op, status, &e)
	}
	return nil
}
