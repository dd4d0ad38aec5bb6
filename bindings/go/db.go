package spatio

// #include <stdlib.h>
// #include <spatio.h>
// #include "notices.h"
import "C"

import (
	"runtime"
	"strings"
	"sync"
	"unsafe"
)

// DB is an open database. Close it when it is no longer needed; one that is forgotten is closed
// once the garbage collector finds it, and nobody hears of it if that fails.
type DB struct {
	core *database
}

// database is what a DB stands for. It outlives the DB while calls are under way.
type database struct {
	guard
	raw     *C.spatio_db
	options *options
	notices *notices
	// idle is closed by the last call that was under way when the database was closed.
	idle chan struct{}
	once sync.Once

	mutex sync.Mutex
	// open holds the namespaces that closing the database is to close too.
	open map[*namespace]struct{}
}

// Open opens the database in the directory path, and creates it if it is missing.
//
// It fails with [ErrLocked] if another process writes to it, [ErrCorrupt] if it is damaged (see
// [WithRecovery], [Check] and [Salvage]), [ErrFormatVersion] if a newer version wrote it, [ErrIO].
func Open(path string, given ...Option) (*DB, error) {
	text, err := cPath("open", path)
	if err != nil {
		return nil, err
	}
	defer C.free(unsafe.Pointer(text))
	return open(text, given)
}

// Memory makes a database in memory, which is gone when it is closed.
func Memory(given ...Option) (*DB, error) {
	return open(nil, given)
}

func open(path *C.char, given []Option) (*DB, error) {
	if misfit != nil {
		return nil, misfit
	}
	core := &database{
		options: newOptions(given),
		idle:    make(chan struct{}),
		open:    make(map[*namespace]struct{}),
	}
	if tell := core.options.tell; tell != nil {
		notices, err := listen(tell)
		if err != nil {
			return nil, err
		}
		core.notices = notices
		core.options.raw.log = C.spatio_log_callback(C.spatio_go_notice)
		core.options.raw.log_user = unsafe.Pointer(notices.raw)
	}
	var raw C.spatio_error
	status := C.spatio_open(path, &core.options.raw, &core.raw, &raw)
	if status != C.SPATIO_OK {
		if core.notices != nil {
			core.notices.end(core.options.tell)
		}
		return nil, failed("open", status, &raw)
	}
	db := &DB{core: core}
	runtime.AddCleanup(db, func(core *database) { _ = core.shut() }, core)
	return db, nil
}

// cPath copies a path for C, which frees it.
func cPath(op, path string) (*C.char, error) {
	if at := strings.IndexByte(path, 0); at >= 0 {
		return nil, refuse(op, ErrInvalidArgument, "path %q holds a NUL at byte %d", path, at)
	}
	if misfit != nil {
		return nil, misfit
	}
	return C.CString(path), nil
}

// Close writes everything down and closes the database with its namespaces. It waits for the
// calls of the database itself that are under way; those of its namespaces end by themselves. An
// error says that the last writes did not reach the disk; the database is closed all the same.
// Closing again does nothing.
func (db *DB) Close() error {
	return db.core.shut()
}

func (d *database) shut() (err error) {
	d.once.Do(func() { err = d.shutOnce() })
	return err
}

func (d *database) shutOnce() error {
	if _, idle := d.close(); !idle {
		<-d.idle
	}
	d.mutex.Lock()
	open := d.open
	d.open = nil
	d.mutex.Unlock()
	for ns := range open {
		ns.shut()
	}
	var raw C.spatio_error
	status := C.spatio_close(d.raw, &raw)
	if d.notices != nil {
		d.notices.end(d.options.tell)
	}
	if status != C.SPATIO_OK {
		return failed("close", status, &raw)
	}
	return nil
}

// begin begins a call; every begin that succeeds needs an end.
func (d *database) begin(op string) error {
	if !d.enter() {
		return refuse(op, ErrClosed, "the database is closed")
	}
	return nil
}

func (d *database) end() {
	if d.leave() {
		close(d.idle)
	}
}

// call runs a call that gives nothing but a status.
func (d *database) call(op string, run func(*C.spatio_db, *C.spatio_error) C.spatio_status) error {
	if err := d.begin(op); err != nil {
		return err
	}
	defer d.end()
	var raw C.spatio_error
	if status := run(d.raw, &raw); status != C.SPATIO_OK {
		return failed(op, status, &raw)
	}
	return nil
}

// Flush hands what is buffered to the operating system, without waiting for the disk: it then
// survives a crash of this program, but not of the machine.
func (db *DB) Flush() error {
	return db.core.call("flush", func(raw *C.spatio_db, e *C.spatio_error) C.spatio_status {
		return C.spatio_flush(raw, e)
	})
}

// Sync returns once everything accepted so far is on disk.
func (db *DB) Sync() error {
	return db.core.call("sync", func(raw *C.spatio_db, e *C.spatio_error) C.spatio_status {
		return C.spatio_sync(raw, e)
	})
}

// Checkpoint writes a checkpoint, from which the next opening starts, and returns once it is on
// disk. Writers go on meanwhile.
func (db *DB) Checkpoint() error {
	return db.core.call("checkpoint", func(raw *C.spatio_db, e *C.spatio_error) C.spatio_status {
		return C.spatio_checkpoint(raw, e)
	})
}

// Sweep removes the objects that have expired, and tells how many. They are absent from every
// answer anyway; this frees their memory. A background thread does the same unless [NoBackground]
// is given.
func (db *DB) Sweep() (removed int, err error) {
	var count C.uint64_t
	err = db.core.call("sweep", func(raw *C.spatio_db, e *C.spatio_error) C.spatio_status {
		return C.spatio_sweep(raw, &count, e)
	})
	return int(count), err
}
