package spatio

// #include <spatio.h>
import "C"

// Code tells the sorts of failure apart. A code is itself an error, for [errors.Is]:
//
//	if errors.Is(err, spatio.ErrNotFound) {
type Code int32

// The codes of the library. Later versions may add some.
const (
	// ErrInvalidArgument: an argument has a wrong form, as an empty id or columns that differ in
	// their lengths.
	ErrInvalidArgument Code = C.SPATIO_INVALID_ARGUMENT
	// ErrNullPointer: a pointer is nil that must not be.
	ErrNullPointer Code = C.SPATIO_NULL_POINTER
	// ErrOutOfRange: a number is outside of what it may be.
	ErrOutOfRange Code = C.SPATIO_OUT_OF_RANGE
	// ErrBufferTooSmall: a buffer of the caller is too small.
	ErrBufferTooSmall Code = C.SPATIO_BUFFER_TOO_SMALL
	// ErrNotFound: a namespace, an object or a file that was named does not exist.
	ErrNotFound Code = C.SPATIO_NOT_FOUND
	// ErrAlreadyExists: it exists already, with other settings.
	ErrAlreadyExists Code = C.SPATIO_ALREADY_EXISTS
	// ErrClosed: the database, the namespace, the polygon or the index was closed.
	ErrClosed Code = C.SPATIO_CLOSED
	// ErrLocked: another process, or this one, has the database open for writing.
	ErrLocked Code = C.SPATIO_LOCKED
	// ErrUnsupported: not offered for this kind of space, in this mode, or by this library.
	ErrUnsupported Code = C.SPATIO_UNSUPPORTED
	// ErrCancelled: the context was done first. The error is the context's cause too.
	ErrCancelled Code = C.SPATIO_CANCELLED
	// ErrLimitExceeded: a size is beyond a documented limit.
	ErrLimitExceeded Code = C.SPATIO_LIMIT_EXCEEDED
	// ErrReadOnly: the database was opened for reading only.
	ErrReadOnly Code = C.SPATIO_READ_ONLY
	// ErrInvalidUTF8: a text is not UTF-8.
	ErrInvalidUTF8 Code = C.SPATIO_INVALID_UTF8
	// ErrIO: the operating system refused to read or write. The error is its errno too.
	ErrIO Code = C.SPATIO_IO
	// ErrCorrupt: stored bytes are not what was written.
	ErrCorrupt Code = C.SPATIO_CORRUPT
	// ErrFormatVersion: the files are of a newer version of the format.
	ErrFormatVersion Code = C.SPATIO_FORMAT_VERSION
	// ErrNoSpace: the disk is full; what was acknowledged is intact.
	ErrNoSpace Code = C.SPATIO_NO_SPACE
	// ErrPoisoned: an earlier fsync failed; writes are refused until the database is reopened.
	ErrPoisoned Code = C.SPATIO_POISONED
	// ErrOutOfMemory: memory could not be had.
	ErrOutOfMemory Code = C.SPATIO_OUT_OF_MEMORY
	// ErrInternal: a bug in the library.
	ErrInternal Code = C.SPATIO_INTERNAL
	// ErrPanic: a bug in the library stopped a call half way; the database can only be closed.
	ErrPanic Code = C.SPATIO_PANIC
)

// String is the name of the code, such as "NOT_FOUND"; "UNKNOWN" if the library has no such code.
func (c Code) String() string {
	return C.GoString(C.spatio_status_name(C.spatio_status(c)))
}

// Error makes a code an error, so that [errors.Is] takes it.
func (c Code) Error() string {
	return "spatio: " + c.String()
}
