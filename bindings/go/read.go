package spatio

// #include <spatio.h>
import "C"

import "time"

// Object is the present state of an object.
type Object struct {
	Handle   Handle
	Position Point
	// Time is the event time of the position.
	Time time.Time
	// Expires is when it expires by the database's clock; the zero time: never.
	Expires time.Time
	// Payload is nil if it has none.
	Payload []byte
}

// Get gives the present state of an object; [ErrNotFound] if it is not here, was deleted or has
// expired.
func (n *Namespace) Get(id string) (object Object, err error) {
	const op = "get"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return Object{}, err
	}
	defer ns.end()
	raw := C.spatio_object{struct_size: C.sizeof_spatio_object}
	var e C.spatio_error
	text, length := cText(id)
	if status := C.spatio_get(ns.raw, text, length, &raw, &e); status != C.SPATIO_OK {
		return Object{}, failed(op, status, &e)
	}
	err = ns.tell(op, &raw, &object)
	return object, err
}

// GetByHandle is Get for an object whose handle is known.
func (n *Namespace) GetByHandle(handle Handle) (object Object, err error) {
	const op = "get_by_handle"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return Object{}, err
	}
	defer ns.end()
	raw := C.spatio_object{struct_size: C.sizeof_spatio_object}
	// Room for the words of an error is half a kilobyte to be cleared: they are asked for in a call
	// of their own, if there are any.
	if C.spatio_get_by_handle(ns.raw, C.uint64_t(handle), &raw, nil) != C.SPATIO_OK {
		if err := ns.getByHandle(op, handle, &raw); err != nil {
			return Object{}, err
		}
	}
	err = ns.tell(op, &raw, &object)
	return object, err
}

//go:noinline
func (ns *namespace) getByHandle(op string, handle Handle, raw *C.spatio_object) error {
	var e C.spatio_error
	status := C.spatio_get_by_handle(ns.raw, C.uint64_t(handle), raw, &e)
	if status != C.SPATIO_OK {
		return failed(op, status, &e)
	}
	return nil
}

// tell puts an object into the words of Go, and fetches its payload. It is written where it is
// wanted: copying what was only just written makes the processor wait, longer than the call takes.
func (ns *namespace) tell(op string, raw *C.spatio_object, object *Object) (err error) {
	object.put(raw)
	if raw.payload_length > 0 {
		object.Payload, err = ns.payload(op, object.Handle, make([]byte, raw.payload_length))
	}
	if err != nil {
		*object = Object{}
	}
	return err
}

// put fills in everything but the payload.
func (object *Object) put(raw *C.spatio_object) {
	object.Handle = Handle(raw.handle)
	object.Position.X = float64(raw.x)
	object.Position.Y = float64(raw.y)
	object.Position.Z = float64(raw.z)
	object.Time = moment(int64(raw.time_us))
	if raw.expires_us != never {
		object.Expires = moment(int64(raw.expires_us))
	}
}

// Payload gives the payload of an object, in the memory of buffer if there is room; nil if it has
// none, [ErrNotFound] if the object is not here.
func (n *Namespace) Payload(handle Handle, buffer []byte) ([]byte, error) {
	const op = "get_payload"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return nil, err
	}
	defer ns.end()
	return ns.payload(op, handle, buffer[:cap(buffer)])
}

func (ns *namespace) payload(op string, handle Handle, buffer []byte) ([]byte, error) {
	for {
		var length C.size_t
		var e C.spatio_error
		status := C.spatio_get_payload(ns.raw, C.uint64_t(handle), cBytes(buffer),
			C.size_t(len(buffer)), &length, &e)
		switch {
		case status == C.SPATIO_BUFFER_TOO_SMALL, buffer == nil && length > 0:
			// Another update may lengthen it again before the next round.
			buffer = make([]byte, length)
		case status != C.SPATIO_OK:
			return nil, failed(op, status, &e)
		case length == 0:
			return nil, nil
		default:
			return buffer[:length], nil
		}
	}
}

// Positions are columns of positions, one row for each handle that was asked for. Their memory is
// used again by the next call that they are given to.
type Positions struct {
	X, Y, Z []float64
	// TimeUS are event times in microseconds since 1970-01-01 UTC; nil after PositionsAt.
	TimeUS []int64
	// Found tells which of the objects were found; the others have 0 in their columns.
	Found []bool
}

// GetBatch gives the present state of many objects. On failure the error's row is a handle that
// was not given out.
func (n *Namespace) GetBatch(handles []Handle, into *Positions) error {
	const op = "get_batch"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return err
	}
	defer ns.end()
	into.size(len(handles))
	into.TimeUS = sized(into.TimeUS, len(handles))
	var e C.spatio_error
	status := C.spatio_get_batch(ns.raw, C.size_t(len(handles)), cHandles(handles),
		cFloats(into.X), cFloats(into.Y), cFloats(into.Z), cTimes(into.TimeUS),
		cFlags(into.Found), &e)
	if status != C.SPATIO_OK {
		return failed(op, status, &e)
	}
	return nil
}

func (p *Positions) size(rows int) {
	p.X, p.Y, p.Z = sized(p.X, rows), sized(p.Y, rows), sized(p.Z, rows)
	p.Found = sized(p.Found, rows)
}
