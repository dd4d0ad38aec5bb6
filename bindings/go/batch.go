package spatio

// #include <spatio.h>
import "C"

import "sync"

// Moves are the rows of [Namespace.MoveBatch].
type Moves struct {
	Handles []Handle
	X, Y    []float64
	// Z may be nil: all 0.
	Z []float64
	// TimeUS are event times in microseconds since 1970-01-01 UTC; nil: all now.
	TimeUS []int64
}

// Upserts are the rows of [Namespace.UpsertBatch].
type Upserts struct {
	IDs  []string
	X, Y []float64
	// Z may be nil: all 0.
	Z []float64
	// TimeUS are event times in microseconds since 1970-01-01 UTC; nil: all now.
	TimeUS []int64
	// Payloads may be nil; a row without bytes keeps what its object has.
	Payloads [][]byte
	// TTLUS are times to live in microseconds, 0 for the namespace's; nil: all 0.
	TTLUS []int64
	// Handles receives the handles of the objects; nil if they are not wanted.
	Handles []Handle
}

// Applied says what came of a batch.
type Applied struct {
	// Applied is how many rows set the present state.
	Applied int
	// Late is how many were older than what is known.
	Late int
}

// MoveBatch moves many objects in one call: the way for a game's frame or a feed's packet. The
// rows are checked before the first is written, and take effect in their order; payloads stay.
// On failure the error's row is the one that was refused.
func (n *Namespace) MoveBatch(moves Moves) (Applied, error) {
	const op = "move_batch"
	rows := len(moves.Handles)
	if err := checkPlaces(op, moves.X, moves.Y, moves.Z, moves.TimeUS, rows); err != nil {
		return Applied{}, err
	}
	ns := n.core
	if err := ns.begin(op); err != nil {
		return Applied{}, err
	}
	defer ns.end()
	var applied, late C.uint64_t
	var e C.spatio_error
	status := C.spatio_move_batch(ns.raw, C.size_t(rows), cHandles(moves.Handles),
		cFloats(moves.X), cFloats(moves.Y), cFloats(moves.Z), cTimes(moves.TimeUS), &applied,
		&late, &e)
	if status != C.SPATIO_OK {
		return Applied{}, failed(op, status, &e)
	}
	return Applied{Applied: int(applied), Late: int(late)}, nil
}

func checkPlaces(op string, x, y, z []float64, timeUS []int64, rows int) error {
	for _, err := range [...]error{
		whole(op, "X", x, rows), whole(op, "Y", y, rows), same(op, "Z", z, rows),
		same(op, "TimeUS", timeUS, rows),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// flat is the memory in which the texts of a batch are put behind each other.
type flat struct {
	ids, payloads texts
}

// flats keeps it for further batches.
var flats = sync.Pool{New: func() any { return new(flat) }}

// UpsertBatch says where many objects are, by id; those that are new are made. The rows are
// checked before the first is written, and take effect in their order. On failure the error's row
// is the one that was refused.
func (n *Namespace) UpsertBatch(rows Upserts) (Applied, error) {
	const op = "upsert_batch"
	if err := rows.check(op); err != nil {
		return Applied{}, err
	}
	ns := n.core
	if err := ns.begin(op); err != nil {
		return Applied{}, err
	}
	defer ns.end()
	flat := flats.Get().(*flat)
	defer flats.Put(flat)
	put(&flat.ids, rows.IDs)
	put(&flat.payloads, rows.Payloads)
	var payloads texts
	if rows.Payloads != nil {
		payloads = flat.payloads
	}
	var applied, late C.uint64_t
	var e C.spatio_error
	status := C.spatio_upsert_batch(ns.raw, C.size_t(len(rows.IDs)), cOffsets(flat.ids.offsets),
		cChars(flat.ids.bytes), cFloats(rows.X), cFloats(rows.Y), cFloats(rows.Z),
		cTimes(rows.TimeUS), cOffsets(payloads.offsets), cBytes(payloads.bytes),
		cTimes(rows.TTLUS), cHandles(rows.Handles), &applied, &late, &e)
	if status != C.SPATIO_OK {
		return Applied{}, failed(op, status, &e)
	}
	return Applied{Applied: int(applied), Late: int(late)}, nil
}

func (u *Upserts) check(op string) error {
	rows := len(u.IDs)
	for _, err := range [...]error{
		checkPlaces(op, u.X, u.Y, u.Z, u.TimeUS, rows), same(op, "Payloads", u.Payloads, rows),
		same(op, "TTLUS", u.TTLUS, rows), same(op, "Handles", u.Handles, rows),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}
