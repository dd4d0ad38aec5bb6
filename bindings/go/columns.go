package spatio

// #include <spatio.h>
import "C"

import (
	"iter"
	"math"
	"slices"
	"time"
	"unsafe"
)

// Columns are the rows of an answer, a slice for each field: entries with the same index belong to
// one row. A column that the answer does not have is nil.
//
// Columns that a method returns are yours. Those that [Namespace.View] and
// [Namespace.ViewTrajectory] show are the library's own memory: they are gone once the function
// that they are shown to returns, and must not be written to.
type Columns struct {
	// Offsets has one number more than there were queries (or objects, of a trajectory): the rows
	// of query q are Offsets[q] up to, not including, Offsets[q+1]. See Of.
	Offsets []uint64
	Handles []Handle
	X, Y, Z []float64
	// TimeUS are event times in microseconds since 1970-01-01 UTC.
	TimeUS []int64
	// Distance is from the query's origin in metres or units; NaN in the rows of a query without
	// an origin, nil if no query has one.
	Distance []float64

	ids      texts
	payloads texts
}

// texts is a column of texts: text i is the bytes offsets[i] up to offsets[i+1] of bytes.
type texts struct {
	offsets []uint64
	bytes   []byte
}

func (t texts) at(row int) []byte {
	from, to := t.offsets[row], t.offsets[row+1]
	return t.bytes[from:to:to]
}

// Row is one row of an answer. What it holds is yours.
type Row struct {
	// Query is the index of the query that found it (or of the object, of a trajectory).
	Query    int
	Handle   Handle
	Position Point
	// Time is the event time of the position.
	Time time.Time
	// Distance is from the query's origin in metres or units; NaN if it has none.
	Distance float64
	// ID is there if [Query.WithIDs] was asked for.
	ID string
	// Payload is there if [Query.WithPayloads] was asked for and the object has one.
	Payload []byte
}

// Len is the number of rows.
func (c *Columns) Len() int {
	return max(len(c.Handles), len(c.X))
}

// Queries is the number of queries (or objects, of a trajectory) that were answered.
func (c *Columns) Queries() int {
	return max(len(c.Offsets), 1) - 1
}

// Of gives the rows of one query (or object) by themselves. It copies nothing.
func (c *Columns) Of(query int) Columns {
	from, to := c.Offsets[query], c.Offsets[query+1]
	return Columns{
		Offsets:  []uint64{0, to - from},
		Handles:  part(c.Handles, from, to),
		X:        part(c.X, from, to),
		Y:        part(c.Y, from, to),
		Z:        part(c.Z, from, to),
		TimeUS:   part(c.TimeUS, from, to),
		Distance: part(c.Distance, from, to),
		ids:      c.ids.part(from, to),
		payloads: c.payloads.part(from, to),
	}
}

func part[T any](column []T, from, to uint64) []T {
	if column == nil {
		return nil
	}
	return column[from:to:to]
}

func (t texts) part(from, to uint64) texts {
	if t.offsets == nil {
		return t
	}
	return texts{offsets: t.offsets[from : to+1 : to+1], bytes: t.bytes}
}

// Position is the position of a row.
func (c *Columns) Position(row int) Point {
	p := Point{X: c.X[row], Y: c.Y[row]}
	if c.Z != nil {
		p.Z = c.Z[row]
	}
	return p
}

// Time is the event time of a row.
func (c *Columns) Time(row int) time.Time {
	return moment(c.TimeUS[row])
}

// HasIDs tells whether [Query.WithIDs] was asked for.
func (c *Columns) HasIDs() bool {
	return c.ids.offsets != nil
}

// ID is the id of a row; "" if ids were not asked for.
func (c *Columns) ID(row int) string {
	return string(c.IDBytes(row))
}

// IDBytes is the id of a row in the memory of the columns; nil if ids were not asked for.
func (c *Columns) IDBytes(row int) []byte {
	if c.ids.offsets == nil {
		return nil
	}
	return c.ids.at(row)
}

// Payload is the payload of a row in the memory of the columns; nil if it has none, or if payloads
// were not asked for.
func (c *Columns) Payload(row int) []byte {
	if c.payloads.offsets == nil || c.payloads.offsets[row] == c.payloads.offsets[row+1] {
		return nil
	}
	return c.payloads.at(row)
}

// All goes through the rows, in their order, with their indexes.
func (c *Columns) All() iter.Seq2[int, Row] {
	return func(yield func(int, Row) bool) {
		query := 0
		for row := range c.Len() {
			for query+2 < len(c.Offsets) && uint64(row) >= c.Offsets[query+1] {
				query++
			}
			if !yield(row, c.row(query, row)) {
				return
			}
		}
	}
}

func (c *Columns) row(query, row int) Row {
	r := Row{Query: query, Position: c.Position(row), Distance: math.NaN()}
	if c.Handles != nil {
		r.Handle = c.Handles[row]
	}
	if c.TimeUS != nil {
		r.Time = c.Time(row)
	}
	if c.Distance != nil {
		r.Distance = c.Distance[row]
	}
	r.ID = c.ID(row)
	r.Payload = slices.Clone(c.Payload(row))
	return r
}

// Clone copies the columns, so that they outlive the function that they were shown to.
func (c *Columns) Clone() *Columns {
	return &Columns{
		Offsets:  slices.Clone(c.Offsets),
		Handles:  slices.Clone(c.Handles),
		X:        slices.Clone(c.X),
		Y:        slices.Clone(c.Y),
		Z:        slices.Clone(c.Z),
		TimeUS:   slices.Clone(c.TimeUS),
		Distance: slices.Clone(c.Distance),
		ids:      c.ids.clone(),
		payloads: c.payloads.clone(),
	}
}

func (t texts) clone() texts {
	return texts{offsets: slices.Clone(t.offsets), bytes: slices.Clone(t.bytes)}
}

// strings gives the ids by themselves.
func (c *Columns) strings() []string {
	ids := make([]string, max(len(c.ids.offsets), 1)-1)
	for row := range ids {
		ids[row] = c.ID(row)
	}
	return ids
}

// view gives the columns where the library has them.
func (a *answer) view() Columns {
	c := &a.columns
	rows := uint64(c.rows)
	return Columns{
		Offsets:  look[uint64](c.offsets, uint64(c.queries)+1),
		Handles:  look[Handle](c.handles, rows),
		X:        look[float64](c.x, rows),
		Y:        look[float64](c.y, rows),
		Z:        look[float64](c.z, rows),
		TimeUS:   look[int64](c.time_us, rows),
		Distance: look[float64](c.distance, rows),
		ids:      lookTexts(c.id_offsets, unsafe.Pointer(c.ids), rows),
		payloads: lookTexts(c.payload_offsets, unsafe.Pointer(c.payloads), rows),
	}
}

// look is a column of the library as a slice; NULL is nil.
func look[T, R any](column *R, rows uint64) []T {
	if column == nil {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(column)), rows)
}

func lookTexts(offsets *C.uint64_t, bytes unsafe.Pointer, rows uint64) texts {
	if offsets == nil {
		return texts{}
	}
	t := texts{offsets: look[uint64](offsets, rows+1)}
	t.bytes = look[byte]((*byte)(bytes), t.offsets[rows])
	return t
}
