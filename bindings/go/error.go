package spatio

// #include <spatio.h>
import "C"

import (
	"bytes"
	"fmt"
	"math"
	"syscall"
	"unsafe"
)

// Error is what the library refused, or this package on its behalf.
type Error struct {
	// Code tells the sort of failure.
	Code Code
	// Op is the operation, such as "upsert".
	Op string
	// Row is the row of a batch that it is about, from 0; -1 if it is about none.
	Row int
	// Message tells operation, argument and value.
	Message string
	// Offset is the byte of the file that the message names; -1 if it is about none.
	Offset int64
	// Errno is the number of the operating system where there is one, else 0.
	Errno syscall.Errno

	cause error
}

// Error is the message, with the row if there is one.
func (e *Error) Error() string {
	if e.Row >= 0 {
		return fmt.Sprintf("spatio: row %d: %s", e.Row, e.Message)
	}
	return "spatio: " + e.Message
}

// Is reports whether the target is this error's code.
func (e *Error) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == e.Code
}

// Unwrap gives what is behind it: the cause of a context that was done, the operating system's
// number.
func (e *Error) Unwrap() []error {
	var behind []error
	if e.cause != nil {
		behind = append(behind, e.cause)
	}
	if e.Errno != 0 {
		behind = append(behind, e.Errno)
	}
	return behind
}

// refuse makes an error of this package's own.
func refuse(op string, code Code, format string, values ...any) *Error {
	message := op + ": " + fmt.Sprintf(format, values...)
	return &Error{Code: code, Op: op, Row: -1, Offset: -1, Message: message}
}

// failed makes an error of what a call wrote into raw.
func failed(op string, status C.spatio_status, raw *C.spatio_error) *Error {
	err := &Error{Code: Code(status), Op: op, Row: -1, Offset: -1}
	if raw.code != status {
		// The call had no error to fill, or was stopped before it could.
		err.Message = op + ": " + err.Code.String()
		return err
	}
	// Not by C.GoString, which would move every error to the heap, also that of a call that succeeds.
	text := unsafe.Slice((*byte)(unsafe.Pointer(&raw.message[0])), len(raw.message))
	if end := bytes.IndexByte(text, 0); end >= 0 {
		text = text[:end]
	}
	err.Message = string(text)
	err.Errno = syscall.Errno(raw.os_error)
	if uint64(raw.row) != math.MaxUint64 {
		err.Row = int(raw.row)
	}
	if uint64(raw.offset) != math.MaxUint64 {
		err.Offset = int64(raw.offset)
	}
	return err
}
