package spatio

// #include <spatio.h>
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// Query asks any number of questions in one call and copies the answer.
//
// It fails with [ErrNotFound] if the object that a query is laid around is not here; the error's
// row is the query. A context that is done stops it: the error is then [ErrCancelled] and the
// context's cause.
func (n *Namespace) Query(ctx context.Context, queries ...Query) (*Columns, error) {
	var copied *Columns
	err := n.run(ctx, "query_run", queries, copyTo(&copied))
	return copied, err
}

// View asks any number of questions in one call, and shows the answer to look where the library
// has it: what look is given is gone once it returns. It returns the error of look, which may use
// the namespace and may close it.
func (n *Namespace) View(
	ctx context.Context, look func(found *Columns) error, queries ...Query,
) error {
	return n.run(ctx, "query_run", queries, show(look))
}

// run asks questions and hands the answer to take.
func (n *Namespace) run(
	ctx context.Context, op string, queries []Query, take func(*answer) error,
) error {
	ns := n.core
	return queried(ctx, ns, op, queries, take, func(
		cancel *C.spatio_cancel, a *answer,
	) C.spatio_status {
		return C.spatio_query_run(ns.raw, unsafe.SliceData(a.queries), C.size_t(len(a.queries)),
			cancel, &a.result, &a.columns, &a.raw)
	})
}

// answer runs a call that gives columns and hands them to take.
func (n *Namespace) answer(
	ctx context.Context, op string, take func(*answer) error,
	run func(*C.spatio_namespace, *C.spatio_cancel, *answer) (C.spatio_status, error),
) error {
	ns := n.core
	return answered(ctx, ns, op, take, func(
		cancel *C.spatio_cancel, a *answer,
	) (C.spatio_status, error) {
		return run(ns.raw, cancel, a)
	})
}

// Rows asks any number of questions in one call and goes through the rows of the answer. What
// fails is the error of the one pair that comes then. The questions are asked anew whenever the
// sequence is gone through.
func (n *Namespace) Rows(ctx context.Context, queries ...Query) iter.Seq2[Row, error] {
	return rowsOf(func(look func(found *Columns) error) error {
		return n.View(ctx, look, queries...)
	})
}

// Buffer is columns of the caller's own for [Namespace.QueryInto]; a column that is nil is left
// out.
type Buffer struct {
	Handles  []Handle
	X, Y, Z  []float64
	TimeUS   []int64
	Distance []float64
}

// NewBuffer makes a buffer with all columns and room for that many rows.
func NewBuffer(rows int) *Buffer {
	return &Buffer{
		Handles: make([]Handle, rows),
		X:       make([]float64, rows), Y: make([]float64, rows), Z: make([]float64, rows),
		TimeUS: make([]int64, rows), Distance: make([]float64, rows),
	}
}

// rows is the room of a buffer.
func (b *Buffer) rows(op string) (int, error) {
	rows := max(len(b.Handles), len(b.X), len(b.Y), len(b.Z), len(b.TimeUS), len(b.Distance))
	for _, err := range [...]error{
		same(op, "Handles", b.Handles, rows), same(op, "X", b.X, rows), same(op, "Y", b.Y, rows),
		same(op, "Z", b.Z, rows), same(op, "TimeUS", b.TimeUS, rows),
		same(op, "Distance", b.Distance, rows),
	} {
		if err != nil {
			return 0, err
		}
	}
	return rows, nil
}

// QueryInto asks one question into the caller's columns, and tells how many rows there are: no
// more than there is room for, as with a limit. It allocates nothing.
func (n *Namespace) QueryInto(query Query, into *Buffer) (rows int, err error) {
	ns := n.core
	return queriedInto(ns, "query_into", query, into, func(
		a *answer, room C.size_t,
	) (rows C.size_t, status C.spatio_status) {
		status = C.spatio_query_into(ns.raw, &a.queries[0], room, cHandles(into.Handles),
			cFloats(into.X), cFloats(into.Y), cFloats(into.Z), cTimes(into.TimeUS),
			cFloats(into.Distance), &rows, &a.raw)
		return rows, status
	})
}
