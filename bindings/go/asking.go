package spatio

// #include <spatio.h>
import "C"

import (
	"context"
	"iter"
)

// asked is what gives answers in columns: a namespace, a pack, fences.
type asked interface {
	// begin begins a call; every begin that succeeds needs an end.
	begin(op string) error
	end()
	// kept are its answers that no call uses.
	kept() *pool[*answer]
}

// answered runs a call that gives columns and hands them to take.
func answered(
	ctx context.Context, on asked, op string, take func(*answer) error,
	run func(*C.spatio_cancel, *answer) (C.spatio_status, error),
) error {
	if err := on.begin(op); err != nil {
		return err
	}
	defer on.end()
	a := on.kept().take(newAnswer)
	defer on.kept().put(a)
	cancel, end := a.watch(ctx)
	status, err := run(cancel, a)
	end()
	if err != nil {
		return err
	}
	if status != C.SPATIO_OK {
		return a.failed(ctx, op, status)
	}
	return take(a)
}

// queried puts questions into an answer, runs the call that asks them, and hands the columns to
// take.
func queried(
	ctx context.Context, on asked, op string, queries []Query, take func(*answer) error,
	run func(*C.spatio_cancel, *answer) C.spatio_status,
) error {
	return answered(ctx, on, op, take, func(
		cancel *C.spatio_cancel, a *answer,
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
		return run(cancel, a), nil
	})
}

// queriedInto puts one question into an answer, and runs the call that asks it into the caller's
// columns; how many rows there are.
func queriedInto(
	on asked, op string, query Query, into *Buffer,
	run func(a *answer, room C.size_t) (rows C.size_t, status C.spatio_status),
) (int, error) {
	room, err := into.rows(op)
	if err != nil {
		return 0, err
	}
	if err := on.begin(op); err != nil {
		return 0, err
	}
	defer on.end()
	a := on.kept().take(newAnswer)
	defer on.kept().put(a)
	a.queries = sized(a.queries, 1)
	defer func() {
		a.pins.Unpin()
		clear(a.queries)
	}()
	if err := query.put(op, &a.queries[0], &a.pins); err != nil {
		return 0, err
	}
	defer query.leave()
	rows, status := run(a, C.size_t(room))
	if status != C.SPATIO_OK {
		return 0, failed(op, status, &a.raw)
	}
	return int(rows), nil
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

// rowsOf goes through the rows that a view shows.
func rowsOf(view func(look func(found *Columns) error) error) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		err := view(func(found *Columns) error {
			for _, row := range found.All() {
				if !yield(row, nil) {
					break
				}
			}
			return nil
		})
		if err != nil {
			yield(Row{}, err)
		}
	}
}
