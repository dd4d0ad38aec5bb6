package spatio

// #include <spatio.h>
import "C"

import (
	"context"
	"iter"
	"unsafe"
)

// Query asks any number of questions in one call and copies the answer, which is what that of the
// namespace was when it was frozen, but for the handles, and for the order of rows that have no
// promised one. An [Origin] that is an object is a handle of this pack. Otherwise see
// [Namespace.Query].
func (p *Pack) Query(ctx context.Context, queries ...Query) (*Columns, error) {
	var copied *Columns
	err := p.run(ctx, "pack_query", queries, copyTo(&copied))
	return copied, err
}

// View is [Pack.Query] without a copy: it shows the answer to look where the library has it. See
// [Namespace.View].
func (p *Pack) View(
	ctx context.Context, look func(found *Columns) error, queries ...Query,
) error {
	return p.run(ctx, "pack_query", queries, show(look))
}

// Rows goes through the rows of an answer as [Namespace.Rows] does.
func (p *Pack) Rows(ctx context.Context, queries ...Query) iter.Seq2[Row, error] {
	return rowsOf(func(look func(found *Columns) error) error {
		return p.View(ctx, look, queries...)
	})
}

// QueryArrow gives an answer as [Namespace.QueryArrow] does.
func (p *Pack) QueryArrow(ctx context.Context, queries ...Query) (*ArrowBatch, error) {
	const op = "pack_query_arrow"
	return exported(op, func(take func(*answer) error) error {
		return p.run(ctx, op, queries, take)
	})
}

// QueryInto asks one question into the caller's columns, and tells how many rows there are: no
// more than there is room for, as with a limit. It allocates nothing.
func (p *Pack) QueryInto(query Query, into *Buffer) (rows int, err error) {
	core := p.core
	return queriedInto(core, "pack_query_into", query, into, func(
		a *answer, room C.size_t,
	) (rows C.size_t, status C.spatio_status) {
		status = C.spatio_pack_query_into(core.raw, &a.queries[0], room, cHandles(into.Handles),
			cFloats(into.X), cFloats(into.Y), cFloats(into.Z), cTimes(into.TimeUS),
			cFloats(into.Distance), &rows, &a.raw)
		return rows, status
	})
}

// run asks questions and hands the answer to take.
func (p *Pack) run(
	ctx context.Context, op string, queries []Query, take func(*answer) error,
) error {
	core := p.core
	return queried(ctx, core, op, queries, take, func(
		cancel *C.spatio_cancel, a *answer,
	) C.spatio_status {
		return C.spatio_pack_query(core.raw, unsafe.SliceData(a.queries),
			C.size_t(len(a.queries)), cancel, &a.result, &a.columns, &a.raw)
	})
}
