package spatio

// #include <spatio.h>
import "C"

import (
	"runtime"
)

// Namespace is a set of objects in a [DB], open until it or its database is closed.
type Namespace struct {
	core *namespace
	// db keeps the database from being collected while one of its namespaces is in use.
	db *DB
}

// namespace is what a Namespace stands for. It outlives it while calls are under way.
type namespace struct {
	guard
	raw     *C.spatio_namespace
	db      *database
	name    string
	answers pool[*answer]
}

// CreateNamespace makes a namespace, or opens the one of that name if its settings are the same.
// The name has 1 to 255 bytes. It fails with [ErrAlreadyExists] if there is one with other
// settings.
func (db *DB) CreateNamespace(name string, settings Settings) (*Namespace, error) {
	const op = "create_namespace"
	raw := settings.raw()
	ns := &namespace{db: db.core, name: name}
	err := db.core.call(op, func(db *C.spatio_db, e *C.spatio_error) C.spatio_status {
		text, length := cText(name)
		return C.spatio_namespace_create(db, text, length, &raw, &ns.raw, e)
	})
	return db.keep(op, ns, err)
}

// OpenNamespace opens a namespace that exists; [ErrNotFound] if there is none.
func (db *DB) OpenNamespace(name string) (*Namespace, error) {
	const op = "open_namespace"
	ns := &namespace{db: db.core, name: name}
	err := db.core.call(op, func(db *C.spatio_db, e *C.spatio_error) C.spatio_status {
		text, length := cText(name)
		return C.spatio_namespace_open(db, text, length, &ns.raw, e)
	})
	return db.keep(op, ns, err)
}

// keep enters a namespace that was opened into the list of those that the database closes.
func (db *DB) keep(op string, ns *namespace, err error) (*Namespace, error) {
	if err != nil {
		return nil, err
	}
	db.core.mutex.Lock()
	isOpen := db.core.open != nil
	if isOpen {
		db.core.open[ns] = struct{}{}
	}
	db.core.mutex.Unlock()
	if !isOpen {
		ns.shut()
		return nil, refuse(op, ErrClosed, "the database is closed")
	}
	n := &Namespace{core: ns, db: db}
	runtime.AddCleanup(n, func(ns *namespace) { ns.shut() }, ns)
	return n, nil
}

// Namespaces gives the names of all namespaces, in the order in which they were made.
func (db *DB) Namespaces() ([]string, error) {
	var answer answer
	defer answer.free()
	err := db.core.call("namespaces", func(db *C.spatio_db, e *C.spatio_error) C.spatio_status {
		answer.columns.struct_size = C.sizeof_spatio_columns
		return C.spatio_namespaces(db, &answer.result, &answer.columns, e)
	})
	if err != nil {
		return nil, err
	}
	found := answer.view()
	return found.strings(), nil
}

// Name is the name that the namespace was opened by.
func (n *Namespace) Name() string {
	return n.core.name
}

// Count tells how many objects are here, those that expired left out.
func (n *Namespace) Count() (int, error) {
	const op = "count"
	ns := n.core
	if err := ns.begin(op); err != nil {
		return 0, err
	}
	defer ns.end()
	var count C.uint64_t
	var e C.spatio_error
	if status := C.spatio_count(ns.raw, &count, &e); status != C.SPATIO_OK {
		return 0, failed(op, status, &e)
	}
	return int(count), nil
}

// Close frees the handle of the namespace once no call uses it; the namespace itself stays in the
// database. It never waits, and closing again does nothing.
func (n *Namespace) Close() {
	n.core.shut()
}

func (ns *namespace) shut() {
	if _, idle := ns.close(); idle {
		ns.free()
	}
}

// begin begins a call; every begin that succeeds needs an end.
func (ns *namespace) begin(op string) error {
	if !ns.enter() {
		return ns.closed(op)
	}
	return nil
}

func (ns *namespace) closed(op string) error {
	return refuse(op, ErrClosed, "the namespace %q is closed", ns.name)
}

func (ns *namespace) end() {
	if ns.leave() {
		ns.free()
	}
}

// free runs once, when the namespace is closed and in no call.
func (ns *namespace) free() {
	ns.answers.free()
	C.spatio_namespace_close(ns.raw)
	ns.db.mutex.Lock()
	delete(ns.db.open, ns)
	ns.db.mutex.Unlock()
}
