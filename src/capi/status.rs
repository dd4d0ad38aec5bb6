//! The status codes: what every function of the border returns.
//!
//! Owns: their numbers, which are never given to another meaning, and their names.

use crate::error::ErrorKind;

/// What a call came to: SPATIO_OK or one of the codes below. Treat a code that you do not know as
/// SPATIO_INTERNAL: later versions may add some.
pub type spatio_status = i32;

/// The call did what it should. An answer without rows is OK too.
pub const SPATIO_OK: i32 = 0;
/// An argument has a wrong form: an empty id, an inverted box, a struct_size that is too small.
pub const SPATIO_INVALID_ARGUMENT: i32 = 1;
/// A pointer is NULL that must not be.
pub const SPATIO_NULL_POINTER: i32 = 2;
/// A number is outside of what it may be: NaN, a latitude beyond 90, a negative radius.
pub const SPATIO_OUT_OF_RANGE: i32 = 3;
/// The caller's buffer is too small; the length that is needed was written.
pub const SPATIO_BUFFER_TOO_SMALL: i32 = 4;
/// A namespace, an object or a file that was named does not exist.
pub const SPATIO_NOT_FOUND: i32 = 5;
/// It exists already, with other settings.
pub const SPATIO_ALREADY_EXISTS: i32 = 6;
/// The database was closed.
pub const SPATIO_CLOSED: i32 = 7;
/// Another process, or another handle of this one, has the database open for writing.
pub const SPATIO_LOCKED: i32 = 8;
/// Not offered for this kind of space, in this mode, or by this version of the library.
pub const SPATIO_UNSUPPORTED: i32 = 9;
/// It was cancelled by spatio_cancel_fire.
pub const SPATIO_CANCELLED: i32 = 10;
/// A size is beyond a documented limit: an id over 255 bytes, a payload over 64 KiB.
pub const SPATIO_LIMIT_EXCEEDED: i32 = 12;
/// The database was opened for reading only.
pub const SPATIO_READ_ONLY: i32 = 13;
/// Bytes that should be UTF-8 are not.
pub const SPATIO_INVALID_UTF8: i32 = 15;
/// The operating system refused to read or write.
pub const SPATIO_IO: i32 = 32;
/// Stored bytes are not what was written.
pub const SPATIO_CORRUPT: i32 = 33;
/// The files are of a newer version of the format.
pub const SPATIO_FORMAT_VERSION: i32 = 34;
/// The disk is full; what was acknowledged is intact, and writing goes on when there is room.
pub const SPATIO_NO_SPACE: i32 = 35;
/// An earlier fsync failed: writes are refused until the database is opened again.
pub const SPATIO_POISONED: i32 = 36;
/// Memory could not be had.
pub const SPATIO_OUT_OF_MEMORY: i32 = 64;
/// A bug in this library.
pub const SPATIO_INTERNAL: i32 = 65;
/// A bug in this library stopped a call half way. The database, with all its namespaces, refuses
/// every further call with this code; only closing and freeing are possible.
pub const SPATIO_PANIC: i32 = 66;

/// The code of an engine's error.
pub(super) fn of_kind(kind: ErrorKind) -> spatio_status {
    match kind {
        ErrorKind::InvalidArgument => SPATIO_INVALID_ARGUMENT,
        ErrorKind::OutOfRange => SPATIO_OUT_OF_RANGE,
        ErrorKind::NotFound => SPATIO_NOT_FOUND,
        ErrorKind::AlreadyExists => SPATIO_ALREADY_EXISTS,
        ErrorKind::Closed => SPATIO_CLOSED,
        ErrorKind::Locked => SPATIO_LOCKED,
        ErrorKind::Unsupported => SPATIO_UNSUPPORTED,
        ErrorKind::Cancelled => SPATIO_CANCELLED,
        ErrorKind::LimitExceeded => SPATIO_LIMIT_EXCEEDED,
        ErrorKind::ReadOnly => SPATIO_READ_ONLY,
        ErrorKind::Io => SPATIO_IO,
        ErrorKind::NoSpace => SPATIO_NO_SPACE,
        ErrorKind::Corrupt => SPATIO_CORRUPT,
        ErrorKind::FormatVersion => SPATIO_FORMAT_VERSION,
        ErrorKind::Poisoned => SPATIO_POISONED,
        ErrorKind::Internal => SPATIO_INTERNAL,
    }
}

/// The name of a code without its prefix.
pub(super) fn name_of(status: spatio_status) -> &'static std::ffi::CStr {
    match status {
        SPATIO_OK => c"OK",
        SPATIO_INVALID_ARGUMENT => c"INVALID_ARGUMENT",
        SPATIO_NULL_POINTER => c"NULL_POINTER",
        SPATIO_OUT_OF_RANGE => c"OUT_OF_RANGE",
        SPATIO_BUFFER_TOO_SMALL => c"BUFFER_TOO_SMALL",
        SPATIO_NOT_FOUND => c"NOT_FOUND",
        SPATIO_ALREADY_EXISTS => c"ALREADY_EXISTS",
        SPATIO_CLOSED => c"CLOSED",
        SPATIO_LOCKED => c"LOCKED",
        SPATIO_UNSUPPORTED => c"UNSUPPORTED",
        SPATIO_CANCELLED => c"CANCELLED",
        SPATIO_LIMIT_EXCEEDED => c"LIMIT_EXCEEDED",
        SPATIO_READ_ONLY => c"READ_ONLY",
        SPATIO_INVALID_UTF8 => c"INVALID_UTF8",
        SPATIO_IO => c"IO",
        SPATIO_CORRUPT => c"CORRUPT",
        SPATIO_FORMAT_VERSION => c"FORMAT_VERSION",
        SPATIO_NO_SPACE => c"NO_SPACE",
        SPATIO_POISONED => c"POISONED",
        SPATIO_OUT_OF_MEMORY => c"OUT_OF_MEMORY",
        SPATIO_INTERNAL => c"INTERNAL",
        SPATIO_PANIC => c"PANIC",
        _ => c"UNKNOWN",
    }
}
