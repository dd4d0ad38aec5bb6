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
	return n.answer(ctx, op, take, func(
		ns *C.spatio_namespace, cancel *C.spatio_cancel, a *answer,
	) (C.spatio_status, error) {
		entered := 0
		defer func() {
			for q := range entered {
				queries[q].leave()
			}
			a.pins.Unpin()
			clear(a.queries)
		}()
		a.queries = sized(a.queries, len(queries))
		for q := range queries {
			if err := queries[q].put(op, &a.queries[q], &a.pins); err != nil {
				return 0, err
			}
			entered++
		}
		raw := unsafe.SliceData(a.queries)
		return C.spatio_query_run(ns, raw, C.size_t(len(queries)), cancel, &a.result, &a.columns,
			&a.raw), nil
	})
}

// answer runs a call that gives columns and hands them to take.
func (n *Namespace) answer(
	ctx context.Context, op string, take func(*answer) error,
	run func(*C.spatio_namespace, *C.spatio_cancel, *answer) (C.spatio_status, error),
) error {
	ns := n.core
	if err := ns.begin(op); err != nil {
		return err
	}
	defer ns.end()
	a := ns.answers.take(newAnswer)
	defer ns.answers.put(a)
	cancel, end := a.watch(ctx)
	status, err := run(ns.raw, cancel, a)
	end()
	if err != nil {
		return err
	}
	if status != C.SPATIO_OK {
		return a.failed(ctx, op, status)
	}
	return take(a)
}

// show lets look see an answer. What it keeps for later is empty then, and not memory that has
// another use.
func show(look func(found *Columns) error) func(*answer) error {
	return func(a *answer) error {
		found := a.view()
		defer func() { found = Columns{} }()
		return look(&found)
	}
}

// copyTo copies an answer.
func copyTo(copied **Columns) func(*answer) error {
	return show(func(found *Columns) error {
		*copied = found.Clone()
		return nil
	})
}

// Rows asks any number of questions in one call and goes through the rows of the answer. What
// fails is the error of the one pair that comes then. The questions are asked anew whenever the
// sequence is gone through.
func (n *Namespace) Rows(ctx context.Context, queries ...Query) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		err := n.View(ctx, func(found *Columns) error {
			for _, row := range found.All() {
				if !yield(row, nil) {
					break
				}
			}
			return nil
		}, queries...)
		if err != nil {
			yield(Row{}, err)
		}
	}
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
	const op = "query_into"
	room, err := into.rows(op)
	if err != nil {
		return 0, err
	}
	ns := n.core
	if err := ns.begin(op); err != nil {
		return 0, err
	}
	defer ns.end()
	a := ns.answers.take(newAnswer)
	defer ns.answers.put(a)
	a.queries = sized(a.queries, 1)
	defer func() {
		a.pins.Unpin()
		clear(a.queries)
	}()
	if err := query.put(op, &a.queries[0], &a.pins); err != nil {
		return 0, err
	}
	defer query.leave()
	var count C.size_t
	status := C.spatio_query_into(ns.raw, &a.queries[0], C.size_t(room), cHandles(into.Handles),
		cFloats(into.X), cFloats(into.Y), cFloats(into.Z), cTimes(into.TimeUS),
		cFloats(into.Distance), &count, &a.raw)
	if status != C.SPATIO_OK {
		return 0, failed(op, status, &a.raw)
	}
	return int(count), nil
}
