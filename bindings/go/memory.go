package spatio

// #include <spatio.h>
import "C"

import "unsafe"

// cText is a view of a text for a call.
func cText(text string) (*C.char, C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(text))), C.size_t(len(text))
}

// The following are views of columns for a call; nil is NULL.

func cHandles(column []Handle) *C.uint64_t {
	return (*C.uint64_t)(unsafe.Pointer(unsafe.SliceData(column)))
}

func cOffsets(column []uint64) *C.uint64_t {
	return (*C.uint64_t)(unsafe.Pointer(unsafe.SliceData(column)))
}

func cItems(column []uint32) *C.uint32_t {
	return (*C.uint32_t)(unsafe.Pointer(unsafe.SliceData(column)))
}

func cFloats(column []float64) *C.double {
	return (*C.double)(unsafe.Pointer(unsafe.SliceData(column)))
}

func cTimes(column []int64) *C.int64_t {
	return (*C.int64_t)(unsafe.Pointer(unsafe.SliceData(column)))
}

func cBytes(column []byte) *C.uint8_t {
	return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(column)))
}

func cChars(column []byte) *C.char {
	return (*C.char)(unsafe.Pointer(unsafe.SliceData(column)))
}

// cFlags is a view of a column of truths: a bool is a byte that is 1 or 0, and so is C's.
func cFlags(column []bool) *C.uint8_t {
	return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(column)))
}

// same refuses columns that do not have as many rows as the call; a column that is nil is left
// out.
func same[T any](op, name string, column []T, rows int) error {
	if column == nil || len(column) == rows {
		return nil
	}
	return refuse(op, ErrInvalidArgument, "column %s has %d rows, and not %d", name, len(column),
		rows)
}

// whole refuses a column that is missing.
func whole[T any](op, name string, column []T, rows int) error {
	if column == nil && rows > 0 {
		return refuse(op, ErrInvalidArgument, "column %s is missing", name)
	}
	return same(op, name, column, rows)
}

// sized gives a column that many rows, in its own memory if there is room.
func sized[T any](column []T, rows int) []T {
	if cap(column) >= rows {
		return column[:rows]
	}
	return make([]T, rows)
}
