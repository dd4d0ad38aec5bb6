package spatio

// #include <spatio.h>
import "C"

import "time"

// Outcome says what an update did.
type Outcome uint32

const (
	// Created: the object was not there before.
	Created Outcome = C.SPATIO_OUTCOME_CREATED
	// Moved: the object was there, and is now where the update says.
	Moved Outcome = C.SPATIO_OUTCOME_MOVED
	// Late: the update is older than what is known; it went to history and moved nothing.
	Late Outcome = C.SPATIO_OUTCOME_LATE
)

// String is the name of the outcome.
func (o Outcome) String() string {
	switch o {
	case Created:
		return "CREATED"
	case Moved:
		return "MOVED"
	case Late:
		return "LATE"
	}
	return "UNKNOWN"
}

// Update is what may be said beside the position.
type Update struct {
	// Time is the event time; the zero time is now.
	Time time.Time
	// Payload is up to 65,536 bytes that belong to the object. Nil: what it has stays; empty and
	// not nil: it has none any more.
	Payload []byte
	// TTL is how long from now the object lives without another update; 0: as the namespace says.
	TTL time.Duration
}

// Written says what came of an update.
type Written struct {
	Handle  Handle
	Outcome Outcome
}

// Upsert says that an object is there now. An object that is new is made.
func (n *Namespace) Upsert(id string, at Point) (Written, error) {
	return n.UpsertWith(id, at, Update{})
}

// UpsertWith is Upsert with an event time, a payload, or a time to live.
func (n *Namespace) UpsertWith(id string, at Point, with Update) (Written, error) {
	const op = "upsert"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return Written{}, err
	}
	defer ns.end()
	var handle C.uint64_t
	var outcome C.uint32_t
	var e C.spatio_error
	text, length := cText(id)
	status := C.spatio_upsert(ns.raw, text, length, C.double(at.X), C.double(at.Y),
		C.double(at.Z), C.int64_t(micros(with.Time)), cBytes(with.Payload),
		C.size_t(len(with.Payload)), C.int64_t(duration(with.TTL)), &handle, &outcome, &e)
	if status != C.SPATIO_OK {
		return Written{}, failed(op, status, &e)
	}
	return Written{Handle: Handle(handle), Outcome: Outcome(outcome)}, nil
}

// Move says where an object is whose handle is known: the quickest single call. The zero time is
// now.
func (n *Namespace) Move(handle Handle, at Point, when time.Time) (Outcome, error) {
	const op = "move"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return 0, err
	}
	defer ns.end()
	var outcome C.uint32_t
	status := C.spatio_move(ns.raw, C.uint64_t(handle), C.double(at.X), C.double(at.Y),
		C.double(at.Z), C.int64_t(micros(when)), &outcome, nil)
	if status != C.SPATIO_OK {
		return ns.move(op, handle, at, when)
	}
	return Outcome(outcome), nil
}

// move is Move once more, for the words of its error, whose room is half a kilobyte to be cleared
// in every call: what was refused has changed nothing.
//
//go:noinline
func (ns *namespace) move(op string, handle Handle, at Point, when time.Time) (Outcome, error) {
	var outcome C.uint32_t
	var e C.spatio_error
	status := C.spatio_move(ns.raw, C.uint64_t(handle), C.double(at.X), C.double(at.Y),
		C.double(at.Z), C.int64_t(micros(when)), &outcome, &e)
	if status != C.SPATIO_OK {
		return 0, failed(op, status, &e)
	}
	return Outcome(outcome), nil
}

// Delete removes an object, and tells whether it was here. Its track stays; an update that is not
// newer than its last one does not bring it back.
func (n *Namespace) Delete(id string) (wasHere bool, err error) {
	const op = "delete"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return false, err
	}
	defer ns.end()
	var deleted C.uint8_t
	var e C.spatio_error
	text, length := cText(id)
	if status := C.spatio_delete(ns.raw, text, length, &deleted, &e); status != C.SPATIO_OK {
		return false, failed(op, status, &e)
	}
	return deleted != 0, nil
}

// DeleteBatch removes many objects, and tells how many were here. On failure the error's row is a
// handle that was not given out, and those before it are gone.
func (n *Namespace) DeleteBatch(handles ...Handle) (wereHere int, err error) {
	const op = "delete_batch"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return 0, err
	}
	defer ns.end()
	var deleted C.uint64_t
	var e C.spatio_error
	status := C.spatio_delete_batch(ns.raw, C.size_t(len(handles)), cHandles(handles), &deleted,
		&e)
	if status != C.SPATIO_OK {
		return 0, failed(op, status, &e)
	}
	return int(deleted), nil
}
