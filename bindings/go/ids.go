package spatio

// #include <spatio.h>
import "C"

import "context"

// Intern gives the handle of an id of 1 to 255 bytes, also of one that was never seen.
func (n *Namespace) Intern(id string) (Handle, error) {
	const op = "intern"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return 0, err
	}
	defer ns.end()
	var handle C.uint64_t
	var e C.spatio_error
	text, length := cText(id)
	if status := C.spatio_intern(ns.raw, text, length, &handle, &e); status != C.SPATIO_OK {
		return 0, failed(op, status, &e)
	}
	return Handle(handle), nil
}

// InternBatch gives the handles of many ids. On failure the error's row is the first id that was
// refused.
func (n *Namespace) InternBatch(ids ...string) ([]Handle, error) {
	const op = "intern_batch"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return nil, err
	}
	defer ns.end()
	var column texts
	put(&column, ids)
	handles := make([]Handle, len(ids))
	var e C.spatio_error
	status := C.spatio_intern_batch(ns.raw, C.size_t(len(ids)), cOffsets(column.offsets),
		cChars(column.bytes), cHandles(handles), &e)
	if status != C.SPATIO_OK {
		return nil, failed(op, status, &e)
	}
	return handles, nil
}

// put fills the column anew.
func put[T string | []byte](t *texts, values []T) {
	t.offsets = append(t.offsets[:0], 0)
	t.bytes = t.bytes[:0]
	for _, value := range values {
		t.bytes = append(t.bytes, value...)
		t.offsets = append(t.offsets, uint64(len(t.bytes)))
	}
}

// FindHandle gives the handle of an id that was seen before; [ErrNotFound] if it never was.
func (n *Namespace) FindHandle(id string) (Handle, error) {
	const op = "find_handle"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return 0, err
	}
	defer ns.end()
	var handle C.uint64_t
	var e C.spatio_error
	text, length := cText(id)
	if status := C.spatio_find_handle(ns.raw, text, length, &handle, &e); status != C.SPATIO_OK {
		return 0, failed(op, status, &e)
	}
	return Handle(handle), nil
}

// ID gives the id of a handle; [ErrNotFound] if this namespace did not give it out.
func (n *Namespace) ID(handle Handle) (string, error) {
	const op = "id"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return "", err
	}
	defer ns.end()
	var text *C.char
	var length C.size_t
	var e C.spatio_error
	status := C.spatio_id(ns.raw, C.uint64_t(handle), &text, &length, &e)
	if status != C.SPATIO_OK {
		return "", failed(op, status, &e)
	}
	return C.GoStringN(text, C.int(length)), nil
}

// IDs gives the ids of many handles. It fails with [ErrNotFound] and the row of a handle that was
// not given out.
func (n *Namespace) IDs(handles ...Handle) ([]string, error) {
	var ids []string
	look := func(found *Columns) error {
		ids = found.strings()
		return nil
	}
	err := n.answer(context.Background(), "ids", show(look), func(
		ns *C.spatio_namespace, _ *C.spatio_cancel, a *answer,
	) (C.spatio_status, error) {
		return C.spatio_ids(ns, C.size_t(len(handles)), cHandles(handles), &a.result, &a.columns,
			&a.raw), nil
	})
	return ids, err
}
