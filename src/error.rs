//! The one error type: what failed, doing what, to which argument or file, with which value.
//!
//! Owns the error kinds, which map one to one to the status codes of the C ABI. Does not own any
//! decision about recovery: a caller reads [`Error::kind`] and decides.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The result of every fallible call of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// What class of thing went wrong; stable, and the same in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument has a wrong form: an empty id, a polygon with two points, an inverted box.
    InvalidArgument,
    /// A number is outside of what it may be: NaN, a latitude beyond 90, a negative radius.
    OutOfRange,
    /// A namespace, object or file that was named does not exist.
    NotFound,
    /// A thing to be created exists already with other settings.
    AlreadyExists,
    /// The database was closed.
    Closed,
    /// Another process, or another handle of this one, has the database open for writing.
    Locked,
    /// The operation is not offered for this kind of space or in this mode.
    Unsupported,
    /// The caller cancelled the operation.
    Cancelled,
    /// A size is beyond a documented limit: a payload, an id, the number of namespaces.
    LimitExceeded,
    /// The database was opened for reading only.
    ReadOnly,
    /// The operating system refused a read or a write.
    Io,
    /// The disk, or the quota, is full; acknowledged data is intact and writing goes on when
    /// there is room.
    NoSpace,
    /// Stored bytes are not what was written.
    Corrupt,
    /// The files were written by a newer version of the format.
    FormatVersion,
    /// An earlier fsync failed: writes are refused until the database is opened again.
    Poisoned,
    /// A bug in this library.
    Internal,
}

impl ErrorKind {
    /// Every kind, in a fixed order, for tables and tests.
    pub const ALL: [ErrorKind; 16] = [
        ErrorKind::InvalidArgument,
        ErrorKind::OutOfRange,
        ErrorKind::NotFound,
        ErrorKind::AlreadyExists,
        ErrorKind::Closed,
        ErrorKind::Locked,
        ErrorKind::Unsupported,
        ErrorKind::Cancelled,
        ErrorKind::LimitExceeded,
        ErrorKind::ReadOnly,
        ErrorKind::Io,
        ErrorKind::NoSpace,
        ErrorKind::Corrupt,
        ErrorKind::FormatVersion,
        ErrorKind::Poisoned,
        ErrorKind::Internal,
    ];
}

/// An error: its kind, the operation, and what the message needs to be acted upon.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: &'static str,
    message: String,
    path: Option<PathBuf>,
    offset: Option<u64>,
    row: Option<usize>,
    source: Option<io::Error>,
}

impl Error {
    /// An error of `kind`, met while doing `operation`; `message` names the argument and value.
    pub fn new(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        Error(Box::new(Inner {
            kind,
            operation,
            message: message.into(),
            path: None,
            offset: None,
            row: None,
            source: None,
        }))
    }

    /// An argument of a wrong form.
    pub fn invalid(operation: &'static str, message: impl Into<String>) -> Self {
        Error::new(ErrorKind::InvalidArgument, operation, message)
    }

    /// A number outside of its range.
    pub fn range(operation: &'static str, argument: &str, value: f64, expected: &str) -> Self {
        let message = format!("{argument} is {value:?}, expected {expected}");
        Error::new(ErrorKind::OutOfRange, operation, message)
    }

    /// A failed call to the operating system on `path`; a full disk becomes
    /// [`ErrorKind::NoSpace`].
    pub fn io(operation: &'static str, path: &Path, source: io::Error) -> Self {
        let kind = match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::NoSpace,
            _ => ErrorKind::Io,
        };
        let mut error = Error::new(kind, operation, source.to_string());
        error.0.path = Some(path.to_path_buf());
        error.0.source = Some(source);
        error
    }

    /// Stored bytes at `offset` of `path` that are not what was written.
    pub fn corrupt(
        operation: &'static str,
        path: &Path,
        offset: u64,
        message: impl Into<String>,
    ) -> Self {
        Error::new(ErrorKind::Corrupt, operation, message).at(path, offset)
    }

    /// Names the file and the byte that the error is about.
    #[must_use]
    pub fn at(mut self, path: &Path, offset: u64) -> Self {
        self.0.path = Some(path.to_path_buf());
        self.0.offset = Some(offset);
        self
    }

    /// Names the file that the error is about, where no byte of it is known.
    #[must_use]
    pub fn in_file(mut self, path: &Path) -> Self {
        self.0.path = Some(path.to_path_buf());
        self
    }

    /// Names the row of a batch that the error is about, counted from 0.
    #[must_use]
    pub fn in_row(mut self, row: usize) -> Self {
        self.0.row = Some(row);
        self
    }

    /// Names the public operation that met the error, instead of the inner one.
    #[must_use]
    pub fn during(mut self, operation: &'static str) -> Self {
        self.0.operation = operation;
        self
    }

    /// What class of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The sentence without operation, file and offset.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The file it is about, if any.
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The byte of that file, if known.
    pub fn offset(&self) -> Option<u64> {
        self.0.offset
    }

    /// The row of a batch, counted from 0, if it is about one.
    pub fn row(&self) -> Option<usize> {
        self.0.row
    }

    /// The operating system's number, where there is one.
    pub fn os_error(&self) -> Option<i32> {
        self.0.source.as_ref().and_then(io::Error::raw_os_error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.operation, self.0.message)?;
        if let Some(row) = self.0.row {
            write!(f, " (row {row})")?;
        }
        if let Some(path) = &self.0.path {
            write!(f, " in {}", path.display())?;
        }
        if let Some(offset) = self.0.offset {
            write!(f, " at byte {offset}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({self})", self.0.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_operation_value_file_and_byte() {
        let error = Error::corrupt("open", Path::new("a/1.log"), 17, "bad checksum 0xff");
        assert_eq!(error.to_string(), "open: bad checksum 0xff in a/1.log at byte 17");
        let error = Error::range("upsert", "lat", 91.0, "-90 to 90").in_row(3);
        assert_eq!(error.to_string(), "upsert: lat is 91.0, expected -90 to 90 (row 3)");
    }

    #[test]
    fn a_full_disk_has_a_kind_of_its_own() {
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(Error::io("flush", Path::new("x"), full).kind(), ErrorKind::NoSpace);
    }
}
